// Baseline, the stored check, and the bridge's last look before a pulse.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entry as entrySchema } from '../../src/contracts/entry.ts';
import {
  type BaselineMemory,
  baselineAt,
  limits as baselineLimits,
  rememberNormal,
} from '../../src/domain/baseline.ts';
import { checkBodyOf, storedReadingOf } from '../../src/domain/check-body.ts';
import type { CheckBody, Entry, EntryHead } from '../../src/domain/entry.ts';
import { mayPulse, type PulseBounds } from '../../src/domain/may-pulse.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { contactAt, contextWith, person, Rig, singleAt } from './passage-kit.ts';

describe('baseline', () => {
  const remembered = (values: number[], everyMs = 1_000): BaselineMemory =>
    values.reduce<BaselineMemory>(
      (memory, value, i) => rememberNormal(memory, singleAt(i * everyMs, value), defaultPolicy),
      [],
    );

  test('ten readings make one, nine do not; lowest and highest are dropped', () => {
    const nine = [3_500, 3_550, 3_550, 3_550, 3_550, 3_550, 3_550, 3_550, 3_550];
    expect(baselineAt(remembered(nine), 10_000, defaultPolicy)).toEqual({});
    expect(baselineAt(remembered([...nine, 3_720]), 10_000, defaultPolicy)).toEqual({ forehead: 355 });
    expect(baselineAt(remembered([...nine.map(() => 3_540), 3_720]), 10_000, defaultPolicy)).toEqual({ forehead: 354 });
  });
  test('readings older than 30 minutes, contact and typed ones count for nothing', () => {
    const values = new Array(10).fill(3_550);
    expect(baselineAt(remembered(values), 1_800_000, defaultPolicy)).toEqual({});
    expect(baselineAt(remembered(values), 1_799_999, defaultPolicy)).toEqual({ forehead: 355 });
    expect(rememberNormal([], contactAt(0, 3_650), defaultPolicy)).toEqual([]);
    expect(rememberNormal([], singleAt(0, 3_650, { manual: true, typedBy: 'g' }), defaultPolicy)).toEqual([]);
  });
  test('sites have baselines of their own, and the memory is bounded', () => {
    let memory: BaselineMemory = [];
    for (let i = 0; i < 1_000; i++) {
      memory = rememberNormal(memory, singleAt(i, 3_600, { site: i % 2 === 0 ? 'forehead' : 'wrist' }), defaultPolicy);
    }
    expect(memory).toHaveLength(2 * baselineLimits.readingsPerSite);
    expect(baselineAt(memory, 1_000, defaultPolicy)).toEqual({ forehead: 360, wrist: 360 });
  });
  test('the mean lies between the second lowest and the second highest', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 3_400, max: 3_720 }), { minLength: 10, maxLength: 40 }), (values) => {
        const sorted = [...values].sort((a, b) => a - b);
        const { forehead = -1 } = baselineAt(remembered(values), values.length * 1_000, defaultPolicy);
        expect(forehead).toBeGreaterThanOrEqual(Math.floor(((sorted[1] ?? 0) + 5) / 10));
        expect(forehead).toBeLessThanOrEqual(Math.floor(((sorted.at(-2) ?? 0) + 5) / 10));
      }),
    );
  });
});

const head: EntryHead = {
  v: 1,
  station: 'st-1',
  wallMs: 1,
  monoMs: 1,
  hubOffsetMs: null,
  day: '2020-02-03',
  onDuty: null,
};
const around = {
  passageId: '0b5e3a52-9c0f-4f0e-8f54-9a3f6a1d2c11',
  card: { uid: '010063E9AE', printed: null },
  caseNo: 'G03-0147',
  policyVersion: 4,
  ambientTenths: 220,
  baselineTenths: null,
  rosterVersion: 7,
  orderDay: null,
  direction: 'in' as const,
};
function checkOf(values: number[], change: Partial<CheckBody> = {}): Entry & CheckBody {
  const rig = new Rig(contextWith({ a: person() }));
  rig.tap(0);
  let atMs = 0;
  for (const value of values) {
    rig.stream(atMs + 200, atMs + 600, value);
    rig.feed({ kind: 'resume', atMs: atMs + 700, card: 'a' });
    atMs += 2_000;
  }
  const decision = rig.decisions[values.length - 1];
  if (decision === undefined) throw new Error('no decision');
  return { ...head, ...checkBodyOf(decision, around), ...change };
}

