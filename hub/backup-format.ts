// The layout of a backup file: gzip over lines of JSON, between which stand the rows of one table after the other as COPY
// writes them. Called by backup.ts and restore.ts; docs/operations.md tells it to people.
import type { Readable } from 'node:stream';
import * as z from 'zod/mini';
import { count, int, ms, name } from '../src/contracts/kit.ts';

export const limits = {
  /** A line of COPY: 64 KiB of entry text, escaped, as bytea in hex, and the columns beside it. */
  lineBytes: 8 * 1_048_576,
  chunkBytes: 65_536,
} as const;

export const formatVersion = 1;

/** First line. `migrations`: what the database had run, so that the same tables can be made again. */
export const backupHead = z.object({
  mengangBackup: z.literal(formatVersion),
  takenMs: ms,
  epoch: name,
  migrations: z.array(z.object({ number: int, sha256: name })),
  tables: count,
});
export type BackupHead = z.infer<typeof backupHead>;

/** Stands before the rows of a table. */
export const tableHead = z.object({ table: name, columns: z.array(name) });
/** Stands behind them; `sha256` is over the rows as they stand in the file. */
export const tableEnd = z.object({ rows: count, sha256: name });
/** Last line: without it the file was cut. */
export const backupEnd = z.object({ end: z.literal(true), rows: count });

/** COPY ends with this line and never writes it for a row: a backslash in a value is doubled. */
export const rowsEnd = Buffer.from('\\.\n');

export class BackupUnreadable extends Error {
  readonly code = 'backup-unreadable';
}

/** Lines of a stream, each with its LF, one at a time and with bounded memory. */
export class LineReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(stream: Readable) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** The next line with its LF; null at the end. Throws BackupUnreadable on a longer line than any backup has, or a torn one. */
  async line(): Promise<Buffer | null> {
    for (let searched = 0; ; ) {
      const lf = this.#held.indexOf(0x0a, searched);
      if (lf !== -1) {
        const line = this.#held.subarray(0, lf + 1);
        this.#held = this.#held.subarray(lf + 1);
        return line;
      }
      searched = this.#held.length;
      if (searched > limits.lineBytes) throw new BackupUnreadable('a line is too long');
      const next = this.#ended ? null : await this.#chunks.next();
      if (next === null || next.done === true) {
        this.#ended = true;
        if (searched > 0) throw new BackupUnreadable('the last line is torn');
        return null;
      }
      this.#held = searched === 0 ? next.value : Buffer.concat([this.#held, next.value]);
    }
  }

  /** The next line as JSON of this shape. */
  async json<T extends z.ZodMiniType>(shape: T): Promise<z.infer<T>> {
    const line = await this.line();
    if (line === null) throw new BackupUnreadable('the file was cut');
    let value: unknown;
    try {
      value = JSON.parse(line.toString('utf8'));
    } catch {
      throw new BackupUnreadable('a line is no JSON');
    }
    const parsed = shape.safeParse(value);
    if (!parsed.success) throw new BackupUnreadable('a line is not of this format');
    return parsed.data;
  }
}
