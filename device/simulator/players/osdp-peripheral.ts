// An OSDP peripheral over bytes: written from the public facts of the protocol alone, with no code of the control unit it talks to
// (a test holds that it imports nothing but node:crypto). Faults are switches. Called by play and by the tests of the OSDP line.
import { createCipheriv, createDecipheriv } from 'node:crypto';

export type OsdpPeripheral = {
  /** Bytes from the line; answers go to `write`, if there are any. */
  take(bytes: Uint8Array): void;
  /** Inputs as they stand, first = input 1; told when asked for. `contact` also tells at the next poll. */
  inputs: boolean[];
  contact(input: number, isClosed: boolean): void;
  /** Told at the next poll. */
  card(reader: number, format: number, bits: number, data: readonly number[]): void;
  keys(reader: number, keys: string): void;
  /** What the peripheral was told to do, newest last: 'led ...', 'buzzer ...', 'text ...', 'output ...' as hex of the data. */
  done: { what: string; dataHex: string; wasSecure: boolean }[];
  /** Output 0 by the peripheral's own clock: until when it is on, in ms of `now`. */
  outputUntilMs: number | null;
  /** Frames addressed to us, whole and sound. */
  heard: number;
  isSecure(): boolean;
  faults: {
    /** The next so many replies have a wrong CRC. */
    wrongCrc: number;
    /** The next so many replies are not sent at all. */
    silent: number;
    /** The next so many replies carry another sequence number. */
    wrongSequence: number;
    /** The next so many sealed replies have a wrong MAC. */
    wrongMac: number;
    /** The next so many commands are answered BUSY. */
    busy: number;
    /** Refuses the key. */
    otherKey: boolean;
    /** Knows no command for outputs. */
    noOutput: boolean;
  };
  /** Power off and on: number, session and events are forgotten. */
  reboot(): void;
};

export type PeripheralOptions = {
  address: number;
  scbk?: Uint8Array;
  now(): number;
  write(bytes: Uint8Array): void;
};

const SOM = 0x53;

/** Bit by bit, as in the standard's text. */
function crcOf(bytes: readonly number[]): number {
  let crc = 0x1d0f;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let i = 0; i < 8; i += 1) crc = (crc & 0x8000) !== 0 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

const cbc = (key: Buffer, iv: Buffer, data: Buffer): Buffer => {
  const cipher = createCipheriv('aes-128-cbc', key, iv).setAutoPadding(false);
  return Buffer.concat([cipher.update(data), cipher.final()]);
};
const uncbc = (key: Buffer, iv: Buffer, data: Buffer): Buffer => {
  const cipher = createDecipheriv('aes-128-cbc', key, iv).setAutoPadding(false);
  return Buffer.concat([cipher.update(data), cipher.final()]);
};
const zero = Buffer.alloc(16);
const block = (key: Buffer, data: Buffer) => cbc(key, zero, data);
const not = (bytes: Buffer) => Buffer.from(bytes.map((byte) => ~byte & 0xff));

type Keys = { enc: Buffer; mac1: Buffer; mac2: Buffer };

