// The page's ledger with its sparse index of what waits for a receipt: appends in order, batches, receipts. Called by the
// recorder (save), the uploader (pendingBatch, settle) and journal-sync (read, take).
import { envelope as envelopeSchema } from '../contracts/entry.ts';
import type { Envelope } from '../domain/entry.ts';
import type { Database, StoredEntry, WriteTx } from './db.ts';
import { bornMs, cutToBytes, endOf, markOf, unsentRange, waitingWriters } from './ledger-keys.ts';
import type { LocalCase } from './local-case.ts';

export const limits = { unsavedEntries: 20_000, resendChunk: 500, retryMs: 2_000, countTries: 10 } as const;

export type LedgerEnd = { writerId: string; seq: number; hash: string };
export type Batch = { writerId: string; entries: Envelope[]; referral: boolean };
export type BatchAsk = { entriesMax: number; bytesMax: number; skip: ReadonlySet<string> };
export type Waiting = { count: number; oldestWallMs: number | null };
/** What is written in the same transaction as the entry, so that it costs no fsync of its own. */
export type Marks = { referral: boolean; case?: LocalCase; meta?: readonly [key: string, value: unknown][] };
/** `seq` is the hub's contiguous watermark: a referral sent ahead has a receipt above it and must not look like a loss. */
export type Receipted = { epoch: string; seq: number };

export type Outbox = {
  /** Counts what lies here. Throws StoreError; may be called again. */
  load(): Promise<void>;
  /** Ends of all writers, entries included that are not written yet. */
  ends(): ReadonlyMap<string, LedgerEnd>;
  waiting(): Waiting;
  /** True while an entry could not be written here and is offered again before any later one. */
  failing(): boolean;
  /** Resolves when durable; rejects when the write failed (the entry stays first in line). False when it is not taken at all: full. */
  save(entry: Envelope, marks: Marks): Promise<void> | false;
  pendingBatch(ask: BatchAsk): Promise<Batch | null>;
  /** Removes the mark of exactly these entries; nothing is deleted. */
  settle(entries: readonly Envelope[], receipt: Receipted): Promise<void>;
  receipted(writerId: string): Promise<Receipted | null>;
  /** The hub was restored from a backup: everything waits again. */
  resendAll(): Promise<void>;
  /** Entries of a writer in order from `fromSeq`, at most `limit`. */
  read(writerId: string, fromSeq: number, limit: number): Promise<Envelope[]>;
  /** Keeps entries that came back from the journal, as unsent. Answers how many were new here. */
  take(entries: readonly Envelope[], isReferral: (entry: Envelope) => boolean): Promise<number>;
};

type Unsaved = { entry: Envelope; marks: Marks; settled: boolean; done(): void; failed(error: unknown): void };

