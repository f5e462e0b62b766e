// The rules of receiving: what becomes of every entry of a batch, how far the watermark goes, when a new epoch begins. No SQL
// here: `Shelf` is the one seam to storage. Called by uploads.ts; the simulation runs the same rules over a store in memory.
import type { ReceiptStatus } from '../src/contracts/upload.ts';
import { genesisHash } from '../src/domain/chain.ts';
import type { Entry, Envelope } from '../src/domain/entry.ts';
import { chainHash, type Judged, rawText, sha256Of } from './upload-check.ts';

export type Good = { envelope: Envelope; entry: Entry };
export type AsideItem = Extract<Judged, { ok: false }>;
/** `against`: which identity is taken by other bytes. */
export type Conflict = { envelope: Envelope; against: 'seq' | 'id' };
export type StoredRow = Pick<Envelope, 'writerId' | 'seq' | 'entryId' | 'hash' | 'bytes'>;
/** `refused`: sound entries that found their place taken or their chain broken; whoever they tell of may still be in need. */
export type Stored = { statuses: ReceiptStatus[]; fresh: Good[]; refused: Good[]; watermark: number; foreign: boolean };

/** One writer's places within one transaction: everything or nothing of it is kept, and nothing before the commit. */
export type Shelf = {
  /**
   * Locks the writer until the transaction ends, so that its batches come one after another; makes it when it is new.
   * `foreign`: another station has signed this writer before; then nothing of this batch may occupy a place.
   */
  lockWriter(): Promise<{ watermark: number; topSeq: number; foreign?: boolean }>;
  /** Hashes that stand at these seqs, also of what was set aside (null when it had none) or conflicts. */
  hashesAt(seqs: readonly number[]): Promise<{ seq: number; hash: string | null }[]>;
  /** Those of these seqs that a set-aside or a conflict holds and no entry; `aside`: SHA-256 of what was set aside there. */
  heldWithoutEntry(seqs: readonly number[]): Promise<{ seq: number; aside: string | null }[]>;
  /** Stores what is new and answers its seqs; where a seq or an id is taken, nothing is changed. */
  insertEntries(items: readonly Good[]): Promise<Set<number>>;
  /** Entries of this writer at these seqs, and of any writer under these ids. */
  storedLike(seqs: readonly number[], entryIds: readonly string[]): Promise<StoredRow[]>;
  keepAside(items: readonly AsideItem[]): Promise<void>;
  keepConflicts(items: readonly Conflict[]): Promise<void>;
  flagChainFault(seq: number): Promise<void>;
  /** The last seq of the unbroken run of occupied places behind `seq`; `seq` itself when the next place is empty. */
  endOfRun(seq: number): Promise<number>;
  saveWriter(watermark: number, topSeq: number): Promise<void>;
  /** The epoch, and whether anything (an entry, a set-aside, a conflict) stands at `seq`. */
  standing(seq: number): Promise<{ epoch: string; occupied: boolean }>;
  /** Changes the epoch unless another transaction has; answers the one that now stands. */
  changeEpoch(from: string, to: string): Promise<string>;
};

type Sorted = {
  statuses: ReceiptStatus[];
  aside: AsideItem[];
  conflicts: Conflict[];
  candidates: Map<number, { good: Good; index: number }>;
  broken: { envelope: Envelope; index: number }[];
};

