// Routes of people for the office: search, sheet, presence and whereabouts, leave, cards, lists of orders. A person's number stands in no
// path, since paths are logged; who was shown to whom is written down. Called by http.ts.
import type { Hono } from 'hono';
import { contractVersion, name } from '../src/contracts/kit.ts';
import {
  cardRequest,
  leaveRequest,
  limits,
  type OrderList,
  orderLists,
  personRequest,
} from '../src/contracts/people.ts';
import { campusDay } from '../src/domain/campus-day.ts';
import { csvText } from '../src/domain/csv.ts';
import type { Target } from '../src/domain/staff.ts';
import type { Session } from './auth.ts';
import { type HubDeps, refuseUnlessFor, staffFor } from './http.ts';
import { parsedBody } from './http-body.ts';
import { allOrders, orderPage } from './order-lists.ts';
import { findPeople, sheetOf, targetById } from './people.ts';
import { type Change, changeCard, changeLeave, changePerson } from './person-change.ts';
import { Refusal } from './refusal.ts';
import { mayDoFor, type Operation } from './roles.ts';
import { officeTexts } from './texts-office.ts';

export function peopleRoutes(app: Hono, deps: HubDeps): void {
  const read = async (session: Session, what: string, target: string) => {
    await deps.pool.query(
      'insert into reads (staff_id, at_ms, what, target) values ($1, $2, $3, $4) on conflict do nothing',
      [session.staff.staffId, deps.clock.nowMs(), what, target],
    );
  };
  const change = (session: Session, operation: Operation): Change => ({
    ledger: deps.ledger,
    clock: deps.clock,
    actor: session.staff,
    allow: (target) => refuseUnlessFor(session, operation, target),
  });

  app.get('/hub/people', async (c) => {
    const session = await staffFor(c, deps, 'person.search');
    const query = (c.req.query('q') ?? '').slice(0, limits.queryChars);
    const after = (c.req.query('after') ?? '').slice(0, 200);
    if (query.trim() === '' || /\0/.test(query + after)) throw new Refusal(400, 'body-unreadable', ['q']);
    const sees = (target: Target) => mayDoFor(session.staff, 'person.search', target);
    const found = await findPeople(deps.pool, query, after, sees);
    await read(session, 'people', found.people.map(({ personId }) => personId).join(' '));
    return c.json({ contract: contractVersion, ...found });
  });

  app.get('/hub/people/sheet', async (c) => {
    const session = await staffFor(c, deps, 'person.search');
    const id = name.safeParse(c.req.query('id'));
    if (!id.success || id.data.includes('\0')) throw new Refusal(404, 'person-unknown');
    const target = await targetById(deps.pool, id.data);
    refuseUnlessFor(session, 'person.search', target);
    const seesOrders = mayDoFor(session.staff, 'order.read', target);
    const shown = await sheetOf(deps.pool, id.data, deps.clock.nowMs(), seesOrders);
    await read(session, 'person', id.data);
    return c.json(shown);
  });

  app.put('/hub/people/sheet', async (c) => {
    const session = await staffFor(c, deps, 'person.update');
    await changePerson(change(session, 'person.update'), await parsedBody(c, personRequest));
    return c.json({ contract: contractVersion });
  });

  app.post('/hub/people/leaves', async (c) => {
    const session = await staffFor(c, deps, 'person.update');
    await changeLeave(change(session, 'person.update'), await parsedBody(c, leaveRequest));
    return c.json({ contract: contractVersion });
  });

  app.post('/hub/people/cards', async (c) => {
    const session = await staffFor(c, deps, 'card.change');
    await changeCard(change(session, 'card.change'), await parsedBody(c, cardRequest));
    return c.json({ contract: contractVersion });
  });

  app.get('/hub/office/orders', async (c) => {
    const session = await staffFor(c, deps, 'order.read');
    const asked = c.req.query('after') ?? '0';
    if (!/^\d{1,6}$/.test(asked)) throw new Refusal(400, 'body-unreadable', ['after']);
    const list = listOf(c.req.query('list'));
    const page = await orderPage(deps.pool, list, Number(asked), campusDay(deps.clock.nowMs()), (target) =>
      mayDoFor(session.staff, 'order.read', target),
    );
    await read(session, 'orders', page.orders.map(({ personId }) => personId).join(' '));
    return c.json(page);
  });

  app.get('/hub/office/orders.csv', async (c) => {
    const session = await staffFor(c, deps, 'order.read');
    const list = listOf(c.req.query('list'));
    const today = campusDay(deps.clock.nowMs());
    const sees = (target: Target) => mayDoFor(session.staff, 'order.read', target);
    const orders = await allOrders(deps.pool, list, today, sees);
    await read(session, 'export', `orders ${list} ${orders.length}`);
    const text = officeTexts[c.req.query('lang') === 'en' ? 'en' : 'zh'];
    const rows = orders.map((one) => [
      ...[one.personId, one.name, one.unit, text.orders[one.order], one.beginDay, one.untilDay, one.orderDay],
      ...[one.due ? text.due : '', one.leadOrderId === null ? '' : text.companion, one.reason, one.by],
    ]);
    return c.body(csvText([text.head, ...rows]), 200, {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="orders-${list}-${today}.csv"`,
    });
  });
}

function listOf(asked: string | undefined): OrderList {
  return orderLists.find((one) => one === asked) ?? 'in-force';
}
