// A bridge on a tablet: it serves the rounds page and hands its calls to the hub as they come, and nothing else.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorAnswer } from '../../src/contracts/upload.ts';
import { freePort } from '../kit/programs.ts';
import { type Rig, startRig, token } from './bridge-kit.ts';

let rig: Rig;
let gate: Rig;

beforeAll(async () => {
  rig = await startRig(await freePort(), undefined, undefined, undefined, { rounds: true });
  gate = await startRig(await freePort());
  for (const one of [rig, gate])
    one.onHub((_call, response) => {
      response.writeHead(200, {
        'Content-Type': 'application/json',
        'Set-Cookie': ['mengang_hub=fresh; Path=/; HttpOnly; Secure; SameSite=Strict', 'other=1'],
      });
      response.end('{"fine":true}');
    });
});
afterAll(async () => {
  await rig.stop();
  await gate.stop();
});

const own = async (more: Record<string, string> = {}, of = rig) => ({
  ...{ Cookie: `${await of.cookie()}; mengang_hub=session; other=1`, Origin: of.origin },
  ...more,
});
const ask = async (method: string, path: string, headers: Record<string, string>, of = rig) => {
  of.hubCalls.length = 0;
  const answer = await fetch(`${of.origin}${path}`, { method, headers, ...(method === 'POST' ? { body: '{}' } : {}) });
  return {
    status: answer.status,
    cookies: answer.headers.getSetCookie(),
    call: of.hubCalls.find((one) => one.url === path),
  };
};

describe('the rounds page', () => {
  it('comes with the cookie and the mark that a bridge serves it, only where the configuration says so', async () => {
    const answer = await fetch(`${rig.origin}/rounds`);
    expect(answer.headers.get('set-cookie')).toMatch(/^mengang_gate=/);
    expect(await answer.text()).toBe('<!doctype html><html data-bridge="" lang="zh-CN"></html>');
    expect((await fetch(`${rig.origin}/rounds-sw.js`)).headers.get('set-cookie')).toMatch(/^mengang_gate=/);
    expect((await fetch(`${rig.origin}/src/rounds/rounds.html`)).status).toBe(404);
    expect((await fetch(`${gate.origin}/rounds`)).status).toBe(404);
  });
});

describe('the way of its calls to the hub', () => {
  it.each([
    ['GET', '/hub/session'],
    ['POST', '/hub/session'],
    ['DELETE', '/hub/session'],
    ['POST', '/hub/session/password'],
    ['GET', '/hub/rounds?scope=building'],
    ['GET', '/hub/rounds/sheet?building=A&day=2026-11-24&window=early'],
    ['GET', '/hub/notices'],
    ['POST', '/hub/notices/n-1/read'],
  ])('%s %s goes with the session alone, under the hub’s own origin', async (method, path) => {
    const { status, cookies, call } = await ask(method, path, await own());
    expect([status, call?.method]).toEqual([200, method]);
    expect(call?.headers.cookie).toBe('mengang_hub=session');
    expect(call?.headers.authorization).toBeUndefined();
    expect(call?.headers.origin).toBe(method === 'GET' ? undefined : `http://${call?.headers.host}`);
    // The page speaks plain HTTP to its own machine.
    expect(cookies).toEqual(['mengang_hub=fresh; Path=/; HttpOnly; SameSite=Strict']);
    expect((await ask(method, path, await own({}, gate), gate)).status).toBe(404);
  });

  it.each([
    ['POST', '/hub/entries'],
    ['GET', '/hub/station'],
  ])('%s %s goes as the tablet with its own token and signature, without a session', async (method, path) => {
    const word = { Authorization: 'Bearer of-the-tablet', 'mengang-signature': 'v1 key held mark' };
    const { status, cookies, call } = await ask(method, path, await own(word));
    expect([status, cookies]).toEqual([200, []]);
    expect(call?.headers).toMatchObject({ authorization: word.Authorization, 'mengang-signature': 'v1 key held mark' });
    expect(call?.headers.cookie).toBeUndefined();
  });

  it('an enrolment goes as nobody', async () => {
    const { call } = await ask('POST', '/hub/station/enrol', await own());
    expect([call?.headers.authorization, call?.headers.cookie]).toEqual([undefined, undefined]);
  });

  it('the gate page of the same bridge still speaks as the station', async () => {
    const { call } = await ask('POST', '/hub/entries', await own());
    expect(call?.headers.authorization).toBe(`Bearer ${token}`);
    expect((await ask('GET', '/hub/station', await own())).status).toBe(404);
  });

  it('nothing else of the hub can be asked', async () => {
    for (const [method, path] of [
      ['GET', '/hub/office/orders'],
      ['GET', '/hub/rounds/missing'],
      ['POST', '/hub/rounds'],
      ['GET', '/hub/session/password'],
      ['POST', '/hub/notices/a/b/read'],
      ['DELETE', '/hub/notices'],
    ] as const)
      expect([path, (await ask(method, path, await own())).status]).toEqual([path, 404]);
  });

  it('asks for the own origin and the cookie, like all calls', async () => {
    const { Cookie, Origin } = await own();
    expect((await ask('POST', '/hub/session', { Cookie })).status).toBe(403);
    expect((await ask('POST', '/hub/session', { Origin, Cookie: 'mengang_hub=session' })).status).toBe(403);
    expect((await ask('DELETE', '/hub/session', { Cookie, Origin: 'http://evil.example' })).status).toBe(403);
  });

  it('says hub-away when the hub is away', async () => {
    await rig.stopHub();
    const answer = await fetch(`${rig.origin}/hub/session`, { headers: await own() });
    expect(answer.status).toBe(502);
    expect(errorAnswer.parse(await answer.json()).error.code).toBe('hub-away');
  });
});
