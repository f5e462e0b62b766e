// No sequence of events admits whom it must not: random lanes, watched by rules that know nothing of the machine's insides.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { barOf, type PersonFacts } from '../../src/domain/order.ts';
import {
  type LaneContext,
  type LaneEffect,
  laneView,
  type RehearsedEvent,
  wakeAtMs,
} from '../../src/domain/passage.ts';
import { limits } from '../../src/domain/passage-state.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { type Reading, type Sample, tenthsOf } from '../../src/domain/reading.ts';
import type { SensorState } from '../../src/domain/verdict.ts';
import { contactAt, contextWith, person, Rig, sampleAt, singleAt } from './passage-kit.ts';

const cards = ['a', 'b', 'c', 'd', 'z'];
const card = fc.constantFrom(...cards);
const maybeCard = fc.option(card, { nil: undefined });
const centi = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 3_600, max: 3_690 }) },
  { weight: 2, arbitrary: fc.integer({ min: 3_690, max: 3_800 }) },
  { weight: 2, arbitrary: fc.integer({ min: 3_380, max: 3_520 }) },
  { weight: 1, arbitrary: fc.integer({ min: 2_000, max: 4_400 }) },
);
const site = fc.constantFrom('forehead' as const, 'forehead' as const, 'wrist' as const);
const gapMs = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 900 }) },
  { weight: 2, arbitrary: fc.constantFrom(0, 300, 1_000, 2_000, 3_000, 5_000, 5_001) },
  { weight: 1, arbitrary: fc.integer({ min: 3_000, max: 700_000 }) },
);
const order = fc.constantFrom(
  null,
  null,
  null,
  'isolation' as const,
  'home' as const,
  'hospital' as const,
  'watch' as const,
);
const anyFacts = fc.record({
  order,
  caseOpen: fc.constantFrom(false, false, false, true),
  presence: fc.constantFrom('on-campus' as const, 'on-campus' as const, 'away' as const, 'granted' as const),
  questionsDue: fc.boolean(),
});

/** Most people have nothing against them: else nobody would ever be admitted here. */
const facts = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Partial<PersonFacts>>({}) },
  { weight: 1, arbitrary: anyFacts },
);

type Step =
  | { kind: 'event'; build(atMs: number): RehearsedEvent[] }
  | { kind: 'facts'; card: string; change: Partial<PersonFacts> };

