// Where a writer's entries lie: its end, sparse places to read from, and the seqs that damage has taken. Kept by the journal.
import type { LineMarks } from './journal-line.ts';

export const limits = { everyEntries: 64, holesPerGap: 100_000 } as const;

export type Place = { segment: number; offset: number };
export type Head = { writerId: string; seq: number; hash: string };

/** Everything of this writer up to `seq` was pruned; its chain goes on behind `hash`. */
export type Floor = Head & { process: boolean };

type Writer = Head & {
  /** The last entry that was pruned; null while all are there. */
  floor: { seq: number; hash: string } | null;
  /** True for a bridge process: its entries are uploaded by the bridge, never by a page. */
  process: boolean;
  /** Ascending by seq: every 64th entry and each that follows a gap. */
  sparse: { seq: number; place: Place }[];
  /** Seqs that are missing or damaged on disk; they may be offered again. */
  holes: Set<number>;
  /** Entries that were offered again later, out of order. */
  repairs: Map<number, Place>;
};

export class JournalIndex {
  readonly #writers = new Map<string, Writer>();

  /** Takes note of a line that lies at `place`. Answers 'again' for a seq that is already there. */
  note(marks: LineMarks, place: Place): 'new' | 'again' {
    const { writerId, seq, hash } = marks;
    const writer = this.#writers.get(writerId) ?? this.#add(writerId, marks.process);
    if (seq <= writer.seq) {
      if (!writer.holes.delete(seq)) return 'again';
      writer.repairs.set(seq, place);
      return 'new';
    }
    const firstHole = Math.max(writer.seq + 1, seq - limits.holesPerGap);
    for (let missing = firstHole; missing < seq; missing++) writer.holes.add(missing);
    if (seq % limits.everyEntries === 1 || seq !== writer.seq + 1 || writer.sparse.length === 0)
      writer.sparse.push({ seq, place });
    writer.seq = seq;
    writer.hash = hash;
    return 'new';
  }

  /** Takes note that a writer begins behind its floor; before any of its lines, or when its leading segments have gone. */
  prune(floor: Floor): void {
    const writer = this.#writers.get(floor.writerId) ?? this.#add(floor.writerId, floor.process);
    writer.floor = { seq: floor.seq, hash: floor.hash };
    if (writer.seq < floor.seq) Object.assign(writer, { seq: floor.seq, hash: floor.hash });
    // The last place at or below the floor stays: a search that begins in a segment that has gone begins with the first one left.
    const kept = writer.sparse.findLastIndex(({ seq }) => seq <= floor.seq);
    if (kept > 0) writer.sparse.splice(0, kept);
    for (const seq of writer.repairs.keys()) if (seq <= floor.seq) writer.repairs.delete(seq);
  }

  floor(writerId: string): { seq: number; hash: string } | null {
    return this.#writers.get(writerId)?.floor ?? null;
  }

  isProcess(writerId: string): boolean {
    return this.#writers.get(writerId)?.process ?? false;
  }

  head(writerId: string): Head | null {
    return this.#writers.get(writerId) ?? null;
  }

  isHole(writerId: string, seq: number): boolean {
    return this.#writers.get(writerId)?.holes.has(seq) ?? false;
  }

  hasHoleBelow(writerId: string, seq: number): boolean {
    const writer = this.#writers.get(writerId);
    if (writer === undefined) return true;
    for (const hole of writer.holes) if (hole <= seq) return true;
    for (const repaired of writer.repairs.keys()) if (repaired <= seq) return true;
    return false;
  }

  /** Oldest writer first. */
  heads(kind: 'page' | 'process'): Head[] {
    return [...this.#writers.values()]
      .filter((writer) => writer.process === (kind === 'process') && writer.seq > 0)
      .map(({ writerId, seq, hash }) => ({ writerId, seq, hash }));
  }

  /** Entries on disk, holes not counted, and holes. */
  counts(): { entries: number; holes: number; writers: number } {
    let entries = 0;
    let holes = 0;
    for (const writer of this.#writers.values()) {
      entries += writer.seq - (writer.floor?.seq ?? 0) - writer.holes.size;
      holes += writer.holes.size;
    }
    return { entries, holes, writers: this.#writers.size };
  }

  /** The nearest place at or before `seq`; null when this writer has nothing there. */
  placeBefore(writerId: string, seq: number): Place | null {
    const sparse = this.#writers.get(writerId)?.sparse ?? [];
    let low = 0;
    let high = sparse.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sparse[middle]?.seq ?? 0) <= seq) low = middle + 1;
      else high = middle;
    }
    return sparse[low - 1]?.place ?? sparse[0]?.place ?? null;
  }

  repairOf(writerId: string, seq: number): Place | null {
    return this.#writers.get(writerId)?.repairs.get(seq) ?? null;
  }

  #add(writerId: string, process: boolean): Writer {
    const writer: Writer = {
      writerId,
      seq: 0,
      hash: '',
      process,
      floor: null,
      sparse: [],
      holes: new Set(),
      repairs: new Map(),
    };
    this.#writers.set(writerId, writer);
    return writer;
  }
}