/** Stores the batch and answers a status for each item, what is new, and the watermark. */
export async function storeBatch(shelf: Shelf, writerId: string, judged: readonly Judged[]): Promise<Stored> {
  const writer = await shelf.lockWriter();
  if (writer.foreign === true) return keepForeign(shelf, writer.watermark, judged);
  const sorted = sortOut(
    judged,
    await neighbourHashes(shelf, writerId, judged),
    await occupiedElsewhere(shelf, judged, writer.topSeq),
  );
  const { statuses, aside, conflicts, candidates, broken } = sorted;
  // What is stored already stays a duplicate, also when a neighbour that came later has shown its chain to be broken.
  const stays = await compareWithStored(
    shelf,
    writerId,
    broken.map(({ envelope }) => envelope),
  );
  for (const [at, { envelope, index }] of broken.entries()) {
    if (stays[at] === 'same') statuses[index] = 'duplicate';
    else aside.push({ ...envelope, ok: false, raw: rawText(envelope), reason: 'hash' });
  }
  const all = [...candidates.values()];
  const stored = await shelf.insertEntries(all.map(({ good }) => good));
  const fresh = all.filter(({ good }) => stored.has(good.envelope.seq));
  for (const { index } of fresh) statuses[index] = 'stored';
  const rest = all.filter(({ good }) => !stored.has(good.envelope.seq));
  const verdicts = await compareWithStored(
    shelf,
    writerId,
    rest.map(({ good }) => good.envelope),
  );
  for (const [at, { good, index }] of rest.entries()) {
    const against = verdicts[at] ?? 'seq';
    statuses[index] = against === 'same' ? 'duplicate' : 'conflict';
    if (against !== 'same') conflicts.push({ envelope: good.envelope, against });
  }
  await shelf.keepAside(aside);
  await shelf.keepConflicts(conflicts);
  const goods = fresh.map(({ good }) => good);
  await flagBrokenNeighbours(shelf, writerId, goods, writer.topSeq);
  const seqs = judged.map((item) => (item.ok ? item.envelope.seq : item.seq)).filter((seq) => seq > 0);
  const refused = judged.filter((item, at): item is Good & { ok: true } => item.ok && isRefusal(statuses[at]));
  return { statuses, fresh: goods, refused, watermark: await raiseWatermark(shelf, writer, seqs), foreign: false };
}

const isRefusal = (status: ReceiptStatus | undefined) => status === 'conflict' || status === 'set-aside';

/** What another station sends under this writer is kept raw for the office, and holds no place of it. */
async function keepForeign(shelf: Shelf, watermark: number, judged: readonly Judged[]): Promise<Stored> {
  await shelf.keepAside(
    judged.map((item) => {
      const { entryId, hash } = item.ok ? item.envelope : item;
      const raw = item.ok ? rawText(item.envelope) : item.raw;
      return { ok: false, seq: 0, entryId, hash, raw, reason: 'foreign' };
    }),
  );
  return { statuses: judged.map(() => 'set-aside'), fresh: [], refused: [], watermark, foreign: true };
}

/** What can be said of each item before anything is written. */
function sortOut(
  judged: readonly Judged[],
  hashes: ReadonlyMap<number, ReadonlySet<string>>,
  occupied: ReadonlyMap<number, ReadonlySet<string>>,
): Sorted {
  const statuses: ReceiptStatus[] = new Array<ReceiptStatus>(judged.length).fill('set-aside');
  const sorted: Sorted = { statuses, aside: [], conflicts: [], candidates: new Map(), broken: [] };
  for (const [index, item] of judged.entries()) {
    if (!item.ok) {
      sorted.aside.push(item);
      continue;
    }
    const { envelope } = item;
    const first = sorted.candidates.get(envelope.seq);
    // A repeat of what was set aside for its hash is told the same again.
    if (occupied.get(envelope.seq)?.has(sha256Of(rawText(envelope)))) continue;
    if (occupied.has(envelope.seq) || (first !== undefined && !isSame(first.good.envelope, envelope))) {
      sorted.conflicts.push({ envelope, against: 'seq' });
      statuses[index] = 'conflict';
    } else if (first !== undefined) {
      statuses[index] = 'duplicate';
    } else if (!follows(envelope, hashes)) {
      sorted.broken.push({ envelope, index });
    } else {
      sorted.candidates.set(envelope.seq, { good: item, index });
    }
  }
  return sorted;
}

/** Every hash that an entry of this batch may follow: in the batch, in the tables, also of what was set aside or conflicts. */
async function neighbourHashes(
  shelf: Shelf,
  writerId: string,
  judged: readonly Judged[],
): Promise<Map<number, Set<string>>> {
  const hashes = new Map<number, Set<string>>([[0, new Set([genesisHash(writerId)])]]);
  const add = (seq: number, hash: string | null) => {
    if (hash === null) return;
    const there = hashes.get(seq);
    if (there === undefined) hashes.set(seq, new Set([hash]));
    else there.add(hash);
  };
  const before = new Set<number>();
  for (const item of judged) {
    const { seq, hash } = item.ok ? item.envelope : item;
    if (seq < 1) continue;
    add(seq, hash);
    before.add(seq - 1);
  }
  const unknown = [...before].filter((seq) => seq > 0 && !hashes.has(seq));
  if (unknown.length > 0) for (const { seq, hash } of await shelf.hashesAt(unknown)) add(seq, hash);
  return hashes;
}

