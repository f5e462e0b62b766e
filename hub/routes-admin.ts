// Routes of administrators and the auditor: staff, and who read whose data. Called by http.ts.
import type { Hono } from 'hono';
import {
  cardsRequest,
  changeStaffRequest,
  newStaffRequest,
  pinRequest,
  readsAnswer,
  readsQuery,
  type SecretAnswer,
  staffAnswer,
} from '../src/contracts/admin.ts';
import { contractVersion } from '../src/contracts/kit.ts';
import { type HubDeps, staffFor } from './http.ts';
import { detailsOf, parsedBody } from './http-body.ts';
import { noteRead, readsPage } from './reads.ts';
import { Refusal } from './refusal.ts';
import { changeStaff, createStaff, endStaff, resetPassword, type Secret, setCards, setPin } from './staff-change.ts';
import { campusList, staffList } from './staff-list.ts';

export function adminRoutes(app: Hono, deps: HubDeps): void {
  const { ledger, clock, pool } = deps;
  const secret = (told: Secret): SecretAnswer => ({ contract: contractVersion, ...told });
  const done = { contract: contractVersion };

  app.get('/hub/admin/staff', async (c) => {
    await staffFor(c, deps, 'staff.read');
    const hubNowMs = clock.nowMs();
    const staff = await staffList(pool, hubNowMs);
    return c.json(staffAnswer.parse({ ...done, hubNowMs, staff, campuses: await campusList(pool) }));
  });

  app.post('/hub/admin/staff', async (c) => {
    const { staff } = await staffFor(c, deps, 'staff.manage');
    const who = await parsedBody(c, newStaffRequest);
    return c.json(secret(await createStaff(ledger, who, staff.staffId, clock.nowMs())));
  });

  app.put('/hub/admin/staff/:staffId', async (c) => {
    const { staff } = await staffFor(c, deps, 'staff.manage');
    const who = await parsedBody(c, changeStaffRequest);
    await changeStaff(ledger, c.req.param('staffId'), who, staff.staffId);
    return c.json(done);
  });

  app.post('/hub/admin/staff/:staffId/password', async (c) => {
    const { staff } = await staffFor(c, deps, 'staff.manage');
    return c.json(secret(await resetPassword(ledger, c.req.param('staffId'), staff.staffId)));
  });

  app.post('/hub/admin/staff/:staffId/pin', async (c) => {
    const { staff } = await staffFor(c, deps, 'staff.manage');
    const { pin } = await parsedBody(c, pinRequest);
    return c.json(secret(await setPin(ledger, c.req.param('staffId'), pin, staff.staffId)));
  });

  app.put('/hub/admin/staff/:staffId/cards', async (c) => {
    const { staff } = await staffFor(c, deps, 'staff.manage');
    const { cards } = await parsedBody(c, cardsRequest);
    await setCards(ledger, c.req.param('staffId'), cards, staff.staffId);
    return c.json(done);
  });

  app.post('/hub/admin/staff/:staffId/end', async (c) => {
    const { staff } = await staffFor(c, deps, 'staff.manage');
    await endStaff(ledger, c.req.param('staffId'), staff.staffId, clock.nowMs());
    return c.json(done);
  });

  app.get('/hub/admin/reads', async (c) => {
    const { staff } = await staffFor(c, deps, 'reads.read');
    const query = readsQuery.safeParse(c.req.query());
    if (!query.success) throw new Refusal(400, 'body-unreadable', detailsOf(query.error.issues));
    const hubNowMs = clock.nowMs();
    const page = await readsPage(pool, query.data);
    const { staff: of = '', day = '' } = query.data;
    await noteRead(pool, staff.staffId, hubNowMs, 'reads', [of, day].filter((part) => part !== '').join(' '));
    return c.json(readsAnswer.parse({ ...done, hubNowMs, ...page }));
  });
}
