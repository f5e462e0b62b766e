// What was refused or does not fit, for the office and the auditor: counts by station, never contents. GET /hub/faults.
import type { Db } from './database.ts';

export type Fault = {
  kind: 'set-aside' | 'conflict' | 'chain' | 'gap';
  stationId: string;
  writerId: string;
  seq: number;
  reason: string;
};
export const limits = { rows: 1_000 } as const;

/** Newest first: set-aside and conflicting entries, entries whose hash does not follow, and writers with a gap. */
export async function faultsOf(db: Db): Promise<Fault[]> {
  const rows = await db.query<Fault>(
    `select kind, "stationId", "writerId", seq, reason from (
       select 'set-aside' as kind, station_id as "stationId", writer_id as "writerId", seq, reason, received_ms as at from set_aside
       union all select 'conflict', station_id, writer_id, seq, against, received_ms from conflicts
       union all select 'chain', w.station_id, c.writer_id, c.seq, 'hash', c.found_ms from chain_faults c join writers w using (writer_id)
       union all select 'gap', station_id, writer_id, watermark + 1, 'missing', first_seen_ms from writers where top_seq > watermark) all_faults
     order by at desc, seq limit $1`,
    [limits.rows],
  );
  return rows.rows;
}
