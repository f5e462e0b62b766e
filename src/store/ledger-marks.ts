// Transactions over the ledger that move the mark of what waits: receipts, entries taken back, a hub restored from a backup.
// Called by outbox.
import type { Envelope } from '../domain/entry.ts';
import type { Database, Mark, StoredEntry, WriteTx } from './db.ts';
import { endOf, type Floors, mark, markOf, oldestOf, waitingWriters, withoutMark } from './ledger-keys.ts';

/** `counted`: a longer queue is told by its ends: counting a million index entries takes longer than a start may. */
export const limits = { resendChunk: 500, counted: 2_000 } as const;

/** `seq` is the hub's contiguous watermark: a referral sent ahead has a receipt above it and must not look like a loss. */
export type Receipted = { epoch: string; seq: number };
export type LedgerEnd = { writerId: string; seq: number; hash: string };

/** How many wait (from 2,000 on as far as the ends tell), since when, and where each writer ends: never by a scan. */
export function countLedger(
  db: Database,
  floors: Floors,
): Promise<{ count: number; oldest: number | null; ends: LedgerEnd[] }> {
  return db.read(['entries', 'unsent', 'meta'], async (tx) => {
    const ledger = tx.objectStore('entries');
    const unsent = tx.objectStore('unsent');
    let count = (await unsent.getAllKeys(null, limits.counted)).length;
    const ends: LedgerEnd[] = [];
    for (let first = await ledger.openKeyCursor(); first !== null; ) {
      const writerId: string = first.key[0];
      const last = await ledger.openCursor(endOf(writerId), 'prev');
      if (last !== null) ends.push({ writerId, seq: last.value.seq, hash: last.value.hash });
      first = await ledger.openKeyCursor(IDBKeyRange.lowerBound([writerId, []]));
    }
    const waiting = await waitingWriters(unsent, ends, floors);
    for (const { writerId, seq } of ends) if (!floors.has(writerId)) floors.set(writerId, seq + 1);
    if (count >= limits.counted) {
      const meta = tx.objectStore('meta');
      const sent = ends.map(
        async (end) => end.seq - (receiptedOf(await meta.get(`receipted:${end.writerId}`))?.seq ?? 0),
      );
      count = (await Promise.all(sent)).reduce((sum, n) => sum + Math.max(0, n), 0);
    }
    return { count, oldest: oldestOf(waiting), ends };
  });
}

/**
 * Removes the mark of exactly these entries of one writer, in order; answers how many had one, and the oldest that still waits.
 * Relaxed on purpose: a lost mark costs one `duplicate`, an fsync a receipt would double the cost of every record.
 */
export function unmark(
  db: Database,
  entries: readonly Envelope[],
  receipt: Receipted | null,
  ends: Iterable<LedgerEnd>,
  floors: Floors,
): Promise<{ removed: number; oldest: number | null; floors: Floors }> {
  return db.relaxed(['unsent', 'meta'], async (tx) => {
    // Of its own: on a full disk the marks come back, and what is known of them must not have moved.
    const behind = new Map(floors);
    const unsent = tx.objectStore('unsent');
    const [first] = entries;
    const last = entries.at(-1);
    let removed = 0;
    if (first !== undefined && last !== undefined) {
      const range = IDBKeyRange.bound(markOf(first, false), markOf(last, false));
      const marks = await unsent.getAll(range, entries.length + 1);
      // Exactly these stand in the range: one request takes them all. Otherwise each is looked up under both its keys.
      if (marks.length === entries.length && marks.every((one, at) => one.entryId === entries[at]?.entryId)) {
        removed = marks.length;
        await unsent.delete(range);
      } else {
        for (const entry of entries)
          for (const key of [markOf(entry, true), markOf(entry, false)])
            if ((await unsent.get(key))?.entryId === entry.entryId) {
              removed++;
              await unsent.delete(key);
            }
      }
      if (receipt !== null) await keepReceipt(tx, first.writerId, receipt);
    }
    const waiting = await waitingWriters(unsent, ends, behind);
    // Entries are written in order: with nothing left before this one, the next can only stand behind it.
    if (last !== undefined && !waiting.some((one) => one.writerId === last.writerId && !one.referral))
      behind.set(last.writerId, Math.max(behind.get(last.writerId) ?? 0, ...entries.map((one) => one.seq + 1)));
    return { removed, oldest: oldestOf(waiting), floors: behind };
  });
}

/** Keeps entries from the journal as unsent; answers how many were new. What contradicts an entry here is set aside. */
export function takeIn(
  db: Database,
  entries: readonly Envelope[],
  isReferral: (entry: Envelope) => boolean,
): Promise<number> {
  return db.strict(['entries', 'unsent', 'aside'], async (tx) => {
    const ledger = tx.objectStore('entries');
    const found = await Promise.all(entries.map((entry) => ledger.get([entry.writerId, entry.seq])));
    let added = 0;
    await Promise.all(
      entries.map((entry, index): Promise<unknown> | undefined => {
        const here = found[index];
        if (here === undefined) {
          added++;
          return Promise.all([ledger.add(entry), mark(tx, entry, isReferral(entry))]);
        }
        if (here.hash === entry.hash && here.entryId === entry.entryId) return undefined;
        return tx.objectStore('aside').add({ reason: 'contradicts', raw: entry });
      }),
    );
    return added;
  });
}

/** What cannot be read back is kept raw, loses its mark and blocks nothing. */
export function setAside(
  db: Database,
  records: readonly StoredEntry[],
  found: { marks: readonly Mark[]; referral: boolean },
): Promise<void> {
  return db.strict(['unsent', 'aside'], async (tx) => {
    for (const record of records) {
      await tx.objectStore('aside').add({ reason: 'unreadable', raw: withoutMark(record) });
      for (const one of found.marks)
        if (one.seq === record.seq) await tx.objectStore('unsent').delete(markOf(one, found.referral));
    }
  });
}

/** Marks everything as waiting again, a chunk a transaction: memory and waits stay small. */
async function markAll(db: Database): Promise<void> {
  for (let from: [string, number] | null = ['', 0]; from !== null; ) {
    const range = IDBKeyRange.lowerBound(from, true);
    from = await db.strict(['entries', 'unsent'], async (tx) => {
      const records = await tx.objectStore('entries').getAll(range, limits.resendChunk);
      await Promise.all(records.map((one) => mark(tx, one, one.bytes.includes('"raisesCase":true'))));
      const last = records.at(-1);
      return last === undefined ? null : [last.writerId, last.seq];
    });
  }
  // Last: a page that ends before this begins anew. Receipts of another epoch count for nothing.
  await db.strict(['meta'], (tx) => tx.objectStore('meta').delete(receipts()));
}

/** Marks everything when anything was settled in another epoch, and keeps this one under 'receipted:'. Answers whether it did. */
export async function renew(db: Database, epoch: string): Promise<boolean> {
  const known = await db.read(['meta'], (tx) => tx.objectStore('meta').getAll(receipts()));
  const isOther = known.some((one) => receiptedOf(one)?.epoch !== epoch);
  if (isOther) await markAll(db);
  if (isOther || known.length === 0) await db.strict(['meta'], (tx) => keepReceipt(tx, '', { epoch, seq: 0 }));
  return isOther;
}

function receipts(): IDBKeyRange {
  return IDBKeyRange.bound('receipted:', 'receipted;');
}

export function receiptedSeq(db: Database, writerId: string): Promise<Receipted | null> {
  return db.read(['meta'], async (tx) => receiptedOf(await tx.objectStore('meta').get(`receipted:${writerId}`)));
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
