// Under which names a hub answers: a page whose name was pointed at it (DNS rebinding) gets 421 everywhere, whoever signed in.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hostsOf, namesOf } from '../../hub/hosts.ts';
import { raw } from '../device/bridge-kit.ts';
import { startTestHub, type TestHub } from '../kit/hub.ts';

/** By its address: the library behind it is typed against Node alone, and these tests see the browser's types as well. */
const authority = new URL('../../hub/ca.ts', import.meta.url).href;
type Authority = { makeCa(folder: string, host: string, nowMs: number): Promise<boolean> };

let t: TestHub;
beforeAll(async () => {
  t = await startTestHub({ names: namesOf('gate.example.edu.cn, OTHER.example') });
});
afterAll(() => t?.stop());

test.each([
  '/',
  '/clinic',
  '/healthz',
  '/metrics',
  '/hub/session',
  '/hub/downlink',
  '/hub/nothing',
])('the hub answers 421 under a foreign name at %s', async (path) => {
  for (const host of ['evil.example', `evil.example:${t.hub.port}`, 'localhost.evil.example', '10.0.0.1', '[::2]:80'])
    expect([host, (await raw(t.hub.port, path, { Host: host })).status]).toEqual([host, 421]);
  for (const host of [`localhost:${t.hub.port}`, '127.0.0.1', '[::1]:7400', 'gate.example.edu.cn', 'other.example:443'])
    expect([host, (await raw(t.hub.port, path, { Host: host })).status]).not.toContain(421);
});

test('a rebound page gets nothing, though it comes with the cookie and with an origin that fits its own name', async () => {
  const cookie = await t.signIn('admin');
  const evil = { Host: 'evil.example', Origin: 'http://evil.example', Cookie: cookie };
  for (const [method, path] of [
    ['GET', '/hub/referrals'],
    ['POST', '/hub/orders'],
    ['DELETE', '/hub/session'],
  ] as const) {
    const answer = await raw(t.hub.port, path, evil, method);
    expect([answer.status, JSON.parse(answer.body).error.code]).toEqual([421, 'host-foreign']);
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  }
  expect((await t.call('hub/session', { cookie })).body).toMatchObject({ staff: { role: 'admin' } });
});

test('behind a proxy with HTTPS a given name may be the origin, and its cookie is Secure; a name that was not given may not', async () => {
  const post = (host: string, origin: string) =>
    raw(t.hub.port, '/hub/session', { Host: host, Origin: origin }, 'POST');
  // 400: the door is open and the body is empty. 403: the door is shut.
  expect((await post('gate.example.edu.cn', 'https://gate.example.edu.cn')).status).toBe(400);
  expect((await post('gate.example.edu.cn', 'https://other.example')).status).toBe(403);
  const local = `localhost:${t.hub.port}`;
  expect((await post(local, `https://${local}`)).status).toBe(403);
  expect((await post(local, `http://${local}`)).status).toBe(400);
});

test('the names of the certificate and the bound address are the hub’s own, wildcards as the certificate means them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mengang-names-'));
  try {
    const { makeCa }: Authority = await import(/* @vite-ignore */ authority);
    await makeCa(folder, 'hub.example.edu.cn', Date.now());
    const certificate = await readFile(join(folder, 'server.crt'), 'utf8');
    const hosts = hostsOf({ bound: '0.0.0.0', given: [], certificate });
    const own = ['hub.example.edu.cn', 'HUB.example.edu.cn:7400', 'localhost', '127.0.0.1:1'];
    expect(own.filter((host) => !hosts.isOwn(host))).toEqual([]);
    const foreign = [
      '0.0.0.0',
      'example.edu.cn',
      'a.hub.example.edu.cn',
      'evil.example',
      '',
      undefined,
      'hub.example.edu.cn@evil',
    ];
    expect(foreign.filter((host) => hosts.isOwn(host))).toEqual([]);
    const bound = hostsOf({ bound: '10.1.2.3', given: [], certificate: null });
    expect([bound.isOwn('10.1.2.3:7400'), bound.isOwn('10.1.2.4:7400')]).toEqual([true, false]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
