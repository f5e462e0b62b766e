// What the checks on a thermometer say: warm-up to the millisecond, 0.5 at most, slope 0.8 to 1.2, targets far enough apart.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type InstrumentRecord, type Measure, newRecord, sensorBar, standingOf } from '../../src/domain/instrument.ts';
import { judgeCheck, limits, refusalOf, steadyMedian } from '../../src/domain/instrument-check.ts';
import { noWave, waveOfReading, waveOfTap } from '../../src/domain/instrument-wave.ts';
import { mayPulse } from '../../src/domain/may-pulse.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { admission } from '../device/bridge-kit.ts';

const policy = defaultPolicy;
const record = (change: Partial<InstrumentRecord>): InstrumentRecord => ({ ...newRecord, ...change });
const measure = (what: Measure['what'], knownCenti: number, infraredCenti: number): Measure => ({
  ...{ what, knownCenti, infraredCenti, samples: [infraredCenti] },
});

describe('the standing of an instrument', () => {
  const onMs = 1_000_000;
  it.each([
    ['at the power-on', 0, { state: 'warming', leftMs: 1_800_000 }],
    ['a millisecond before it is warm', 1_799_999, { state: 'warming', leftMs: 1 }],
    ['at 30 minutes', 1_800_000, { state: 'untested' }],
    ['long after', 90_000_000, { state: 'untested' }],
    ['with a clock set back behind the power-on', -50_000, { state: 'warming', leftMs: 1_800_000 }],
  ])('%s', (_when, afterMs, expected) => {
    const given = record({ powerOnWallMs: onMs });
    expect(standingOf(given, 'warm', onMs + afterMs, policy)).toEqual(expected);
    expect(standingOf(given, 'ask', onMs + afterMs, policy)).toEqual(expected);
  });

  it('without a word about the power-on gives no verdict where it must be told, and does where it need not', () => {
    expect(standingOf(newRecord, 'ask', 5, policy)).toEqual({ state: 'warming', leftMs: null });
    expect(standingOf(newRecord, 'warm', 5, policy)).toEqual({ state: 'untested' });
    expect(sensorBar(standingOf(newRecord, 'ask', 5, policy))).toBe('device-warm-up');
    expect(sensorBar(standingOf(newRecord, 'warm', 5, policy))).toBeNull();
  });

  it('is barred by either check until that check has passed, warm or not', () => {
    const failed = { atWallMs: 7, outcome: 'barred' } as const;
    const passed = { atWallMs: 9, outcome: 'passed' } as const;
    const of = (change: Partial<InstrumentRecord>) => standingOf(record(change), 'ask', 10, policy);
    expect(of({ shift: failed, slope: passed })).toEqual({ state: 'barred', reasons: ['shift'], atWallMs: 7 });
    expect(of({ slope: failed })).toEqual({ state: 'barred', reasons: ['slope'], atWallMs: 7 });
    expect(sensorBar(of({ shift: failed, powerOnWallMs: 10 }))).toBe('device-barred');
    const warm = standingOf(record({ shift: passed, slope: null }), 'warm', 10, policy);
    expect(warm).toEqual({ state: 'passed', atWallMs: 9 });
    expect(sensorBar(warm)).toBeNull();
  });
});

