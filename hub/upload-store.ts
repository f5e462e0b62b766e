// Puts a judged batch into the tables inside the caller's transaction: entries, set-asides, conflicts, chain faults and the
// writer's watermark. Called by uploads.ts.
import type { ReceiptStatus } from '../src/contracts/upload.ts';
import { genesisHash } from '../src/domain/chain.ts';
import type { Entry, Envelope } from '../src/domain/entry.ts';
import type { Tx } from './database.ts';
import { chainHash, type Judged, rawText, sha256Of } from './upload-check.ts';

export type Good = { envelope: Envelope; entry: Entry };
type Batch = { stationId: string; writerId: string; nowMs: number; judged: readonly Judged[] };
type Stored = { statuses: ReceiptStatus[]; fresh: Good[]; watermark: number };

/** Stores the batch and answers a status for each item, what is new, and the watermark. */
export async function storeBatch(tx: Tx, batch: Batch): Promise<Stored> {
  const writer = await lockWriter(tx, batch);
  const hashes = await neighbourHashes(tx, batch);
  const occupied = await occupiedElsewhere(tx, batch);
  const statuses: ReceiptStatus[] = new Array<ReceiptStatus>(batch.judged.length).fill('set-aside');
  const aside: Extract<Judged, { ok: false }>[] = [];
  const candidates = new Map<number, { good: Good; index: number }>();
  const conflicts: { envelope: Envelope; against: 'seq' | 'id' }[] = [];
  const broken: { envelope: Envelope; index: number }[] = [];
  for (const [index, item] of batch.judged.entries()) {
    if (!item.ok) {
      aside.push(item);
      continue;
    }
    const { envelope } = item;
    const first = candidates.get(envelope.seq);
    // A repeat of what was set aside for its hash is told the same again.
    if (occupied.get(envelope.seq)?.has(sha256Of(rawText(envelope)))) continue;
    if (occupied.has(envelope.seq) || (first !== undefined && !isSame(first.good.envelope, envelope))) {
      conflicts.push({ envelope, against: 'seq' });
      statuses[index] = 'conflict';
    } else if (first !== undefined) {
      statuses[index] = 'duplicate';
    } else if (!follows(envelope, hashes)) {
      broken.push({ envelope, index });
    } else {
      candidates.set(envelope.seq, { good: item, index });
    }
  }
  // What is stored already stays a duplicate, also when a neighbour that came later has shown its chain to be broken.
  const stays = await compareWithStored(
    tx,
    batch.writerId,
    broken.map(({ envelope }) => envelope),
  );
  for (const [at, { envelope, index }] of broken.entries()) {
    if (stays[at] === 'same') statuses[index] = 'duplicate';
    else aside.push({ ...envelope, ok: false, raw: rawText(envelope), reason: 'hash' });
  }
  const fresh: Good[] = [];
  const stored = await insertEntries(
    tx,
    batch,
    [...candidates.values()].map(({ good }) => good),
  );
  const rest = [...candidates.values()].filter(({ good }) => !stored.has(good.envelope.seq));
  for (const { good, index } of candidates.values()) {
    if (!stored.has(good.envelope.seq)) continue;
    statuses[index] = 'stored';
    fresh.push(good);
  }
  const verdicts = await compareWithStored(
    tx,
    batch.writerId,
    rest.map(({ good }) => good.envelope),
  );
  for (const [at, { good, index }] of rest.entries()) {
    const against = verdicts[at] ?? 'seq';
    statuses[index] = against === 'same' ? 'duplicate' : 'conflict';
    if (against !== 'same') conflicts.push({ envelope: good.envelope, against });
  }
  await insertAside(tx, batch, aside);
  await insertConflicts(tx, batch, conflicts);
  await flagBrokenNeighbours(tx, batch, fresh);
  const seqs = batch.judged.map((item) => (item.ok ? item.envelope.seq : item.seq)).filter((seq) => seq > 0);
  return { statuses, fresh, watermark: await raiseWatermark(tx, batch.writerId, writer, seqs) };
}

async function lockWriter(tx: Tx, batch: Batch): Promise<{ watermark: number; topSeq: number }> {
  const row = await tx.query<{ watermark: number; top_seq: number }>(
    `insert into writers (writer_id, station_id, first_seen_ms) values ($1, $2, $3)
     on conflict (writer_id) do update set writer_id = excluded.writer_id returning watermark, top_seq`,
    [batch.writerId, batch.stationId, batch.nowMs],
  );
  return { watermark: row.rows[0]?.watermark ?? 0, topSeq: row.rows[0]?.top_seq ?? 0 };
}

