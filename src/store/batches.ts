// What the uploader sends next: referrals alone and the newest first, then the oldest entries of one writer. Called by outbox.
import { envelope as envelopeSchema } from '../contracts/envelope.ts';
import type { Envelope } from '../domain/entry.ts';
import type { Unsaved } from './append-queue.ts';
import type { Database, Mark, StoredEntry } from './db.ts';
import { cutToBytes, type Floors, recordsOf, unsentRange, waitingWriters, withoutMark } from './ledger-keys.ts';
import { type LedgerEnd, setAside } from './ledger-marks.ts';

export type Batch = { writerId: string; entries: Envelope[]; referral: boolean };
export type BatchAsk = { entriesMax: number; bytesMax: number; skip: ReadonlySet<string> };

/** From what is not written yet: a referral at any time (a fever does not wait for a slow disk), the rest only while `failing`. */
export function unsavedBatch(unsaved: readonly Unsaved[], failing: boolean, ask: BatchAsk): Batch | null {
  const open = unsaved.filter((one) => !one.settled && !ask.skip.has(one.entry.entryId));
  const referral = open.findLast((one) => one.marks.referral)?.entry;
  if (referral !== undefined) return { writerId: referral.writerId, entries: [referral], referral: true };
  const first = open[0]?.entry;
  if (!failing || first === undefined) return null;
  const same = open.map((one) => one.entry).filter((entry) => entry.writerId === first.writerId);
  const entries = cutToBytes(same.slice(0, ask.entriesMax), ask.bytesMax);
  return { writerId: first.writerId, entries, referral: false };
}

/** From the ledger. Entries that cannot be read are set aside first; `onAside` hears how many. */
export async function storedBatch(
  db: Database,
  ask: BatchAsk,
  where: Where,
  onAside: (count: number) => void,
): Promise<Batch | null> {
  const found = await nextRecords(db, ask, where);
  const first = found?.records[0];
  if (found === null || first === undefined) return null;
  const ids = new Set(found.marks.map((one) => one.entryId));
  const broken = found.records.filter(
    (record) => !ids.has(record.entryId) || !envelopeSchema.safeParse(withoutMark(record)).success,
  );
  if (broken.length > 0) {
    await setAside(db, broken, found);
    onAside(broken.length);
    return storedBatch(db, ask, where, onAside);
  }
  const entries = cutToBytes(found.records.map(withoutMark), ask.bytesMax);
  return { writerId: first.writerId, entries, referral: found.referral };
}

type Where = { ends: ReadonlyMap<string, LedgerEnd>; floors: Floors };
type Found = { marks: Mark[]; records: StoredEntry[]; referral: boolean };

function nextRecords(db: Database, ask: BatchAsk, { ends, floors }: Where): Promise<Found | null> {
  return db.read(['entries', 'unsent'], async (tx) => {
    const unsent = tx.objectStore('unsent');
    const next = async (range: IDBKeyRange, most: number, referral: boolean): Promise<Found | null> => {
      const waiting = await unsent.getAll(range, most + ask.skip.size);
      const marks = waiting.filter((one) => !ask.skip.has(one.entryId)).slice(0, most);
      return marks.length === 0 ? null : { marks, records: await recordsOf(tx, marks), referral };
    };
    const referral = await next(IDBKeyRange.bound([0], [1], false, true), 1, true);
    if (referral !== null) return referral;
    const writers = (await waitingWriters(unsent, ends.values(), floors))
      .filter((one) => !one.referral)
      .sort((a, b) => a.bornMs - b.bornMs);
    for (const { writerId } of writers) {
      const found = await next(unsentRange(writerId, floors), ask.entriesMax, false);
      if (found !== null) return found;
    }
    return null;
  });
}
