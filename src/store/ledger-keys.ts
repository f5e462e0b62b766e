// Keys and sizes of the ledger: how unsent entries are sorted, where a writer ends, what fits a batch. Called by outbox.
import type { Envelope } from '../domain/entry.ts';
import type { Mark, ReadTx, StoredEntry, Waits, WriteTx } from './db.ts';

/** Walking stops here: a station has a handful of writers, one a lost store. */
export const limits = { writers: 1_000 } as const;

const utf8 = new TextEncoder();

/** Wall clock at birth from a UUIDv7's first 48 bits, ms since 1970. */
export function bornMs(entryId: string): number {
  return Number.parseInt(entryId.slice(0, 8) + entryId.slice(9, 13), 16);
}

/** Referrals sort first, the newest before the older; then each writer's entries in order. */
export function markOf(entry: Mark, referral: boolean): Waits {
  return referral ? [0, -bornMs(entry.entryId), entry.writerId, entry.seq] : [1, entry.writerId, entry.seq];
}

/** Writes the mark; written twice it is one. */
export function mark(tx: WriteTx, { entryId, writerId, seq }: Mark, referral: boolean): Promise<unknown> {
  const one = { entryId, writerId, seq };
  return tx.objectStore('unsent').put(one, markOf(one, referral));
}

/** The entries themselves: one range for a dense batch of one writer, single look-ups for a scattered one. */
export async function recordsOf(tx: ReadTx | WriteTx, marks: readonly Mark[]): Promise<StoredEntry[]> {
  const [first] = marks;
  const last = marks.at(-1);
  if (first === undefined || last === undefined) return [];
  const ledger = tx.objectStore('entries');
  const seqs = new Set(marks.map((one) => one.seq));
  const found =
    last.seq - first.seq < marks.length * 2
      ? await ledger.getAll(IDBKeyRange.bound([first.writerId, first.seq], [last.writerId, last.seq]))
      : await Promise.all(marks.map((one) => ledger.get([one.writerId, one.seq])));
  return found.filter((record) => record !== undefined && seqs.has(record.seq)) as StoredEntry[];
}

/** All keys of one writer; an array sorts behind every number. */
export function endOf(writerId: string): IDBKeyRange {
  return IDBKeyRange.bound([writerId], [writerId, []]);
}

/**
 * By writer the lowest seq that can still wait, referrals apart. A look that starts before it walks over every mark that was
 * deleted since the browser last compacted its store: with a long queue that is the larger part of a batch.
 */
export type Floors = Map<string, number>;

/** What one writer has waiting, referrals apart. */
export function unsentRange(writerId: string, floors: Floors): IDBKeyRange {
  return IDBKeyRange.bound([1, writerId, floors.get(writerId) ?? 0], [1, writerId, []]);
}

/** The entry as it was born: identity, sequence, hash and bytes alone, also where version 1 of the store has marked it. */
export function withoutMark(record: StoredEntry): Envelope {
  const { waits: _, ...entry } = record;
  return entry;
}

/** Earliest birth among writers; null when nothing waits. */
export function oldestOf(writers: readonly { bornMs: number }[]): number | null {
  return writers.length === 0 ? null : Math.min(...writers.map((one) => one.bornMs));
}

type KeyCursor = { key: IDBValidKey; primaryKey: IDBValidKey };
type Walkable = {
  openCursor(range?: IDBKeyRange | null, direction?: IDBCursorDirection): Promise<(KeyCursor & { value: Mark }) | null>;
};

/** Of these writers those that have something waiting, with the birth of their oldest; one look-up a writer, never a scan. */
export async function waitingWriters(
  index: Walkable,
  ends: Iterable<{ writerId: string; seq: number }>,
  floors: Floors,
): Promise<{ writerId: string; bornMs: number; referral: boolean }[]> {
  const found: { writerId: string; bornMs: number; referral: boolean }[] = [];
  // The oldest referral is the last of its group.
  const referral = await index.openCursor(IDBKeyRange.bound([0], [1], false, true), 'prev');
  if (referral !== null) {
    found.push({ writerId: referral.value.writerId, bornMs: bornMs(referral.value.entryId), referral: true });
  }
  for (const { writerId, seq } of ends) {
    if (found.length >= limits.writers) break;
    if ((floors.get(writerId) ?? 0) > seq) continue;
    const first = await index.openCursor(unsentRange(writerId, floors));
    if (first === null) continue;
    floors.set(writerId, first.value.seq);
    found.push({ writerId, bornMs: bornMs(first.value.entryId), referral: false });
  }
  return found;
}

/** As many from the front as fit into `bytesMax` of JSON, at least one: a single large entry must go too. */
export function cutToBytes(entries: readonly Envelope[], bytesMax: number): Envelope[] {
  // No character of a JSON text takes more than three bytes, escaped or not: most batches need no closer look.
  if (entries.reduce((sum, one) => sum + 300 + 3 * one.bytes.length, 0) <= bytesMax) return [...entries];
  let bytes = 0;
  const cut = entries.findIndex((entry, index) => {
    // Identity, quotes and commas around `bytes` are under 300; its own quotes are escaped once more in the body.
    bytes += 300 + utf8.encode(JSON.stringify(entry.bytes)).length;
    return bytes > bytesMax && index > 0;
  });
  return cut === -1 ? [...entries] : entries.slice(0, cut);
}
