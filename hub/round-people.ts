// Who belongs to a round: the residents of a building or the members of a class, with what excuses them. Called by round-sheets.ts.
import { addDays, dayDifference } from '../src/domain/campus-day.ts';
import { dwellingOf } from '../src/domain/dwelling.ts';
import type { Presence } from '../src/domain/order.ts';
import type { Excuse, RoundKey, RoundWindow } from '../src/domain/round.ts';
import { excuseOf } from '../src/domain/round-sheet.ts';
import { barsOn } from './bars.ts';
import type { Db } from './database.ts';

/** `rooms`: texts of rooms that are held for the whole campus. */
export const limits = { rooms: 100_000, people: 20_000, watchDays: 14 } as const;

export type Member = {
  personId: string;
  name: string;
  pinyin: string;
  category: string;
  unit: string;
  class: string;
  contact: string;
  cards: string[];
  roomText: string | null;
  floor: string;
  room: string;
  bed: string | null;
  excuse: Excuse | null;
  watchDay: number | null;
  caseOpen: boolean;
};

/** Buildings of the roster with the texts of their rooms; made anew when the roster's version has changed. */
export type Buildings = { version: number; rooms: ReadonlyMap<string, readonly string[]> };

export async function buildingsNow(db: Db, known: Buildings | null): Promise<Buildings> {
  const meta = await db.query<{ roster_version: number }>('select roster_version from meta');
  const version = meta.rows[0]?.roster_version ?? 0;
  if (known?.version === version) return known;
  const found = await db.query<{ room: string }>(
    'select distinct room from people where not gone and room is not null order by room limit $1',
    [limits.rooms],
  );
  const rooms = new Map<string, string[]>();
  for (const { room } of found.rows) {
    const { building } = dwellingOf(room);
    const there = rooms.get(building);
    if (there === undefined) rooms.set(building, [room]);
    else there.push(room);
  }
  return { version, rooms };
}

/** Everybody of the place on that day, expected or not; empty for a place that is not on the roster. */
export async function membersOf(db: Db, key: RoundKey, buildings: Buildings): Promise<Member[]> {
  const where = key.scope === 'class' ? 'class = $1' : 'room = any ($1::text[])';
  const rows = await db.query<PersonRow>(
    `select person_id, name, name_keys, category, unit, class, contact, cards, room, presence from people
     where not gone and ${where} order by person_id limit $2`,
    [key.scope === 'class' ? key.place : (buildings.rooms.get(key.place) ?? []), limits.people],
  );
  const ids = rows.rows.map((row) => row.person_id);
  const [bars, onLeave] = [await barsOn(db, key.roundDay, ids), await leavesOn(db, key, ids)];
  const barOf = new Map(bars.map((bar) => [bar.personId, bar]));
  return rows.rows.map((row) => {
    const bar = barOf.get(row.person_id);
    const { floor, room, bed } = row.room === null ? { floor: '', room: '', bed: null } : dwellingOf(row.room);
    return {
      personId: row.person_id,
      name: row.name,
      pinyin: row.name_keys,
      category: row.category,
      unit: row.unit,
      class: row.class,
      contact: row.contact,
      cards: row.cards,
      roomText: row.room,
      floor,
      room,
      bed,
      excuse: excuseOf({ presence: row.presence, order: bar?.order ?? null, onLeave: onLeave.has(row.person_id) }),
      watchDay: bar?.order === 'watch' ? bar.orderDay : null,
      caseOpen: bar !== undefined && bar.caseId !== null,
    };
  });
}

type PersonRow = {
  person_id: string;
  name: string;
  name_keys: string;
  category: string;
  unit: string;
  class: string;
  contact: string;
  cards: string[];
  room: string | null;
  presence: Presence;
};

/** Who of these, or of everybody, is on leave: approved at the office, or told in an earlier round with its last day. */
export async function leavesOn(
  db: Db,
  key: { roundDay: string; window: RoundWindow },
  personIds: readonly string[] | null,
): Promise<Set<string>> {
  const rows = await db.query<{ person_id: string }>(
    `select person_id from leaves where ($1::text[] is null or person_id = any ($1)) and cancelled_ms is null and from_day <= $2 and to_day >= $2
     union select person_id from round_marks m where ($1::text[] is null or person_id = any ($1)) and until_day >= $2
       and (round_day < $2 or (round_day = $2 and $3 = 'late' and round_window <> 'late'))
       and not exists (select 1 from round_undos u where u.undoes = m.entry_id)`,
    [personIds, key.roundDay, key.window],
  );
  return new Set(rows.rows.map((row) => row.person_id));
}

/** A round may be asked for within these days of now: older ones are in the records, later ones not yet begun. */
export function isAskable(roundDay: string, today: string): boolean {
  const ahead = dayDifference(today, roundDay);
  return ahead <= 1 && roundDay >= addDays(today, -60);
}
