// What the office page asks: faults with their station, how each station stands, and raw bytes one by one. Called by routes-office.ts.

import { contractVersion } from '../src/contracts/kit.ts';
import { limits, type OfficeAnswer, type OfficeFault, type OfficeStation } from '../src/contracts/office.ts';
import type { Db } from './database.ts';

/** Faults newest first, stations in the order they were added. */
export async function officeView(db: Db, nowMs: number): Promise<OfficeAnswer> {
  const counts = await db.query<OfficeAnswer['counts']>(
    `select (select count(*) from set_aside) as "setAside", (select count(*) from conflicts) as conflicts,
       (select count(*) from chain_faults) as chain, (select count(*) from writers where top_seq > watermark) as gaps`,
  );
  const row = counts.rows[0];
  if (row === undefined) throw new Error('a count has no row');
  const [faults, stations] = [await faultsOf(db), await stationsOf(db)];
  return { contract: contractVersion, hubNowMs: nowMs, counts: row, faults, stations };
}

async function faultsOf(db: Db): Promise<OfficeFault[]> {
  const rows = await db.query<Omit<OfficeFault, 'station'> & { id: string; name: string; campus: string }>(
    `select kind, f.station_id as id, coalesce(s.name, '') as name, coalesce(s.campus, '') as campus, "writerId", seq, reason,
       at as "atMs", sha256
     from (
       select 'set-aside' as kind, station_id, writer_id as "writerId", seq, reason, received_ms as at, raw_sha256 as sha256 from set_aside
       union all select 'conflict', station_id, writer_id, seq, against, received_ms, raw_sha256 from conflicts
       union all select 'chain', w.station_id, c.writer_id, c.seq, 'hash', c.found_ms, null from chain_faults c join writers w using (writer_id)
       union all select 'gap', station_id, writer_id, watermark + 1, 'missing', first_seen_ms, null from writers where top_seq > watermark
     ) f left join stations s on s.station_id = f.station_id
     order by at desc, seq limit $1`,
    [limits.faults],
  );
  return rows.rows.map(({ id, name, campus, ...fault }) => ({ ...fault, station: { id, name, campus } }));
}

async function stationsOf(db: Db): Promise<OfficeStation[]> {
  const rows = await db.query<Omit<OfficeStation, 'station'> & { id: string; name: string; campus: string }>(
    `select s.station_id as id, s.name, s.campus, s.code,
       case when s.revoked_ms is not null then 'revoked'
         when exists (select 1 from station_keys k where k.station_id = s.station_id and k.ended_ms is null) then 'signed'
         else 'unsigned' end as standing,
       coalesce(w.writers, 0) as writers, coalesce(w.received, 0)::bigint as received, coalesce(w.gaps, 0) as gaps, w.last as "lastMs"
     from stations s left join lateral (
       select count(*) as writers, sum(watermark) as received, count(*) filter (where top_seq > watermark) as gaps,
         max((select received_ms from entries e where e.writer_id = writers.writer_id order by seq desc limit 1)) as last
       from writers where writers.station_id = s.station_id) w on true
     order by s.created_ms, s.station_id limit $1`,
    [limits.stations],
  );
  return rows.rows.map(({ id, name, campus, ...station }) => ({ ...station, station: { id, name, campus } }));
}

export type RawPlace = { kind: 'set-aside' | 'conflict'; writerId: string; seq: number; sha256: string };

/** The bytes as they came, base64; null when nothing of this kind stands there. */
export async function rawOf(db: Db, place: RawPlace): Promise<string | null> {
  const table = place.kind === 'conflict' ? 'conflicts' : 'set_aside';
  const rows = await db.query<{ raw: Buffer }>(
    `select raw from ${table} where writer_id = $1 and seq = $2 and raw_sha256 = $3`,
    [place.writerId, place.seq, place.sha256],
  );
  return rows.rows[0]?.raw.toString('base64') ?? null;
}
