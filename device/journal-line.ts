// One line of the journal: CRC-32 in 8 hex digits, a space, the envelope as JSON with its members in one fixed order, LF.
// Called by the journal when it appends, scans and reads.
import { crc32 } from 'node:zlib';
import { envelope as envelopeSchema } from '../src/contracts/entry.ts';
import type { Envelope } from '../src/domain/entry.ts';

/** Bytes of the longest line: 64 KiB of entry text, each character escaped at worst as six bytes, and the envelope. */
export const limits = { lineBytes: 6 * 65_536 + 512 } as const;

const lf = 0x0a;

/** The line of an envelope, LF included. */
export function lineOf(envelope: Envelope): Buffer {
  const { entryId, writerId, seq, hash, bytes } = envelope;
  const json = Buffer.from(JSON.stringify({ entryId, writerId, seq, hash, bytes }));
  const line = Buffer.allocUnsafe(json.length + 10);
  line.write(crcHex(json), 0, 'latin1');
  line[8] = 0x20;
  json.copy(line, 9);
  line[line.length - 1] = lf;
  return line;
}

/** What the start needs of a line, read at fixed places without parsing its JSON. */
export type LineMarks = { writerId: string; seq: number; hash: string; process: boolean };

// {"entryId":"<36>","writerId":"<36>","seq":N,"hash":"<64>","bytes":"...
const writerAt = 9 + '{"entryId":"'.length + 36 + '","writerId":"'.length;
const seqAt = writerAt + 36 + '","seq":'.length;
const hashGap = ',"hash":"'.length;
const processMark = Buffer.from('\\"cause\\":\\"process\\"');

/** Marks of a line (without its LF), or null when its checksum or its layout does not hold. */
export function marksOf(line: Buffer): LineMarks | null {
  if (line.length < seqAt + 80 || line[8] !== 0x20) return null;
  if (line.toString('latin1', 0, 8) !== crcHex(line.subarray(9))) return null;
  let seq = 0;
  let at = seqAt;
  for (; at < line.length; at++) {
    const digit = (line[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) break;
    seq = seq * 10 + digit;
  }
  if (at === seqAt || !Number.isSafeInteger(seq) || seq < 1) return null;
  const writerId = line.toString('latin1', writerAt, writerAt + 36);
  const hash = line.toString('latin1', at + hashGap, at + hashGap + 64);
  return { writerId, seq, hash, process: seq === 1 && line.includes(processMark) };
}

/** Whether the line stands under this writer, before anything else of it is looked at. */
export function isOfWriter(line: Buffer, writerId: string): boolean {
  return line.toString('latin1', writerAt, writerAt + 36) === writerId;
}

/** The envelope of a line (without its LF), or null when the checksum or the schema does not hold. */
export function envelopeOf(line: Buffer): Envelope | null {
  if (line.length < 10 || line.toString('latin1', 0, 8) !== crcHex(line.subarray(9))) return null;
  let value: unknown;
  try {
    value = JSON.parse(line.toString('utf8', 9));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const parsed = envelopeSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

function crcHex(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}
