// Routes of the clinic: the board, one card, a step on a case. Called by http.ts.
import type { Hono } from 'hono';
import { transitionRequest } from '../src/contracts/clinic.ts';
import { contractVersion, uuid } from '../src/contracts/kit.ts';
import { unmeasuredAnswer } from '../src/contracts/unmeasured.ts';
import { headOf } from './feed.ts';
import { textOfCursor } from './feed-cursor.ts';
import { type HubDeps, staffFor } from './http.ts';
import { parsedBody } from './http-body.ts';
import { noteRead } from './reads.ts';
import { board, oneCard } from './referrals.ts';
import { Refusal } from './refusal.ts';
import { takeStep } from './transitions.ts';
import { unmeasuredToday } from './unmeasured.ts';

export function clinicRoutes(app: Hono, deps: HubDeps): void {
  app.get('/hub/referrals', async (c) => {
    const { staff } = await staffFor(c, deps, 'referral.read');
    const hubNowMs = deps.clock.nowMs();
    // The cursor first: what changes while the board is read comes again by the feed.
    const cursor = textOfCursor(await headOf(deps.pool));
    await noteRead(deps.pool, staff.staffId, hubNowMs, 'board', '');
    return c.json({ contract: contractVersion, hubNowMs, cursor, referrals: await board(deps.pool, hubNowMs) });
  });

  app.get('/hub/referrals/:caseId', async (c) => {
    const { staff } = await staffFor(c, deps, 'referral.read');
    const caseId = caseIdOf(c.req.param('caseId'));
    const card = await oneCard(deps.pool, caseId);
    if (card === null) throw new Refusal(404, 'case-unknown');
    await noteRead(deps.pool, staff.staffId, deps.clock.nowMs(), 'case', caseId);
    return c.json({ contract: contractVersion, referral: card });
  });

  app.get('/hub/unmeasured', async (c) => {
    await staffFor(c, deps, 'unmeasured.read');
    const hubNowMs = deps.clock.nowMs();
    const unmeasured = await unmeasuredToday(deps.pool, hubNowMs);
    return c.json(unmeasuredAnswer.parse({ contract: contractVersion, hubNowMs, unmeasured }));
  });

  app.post('/hub/referrals/:caseId/transition', async (c) => {
    const { staff } = await staffFor(c, deps, 'referral.step');
    const request = await parsedBody(c, transitionRequest);
    const done = await takeStep(deps.ledger, deps.clock, caseIdOf(c.req.param('caseId')), request, staff);
    return c.json({ contract: contractVersion, referral: done.referral }, done.ok ? 200 : 409);
  });
}

function caseIdOf(text: string): string {
  if (!uuid.safeParse(text).success) throw new Refusal(404, 'case-unknown');
  return text;
}
