// The table of a case: which step follows which, what clears, and what a disposition does to bars and orders.
import { expect, test } from 'vitest';
import {
  type Disposition,
  isLate,
  type ReferralAction,
  type ReferralState,
  type ReMeasured,
  transit,
} from '../../src/domain/referral.ts';

const policy = { feverTenths: 373, lowTenths: 350 };
const normal: ReMeasured = { centiCelsius: 3_660, site: 'axillary', symptoms: [], listedRegion: false };
const facts = (state: ReferralState, disposition: Disposition | null = null, reMeasured: ReMeasured | null = null) => ({
  state,
  disposition,
  reMeasured,
});
const states: ReferralState[] = ['raised', 'acknowledged', 'arrived', 're-measured', 'closed'];
const steps = ['acknowledged', 'arrived', 're-measured'] as const;

test.each<[ReferralState, ReferralState[]]>([
  ['raised', ['acknowledged']],
  ['acknowledged', ['arrived']],
  ['arrived', ['re-measured']],
  ['re-measured', ['re-measured']],
  ['closed', []],
])('from %s only %j follows', (state, allowed) => {
  for (const to of steps) {
    const step = transit(facts(state, state === 'closed' ? 'observed' : null), { to }, policy);
    expect(step.ok ? step.next : step.reason).toBe(allowed.includes(to) ? to : 'not-now');
    if (step.ok) expect(step.bars).toBe(true);
  }
});

test('nobody closes a case that nobody acknowledged, and a closed one stays closed', () => {
  for (const disposition of ['cleared', 'observed', 'hospital', 'home', 'refused', 'not-reached'] as const) {
    for (const state of ['raised', 'closed'] as const) {
      expect(
        transit(facts(state, state === 'closed' ? 'observed' : null, normal), { to: 'closed', disposition }, policy),
      ).toEqual({ ok: false, reason: 'not-now' });
    }
  }
});

test.each<[string, ReMeasured | null, string]>([
  ['without a second reading', null, 'not-re-measured'],
  ['by ear', { ...normal, site: 'ear' }, 'not-axillary'],
  ['at the forehead', { ...normal, site: 'forehead' }, 'not-axillary'],
  ['at 37.25, which is shown as 37.3', { ...normal, centiCelsius: 3_725 }, 'not-normal'],
  ['at 34.94, which is low', { ...normal, centiCelsius: 3_494 }, 'not-normal'],
  ['with a dry cough', { ...normal, symptoms: ['dry-cough'] }, 'has-symptom'],
  ['after a listed region', { ...normal, listedRegion: true }, 'listed-region'],
  ['at 37.24, which is shown as 37.2', { ...normal, centiCelsius: 3_724 }, 'cleared'],
  ['at 34.95, which is shown as 35.0', { ...normal, centiCelsius: 3_495 }, 'cleared'],
])('clearing %s: %s', (_name, reMeasured, expected) => {
  const step = transit(facts('re-measured', null, reMeasured), { to: 'closed', disposition: 'cleared' }, policy);
  expect(step.ok ? step.disposition : step.reason).toBe(expected);
});

test.each<[Disposition, boolean, unknown]>([
  ['cleared', false, null],
  ['observed', false, { kind: 'isolation', days: 14 }],
  ['home', false, { kind: 'home', days: 14 }],
  ['hospital', false, { kind: 'hospital', days: null }],
  ['refused', true, null],
  ['not-reached', true, null],
])('%s: the case still bars %s, order %j', (disposition, bars, order) => {
  expect(transit(facts('re-measured', null, normal), { to: 'closed', disposition }, policy)).toEqual({
    ok: true,
    next: 'closed',
    disposition,
    bars,
    order,
  });
});

test('the days of an observation are the nurse’s to say', () => {
  const step = transit(facts('arrived'), { to: 'closed', disposition: 'observed', days: 7 }, policy);
  expect(step.ok && step.order).toEqual({ kind: 'isolation', days: 7 });
});

test('whoever refused or was not reached may still arrive, and is barred until then', () => {
  for (const disposition of ['refused', 'not-reached'] as const) {
    expect(transit(facts('closed', disposition), { to: 'arrived' }, policy)).toEqual({
      ok: true,
      next: 'arrived',
      disposition: null,
      bars: true,
      order: null,
    });
  }
});

test('no walk through the table lifts the bar without an order except by clearing a normal reading', () => {
  const actions: ReferralAction[] = [
    ...steps.map((to) => ({ to })),
    ...(['observed', 'hospital', 'home', 'refused', 'not-reached', 'cleared'] as const).map((disposition) => ({
      to: 'closed' as const,
      disposition,
    })),
  ];
  for (const state of states) {
    for (const action of actions) {
      const step = transit(facts(state, null, { ...normal, centiCelsius: 3_780 }), action, policy);
      if (step.ok) expect(step.bars || step.order !== null).toBe(true);
    }
  }
});

test('late begins just over 15 minutes, by the hub’s clock', () => {
  expect(isLate(900_000, 0, null)).toBe(false);
  expect(isLate(900_001, 0, null)).toBe(true);
  expect(isLate(900_001, 0, 1)).toBe(false);
});
