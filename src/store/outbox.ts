// The page's ledger with its sparse index of what waits for a receipt. Called by the recorder (save), the uploader
// (pendingBatch, settle) and journal-sync (read, take).
import type { Envelope } from '../domain/entry.ts';
import { createAppendQueue, type Marks } from './append-queue.ts';
import { type Batch, type BatchAsk, storedBatch, unsavedBatch } from './batches.ts';
import type { Database } from './db.ts';
import { bornMs, type Floors, withoutMark } from './ledger-keys.ts';
import { countLedger, type LedgerEnd, type Receipted, receiptedSeq, renew, takeIn, unmark } from './ledger-marks.ts';

export type { Marks } from './append-queue.ts';
export type { Batch, BatchAsk } from './batches.ts';
export type { LedgerEnd, Receipted } from './ledger-marks.ts';

export const limits = { countTries: 10 } as const;

export type Waiting = { count: number; oldestWallMs: number | null };

export type Outbox = {
  /** Counts what lies here. Throws StoreError; may be called again. */
  load(): Promise<void>;
  /** Ends of all writers, entries included that are not written yet. */
  ends(): ReadonlyMap<string, LedgerEnd>;
  waiting(): Waiting;
  /** True while an entry could not be written here and is offered again before any later one. */
  failing(): boolean;
  /**
   * Resolves when durable; rejects when the write failed (the entry stays first in line). False when it is not taken at all:
   * no room. Throws a RangeError on a gap in the sequence.
   */
  save(entry: Envelope, marks: Marks): Promise<void> | false;
  pendingBatch(ask: BatchAsk): Promise<Batch | null>;
  /** Removes the mark of exactly these entries (of one writer); nothing is deleted. */
  settle(entries: readonly Envelope[], receipt: Receipted): Promise<void>;
  receipted(writerId: string): Promise<Receipted | null>;
  /** The hub's epoch. Another than before: it was restored from a backup, and everything waits again. */
  renew(epoch: string): Promise<void>;
  /** Entries of a writer in order from `fromSeq`, at most `limit`. */
  read(writerId: string, fromSeq: number, limit: number): Promise<Envelope[]>;
  /** Keeps entries that came back from the journal, as unsent. Answers how many were new here. */
  take(entries: readonly Envelope[], isReferral: (entry: Envelope) => boolean): Promise<number>;
};

export function createOutbox(deps: {
  db: Database;
  after(ms: number, task: () => void): () => void;
  onChange(waiting: Waiting): void;
  onFault(error: unknown): void;
}): Outbox {
  const { db } = deps;
  const ends = new Map<string, LedgerEnd>();
  /** Another map whenever marks may have come in front: a look that began before writes into the old one. */
  let floors: Floors = new Map();
  let stored = 0;
  let oldestWallMs: number | null = null;
  /** Rises with every change of what is stored as waiting. */
  let changes = 0;

  const queue = createAppendQueue({
    db,
    after: deps.after,
    onWritten(entry, waits, settled) {
      if (waits) moved(1, oldestWallMs ?? bornMs(entry.entryId));
      else deps.onChange(waiting());
      if (waits && settled) settleStored([entry], null).catch(deps.onFault);
    },
  });

  function waiting(): Waiting {
    const fresh = queue.unsaved().filter((one) => !one.settled);
    const oldestFresh = fresh[0] === undefined ? null : bornMs(fresh[0].entry.entryId);
    return { count: stored + fresh.length, oldestWallMs: oldestWallMs ?? oldestFresh };
  }

  function moved(by: number, oldest: number | null): void {
    // A long queue was counted by its ends; whether anything waits is known.
    stored = oldest === null ? 0 : Math.max(1, stored + by);
    oldestWallMs = oldest;
    changes++;
    deps.onChange(waiting());
  }

  function reached({ writerId, seq, hash }: LedgerEnd): void {
    if ((ends.get(writerId)?.seq ?? 0) < seq) ends.set(writerId, { writerId, seq, hash });
  }

  async function settleStored(entries: readonly Envelope[], receipt: Receipted | null): Promise<void> {
    if (entries.length === 0) return;
    const known = floors;
    const { removed, oldest, floors: behind } = await unmark(db, entries, receipt, ends.values(), known);
    if (known === floors) floors = behind;
    moved(-removed, oldest);
  }

  /** Counts again while something was written or settled during the count. */
  async function load(): Promise<void> {
    for (let tries = 0, before = -1; before !== changes && tries < limits.countTries; tries++) {
      before = changes;
      floors = new Map();
      const found = await countLedger(db, floors);
      for (const end of found.ends) reached(end);
      stored = found.count;
      oldestWallMs = found.oldest;
    }
    deps.onChange(waiting());
  }

  return {
    load,
    ends: () => ends,
    waiting,
    failing: queue.failing,
    save(entry, marks) {
      const before = ends.get(entry.writerId)?.seq ?? 0;
      if (entry.seq !== before + 1) throw new RangeError(`seq ${entry.seq} behind ${before}`);
      const durable = queue.push(entry, marks);
      if (durable !== false) reached(entry);
      deps.onChange(waiting());
      return durable;
    },
    async pendingBatch(ask) {
      const fresh = unsavedBatch(queue.unsaved(), queue.failing(), ask);
      if (fresh?.referral === true) return fresh;
      const old = storedBatch(db, ask, { ends, floors }, (count) => moved(-count, oldestWallMs));
      // A store that cannot be read must not keep what is in memory from the hub.
      return (await (fresh === null ? old : old.catch(() => null))) ?? fresh;
    },
    async settle(entries, receipt) {
      const inLine = queue.settle(new Set(entries.map((entry) => entry.entryId)));
      if (inLine.size > 0) deps.onChange(waiting());
      const written = entries.filter((entry) => !inLine.has(entry.entryId));
      await settleStored(written, receipt);
    },
    receipted: (writerId) => receiptedSeq(db, writerId),
    async renew(epoch) {
      if (!(await renew(db, epoch))) return;
      queue.unsettle();
      await load();
    },
    async read(writerId, fromSeq, limit) {
      const inLine = queue.unsaved().map((one) => one.entry);
      const mine = inLine.filter((entry) => entry.writerId === writerId && entry.seq >= fromSeq);
      if (mine[0]?.seq === fromSeq) return mine.slice(0, limit);
      const range = IDBKeyRange.bound([writerId, fromSeq], [writerId, []]);
      const records = await db.read(['entries'], (tx) => tx.objectStore('entries').getAll(range, limit));
      return records.map(withoutMark);
    },
    async take(entries, isReferral) {
      const added = await takeIn(db, entries, isReferral).finally(() => {
        floors = new Map();
      });
      for (const entry of entries) reached(entry);
      const oldest = added === 0 ? [] : entries.map((entry) => bornMs(entry.entryId));
      const all = oldestWallMs === null ? oldest : [...oldest, oldestWallMs];
      moved(added, all.length === 0 ? null : Math.min(...all));
      return added;
    },
  };
}
