// What the office changes about a person: presence, whereabouts, home, leave, cards. Each change is an entry that names who made it and
// holds codes and days, no name and no card number; gates hear of a change of the roster. Called by routes-people.ts.
import { randomBytes } from 'node:crypto';
import { cardKey } from '../src/contracts/downlink.ts';
import { limits as kit } from '../src/contracts/kit.ts';
import type { CardRequest, LeaveRequest, PersonRequest } from '../src/contracts/people.ts';
import { dayDifference } from '../src/domain/campus-day.ts';
import type { PersonChangeBody } from '../src/domain/entry.ts';
import type { Presence } from '../src/domain/order.ts';
import { type Target, targetOf } from '../src/domain/staff.ts';
import { uuidV7 } from '../src/domain/uuid.ts';
import { asksQuestions, type WhereCode } from '../src/domain/whereabouts.ts';
import type { Tx } from './database.ts';
import { type Books, type Clock, type Ledger, toAll } from './ledger.ts';
import type { Actor } from './orders.ts';
import { cardLineOf, refOf } from './people.ts';
import { askQuestions } from './questions.ts';
import { Refusal } from './refusal.ts';
import { nextRosterVersion } from './roster-version.ts';

export const limits = { leaveDaysMax: 366 } as const;

export type Change = {
  ledger: Ledger;
  clock: Clock;
  actor: Actor;
  /** Throws a Refusal for a person whom this member of staff may not change. */
  allow(target: Target): void;
};
type Known = {
  personId: string;
  unit: string;
  room: string | null;
  class: string | null;
  presence: Presence;
  homeOnCampus: boolean;
  where: WhereCode;
  since: string | null;
  until: string | null;
  version: number;
  cards: string[];
};

/** The row, locked, of a person whom this member of staff may change. */
async function personFor(tx: Tx, personId: string, allow: Change['allow']): Promise<Known> {
  const rows = await tx.query<Known>(
    `select person_id as "personId", unit, room, class, presence, home_on_campus as "homeOnCampus", where_code as "where", where_since as since,
       where_until as until, version, cards from people where person_id = $1 and not gone for update`,
    [personId],
  );
  const person = rows.rows[0];
  if (person === undefined) throw new Refusal(404, 'person-unknown');
  allow(targetOf(person));
  return person;
}

function wrote(books: Books, personId: string, actor: Actor, changes: PersonChangeBody['changes']): void {
  books.append({ kind: 'person-change', personId, by: actor.staffId, changes });
}

/** Presence, whereabouts, home on campus. What must ask the questions makes them due at the next entrance. */
export async function changePerson({ ledger, clock, actor, allow }: Change, request: PersonRequest): Promise<void> {
  await ledger.exclusive(async (tx, books) => {
    const { personId } = request;
    const before = await personFor(tx, personId, allow);
    if (before.version !== request.version) throw new Refusal(409, 'person-changed');
    const { where } = request;
    if (where !== undefined && where.since !== null && where.until !== null && where.since > where.until)
      throw new Refusal(422, 'days-crossed');
    const presence = request.presence ?? before.presence;
    const home = request.homeOnCampus ?? before.homeOnCampus;
    const now = where ?? { code: before.where, since: before.since, until: before.until };
    const changes: PersonChangeBody['changes'] = {};
    if (presence !== before.presence) changes.presence = presence;
    if (home !== before.homeOnCampus) changes.homeOnCampus = home;
    if (now.code !== before.where) changes.where = now.code;
    if (now.since !== before.since) changes.since = now.since;
    if (now.until !== before.until) changes.until = now.until;
    if (Object.keys(changes).length === 0) return;
    const asks = asksQuestions(before, { presence, where: now.code });
    if (asks) changes.questionsDue = true;
    // A closed campus is open to who lives on it.
    const closedIn = home !== before.homeOnCampus ? home || before.room !== null : null;
    const version = await nextRosterVersion(tx);
    await tx.query(
      `update people set presence = $2, home_on_campus = $3, where_code = $4, where_since = $5, where_until = $6,
         closed_in = coalesce($7, closed_in), version = $8 where person_id = $1`,
      [personId, presence, home, now.code, now.since, now.until, closedIn, version],
    );
    wrote(books, personId, actor, changes);
    const told = asks ? await askQuestions(tx, [personId], clock.nowMs()) : version;
    books.tell(toAll, { topic: 'roster', version: told });
  });
}

