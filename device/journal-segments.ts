// The journal's segment files: their names, what a start finds in them, and how one is created durably. Called by journal.
import { join } from 'node:path';
import { type Disk, type DiskFile, writeWhole } from './disk.ts';
import type { JournalIndex } from './journal-index.ts';
import { marksOf } from './journal-line.ts';
import { scanLines } from './journal-scan.ts';

/** Numbered first: the order of segments must not hang on a clock that may jump. */
export type Segment = { number: number; day: string; name: string; size: number };

/** Everything a start or a failure has to tell; the journal goes on after each. */
export type JournalReport =
  /** The last record was not finished: cut off (never acknowledged). */
  | { kind: 'torn-tail'; file: string; offset: number; bytes: number }
  /** A record inside the file does not hold: the file is kept as it is. */
  | { kind: 'damaged'; file: string; line: number; offset: number; entryId: string | null; after: string }
  | { kind: 'write-failed'; file: string; reason: string };

const namePattern = /^(\d{6})-(\d{4}-\d{2}-\d{2})\.journal$/;

export function segmentOf(number: number, day: string): Segment {
  return { number, day, name: `${String(number).padStart(6, '0')}-${day}.journal`, size: 0 };
}

/** Segments of the folder in order; other files are left alone. */
export async function listSegments(disk: Disk, dir: string): Promise<Segment[]> {
  const found: Segment[] = [];
  for (const name of await disk.list(dir)) {
    const match = namePattern.exec(name);
    if (match !== null) found.push({ number: Number(match[1]), day: match[2] ?? '', name, size: 0 });
  }
  return found.sort((a, b) => a.number - b.number);
}

/** A new, empty segment whose name survives a power cut. */
export async function createSegment(disk: Disk, dir: string, segment: Segment): Promise<DiskFile> {
  const path = join(dir, segment.name);
  const file = await disk.open(path, 'wx+');
  try {
    await disk.syncFolder(dir);
  } catch (error) {
    // Left there, its name would be taken at the next try, and at every one after it.
    await file.close();
    await disk.remove(path);
    throw error;
  }
  return file;
}

/** Reads one segment into the index at a start; sets its size; cuts the torn tail when it is the last one. */
export async function takeIn(
  disk: Disk,
  dir: string,
  segment: Segment,
  last: boolean,
  index: JournalIndex,
  report: (report: JournalReport) => void,
): Promise<void> {
  const path = join(dir, segment.name);
  const file = await disk.open(path, last ? 'r+' : 'r');
  let bad: { line: number; offset: number; complete: boolean; entryId: string | null; after: string } | null = null;
  let lineNumber = 0;
  let previous = 'the beginning';
  const tellBad = (found: NonNullable<typeof bad>): void => {
    const { line, offset, entryId, after } = found;
    report({ kind: 'damaged', file: segment.name, line, offset, entryId, after });
  };
  try {
    segment.size = (await file.stat()).size;
    await scanLines(file, 0, ({ line, offset, complete }) => {
      lineNumber += 1;
      const marks = complete ? marksOf(line) : null;
      if (marks === null) {
        // Pieces without an LF belong to the one unfinished record they began as.
        if (bad !== null && !bad.complete && !complete) return true;
        if (bad !== null) tellBad(bad);
        bad = { line: lineNumber, offset, complete, entryId: entryIdIn(line), after: previous };
        return true;
      }
      if (bad !== null) tellBad(bad);
      bad = null;
      index.note(marks, { segment: segment.number, offset });
      previous = `${marks.writerId}/${marks.seq}`;
      return true;
    });
    const tail = bad as {
      line: number;
      offset: number;
      complete: boolean;
      entryId: string | null;
      after: string;
    } | null;
    if (tail === null) return;
    if (!last) return tellBad(tail);
    if (tail.complete) await keepAside(disk, dir, segment, file, tail.offset);
    await file.truncate(tail.offset);
    await file.datasync();
    report({ kind: 'torn-tail', file: segment.name, offset: tail.offset, bytes: segment.size - tail.offset });
    segment.size = tail.offset;
  } finally {
    await file.close();
  }
}

/** A last record that ended in its LF but does not hold may be a flipped bit: its bytes are kept beside the journal. */
async function keepAside(disk: Disk, dir: string, segment: Segment, file: DiskFile, offset: number): Promise<void> {
  const bytes = Buffer.alloc(segment.size - offset);
  await file.read(bytes, 0, bytes.length, offset);
  await writeWhole(disk, join(dir, `cut-${segment.name}-${offset}.bin`), bytes);
}

function entryIdIn(line: Buffer): string | null {
  return /"entryId":"([0-9a-f-]{36})"/.exec(line.toString('latin1', 0, Math.min(line.length, 200)))?.[1] ?? null;
}
