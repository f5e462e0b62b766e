// Routes of enrolment and heads: pairing codes, redeeming them, stations and their revocation, the newest head. Called by
// http.ts.
import type { Hono } from 'hono';
import { renameRequest } from '../src/contracts/admin.ts';
import { enrolRequest, type HeadsAnswer, pairingRequest } from '../src/contracts/evidence.ts';
import { contractVersion } from '../src/contracts/kit.ts';
import { stationOf } from './auth.ts';
import { newestHead } from './heads.ts';
import { type HubDeps, staffFor } from './http.ts';
import { parsedBody } from './http-body.ts';
import { makePairing, redeem } from './pairing.ts';
import { Refusal } from './refusal.ts';
import { renameStation, revokeStation, stationList } from './station-keys.ts';

export function enrolmentRoutes(app: Hono, deps: HubDeps): void {
  app.post('/hub/station/enrol', async (c) => {
    const request = await parsedBody(c, enrolRequest);
    const answer = await redeem(deps, request, deps.clock.nowMs());
    deps.log.info({ station: answer.station.id }, 'station enrolled');
    return c.json(answer);
  });

  app.get('/hub/heads', async (c) => {
    await stationOf(deps.pool, c.req.header('authorization'));
    const size = c.req.query('size') ?? '0';
    if (!/^\d{1,15}$/.test(size)) throw new Refusal(400, 'body-unreadable', ['size']);
    const { head, proof } = await newestHead(deps.pool, c.req.query('log') ?? null, Number(size));
    const told = head === null ? null : { log: head.log, vkey: head.vkey, note: head.note, madeMs: head.madeMs };
    return c.json({ contract: contractVersion, head: told, proof } satisfies HeadsAnswer);
  });

  app.post('/hub/office/pairing', async (c) => {
    const { staff } = await staffFor(c, deps, 'station.manage');
    const { name, campus, code } = await parsedBody(c, pairingRequest);
    const place = { name, campus, code: code ?? null };
    const made = await makePairing(deps.ledger, place, staff.staffId, deps.clock.nowMs());
    return c.json({ contract: contractVersion, ...made });
  });

  app.get('/hub/office/station-keys', async (c) => {
    await staffFor(c, deps, 'station.read');
    return c.json({ contract: contractVersion, stations: await stationList(deps.pool) });
  });

  app.post('/hub/office/stations/:stationId/revoke', async (c) => {
    const { staff } = await staffFor(c, deps, 'station.manage');
    const stationId = c.req.param('stationId');
    if (!(await revokeStation(deps.ledger, stationId, staff.staffId, deps.clock.nowMs())))
      throw new Refusal(404, 'station-missing');
    deps.log.warn({ station: stationId, by: staff.staffId }, 'station revoked');
    return c.json({ contract: contractVersion });
  });

  app.post('/hub/office/stations/:stationId/rename', async (c) => {
    const { staff } = await staffFor(c, deps, 'station.manage');
    const { name } = await parsedBody(c, renameRequest);
    if (!(await renameStation(deps.ledger, c.req.param('stationId'), name, staff.staffId)))
      throw new Refusal(404, 'station-missing');
    return c.json({ contract: contractVersion });
  });
}
