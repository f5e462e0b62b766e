// The gate's journal: an append-only file of checksummed lines, synced before the answer. Called by the bridge for every
// entry of its page and of itself; whoever holds it owns the folder alone.
import { join } from 'node:path';
import { campusDay } from '../src/domain/campus-day.ts';
import { genesisHash, hashOf } from '../src/domain/chain.ts';
import type { Envelope } from '../src/domain/entry.ts';
import { type Disk, type DiskFile, systemDisk } from './disk.ts';
import { endsOf, readFloor, writeFloor } from './journal-floor.ts';
import { type Floor, type Head, JournalIndex, type Place } from './journal-index.ts';
import { envelopeOf, isOfWriter, lineOf } from './journal-line.ts';
import { scanLines } from './journal-scan.ts';
import {
  createSegment,
  type JournalReport,
  listSegments,
  type Segment,
  segmentOf,
  takeIn,
} from './journal-segments.ts';

export const limits = {
  segmentBytes: 64 * 1_048_576,
  /** Entries and bytes that share one sync. */
  batchEntries: 256,
  batchBytes: 4 * 1_048_576,
  /** Entries that wait for a sync; beyond it `append` answers 'failed'. */
  waiting: 10_000,
  readEntries: 2_000,
  readChunkBytes: 131_072,
} as const;

/**
 * `stored`: synced. `duplicate`: the same bytes were there already. `gap`, `hash`, `conflict`: does not follow, and nothing was
 * written. `disk-full`, `failed`: not stored, may be offered again.
 */
export type AppendAnswer = 'stored' | 'duplicate' | 'gap' | 'hash' | 'conflict' | 'disk-full' | 'failed';

export type JournalCounts = {
  entries: number;
  holes: number;
  writers: number;
  segments: number;
  bytes: number;
  appended: number;
  syncs: number;
};

export type JournalOptions = {
  dir: string;
  wallMs: () => number;
  report: (report: JournalReport) => void;
  /** Instead of the machine's own. */
  disk?: Disk;
  segmentBytes?: number;
};

/** Whether the hub has sealed this entry of a writer, judged by the one who knows the hub; false whenever there is doubt. */
export type IsSealed = (end: Head, hashAt: (seq: number) => Promise<string | null>) => Promise<boolean>;

type Waiting = { envelope: Envelope; settle: (answer: AppendAnswer) => void };
type Chosen = { envelope: Envelope; line: Buffer; waiting: Waiting[] };

