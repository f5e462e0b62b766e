// Writes LevelDB logs by the book (doc/log_format.md), fragment by fragment, for the tests of the reader.
import { crc32c, limits, masked } from '../../../device/kiosk/leveldb-log.ts';

export type MadeLog = { bytes: Buffer /** Where each record ends. */; ends: number[] };

/** One record each of these lengths; the payload's bytes count on from the record's number. */
export function makeLog(lengths: readonly number[], before: MadeLog = { bytes: Buffer.alloc(0), ends: [] }): MadeLog {
  const parts: Buffer[] = [before.bytes];
  let at = before.bytes.length;
  const ends = [...before.ends];
  const put = (bytes: Buffer) => {
    parts.push(bytes);
    at += bytes.length;
  };
  for (const [number, length] of lengths.entries()) {
    const payload = Buffer.from(Uint8Array.from({ length }, (_, n) => (number * 31 + n) & 255));
    let from = 0;
    let begins = true;
    for (let isLast = false; !isLast; ) {
      const left = limits.blockBytes - (at % limits.blockBytes);
      if (left < limits.headerBytes) {
        put(Buffer.alloc(left));
        continue;
      }
      // With seven bytes left the first fragment is empty.
      const piece = payload.subarray(from, from + left - limits.headerBytes);
      from += piece.length;
      isLast = from === payload.length;
      put(fragment(begins && isLast ? 1 : begins ? 2 : isLast ? 4 : 3, piece));
      begins = false;
    }
    ends.push(at);
  }
  return { bytes: Buffer.concat(parts), ends };
}

export function fragment(kind: number, payload: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from([kind]), payload]);
  const header = Buffer.alloc(6);
  header.writeUInt32LE(masked(crc32c(body)), 0);
  header.writeUInt16LE(payload.length, 4);
  return Buffer.concat([header, body]);
}
