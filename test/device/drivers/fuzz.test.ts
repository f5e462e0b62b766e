// Seeded noise into every decoder: bounded memory, linear time, and no reading that is not in the bytes. An eighth of a megabyte
// each in `npm test`, a whole one in `npm run test:long`; ten million guided bytes each are `npm run fuzz`.
import { describe, expect, test } from 'vitest';
import type { DeviceEvent, ProfileOptions } from '../../../device/drivers/driver.ts';
import { profileOf, profiles } from '../../../device/drivers/index.ts';
import { noiseBytes, seeded, valuesOf } from '../byte-tools.ts';
import { thermometersGood, thermometersHold, thermometersLikely, thermometersScan } from './fuzz-thermometers.ts';

const size = 1_048_576 / (process.env.LONG === undefined ? 8 : 1);
/** Longest thing that each decoder may hold: one frame, one line, one number. */
const heldMax: Record<string, number> = {
  ...thermometersHold,
  'gy-mcu90614': 9,
  lu90614: 9,
  line: 256,
  rdm6300: 14,
  'id-12la': 16,
  'em-18': 12,
  'hid-wedge': 40,
  osdp: 513,
  lcus: 0,
  'parallax-28140': 12,
  'em-nochecksum': 14,
  'cn-multi-reader': 10,
  'hex-line': 64,
  'pn532-hsu': 70,
  'hid-evdev': 64,
  wiegand26: 4,
  wiegand34: 5,
  'hw-667': 0,
  'modbus-relay': 13,
  'modbus-relay-r4': 13,
  'modbus-relay-lc': 13,
  'modbus-relay-waveshare': 13,
};

/** One good frame of each, with the byte before it that its format needs to be told from noise. */
const goodOf: Record<string, string> = {
  ...thermometersGood,
  'gy-mcu90614': '5a5a45040c780d19a7',
  lu90614: 'feaa281e00000000ee',
  line: '0a33362e350a',
  rdm6300: '0230313030363345394145323503',
  'id-12la': '023043303030363231413538450d0a03',
  'em-18': '0d343530304335443145394238',
  'parallax-28140': '0a304630313834463037410d',
  'em-nochecksum': '02303130454135384138330d0a03',
  'cn-multi-reader': '020a0206008e6d5db003',
  'hex-line': '0d35363330463030390d',
  'pn532-hsu': '0000ff0cf4d54b010100040804fb0ee20bd800',
  'hid-wedge': '0d303030363534373838360d',
  osdp: 'ff53e51000075000011a002d00a20089fe',
};

/** Noise that likes the bytes frames are made of, with whole, cut and altered frames in it, so that near misses abound. */
function likelyNoise(count: number, seed: number, name: string): Uint8Array {
  const random = seeded(seed);
  const likely = likelyOf[name] ?? [];
  const bytes = noiseBytes(count, random).map((byte) =>
    random() < 0.9 ? (likely[byte % likely.length] ?? byte) : byte,
  );
  const good = Uint8Array.from(Buffer.from(goodOf[name] ?? '', 'hex'));
  for (let at = 0; at < count - 100; at += 20 + Math.floor(random() * 200)) {
    bytes.set(good.subarray(0, random() < 0.3 ? Math.floor(random() * good.length) : good.length), at);
    if (random() < 0.3) bytes[at + Math.floor(random() * good.length)] = Math.floor(random() * 256);
  }
  return bytes;
}

