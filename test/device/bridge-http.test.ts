// Who gets in to the bridge, what it serves, and what it forwards.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { errorAnswer } from '../../src/contracts/upload.ts';
import { freePort } from '../kit/programs.ts';
import { openPage, type Rig, raw, startRig, token } from './bridge-kit.ts';

const port = await freePort();
const own = `localhost:${port}`;
let rig: Rig;

beforeAll(async () => {
  rig = await startRig(port);
});
afterAll(() => rig.stop());

describe('the door', () => {
  it.each(['/', '/device', '/healthz', '/hub/downlink?x=1'])('sends 127.0.0.1 to localhost for %s', async (path) => {
    const answer = await raw(port, path, { Host: `127.0.0.1:${port}` });
    expect([answer.status, answer.headers.location]).toEqual([308, `http://localhost:${port}${path}`]);
  });

  it.each([
    ['evil.example'],
    [`evil.example:${port}`],
    ['localhost'],
    ['localhost:1'],
    [`localhost:${port}.evil`],
  ])('turns the host %s away', async (host) => {
    expect((await raw(port, '/', { Host: host })).status).toBe(421);
  });

  it('gives the page with its cookie and headers', async () => {
    const answer = await fetch(`${rig.origin}/`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toMatch(
      /^mengang_gate=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=34560000$/,
    );
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect((await fetch(`${rig.origin}/assets/gate-1.js`)).headers.get('cache-control')).toContain('immutable');
    expect((await fetch(`${rig.origin}/sw.js`)).headers.get('cache-control')).toBe('no-cache');
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '//secret.txt',
    '/src/clinic.html',
    '/nothing',
  ])('answers 404 for %s', async (path) => {
    const answer = await raw(port, path, { Host: own });
    expect(answer.status).toBe(404);

    expect(errorAnswer.safeParse(JSON.parse(answer.body)).success).toBe(true);
  });

  it('lets only its own page onto the WebSocket', async () => {
    const cookie = await rig.cookie();
    const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' };
    const key = { 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' };
    const knock = async (headers: Record<string, string>) =>
      (await raw(port, '/device', { Host: own, ...upgrade, ...key, ...headers })).status;
    expect(await knock({ Origin: rig.origin, Cookie: cookie })).toBe(101);
    expect(await knock({ Cookie: cookie })).toBe(403);
    expect(await knock({ Origin: 'http://evil.example', Cookie: cookie })).toBe(403);
    expect(await knock({ Origin: `http://127.0.0.1:${port}`, Cookie: cookie })).toBe(403);
    expect(await knock({ Origin: 'null', Cookie: cookie })).toBe(403);
    expect(await knock({ Origin: rig.origin })).toBe(403);
    expect(await knock({ Origin: rig.origin, Cookie: `${cookie}x` })).toBe(403);
    expect(await knock({ Origin: rig.origin, Cookie: cookie, Host: `127.0.0.1:${port}` })).toBe(421);
    expect(await knock({ Origin: rig.origin, Cookie: cookie, Host: 'evil.example' })).toBe(421);
  });

  it('lets a page from the offline cache back in after the bridge was started anew', async () => {
    const headers = { Origin: rig.origin, Cookie: await rig.cookie() };
    await rig.restart();
    const page = await openPage(port, headers);
    expect(page.hello.station.code).toBe('G03');
    page.close();
  });

  it('refuses a second page while the first lives, and takes it when the first is gone', async () => {
    const headers = { Origin: rig.origin, Cookie: await rig.cookie() };
    const first = await openPage(port, headers);
    const second = new WebSocket(`ws://localhost:${port}/device`, { headers });
    expect(await new Promise((resolve) => second.once('close', resolve))).toBe(4409);
    // A page whose process hangs answers no ping.
    first.socket.pause();
    const third = await openPage(port, headers);
    expect(third.hello.type).toBe('hello');
    third.close();
    first.socket.terminate();
  });

  it('ends a talk that is too large or no message', async () => {
    for (const [text, code] of [
      ['x'.repeat(70_000), 1009],
      ['{"type":"open-the-gate"}', 4400],
      ['{', 4400],
    ] as const) {
      const page = await rig.page();
      const closed = new Promise((resolve) => page.socket.once('close', resolve));
      page.socket.send(text);
      expect(await closed).toBe(code);
    }
  });

  it('shows health and metrics without a person in them', async () => {
    const health = await (await fetch(`${rig.origin}/healthz`)).text();
    expect(JSON.parse(health)).toMatchObject({ ok: true, journal: { holes: 0 } });
    const metrics = await (await fetch(`${rig.origin}/metrics`)).text();
    expect(metrics).toContain('mengang_bridge_device_state{device="barrier-1",role="barrier",state="online"} 1');
    expect(metrics).toContain('mengang_bridge_journal{what="entries"}');
  });
});

describe('the way to the hub', () => {
  const headers = async () => ({ Cookie: `${await rig.cookie()}; other=1`, Origin: rig.origin });

  it('signs as the station and carries no cookie either way', async () => {
    rig.onHub((_call, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Set-Cookie': 'hub=1', 'X-Inside': '1' });
      response.end('{"fine":true}');
    });
    rig.hubCalls.length = 0;
    const answer = await fetch(`${rig.origin}/hub/entries`, {
      method: 'POST',
      headers: { ...(await headers()), Authorization: 'Bearer forged', 'Content-Type': 'application/json' },
      body: '{"a":1}',
    });
    expect([answer.status, await answer.json()]).toEqual([200, { fine: true }]);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('x-inside')).toBeNull();
    const call = rig.hubCalls.find(({ body }) => body === '{"a":1}');
    expect(call?.headers.authorization).toBe(`Bearer ${token}`);
    expect(call?.headers.cookie).toBeUndefined();
    expect(call?.headers.origin).toBeUndefined();
  });

  it('forwards three calls and no other', async () => {
    const own = await headers();
    const status = async (path: string, method: string) =>
      (await fetch(`${rig.origin}${path}`, { method, headers: own })).status;
    expect(await status('/hub/downlink?rosterVersion=0', 'GET')).toBe(200);
    expect(await status('/hub/downlink', 'POST')).toBe(405);
    expect(await status('/hub/entries', 'GET')).toBe(405);
    for (const path of ['/hub/station', '/hub/session', '/hub/policy', '/hub/entries/', '/hub/constructor']) {
      expect(await status(path, 'GET')).toBe(404);
    }
  });

  it('asks for the own origin and the cookie', async () => {
    const { Cookie, Origin } = await headers();
    const post = async (given: Record<string, string>) =>
      (await fetch(`${rig.origin}/hub/entries`, { method: 'POST', headers: given, body: '{}' })).status;
    expect(await post({ Cookie, Origin })).toBe(200);
    expect(await post({ Cookie })).toBe(403);
    expect(await post({ Origin })).toBe(403);
    expect(await post({ Cookie, Origin: 'http://evil.example' })).toBe(403);
    const get = async (given: Record<string, string>) =>
      (await fetch(`${rig.origin}/hub/downlink`, { headers: given })).status;
    expect(await get({ Cookie })).toBe(200);
    expect(await get({})).toBe(403);
    expect((await raw(port, '/hub/downlink', { Host: own, Cookie, 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
  });

  it('refuses more than 2 MiB', async () => {
    const body = 'x'.repeat(2 * 1_048_576 + 1);
    const answer = await fetch(`${rig.origin}/hub/entries`, { method: 'POST', headers: await headers(), body });
    expect(answer.status).toBe(413);
  });

  it('lets the feed through piece by piece, and ends it when the hub does', async () => {
    let end = (): void => {};
    rig.onHub((call, response) => {
      if (!call.url.startsWith('/hub/feed')) return void response.writeHead(503).end();
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('id: 1\ndata: one\n\n');
      end = () => void response.destroy();
    });
    const answer = await fetch(`${rig.origin}/hub/feed?cursor=0`, {
      headers: { ...(await headers()), 'Last-Event-ID': '7' },
    });
    const pieces = answer.body?.getReader();
    const first = await pieces?.read();
    expect(new TextDecoder().decode(first?.value)).toContain('data: one');
    expect(rig.hubCalls.at(-1)?.headers['last-event-id']).toBe('7');
    end();
    await expect(pieces?.read()).rejects.toThrow();
  });

  it('says hub-away when the hub is away', async () => {
    await rig.stopHub();
    const answer = await fetch(`${rig.origin}/hub/downlink`, { headers: await headers() });
    expect(answer.status).toBe(502);
    expect(errorAnswer.parse(await answer.json()).error.code).toBe('hub-away');
  });
});
