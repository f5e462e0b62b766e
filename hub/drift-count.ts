// Counts the readings of new `check` entries by gate, site, hour and value, each entry once, writer by writer up to its
// watermark. Called by drift.
import { checkEntry } from '../src/contracts/entry.ts';
import type { CheckBody, EntryHead } from '../src/domain/entry.ts';
import { inTransaction, type Pool, type Tx } from './database.ts';

export const limits = { pageEntries: 2_000, writersPerRun: 500, keepMs: 8 * 86_400_000 } as const;
export const hourMs = 3_600_000;

/** Counts what is new; answers how many readings. What another hub process is counting at the moment is left to it. */
export async function countReadings(pool: Pool, nowMs: number): Promise<number> {
  const waiting = await pool.query<{ writer_id: string }>(
    `select w.writer_id from writers w left join drift_progress p using (writer_id)
     where w.watermark > coalesce(p.done_seq, 0) order by w.writer_id limit $1`,
    [limits.writersPerRun],
  );
  let counted = 0;
  for (const { writer_id: writerId } of waiting.rows) {
    for (let more = true; more; ) {
      const page = await inTransaction(pool, (tx) => countPage(tx, writerId, nowMs));
      counted += page.counted;
      more = page.more;
    }
  }
  await pool.query('delete from drift_counts where hour_ms < $1', [nowMs - limits.keepMs]);
  return counted;
}

async function countPage(tx: Tx, writerId: string, nowMs: number): Promise<{ counted: number; more: boolean }> {
  await tx.query('insert into drift_progress (writer_id) values ($1) on conflict do nothing', [writerId]);
  const locked = await tx.query<{ done_seq: number }>(
    'select done_seq from drift_progress where writer_id = $1 for update skip locked',
    [writerId],
  );
  const from = locked.rows[0]?.done_seq;
  if (from === undefined) return { counted: 0, more: false };
  const rows = await tx.query<{ seq: number; station_id: string; kind: string; bytes: string }>(
    `select e.seq, e.station_id, e.kind, e.bytes from entries e join writers w using (writer_id)
     where e.writer_id = $1 and e.seq > $2 and e.seq <= w.watermark order by e.seq limit $3`,
    [writerId, from, limits.pageEntries],
  );
  const counts = new Map<string, { s: string; t: string; h: number; c: number; n: number }>();
  for (const row of rows.rows) {
    const found = row.kind === 'check' ? readingOf(row.bytes) : null;
    if (found === null || found.hour < nowMs - limits.keepMs || found.hour > nowMs + hourMs) continue;
    const key = `${row.station_id} ${found.site} ${found.hour} ${found.centi}`;
    const known = counts.get(key) ?? { s: row.station_id, t: found.site, h: found.hour, c: found.centi, n: 0 };
    counts.set(key, { ...known, n: known.n + 1 });
  }
  await tx.query(
    `insert into drift_counts (station_id, site, hour_ms, centi, n)
     select s, t, h, c, n from json_to_recordset($1::json) as r (s text, t text, h bigint, c integer, n bigint)
     on conflict (station_id, site, hour_ms, centi) do update set n = drift_counts.n + excluded.n`,
    [JSON.stringify([...counts.values()])],
  );
  const isLast = rows.rows.length < limits.pageEntries;
  // Places that hold no entry (set aside, conflicts) are passed over with the last page.
  const end = isLast ? `greatest($2, (select watermark from writers where writer_id = $1))` : '$2::bigint';
  const last = rows.rows.at(-1)?.seq ?? from;
  await tx.query(`update drift_progress set done_seq = ${end} where writer_id = $1`, [writerId, last]);
  const counted = [...counts.values()].reduce((sum, { n }) => sum + n, 0);
  return { counted, more: !isLast };
}

/** The live infrared value that governed a verdict, and its hour; null for everything else. */
function readingOf(bytes: string): { site: string; hour: number; centi: number } | null {
  const parsed = checkEntry.safeParse(JSON.parse(bytes));
  if (!parsed.success) return null;
  const entry: EntryHead & CheckBody = parsed.data;
  const reading = entry.shownTenths === null ? undefined : entry.readings.at(-1);
  if (reading === undefined || reading.method !== 'infrared' || reading.manual) return null;
  const atMs = entry.wallMs + (entry.hubOffsetMs ?? 0);
  return { site: reading.site, hour: Math.floor(atMs / hourMs) * hourMs, centi: reading.centiCelsius };
}
