// Orders on people: begun by a disposition or by staff, ended by a nurse, run out at midnight. Called by transitions.ts, the
// route POST /hub/orders and the daily sweep.
import { randomBytes } from 'node:crypto';
import { campusDay } from '../src/domain/campus-day.ts';
import { type Target, targetOf } from '../src/domain/staff.ts';
import { uuidV7 } from '../src/domain/uuid.ts';
import { tellBars, untilDayOf } from './bars.ts';
import type { Tx } from './database.ts';
import { type Books, type Clock, type Ledger, toAll } from './ledger.ts';
import { askQuestions } from './questions.ts';
import { Refusal } from './refusal.ts';

export type OrderKind = 'isolation' | 'home' | 'hospital' | 'watch';
export type Actor = { staffId: string; name: string };
export type NewOrder = {
  kind: OrderKind;
  days: number | null;
  personId: string;
  caseId: string | null;
  reason: string;
  actor: Actor;
  /** A companion's row: the order of the person whom they accompany. */
  leadOrderId?: string | null;
};

/** Begins an order; one of the same kind that is in force ends, since a fever inside it begins it anew. */
export async function beginOrder(tx: Tx, books: Books, nowMs: number, order: NewOrder): Promise<string> {
  await endInForce(tx, books, nowMs, order.personId, order.kind, order.actor, order.reason);
  const orderId = uuidV7(nowMs, randomBytes(10));
  const today = campusDay(nowMs);
  const untilDay = untilDayOf(today, order.days);
  await tx.query(
    `insert into orders (order_id, person_id, kind, begin_day, until_day, case_id, reason, by_name, lead_order_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      ...[orderId, order.personId, order.kind, today, untilDay, order.caseId, order.reason, order.actor.name],
      order.leadOrderId ?? null,
    ],
  );
  books.append({
    kind: 'order',
    orderId,
    personId: order.personId,
    order: order.kind,
    change: 'begin',
    untilDay,
    by: order.actor.staffId,
    reason: order.reason,
    ...(order.leadOrderId ? { lead: order.leadOrderId } : {}),
  });
  return orderId;
}

async function endInForce(
  tx: Tx,
  books: Books,
  nowMs: number,
  personId: string,
  kind: OrderKind,
  actor: Actor,
  reason: string,
): Promise<number> {
  const ended = await tx.query<{ order_id: string; until_day: string | null }>(
    `update orders set ended_ms = $3, ended_by = $4 where person_id = $1 and kind = $2 and ended_ms is null
     returning order_id, until_day`,
    [personId, kind, nowMs, actor.name],
  );
  for (const row of ended.rows) {
    books.append({
      kind: 'order',
      orderId: row.order_id,
      personId,
      order: kind,
      change: 'end',
      untilDay: row.until_day,
      by: actor.staffId,
      reason,
    });
  }
  return ended.rows.length;
}

export type OrderChange = Omit<NewOrder, 'caseId' | 'leadOrderId'> & {
  change: 'begin' | 'end';
  /** Each gets, or ends, a row of the same order (R6). */
  companions: readonly string[];
  /** Throws a Refusal for a person whom this member of staff may not give an order. */
  allow(target: Target): void;
};

/**
 * Staff begin or end an order by hand, for a person and their companions, all or none. After isolation or home observation the
 * questions are due. A companion without the order that ends is passed over.
 */
export async function changeOrder(ledger: Ledger, clock: Clock, order: OrderChange): Promise<void> {
  await ledger.exclusive(async (tx, books) => {
    const nowMs = clock.nowMs();
    const people = [...new Set([order.personId, ...order.companions])];
    const known = await tx.query<{ personId: string; unit: string; room: string | null; class: string | null }>(
      'select person_id as "personId", unit, room, class from people where person_id = any($1::text[])',
      [people],
    );
    if (known.rows.length < people.length) throw new Refusal(404, 'person-unknown');
    for (const person of known.rows) order.allow(targetOf(person));
    if (order.change === 'begin') {
      let leadOrderId: string | null = null;
      for (const personId of people) {
        const { kind, days, reason, actor } = order;
        const made = await beginOrder(tx, books, nowMs, {
          kind,
          days,
          reason,
          actor,
          personId,
          caseId: null,
          leadOrderId,
        });
        leadOrderId ??= made;
      }
    } else {
      const ended: string[] = [];
      for (const personId of people) {
        const rows = await endInForce(tx, books, nowMs, personId, order.kind, order.actor, order.reason);
        if (rows > 0) ended.push(personId);
        else if (personId === order.personId) throw new Refusal(404, 'order-unknown');
      }
      if (order.kind === 'isolation' || order.kind === 'home') {
        books.tell(toAll, { topic: 'roster', version: await askQuestions(tx, ended, nowMs) });
      }
    }
    await tellBars(tx, books, nowMs, people);
  });
}

/**
 * Ends what ran out at midnight: home observation (its person is asked the questions next) and watch. Isolation stays: it
 * is due for release and bars until a nurse signs. Harmless to repeat, and from several hubs at once.
 */
export async function sweepOrders(ledger: Ledger, clock: Clock): Promise<number> {
  return ledger.exclusive(async (tx, books) => {
    const nowMs = clock.nowMs();
    const ended = await tx.query<{ order_id: string; person_id: string; kind: OrderKind; until_day: string }>(
      `update orders set ended_ms = $1, ended_by = 'system'
       where ended_ms is null and kind in ('home', 'watch') and until_day < $2
       returning order_id, person_id, kind, until_day`,
      [nowMs, campusDay(nowMs)],
    );
    for (const row of ended.rows) {
      books.append({
        kind: 'order',
        orderId: row.order_id,
        personId: row.person_id,
        order: row.kind,
        change: 'end',
        untilDay: row.until_day,
        by: 'system',
        reason: 'run-out',
      });
    }
    const home = ended.rows.filter((row) => row.kind === 'home').map((row) => row.person_id);
    if (home.length > 0) books.tell(toAll, { topic: 'roster', version: await askQuestions(tx, home, nowMs) });
    await tellBars(
      tx,
      books,
      nowMs,
      ended.rows.map((row) => row.person_id),
    );
    return ended.rows.length;
  });
}
