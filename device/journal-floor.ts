// The floor of a pruned journal: where each writer's remaining entries begin, and which segments are gone. Written before a segment
// is removed, read before the rest is taken in. Called by journal.
import { join } from 'node:path';
import * as z from 'zod/mini';
import { count, sha256Hex, uuid } from '../src/contracts/kit.ts';
import type { Disk } from './disk.ts';
import type { Floor } from './journal-index.ts';
import { marksOf } from './journal-line.ts';
import { scanLines } from './journal-scan.ts';
import type { Segment } from './journal-segments.ts';
import { readState, writeState } from './state-file.ts';

export const limits = { writers: 20_000 } as const;

/** `dropped`: the last segment that may be gone; one at or below it that is still there is removed at the next start. */
export type FloorFile = { dropped: number; floors: Floor[] };

const stored = z.object({
  dropped: count,
  floors: z
    .array(z.object({ writerId: uuid, seq: count, hash: sha256Hex, process: z.boolean() }))
    .check(z.maxLength(limits.writers)),
});

const fileOf = (dir: string): string => join(dir, 'floor.json');

/** null when nothing was ever pruned, or when the file cannot be read: then what is missing shows as damaged, nothing is lost. */
export async function readFloor(disk: Disk, dir: string): Promise<FloorFile | null> {
  const read = stored.safeParse(await readState(fileOf(dir), disk));
  return read.success ? read.data : null;
}

export function writeFloor(disk: Disk, dir: string, floor: FloorFile): Promise<void> {
  return writeState(fileOf(dir), floor, disk);
}

/** The highest entry of each writer in a segment; null when a line of it does not hold: such a file is never given up. */
export async function endsOf(disk: Disk, dir: string, segment: Segment): Promise<Map<string, Floor> | null> {
  const ends = new Map<string, Floor>();
  let sound = true;
  const file = await disk.open(join(dir, segment.name), 'r');
  try {
    await scanLines(file, 0, ({ line, complete }) => {
      const marks = complete ? marksOf(line) : null;
      sound = marks !== null;
      if (marks === null) return false;
      const before = ends.get(marks.writerId);
      const process = marks.process || before?.process === true;
      if (before === undefined || before.seq < marks.seq) ends.set(marks.writerId, { ...marks, process });
      else if (process) ends.set(marks.writerId, { ...before, process });
      return true;
    });
  } finally {
    await file.close();
  }
  return sound ? ends : null;
}
