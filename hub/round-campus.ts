// One round over the whole campus: everybody's state read in one go, kept small, and held for who looks. Called by round-overview.ts.
import type { RoundClosing } from '../src/contracts/rounds.ts';
import { dwellingOf } from '../src/domain/dwelling.ts';
import type { Presence } from '../src/domain/order.ts';
import type { MissingReason, RoundClass, RoundScope, RoundWindow } from '../src/domain/round.ts';
import { excuseOf, isExpected } from '../src/domain/round-sheet.ts';
import { stateOf } from '../src/domain/round-state.ts';
import { type WindowTimes, windowTimes } from '../src/domain/round-window.ts';
import { barsOn } from './bars.ts';
import type { Pool } from './database.ts';
import { policyNow } from './policy.ts';
import { leavesOn } from './round-people.ts';
import { allClosingsOf, gateOf, groupBy, marksOf, recordOf } from './round-rows.ts';

/** `heldMs`: how old a view of the campus may be. `chunk`: people judged before others have their turn. */
export const limits = { heldMs: 10_000, views: 6, people: 200_000, chunk: 2_000 } as const;

export type RoundOf = { roundDay: string; window: RoundWindow; scope: RoundScope };
export type CampusPerson = {
  personId: string;
  name: string;
  unit: string;
  class: string;
  contact: string;
  place: string;
  building: string | null;
  room: string;
  bed: string | null;
  /** null: not expected. */
  is: RoundClass | null;
};
export type CampusPlace = { closing: RoundClosing; missingReasons: ReadonlyMap<string, MissingReason> };
export type CampusRound = { times: WindowTimes; people: CampusPerson[]; places: ReadonlyMap<string, CampusPlace> };

export type CampusRounds = { roundOn(of: RoundOf): Promise<CampusRound> };

/** One for a hub process. `monoMs`: its monotonic clock. */
export function makeCampusRounds(pool: Pool, monoMs: () => number): CampusRounds {
  const held = new Map<string, { atMs: number; round: Promise<CampusRound> }>();
  return {
    roundOn(of) {
      const name = `${of.roundDay} ${of.window} ${of.scope}`;
      const there = held.get(name);
      if (there !== undefined && monoMs() - there.atMs <= limits.heldMs) return there.round;
      const round = readCampus(pool, of);
      const made = { atMs: monoMs(), round };
      held.delete(name);
      held.set(name, made);
      const oldest = held.keys().next();
      if (held.size > limits.views && !oldest.done) held.delete(oldest.value);
      // What failed is not held; whoever waits for it hears why.
      round.catch(() => held.get(name) === made && held.delete(name));
      return round;
    },
  };
}

async function readCampus(pool: Pool, of: RoundOf): Promise<CampusRound> {
  const { policy } = await policyNow(pool);
  const times = windowTimes(of.roundDay, of.window, policy);
  const rows = await pool.query<PersonRow>(
    `select person_id, name, unit, class, contact, room, presence from people
     where not gone and ${of.scope === 'class' ? "class <> ''" : 'room is not null'} order by person_id limit $1`,
    [limits.people],
  );
  const orders = new Map((await barsOn(pool, of.roundDay, null)).map((bar) => [bar.personId, bar.order]));
  const onLeave = await leavesOn(pool, of, null);
  const marksBy = groupBy(await marksOf(pool, of, null), (mark) => mark.person_id);
  const gateBy = groupBy(await gateOf(pool, null, times.opensMs, times.closesMs), (reading) => reading.personId);
  const people: CampusPerson[] = [];
  for (const [at, row] of rows.rows.entries()) {
    if (at % limits.chunk === limits.chunk - 1) await new Promise(setImmediate);
    const own = marksBy.get(row.person_id) ?? [];
    const undone = new Set(own.filter((mark) => mark.undone).map((mark) => mark.entry_id));
    const state = stateOf(own.map(recordOf), gateBy.get(row.person_id) ?? [], undone, times, policy);
    const order = orders.get(row.person_id) ?? null;
    const excuse = excuseOf({ presence: row.presence, order, onLeave: onLeave.has(row.person_id) });
    const lives = row.room === null ? null : dwellingOf(row.room);
    people.push({
      ...{ personId: row.person_id, name: row.name, unit: row.unit, class: row.class, contact: row.contact },
      place: of.scope === 'class' ? row.class : (lives?.building ?? ''),
      building: lives?.building ?? null,
      room: lives?.room ?? '',
      bed: lives?.bed ?? null,
      is: isExpected(excuse, state) ? state.class : null,
    });
  }
  return { times, people, places: await allClosingsOf(pool, of, times.closesMs) };
}
type PersonRow = {
  person_id: string;
  name: string;
  unit: string;
  class: string;
  contact: string;
  room: string | null;
  presence: Presence;
};
