// A cold gate and a thermometer that pulls toward normal, with real bytes: who is admitted at 5 ℃ without a contact
// thermometer, and what a guard's slope check does to the gate.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type InstrumentView, instrumentsAnswer } from '../../src/contracts/instrument.ts';
import { type Campus, cardOf, createCampus, objectOf, screenOf, waitForRoster, waitForScreen } from '../kit/campus.ts';
import type { Browser } from '../kit/chromium.ts';
import { until } from '../kit/programs.ts';

const wallCenti = 500;
let campus: Campus;
let gate: Browser;
let cookie = '';

beforeAll(async () => {
  campus = await createCampus({ ambientCenti: wallCenti, hz: 20 });
  gate = await campus.openGate();
  await waitForScreen(gate, 'idle');
  await waitForRoster(gate);
});
afterAll(() => campus?.close());

const checks = async () =>
  (await campus.query<{ n: number }>("select count(*)::int as n from entries where kind = 'check'"))[0]?.n ?? 0;

async function pass(n: number, bodyCenti: number, screen: string): Promise<string | null> {
  campus.rig.barrier.forget();
  campus.rig.look(objectOf(bodyCenti));
  // The screen alone may still be that of the card before.
  const wanted = (await checks()) + 1;
  campus.rig.tap(cardOf(n).uid);
  await until('the decision is at the hub', async () => (await checks()) >= wanted);
  await waitForScreen(gate, screen);
  campus.rig.look(wallCenti);
  return (await screenOf(gate)).reason;
}
const opened = () => campus.rig.barrier.receivedHex().includes('a00101a2');

it('at 5 ℃ nobody below 35.0 is admitted, nor who reads 36.0 or more; in between the barrier opens', async () => {
  await pass(1, 3490, 'again');
  expect(opened()).toBe(false);
  await pass(2, 3410, 'again');
  await pass(3, 3650, 'again');
  expect(opened()).toBe(false);
  await pass(4, 3550, 'admit');
  await until('the barrier opens', opened);
  const rows = await until('four checks at the hub', async () => {
    const found = await campus.query<{ bytes: string }>("select bytes from entries where kind = 'check' order by seq");
    return found.length >= 4 ? found : null;
  });
  const told = rows
    .map(({ bytes }) => JSON.parse(bytes))
    .map(({ verdict, reason, ambientTenths }) => [verdict, reason, ambientTenths]);
  expect(told).toEqual([
    ['again', 'low', 50],
    ['again', 'low', 50],
    ['again', 'rise', 50],
    ['admit', 'normal', 50],
  ]);
});

async function ask(path: string, body?: object) {
  const origin = campus.gateUrl.slice(0, -1);
  return fetch(`${origin}/settings/api/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { cookie, origin, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
async function signIn(): Promise<void> {
  cookie = String((await fetch(campus.gateUrl)).headers.get('set-cookie')).split(';')[0] ?? '';
  const guards = await until('the guard is known', async () => {
    const session: { guards: { staffId: string }[] } = await (await ask('session')).json();
    return session.guards.length > 0 ? session.guards : null;
  });
  const signed = await ask('session', { staffId: guards[0]?.staffId, pin: campus.guard.pin });
  cookie = `${cookie}; ${String(signed.headers.get('set-cookie')).split(';')[0]}`;
}
/** One target before the thermometer, whose own pull is played: its share of the way to 35.3 ℃. */
async function measure(knownCenti: number, pullPercent: number): Promise<InstrumentView | undefined> {
  campus.rig.look(Math.round(knownCenti + ((3_530 - knownCenti) * pullPercent) / 100));
  const answer = await until('the target is steady', async () => {
    const told = await ask('instruments/measure', {
      ...{ deviceId: 'thermometer-1', check: 'slope', what: 'target', knownCenti },
    });
    return told.status === 200 ? told : null;
  });
  return instrumentsAnswer.parse(await answer.json()).instruments[0];
}

it('a slope check bars a thermometer that pulls toward normal: the gate says so and opens for nobody, also after a restart', async () => {
  await signIn();
  await measure(3_500, 50);
  const done = await measure(3_900, 50);
  expect(done?.standing).toMatchObject({ state: 'barred', reasons: ['slope'] });
  expect(await pass(5, 3550, 'trouble')).toBe('device-barred');
  await campus.bridge.stop();
  await campus.startBridge();
  // The page says trouble all the while: only the code tells the bridge's absence from the bar.
  await until('the bar is told again', async () => {
    const code = gate.page.locator('[data-testid="code"]');
    return (await code.count()) > 0 && (await code.innerText()) === 'E-27';
  });
  expect(await pass(6, 3550, 'trouble')).toBe('device-barred');
  expect(opened()).toBe(false);
});

it('an honest check lifts the bar, and people pass again', async () => {
  await signIn();
  await measure(3_500, 0);
  expect((await measure(3_900, 0))?.standing).toMatchObject({ state: 'passed' });
  campus.rig.look(wallCenti);
  await pass(7, 3550, 'admit');
  await until('the barrier opens', opened);
});