const digits = [...'0123456789ABCDEFabcdef'].map((char) => char.charCodeAt(0));
const likelyOf: Record<string, readonly number[]> = {
  ...thermometersLikely,
  'gy-mcu90614': [0x5a, 0x5a, 0x45, 0x04, 0x0e, 0x09],
  lu90614: [0xfe, 0xaa, 0xac, 0, 0, 0, 0, 0x24],
  line: [...digits.slice(0, 10), 0x2e, 0x0d, 0x0a, 0x0a],
  rdm6300: [0x02, 0x03, 0x30, 0x30, 0x31],
  'id-12la': [0x02, 0x0d, 0x0a, 0x03, 0x30, 0x30, 0x31],
  'em-18': digits,
  'hid-wedge': [...digits, 0x0d],
  osdp: [0xff, 0x53, 0xe5, 0x10, 0x00, 0x07, 0x50],
  'parallax-28140': [0x0a, 0x0d, 0x30, 0x31, 0x41],
  'em-nochecksum': [0x02, 0x0d, 0x0a, 0x03, 0x30, 0x31],
  'cn-multi-reader': [0x02, 0x0a, 0x01, 0x03, 0],
  'hex-line': [...digits, 0x0d],
  'pn532-hsu': [0, 0, 0xff, 2, 0xfe, 0xd5, 0x15],
  'hid-evdev': [0, 0, 0, 0, 1, 2, 28],
  wiegand26: [0x2d, 0, 0xa2, 0x40],
  wiegand34: [0x2b, 0x18, 0x78, 0x04, 0xc0],
  lcus: [0xa0, 1, 2],
  'modbus-relay': [1, 1, 5, 0, 0, 0xff],
  'modbus-relay-r4': [1, 5, 0, 1, 3, 2],
  'modbus-relay-lc': [0xff, 2, 1, 1],
  'modbus-relay-waveshare': [1, 5, 2, 0, 7],
};

function run(name: string, bytes: Uint8Array, pieceBytes: number, options: ProfileOptions = {}) {
  const decoder = profileOf(name).decoder(options);
  const events: DeviceEvent[] = [];
  let heldMost = 0;
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    for (const event of decoder.push(bytes.subarray(at, at + pieceBytes))) events.push(event);
    heldMost = Math.max(heldMost, decoder.held());
  }
  for (const event of decoder.idle()) events.push(event);
  return { events, heldMost, heldAfter: decoder.held() };
}

/** Every value that stands in the bytes, found without any of the code under test: all positions, straight from the data sheets. */
const scans: Record<string, (bytes: Buffer, at: number) => string | null> = {
  ...thermometersScan,
  'gy-mcu90614': (bytes, at) => {
    const frame = bytes.subarray(at, at + 9);
    if (frame.length < 9 || frame.readUInt32BE(0) !== 0x5a5a4504) return null;
    if (frame.subarray(0, 8).reduce((sum, byte) => sum + byte, 0) % 256 !== frame[8]) return null;
    return `${frame.readInt16BE(4)}/${frame.readInt16BE(6)}/null`;
  },
  lu90614: (bytes, at) => {
    const frame = bytes.subarray(at, at + 9);
    if (frame.length < 9 || frame[0] !== 0xfe || frame.readUInt32BE(4) !== 0) return null;
    if (frame.subarray(0, 8).reduce((sum, byte) => sum + byte, 0) % 256 !== frame[8]) return null;
    const value = (frame[2] ?? 0) * 100 + (frame[3] ?? 0);
    return frame[1] === 0xaa ? `${value}/null/null` : frame[1] === 0xac ? `null/null/${value}` : null;
  },
  rdm6300: (bytes, at) => cardIn(bytes.toString('latin1', at, at + 14), /^S([0-9A-Fa-f]{12})Z$/),
  'id-12la': (bytes, at) => cardIn(bytes.toString('latin1', at, at + 16), /^S([0-9A-Fa-f]{12})\r\nZ$/),
  'em-18': (bytes, at) => cardIn(bytes.toString('latin1', at, at + 12), /^([0-9A-Fa-f]{12})$/),
  'parallax-28140': (bytes, at) => bareIn(bytes.toString('latin1', at, at + 12), /^\n([0-9A-Fa-f]{10})\r$/),
  'em-nochecksum': (bytes, at) => bareIn(bytes.toString('latin1', at, at + 14), /^S([0-9A-Fa-f]{10})\r\nZ$/),
  'cn-multi-reader': (bytes, at) => {
    const frame = bytes.subarray(at, at + 10);
    if (frame.length < 10 || frame.readUInt16BE(0) !== 0x020a || frame[9] !== 0x03) return null;
    if (frame[2] !== 1 && frame[2] !== 2) return null;
    return frame.subarray(1, 9).reduce((xor, byte) => xor ^ byte, 0) === 0
      ? frame.toString('hex', 3, 8).toUpperCase()
      : null;
  },
};

