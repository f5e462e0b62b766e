import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createClinic } from '../../src/clinic/clinic-controller.ts';
import type { Referral } from '../../src/contracts/clinic.ts';
import { aCase, hubStart } from './case.ts';
import { FakeHub } from './fake-hub.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function rig(...cases: Referral[]) {
  const start = Date.now();
  const mono = () => Date.now() - start;
  const hub = new FakeHub(() => hubStart + mono(), ...cases);
  const rings: string[] = [];
  const clinic = createClinic({
    fetch: hub.fetch,
    timers: { set: (run, ms) => setTimeout(run, ms), clear: (timer) => clearTimeout(timer as NodeJS.Timeout) },
    random: () => 0.5,
    monoMs: mono,
    ring: (ring) => rings.push(ring),
  });
  clinic.start();
  await vi.advanceTimersByTimeAsync(10);
  return { hub, clinic, rings };
}

it('a case told on the feed stands on the board and rings at once', async () => {
  const { hub, clinic, rings } = await rig();
  hub.tell(aCase(1));
  await vi.advanceTimersByTimeAsync(10);
  expect(clinic.state.value.referrals.get(aCase(1).caseId)?.state).toBe('raised');
  expect(rings).toEqual(['quiet']);
  clinic.stop();
});

it('acknowledging is one request with the version on the board', async () => {
  const { hub, clinic } = await rig(aCase(1));
  expect(await clinic.take(aCase(1).caseId, { to: 'acknowledged', how: 'nurse-comes' })).toBe(true);
  expect(hub.bodies).toEqual([{ to: 'acknowledged', how: 'nurse-comes', version: 1 }]);
  expect(clinic.state.value.referrals.get(aCase(1).caseId)?.state).toBe('acknowledged');
  clinic.stop();
});

it('a second press while the first is on its way asks nothing', async () => {
  const { hub, clinic } = await rig(aCase(1));
  const first = clinic.take(aCase(1).caseId, { to: 'acknowledged', how: 'nurse-comes' });
  expect(await clinic.take(aCase(1).caseId, { to: 'acknowledged', how: 'escort' })).toBe(false);
  expect(await first).toBe(true);
  expect(hub.bodies.length).toBe(1);
  clinic.stop();
});

it('who comes second sees the card as it now stands, and whose it is', async () => {
  const { hub, clinic } = await rig(aCase(1));
  hub.beforeTransition = () =>
    hub.referrals.set(
      aCase(1).caseId,
      aCase(1, { version: 2, state: 'acknowledged', acknowledgedBy: '刘医生', how: 'escort' }),
    );
  expect(await clinic.take(aCase(1).caseId, { to: 'acknowledged', how: 'nurse-comes' })).toBe(false);
  expect(clinic.state.value.notices.get(aCase(1).caseId)).toEqual({
    kind: 'taken',
    by: '刘医生',
    state: 'acknowledged',
  });
  clinic.stop();
});

it('a step that did not reach the hub changes nothing and says so', async () => {
  const { hub, clinic } = await rig(aCase(1));
  hub.up = false;
  expect(await clinic.take(aCase(1).caseId, { to: 'acknowledged', how: 'nurse-comes' })).toBe(false);
  expect(clinic.state.value.referrals.get(aCase(1).caseId)?.state).toBe('raised');
  expect(clinic.state.value.notices.get(aCase(1).caseId)).toEqual({ kind: 'unreached' });
  clinic.stop();
});

it('an expired session keeps the cards, and signing in goes on with what happened meanwhile', async () => {
  const { hub, clinic } = await rig(aCase(1));
  hub.signedIn = false;
  await clinic.take(aCase(1).caseId, { to: 'acknowledged', how: 'nurse-comes' });
  expect([clinic.state.value.session, clinic.state.value.referrals.size]).toEqual(['expired', 1]);
  hub.referrals.set(aCase(2).caseId, aCase(2));
  expect(await clinic.signIn('陈医生', 'wrong')).toMatchObject({
    why: 'refused',
    sentence: { zh: '姓名或密码不对，请重新输入。' },
  });
  expect(await clinic.signIn('陈医生', 'secret')).toBeNull();
  await vi.advanceTimersByTimeAsync(10);
  expect([clinic.state.value.session, clinic.state.value.referrals.size]).toEqual(['signed-in', 2]);
  clinic.stop();
});

it('a hub that is away at the start is asked again until it answers', async () => {
  const start = Date.now();
  const hub = new FakeHub(() => hubStart, aCase(1));
  hub.up = false;
  const clinic = createClinic({
    fetch: hub.fetch,
    timers: { set: (run, ms) => setTimeout(run, ms), clear: (timer) => clearTimeout(timer as NodeJS.Timeout) },
    random: () => 0.5,
    monoMs: () => Date.now() - start,
    ring: () => {},
  });
  clinic.start();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(clinic.state.value.session).toBe('unknown');
  hub.up = true;
  await vi.advanceTimersByTimeAsync(3_500);
  expect(clinic.state.value.referrals.size).toBe(1);
  clinic.stop();
});

it('a repeat of a known version asks the hub nothing', async () => {
  const { hub, clinic, rings } = await rig(aCase(1));
  await vi.advanceTimersByTimeAsync(600);
  const before = hub.asked.length;
  hub.send({ topic: 'referral', caseId: aCase(1).caseId, version: 1, rings: true });
  await vi.advanceTimersByTimeAsync(600);
  expect(hub.asked.length).toBe(before);
  expect(rings).toEqual(['quiet']);
  clinic.stop();
});
