// Rows of the feed are kept for some days and then go; what has gone is remembered, so that a cursor which still needs it is told to
// begin anew instead of missing it. Called by the hub's sweep and by feed.ts.
import { type Db, inTransaction, type Pool } from './database.ts';
import { type Cursor, retired } from './feed-cursor.ts';
import { cliTexts } from './texts.ts';

/** `days`: the default, and what may be set; `rows`: deleted in one transaction, `steps` of them in one sweep. */
export const limits = { days: { usual: 30, min: 2, max: 3_650 }, rows: 5_000, steps: 20 } as const;

/** FEED_DAYS of the environment; throws a RangeError that names the bounds. */
export function feedDaysOf(text: string | undefined): number {
  if (text === undefined || text === '') return limits.days.usual;
  const days = Number(text);
  if (/^\d{1,4}$/.test(text) && days >= limits.days.min && days <= limits.days.max) return days;
  throw new RangeError(cliTexts.badFeedDays(limits.days.min, limits.days.max));
}

/** Deletes rows told before `beforeMs`, oldest of each process first, and raises its floor with them. Answers how many went. */
export async function pruneFeed(pool: Pool, beforeMs: number): Promise<number> {
  let gone = 0;
  for (let step = 0; step < limits.steps; step++) {
    const done = await inTransaction(pool, async (tx) => {
      // Up to the first row of its process that is young: a clock that was set back must not tear a hole.
      const old = await tx.query<{ process_id: string; n: number }>(
        `select process_id, coalesce((select min(y.n) - 1 from feed y
             where y.process_id = due.process_id and y.n < due.n and y.at_ms >= $1), due.n) as n
         from (select process_id, max(n) as n from (
             select process_id, n from feed where at_ms < $1 order by at_ms limit $2) old
           group by process_id) due`,
        [beforeMs, limits.rows],
      );
      let rows = 0;
      for (const { process_id, n } of old.rows) {
        await tx.query(
          `insert into feed_floors (process_id, n) values ($1, $2)
           on conflict (process_id) do update set n = greatest(feed_floors.n, excluded.n)`,
          [process_id, n],
        );
        const deleted = await tx.query('delete from feed where process_id = $1 and n <= $2', [process_id, n]);
        rows += deleted.rowCount ?? 0;
      }
      return rows;
    });
    gone += done;
    if (done < limits.rows) break;
  }
  await retire(pool);
  return gone;
}

/**
 * Processes of which no row is kept leave the heads, so that cursors do not grow with every start of a hub. Whoever was not there to
 * be told of it begins anew. One that still runs is back with its next row.
 */
async function retire(pool: Pool): Promise<void> {
  await inTransaction(pool, async (tx) => {
    const left = await tx.query<{ process_id: string }>(
      `delete from feed_heads h using feed_floors f
       where f.process_id = h.process_id and f.n >= h.n and h.process_id <> $1 returning h.process_id`,
      [retired],
    );
    if (left.rows.length === 0) return;
    await tx.query('delete from feed_floors where process_id = any($1)', [left.rows.map((row) => row.process_id)]);
    for (const table of ['feed_heads', 'feed_floors'])
      await tx.query(
        `insert into ${table} as t (process_id, n) values ($1, 1) on conflict (process_id) do update set n = t.n + 1`,
        [retired],
      );
  });
}

/** True when rows behind this cursor are no longer kept. */
export async function isTooOld(db: Db, cursor: Cursor): Promise<boolean> {
  const floors = await db.query<{ process_id: string; n: number }>('select process_id, n from feed_floors');
  return floors.rows.some(({ process_id, n }) => (cursor.get(process_id) ?? 0) < n);
}