describe('the shift check', () => {
  it.each([
    ['0.5 above passes', [3_710, 3_700], [3_660, 3_650], 'passed', 5],
    ['0.6 above bars', [3_720, 3_650], [3_660, 3_650], 'barred', 6],
    ['0.5 below passes', [3_610, 3_650], [3_660, 3_650], 'passed', -5],
    ['0.6 below bars, also on the second person', [3_650, 3_600], [3_650, 3_660], 'barred', -6],
    ['the same shift up and down is judged alone', [3_700, 3_600], [3_660, 3_660], 'barred', -6],
    ['what the screen shows decides: 36.64 against 36.1 is 0.5', [3_664, 3_650], [3_610, 3_650], 'passed', 5],
  ])('%s', (_case, [first = 0, second = 0], [knownFirst = 0, knownSecond = 0], outcome, differenceTenths) => {
    const measures = [measure('person', knownFirst, first), measure('person', knownSecond, second)];
    expect(judgeCheck('shift', measures, policy)).toEqual({ outcome, differenceTenths, slopePercent: null });
  });

  it('takes two people, or one and a reference, and no wall', () => {
    const refusal = (before: Measure[], next: Measure) => refusalOf('shift', before, next, policy);
    expect(refusal([], measure('person', 3_650, 3_640))).toBeNull();
    expect(refusal([measure('person', 3_650, 3_640)], measure('reference', 3_500, 3_510))).toBeNull();
    expect(refusal([measure('reference', 3_500, 3_510)], measure('reference', 3_600, 3_600))).toBe('two-references');
    expect(refusal([], measure('person', 3_650, 2_210))).toBe('not-a-body');
    expect(refusal([], measure('person', 3_350, 3_640))).toBe('known-out-of-range');
    expect(refusal([], measure('target', 3_650, 3_640))).toBe('wrong-kind');
  });
});

describe('the slope check', () => {
  it.each([
    ['0.80 passes', 3_600, 3_840, 'passed', 80],
    ['just under 0.80 bars', 3_600, 3_839, 'barred', 80],
    ['1.20 passes', 3_600, 3_960, 'passed', 120],
    ['just over 1.20 bars', 3_600, 3_961, 'barred', 120],
    ['a shift alone does not bar', 3_800, 4_100, 'passed', 100],
    ['one value whatever comes bars', 3_650, 3_650, 'barred', 0],
    ['a fall bars', 3_700, 3_600, 'barred', -33],
  ])('%s', (_case, low, high, outcome, slopePercent) => {
    const measures = [measure('target', 3_600, low), measure('target', 3_900, high)];
    expect(judgeCheck('slope', measures, policy)).toEqual({ outcome, differenceTenths: null, slopePercent });
    // In either order.
    expect(judgeCheck('slope', measures.toReversed(), policy)).toMatchObject({ outcome, slopePercent });
  });

  it('refuses targets that are too close, too far apart, or no temperature of skin', () => {
    const refusal = (known: number, next: number) =>
      refusalOf('slope', [measure('target', known, known)], measure('target', next, next), policy);
    expect(refusal(3_600, 3_894)).toBe('too-close');
    expect(refusal(3_600, 3_900)).toBeNull();
    expect(refusal(3_900, 3_600)).toBeNull();
    expect(refusal(3_300, 4_104)).toBeNull();
    expect(refusal(3_300, 4_106)).toBe('too-far');
    expect(refusal(3_600, limits.targetMaxCenti + 1)).toBe('known-out-of-range');
    expect(refusalOf('slope', [], measure('target', 2_200, 2_200), policy)).toBe('known-out-of-range');
    expect(refusalOf('slope', [], measure('person', 3_650, 3_650), policy)).toBe('wrong-kind');
  });

  /** A measurement of `checkSamples` values with noise of 0.1 ℃ (one standard deviation), as the instrument tells them. */
  function measured(known: number, pullPercent: number, noise: readonly number[]): Measure {
    const normalCenti = 3_550;
    const values = noise.map((z) => {
      const seen = known + 10 * z;
      return Math.round(seen + ((normalCenti - seen) * pullPercent) / 100);
    });
    const taken = steadyMedian(values, policy);
    if (!taken.ok) throw new fc.PreconditionFailure();
    return measure('target', known, taken.medianCenti);
  }
  /** Sum of twelve uniform numbers: near enough to a normal distribution, and bounded. */
  const noise = fc.array(
    fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 12, maxLength: 12 }).map((parts) => {
      return parts.reduce((sum, one) => sum + one, 0) / 1_000 - 6;
    }),
    { minLength: policy.checkSamples, maxLength: policy.checkSamples },
  );
  const targets = fc
    .tuple(fc.integer({ min: 3_200, max: 3_600 }), fc.integer({ min: 300, max: 800 }))
    .map(([low, apart]) => [low, Math.min(low + apart, limits.targetMaxCenti)] as const);

  // A tenth of a degree of error in what is known of each target is the contact thermometer's.
  test('passes an honest device with 0.1 of noise, also when the contact thermometer is off by 0.1', () => {
    fc.assert(
      fc.property(targets, noise, noise, fc.constantFrom(-10, 0, 10), ([low, high], a, b, error) => {
        const measures = [measured(low, 0, a), { ...measured(high, 0, b), knownCenti: high + error }];
        expect(judgeCheck('slope', measures, policy).outcome).toBe('passed');
      }),
      { numRuns: 2_000, seed: 20_261_124 },
    );
  });

  test('bars a device that pulls a third or more of the way toward normal', () => {
    fc.assert(
      fc.property(targets, noise, noise, fc.integer({ min: 33, max: 100 }), ([low, high], a, b, pullPercent) => {
        const measures = [measured(low, pullPercent, a), measured(high, pullPercent, b)];
        expect(judgeCheck('slope', measures, policy).outcome).toBe('barred');
      }),
      { numRuns: 2_000, seed: 20_261_124 },
    );
  });
});

