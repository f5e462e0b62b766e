// Where a torn LevelDB log is cut: behind its last sound record, wherever the tear is, and nowhere else.
import { expect, it } from 'vitest';
import { crc32c, createLogScan, limits, masked } from '../../../device/kiosk/leveldb-log.ts';
import { fragment, type MadeLog, makeLog } from './made-log.ts';

const block = limits.blockBytes;

function read(bytes: Uint8Array) {
  const scan = createLogScan();
  for (let at = 0; at < bytes.length; at += block) scan.take(bytes.subarray(at, at + block));
  return scan.verdict();
}

/** The end of the last record that lies wholly before `length`. */
const endBefore = (log: MadeLog, length: number) => log.ends.filter((end) => end <= length).at(-1) ?? 0;

/** Padding that a whole block ends with belongs to the record before it. */
const cutOf = (log: MadeLog, length: number) => {
  const end = endBefore(log, length);
  const toBlock = block - (end % block);
  return end > 0 && toBlock < limits.headerBytes && length >= end + toBlock ? end + toBlock : end;
};

it('knows CRC-32C and its mask', () => {
  // RFC 3720, B.4, and LevelDB's crc32c_test.
  expect(crc32c(Buffer.alloc(32)).toString(16)).toBe('8a9136aa');
  expect(crc32c(Buffer.alloc(32, 0xff)).toString(16)).toBe('62a8ab43');
  expect(crc32c(Buffer.from('123456789')).toString(16)).toBe('e3069283');
  expect(masked(crc32c(Buffer.from('foo')))).not.toBe(crc32c(Buffer.from('foo')));
});

it('finds every record of an empty, a small and a long log', () => {
  expect(read(Buffer.alloc(0))).toEqual({ size: 0, soundEnd: 0, records: 0, damagedBlocks: 0 });
  const log = makeLog([0, 1, 40_000, block - 3 * 7, 5, 3 * block, 12]);
  expect(read(log.bytes)).toEqual({ size: log.bytes.length, soundEnd: log.bytes.length, records: 7, damagedBlocks: 0 });
});

it('cuts a small log behind its last whole record, torn at any byte', () => {
  const log = makeLog([0, 1, 7, 20, 300, 64]);
  for (let length = 0; length <= log.bytes.length; length++)
    expect([length, read(log.bytes.subarray(0, length)).soundEnd]).toEqual([length, endBefore(log, length)]);
});

// Blocks that end exactly with a record, with 1 to 6 bytes of padding, with a header alone, and records over three blocks.
it.each([
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8].map((left) => [block - left - 7, 30, 100]),
  [40_000, 20],
  [100, 2 * block + 100, 9],
])('cuts a long log (%i, %i, ...), torn at any byte near a block or a record', (...lengths) => {
  const log = makeLog(lengths);
  const near = new Set<number>();
  for (const edge of [...log.ends, ...Array.from({ length: 4 }, (_, n) => n * block)])
    for (let by = -20; by <= 20; by++) if (edge + by >= 0 && edge + by <= log.bytes.length) near.add(edge + by);
  for (const length of near) {
    const torn = read(log.bytes.subarray(0, length));
    expect([length, torn.soundEnd, torn.damagedBlocks]).toEqual([length, cutOf(log, length), 0]);
  }
});

it('cuts behind the last whole record when the tail is zeros, as a power cut leaves it, or garbage', () => {
  const log = makeLog([50, 60, 70]);
  const end = log.bytes.length;
  for (const tail of [Buffer.alloc(5), Buffer.alloc(4_096), Buffer.alloc(2 * block), Buffer.alloc(999, 0xa5)]) {
    const torn = read(Buffer.concat([log.bytes, tail]));
    expect([torn.soundEnd, torn.records, torn.damagedBlocks]).toEqual([end, 3, 0]);
  }
});

it('cuts the last record when any bit of it is wrong', () => {
  const log = makeLog([50, 60, 70]);
  const from = log.ends[1] ?? 0;
  for (let at = from; at < log.bytes.length; at++) {
    const bytes = Buffer.from(log.bytes);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
    expect([at, read(bytes).soundEnd]).toEqual([at, from]);
  }
});

it('never cuts sound records behind damage in the middle, and says so', () => {
  const log = makeLog([50, block, 60, block, 70]);
  const bytes = Buffer.from(log.bytes);
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  const verdict = read(bytes);
  expect([verdict.soundEnd, verdict.damagedBlocks > 0]).toEqual([bytes.length, true]);
  const torn = read(bytes.subarray(0, bytes.length - 3));
  expect([torn.soundEnd, torn.damagedBlocks > 0]).toEqual([log.ends[3], true]);
});

it('takes a record that was begun, torn and written over by a later start for damage, not for a tail', () => {
  const begun = Buffer.concat([makeLog([50]).bytes, fragment(2, Buffer.alloc(10)), fragment(1, Buffer.alloc(20))]);
  expect(read(begun)).toEqual({ size: begun.length, soundEnd: begun.length, records: 2, damagedBlocks: 1 });
  const open = Buffer.concat([makeLog([50]).bytes, fragment(2, Buffer.alloc(10)), fragment(3, Buffer.alloc(20))]);
  expect(read(open)).toEqual({ size: open.length, soundEnd: 57, records: 1, damagedBlocks: 0 });
});

it('refuses blocks that do not follow', () => {
  const scan = createLogScan();
  scan.take(Buffer.alloc(10));
  expect(() => scan.take(Buffer.alloc(10))).toThrow(RangeError);
});