const named = (of: string | undefined) => (of === undefined ? {} : { card: of });
const event = (build: (atMs: number) => RehearsedEvent[]): Step => ({ kind: 'event', build });
/** Somebody comes (or comes back) and stands before the sensor for a moment. */
const visit = fc
  .tuple(card, centi, site, fc.integer({ min: 2, max: 6 }), fc.boolean(), fc.integer({ min: 0, max: 300 }))
  .map(([of, value, where, n, comesBack, afterMs]) =>
    event((atMs) => [
      comesBack ? { kind: 'resume', atMs, card: of } : { kind: 'tap', atMs, card: of },
      ...Array.from({ length: n }, (_, i) => {
        const sampleMs = atMs + afterMs + i * 150;
        return { kind: 'sample' as const, atMs: sampleMs, sample: sampleAt(sampleMs, value + (i % 3) * 5, where) };
      }),
    ]),
  );
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: visit },
  { weight: 6, arbitrary: card.map((of) => event((atMs) => [{ kind: 'tap', atMs, card: of }])) },
  {
    weight: 6,
    arbitrary: fc.tuple(centi, site, fc.integer({ min: 1, max: 7 }), maybeCard).map(([value, where, n, of]) =>
      event((atMs) =>
        Array.from({ length: n }, (_, i) => ({
          kind: 'sample' as const,
          atMs: atMs + i * 150,
          sample: sampleAt(atMs + i * 150, value + (i % 3) * 5, where),
          ...(n === 4 ? named(of) : {}),
        })),
      ),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(centi, maybeCard)
      .map(([value, of]) =>
        event((atMs) => [{ kind: 'reading', atMs, reading: contactAt(atMs, value), ...named(of) }]),
      ),
  },
  {
    weight: 1,
    arbitrary: centi.map((value) => event((atMs) => [{ kind: 'reading', atMs, reading: singleAt(atMs, value) }])),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(centi, site, fc.integer({ min: 0, max: 5 }), maybeCard).map(([value, where, n, of]) =>
      event((atMs) => {
        const samples = Array.from({ length: n }, (_, i) => sampleAt(atMs + i * 150, value + (i % 3) * 5, where));
        return [{ kind: 'measurement', atMs: samples.at(-1)?.atMs ?? atMs, samples, ...named(of) }];
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('clear' as const, 'clear' as const, 'symptom' as const, 'region' as const), maybeCard)
      .map(([answer, of]) => event((atMs) => [{ kind: 'answers', atMs, answer, ...named(of) }])),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<SensorState>('device-lost', 'ready', 'ready', 'device-silent')
      .map((sensor) => event((atMs) => [{ kind: 'sensor', atMs, sensor }])),
  },
  { weight: 2, arbitrary: card.map((of) => event((atMs) => [{ kind: 'resume', atMs, card: of }])) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('no-contact' as const, 'refuse' as const, 'leave' as const), maybeCard)
      .map(([kind, of]) => event((atMs) => [{ kind, atMs, ...named(of) }])),
  },
  { weight: 2, arbitrary: fc.constant(event((atMs) => [{ kind: 'tick', atMs }])) },
  { weight: 1, arbitrary: fc.tuple(card, facts).map(([of, change]): Step => ({ kind: 'facts', card: of, change })) },
);
const anyPolicy = fc
  .record({ confirmHigh: fc.boolean(), triesMax: fc.integer({ min: 1, max: 4 }) })
  .map((change) => ({ ...defaultPolicy, ...change }));
const scenario = fc.record({
  policy: anyPolicy,
  ambientTenths: fc.constantFrom(220, 220, 120, null),
  people: fc.record({ a: facts, b: facts, c: facts, d: facts }),
  steps: fc.array(fc.tuple(gapMs, anyStep), { maxLength: 60 }),
});

/** Runs a scenario and calls `watch` behind each event with what it did and what held at that instant. */
function run(
  { policy, ambientTenths, people, steps }: typeof scenario extends fc.Arbitrary<infer T> ? T : never,
  watch: (effects: LaneEffect[], rig: Rig, lost: { sinceMs: number | null }) => void,
): void {
  let who: { [of: string]: PersonFacts } = Object.fromEntries(
    Object.entries(people).map(([of, change]) => [of, person({ personId: `p-${of}`, ...change })]),
  );
  const contextNow = (): LaneContext => contextWith(who, { policy, ambientTenths });
  const rig = new Rig(contextNow());
  const lost: { sinceMs: number | null } = { sinceMs: null };
  let atMs = 0;
  for (const [gap, one] of steps) {
    atMs += gap;
    if (one.kind === 'facts') {
      if (one.card !== 'z') who = { ...who, [one.card]: person({ personId: `p-${one.card}`, ...one.change }) };
      rig.context = contextNow();
      continue;
    }
    for (const happening of one.build(atMs)) {
      atMs = happening.atMs;
      const effects = rig.feed(happening);
      if (happening.kind === 'sensor') lost.sinceMs = happening.sensor === 'ready' ? null : (lost.sinceMs ?? atMs);
      watch(effects, rig, lost);
    }
  }
}

const decided = (effects: LaneEffect[]) =>
  effects.flatMap((effect) => (effect.do === 'decide' ? [effect.decision] : []));
const runs = { numRuns: 1_500 } as const;

test('nobody is admitted on a low, high, invalid or missing reading, nor past an order, a case, a hold or a question', () => {
  fc.assert(
    fc.property(scenario, (given) => {
      run(given, (effects, rig) => {
        for (const { verdict, reason, governing, card: of, shownTenths } of decided(effects)) {
          if (verdict !== 'admit') continue;
          const tenths = governing === null ? 0 : tenthsOf(governing.centiCelsius);
          expect(tenths).toBeGreaterThanOrEqual(defaultPolicy.lowTenths);
          expect(tenths).toBeLessThan(defaultPolicy.feverTenths);
          expect(shownTenths).toBe(tenths);
          expect(reason).toBe(tenths >= defaultPolicy.borderlineTenths ? 'borderline' : 'normal');
          const known = of === null ? null : rig.context.factsOf(of);
          expect(known).not.toBeNull();
          if (known === null) continue;
          expect(barOf(known)).toBeNull();
          expect(known.presence).not.toBe('away');
        }
      });
    }),
    runs,
  );
});

test('an admission rests on samples in range that agree, fresh when they were paired, and on a living sensor', () => {
  fc.assert(
    fc.property(scenario, (given) => {
      const held = new Map<Reading, number>();
      run(given, (effects, _rig, lost) => {
        for (const { verdict, governing, atMs } of decided(effects)) {
          if (governing === null) continue;
          // A held person's reading was fresh when the hold was decided; answers may come later.
          const decidedMs = held.get(governing) ?? atMs;
          if (verdict === 'hold' && !held.has(governing)) held.set(governing, atMs);
          if (verdict !== 'admit') continue;
          expect(decidedMs - governing.endedAtMs).toBeLessThanOrEqual(defaultPolicy.freshMs);
          const values = governing.samples.map((sample) => sample.centiCelsius);
          expect(Math.max(...values) - Math.min(...values)).toBeLessThanOrEqual(defaultPolicy.spreadCenti);
          for (const value of values) {
            expect(tenthsOf(value)).toBeGreaterThanOrEqual(defaultPolicy.rangeMinTenths);
            expect(tenthsOf(value)).toBeLessThanOrEqual(defaultPolicy.rangeMaxTenths);
          }
          if (governing.method === 'infrared' && !held.has(governing)) {
            expect(lost.sinceMs).toBeNull();
            if (values.length > 1) expect(values.length).toBeGreaterThanOrEqual(defaultPolicy.windowSamplesMin);
          }
        }
      });
    }),
    runs,
  );
});

test('a sample serves one reading, a reading serves one person', () => {
  fc.assert(
    fc.property(scenario, (given) => {
      const readingOf = new Map<Sample, Reading>();
      const cardOf = new Map<Reading, string | null>();
      run(given, (effects) => {
        for (const { readings, card: of } of decided(effects)) {
          for (const reading of readings) {
            expect(cardOf.get(reading) ?? of).toBe(of);
            cardOf.set(reading, of);
            for (const sample of reading.samples) {
              expect(readingOf.get(sample) ?? reading).toBe(reading);
              readingOf.set(sample, reading);
            }
          }
        }
      });
    }),
    runs,
  );
});

test('whoever was referred is never admitted again before a case was seen open and closed', () => {
  fc.assert(
    fc.property(scenario, (given) => {
      const referred = new Set<string>();
      run(given, (effects, rig) => {
        for (const { verdict, card: of } of decided(effects)) {
          if (of === null) continue;
          if (verdict === 'admit') expect(referred.has(of)).toBe(false);
          if (verdict === 'refer') referred.add(of);
        }
        for (const of of referred) if (rig.context.factsOf(of)?.caseOpen === true) referred.delete(of);
      });
    }),
    runs,
  );
});

test('tries are bounded: after the allowed ones only a contact reading admits', () => {
  fc.assert(
    fc.property(scenario, (given) => {
      run(given, (effects) => {
        for (const { verdict, governing, tries } of decided(effects)) {
          if (verdict === 'admit' && governing?.method === 'infrared')
            expect(tries).toBeLessThanOrEqual(given.policy.triesMax);
        }
      });
    }),
    runs,
  );
});

test('every decision stands at its own instant, in order, and everything remembered is bounded', () => {
  fc.assert(
    fc.property(scenario, (given) => {
      let lastMs = Number.NEGATIVE_INFINITY;
      run(given, (effects, rig) => {
        for (const { atMs } of decided(effects)) {
          expect(atMs).toBeGreaterThanOrEqual(lastMs);
          expect(atMs).toBeLessThanOrEqual(rig.lane.nowMs);
          lastMs = atMs;
        }
        const { lane } = rig;
        expect(lane.open.length).toBeLessThanOrEqual(limits.openPassages);
        expect(lane.samples.length).toBeLessThanOrEqual(limits.samples);
        expect(lane.unpaired.length).toBeLessThanOrEqual(limits.unpaired);
        expect(lane.tries.length).toBeLessThanOrEqual(limits.rememberedTries);
        for (const passage of lane.open) expect(passage.readings.length).toBeLessThanOrEqual(limits.readingsPerPassage);
        expect(laneView(lane, lane.nowMs).chips.length).toBeLessThanOrEqual(limits.openPassages);
        const wakeMs = wakeAtMs(lane, rig.context);
        if (wakeMs !== null) {
          expect(wakeMs).toBeGreaterThanOrEqual(lane.nowMs);
          expect(wakeMs).toBeLessThanOrEqual(lane.nowMs + given.policy.chipMs);
        }
        expect(wakeMs === null).toBe(lane.open.length === 0);
      });
    }),
    runs,
  );
});

test('a thousand cards in a row leave nothing behind but bounded lists', () => {
  const rig = new Rig(contextWith({}));
  for (let i = 0; i < 1_000; i++) {
    rig.tap(i * 1_000, `card-${i}`);
    rig.stream(i * 1_000 + 100, i * 1_000 + 300, 3_650, 100);
  }
  expect(rig.lane.open.length).toBeLessThanOrEqual(limits.openPassages);
  expect(rig.lane.taps.length).toBeLessThanOrEqual(limits.rememberedTaps);
  expect(rig.lane.tries.length).toBeLessThanOrEqual(limits.rememberedTries);
  expect(rig.decisions).toHaveLength(1_000);
});