export function createOutbox(deps: {
  db: Database;
  after(ms: number, task: () => void): () => void;
  onChange(waiting: Waiting): void;
}): Outbox {
  const { db } = deps;
  const ends = new Map<string, LedgerEnd>();
  const unsaved: Unsaved[] = [];
  let stored = 0;
  /** Rises with every change of what is stored as waiting. */
  let changes = 0;
  let oldestWallMs: number | null = null;
  let writing = false;
  let failing = false;
  let cancelRetry = (): void => {};

  const waiting = (): Waiting => {
    const fresh = unsaved.filter((one) => !one.settled);
    const oldestFresh = fresh[0] === undefined ? null : bornMs(fresh[0].entry.entryId);
    return { count: stored + fresh.length, oldestWallMs: oldestWallMs ?? oldestFresh };
  };
  const changed = (): void => deps.onChange(waiting());

  /** One strict transaction an entry, strictly in order: a later entry is never written before an earlier one. */
  async function writeUnsaved(): Promise<void> {
    if (writing) return;
    writing = true;
    cancelRetry();
    try {
      for (let next = unsaved[0]; next !== undefined; next = unsaved[0]) {
        const { entry, marks } = next;
        const record: StoredEntry = next.settled ? entry : { ...entry, waits: markOf(entry, marks.referral) };
        await db.strict(['entries', 'cases', 'meta'], (tx) => append(tx, record, marks));
        failing = false;
        unsaved.shift();
        if ('waits' in record) {
          stored++;
          changes++;
          oldestWallMs ??= bornMs(entry.entryId);
        }
        next.done();
        changed();
        // The receipt came while it was being written.
        if (next.settled && 'waits' in record) await unmark([entry], null);
      }
    } catch (error) {
      failing = true;
      for (const one of unsaved) one.failed(error);
      cancelRetry = deps.after(limits.retryMs, () => void writeUnsaved());
    } finally {
      writing = false;
    }
  }

  async function unmark(entries: readonly Envelope[], receipt: Receipted | null): Promise<void> {
    const first = entries[0];
    if (first === undefined) return;
    // Relaxed on purpose: a lost mark costs one `duplicate`, an fsync a receipt would double the cost of every record.
    const left = await db.relaxed(['entries', 'meta'], async (tx) => {
      const ledger = tx.objectStore('entries');
      let removed = 0;
      const found = await Promise.all(entries.map((entry) => ledger.get([entry.writerId, entry.seq])));
      await Promise.all(
        found.map((record, index) => {
          if (record?.waits === undefined || record.entryId !== entries[index]?.entryId) return undefined;
          removed++;
          const { waits: _, ...settled } = record;
          return ledger.put(settled);
        }),
      );
      if (receipt !== null) await keepReceipt(tx, first.writerId, receipt);
      const writers = await waitingWriters(ledger.index('unsent'));
      return { removed, oldest: writers.length === 0 ? null : Math.min(...writers.map((one) => one.bornMs)) };
    });
    stored -= left.removed;
    changes++;
    oldestWallMs = left.oldest;
    changed();
  }

  function unsavedBatch(ask: BatchAsk): Batch | null {
    const open = unsaved.filter((one) => !one.settled && !ask.skip.has(one.entry.entryId));
    // A fever does not wait for a slow disk.
    const referral = open.findLast((one) => one.marks.referral);
    if (referral !== undefined) return { writerId: referral.entry.writerId, entries: [referral.entry], referral: true };
    const first = open[0]?.entry;
    if (!failing || first === undefined) return null;
    const same = open.map((one) => one.entry).filter((entry) => entry.writerId === first.writerId);
    return {
      writerId: first.writerId,
      entries: cutToBytes(same.slice(0, ask.entriesMax), ask.bytesMax),
      referral: false,
    };
  }

  async function setAside(records: readonly StoredEntry[]): Promise<void> {
    await db.strict(['entries', 'aside'], async (tx) => {
      for (const record of records) {
        const { waits: _, ...rest } = record;
        await tx.objectStore('aside').add({ reason: 'unreadable', raw: rest });
        await tx.objectStore('entries').put(rest);
      }
    });
    stored -= records.length;
    changes++;
    changed();
  }

  async function storedBatch(ask: BatchAsk): Promise<Batch | null> {
    const found = await db.read(['entries'], async (tx) => {
      const index = tx.objectStore('entries').index('unsent');
      const referrals = await index.getAll(IDBKeyRange.bound([0], [1], false, true), 1 + ask.skip.size);
      const referral = referrals.find((one) => !ask.skip.has(one.entryId));
      if (referral !== undefined) return { records: [referral], referral: true };
      const writers = (await waitingWriters(index)).filter((one) => !one.referral).sort((a, b) => a.bornMs - b.bornMs);
      for (const { writerId } of writers) {
        const records = await index.getAll(unsentRange(writerId), ask.entriesMax + ask.skip.size);
        const sendable = records.filter((one) => !ask.skip.has(one.entryId)).slice(0, ask.entriesMax);
        if (sendable.length > 0) return { records: sendable, referral: false };
      }
      return null;
    });
    if (found === null) return null;
    // Checked after the disk: what cannot be read is set aside, and the rest goes on.
    const broken = found.records.filter((one) => !envelopeSchema.safeParse(withoutMark(one)).success);
    if (broken.length > 0) {
      await setAside(broken);
      return storedBatch(ask);
    }
    const first = found.records[0];
    if (first === undefined) return null;
    const entries = cutToBytes(found.records.map(withoutMark), ask.bytesMax);
    return { writerId: first.writerId, entries, referral: found.referral };
  }

  /** Counts again while something was written or settled during the count. */
  async function load(): Promise<void> {
    for (let tries = 0, before = -1; before !== changes && tries < limits.countTries; tries++) {
      before = changes;
      await count();
    }
    changed();
  }

  async function count(): Promise<void> {
    const found = await db.read(['entries'], async (tx) => {
      const ledger = tx.objectStore('entries');
      const index = ledger.index('unsent');
      const count = await index.count();
      const writers = await waitingWriters(index);
      const last: StoredEntry[] = [];
      for (let key = await ledger.openKeyCursor(); key !== null; ) {
        const writerId: string = key.key[0];
        const end = await (await ledger.openCursor(endOf(writerId), 'prev'))?.value;
        if (end !== undefined) last.push(end);
        key = await ledger.openKeyCursor(IDBKeyRange.lowerBound([writerId, []]));
      }
      return { count, writers, last };
    });
    for (const { writerId, seq, hash } of found.last) {
      if ((ends.get(writerId)?.seq ?? 0) < seq) ends.set(writerId, { writerId, seq, hash });
    }
    stored = found.count;
    oldestWallMs = found.writers.length === 0 ? null : Math.min(...found.writers.map((one) => one.bornMs));
  }

  return {
    load,
    ends: () => ends,
    waiting,
    failing: () => failing,
    save(entry, marks) {
      if (unsaved.length >= limits.unsavedEntries) return false;
      const end = ends.get(entry.writerId);
      if (entry.seq !== (end?.seq ?? 0) + 1) throw new RangeError(`seq ${entry.seq} behind ${end?.seq ?? 0}`);
      ends.set(entry.writerId, { writerId: entry.writerId, seq: entry.seq, hash: entry.hash });
      const durable = new Promise<void>((done, failed) => {
        unsaved.push({ entry, marks, settled: false, done, failed });
      });
      changed();
      void writeUnsaved();
      return durable;
    },
    async pendingBatch(ask) {
      const fresh = unsavedBatch(ask);
      if (fresh?.referral === true) return fresh;
      // A store that cannot be read must not keep what is in memory from the hub.
      const old = failing ? await storedBatch(ask).catch(() => null) : await storedBatch(ask);
      return old ?? fresh;
    },
    async settle(entries, receipt) {
      const ids = new Set(entries.map((entry) => entry.entryId));
      for (const one of unsaved) if (ids.has(one.entry.entryId)) one.settled = true;
      const inMemory = new Set(unsaved.map((one) => one.entry.entryId));
      const rest = entries.filter((entry) => !inMemory.has(entry.entryId));
      changed();
      await unmark(rest, receipt);
    },
    receipted: (writerId) =>
      db.read(['meta'], async (tx) => receiptedOf(await tx.objectStore('meta').get(`receipted:${writerId}`))),
    async resendAll() {
      for (let from: [string, number] | null = ['', 0]; from !== null; ) {
        const lower = IDBKeyRange.lowerBound(from, true);
        from = await db.strict(['entries'], async (tx) => {
          const ledger = tx.objectStore('entries');
          const records = await ledger.getAll(lower, limits.resendChunk);
          for (const record of records) {
            if (record.waits === undefined) await ledger.put({ ...record, waits: markOf(record, false) });
          }
          const last = records.at(-1);
          return last === undefined ? null : [last.writerId, last.seq];
        });
      }
      await load();
    },
    async read(writerId, fromSeq, limit) {
      const inMemory = unsaved.map((one) => one.entry).filter((one) => one.writerId === writerId && one.seq >= fromSeq);
      if (inMemory[0]?.seq === fromSeq) return inMemory.slice(0, limit);
      const records = await db.read(['entries'], (tx) =>
        tx.objectStore('entries').getAll(IDBKeyRange.bound([writerId, fromSeq], [writerId, []]), limit),
      );
      return records.map(withoutMark);
    },
    async take(entries, isReferral) {
      const taken = await db.strict(['entries', 'aside'], async (tx) => {
        const ledger = tx.objectStore('entries');
        let added = 0;
        const found = await Promise.all(entries.map((entry) => ledger.get([entry.writerId, entry.seq])));
        await Promise.all(
          entries.map((entry, index) => {
            const here = found[index];
            if (here === undefined) {
              added++;
              return ledger.add({ ...entry, waits: markOf(entry, isReferral(entry)) });
            }
            if (here.hash === entry.hash && here.entryId === entry.entryId) return undefined;
            return tx.objectStore('aside').add({ reason: 'contradicts', raw: entry });
          }),
        );
        return added;
      });
      for (const { writerId, seq, hash } of entries) {
        if ((ends.get(writerId)?.seq ?? 0) < seq) ends.set(writerId, { writerId, seq, hash });
      }
      stored += taken;
      changes++;
      const oldest = taken === 0 ? null : Math.min(...entries.map((entry) => bornMs(entry.entryId)));
      if (oldest !== null) oldestWallMs = Math.min(oldest, oldestWallMs ?? oldest);
      changed();
      return taken;
    },
  };
}

