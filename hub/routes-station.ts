// Routes of stations: upload, downlink, feed, and what a bridge asks for itself. Called by http.ts.
import type { Context, Hono } from 'hono';
import { getCookie } from 'hono/cookie';
import type { FeedEvent } from '../src/contracts/downlink.ts';
import { signatureHeader } from '../src/contracts/evidence.ts';
import { contract, contractVersion } from '../src/contracts/kit.ts';
import { limits as uploadLimits, uploadRequest } from '../src/contracts/upload.ts';
import { cookieName, stationOf } from './auth.ts';
import { signedBatch } from './batch-signature.ts';
import { downlink } from './downlink.ts';
import type { Listener, StillMay } from './feed.ts';
import { cursorOf } from './feed-cursor.ts';
import { isTooOld } from './feed-keep.ts';
import { standingDecisions } from './holds.ts';
import { type HubDeps, staffFor } from './http.ts';
import { bodyOf, detailsOf, jsonOf } from './http-body.ts';
import { policyNow } from './policy.ts';
import { noteRead } from './reads.ts';
import { standingCases } from './referrals.ts';
import { Refusal } from './refusal.ts';
import { holdingsOf } from './seals.ts';
import { guardsOf } from './staff.ts';
import { receive } from './uploads.ts';

export function stationRoutes(app: Hono, deps: HubDeps): void {
  app.post('/hub/entries', async (c) => {
    const station = await stationOf(deps.pool, c.req.header('authorization'));
    const leave = deps.permits.enter(station.stationId);
    try {
      const startedMs = deps.clock.monoMs();
      const batch = batchOf(jsonOf(await bodyOf(c, uploadLimits.bytes), 'envelope-unreadable'));
      const header = c.req.header(signatureHeader);
      const stored = await deps.permits.turn(station.stationId, batch.entries.length);
      try {
        const signed = await signedBatch(deps.ledger, station, batch, header, deps.clock.nowMs());
        const answer = await receive(deps, station.stationId, batch, signed);
        deps.metrics.uploaded(answer, (deps.clock.monoMs() - startedMs) / 1_000);
        return c.json(answer);
      } finally {
        stored();
      }
    } finally {
      leave();
    }
  });

  app.get('/hub/downlink', async (c) => {
    const station = await stationOf(deps.pool, c.req.header('authorization'));
    const asked = c.req.query('rosterVersion') ?? '0';
    if (!/^\d{1,15}$/.test(asked)) throw new Refusal(400, 'body-unreadable', ['rosterVersion']);
    const after = c.req.query('after') ?? null;
    return c.json(
      await downlink(deps.pool, {
        rosterVersion: Number(asked),
        after: after === '' ? null : after,
        stationId: station.stationId,
        campus: station.campus,
        nowMs: deps.clock.nowMs(),
      }),
    );
  });

  app.get('/hub/station', async (c) => {
    const station = await stationOf(deps.pool, c.req.header('authorization'));
    const { stationId: id, code, name, campus } = station;
    const policy = await policyNow(deps.pool);
    return c.json({
      contract: contractVersion,
      station: { id, code, name, campus },
      guards: await guardsOf(deps.pool, campus),
      policy: { version: policy.version, document: policy.document },
    });
  });

  app.get('/hub/station/holdings', async (c) => {
    const station = await stationOf(deps.pool, c.req.header('authorization'));
    return c.json(await holdingsOf(deps.pool, station.stationId, deps.clock.nowMs()));
  });

  app.get('/hub/feed', async (c) => {
    const { listener, stillMay } = await listenerOf(c, deps);
    const text = c.req.header('last-event-id') || c.req.query('cursor') || null;
    let cursor = text === null ? null : cursorOf(text);
    if (text !== null && cursor === null) throw new Refusal(400, 'cursor-unreadable');
    if (cursor !== null && (await isTooOld(deps.pool, cursor))) {
      // A station hears all that holds at its beginning anew; the board asks for everything when its cursor is refused.
      if (listener.kind === 'clinic') throw new Refusal(400, 'cursor-unreadable');
      cursor = null;
    }
    const standing = listener.kind === 'station' ? () => standingFor(deps, listener.stationId) : undefined;
    // A HEAD has nobody to read: a feed opened for it would be filled until its queue is full.
    const isRead = c.req.method === 'GET';
    return c.newResponse(isRead ? deps.feed.open(listener, cursor, standing, stillMay) : null, 200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    });
  });
}

/** How this station's open cases stand, and what was decided lately on who is held there. */
async function standingFor(deps: HubDeps, stationId: string): Promise<FeedEvent[]> {
  const cases = await standingCases(deps.pool, stationId);
  return [...cases, ...(await standingDecisions(deps.pool, stationId, deps.clock.nowMs()))];
}

async function listenerOf(c: Context, deps: HubDeps): Promise<{ listener: Listener; stillMay: StillMay }> {
  const authorization = c.req.header('authorization');
  if (authorization !== undefined || getCookie(c, cookieName) === undefined) {
    const ask = () => stationOf(deps.pool, authorization);
    const { stationId, campus } = await ask();
    return { listener: { kind: 'station', stationId, campus }, stillMay: () => isAllowed(ask) };
  }
  const ask = () => staffFor(c, deps, 'feed.clinic');
  const { staff, tokenSha256: session } = await ask();
  await noteRead(deps.pool, staff.staffId, deps.clock.nowMs(), 'feed', '');
  return { listener: { kind: 'clinic', session }, stillMay: () => isAllowed(ask) };
}

/** False when it is refused; what the database throws is thrown on. */
async function isAllowed(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** The envelope of a batch; what is not one is a refusal of the whole. */
function batchOf(input: unknown) {
  if (typeof input === 'object' && input !== null) {
    if ('entries' in input && Array.isArray(input.entries) && input.entries.length > uploadLimits.entries) {
      throw new Refusal(413, 'too-large');
    }
    if ('contract' in input && !contract.safeParse(input.contract).success) throw new Refusal(400, 'contract-unknown');
  }
  const read = uploadRequest.safeParse(input);
  if (!read.success) throw new Refusal(400, 'envelope-unreadable', detailsOf(read.error.issues));
  return read.data;
}
