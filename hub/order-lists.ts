// Orders in force as lists: all, due for release, ending today; and those of one person. Called by routes-people.ts and people.ts.
import { contractVersion } from '../src/contracts/kit.ts';
import { limits, type OrderLine, type OrderList, type OrdersAnswer } from '../src/contracts/people.ts';
import { dayDifference } from '../src/domain/campus-day.ts';
import { type Target, targetOf } from '../src/domain/staff.ts';
import type { Db } from './database.ts';

/** More orders than a campus has people are never in force. */
export const listLimits = { all: 100_000 } as const;

type Row = Omit<OrderLine, 'orderDay' | 'due'> & { room: string | null; class: string | null };
const columns = `o.order_id as "orderId", o.person_id as "personId", p.name, p.unit, p.room, p.class, o.kind as "order", o.begin_day as "beginDay",
  o.until_day as "untilDay", o.reason, o.by_name as by, o.lead_order_id as "leadOrderId", p.home_on_campus as "homeOnCampus"`;

const inForce = `o.ended_ms is null and (o.kind in ('isolation', 'hospital') or o.until_day is null or o.until_day >= $1)`;
/** `ending`: today is the last day; isolation then becomes due for release. */
const listed: Record<OrderList, string> = {
  'in-force': inForce,
  due: `o.ended_ms is null and o.kind = 'isolation' and o.until_day < $1`,
  ending: `o.ended_ms is null and o.until_day = $1`,
};

export async function ordersOf(db: Db, personId: string, today: string): Promise<OrderLine[]> {
  const rows = await db.query<Row>(
    `select ${columns} from orders o join people p using (person_id) where ${inForce} and o.person_id = $2
     order by o.begin_day desc, o.order_id limit $3`,
    [today, personId, limits.orders],
  );
  return rows.rows.map((row) => lineOf(row, today));
}

/** All orders of one list that this member of staff may see: those that end first come first. */
export async function allOrders(
  db: Db,
  list: OrderList,
  today: string,
  sees: (target: Target) => boolean,
): Promise<OrderLine[]> {
  const rows = await db.query<Row>(
    `select ${columns} from orders o join people p using (person_id) where ${listed[list]}
     order by o.until_day nulls last, o.order_id limit $2`,
    [today, listLimits.all],
  );
  return rows.rows.filter((row) => sees(targetOf(row))).map((row) => lineOf(row, today));
}

/** One page of a list; `after` is the number of rows before it. */
export async function orderPage(
  db: Db,
  list: OrderList,
  after: number,
  today: string,
  sees: (target: Target) => boolean,
): Promise<OrdersAnswer> {
  const counted = async (which: OrderList) => (await allOrders(db, which, today, sees)).length;
  const all = await allOrders(db, list, today, sees);
  const orders = all.slice(after, after + limits.ordersPage);
  return {
    contract: contractVersion,
    today,
    counts: { inForce: await counted('in-force'), due: await counted('due'), ending: await counted('ending') },
    orders,
    next: after + limits.ordersPage < all.length ? String(after + limits.ordersPage) : null,
  };
}

function lineOf({ room: _, class: __, ...row }: Row, today: string): OrderLine {
  return {
    ...row,
    orderDay: row.order === 'hospital' ? null : Math.max(1, dayDifference(row.beginDay, today)),
    due: row.order === 'isolation' && row.untilDay !== null && row.untilDay < today,
  };
}