/** Repeated after a lost answer it must be harmless, so the same entry in its place is fine and another is a bug. */
async function append(tx: WriteTx, record: StoredEntry, marks: Marks): Promise<void> {
  const ledger = tx.objectStore('entries');
  const writes: Promise<unknown>[] = [
    ledger.get([record.writerId, record.seq]).then((here) => {
      if (here === undefined) return ledger.add(record);
      if (here.hash !== record.hash) throw new RangeError(`seq ${record.seq} is taken by other bytes`);
      return undefined;
    }),
  ];
  if (marks.case !== undefined) writes.push(tx.objectStore('cases').put(marks.case));
  for (const [key, value] of marks.meta ?? []) writes.push(tx.objectStore('meta').put(value, key));
  await Promise.all(writes);
}

async function keepReceipt(tx: WriteTx, writerId: string, receipt: Receipted): Promise<void> {
  const key = `receipted:${writerId}`;
  const before = receiptedOf(await tx.objectStore('meta').get(key));
  const seq = before?.epoch === receipt.epoch ? Math.max(before.seq, receipt.seq) : receipt.seq;
  await tx.objectStore('meta').put({ epoch: receipt.epoch, seq }, key);
}

function receiptedOf(value: unknown): Receipted | null {
  if (typeof value !== 'object' || value === null || !('epoch' in value) || !('seq' in value)) return null;
  const { epoch, seq } = value;
  return typeof epoch === 'string' && typeof seq === 'number' && Number.isSafeInteger(seq) ? { epoch, seq } : null;
}

function withoutMark(record: StoredEntry): Envelope {
  const { waits: _, ...entry } = record;
  return entry;
}
