// Visitors' personal details: rows that can be erased, apart from the entries. Called by routes-holds.ts and the sweep.
import type { VisitorDetails } from '../src/contracts/hold.ts';
import { addDays, campusDay } from '../src/domain/campus-day.ts';
import type { Db } from './database.ts';

/** Tracing a contact needs 14 days; as much again for who asks late. Own choice. */
export const limits = { keepDays: 30 } as const;

/** Keeps what is new and answers whose details are here now; a repeat changes nothing. */
export async function keepVisitors(
  db: Db,
  stationId: string,
  visitors: readonly VisitorDetails[],
  nowMs: number,
): Promise<string[]> {
  for (const one of visitors) {
    await db.query(
      `insert into visitors (station_id, visitor_id, name, phone, host_unit, purpose, expires_day, received_ms)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
      [stationId, one.visitorId, one.name, one.phone, one.hostUnit, one.purpose, one.expiresDay, nowMs],
    );
  }
  return visitors.map(({ visitorId }) => visitorId);
}

/** Empties what is older than it needs to be kept. Harmless to repeat. Answers how many. */
export async function eraseVisitors(db: Db, nowMs: number): Promise<number> {
  const done = await db.query(
    `update visitors set name = '', phone = '', erased_ms = $1 where erased_ms is null and expires_day < $2`,
    [nowMs, addDays(campusDay(nowMs), -limits.keepDays)],
  );
  return done.rowCount ?? 0;
}
