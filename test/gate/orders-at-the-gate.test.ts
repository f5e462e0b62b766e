// What a gate makes of an order, a watch mark, a lost card and a notice, by the best clock it has.
import { describe, expect, it } from 'vitest';
import type { Bar, RosterRow } from '../../src/contracts/downlink.ts';
import { dayMs, endOfDayMs } from '../../src/domain/campus-day.ts';
import { possibleDays } from '../../src/domain/order-day.ts';
import { createClockWatch } from '../../src/gate/clock-watch.ts';
import { createFactsDesk } from '../../src/gate/facts-desk.ts';
import { factsOf, wang } from '../kit/fake-station.ts';
import { createGateRig, wallStartMs } from '../kit/gate-rig.ts';

const untilDay = '2020-03-15';
const end = endOfDayMs(untilDay);
const card = { uid: '010063E9AE', printed: null };

function desk(order: Bar['order'], given: { wallMs: number; hubMs?: number; ageMs?: number; jumpMs?: number }) {
  let [wallMs, monoMs] = [given.wallMs - (given.ageMs ?? 0), 0];
  const watch = createClockWatch({ wallMs: () => wallMs, monoMs: () => monoMs });
  if (given.hubMs !== undefined) watch.hearHub(given.hubMs - (given.ageMs ?? 0) - wallMs);
  wallMs += (given.ageMs ?? 0) + (given.jumpMs ?? 0);
  monoMs += given.ageMs ?? 0;
  watch.look();
  const bar: Bar = { personId: wang.personId, order, orderDay: 1, beginDay: '2020-03-01', untilDay, caseId: null };
  const row: RosterRow = { ...wang, lost: ['uid:AABBCCDD'] };
  return createFactsDesk({
    roster: {
      byCard: () => row,
      byPersonId: () => row,
      isLost: (key) => row.lost?.includes(key) ?? false,
      find: () => [row],
    },
    bars: () => new Map([[wang.personId, bar]]),
    caseOpen: () => false,
    direction: () => 'in',
    days: () => possibleDays(watch.sight(end - 5 * dayMs)),
    onFault: (error) => {
      throw error;
    },
  });
}

describe('an order at the gate', () => {
  it('home observation ends at 24:00 by the hub’s clock, and its person is asked the questions next', () => {
    const before = desk('home', { wallMs: end - 3_600_001, hubMs: end - 1 }).factsOf(card);
    expect(before).toMatchObject({ order: 'home', orderDay: 14, questionsDue: false });
    const after = desk('home', { wallMs: end - 3_600_000, hubMs: end }).factsOf(card);
    expect(after).toMatchObject({ order: null, orderDay: null, questionsDue: true });
    expect(after).not.toHaveProperty('orderEnd');
  });

  it('isolation bars after its last day, as due for release', () => {
    const facts = desk('isolation', { wallMs: end, hubMs: end }).factsOf(card);
    expect(facts).toMatchObject({ order: 'isolation', orderEnd: 'due-for-release', questionsDue: false });
  });

  it('a watch mark counts its days without the hub, and ends by itself without questions', () => {
    const three = desk('watch', { wallMs: end - 1, hubMs: end - 1, ageMs: 3 * dayMs });
    expect(three.factsOf(card)).toMatchObject({ order: 'watch', orderDay: 14 });
    const over = desk('watch', { wallMs: end + dayMs, hubMs: end + dayMs, ageMs: 3 * dayMs });
    expect(over.factsOf(card)).toMatchObject({ order: null, orderDay: null, questionsDue: false });
  });

  it('bars on and says that its clock is unsure when the hub was not heard, or the clock jumped', () => {
    expect(desk('home', { wallMs: end + dayMs }).factsOf(card)).toMatchObject({ order: 'home', orderEnd: 'unsure' });
    const jumped = desk('home', { wallMs: end - dayMs, hubMs: end - dayMs, ageMs: 60_000, jumpMs: 2 * dayMs });
    expect(jumped.factsOf(card)).toMatchObject({ order: 'home', orderEnd: 'unsure' });
    const middle = desk('home', { wallMs: end - 3 * dayMs }).factsOf(card);
    expect(middle).toMatchObject({ order: 'home' });
    expect(middle).not.toHaveProperty('orderEnd');
  });

  it('knows a lost card', () => {
    const { isLost } = desk(null, { wallMs: end });
    expect(isLost({ uid: 'AABBCCDD', printed: null })).toBe(true);
    expect(isLost(card)).toBe(false);
  });
});

describe('the gate’s screen', () => {
  const deny = (orderEnd: 'unsure' | 'due-for-release') => {
    const rig = createGateRig();
    rig.station.people.set('010063E9AE', {
      row: wang,
      facts: factsOf(wang, { order: 'isolation', orderDay: 15, orderEnd }),
    });
    return rig;
  };

  it('says "clock unsure" on a refusal that rests on it, and tells only the guard that isolation is due for release', async () => {
    const unsure = deny('unsure');
    await unsure.tap();
    expect(unsure.screen()).toMatchObject({ name: 'deny', clockUnsure: true, secret: { reason: 'order-isolation' } });
    const due = deny('due-for-release');
    await due.tap();
    expect(due.screen()).toMatchObject({ name: 'deny', secret: { due: true } });
    expect(due.screen()).not.toHaveProperty('clockUnsure');
  });

  it('shows day n of a watch mark beside the name, and lets its person pass', async () => {
    const rig = createGateRig();
    rig.station.people.set('010063E9AE', { row: wang, facts: factsOf(wang, { order: 'watch', orderDay: 3 }) });
    await rig.tap();
    expect(rig.screen()).toMatchObject({ name: 'card', who: { watchDay: 3 } });
    await rig.measure(3650, 3650, 3650, 3650, 3650);
    expect(rig.screen().name).toBe('admit');
  });

  it('holds a lost card, and says so', async () => {
    const rig = createGateRig();
    rig.station.lost = 'AABBCCDD';
    await rig.tap('AABBCCDD');
    await rig.measure(3650, 3650, 3650, 3650, 3650);
    expect(rig.screen()).toMatchObject({ name: 'hold', kind: 'lost' });
  });

  it('shows one notice at a time while nobody is there, none after its last day, and none beside a passage', async () => {
    const rig = createGateRig();
    const notice = (title: string, until: string) => ({
      ...{ noticeId: '00000000-0000-4000-8000-000000000001', en: null, untilDay: until },
      zh: { title, text: title },
    });
    const [today, before] = ['2026-11-24', '2026-11-23'];
    rig.station.set({ notices: [notice('甲', today), notice('旧', before), notice('乙', today)] });
    const seen = new Set<string>();
    for (let i = 0; i < 6; i++) {
      const screen = rig.screen();
      seen.add(screen.name === 'idle' ? (screen.notice?.title ?? '') : screen.name);
      await rig.pass(10_000);
    }
    expect(new Date(wallStartMs).toISOString()).toContain(today);
    expect([...seen].sort()).toEqual(['乙', '甲']);
    await rig.tap();
    expect(rig.screen()).not.toHaveProperty('notice');
  });
});
