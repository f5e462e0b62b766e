// The shelf of upload-rules.ts on PostgreSQL, inside the caller's transaction: entries, set-asides, conflicts, chain faults and
// the writer's watermark. Called by uploads.ts.
import type { Tx } from './database.ts';
import { epochBegins } from './roster-version.ts';
import { rawText, sha256Of } from './upload-check.ts';
import type { AsideItem, Conflict, Good, Shelf, StoredRow } from './upload-rules.ts';

/** `signed`: the station has signed this batch, and so owns its writer if nobody does yet. */
type Place = { stationId: string; writerId: string; nowMs: number; signed?: boolean };

/** One writer's places; every statement runs on `tx`. */
export function shelfOf(tx: Tx, place: Place): Shelf {
  const { writerId, stationId, nowMs } = place;
  return {
    async lockWriter() {
      const row = await tx.query<{ watermark: number; top_seq: number; owner_id: string | null }>(
        `insert into writers (writer_id, station_id, owner_id, first_seen_ms) values ($1, $2, $3, $4)
         on conflict (writer_id) do update set owner_id = coalesce(writers.owner_id, excluded.owner_id)
         returning watermark, top_seq, owner_id`,
        [writerId, stationId, place.signed === true ? stationId : null, nowMs],
      );
      const owner = row.rows[0]?.owner_id ?? null;
      const foreign = owner !== null && owner !== stationId;
      return { watermark: row.rows[0]?.watermark ?? 0, topSeq: row.rows[0]?.top_seq ?? 0, foreign };
    },
    async hashesAt(seqs) {
      const rows = await tx.query<{ seq: number; hash: string | null }>(
        `select seq, hash from entries where writer_id = $1 and seq = any($2::bigint[])
         union all select seq, hash from set_aside where writer_id = $1 and seq = any($2::bigint[])
         union all select seq, hash from conflicts where writer_id = $1 and seq = any($2::bigint[])`,
        [writerId, seqs],
      );
      return rows.rows;
    },
    async heldWithoutEntry(seqs) {
      const rows = await tx.query<{ seq: number; aside: string | null }>(
        `select seq, aside from (
           select seq, raw_sha256 as aside from set_aside where writer_id = $1 and seq = any($2::bigint[])
           union all select seq, null from conflicts where writer_id = $1 and seq = any($2::bigint[])) held
         where not exists (select 1 from entries e where e.writer_id = $1 and e.seq = held.seq)`,
        [writerId, seqs],
      );
      return rows.rows;
    },
    insertEntries: (items) => insertEntries(tx, place, items),
    async storedLike(seqs, entryIds) {
      const rows = await tx.query<StoredRow>(
        `select writer_id as "writerId", seq, entry_id as "entryId", hash, bytes
           from entries where writer_id = $1 and seq = any($2::bigint[])
         union select writer_id, seq, entry_id, hash, bytes from entries where entry_id = any($3::uuid[])`,
        [writerId, seqs, entryIds],
      );
      return rows.rows;
    },
    keepAside: (items) => keepAside(tx, place, items),
    keepConflicts: (items) => keepConflicts(tx, place, items),
    async flagChainFault(seq) {
      await tx.query('insert into chain_faults (writer_id, seq, found_ms) values ($1, $2, $3) on conflict do nothing', [
        writerId,
        seq,
        nowMs,
      ]);
    },
    async endOfRun(seq) {
      const run = await tx.query<{ top: number | null }>(
        `select max(seq) as top from (
           select seq, seq - row_number() over (order by seq) as gap from (
             select seq from entries where writer_id = $1 and seq > $2
             union select seq from set_aside where writer_id = $1 and seq > $2
             union select seq from conflicts where writer_id = $1 and seq > $2) occupied) numbered
         where gap = $2`,
        [writerId, seq],
      );
      return run.rows[0]?.top ?? seq;
    },
    async saveWriter(watermark, topSeq) {
      await tx.query('update writers set watermark = $2, top_seq = $3 where writer_id = $1', [
        writerId,
        watermark,
        topSeq,
      ]);
    },
    async standing(seq) {
      const read = await tx.query<{ epoch: string; occupied: boolean }>(
        `select epoch, exists (select 1 from entries where writer_id = $1 and seq = $2)
           or exists (select 1 from set_aside where writer_id = $1 and seq = $2)
           or exists (select 1 from conflicts where writer_id = $1 and seq = $2) as occupied
         from meta`,
        [writerId, seq],
      );
      const row = read.rows[0];
      if (row === undefined) throw new Error('the hub has no meta row');
      return row;
    },
    async changeEpoch(from, to) {
      const changed = await tx.query(`update meta set ${epochBegins} where epoch = $2`, [to, from]);
      if (changed.rowCount === 1) return to;
      const now = await tx.query<{ epoch: string }>('select epoch from meta');
      return now.rows[0]?.epoch ?? from;
    },
  };
}

async function insertEntries(tx: Tx, place: Place, items: readonly Good[]): Promise<Set<number>> {
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
    [JSON.stringify(rows), place.writerId, place.stationId, place.nowMs],
  );
  return new Set(stored.rows.map((row) => row.seq));
}

async function keepAside(tx: Tx, place: Place, items: readonly AsideItem[]): Promise<void> {
  for (const item of items) {
    await tx.query(
      `insert into set_aside (writer_id, seq, raw_sha256, entry_id, hash, raw, reason, station_id, received_ms)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
      [
        place.writerId,
        item.seq,
        sha256Of(item.raw),
        item.entryId,
        item.hash,
        Buffer.from(item.raw),
        item.reason,
        place.stationId,
        place.nowMs,
      ],
    );
  }
}

async function keepConflicts(tx: Tx, place: Place, items: readonly Conflict[]): Promise<void> {
  for (const { envelope, against } of items) {
    const raw = rawText(envelope);
    await tx.query(
      `insert into conflicts (writer_id, seq, raw_sha256, entry_id, hash, raw, against, station_id, received_ms)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
      [
        place.writerId,
        envelope.seq,
        sha256Of(raw),
        envelope.entryId,
        envelope.hash,
        Buffer.from(raw),
        against,
        place.stationId,
        place.nowMs,
      ],
    );
  }
}