/** Opens the journal in `dir` (made when missing), cutting a torn tail. The caller holds the folder's lock. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const disk = options.disk ?? systemDisk;
  await disk.makeFolder(options.dir);
  const index = new JournalIndex();
  const floor = await readFloor(disk, options.dir);
  for (const one of floor?.floors ?? []) index.prune(one);
  const found = await listSegments(disk, options.dir);
  // A start after a crash in the middle of pruning ends what was begun: the floor says that these were sealed.
  const gone = found.filter(({ number }) => number <= (floor?.dropped ?? 0));
  for (const segment of gone) await disk.remove(join(options.dir, segment.name));
  const segments = found.filter((segment) => !gone.includes(segment));
  for (const segment of segments) {
    await takeIn(disk, options.dir, segment, segment === segments.at(-1), index, options.report);
  }
  return new Journal(options, disk, index, segments);
}

export class Journal {
  readonly #options: JournalOptions;
  readonly #disk: Disk;
  readonly #index: JournalIndex;
  readonly #segments: Segment[];
  readonly #queue: Waiting[] = [];
  #draining: Promise<void> | null = null;
  #file: DiskFile | null = null;
  /** What a failed write may have left behind the last good record. */
  #dirty = false;
  /** A sync failed: what the kernel holds of this file is not known, so nothing more is added to it. */
  #spoilt = false;
  #closed = false;
  #appended = 0;
  #syncs = 0;

  constructor(options: JournalOptions, disk: Disk, index: JournalIndex, segments: Segment[]) {
    this.#options = options;
    this.#disk = disk;
    this.#index = index;
    this.#segments = segments;
  }

  /** Appends and syncs; entries offered while a sync runs share the next one. Never throws. */
  append(envelope: Envelope): Promise<AppendAnswer> {
    if (this.#closed || this.#queue.length >= limits.waiting) return Promise.resolve('failed');
    return new Promise((settle) => {
      this.#queue.push({ envelope, settle });
      this.#draining ??= this.#drain();
    });
  }

  /** Up to `limit` (at most 2000) entries of a writer from `fromSeq` on, in order; ends before a damaged one, or begins behind it. */
  async read(writerId: string, fromSeq: number, limit: number): Promise<Envelope[]> {
    const end = this.#index.head(writerId)?.seq ?? 0;
    const wanted = Math.min(limit, limits.readEntries);
    const found: Envelope[] = [];
    let seq = Math.max(1, fromSeq, (this.#index.floor(writerId)?.seq ?? 0) + 1);
    while (seq <= end && found.length < wanted) {
      if (this.#index.isHole(writerId, seq)) {
        if (found.length > 0) break;
        seq += 1;
        continue;
      }
      const repair = this.#index.repairOf(writerId, seq);
      const run =
        repair === null
          ? await this.#run(writerId, seq, Math.min(end, seq + wanted - found.length - 1), null)
          : await this.#run(writerId, seq, seq, repair);
      if (run.length === 0) break;
      found.push(...run);
      seq += run.length;
    }
    return found;
  }

  head(writerId: string): Head | null {
    return this.#index.head(writerId);
  }

  /** Ends of the page's writers, or of the bridge's own processes; newest last. */
  heads(kind: 'page' | 'process'): Head[] {
    return this.#index.heads(kind);
  }

  /** The last pruned entry of a writer: its chain goes on behind this hash. */
  floor(writerId: string): { seq: number; hash: string } | null {
    return this.#index.floor(writerId);
  }

  /** Hash of the entry at `seq`, also at the floor; null where the journal cannot tell. */
  async hashAt(writerId: string, seq: number): Promise<string | null> {
    const floor = this.#index.floor(writerId);
    if (floor?.seq === seq) return floor.hash;
    const found = (await this.read(writerId, seq, 1))[0];
    return found?.seq === seq ? found.hash : null;
  }

  /**
   * Gives up leading segments of days before `beforeDay` ('2020-03-01') whose every entry is sealed; stops at the first that is
   * not, and never touches the last. Answers how many files went. Throws what the disk throws: then the floor stands and the
   * files go at the next start.
   */
  async prune(beforeDay: string, isSealed: IsSealed): Promise<number> {
    let gone = 0;
    while (!this.#closed && this.#segments.length > 1) {
      const segment = this.#segments[0];
      if (segment === undefined || segment.day >= beforeDay) break;
      const ends = await endsOf(this.#disk, this.#options.dir, segment);
      if (ends === null || !(await this.#allSealed([...ends.values()], isSealed))) break;
      const floors = new Map<string, Floor>(this.#floors().map((floor) => [floor.writerId, floor]));
      for (const [writerId, end] of ends) {
        const process = this.#index.isProcess(writerId);
        if ((floors.get(writerId)?.seq ?? 0) < end.seq)
          floors.set(writerId, { writerId, seq: end.seq, hash: end.hash, process });
      }
      await writeFloor(this.#disk, this.#options.dir, { dropped: segment.number, floors: [...floors.values()] });
      for (const floor of floors.values()) this.#index.prune(floor);
      this.#segments.shift();
      await this.#disk.remove(join(this.#options.dir, segment.name));
      gone += 1;
    }
    return gone;
  }

  async #allSealed(ends: readonly Head[], isSealed: IsSealed): Promise<boolean> {
    for (const end of ends) {
      // A damaged place below may be offered again, and a repair may lie in another segment: both are left alone.
      if (this.#index.hasHoleBelow(end.writerId, end.seq)) return false;
      if (!(await isSealed(end, (seq) => this.hashAt(end.writerId, seq)))) return false;
    }
    return true;
  }

  /** Writers of pages for ever, since a page may come back with them; a bridge's own process only while something of it is left. */
  #floors(): Floor[] {
    return [...this.#index.heads('page'), ...this.#index.heads('process')].flatMap(({ writerId, seq }) => {
      const floor = this.#index.floor(writerId);
      const process = this.#index.isProcess(writerId);
      return floor === null || (process && floor.seq === seq) ? [] : [{ writerId, ...floor, process }];
    });
  }

  counts(): JournalCounts {
    const bytes = this.#segments.reduce((sum, segment) => sum + segment.size, 0);
    const { entries, holes, writers } = this.#index.counts();
    const segments = this.#segments.length;
    return { entries, holes, writers, segments, bytes, appended: this.#appended, syncs: this.#syncs };
  }

  /** Waits for what was offered, then closes; later appends answer 'failed'. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#draining;
    await this.#file?.close();
    this.#file = null;
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      let bytes = 0;
      let count = 0;
      for (const { envelope } of this.#queue) {
        bytes += envelope.bytes.length;
        if (count > 0 && (count >= limits.batchEntries || bytes > limits.batchBytes)) break;
        count += 1;
      }
      await this.#commit(this.#queue.splice(0, count));
    }
    this.#draining = null;
  }

  /** Judges a batch, writes what is new with one write and one sync, and only then answers. */
  async #commit(batch: Waiting[]): Promise<void> {
    const chosen = new Map<string, Chosen>();
    const ends = new Map<string, { seq: number; hash: string }>();
    for (const waiting of batch) {
      const { envelope } = waiting;
      const key = `${envelope.writerId}/${envelope.seq}`;
      const twin = chosen.get(key);
      if (twin !== undefined) {
        if (isSame(twin.envelope, envelope)) twin.waiting.push(waiting);
        else waiting.settle('conflict');
        continue;
      }
      const judged = await this.#judge(envelope, ends).catch((error: unknown) => this.#failure(error));
      if (judged !== 'new') {
        waiting.settle(judged);
        continue;
      }
      chosen.set(key, { envelope, line: lineOf(envelope), waiting: [waiting] });
    }
    if (chosen.size === 0) return;
    const answer = await this.#store([...chosen.values()]);
    for (const { waiting } of chosen.values()) {
      waiting.forEach(({ settle }, nth) => {
        settle(answer === 'stored' && nth > 0 ? 'duplicate' : answer);
      });
    }
  }

  /** Whether an entry follows what is on disk and what this batch has already taken. */
  async #judge(envelope: Envelope, ends: Map<string, { seq: number; hash: string }>): Promise<AppendAnswer | 'new'> {
    const { writerId, seq, hash, bytes } = envelope;
    const end = ends.get(writerId) ?? this.#index.head(writerId) ?? { seq: 0, hash: genesisHash(writerId) };
    if (seq > end.seq + 1) return 'gap';
    if (seq === end.seq + 1) {
      if (!follows(end.hash, bytes, hash)) return 'hash';
      ends.set(writerId, { seq, hash });
      return 'new';
    }
    if (this.#index.isHole(writerId, seq)) {
      const before = seq === 1 ? genesisHash(writerId) : await this.hashAt(writerId, seq - 1);
      if (before === null) return 'gap';
      return follows(before, bytes, hash) ? 'new' : 'conflict';
    }
    const stored = (await this.read(writerId, seq, 1))[0];
    return stored !== undefined && isSame(stored, envelope) ? 'duplicate' : 'conflict';
  }

  async #store(chosen: Chosen[]): Promise<AppendAnswer> {
    try {
      const { file, segment } = await this.#segment();
      const bytes = Buffer.concat(chosen.map(({ line }) => line));
      this.#dirty = true;
      for (let written = 0; written < bytes.length; ) {
        const done = await file.write(bytes, written, bytes.length - written, segment.size + written);
        written += done.bytesWritten;
      }
      this.#spoilt = true;
      await file.datasync();
      this.#spoilt = false;
      this.#dirty = false;
      this.#syncs += 1;
      for (const { envelope, line } of chosen) {
        const { writerId, seq, hash } = envelope;
        const process = seq === 1 && envelope.bytes.includes('"cause":"process"');
        this.#index.note({ writerId, seq, hash, process }, { segment: segment.number, offset: segment.size });
        segment.size += line.length;
      }
      this.#appended += chosen.length;
      return 'stored';
    } catch (error) {
      return this.#failure(error);
    }
  }

  /** The segment to write to: a new one each campus day, when the last is full, and after a failed sync. */
  async #segment(): Promise<{ file: DiskFile; segment: Segment }> {
    const day = campusDay(this.#options.wallMs());
    const last = this.#segments.at(-1);
    const full = this.#options.segmentBytes ?? limits.segmentBytes;
    if (last !== undefined && last.day === day && last.size < full && !this.#spoilt) {
      this.#file ??= await this.#disk.open(join(this.#options.dir, last.name), 'r+');
      if (this.#dirty) await this.#file.truncate(last.size);
      this.#dirty = false;
      return { file: this.#file, segment: last };
    }
    if (this.#dirty && this.#file !== null && last !== undefined) await this.#file.truncate(last.size);
    await this.#file?.close();
    this.#file = null;
    const segment = segmentOf((last?.number ?? 0) + 1, day);
    this.#file = await createSegment(this.#disk, this.#options.dir, segment);
    this.#segments.push(segment);
    this.#dirty = false;
    this.#spoilt = false;
    return { file: this.#file, segment };
  }

  #failure(error: unknown): 'disk-full' | 'failed' {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    this.#options.report({ kind: 'write-failed', file: this.#segments.at(-1)?.name ?? '', reason: code });
    return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' ? 'disk-full' : 'failed';
  }

  /** Entries `fromSeq`..`toSeq` as far as they lie in order behind the nearest known place (or exactly at `place`). */
  async #run(writerId: string, fromSeq: number, toSeq: number, place: Place | null): Promise<Envelope[]> {
    const start = place ?? this.#index.placeBefore(writerId, fromSeq);
    const found: Envelope[] = [];
    if (start === null) return found;
    for (const segment of this.#segments.filter(({ number }) => number >= start.segment)) {
      const file = await this.#disk.open(join(this.#options.dir, segment.name), 'r');
      let goOn = true;
      try {
        const offset = segment.number === start.segment ? start.offset : 0;
        await scanLines(
          file,
          offset,
          ({ line, complete }) => {
            if (!complete || !isOfWriter(line, writerId)) return true;
            const envelope = envelopeOf(line);
            const next = fromSeq + found.length;
            if (envelope === null || envelope.seq < next) return true;
            if (envelope.seq === next) found.push(envelope);
            goOn = envelope.seq === next && envelope.seq < toSeq;
            return goOn;
          },
          limits.readChunkBytes,
        );
      } finally {
        await file.close();
      }
      if (!goOn) break;
    }
    return found;
  }
}

function isSame(a: Envelope, b: Envelope): boolean {
  return a.entryId === b.entryId && a.hash === b.hash && a.bytes === b.bytes;
}

/** Text with a lone surrogate has no hash: it follows nothing. */
function follows(previous: string, bytes: string, hash: string): boolean {
  try {
    return hashOf(previous, bytes) === hash;
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return false;
    throw error;
  }
}