describe('one measurement of a check', () => {
  const still = Array.from({ length: 10 }, (_, i) => 3_650 + (i % 3));
  it('is the median of the last values, once there are enough', () => {
    expect(steadyMedian(still.slice(1), policy)).toEqual({ ok: false, reason: 'too-few' });
    expect(steadyMedian([2_200, ...still], policy)).toEqual({ ok: true, medianCenti: 3_651 });
  });
  it('is refused while the values wander or climb', () => {
    expect(steadyMedian([...still.slice(1), 3_751], policy)).toEqual({ ok: false, reason: 'unsteady' });
    const climbing = Array.from({ length: 10 }, (_, i) => 3_600 + 6 * i);
    expect(steadyMedian(climbing, policy)).toEqual({ ok: false, reason: 'unsteady' });
  });
});

describe('waving through', () => {
  it('is noted once when the fifth card comes faster than a sensor can measure, and again only after a pause', () => {
    const notes: string[] = [];
    let memory = noWave;
    const tap = (card: string, atMs: number) => {
      const next = waveOfTap(memory, card, atMs, policy);
      memory = next.memory;
      if (next.note !== null) notes.push(`${next.note.note} ${next.note.count} at ${atMs}`);
    };
    for (let i = 0; i < 7; i++) tap(`c${i}`, i * 999);
    expect(notes).toEqual(['fast-cards 5 at 3996']);
    for (let i = 0; i < 20; i++) tap(`d${i}`, 20_000 + i * 1_000);
    expect(notes).toHaveLength(1);
    for (let i = 0; i < 30; i++) tap('one card that lies there', 60_000 + i * 65);
    expect(notes).toHaveLength(1);
  });
  it('is noted when one identical value comes eight times in a row', () => {
    let memory = noWave;
    const notes = [3_650, 3_651, ...Array<number>(8).fill(3_652), 3_652].map((value) => {
      const next = waveOfReading(memory, value, policy);
      memory = next.memory;
      return next.note?.count ?? 0;
    });
    expect(notes).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0]);
  });
});

test('no live infrared reading of an unfit instrument opens the barrier, a typed one does', () => {
  const head = {
    v: 1,
    station: 'st-1',
    wallMs: 1,
    monoMs: 1,
    hubOffsetMs: null,
    day: '2026-11-24',
    onDuty: null,
  } as const;
  const bounds = { direction: 'in' as const, signedIn: [], unfitDevices: ['thermometer-1'] };
  const live = admission();
  expect(mayPulse({ ...head, ...live }, { ...bounds, unfitDevices: [] })).toBe(true);
  expect(mayPulse({ ...head, ...live }, bounds)).toContain('barred');
  const typed = live.readings.map((one) => ({ ...one, manual: true, typedBy: 'g1' }));
  expect(mayPulse({ ...head, ...live, readings: typed }, bounds)).toBe(true);
});
