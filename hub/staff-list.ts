// Staff as the page of administrators lists them. Called by GET /hub/admin/staff.
import { limits, type StaffRow } from '../src/contracts/admin.ts';
import type { Db } from './database.ts';
import { scopesColumn } from './staff.ts';

/** Who works here first, by name; no secret, and of a card its last four signs. */
export async function staffList(db: Db, nowMs: number): Promise<StaffRow[]> {
  const rows = await db.query<StaffRow>(
    `select staff_id as "staffId", name, role, ${scopesColumn},
       case when password_hash is null then 'none' when password_once then 'once' else 'set' end as password,
       pin_hash is not null as "hasPin",
       (select coalesce(json_agg(right(card_key, 4) order by card_key), '[]') from staff_cards
        where staff_cards.staff_id = staff.staff_id) as cards,
       (select count(*) from sessions where sessions.staff_id = staff.staff_id and expires_ms > $1) as sessions,
       created_ms as "createdMs", ended_ms as "endedMs"
     from staff order by ended_ms is not null, name, staff_id limit $2`,
    [nowMs, limits.staff],
  );
  return rows.rows;
}

export async function campusList(db: Db): Promise<string[]> {
  const rows = await db.query<{ campus: string }>('select campus from campuses order by campus limit 100');
  return rows.rows.map(({ campus }) => campus);
}
