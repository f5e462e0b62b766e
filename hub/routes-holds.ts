// Routes about people whom a card does not settle: open holds and their decisions, visitors' details, permits, slips. Called by
// http.ts.
import type { Hono } from 'hono';
import { holdRequest, permitRequest, slipAnswer, slipRequest, visitorsRequest } from '../src/contracts/hold.ts';
import { contractVersion, uuid } from '../src/contracts/kit.ts';
import { stationOf } from './auth.ts';
import { decideHold, openHolds } from './holds.ts';
import { type HubDeps, staffFor } from './http.ts';
import { parsedBody } from './http-body.ts';
import { endPermit, givePermit, permitsNow } from './permits.ts';
import { Refusal } from './refusal.ts';
import { mayDo } from './roles.ts';
import { takeSlip } from './slips.ts';
import { keepVisitors } from './visitors.ts';

export function holdRoutes(app: Hono, deps: HubDeps): void {
  app.get('/hub/holds', async (c) => {
    const { staff } = await staffFor(c, deps, null);
    if (!mayDo(staff.role, 'hold.read') && !mayDo(staff.role, 'visitor.read'))
      throw new Refusal(403, 'role-missing', ['hold.read']);
    return c.json(await openHolds(deps.pool, staff, deps.clock.nowMs()));
  });

  app.post('/hub/holds/decide', async (c) => {
    const { staff } = await staffFor(c, deps, null);
    const request = await parsedBody(c, holdRequest);
    // Before the row is looked up, so that nobody learns what is held; whose it is decides afterwards.
    const operation = request.reason === 'visitor' ? 'visitor.approve' : 'hold.decide';
    if (!mayDo(staff.role, operation)) throw new Refusal(403, 'role-missing', [operation]);
    await decideHold(deps.ledger, deps.clock, request, staff);
    return c.json({ contract: contractVersion });
  });

  app.post('/hub/visitors', async (c) => {
    const station = await stationOf(deps.pool, c.req.header('authorization'));
    const { visitors } = await parsedBody(c, visitorsRequest);
    const received = await keepVisitors(deps.pool, station.stationId, visitors, deps.clock.nowMs());
    return c.json({ contract: contractVersion, received });
  });

  app.get('/hub/permits', async (c) => {
    const { staff } = await staffFor(c, deps, 'hold.read');
    return c.json(await permitsNow(deps.pool, staff, deps.clock.nowMs()));
  });

  app.post('/hub/permits', async (c) => {
    const { staff } = await staffFor(c, deps, 'hold.decide');
    await givePermit(deps.ledger, deps.clock, await parsedBody(c, permitRequest), staff);
    return c.json({ contract: contractVersion });
  });

  app.post('/hub/permits/:id/end', async (c) => {
    const { staff } = await staffFor(c, deps, 'hold.decide');
    const permitId = c.req.param('id');
    if (!uuid.safeParse(permitId).success) throw new Refusal(404, 'person-unknown');
    await endPermit(deps.ledger, deps.clock, permitId, staff);
    return c.json({ contract: contractVersion });
  });

  app.post('/hub/slips', async (c) => {
    await staffFor(c, deps, 'referral.step');
    const { slip } = await parsedBody(c, slipRequest);
    return c.json(slipAnswer.parse(await takeSlip(deps.ledger, deps.clock, slip)));
  });
}
