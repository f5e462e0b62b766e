// A thermometer as an instrument, over bytes and the bridge's own doors: warm-up kept across restarts, a check that bars, one
// that passes, what the page and the journal are told, and who is let in.
import { hash } from '@node-rs/argon2';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceConfig } from '../../device/config.ts';
import { type InstrumentView, instrumentsAnswer } from '../../src/contracts/instrument.ts';
import type { InstrumentBody } from '../../src/domain/entry.ts';
import { freePort } from '../kit/programs.ts';
import {
  admission,
  barrier,
  closeHex,
  openHex,
  type Page,
  pageWriter,
  pause,
  type Rig,
  reader,
  startRig,
  temperatureFrame,
  thermometer,
  until,
} from './bridge-kit.ts';

let rig: Rig;
let page: Page;
let pinHash = '';
let cookie = '';
let uploaded: InstrumentBody[] = [];
let stream: NodeJS.Timeout | null = null;

beforeAll(async () => {
  pinHash = await hash('4711', { memoryCost: 8_192, timeCost: 1 });
});
afterEach(async () => {
  look(null);
  await rig.stop();
});

const asking: DeviceConfig = { ...thermometer, warmUp: 'ask' } as DeviceConfig;

/** A bridge, its hub with one guard who is signed in at the gate page, and what the bridge uploads of its instruments. */
async function begin(device: DeviceConfig = thermometer, document: object = {}): Promise<void> {
  uploaded = [];
  rig = await startRig(await freePort(), [device, reader, barrier]);
  rig.onHub((call, response) => {
    const guards = [{ staffId: 'g1', name: 'Zhao', pinHash }];
    if (call.url === '/hub/station') {
      return void response.end(JSON.stringify({ contract: 1, guards, policy: { version: 3, document } }));
    }
    if (call.url !== '/hub/entries') return void response.writeHead(503).end();
    const { entries } = JSON.parse(call.body) as { entries: { entryId: string; seq: number; bytes: string }[] };
    for (const { bytes } of entries) {
      const entry = JSON.parse(bytes);
      if (entry.kind === 'instrument') uploaded.push(entry);
    }
    const results = entries.map(({ entryId, seq }) => ({ entryId, seq, status: 'stored' }));
    const watermark = entries.at(-1)?.seq ?? 0;
    response.end(JSON.stringify({ contract: 1, epoch: 'e', hubNowMs: Date.now(), watermark, results }));
  });
  await rig.restart();
  await signIn();
}

/** At the settings page; the guard list comes from the hub first. */
async function signIn(): Promise<void> {
  page = await rig.page();
  const gate = await rig.cookie();
  for (let tries = 0; tries < 50; tries++) {
    const answer = await fetch(`${rig.origin}/settings/api/session`, {
      method: 'POST',
      headers: { cookie: gate, origin: rig.origin, 'content-type': 'application/json' },
      body: JSON.stringify({ staffId: 'g1', pin: '4711' }),
    });
    const set = answer.headers.get('set-cookie');
    cookie = `${gate}; ${set?.split(';')[0]}`;
    if (set !== null) return;
    await pause(40);
  }
  throw new Error('nobody could sign in');
}

/** What stands before the thermometer, 20 times a second: its raw value by a function, or nothing at all. */
function look(rawCenti: (() => number) | null): void {
  if (stream !== null) clearInterval(stream);
  stream = rawCenti && setInterval(() => rig.far.thermometer.write(temperatureFrame(rawCenti(), 2_200)), 20);
}
/** Noise of 0.1 ℃, seeded. */
function noisy(centi: number, pullPercent = 0): () => number {
  let state = 7;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    const seen = centi + ((state >> 8) % 21) - 10;
    return Math.round(seen + ((3_530 - seen) * pullPercent) / 100);
  };
}

