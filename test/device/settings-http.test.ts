// The settings' door: nothing of it opens without the page's cookie, the own origin and a PIN, and five wrong ones lock.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { settingsLive, settingsSession, settingsSigned } from '../../src/contracts/settings.ts';
import { freePort } from '../kit/programs.ts';
import { cardFrame, type Rig, raw, startRig, temperatureFrame } from './bridge-kit.ts';

let pinHash = '';
let rig: Rig;
let gateCookie = '';

beforeAll(async () => {
  pinHash = await hash('4711', { memoryCost: 8_192, timeCost: 1 });
});
beforeEach(async () => {
  rig = await startRig(await freePort());
  // A list from the last time, since this rig's hub answers nothing.
  await rig.bridge.stop();
  await mkdir(join(rig.dir, 'state'), { recursive: true });
  const guards = ['g1', 'g2'].map((staffId) => ({ staffId, name: `Guard ${staffId}`, pinHash }));
  await writeFile(join(rig.dir, 'state', 'station.json'), JSON.stringify({ contract: 1, guards }));
  await rig.restart();
  gateCookie = await rig.cookie();
});
afterEach(() => rig.stop());

type Init = { method?: string; cookie?: string; origin?: string | null; body?: unknown; type?: string };
async function call(path: string, { method = 'GET', cookie = gateCookie, origin, body, type }: Init = {}) {
  const headers: Record<string, string> = { Cookie: cookie };
  const from = origin === undefined ? rig.origin : origin;
  if (from !== null) headers.Origin = from;
  if (body !== undefined) headers['Content-Type'] = type ?? 'application/json';
  const init: RequestInit = { method, headers };
  if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${rig.origin}/settings/api/${path}`, init);
  return { status: response.status, set: response.headers.get('set-cookie') ?? '', body: await response.json() };
}
const signIn = (pin: string, staffId = 'g1') => call('session', { method: 'POST', body: { staffId, pin } });
async function signedIn(): Promise<string> {
  const { set } = await signIn('4711');
  return `${gateCookie}; ${set.split(';')[0]}`;
}

describe('signing in to the settings', () => {
  it('tells who may, and nothing else, before anybody signed in', async () => {
    const { status, body } = await call('session');
    expect(status).toBe(200);
    expect(settingsSession.parse(body)).toMatchObject({
      station: { name: 'North gate', code: 'G03', campus: 'beijing' },
      guards: [{ staffId: 'g1' }, { staffId: 'g2' }],
      signedIn: null,
      leftMs: 0,
    });
    expect(JSON.stringify(body)).not.toContain('argon2');
    expect((await call('live')).status).toBe(401);
  });

  it('gives a session in a cookie that no script and no other site gets, for the settings alone', async () => {
    const answer = await signIn('4711');
    expect(settingsSigned.parse(answer.body)).toMatchObject({ signedIn: { staffId: 'g1' }, error: null });
    expect(answer.set).toMatch(/^mengang_settings=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/settings; Max-Age=\d+$/);
    const cookie = await signedIn();
    expect((await call('live', { cookie })).status).toBe(200);
    const { leftMs } = settingsSession.parse((await call('session', { cookie })).body);
    expect(leftMs).toBeGreaterThan(14 * 60_000);
    expect(leftMs).toBeLessThanOrEqual(15 * 60_000);
  });

  it('does not put the one who signs in on duty', async () => {
    await signedIn();
    expect((await rig.page()).hello.signedIn).toBeNull();
  });

  it('ends with signing out, and with the bridge', async () => {
    const cookie = await signedIn();
    const out = await call('session', { method: 'DELETE', cookie });
    expect(out.set).toContain('Max-Age=0');
    expect((await call('live', { cookie })).status).toBe(401);
    const second = await signedIn();
    await rig.restart();
    expect((await call('live', { cookie: second })).status).toBe(401);
  });

  it('locks for five minutes after five wrong PINs, through a restart', async () => {
    for (let wrong = 1; wrong <= 4; wrong += 1) {
      expect((await signIn('0000')).body).toMatchObject({ error: 'wrong-pin', signedIn: null });
    }
    expect((await signIn('0000')).body).toMatchObject({ error: 'locked', retryInMs: 300_000 });
    await rig.restart();
    const answer = await signIn('4711');
    expect(answer.body).toMatchObject({ error: 'locked', signedIn: null });
    expect(answer.body.retryInMs).toBeGreaterThan(290_000);
    expect(answer.set).toBe('');
    // The gate counts the same tries.
    const page = await rig.page();
    page.send({ type: 'sign-in', staffId: 'g1', pin: '4711' });
    expect(await page.next('signed')).toMatchObject({ error: 'locked' });
    expect((await signIn('4711', 'g2')).body).toMatchObject({ error: null });
  });
});

describe('the door of the settings', () => {
  it.each([
    ['another origin', { origin: 'http://evil.example' }],
    ['no origin', { origin: null }],
    ['no cookie of the page', { cookie: 'mengang_gate=x' }],
  ])('refuses a sign-in with %s', async (_what, init: Init) => {
    const answer = await call('session', { method: 'POST', body: { staffId: 'g1', pin: '4711' }, ...init });
    expect(answer.status).toBe(403);
    expect(answer.set).toBe('');
  });

  it('refuses another host and another site', async () => {
    const host = { Host: 'evil.example' };
    expect((await raw(rig.port, '/settings/api/session', { ...host, Cookie: gateCookie })).status).toBe(421);
    expect((await raw(rig.port, '/settings', host)).status).toBe(421);
    const site = { Host: `localhost:${rig.port}`, Cookie: gateCookie, 'Sec-Fetch-Site': 'cross-site' };
    expect((await raw(rig.port, '/settings/api/session', site)).status).toBe(403);
  });

  it('refuses bodies of another type, form or size, and methods and paths it has not got', async () => {
    const post = (body: unknown, type?: string) =>
      call('session', { method: 'POST', body, ...(type === undefined ? {} : { type }) });
    expect((await post('staffId=g1', 'application/x-www-form-urlencoded')).status).toBe(400);
    expect((await post('{')).status).toBe(400);
    expect((await post({ staffId: 'g1', pin: '4711', more: 1 })).status).toBe(400);
    expect((await post({ staffId: 'g1', pin: 'x'.repeat(20_000) })).status).toBe(413);
    const cookie = await signedIn();
    expect((await call('live', { method: 'POST', cookie, body: {} })).status).toBe(405);
    expect((await call('nothing', { cookie })).status).toBe(404);
  });
});

describe('the devices of this moment', () => {
  it('shows the value while it comes, and none when the thermometer fell silent', async () => {
    const cookie = await signedIn();
    const thermometer = async () => settingsLive.parse((await call('live', { cookie })).body).devices[0];
    await expect.poll(async () => (await thermometer())?.health.connects).toBe(1);
    rig.far.thermometer.write(temperatureFrame(3_530, 2_200));
    await expect
      .poll(async () => (await thermometer())?.value)
      .toMatchObject({
        rawCentiCelsius: 3_530,
        centiCelsius: 3_650,
        ambientCentiCelsius: 2_200,
      });
    rig.far.thermometer.write(Uint8Array.of(1, 2, 3));
    await expect.poll(async () => (await thermometer())?.health.rejected).toMatchObject({ noise: 1 });
    await expect.poll(async () => (await thermometer())?.status.state, { timeout: 5_000 }).toBe('silent');
    expect((await thermometer())?.value).toBeNull();
  });

  it('keeps taps only while somebody is signed in, different cards alone', async () => {
    const page = await rig.page();
    await expect
      .poll(async () => (await (await fetch(`${rig.origin}/healthz`)).json()).devices[1].state)
      .toBe('online');
    rig.far.reader.write(cardFrame('010063E9AE'));
    await page.next('tap');
    const cookie = await signedIn();
    const taps = async () => settingsLive.parse((await call('live', { cookie })).body).taps;
    expect(await taps()).toEqual([]);
    for (const uid of ['010063E9AE', '0000D507D0', '010063E9AE']) rig.far.reader.write(cardFrame(uid));
    await expect.poll(async () => (await taps()).map(({ uid }) => uid)).toEqual(['0000D507D0', '010063E9AE']);
    await call('session', { method: 'DELETE', cookie });
    const again = await signedIn();
    expect(settingsLive.parse((await call('live', { cookie: again })).body).taps).toEqual([]);
  });
});
