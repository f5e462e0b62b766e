// Routes of notices, telephone numbers and the list of regions. Called by http.ts.
import type { Hono } from 'hono';
import { contractVersion, uuid } from '../src/contracts/kit.ts';
import { phonesRequest, regionsRequest } from '../src/contracts/list-request.ts';
import { noticeRequest } from '../src/contracts/notice.ts';
import { type HubDeps, staffFor } from './http.ts';
import { parsedBody } from './http-body.ts';
import { endNotice, markRead, noticesFor, officeNotices, phonesOf, publishNotice, setPhones } from './notices.ts';
import { Refusal } from './refusal.ts';
import { regionsOf, setRegions } from './regions.ts';

export function noticeRoutes(app: Hono, deps: HubDeps): void {
  app.get('/hub/notices', async (c) => {
    const { staff } = await staffFor(c, deps, 'notice.read');
    return c.json(await noticesFor(deps.pool, staff.staffId, deps.clock.nowMs()));
  });

  app.post('/hub/notices/:id/read', async (c) => {
    const { staff } = await staffFor(c, deps, 'notice.read');
    await markRead(deps.pool, noticeIdOf(c.req.param('id')), staff.staffId, deps.clock.nowMs());
    return c.json({ contract: contractVersion });
  });

  app.get('/hub/office/notices', async (c) => {
    await staffFor(c, deps, 'notice.publish');
    return c.json(await officeNotices(deps.pool, deps.clock.nowMs()));
  });

  app.post('/hub/office/notices', async (c) => {
    const { staff } = await staffFor(c, deps, 'notice.publish');
    const request = await parsedBody(c, noticeRequest);
    const noticeId = await publishNotice(deps.ledger, deps.clock, request, staff);
    return c.json({ contract: contractVersion, noticeId });
  });

  app.post('/hub/office/notices/:id/end', async (c) => {
    const { staff } = await staffFor(c, deps, 'notice.publish');
    await endNotice(deps.ledger, deps.clock, noticeIdOf(c.req.param('id')), staff);
    return c.json({ contract: contractVersion });
  });

  app.put('/hub/office/phones', async (c) => {
    const { staff } = await staffFor(c, deps, 'notice.publish');
    const request = await parsedBody(c, phonesRequest);
    await setPhones(deps.ledger, request, staff);
    return c.json({ contract: contractVersion, phones: await phonesOf(deps.pool) });
  });

  app.put('/hub/office/regions', async (c) => {
    const { staff } = await staffFor(c, deps, 'regions.change');
    const request = await parsedBody(c, regionsRequest);
    await setRegions(deps.ledger, request, staff);
    return c.json({ contract: contractVersion, regions: await regionsOf(deps.pool) });
  });
}

function noticeIdOf(id: string): string {
  if (!uuid.safeParse(id).success) throw new Refusal(404, 'notice-unknown');
  return id;
}
