// The routes of the settings' tab about this post, on a whole bridge with real files: behind the PIN, with the door's checks, and each
// does what it says.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { exportAnswer, postAnswer, selfTestAnswer } from '../../src/contracts/post.ts';
import { freePort } from '../kit/programs.ts';
import { type Rig, startRig } from './bridge-kit.ts';

let machine = '';
let rig: Rig;
let gateCookie = '';
let cookie = '';

beforeAll(async () => {
  machine = await mkdtemp(join(tmpdir(), 'mengang-machine-'));
  await mkdir(join(machine, 'media'));
  await mkdir(join(machine, 'backlight'));
  const pinHash = await hash('4711', { memoryCost: 8_192, timeCost: 1 });
  rig = await startRig(await freePort(), undefined, undefined, undefined, undefined, {
    sticks: { roots: [join(machine, 'media')], anyFolder: true },
    backlights: join(machine, 'backlight'),
  });
  await rig.bridge.stop();
  rig.onHub(({ url }, response) => {
    const guards = [{ staffId: 'g1', name: 'Guard g1', pinHash }];
    const policy = { version: 9, document: { feverC: 37.2 } };
    if (url === '/hub/station') response.end(JSON.stringify({ contract: 1, guards, policy }));
    else response.writeHead(503).end();
  });
  await rig.restart();
  gateCookie = await rig.cookie();
  await vi.waitFor(async () => expect((await call('session', {})).body.guards).toHaveLength(1));
  const { set } = await call('session', { method: 'POST', body: { staffId: 'g1', pin: '4711' } });
  cookie = `${gateCookie}; ${set.split(';')[0]}`;
});
afterAll(async () => {
  await rig.stop();
  await rm(machine, { recursive: true, force: true });
});

type Init = { method?: string; as?: string; origin?: string; body?: unknown };
async function call(path: string, { method = 'GET', as = cookie || gateCookie, origin = rig.origin, body }: Init) {
  const headers: Record<string, string> = { Cookie: as, Origin: origin };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const init: RequestInit = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await fetch(`${rig.origin}/settings/api/${path}`, init);
  return { status: response.status, set: response.headers.get('set-cookie') ?? '', body: await response.json() };
}
const post = (path: string, body: unknown = {}, more: Init = {}) => call(path, { method: 'POST', body, ...more });
const acts = ['post/self-test', 'export-log', 'brightness'] as const;

it('answers nothing without a PIN, from another origin, or out of shape', async () => {
  expect((await call('post', { as: gateCookie })).status).toBe(401);
  for (const path of acts) {
    const body = path === 'brightness' ? { percent: 50 } : {};
    expect((await post(path, body, { as: gateCookie })).status, path).toBe(401);
    expect((await post(path, body, { origin: 'http://evil.example' })).status, path).toBe(403);
    expect((await post(path, { ...body, more: 1 })).status, path).toBe(400);
    expect((await call(path, {})).status, path).toBe(405);
  }
  expect(await readdir(join(machine, 'media'))).toEqual([]);
});

it('tells builds, the policy of the hub with its thresholds, and that there is no backlight', async () => {
  const answer = postAnswer.parse((await call('post', {})).body);
  expect(answer).toMatchObject({
    ...{ bridge: { version: null }, pages: null, backlightPercent: null },
    policy: { version: 9, thresholds: { feverTenths: 372, urgentTenths: 380, triesMax: 3, freshMs: 2_000 } },
  });
  expect(Math.abs(answer.wallMs - (answer.policy.cameWallMs ?? 0))).toBeLessThan(60_000);
  expect(answer.upMs).toBeGreaterThan(0);
});

it('tests itself: the hub reached, its clock near, list and policy there, silent devices with their codes', async () => {
  await expect.poll(async () => (await post('post/self-test')).body.lines[0].code, { timeout: 5_000 }).toBe('E-23');
  const { ok, lines } = selfTestAnswer.parse((await post('post/self-test')).body);
  expect(ok).toBe(false);
  expect(lines.slice(3)).toMatchObject([
    { subject: 'journal', ok: true },
    { subject: 'disk' },
    { subject: 'hub', ok: true },
    { subject: 'clock', ok: true },
    { subject: 'guards', finding: 'guards-there', n: 1 },
    { subject: 'policy', finding: 'policy-there', n: 9 },
  ]);
});

it('writes its log with self-test and version to a stick, and says plainly when there is none', async () => {
  expect(await post('export-log')).toMatchObject({ status: 404, body: { error: { code: 'no-stick' } } });
  await mkdir(join(machine, 'media', 'STICK'));
  const answer = exportAnswer.parse((await post('export-log')).body);
  expect(answer.path).toMatch(/\/media\/STICK\/mengang-G03-\d{4}-\d\d-\d\d-\d{4}\.jsonl$/);
  const text = await readFile(answer.path, 'utf8');
  const [head, test, ...lines] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(head).toMatchObject({ kind: 'mengang-log', station: 'G03', lines: answer.lines, dropped: 0 });
  expect(test).toMatchObject({ kind: 'self-test', ok: false });
  expect(lines).toHaveLength(answer.lines);
  expect(lines.map(({ event }) => event)).toContain('settings-opened');
  expect(text).not.toContain('Guard g1');
});

it('sets a backlight between 20 and 100 percent', async () => {
  expect(await post('brightness', { percent: 50 })).toMatchObject({
    status: 404,
    body: { error: { code: 'no-backlight' } },
  });
  await mkdir(join(machine, 'backlight', 'panel'));
  for (const name of ['max_brightness', 'brightness'])
    await writeFile(join(machine, 'backlight', 'panel', name), '200\n');
  expect((await post('brightness', { percent: 10 })).status).toBe(400);
  expect(await post('brightness', { percent: 20 })).toMatchObject({ status: 200, body: { percent: 20 } });
  expect(await readFile(join(machine, 'backlight', 'panel', 'brightness'), 'utf8')).toMatch(/^40\n/);
  expect((await call('post', {})).body).toMatchObject({ backlightPercent: 20 });
});