/** Approves leave, or takes it back; harmless to repeat. Gates do not know leave: rounds do not expect who has it. */
export async function changeLeave({ ledger, clock, actor, allow }: Change, request: LeaveRequest): Promise<void> {
  await ledger.exclusive(async (tx, books) => {
    const { personId } = request;
    await personFor(tx, personId, allow);
    const nowMs = clock.nowMs();
    if (request.change === 'cancel') {
      const done = await tx.query(
        'update leaves set cancelled_ms = $3 where leave_id = $1 and person_id = $2 and cancelled_ms is null',
        [request.leaveId, personId, nowMs],
      );
      if (done.rowCount !== 0) wrote(books, personId, actor, { leave: 'cancelled', leaveId: request.leaveId });
      return;
    }
    const { fromDay, toDay, reason } = request;
    if (fromDay > toDay || dayDifference(fromDay, toDay) > limits.leaveDaysMax) throw new Refusal(422, 'days-crossed');
    const leaveId = uuidV7(nowMs, randomBytes(10));
    await tx.query(
      `insert into leaves (leave_id, person_id, from_day, to_day, reason, approved_by, approved_ms)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [leaveId, personId, fromDay, toDay, reason, actor.staffId, nowMs],
    );
    wrote(books, personId, actor, { leave: 'approved', leaveId, fromDay, toDay });
  });
}

/** A lost card opens nothing from now on, whoever holds it; a new one belongs to one person at a time. */
export async function changeCard({ ledger, clock, actor, allow }: Change, request: CardRequest): Promise<void> {
  await ledger.exclusive(async (tx, books) => {
    const person = await personFor(tx, request.personId, allow);
    const { personId } = person;
    const lost = await tx.query<{ key: string }>('select card_key as key from lost_cards where person_id = $1', [
      personId,
    ]);
    let cards: string[];
    let key: string;
    switch (request.change) {
      case 'lost': {
        const found = person.cards.find((one) => refOf(one) === request.ref);
        if (found === undefined) throw new Refusal(404, 'card-unknown');
        if (lost.rows.length >= kit.lostCards) throw new Refusal(422, 'cards-too-many');
        key = found;
        cards = person.cards.filter((one) => one !== key);
        await tx.query('delete from cards where card_key = $1', [key]);
        await tx.query('insert into lost_cards (card_key, person_id, lost_ms, told_by) values ($1, $2, $3, $4)', [
          ...[key, personId, clock.nowMs(), actor.staffId],
        ]);
        break;
      }
      case 'found': {
        const found = lost.rows.find((one) => refOf(one.key) === request.ref)?.key;
        if (found === undefined) throw new Refusal(404, 'card-unknown');
        key = found;
        cards = [...person.cards, key];
        await tx.query('delete from lost_cards where card_key = $1', [key]);
        await hand(tx, key, personId);
        break;
      }
      case 'issue': {
        key = keyOf(request.kind, request.number);
        if (person.cards.includes(key)) return;
        const isLost = await tx.query('select 1 from lost_cards where card_key = $1', [key]);
        if (isLost.rowCount !== 0) throw new Refusal(409, 'card-lost');
        cards = [...person.cards, key];
        await hand(tx, key, personId);
        break;
      }
      default:
        return request satisfies never;
    }
    if (cards.length > kit.cardsPerPerson) throw new Refusal(422, 'cards-too-many');
    const version = await nextRosterVersion(tx);
    await tx.query('update people set cards = $2, version = $3 where person_id = $1', [personId, cards, version]);
    wrote(books, personId, actor, { card: request.change, tail: cardLineOf(key).tail });
    books.tell(toAll, { topic: 'roster', version });
  });
}

async function hand(tx: Tx, key: string, personId: string): Promise<void> {
  const done = await tx.query('insert into cards (card_key, person_id) values ($1, $2) on conflict do nothing', [
    key,
    personId,
  ]);
  if (done.rowCount === 0) throw new Refusal(409, 'person-card-taken');
}

function keyOf(kind: 'uid' | 'printed', number: string): string {
  const key = kind === 'uid' ? `uid:${number.replace(/[\s:-]/g, '').toUpperCase()}` : `printed:${number.trim()}`;
  if (!cardKey.safeParse(key).success) throw new Refusal(422, 'card-unreadable');
  return key;
}
