// The route of the gates' desks at the office: what runs short, and handovers. Called by http.ts.
import type { Hono } from 'hono';
import { gateDeskAnswer } from '../src/contracts/gate-desk.ts';
import { gateDesk } from './gate-desk.ts';
import { type HubDeps, staffFor } from './http.ts';

export function gateDeskRoutes(app: Hono, deps: HubDeps): void {
  app.get('/hub/office/gate-desk', async (c) => {
    await staffFor(c, deps, 'supplies.read');
    return c.json(gateDeskAnswer.parse(await gateDesk(deps.pool, deps.clock.nowMs())));
  });
}