/** True when the hash follows from one that is known, or when none is known yet (the neighbour will tell). */
function follows(envelope: Envelope, hashes: ReadonlyMap<number, ReadonlySet<string>>): boolean {
  const before = hashes.get(envelope.seq - 1);
  if (before === undefined) return true;
  for (const hash of before) if (chainHash(hash, envelope.bytes) === envelope.hash) return true;
  return false;
}

/** Places that a set-aside or conflicting item holds and no entry does, each with what was set aside there. */
async function occupiedElsewhere(
  shelf: Shelf,
  judged: readonly Judged[],
  topSeq: number,
): Promise<Map<number, Set<string>>> {
  const occupied = new Map<number, Set<string>>();
  // Nothing stands above the writer's top.
  const seqs = judged.flatMap((item) => (item.ok && item.envelope.seq <= topSeq ? [item.envelope.seq] : []));
  if (seqs.length === 0) return occupied;
  for (const { seq, aside } of await shelf.heldWithoutEntry(seqs)) {
    const there = occupied.get(seq) ?? new Set<string>();
    if (aside !== null) there.add(aside);
    occupied.set(seq, there);
  }
  return occupied;
}

/** What could not be inserted is read back and compared: the same bytes are a repeat, others a conflict. */
async function compareWithStored(
  shelf: Shelf,
  writerId: string,
  rest: readonly Envelope[],
): Promise<('same' | 'seq' | 'id')[]> {
  if (rest.length === 0) return [];
  const rows = await shelf.storedLike(
    rest.map(({ seq }) => seq),
    rest.map(({ entryId }) => entryId),
  );
  const bySeq = new Map(rows.filter((row) => row.writerId === writerId).map((row) => [row.seq, row]));
  return rest.map((envelope) => {
    const there = bySeq.get(envelope.seq);
    if (there === undefined) return 'id';
    return isSame(there, envelope) ? 'same' : 'seq';
  });
}

function isSame(a: Pick<Envelope, 'entryId' | 'hash' | 'bytes'>, b: Envelope): boolean {
  return a.entryId === b.entryId && a.hash === b.hash && a.bytes === b.bytes;
}

/** Entries that came before their neighbour could not be verified then; now they can. */
async function flagBrokenNeighbours(
  shelf: Shelf,
  writerId: string,
  fresh: readonly Good[],
  topSeq: number,
): Promise<void> {
  const here = new Set(fresh.map(({ envelope }) => envelope.seq));
  const hashBefore = new Map(fresh.map(({ envelope }) => [envelope.seq + 1, envelope.hash]));
  const after = [...hashBefore.keys()].filter((seq) => seq <= topSeq && !here.has(seq));
  if (after.length === 0) return;
  for (const row of await shelf.storedLike(after, [])) {
    const before = hashBefore.get(row.seq);
    if (row.writerId !== writerId || before === undefined || chainHash(before, row.bytes) === row.hash) continue;
    await shelf.flagChainFault(row.seq);
  }
}

/** Goes on over what this batch occupies, and over what lay beyond a gap that is now closed. */
async function raiseWatermark(
  shelf: Shelf,
  writer: { watermark: number; topSeq: number },
  seqs: readonly number[],
): Promise<number> {
  const here = new Set(seqs);
  let watermark = writer.watermark;
  while (here.has(watermark + 1)) watermark++;
  const topSeq = seqs.reduce((top, seq) => Math.max(top, seq), writer.topSeq);
  if (topSeq > watermark && watermark > writer.watermark) watermark = await shelf.endOfRun(watermark);
  if (watermark !== writer.watermark || topSeq !== writer.topSeq) await shelf.saveWriter(watermark, topSeq);
  return watermark;
}

/** A receipt of this epoch that the database does not know: it was restored from a backup, and a new epoch begins. */
export async function epochFor(
  shelf: Shelf,
  told: { receiptedSeq: number; epoch: string | null },
  fresh: () => string,
): Promise<{ epoch: string; newEpoch: boolean }> {
  const { epoch, occupied } = await shelf.standing(told.receiptedSeq);
  if (told.receiptedSeq === 0 || occupied || told.epoch !== epoch) return { epoch, newEpoch: false };
  const wanted = fresh();
  const stands = await shelf.changeEpoch(epoch, wanted);
  return { epoch: stands, newEpoch: stands === wanted };
}
