// How far each writer is sealed: two backups of the present epoch hold it, and it is older than the age. Advanced by the hub's sweep,
// told to stations by GET /hub/station/holdings.
import { type HoldingsAnswer, limits as holdingsLimits } from '../src/contracts/holdings.ts';
import { contractVersion } from '../src/contracts/kit.ts';
import { type Db, inTransaction, type Pool, type Tx } from './database.ts';

/**
 * `inFlightMs`: an entry is stamped before its commit, so one stamped shortly before a backup may not be in it; far above the longest
 * transaction. `step`: places of a writer looked at in one transaction; `steps`: in one sweep.
 */
export const limits = { ageMs: 14 * 86_400_000, inFlightMs: 3_600_000, step: 10_000, steps: 50 } as const;

/** The latest instant of receipt that may be forgotten; null while the present epoch has fewer than two backups. */
export async function sealedBefore(db: Db, nowMs: number): Promise<{ epoch: string; beforeMs: number } | null> {
  const rows = await db.query<{ epoch: string; taken_ms: number }>(
    `select epoch, taken_ms from backups join meta using (epoch) where taken_ms <= $1 order by taken_ms desc limit 2`,
    [nowMs],
  );
  const second = rows.rows[1];
  if (second === undefined) return null;
  return {
    epoch: second.epoch,
    beforeMs: Math.min(nowMs - limits.ageMs, second.taken_ms - limits.inFlightMs),
  };
}

/** Advances seals as far as the backups allow; answers by how many places. Repeating it changes nothing. */
export async function advanceSeals(pool: Pool, nowMs: number): Promise<number> {
  let sealed = 0;
  for (let step = 0; step < limits.steps; step++) {
    const moved = await inTransaction(pool, (tx) => advanceOne(tx, nowMs));
    if (moved === null) break;
    sealed += moved;
  }
  return sealed;
}

/** One writer by at most a step; null when nothing is left to do. */
async function advanceOne(tx: Tx, nowMs: number): Promise<number | null> {
  const limit = await sealedBefore(tx, nowMs);
  if (limit === null) return null;
  const { epoch, beforeMs } = limit;
  const due = await tx.query<{ writer_id: string; from: number; to: number }>(
    `select w.writer_id, s.seq as "from", least(w.watermark, s.seq + $3) as "to"
     from writers w cross join lateral (
       select coalesce((select seq from seals where writer_id = w.writer_id and epoch = $1), 0) as seq) s
     where w.watermark > s.seq and exists (
       select 1 from entries e where e.writer_id = w.writer_id and e.seq = s.seq + 1 and e.received_ms < $2
       union all select 1 from set_aside a where a.writer_id = w.writer_id and a.seq = s.seq + 1 and a.received_ms < $2
       union all select 1 from conflicts c where c.writer_id = w.writer_id and c.seq = s.seq + 1 and c.received_ms < $2)
     order by w.writer_id limit 1`,
    [epoch, beforeMs, limits.step],
  );
  const writer = due.rows[0];
  if (writer === undefined) return null;
  // Whatever stands in a place counts with its youngest: a conflict that came late holds its place back.
  const young = await tx.query<{ seq: number | null }>(
    `select min(seq) as seq from (
       select seq from entries where writer_id = $1 and seq > $2 and seq <= $3 and received_ms >= $4
       union all select seq from set_aside where writer_id = $1 and seq > $2 and seq <= $3 and received_ms >= $4
       union all select seq from conflicts where writer_id = $1 and seq > $2 and seq <= $3 and received_ms >= $4) places`,
    [writer.writer_id, writer.from, writer.to, beforeMs],
  );
  const to = (young.rows[0]?.seq ?? writer.to + 1) - 1;
  if (to <= writer.from) return null;
  await tx.query(
    `insert into seals (writer_id, epoch, seq) values ($1, $2, $3)
     on conflict (writer_id) do update set epoch = excluded.epoch, seq = excluded.seq
     where seals.epoch <> excluded.epoch or seals.seq < excluded.seq`,
    [writer.writer_id, epoch, to],
  );
  return to - writer.from;
}

/** What this hub holds of a station: newest writers first. The seal is told at the last place that holds an entry, by its hash. */
export async function holdingsOf(db: Db, stationId: string, nowMs: number): Promise<HoldingsAnswer> {
  const meta = await db.query<{ epoch: string }>('select epoch from meta');
  const epoch = meta.rows[0]?.epoch;
  if (epoch === undefined) throw new Error('the hub has no meta row');
  const rows = await db.query<{ writerId: string; watermark: number; seq: number | null; hash: string | null }>(
    `select w.writer_id as "writerId", w.watermark, e.seq, e.hash
     from writers w left join seals s on s.writer_id = w.writer_id and s.epoch = $2
     left join lateral (select seq, hash from entries where writer_id = w.writer_id and seq <= s.seq
       order by seq desc limit 1) e on true
     where w.station_id = $1 and coalesce(w.owner_id, $1) = $1
     order by w.first_seen_ms desc, w.writer_id limit $3`,
    [stationId, epoch, holdingsLimits.writers],
  );
  const writers = rows.rows.map(({ writerId, watermark, seq, hash }) => ({
    writerId,
    watermark,
    sealed: seq === null || hash === null ? null : { seq, hash },
  }));
  return { contract: contractVersion, epoch, hubNowMs: nowMs, writers };
}
