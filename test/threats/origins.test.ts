// Who may speak to bridge and hub from a web page: only the page of their own origin. One table over every door that acts.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Rig, raw, startRig } from '../device/bridge-kit.ts';
import { startTestHub, type TestHub } from '../kit/hub.ts';
import { freePort } from '../kit/programs.ts';

let rig: Rig;
let t: TestHub;
let gate: string;
let admin: string;
beforeAll(async () => {
  rig = await startRig(await freePort());
  t = await startTestHub();
  [gate, admin] = [await rig.cookie(), await t.signIn('admin')];
});
afterAll(async () => {
  await rig?.stop();
  await t?.stop();
});

const upgrade = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
};
type Door = { method: string; path: string; more?: Record<string, string> };
const bridgeDoors: Door[] = [
  { method: 'GET', path: '/device', more: upgrade },
  { method: 'POST', path: '/hub/entries' },
  { method: 'POST', path: '/settings/api/session' },
  { method: 'DELETE', path: '/settings/api/session' },
  { method: 'POST', path: '/settings/api/doctor' },
];
const hubDoors: Door[] = [
  { method: 'POST', path: '/hub/session' },
  { method: 'DELETE', path: '/hub/session' },
  { method: 'POST', path: '/hub/session/password' },
  { method: 'POST', path: '/hub/orders' },
  { method: 'PUT', path: '/hub/policy' },
  { method: 'PUT', path: '/hub/campus' },
  { method: 'POST', path: '/hub/roster/preview' },
  { method: 'POST', path: '/hub/roster/import' },
  { method: 'POST', path: '/hub/office/pairing' },
  { method: 'POST', path: '/hub/office/stations/st-1/revoke' },
];
/** The right one with something about it that is not right; null = no header at all. */
const strangers = (own: string): (string | null)[] => [
  null,
  'null',
  '',
  'http://evil.example',
  own.replace('http:', 'https:'),
  `${own}.evil.example`,
  `${own}/`,
  own.replace(/:\d+$/, ''),
  own.replace('localhost', '127.0.0.1').replace(/:(\d+)$/, (_all, port) => `:${Number(port) + 1}`),
];

test.each(bridgeDoors)('the bridge refuses a foreign, a null and a missing Origin: $method $path', async (door) => {
  const base = { Host: `localhost:${rig.port}`, Cookie: gate, ...door.more };
  for (const origin of strangers(rig.origin)) {
    const headers = origin === null ? base : { ...base, Origin: origin };
    expect([origin, (await raw(rig.port, door.path, headers, door.method)).status]).toEqual([origin, 403]);
  }
  const own = await raw(rig.port, door.path, { ...base, Origin: rig.origin }, door.method);
  expect(own.status).not.toBe(403);
  const site = { ...base, Origin: rig.origin, 'Sec-Fetch-Site': 'cross-site' };
  if (door.more === undefined) expect((await raw(rig.port, door.path, site, door.method)).status).toBe(403);
});

test.each(hubDoors)('the hub refuses a foreign, a null and a missing Origin: $method $path', async (door) => {
  const base = { Host: `127.0.0.1:${t.hub.port}`, Cookie: admin };
  const own = `http://127.0.0.1:${t.hub.port}`;
  for (const origin of strangers(own)) {
    const answer = await raw(t.hub.port, door.path, origin === null ? base : { ...base, Origin: origin }, door.method);
    expect([origin, answer.status, JSON.parse(answer.body).error.code]).toEqual([origin, 403, 'origin-foreign']);
  }
  expect((await t.call('hub/session', { cookie: admin })).body).toMatchObject({ staff: { role: 'admin' } });
});

test('no answer of bridge or hub lets another origin read it', async () => {
  const evil = { Origin: 'http://evil.example' };
  for (const [port, host, path] of [
    [rig.port, `localhost:${rig.port}`, '/healthz'],
    [rig.port, `localhost:${rig.port}`, '/hub/downlink'],
    [rig.port, `localhost:${rig.port}`, '/settings/api/session'],
    [t.hub.port, `127.0.0.1:${t.hub.port}`, '/healthz'],
    [t.hub.port, `127.0.0.1:${t.hub.port}`, '/hub/referrals'],
  ] as const)
    for (const method of ['GET', 'OPTIONS']) {
      const { headers } = await raw(port, path, { Host: host, ...evil }, method);
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    }
});