export function createOsdpPeripheral(options: PeripheralOptions): OsdpPeripheral {
  const scbk = Buffer.from(options.scbk ?? Buffer.from('0123456789:;<=>?'));
  let buffer: number[] = [];
  let lastSequence = -1;
  let lastCommand = '';
  let lastReply: Uint8Array | null = null;
  let events: number[][] = [];
  let keys: Keys | null = null;
  let rndA: Buffer = zero;
  let rndB: Buffer = zero;
  let isSecure = false;
  let rmac: Buffer = zero;
  let cmac: Buffer = zero;
  let sessions = 0;

  const macFor = (before: Buffer, body: readonly number[]): Buffer => {
    if (keys === null) throw new Error('no session keys');
    let data = Buffer.from(body);
    if (data.length % 16 !== 0)
      data = Buffer.concat([data, Buffer.from([0x80]), Buffer.alloc(15 - (data.length % 16))]);
    let iv = before;
    if (data.length > 16) iv = cbc(keys.mac1, before, data.subarray(0, -16)).subarray(-16);
    return cbc(keys.mac2, iv, data.subarray(-16));
  };

  /** The frame of a reply; `scb` for the handshake. */
  const reply = (sequence: number, code: number, data: readonly number[], scb: readonly number[] = []): Uint8Array => {
    let payload = [...data];
    let security = [...scb];
    const sealed = isSecure && scb.length === 0 && keys !== null;
    if (sealed && keys !== null) {
      security = [2, data.length > 0 ? 0x18 : 0x16];
      if (data.length > 0) {
        const clear = Buffer.concat([Buffer.from(data), Buffer.from([0x80])]);
        const whole = Buffer.concat([clear, Buffer.alloc((16 - (clear.length % 16)) % 16)]);
        payload = [...cbc(keys.enc, not(cmac), whole)];
      }
    }
    const total = 5 + security.length + 1 + payload.length + (sealed ? 4 : 0) + 2;
    const control = sequence | 0x04 | (security.length > 0 ? 0x08 : 0);
    const body = [SOM, options.address | 0x80, total % 256, total >> 8, control, ...security, code, ...payload];
    if (sealed) {
      rmac = macFor(cmac, body);
      body.push(...rmac.subarray(0, 4));
      if (peripheral.faults.wrongMac > 0) {
        peripheral.faults.wrongMac -= 1;
        body[body.length - 1] = (body.at(-1) ?? 0) ^ 1;
      }
    }
    const crc = crcOf(body);
    return Uint8Array.from([0xff, ...body, crc & 0xff, crc >> 8]);
  };

  const send = (bytes: Uint8Array) => {
    const { faults } = peripheral;
    const out = Uint8Array.from(bytes);
    if (faults.silent > 0) {
      faults.silent -= 1;
      return;
    }
    if (faults.wrongCrc > 0) {
      faults.wrongCrc -= 1;
      out[out.length - 1] = (out.at(-1) ?? 0) ^ 0xff;
    }
    if (faults.wrongSequence > 0) {
      faults.wrongSequence -= 1;
      out[5] = (out[5] ?? 0) ^ 0x03;
      const crc = crcOf([...out.subarray(1, -2)]);
      out[out.length - 2] = crc & 0xff;
      out[out.length - 1] = crc >> 8;
    }
    options.write(out);
  };

  const act = (what: string, data: readonly number[]) => {
    peripheral.done.push({ what, dataHex: Buffer.from(data).toString('hex'), wasSecure: isSecure });
  };

  /** Code and data of the answer; a third part is a security block. */
  const answer = (code: number, data: readonly number[], scb: readonly number[]): [number, number[], number[]?] => {
    const short = (count: number): [number, number[]] | null => (data.length < count ? [0x41, [0x02]] : null);
    const needs: Record<number, number> = { 104: 4, 105: 14, 106: 5, 107: 6 };
    const refusal = short(needs[code] ?? 0);
    if (refusal) return refusal;
    switch (code) {
      case 0x60: {
        const event = events.shift();
        return event ? [event[0] ?? 0, event.slice(1)] : [0x40, []];
      }
      case 0x61:
        return [0x45, [0x69, 0x7a, 0x00, 1, 2, 4, 3, 2, 1, 9, 8, options.address]];
      case 0x62:
        return [0x46, [4, 1, 1, 5, 1, 1, 6, 1, 1, 2, 1, 2, 9, 1, 0]];
      case 0x65:
        return peripheral.inputs.length === 0 ? [0x41, [0x03]] : [0x49, peripheral.inputs.map(Number)];
      case 0x68:
        if (peripheral.faults.noOutput) return [0x41, [0x03]];
        act('output', data);
        // Control 5: on, and off again by our own clock; the timer counts 100 ms.
        if (data[1] === 5) peripheral.outputUntilMs = options.now() + ((data[2] ?? 0) + (data[3] ?? 0) * 256) * 100;
        else peripheral.outputUntilMs = data[1] === 2 ? Number.POSITIVE_INFINITY : null;
        return [0x40, []];
      case 0x69:
        act('led', data);
        return [0x40, []];
      case 0x6a:
        act('buzzer', data);
        return [0x40, []];
      case 0x6b:
        if (data.length !== 6 + (data[5] ?? 0)) return [0x41, [0x02]];
        act('text', data);
        return [0x40, []];
      case 0x76: {
        if (scb[1] !== 0x11 || data.length !== 8) return [0x41, [0x05]];
        const key = scb[2] === 0 ? Buffer.from('0123456789:;<=>?') : scbk;
        const used = peripheral.faults.otherKey ? Buffer.alloc(16, 0xee) : key;
        rndA = Buffer.from(data);
        sessions += 1;
        rndB = Buffer.from([7, sessions, 1, 2, 3, 4, 5, options.address]);
        const derived = (a: number, b: number) =>
          block(used, Buffer.concat([Buffer.from([a, b]), rndA.subarray(0, 6), Buffer.alloc(8)]));
        keys = { enc: derived(1, 0x82), mac1: derived(1, 1), mac2: derived(1, 2) };
        isSecure = false;
        const cryptogram = block(keys.enc, Buffer.concat([rndA, rndB]));
        const cuid = [0x69, 0x7a, 0, 1, 4, 3, 2, options.address];
        return [0x76, [...cuid, ...rndB, ...cryptogram], [3, 0x12, scb[2] ?? 0]];
      }
      case 0x77: {
        if (keys === null || scb[1] !== 0x13) return [0x41, [0x05]];
        const expected = block(keys.enc, Buffer.concat([rndB, rndA]));
        if (!expected.equals(Buffer.from(data))) return [0x41, [0x06]];
        rmac = block(keys.mac2, block(keys.mac1, expected));
        // Begins behind this very reply.
        return [0x78, [...rmac], [3, 0x14, 1]];
      }
      default:
        return [0x41, [0x03]];
    }
  };

  const handle = (frame: readonly number[]) => {
    const crc = crcOf(frame.slice(0, -2));
    if (frame.at(-2) !== (crc & 0xff) || frame.at(-1) !== crc >> 8) return;
    if (frame[1] !== options.address && frame[1] !== 0x7f) return;
    peripheral.heard += 1;
    const control = frame[4] ?? 0;
    const sequence = control & 3;
    const text = Buffer.from(frame).toString('hex');
    if (sequence === 0) {
      lastSequence = -1;
      isSecure = false;
    } else if (sequence === lastSequence && text === lastCommand && lastReply) {
      // The same again: the same reply, and nothing is done twice.
      return send(lastReply);
    } else if (sequence !== (lastSequence % 3) + 1 || lastSequence === -1) {
      return send(reply(sequence, 0x41, [0x04]));
    }
    if (peripheral.faults.busy > 0) {
      peripheral.faults.busy -= 1;
      const wasSecure = isSecure;
      isSecure = false;
      send(reply(0, 0x79, []));
      isSecure = wasSecure;
      return;
    }
    const scb = (control & 0x08) !== 0 ? frame.slice(5, 5 + (frame[5] ?? 0)) : [];
    const isSealed = (scb[1] ?? 0) >= 0x15;
    let end = frame.length - 2;
    lastSequence = sequence;
    lastCommand = text;
    if (isSealed !== isSecure) {
      isSecure = false;
      lastReply = reply(sequence, 0x41, [0x06]);
      return send(lastReply);
    }
    let data = frame.slice(5 + scb.length + 1, end);
    if (isSealed && keys !== null) {
      end -= 4;
      cmac = macFor(rmac, frame.slice(0, end));
      if (!cmac.subarray(0, 4).equals(Buffer.from(frame.slice(end, end + 4)))) {
        isSecure = false;
        lastReply = reply(sequence, 0x41, [0x06]);
        return send(lastReply);
      }
      data = frame.slice(5 + scb.length + 1, end);
      if (scb[1] === 0x17) {
        const clear = uncbc(keys.enc, not(rmac), Buffer.from(data));
        data = [...clear.subarray(0, clear.lastIndexOf(0x80))];
      }
    }
    const [code, out, block] = answer(frame[5 + scb.length] ?? 0, data, scb);
    lastReply = reply(sequence, code, out, block ?? []);
    if (code === 0x78) isSecure = true;
    send(lastReply);
  };

  const peripheral: OsdpPeripheral = {
    take(bytes) {
      buffer.push(...bytes);
      for (;;) {
        const at = buffer.indexOf(SOM);
        if (at < 0) {
          buffer = [];
          return;
        }
        buffer = buffer.slice(at);
        const total = (buffer[2] ?? 0) + (buffer[3] ?? 0) * 256;
        if (buffer.length < 5) return;
        if (total < 7 || total > 512) {
          buffer = buffer.slice(1);
          continue;
        }
        if (buffer.length < total) return;
        handle(buffer.slice(0, total));
        buffer = buffer.slice(total);
      }
    },
    inputs: [],
    contact: (input, isClosed) => {
      peripheral.inputs[input - 1] = isClosed;
      events.push([0x49, ...peripheral.inputs.map(Number)]);
    },
    card: (reader, format, bits, data) => void events.push([0x50, reader, format, bits % 256, bits >> 8, ...data]),
    keys: (reader, text) =>
      void events.push([0x53, reader, text.length, ...[...text].map((char) => char.charCodeAt(0))]),
    done: [],
    outputUntilMs: null,
    heard: 0,
    isSecure: () => isSecure,
    faults: { wrongCrc: 0, silent: 0, wrongSequence: 0, wrongMac: 0, busy: 0, otherKey: false, noOutput: false },
    reboot() {
      buffer = [];
      lastSequence = -1;
      lastReply = null;
      events = [];
      keys = null;
      isSecure = false;
    },
  };
  return peripheral;
}
