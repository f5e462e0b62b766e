// One answer of a Modbus RTU head: where it ends, whether its check is right, and whether it answers what was asked. An answer does
// not tell which registers it holds, so that is part of the question. Called by the modbus-infrared drivers.
import type { Judgement } from '../../framer.ts';
import { crcBytes, endsInCrc16Modbus } from '../modbus-crc.ts';
import { eventOfRegisters, type RegisterMap, type Which } from './modbus-registers.ts';

/** Average to status are seven registers; more is never asked for. */
const registers = 8;
export const limits = { registers, frameBytes: 3 + 2 * registers + crcBytes } as const;

export type Question = {
  /** 255 is answered by whichever head there is. */
  slave: number;
  /** Null = either reading function. */
  fc: number | null;
  address: number;
  /** Null = as many as come. */
  count: number | null;
  map: RegisterMap;
  value: Which;
};

const writeFunction = 0x06;
const writeBytes = 8;
const exceptionBytes = 5;
const more: Judgement = { is: 'more' };
const noise: Judgement = { is: 'bad', reason: 'noise', span: 1 };
const isReading = (fc: number) => fc === 3 || fc === 4;

export function judgeAnswer(bytes: Uint8Array, question: Question): Judgement {
  const [slave = 0, fc, third] = bytes;
  if (slave === 0 || (question.slave !== 255 && slave !== question.slave)) return noise;
  if (fc === undefined) return more;
  const plain = fc & 0x7f;
  if (!isReading(plain) && fc !== writeFunction) return noise;
  if (question.fc !== null && isReading(plain) && plain !== question.fc) return noise;
  if (third === undefined) return more;
  if (fc === writeFunction) return closed(bytes, writeBytes, acknowledged);
  if (fc !== plain) {
    // Codes 1 to 8: illegal function, register, value, failure, ...
    if (third < 1 || third > 8) return noise;
    return closed(bytes, exceptionBytes, () => ({ kind: 'rejected', reason: 'exception' }));
  }
  const count = third / 2;
  const isExpected = question.count === null ? count >= 1 && count <= limits.registers : count === question.count;
  if (!Number.isInteger(count) || !isExpected) return noise;
  return closed(bytes, 3 + third + crcBytes, (frame) => {
    const view = new DataView(frame.buffer, frame.byteOffset + 3, third);
    const values = Array.from({ length: count }, (_, at) => view.getUint16(2 * at));
    return eventOfRegisters(values, question.address, question.map, question.value);
  });
}

type Meaning = (frame: Uint8Array) => Extract<Judgement, { is: 'frame' }>['event'];

function closed(bytes: Uint8Array, length: number, meaning: Meaning): Judgement {
  if (bytes.length < length) return more;
  const frame = bytes.subarray(0, length);
  if (!endsInCrc16Modbus(frame)) return { is: 'bad', reason: 'checksum', span: length };
  return { is: 'frame', length, event: meaning(frame) };
}

function acknowledged(frame: Uint8Array): ReturnType<Meaning> {
  const view = new DataView(frame.buffer, frame.byteOffset, writeBytes);
  return { kind: 'ack', says: { addr: view.getUint16(2), value: view.getUint16(4) } };
}
