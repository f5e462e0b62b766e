// Permits to pass a closed campus (R23): given and taken back by name, run out at midnight, synced to gates as part of the
// roster. Called by routes-holds.ts and the sweep.
import { randomUUID } from 'node:crypto';
import type * as z from 'zod/mini';
import { limits, type permitRequest, permitsAnswer } from '../src/contracts/hold.ts';
import { contractVersion } from '../src/contracts/kit.ts';
import { campusDay } from '../src/domain/campus-day.ts';
import { targetOf } from '../src/domain/staff.ts';
import type { Db, Tx } from './database.ts';
import { type Books, type Clock, type Ledger, toAll } from './ledger.ts';
import { Refusal } from './refusal.ts';
import { type Doer, mayDoFor } from './roles.ts';
import { nextRosterVersion } from './roster-version.ts';

type Staff = Doer & { staffId: string; name: string };
type PersonRow = { person_id: string; unit: string; room: string | null };

/** Columns closedIn and closedOut of a roster row, with the permits in force on `$day`. */
export const passesClosed = (direction: 'in' | 'out', day: string) =>
  `(closed_${direction} or exists (select 1 from permits t where t.person_id = people.person_id
     and t.direction = '${direction}' and t.ended_ms is null and t.until_day >= ${day}))`;

export async function givePermit(
  ledger: Ledger,
  clock: Clock,
  request: z.infer<typeof permitRequest>,
  staff: Staff,
): Promise<string> {
  return ledger.exclusive(async (tx, books) => {
    const nowMs = clock.nowMs();
    if (request.untilDay < campusDay(nowMs)) throw new Refusal(422, 'notice-day');
    const people = await tx.query<PersonRow>(
      'select person_id, unit, room from people where person_id = $1 and not gone',
      [request.personId],
    );
    mayChange(staff, people.rows[0]);
    const permitId = randomUUID();
    await tx.query(
      `insert into permits (permit_id, person_id, direction, until_day, reason, by_name, given_ms)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [permitId, request.personId, request.direction, request.untilDay, request.reason, staff.name, nowMs],
    );
    books.append({ kind: 'permit', permitId, ...request, change: 'begin', by: staff.staffId });
    await tellRoster(tx, books, [request.personId]);
    return permitId;
  });
}

export async function endPermit(ledger: Ledger, clock: Clock, permitId: string, staff: Staff): Promise<void> {
  await ledger.exclusive(async (tx, books) => {
    const found = await tx.query<PersonRow & { direction: 'in' | 'out'; until_day: string }>(
      `select person_id, unit, room, direction, until_day from permits join people using (person_id)
       where permit_id = $1 and ended_ms is null`,
      [permitId],
    );
    const row = found.rows[0];
    mayChange(staff, row);
    if (row === undefined) return;
    await tx.query('update permits set ended_ms = $2 where permit_id = $1', [permitId, clock.nowMs()]);
    const { person_id: personId, direction, until_day: untilDay } = row;
    books.append({
      kind: 'permit',
      permitId,
      personId,
      direction,
      untilDay,
      change: 'end',
      by: staff.staffId,
      reason: '',
    });
    await tellRoster(tx, books, [personId]);
  });
}

function mayChange(staff: Staff, row: PersonRow | undefined): void {
  if (row === undefined) throw new Refusal(404, 'person-unknown');
  const { person_id: personId, unit, room } = row;
  if (!mayDoFor(staff, 'hold.decide', targetOf({ personId, unit, room }))) throw new Refusal(403, 'scope-missing');
}

/** Those in force, that this member of staff could have given. */
export async function permitsNow(db: Db, staff: Doer, nowMs: number): Promise<unknown> {
  const rows = await db.query<
    PersonRow & {
      permit_id: string;
      name: string;
      direction: 'in' | 'out';
      until_day: string;
      reason: string;
      by_name: string;
    }
  >(
    `select t.*, p.name, p.unit, p.room from permits t join people p using (person_id)
     where t.ended_ms is null and t.until_day >= $1 order by t.until_day, p.name limit $2`,
    [campusDay(nowMs), limits.permits],
  );
  const mine = rows.rows.filter(({ person_id: personId, unit, room }) =>
    mayDoFor(staff, 'hold.read', targetOf({ personId, unit, room })),
  );
  return permitsAnswer.parse({
    contract: contractVersion,
    permits: mine.map((row) => ({
      permitId: row.permit_id,
      personId: row.person_id,
      name: row.name,
      direction: row.direction,
      untilDay: row.until_day,
      reason: row.reason,
      byName: row.by_name,
    })),
  });
}

/** Ends what ran out at midnight, so that the gates hear of it. Harmless to repeat. */
export async function sweepPermits(ledger: Ledger, clock: Clock): Promise<void> {
  await ledger.exclusive(async (tx, books) => {
    const nowMs = clock.nowMs();
    const ended = await tx.query<{ permit_id: string; person_id: string; direction: 'in' | 'out'; until_day: string }>(
      `update permits set ended_ms = $1 where ended_ms is null and until_day < $2
       returning permit_id, person_id, direction, until_day`,
      [nowMs, campusDay(nowMs)],
    );
    for (const row of ended.rows) {
      const { permit_id: permitId, person_id: personId, direction, until_day: untilDay } = row;
      books.append({
        kind: 'permit',
        permitId,
        personId,
        direction,
        untilDay,
        change: 'end',
        by: 'system',
        reason: 'run-out',
      });
    }
    if (ended.rows.length > 0)
      await tellRoster(
        tx,
        books,
        ended.rows.map((row) => row.person_id),
      );
  });
}

async function tellRoster(tx: Tx, books: Books, personIds: readonly string[]): Promise<void> {
  const version = await nextRosterVersion(tx);
  await tx.query('update people set version = $2 where person_id = any($1::text[])', [personIds, version]);
  books.tell(toAll, { topic: 'roster', version });
}