describe('the stored check', () => {
  test('keeps every reading with every sample, ages instead of instants, the governing one last', () => {
    const rig = new Rig(contextWith({ a: person() }));
    rig.tap(0);
    rig.stream(200, 600, 3_480);
    rig.feed({ kind: 'reading', atMs: 9_000, reading: contactAt(8_900, 3_660) });
    const body = checkBodyOf(rig.decisions[1] ?? expect.fail('no second decision'), around);
    expect(body).toMatchObject({
      verdict: 'admit',
      reason: 'normal',
      shownTenths: 366,
      tries: 1,
      caseNo: null,
      personId: 'p-a',
    });
    expect(body.readings).toMatchObject([
      { centiCelsius: 3_480, method: 'infrared', manual: false, deviceId: 'th-1', ageMs: 8_400 },
      { centiCelsius: 3_660, method: 'contact', manual: true, typedBy: 'guard-1', ageMs: 100 },
    ]);
    expect(body.readings[0]?.samples).toEqual([
      [8_800, 3_480, 3_480, 2_200],
      [8_600, 3_480, 3_480, 2_200],
      [8_400, 3_480, 3_480, 2_200],
    ]);
    expect(entrySchema.safeParse({ ...head, ...body }).success).toBe(true);
  });
  test('only a case carries a case number', () => {
    expect(checkOf([3_760])).toMatchObject({ verdict: 'refer', raisesCase: true, caseNo: 'G03-0147' });
    expect(checkOf([3_650])).toMatchObject({ verdict: 'admit', raisesCase: false, caseNo: null });
  });
  test('a typed value without samples names the keypad', () => {
    expect(storedReadingOf(singleAt(0, 3_650, { manual: true, typedBy: 'g', samples: [] }), 10)).toMatchObject({
      deviceId: 'keypad',
      samples: [],
    });
  });
});

describe('the last look before a pulse', () => {
  const bounds: PulseBounds = { direction: 'in', signedIn: ['guard-1'] };
  const good = checkOf([3_650]);
  const withReading = (change: Partial<CheckBody['readings'][number]>): Entry => ({
    ...good,
    readings: good.readings.map((reading) => ({ ...reading, ...change })),
  });

  test('an admission on a live or a typed reading opens', () => {
    expect(mayPulse(good, bounds)).toBe(true);
    expect(mayPulse(checkOf([3_700]), bounds)).toBe(true);
    expect(mayPulse(withReading({ manual: true, typedBy: 'guard-1', samples: [] }), bounds)).toBe(true);
    expect(
      mayPulse({ ...good, direction: 'out', readings: [], shownTenths: null }, { ...bounds, direction: 'out' }),
    ).toBe(true);
  });
  test('a manual opening opens for who is signed in here, with a reason', () => {
    const opening = { ...head, kind: 'manual-opening', by: 'guard-1', reason: 'ambulance' } as const;
    expect(mayPulse(opening, bounds)).toBe(true);
    expect(mayPulse({ ...opening, by: 'guard-2' }, bounds)).toMatch(/not signed in/);
    expect(mayPulse({ ...opening, reason: ' ' }, bounds)).toMatch(/without a reason/);
    expect(mayPulse(opening, { ...bounds, signedIn: [] })).toMatch(/not signed in/);
  });
  test.each<[string, Entry]>([
    ['a refer', checkOf([3_760])],
    ['an again', checkOf([3_450])],
    ['a deny', { ...good, verdict: 'deny' }],
    ['an admission for another reason', { ...good, reason: 'low' }],
    ['an admission that raises a case', { ...good, raisesCase: true }],
    ['an admission without a reading', { ...good, readings: [], shownTenths: null }],
    ['an admission through the other lane', { ...good, direction: 'out' }],
    ['a typed reading without a name', withReading({ manual: true, typedBy: null })],
    ['a live reading without samples', withReading({ samples: [] })],
    ['a fever', { ...withReading({ centiCelsius: 3_800 }), shownTenths: 380 } as Entry],
    ['a low reading', { ...withReading({ centiCelsius: 3_394 }), shownTenths: 339 } as Entry],
    ['a value that was not shown', { ...good, shownTenths: 364 }],
    ['an old reading', withReading({ ageMs: 1_800_001 })],
    ['a reading from the future', withReading({ ageMs: -1 })],
    ['a clock jump', { ...head, kind: 'clock-jump', jumpMs: 5 }],
  ])('%s opens nothing', (_, entry) => {
    expect(mayPulse(entry, bounds)).toEqual(expect.any(String));
  });
  test('the bounds in force may only be narrower than the widest', () => {
    expect(mayPulse(good, { ...bounds, lowestTenths: 366 })).toMatch(/too low/);
    expect(mayPulse(good, { ...bounds, highestTenths: 364 })).toMatch(/fever/);
    const high = { ...withReading({ centiCelsius: 3_850 }), shownTenths: 385 } as Entry;
    expect(mayPulse(high, { ...bounds, highestTenths: 400 })).toMatch(/fever/);
    expect(mayPulse(withReading({ ageMs: 700 }), { ...bounds, ageMaxMs: 600 })).toMatch(/too old/);
  });
});
