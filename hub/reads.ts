// Who read whose data: one row each, and its pages for the auditor. Called by every route that shows a person's data.
import * as z from 'zod/mini';
import { limits, type ReadRow, type ReadsAnswer } from '../src/contracts/admin.ts';
import { int, text } from '../src/contracts/kit.ts';
import { dayMs, startOfDayMs } from '../src/domain/campus-day.ts';
import type { Db } from './database.ts';
import { Refusal } from './refusal.ts';

/** Logs one read in the database, never in the process log: `what` is its kind, `target` an id, never a name. */
export async function noteRead(db: Db, staffId: string, nowMs: number, what: string, target: string): Promise<void> {
  await db.query('insert into reads (staff_id, at_ms, what, target) values ($1, $2, $3, $4) on conflict do nothing', [
    staffId,
    nowMs,
    what,
    target.slice(0, 200),
  ]);
}

/** The primary key of the last row of a page, in the order of the pages. */
const place = z.tuple([int, text, text, text]);

/** One page, newest first. Throws a Refusal for a cursor that is not one. */
export async function readsPage(
  db: Db,
  query: { staff?: string | undefined; day?: string | undefined; before?: string | undefined },
): Promise<Pick<ReadsAnswer, 'reads' | 'next'>> {
  const [atMs, staffId, what, target] = query.before === undefined ? [null, null, null, null] : placeOf(query.before);
  const fromMs = query.day === undefined ? null : startOfDayMs(query.day);
  const rows = await db.query<{
    at_ms: number;
    staff_id: string;
    name: string;
    role: string;
    what: string;
    target: string;
  }>(
    `select at_ms, staff_id, coalesce(name, '') as name, coalesce(role, '') as role, what, target
     from reads left join staff using (staff_id)
     where ($1::text is null or staff_id = $1) and ($2::bigint is null or (at_ms >= $2 and at_ms < $3))
       and ($4::bigint is null or (at_ms, staff_id, what, target) < ($4, $5, $6, $7))
     order by at_ms desc, staff_id desc, what desc, target desc limit $8`,
    [
      query.staff ?? null,
      fromMs,
      fromMs === null ? null : fromMs + dayMs,
      atMs,
      staffId,
      what,
      target,
      limits.reads + 1,
    ],
  );
  const reads: ReadRow[] = rows.rows.slice(0, limits.reads).map((row) => ({
    atMs: row.at_ms,
    staff: { staffId: row.staff_id, name: row.name, role: row.role },
    what: row.what,
    target: row.target,
  }));
  const last = rows.rows.length > limits.reads ? reads.at(-1) : undefined;
  return { reads, next: last === undefined ? null : textOf([last.atMs, last.staff.staffId, last.what, last.target]) };
}

function textOf(last: z.infer<typeof place>): string {
  return Buffer.from(JSON.stringify(last), 'utf8').toString('base64url');
}

function placeOf(before: string): z.infer<typeof place> {
  try {
    return place.parse(JSON.parse(Buffer.from(before, 'base64url').toString('utf8')));
  } catch {
    throw new Refusal(400, 'cursor-unreadable');
  }
}
