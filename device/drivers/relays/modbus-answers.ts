// Answers of Modbus RTU relay and input boards as events. Called by the profiles of such boards.
import { createFramer, type Judgement } from '../../framer.ts';
import type { Decoder, DeviceEvent } from '../driver.ts';
import { crcBytes, endsInCrc16Modbus } from '../modbus-crc.ts';

/** `bytes`: coils or inputs come 8 to the byte; no relay board known has more than 64 of either. */
export const limits = { bytes: 8 } as const;

const fixedBytes = 8;
const exceptionBytes = 5;
const more: Judgement = { is: 'more' };
const noise: Judgement = { is: 'bad', reason: 'noise', span: 1 };

/** Function codes that boards answer. */
const code = { coils: 0x01, inputs: 0x02, registers: 0x03, coil: 0x05, register: 0x06, someCoils: 0x0f } as const;

export type AnswerRules = {
  /** The board's address, 1 to 255. */
  address: number;
  /** What the answer to `05` means: coil address and value from the wire; null when this board cannot have said it. */
  coil(coil: number, value: number): DeviceEvent | null;
  /** The one register that is asked for (`03`) or set (`06`), and what it means from which address; null = cannot be. */
  register?: { at: number; read(from: number, value: number): DeviceEvent | null };
};

/** Frames from any address but the board's own are noise, except register answers: there the address itself is asked for. */
export function modbusAnswers(rules: AnswerRules): Decoder {
  return createFramer({
    frameBytesMax: Math.max(fixedBytes, 3 + limits.bytes + crcBytes),
    slackBytes: 0,
    judge: (bytes) => judge(bytes, rules),
  });
}

function judge(bytes: Uint8Array, rules: AnswerRules): Judgement {
  const [address = 0, fn] = bytes;
  const isOwn = address === rules.address;
  if (!isOwn && !rules.register) return noise;
  if (fn === undefined) return more;
  if (!isOwn && fn !== code.register && fn !== code.registers) return noise;
  const length = lengthOf(bytes, fn, rules);
  if (length === null) return noise;
  if (length === 'more' || bytes.length < length) return more;
  const frame = bytes.subarray(0, length);
  if (!endsInCrc16Modbus(frame)) return { is: 'bad', reason: 'checksum', span: length };
  const event = eventOf(frame, fn, rules);
  return event ? { is: 'frame', length, event } : { is: 'bad', reason: 'foreign', span: length };
}

function lengthOf(bytes: Uint8Array, fn: number, rules: AnswerRules): number | 'more' | null {
  if (fn === code.coil || fn === code.someCoils) return fixedBytes;
  if (fn === code.register) {
    const [, , highByte, lowByte] = bytes;
    if (!rules.register || (highByte !== undefined && highByte !== rules.register.at >>> 8)) return null;
    return lowByte !== undefined && lowByte !== (rules.register.at & 0xff) ? null : fixedBytes;
  }
  if (fn >= 0x81 && fn <= 0x90) return exceptionBytes;
  if (fn !== code.coils && fn !== code.inputs && !(fn === code.registers && rules.register)) return null;
  const count = bytes[2];
  if (count === undefined) return 'more';
  const isWhole = fn === code.registers ? count === 2 : count > 0 && count <= limits.bytes;
  return isWhole ? 3 + count + crcBytes : null;
}

function eventOf(frame: Uint8Array, fn: number, rules: AnswerRules): DeviceEvent | null {
  const word = (at: number) => (frame[at] ?? 0) * 256 + (frame[at + 1] ?? 0);
  const from = frame[0] ?? 0;
  if (fn === code.registers) return rules.register?.read(from, word(3)) ?? null;
  if (fn === code.register) return rules.register?.read(from, word(4)) ?? null;
  if (fn > 0x80) return { kind: 'rejected', reason: `exception-${frame[2] ?? 0}`, alive: true };
  if (fn === code.coil) return rules.coil(word(2), word(4));
  if (fn === code.someCoils) return { kind: 'ack', says: { firstCoil: word(2), coils: word(4) } };
  const bits = bitsOf(frame.subarray(3, -crcBytes));
  return fn === code.coils
    ? { kind: 'inputs', says: { coils: bits } }
    : { kind: 'inputs', says: { inputs: bits.flatMap((bit, at) => (bit === 1 ? [at + 1] : [])) } };
}

/** Lowest bit first, as Modbus has them. */
const bitsOf = (bytes: Uint8Array): number[] =>
  [...bytes].flatMap((byte) => Array.from({ length: 8 }, (_unused, bit) => (byte >> bit) & 1));