async function ask(path: string, body?: object, headers: Record<string, string> = {}) {
  const answer = await fetch(`${rig.origin}/settings/api/instruments${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { cookie, origin: rig.origin, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const json: unknown = await answer.json();
  return { status: answer.status, json, code: (json as { error?: { code: string } }).error?.code ?? null };
}
async function view(): Promise<InstrumentView> {
  const one = instrumentsAnswer.parse((await ask('')).json).instruments[0];
  if (one === undefined) throw new Error('no instrument');
  return one;
}
const measure = (check: string, what: string, knownCenti: number) =>
  ask('/measure', { deviceId: 'thermometer-1', check, what, knownCenti });

/** Presses until what stands there is steady; the last answer. */
async function measureSteadily(check: string, what: string, knownCenti: number) {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await measure(check, what, knownCenti);
    if (answer.code !== 'too-few' && answer.code !== 'unsteady') return answer;
    await pause(40);
  }
  throw new Error('never steady');
}
const sensorTold = () =>
  page.messages
    .flatMap((one) => (one.type === 'device' && one.status.role === 'thermometer' ? [one.status] : []))
    .at(-1);

async function slopeCheck(low: () => number, high: () => number): Promise<InstrumentView> {
  look(low);
  await pause(100);
  await measureSteadily('slope', 'target', 3_600);
  look(high);
  await pause(100);
  const answer = await measureSteadily('slope', 'target', 3_900);
  expect(answer.status).toBe(200);
  return view();
}

describe('the slope check over bytes', () => {
  it('bars a device with a bias toward normal: the page hears it, the entry holds the values, nothing opens', async () => {
    await begin();
    const done = await slopeCheck(noisy(3_600, 50), noisy(3_900, 50));
    expect(done).toMatchObject({ standing: { state: 'barred', reasons: ['slope'] }, last: { outcome: 'barred' } });
    expect(done.last?.slopePercent).toBeGreaterThan(40);
    expect(done.last?.slopePercent).toBeLessThan(60);
    await until(() => sensorTold()?.sensor === 'device-barred', 'the page hears that it is barred');
    expect(sensorTold()?.code).toBe('E-27');
    await until(() => uploaded.some(({ act }) => act === 'slope-check'), 'the entry reaches the hub');
    const entry = uploaded.find(({ act }) => act === 'slope-check');
    expect(entry).toMatchObject({ outcome: 'barred', by: 'g1', policyVersion: 3, deviceId: 'thermometer-1' });
    expect(entry?.measures.map(({ samples }) => samples.length)).toEqual([10, 10]);

    const write = pageWriter();
    const envelope = write(admission());
    page.send({ type: 'append', envelope, open: { notAfterMs: Math.round(performance.now()) + 900 } });
    expect(await page.next('pulse')).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('barred') });
    expect(rig.relay).not.toContain(openHex);
    expect(rig.relay).toContain(closeHex);
  });

  it('passes an honest device with 0.1 of noise, and lifts the bar that the same check had set', async () => {
    await begin();
    await slopeCheck(noisy(3_600, 60), noisy(3_900, 60));
    await rig.restart();
    await signIn();
    // The bar outlives the process, and is told before anything is measured.
    expect(page.hello.devices.find(({ role }) => role === 'thermometer')?.sensor).not.toBe('ready');
    expect((await view()).standing).toMatchObject({ state: 'barred' });
    const done = await slopeCheck(noisy(3_600), noisy(3_900));
    expect(done).toMatchObject({ standing: { state: 'passed' }, slope: { outcome: 'passed' } });
    expect(Math.abs((done.last?.slopePercent ?? 0) - 100)).toBeLessThanOrEqual(5);
    await until(() => sensorTold()?.sensor === 'ready', 'the page may use it again');
  });

  it('refuses targets that are too close with a sentence, and keeps the first', async () => {
    await begin();
    look(noisy(3_600));
    await measureSteadily('slope', 'target', 3_600);
    await pause(100);
    const close = await measureSteadily('slope', 'target', 3_700);
    expect(close).toMatchObject({ status: 409, code: 'too-close' });
    expect(close.json).toMatchObject({
      error: { zh: expect.stringContaining('3.0'), en: expect.stringContaining('3.0') },
    });
    expect((await view()).running).toMatchObject({ check: 'slope', measures: [{ knownCenti: 3_600 }] });
    expect((await ask('/cancel', { deviceId: 'thermometer-1' })).status).toBe(200);
    expect((await view()).running).toBeNull();
    expect((await view()).standing).toEqual({ state: 'untested' });
  });
});

describe('the shift check over bytes', () => {
  it('passes two people within 0.5 and bars a shift beyond it, by the body value with its offset', async () => {
    await begin();
    look(noisy(3_530));
    await measureSteadily('shift', 'person', 3_660);
    await pause(50);
    await measureSteadily('shift', 'person', 3_640);
    expect(await view()).toMatchObject({ standing: { state: 'passed' }, last: { check: 'shift', outcome: 'passed' } });
    await measureSteadily('shift', 'person', 3_720);
    await measureSteadily('shift', 'person', 3_650);
    expect(await view()).toMatchObject({ standing: { state: 'barred', reasons: ['shift'] } });
    await until(() => uploaded.filter(({ act }) => act === 'shift-check').length === 2, 'both entries reach the hub');
    expect(uploaded.map(({ outcome }) => outcome)).toEqual(['passed', 'barred']);
  });

  it('takes no wall for a person, and nothing of a thermometer that fell silent', async () => {
    await begin();
    look(noisy(2_210));
    expect(await measureSteadily('shift', 'person', 3_660)).toMatchObject({ status: 409, code: 'not-a-body' });
    look(null);
    await pause(2_300);
    expect(await measure('shift', 'person', 3_660)).toMatchObject({ status: 409, code: 'too-few' });
    expect((await view()).live).toBeNull();
  });
});

describe('warm-up', () => {
  it('gives no verdict until the power-on was told and is 30 minutes ago, kept across restarts', async () => {
    await begin(asking);
    look(noisy(3_530));
    await until(() => sensorTold()?.sensor === 'device-warm-up', 'the page hears of the warm-up');
    expect(sensorTold()?.code).toBe('E-26');
    expect(await measure('slope', 'target', 3_600)).toMatchObject({ status: 409, code: 'warming' });
    await ask('/power-on', { deviceId: 'thermometer-1', agoMs: 600_000 });
    await rig.restart();
    await signIn();
    const { standing } = await view();
    if (standing.state !== 'warming' || standing.leftMs === null) throw new Error(`is ${standing.state}`);
    expect(standing.leftMs).toBeGreaterThan(1_100_000);
    expect(standing.leftMs).toBeLessThanOrEqual(1_200_000);
    await ask('/power-on', { deviceId: 'thermometer-1', agoMs: 1_799_500 });
    await until(() => sensorTold()?.sensor === 'ready', 'the warm-up ends by itself');
    await until(() => uploaded.filter(({ act }) => act === 'power-on').length === 2, 'each power-on is an entry');
    expect(uploaded[0]).toMatchObject({ outcome: 'warming', by: 'g1', powerOnWallMs: expect.any(Number) });
  });

  it('is over at once where nobody told a power-on and the configuration does not ask for one', async () => {
    await begin();
    look(noisy(3_530));
    await until(() => sensorTold()?.sensor === 'ready', 'the sensor is ready');
    expect((await view()).standing).toEqual({ state: 'untested' });
  });

  it('lasts as long as the policy in force says', async () => {
    await begin(asking, { warmUpMs: 600_000 });
    look(noisy(3_530));
    await ask('/power-on', { deviceId: 'thermometer-1', agoMs: 601_000 });
    await until(() => sensorTold()?.sensor === 'ready', 'ten minutes are enough under this policy');
  });
});

describe('who is let in', () => {
  it('tells and does nothing without a session by PIN', async () => {
    await begin();
    expect((await ask('', undefined, { cookie: await rig.cookie() })).status).toBe(401);
    const refused = await ask('/power-on', { deviceId: 'thermometer-1', agoMs: 0 }, { cookie: await rig.cookie() });
    expect(refused.status).toBe(401);
    expect((await view()).powerOnWallMs).toBeNull();
  });

  it('answers bad requests with one sentence each', async () => {
    await begin();
    expect(await ask('/measure', { deviceId: 'thermometer-1' })).toMatchObject({
      status: 400,
      code: 'wrong-body',
    });
    expect(await ask('/cancel', { deviceId: 'no-such' })).toMatchObject({ status: 404, code: 'unknown-device' });
    expect(await ask('/nothing', {})).toMatchObject({ status: 404 });
    expect(await ask('/power-on')).toMatchObject({ status: 405 });
  });
});

it('notes who waves people through: eight identical readings in a row', async () => {
  await begin();
  const write = pageWriter();
  for (let n = 0; n < 8; n++) page.send({ type: 'append', envelope: write(admission()), open: null });
  await until(() => uploaded.some(({ act }) => act === 'wave-through'), 'the note reaches the hub');
  expect(uploaded).toMatchObject([{ act: 'wave-through', note: 'same-value', count: 8, outcome: 'noted', by: null }]);
});
