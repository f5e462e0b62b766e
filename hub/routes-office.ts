// Routes of the office and administrators: orders, policy, campus mode, roster, and what was refused. Called by http.ts.
import type { Context, Hono } from 'hono';
import * as z from 'zod/mini';
import { driftAnswer } from '../src/contracts/drift.ts';
import { contractVersion, count, name, sha256Hex, uuid } from '../src/contracts/kit.ts';
import { orderRequest } from '../src/contracts/people.ts';
import { driftRows, instrumentEvents } from './drift.ts';
import { faultsOf } from './faults.ts';
import { type HubDeps, refuseUnlessFor, staffFor } from './http.ts';
import { bodyOf, detailsOf, parsedBody } from './http-body.ts';
import { officeView, rawOf } from './office.ts';
import { changeOrder } from './orders.ts';
import { policyNow, setCampusMode, setPolicy } from './policy.ts';
import { noteRead } from './reads.ts';
import { Refusal } from './refusal.ts';
import { mayDo } from './roles.ts';
import { limits as csvLimits } from './roster-csv.ts';
import { importRoster, previewRoster } from './roster-import.ts';

export const policyRequest = z.object({ version: count, document: z.unknown() });
export const campusRequest = z.object({ campus: name, mode: z.enum(['open', 'closed']) });

const rawQuery = z.object({
  kind: z.enum(['set-aside', 'conflict']),
  writer: uuid,
  seq: z.string().check(z.regex(/^\d{1,15}$/)),
  sha256: sha256Hex,
});

export function officeRoutes(app: Hono, deps: HubDeps): void {
  app.post('/hub/orders', async (c) => {
    const session = await staffFor(c, deps, 'order.change');
    const { change, personId, order, days, reason, companions } = await parsedBody(c, orderRequest);
    // What bars until the clinic has signed is ended by the clinic alone.
    if (
      change === 'end' &&
      (order === 'isolation' || order === 'hospital') &&
      !mayDo(session.staff.role, 'order.release')
    )
      throw new Refusal(403, 'order-nurse');
    await changeOrder(deps.ledger, deps.clock, {
      ...{ change, personId, kind: order, days: days ?? null, reason, actor: session.staff },
      companions: companions ?? [],
      allow: (target) => refuseUnlessFor(session, 'order.change', target),
    });
    return c.json({ contract: contractVersion });
  });

  app.get('/hub/policy', async (c) => {
    await staffFor(c, deps, 'policy.read');
    const { version, document } = await policyNow(deps.pool);
    return c.json({ contract: contractVersion, version, document });
  });

  app.put('/hub/policy', async (c) => {
    const { staff } = await staffFor(c, deps, 'policy.write');
    const request = await parsedBody(c, policyRequest);
    const { version, document } = await setPolicy(deps.ledger, request.document, request.version, staff.staffId);
    return c.json({ contract: contractVersion, version, document });
  });

  app.put('/hub/campus', async (c) => {
    await staffFor(c, deps, 'campus.mode');
    const { campus, mode } = await parsedBody(c, campusRequest);
    await setCampusMode(deps.ledger, campus, mode);
    return c.json({ contract: contractVersion, campus, mode });
  });

  app.post('/hub/roster/preview', async (c) => {
    await staffFor(c, deps, 'roster.import');
    return c.json(await previewRoster(deps.pool, await bodyOf(c, csvLimits.bytes)));
  });

  app.post('/hub/roster/import', async (c) => {
    const { staff } = await staffFor(c, deps, 'roster.import');
    const options = {
      file: c.req.query('file') ?? '',
      by: staff.staffId,
      acceptValidRows: isYes(c, 'acceptValidRows'),
      fingerprint: c.req.query('fingerprint') ?? null,
      nowMs: deps.clock.nowMs(),
    };
    return c.json(await importRoster(deps.ledger, await bodyOf(c, csvLimits.bytes), options));
  });

  app.get('/hub/office/drift', async (c) => {
    await staffFor(c, deps, 'drift.read');
    const hubNowMs = deps.clock.nowMs();
    const rows = await driftRows(deps.pool, hubNowMs);
    const instruments = await instrumentEvents(deps.pool, hubNowMs);
    return c.json(driftAnswer.parse({ contract: contractVersion, hubNowMs, rows, instruments }));
  });

  app.get('/hub/office/stations', async (c) => {
    await staffFor(c, deps, 'faults.read');
    return c.json(await officeView(deps.pool, deps.clock.nowMs()));
  });

  app.get('/hub/office/raw', async (c) => {
    const { staff } = await staffFor(c, deps, 'faults.read');
    const read = rawQuery.safeParse(c.req.query());
    if (!read.success) throw new Refusal(400, 'body-unreadable', detailsOf(read.error.issues));
    const { kind, writer: writerId, seq, sha256 } = read.data;
    const base64 = await rawOf(deps.pool, { kind, writerId, seq: Number(seq), sha256 });
    if (base64 === null) throw new Refusal(404, 'not-found');
    // What could not be read may hold a person's data all the same.
    await noteRead(deps.pool, staff.staffId, deps.clock.nowMs(), 'raw', `${kind} ${writerId} ${seq}`);
    return c.json({ contract: contractVersion, base64 });
  });

  app.get('/hub/faults', async (c) => {
    await staffFor(c, deps, 'faults.read');
    return c.json({ contract: contractVersion, faults: await faultsOf(deps.pool) });
  });
}

function isYes(c: Context, key: string): boolean {
  return c.req.query(key) === 'yes';
}