/** Every hash that an entry of this batch may follow: in the batch, in the tables, also of what was set aside or conflicts. */
async function neighbourHashes(tx: Tx, batch: Batch): Promise<Map<number, Set<string>>> {
  const hashes = new Map<number, Set<string>>([[0, new Set([genesisHash(batch.writerId)])]]);
  const add = (seq: number, hash: string | null) => {
    if (hash === null) return;
    const there = hashes.get(seq);
    if (there === undefined) hashes.set(seq, new Set([hash]));
    else there.add(hash);
  };
  const before = new Set<number>();
  for (const item of batch.judged) {
    const { seq, hash } = item.ok ? item.envelope : item;
    if (seq < 1) continue;
    add(seq, hash);
    before.add(seq - 1);
  }
  const rows = await tx.query<{ seq: number; hash: string | null }>(
    `select seq, hash from entries where writer_id = $1 and seq = any($2::bigint[])
     union all select seq, hash from set_aside where writer_id = $1 and seq = any($2::bigint[])
     union all select seq, hash from conflicts where writer_id = $1 and seq = any($2::bigint[])`,
    [batch.writerId, [...before].filter((seq) => seq > 0 && !hashes.has(seq))],
  );
  for (const row of rows.rows) add(row.seq, row.hash);
  return hashes;
}

/** True when the hash follows from one that is known, or when none is known yet (the neighbour will tell). */
function follows(envelope: Envelope, hashes: Map<number, Set<string>>): boolean {
  const before = hashes.get(envelope.seq - 1);
  if (before === undefined) return true;
  for (const hash of before) if (chainHash(hash, envelope.bytes) === envelope.hash) return true;
  return false;
}

/** Places that a set-aside or conflicting item holds and no entry does, each with what was set aside there. */
async function occupiedElsewhere(tx: Tx, batch: Batch): Promise<Map<number, Set<string>>> {
  const seqs = batch.judged.flatMap((item) => (item.ok ? [item.envelope.seq] : []));
  const rows = await tx.query<{ seq: number; aside: string | null }>(
    `select seq, aside from (
       select seq, raw_sha256 as aside from set_aside where writer_id = $1 and seq = any($2::bigint[])
       union all select seq, null from conflicts where writer_id = $1 and seq = any($2::bigint[])) held
     where not exists (select 1 from entries e where e.writer_id = $1 and e.seq = held.seq)`,
    [batch.writerId, seqs],
  );
  const occupied = new Map<number, Set<string>>();
  for (const { seq, aside } of rows.rows) {
    const there = occupied.get(seq) ?? new Set<string>();
    if (aside !== null) there.add(aside);
    occupied.set(seq, there);
  }
  return occupied;
}

async function insertEntries(tx: Tx, batch: Batch, items: readonly Good[]): Promise<Set<number>> {
  if (items.length === 0) return new Set();
  const rows = items.map(({ envelope, entry }) => ({
    s: envelope.seq,
    i: envelope.entryId,
    h: envelope.hash,
    b: envelope.bytes,
    k: entry.kind,
    c:
      entry.kind === 'contact-reading'
        ? entry.caseId
        : entry.kind === 'check' && entry.raisesCase
          ? envelope.entryId
          : null,
    w: entry.wallMs,
  }));
  const stored = await tx.query<{ seq: number }>(
    `insert into entries (writer_id, seq, entry_id, hash, bytes, station_id, kind, case_id, wall_ms, received_ms)
     select $2::uuid, s, i, h, b, $3, k, c, w, $4
     from json_to_recordset($1::json) as r (s bigint, i uuid, h text, b text, k text, c uuid, w bigint)
     order by s
     on conflict do nothing returning seq`,
    [JSON.stringify(rows), batch.writerId, batch.stationId, batch.nowMs],
  );
  return new Set(stored.rows.map((row) => row.seq));
}

