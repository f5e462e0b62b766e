// Reads lines of a segment file in order with bounded memory. Called by the journal at its start and when entries are taken back.
import type { DiskFile } from './disk.ts';
import { limits as lineLimits } from './journal-line.ts';

export const limits = { chunkBytes: 1_048_576 } as const;

/** A line without its LF, where it begins, and whether its LF was there (false only for the last piece of a file). */
export type ScannedLine = { line: Buffer; offset: number; complete: boolean };

/**
 * Calls `each` for every line from `offset` to the end of the file; `each` answers false to stop. The buffer is only valid
 * inside the call. A piece longer than any line is handed over in parts that are not complete, so memory stays bounded.
 */
export async function scanLines(
  file: DiskFile,
  offset: number,
  each: (scanned: ScannedLine) => boolean,
  chunkBytes: number = limits.chunkBytes,
): Promise<void> {
  const buffer = Buffer.allocUnsafe(chunkBytes + lineLimits.lineBytes);
  let held = 0;
  let heldAt = offset;
  for (;;) {
    const { bytesRead } = await file.read(buffer, held, chunkBytes, heldAt + held);
    if (bytesRead === 0) break;
    const end = held + bytesRead;
    let from = 0;
    for (let lf = buffer.indexOf(0x0a, held); lf !== -1 && lf < end; lf = buffer.indexOf(0x0a, from)) {
      if (!each({ line: buffer.subarray(from, lf), offset: heldAt + from, complete: true })) return;
      from = lf + 1;
    }
    if (end - from > lineLimits.lineBytes) {
      if (!each({ line: buffer.subarray(from, end), offset: heldAt + from, complete: false })) return;
      from = end;
    }
    buffer.copy(buffer, 0, from, end);
    held = end - from;
    heldAt += from;
  }
  if (held > 0) each({ line: buffer.subarray(0, held), offset: heldAt, complete: false });
}
