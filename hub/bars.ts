// Who is stopped or watched, from orders in force and open cases. Called by the downlink and by whatever changes either.
import type { Bar } from '../src/contracts/downlink.ts';
import { addDays, campusDay, dayDifference } from '../src/domain/campus-day.ts';
import type { Db } from './database.ts';
import { type Books, toAll } from './ledger.ts';

type OrderRow = {
  person_id: string;
  kind: 'isolation' | 'home' | 'hospital' | 'watch';
  begin_day: string;
  until_day: string | null;
};

/** The order that names the bar when a person has several. */
const weight: Record<OrderRow['kind'], number> = { isolation: 0, hospital: 1, home: 2, watch: 3 };

/**
 * Bars on campus day `today`, of everybody or of these people. Isolation and hospital bar until somebody ends them; home
 * observation and watch run out after their last day.
 */
export async function barsOn(db: Db, today: string, personIds: readonly string[] | null): Promise<Bar[]> {
  const orders = await db.query<OrderRow>(
    `select person_id, kind, begin_day, until_day from orders
     where ended_ms is null and (kind in ('isolation', 'hospital') or until_day is null or until_day >= $1)
       and ($2::text[] is null or person_id = any($2))`,
    [today, personIds],
  );
  const cases = await db.query<{ person_id: string; case_id: string }>(
    `select person_id, case_id from referrals where bars and person_id is not null
       and ($1::text[] is null or person_id = any($1)) order by received_ms desc, case_id desc`,
    [personIds],
  );
  const bars = new Map<string, Bar>();
  const heaviestLast = orders.rows.sort((a, b) => weight[b.kind] - weight[a.kind]);
  for (const row of heaviestLast) {
    bars.set(row.person_id, {
      personId: row.person_id,
      order: row.kind,
      orderDay: dayOfOrder(row, today),
      untilDay: row.until_day,
      beginDay: row.begin_day,
      caseId: null,
    });
  }
  // Newest first, so that the oldest open case is the one that stays.
  for (const row of cases.rows) {
    const bar = bars.get(row.person_id) ?? {
      personId: row.person_id,
      order: null,
      orderDay: null,
      untilDay: null,
      beginDay: null,
      caseId: null,
    };
    bars.set(row.person_id, { ...bar, caseId: row.case_id });
  }
  return [...bars.values()];
}

/** Tells every gate what now holds for these people; call it after the change, in the same transaction. */
export async function tellBars(db: Db, books: Books, nowMs: number, personIds: readonly string[]): Promise<void> {
  if (personIds.length === 0) return;
  const bars = new Map((await barsOn(db, campusDay(nowMs), personIds)).map((bar) => [bar.personId, bar]));
  for (const personId of new Set(personIds)) {
    books.tell(toAll, { topic: 'bar', personId, bar: bars.get(personId) ?? null });
  }
}

/** Day n of the order, from 1; D itself is not counted but shown as its first day. Hospital counts no days. */
function dayOfOrder(row: OrderRow, today: string): number | null {
  if (row.kind === 'hospital') return null;
  return Math.max(1, dayDifference(row.begin_day, today));
}

/** Last day of an order of `days` days that begins on `today`. */
export function untilDayOf(today: string, days: number | null): string | null {
  return days === null ? null : addDays(today, days);
}