/** ON CONFLICT DO NOTHING hides changed content: what was not stored is read back and compared. */
async function compareWithStored(
  tx: Tx,
  writerId: string,
  rest: readonly Envelope[],
): Promise<('same' | 'seq' | 'id')[]> {
  if (rest.length === 0) return [];
  const rows = await tx.query<{ writer_id: string; seq: number; entry_id: string; hash: string; bytes: string }>(
    `select writer_id, seq, entry_id, hash, bytes from entries where writer_id = $1 and seq = any($2::bigint[])
     union select writer_id, seq, entry_id, hash, bytes from entries where entry_id = any($3::uuid[])`,
    [writerId, rest.map(({ seq }) => seq), rest.map(({ entryId }) => entryId)],
  );
  const bySeq = new Map(rows.rows.filter((row) => row.writer_id === writerId).map((row) => [row.seq, row]));
  return rest.map((envelope) => {
    const there = bySeq.get(envelope.seq);
    if (there === undefined) return 'id';
    return isSame({ ...there, entryId: there.entry_id }, envelope) ? 'same' : 'seq';
  });
}

function isSame(a: Pick<Envelope, 'entryId' | 'hash' | 'bytes'>, b: Envelope): boolean {
  return a.entryId === b.entryId && a.hash === b.hash && a.bytes === b.bytes;
}

async function insertAside(tx: Tx, batch: Batch, items: readonly Extract<Judged, { ok: false }>[]): Promise<void> {
  for (const item of items) {
    await tx.query(
      `insert into set_aside (writer_id, seq, raw_sha256, entry_id, hash, raw, reason, station_id, received_ms)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
      [
        batch.writerId,
        item.seq,
        sha256Of(item.raw),
        item.entryId,
        item.hash,
        Buffer.from(item.raw),
        item.reason,
        batch.stationId,
        batch.nowMs,
      ],
    );
  }
}

async function insertConflicts(
  tx: Tx,
  batch: Batch,
  items: readonly { envelope: Envelope; against: 'seq' | 'id' }[],
): Promise<void> {
  for (const { envelope, against } of items) {
    const raw = rawText(envelope);
    await tx.query(
      `insert into conflicts (writer_id, seq, raw_sha256, entry_id, hash, raw, against, station_id, received_ms)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
      [
        batch.writerId,
        envelope.seq,
        sha256Of(raw),
        envelope.entryId,
        envelope.hash,
        Buffer.from(raw),
        against,
        batch.stationId,
        batch.nowMs,
      ],
    );
  }
}

/** Entries that came before their neighbour could not be verified then; now they can. */
async function flagBrokenNeighbours(tx: Tx, batch: Batch, fresh: readonly Good[]): Promise<void> {
  const here = new Set(fresh.map(({ envelope }) => envelope.seq));
  const hashBefore = new Map(fresh.map(({ envelope }) => [envelope.seq + 1, envelope.hash]));
  const after = [...hashBefore.keys()].filter((seq) => !here.has(seq));
  const rows = await tx.query<{ seq: number; hash: string; bytes: string }>(
    'select seq, hash, bytes from entries where writer_id = $1 and seq = any($2::bigint[])',
    [batch.writerId, after],
  );
  for (const row of rows.rows) {
    if (chainHash(hashBefore.get(row.seq) ?? '', row.bytes) === row.hash) continue;
    await tx.query('insert into chain_faults (writer_id, seq, found_ms) values ($1, $2, $3) on conflict do nothing', [
      batch.writerId,
      row.seq,
      batch.nowMs,
    ]);
  }
}

/** Goes on over what this batch occupies, and over what lay beyond a gap that is now closed. */
async function raiseWatermark(
  tx: Tx,
  writerId: string,
  writer: { watermark: number; topSeq: number },
  seqs: readonly number[],
): Promise<number> {
  const here = new Set(seqs);
  let watermark = writer.watermark;
  while (here.has(watermark + 1)) watermark++;
  const topSeq = seqs.reduce((top, seq) => Math.max(top, seq), writer.topSeq);
  if (topSeq > watermark && watermark > writer.watermark) {
    const run = await tx.query<{ top: number | null }>(
      `select max(seq) as top from (
         select seq, seq - row_number() over (order by seq) as gap from (
           select seq from entries where writer_id = $1 and seq > $2
           union select seq from set_aside where writer_id = $1 and seq > $2
           union select seq from conflicts where writer_id = $1 and seq > $2) occupied) numbered
       where gap = $2`,
      [writerId, watermark],
    );
    watermark = run.rows[0]?.top ?? watermark;
  }
  if (watermark !== writer.watermark || topSeq !== writer.topSeq) {
    await tx.query('update writers set watermark = $2, top_seq = $3 where writer_id = $1', [
      writerId,
      watermark,
      topSeq,
    ]);
  }
  return watermark;
}
