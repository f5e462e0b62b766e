// Finds people by name, letters or number, and shows one person's sheet; no temperature stands there. Called by routes-people.ts.
import { createHash } from 'node:crypto';
import { contractVersion } from '../src/contracts/kit.ts';
import { type CardLine, limits, type PersonAnswer, type PersonLine } from '../src/contracts/people.ts';
import { campusDay } from '../src/domain/campus-day.ts';
import { type Target, targetOf } from '../src/domain/staff.ts';
import type { Db } from './database.ts';
import { ordersOf } from './order-lists.ts';
import { Refusal } from './refusal.ts';

/** `chunk`: how many rows are looked at for a page at a time where a role sees only its own; `looks`: how often at most. */
export const searchLimits = { chunk: 500, looks: 200, tailChars: 4 } as const;

type Line = PersonLine & { class: string | null };
const lineColumns = `person_id as "personId", name, category, unit, room, presence, gone`;

/**
 * One page, in the order of numbers. `sees` says whether this member of staff may see a person: a page is filled from those only.
 */
export async function findPeople(
  db: Db,
  query: string,
  after: string,
  sees: (target: Target) => boolean,
): Promise<{ people: PersonLine[]; next: string | null }> {
  const found: PersonLine[] = [];
  let from = after;
  for (let look = 0; look < searchLimits.looks; look++) {
    const rows = await peopleLike(db, query, from);
    for (const row of rows) {
      from = row.personId;
      if (!sees(targetOf(row))) continue;
      const { class: _, ...line } = row;
      found.push(line);
      if (found.length > limits.page) {
        const people = found.slice(0, limits.page);
        return { people, next: people.at(-1)?.personId ?? null };
      }
    }
    if (rows.length < searchLimits.chunk) break;
  }
  return { people: found, next: null };
}

async function peopleLike(db: Db, query: string, after: string): Promise<Line[]> {
  const text = query.normalize('NFKC').trim().toLowerCase();
  const like = text.replace(/[\\%_]/g, '\\$&');
  const letters = like.replace(/\s/g, '');
  // Letters and digits are a number, initials or pinyin; anything else is a part of the name.
  const isPlain = /^[\x20-\x7e]*$/.test(text);
  const rows = await db.query<Line>(
    `select ${lineColumns}, class from people
     where person_id > $1 collate "C" and (name ilike $2 or ($3 and (person_id ilike $4 or name_keys like $4 or name_keys like $5)))
     order by person_id collate "C" limit $6`,
    [after, `%${like}%`, isPlain, `${letters}%`, `% ${letters}%`, searchLimits.chunk],
  );
  return rows.rows;
}

/** Whose somebody is, to ask whether a member of staff may see them. Refuses with 404. */
export async function targetById(db: Db, personId: string): Promise<Target> {
  const rows = await db.query<{ personId: string; unit: string; room: string | null; class: string | null }>(
    'select person_id as "personId", unit, room, class from people where person_id = $1',
    [personId],
  );
  const row = rows.rows[0];
  if (row === undefined) throw new Refusal(404, 'person-unknown');
  return targetOf(row);
}

/** Everything of one person that the office may see. Refuses with 404. */
export async function sheetOf(db: Db, personId: string, nowMs: number, seesOrders: boolean): Promise<PersonAnswer> {
  type Row = Omit<PersonAnswer['person'], 'where' | 'cards' | 'lost' | 'leaves'> & {
    code: PersonAnswer['person']['where']['code'];
    since: string | null;
    until: string | null;
    keys: string[];
  };
  const rows = await db.query<Row>(
    `select ${lineColumns}, contact, host, companions, home_on_campus as "homeOnCampus", questions_due as "questionsDue", whereabouts,
       travel, where_code as code, where_since as since, where_until as until, version, cards as keys
     from people where person_id = $1`,
    [personId],
  );
  const row = rows.rows[0];
  if (row === undefined) throw new Refusal(404, 'person-unknown');
  const { code, since, until, keys, ...person } = row;
  const lost = await db.query<{ key: string; lostMs: number }>(
    'select card_key as key, lost_ms as "lostMs" from lost_cards where person_id = $1 order by lost_ms desc',
    [personId],
  );
  const leaves = await db.query<PersonAnswer['person']['leaves'][number]>(
    `select leave_id as "leaveId", from_day as "fromDay", to_day as "toDay", reason, coalesce(s.name, '') as by
     from leaves l left join staff s on s.staff_id = l.approved_by where person_id = $1 and cancelled_ms is null
     order by from_day desc, leave_id desc limit $2`,
    [personId, limits.leaves],
  );
  const open = await db.query('select 1 from referrals where person_id = $1 and bars limit 1', [personId]);
  const today = campusDay(nowMs);
  return {
    contract: contractVersion,
    today,
    person: {
      ...person,
      where: { code, since, until },
      cards: keys.map(cardLineOf),
      lost: lost.rows.map(({ key, lostMs }) => ({ ...cardLineOf(key), lostMs })),
      leaves: leaves.rows,
    },
    orders: seesOrders ? await ordersOf(db, personId, today) : null,
    caseOpen: seesOrders ? open.rowCount !== 0 : null,
  };
}

export function cardLineOf(key: string): CardLine {
  const kind = key.startsWith('uid:') ? 'uid' : 'printed';
  return { ref: refOf(key), kind, tail: key.slice(key.indexOf(':') + 1).slice(-searchLimits.tailChars) };
}

/** By this a request names a card: its number stands in no request. */
export function refOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
