// A live feed lasts no longer than the right to hear it: who signs out, leaves or is revoked is let go at the next heartbeat.
// And there are never more of them than the hub can hold.
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { limits as feedLimits, startFeed } from '../../hub/feed.ts';
import { Refusal } from '../../hub/refusal.ts';
import { limits } from '../../src/contracts/downlink.ts';
import { startTestHub, type TestHub } from '../kit/hub.ts';

let t: TestHub;
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  t = await startTestHub();
});
afterAll(async () => {
  await t.stop();
  vi.useRealTimers();
});

async function open(headers: Record<string, string>): Promise<{ ended(): boolean; abort(): void }> {
  const stop = new AbortController();
  const answer = await fetch(`${t.url}hub/feed`, { headers, signal: stop.signal });
  expect(answer.status).toBe(200);
  let ended = false;
  void answer.text().then(
    () => {
      ended = true;
    },
    () => undefined,
  );
  return { ended: () => ended, abort: () => stop.abort() };
}

test('who may hear no more is let go at the next heartbeat; the others go on', async () => {
  const [leaving, dismissed, staying] = [await t.signIn('nurse'), await t.signIn('nurse'), await t.signIn('nurse')];
  const lost = await t.addStation();
  const over = await Promise.all([
    open({ cookie: leaving }),
    open({ cookie: dismissed }),
    open({ authorization: `Bearer ${lost.token}` }),
  ]);
  const on = await Promise.all([open({ cookie: staying }), open({ authorization: `Bearer ${t.station.token}` })]);
  expect((await t.call('hub/session', { cookie: leaving, method: 'DELETE' })).status).toBe(200);
  const { body } = await t.call('hub/session', { cookie: dismissed });
  const { staffId } = (body as { staff: { staffId: string } }).staff;
  const admin = await t.signIn('admin');
  expect((await t.call(`hub/admin/staff/${staffId}/end`, { cookie: admin, method: 'POST' })).status).toBe(200);
  const revoke = `hub/office/stations/${lost.id}/revoke`;
  expect((await t.call(revoke, { cookie: admin, method: 'POST' })).status).toBe(200);
  vi.advanceTimersByTime(limits.heartbeatMs);
  await vi.waitFor(() => expect(over.map((feed) => feed.ended())).toEqual([true, true, true]), { timeout: 2_000 });
  expect(on.map((feed) => feed.ended())).toEqual([false, false]);
  for (const feed of on) feed.abort();
});

test('a HEAD has nobody to read and opens no feed', async () => {
  const clients = async () => /^mengang_hub_feed_clients (\d+)/m.exec((await t.call('metrics')).body as string)?.[1];
  const headers = { authorization: `Bearer ${t.station.token}` };
  for (let i = 0; i < 3; i++)
    expect((await fetch(`${t.url}hub/feed`, { method: 'HEAD', headers })).headers.get('content-type')).toContain(
      'event',
    );
  await vi.waitFor(async () => expect(await clients()).toBe('0'));
});

test('of one station the oldest feed ends when one too many opens; the new one is never refused', async () => {
  const other = await open({ authorization: `Bearer ${(await t.addStation()).token}` });
  const headers = { authorization: `Bearer ${(await t.addStation()).token}` };
  const feeds: Awaited<ReturnType<typeof open>>[] = [];
  for (let i = 0; i <= feedLimits.perStation; i++) feeds.push(await open(headers));
  await vi.waitFor(() => expect(feeds[0]?.ended()).toBe(true));
  expect(feeds.slice(1).filter((feed) => feed.ended())).toEqual([]);
  expect(other.ended()).toBe(false);
  for (const feed of [other, ...feeds]) feed.abort();
});

test('one sign-in may stand on a thousand boards; beyond its bound its oldest feed ends, and none of another', async () => {
  const feed = await startFeed(t.hub.pool, pino({ level: 'silent' }), t.clock.nowMs);
  const listen = (session: string) => feed.open({ kind: 'clinic', session }, null);
  listen('another');
  for (let at = 0; at < feedLimits.perSession; at++) listen('one');
  expect(feed.clients()).toBe(feedLimits.perSession + 1);
  listen('one');
  expect(feed.clients()).toBe(feedLimits.perSession + 1);
  feed.stop();
});

test('beyond all that the hub holds a feed is refused with a time to come back, until one ends', async () => {
  const feed = await startFeed(t.hub.pool, pino({ level: 'silent' }), t.clock.nowMs);
  const listen = (at: number) => feed.open({ kind: 'station', stationId: `st-${at}`, campus: 'beijing' }, null);
  const first = listen(0);
  for (let at = 1; at < feedLimits.clients; at++) listen(at);
  let refusal: unknown;
  try {
    listen(feedLimits.clients);
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toBeInstanceOf(Refusal);
  expect(refusal).toMatchObject({ status: 503, code: 'hub-busy', retryAfterS: feedLimits.retryAfterS });
  expect(feed.clients()).toBe(feedLimits.clients);
  await first.cancel();
  listen(feedLimits.clients);
  feed.stop();
});