function bareIn(text: string, pattern: RegExp): string | null {
  const shown = text.replace(/[SZ]/g, '?').replaceAll('\u0002', 'S').replaceAll('\u0003', 'Z');
  return pattern.exec(shown)?.[1]?.toUpperCase() ?? null;
}

function cardIn(text: string, pattern: RegExp): string | null {
  // STX and ETX as letters that are no hex digits, and the letters as something else.
  const shown = text.replace(/[SZ]/g, '?').replaceAll('\u0002', 'S');
  const hex = pattern.exec(shown.replaceAll('\u0003', 'Z'))?.[1];
  if (!hex) return null;
  const xor = Buffer.from(hex, 'hex').reduce((sum, byte) => sum ^ byte, 0);
  return xor === 0 ? hex.slice(0, 10).toUpperCase() : null;
}

const textOf = (event: DeviceEvent) =>
  event.kind === 'reading'
    ? `${event.objectCenti}/${event.ambientCenti}/${event.bodyCenti}`
    : event.kind === 'tap'
      ? event.uid
      : null;

describe.each([...profiles.keys()])('%s', (name) => {
  const pure = noiseBytes(size, seeded(20_260_101));
  const likely = likelyNoise(size, 42, name);

  test('holds no more than one frame while the noise goes by', () => {
    for (const [bytes, pieceBytes] of [
      [pure, 65_536],
      [likely, 97],
    ] as const) {
      const { heldMost, heldAfter } = run(name, bytes, pieceBytes);
      expect(heldMost).toBeLessThanOrEqual(heldMax[name] ?? -1);
      expect(heldAfter).toBe(0);
    }
  });

  test('gives the same events for any split of the noise', () => {
    const part = likely.subarray(0, 65_536);
    const whole = run(name, part, part.length).events;
    for (const pieceBytes of [1, 3, 1_000]) expect(run(name, part, pieceBytes).events).toEqual(whole);
  });

  test('takes about four times as long for four times the noise', () => {
    const costOf = (bytes: Uint8Array) => {
      const samples = [0, 1].map(() => {
        const before = process.cpuUsage();
        run(name, bytes, 4_096);
        const { user, system } = process.cpuUsage(before);
        return user + system;
      });
      return Math.min(...samples);
    };
    run(name, likely.subarray(0, size / 2), 4_096); // warm
    const small = costOf(likely.subarray(0, size / 8));
    const large = costOf(likely.subarray(0, size / 2));
    // A quadratic decoder would be at 16; the floor keeps a very fast one from being judged by the clock's grain.
    expect(large / Math.max(small, 2_000)).toBeLessThan(10);
  });

  const scan = scans[name];
  if (scan) {
    test('makes no value that does not stand in the bytes, in this order', () => {
      for (const bytes of [pure, likely]) {
        const buffer = Buffer.from(bytes);
        const present: string[] = [];
        for (let at = 0; at < buffer.length; at += 1) {
          const value = scan(buffer, at);
          if (value !== null) present.push(value);
        }
        let from = 0;
        const { events } = run(name, bytes, 4_096);
        const made = events.filter((event) => event.kind === 'reading' || event.kind === 'tap');
        for (const event of made) {
          const at = present.indexOf(textOf(event) ?? '', from);
          expect(at, `made up: ${textOf(event)}`).toBeGreaterThanOrEqual(0);
          from = at + 1;
        }
        if (bytes === likely)
          expect(made.length, 'the noise must hold values to be worth it').toBeGreaterThan(size / 1_000);
        // Frames with a start byte cannot overlap: every one of them must have been found.
        if (name === 'rdm6300' || name === 'id-12la') expect(made.length).toBe(present.length);
      }
    });
  }

  test('makes no value at all of pure noise, and few refusals', () => {
    const { events } = run(name, pure, 4_096);
    expect(valuesOf(events)).toEqual([]);
    // A line or a burst of keys ends each 128 bytes of noise; nothing is refused more often than that.
    expect(events.length).toBeLessThan(size / 100);
  });

  test('still finds a good frame behind the noise', () => {
    const hex = goodOf[name];
    if (!hex) return;
    const decoder = profileOf(name).decoder({});
    decoder.push(pure);
    expect(valuesOf(decoder.push(Uint8Array.from(Buffer.from(hex, 'hex'))))).toHaveLength(1);
  });
});
