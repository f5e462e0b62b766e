// A gate in the cold (5 ℃) without a contact thermometer admits nobody below 35.0, and nobody whose value rises too far above
// the gate's own normal, whatever is tapped, measured, resumed and waited for.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { type Sample, tenthsOf } from '../../src/domain/reading.ts';
import { contextWith, person, Rig, sampleAt, singleAt } from './passage-kit.ts';

const people = { a: person(), b: person({ personId: 'p-b' }), c: person({ personId: 'p-c', questionsDue: true }) };
const card = fc.constantFrom('a', 'b', 'c');
const centi = fc.oneof(
  fc.integer({ min: 3_300, max: 3_520 }),
  fc.integer({ min: 3_480, max: 3_660 }),
  fc.integer({ min: 3_500, max: 4_000 }),
);
const move = fc.record({
  does: fc.constantFrom('tap', 'stream', 'stream', 'single', 'resume', 'no-contact', 'answer', 'wait'),
  card,
  centi,
  site: fc.constantFrom('forehead' as const, 'wrist' as const, 'neck' as const),
  gapMs: fc.constantFrom(50, 400, 1_200, 2_500, 6_000, 300_000),
});
/** The gate's normal in the cold lies far below a body's, or there is none yet. */
const baseline = fc.constantFrom(null, 340, 346, 352);

function run(moves: readonly (typeof move extends fc.Arbitrary<infer T> ? T : never)[], normal: number | null) {
  const baselineTenths = normal === null ? {} : { forehead: normal, wrist: normal, neck: normal };
  const rig = new Rig(contextWith(people, { ambientTenths: 50, baselineTenths }));
  const cold = (sample: Sample): Sample => ({ ...sample, ambientCentiCelsius: 500 });
  let atMs = 0;
  for (const { does, card, centi, site, gapMs } of moves) {
    atMs += gapMs;
    if (does === 'tap' || does === 'resume') rig.feed({ kind: does, atMs, card });
    else if (does === 'no-contact') rig.feed({ kind: 'no-contact', atMs, card });
    else if (does === 'answer') rig.feed({ kind: 'answers', atMs, answer: 'clear', card });
    else if (does === 'wait') rig.tick(atMs);
    else if (does === 'single') {
      const reading = singleAt(atMs, centi, { site, samples: [cold(sampleAt(atMs, centi, site))] });
      rig.feed({ kind: 'reading', atMs, reading });
    } else {
      for (let i = 0; i < 5; i++) {
        atMs += 200;
        rig.feed({ kind: 'sample', atMs, sample: cold(sampleAt(atMs, centi + (i % 3) * 5, site)) });
      }
    }
  }
  rig.tick(atMs + 700_000);
  return rig.decisions;
}

it('admits nobody below 35.0 at 5 ℃ without a contact thermometer, nor above the gate’s normal by 0.8 or 36.0 without one', () => {
  let admitted = 0;
  let referred = 0;
  fc.assert(
    fc.property(fc.array(move, { minLength: 3, maxLength: 40 }), baseline, (moves, normal) => {
      for (const { verdict, reason, governing } of run(moves, normal)) {
        if (verdict === 'refer' && reason === 'unmeasurable') referred += 1;
        if (verdict !== 'admit') continue;
        admitted += 1;
        if (governing === null) throw new Error('admitted without a reading');
        const tenths = tenthsOf(governing.centiCelsius);
        expect(governing.method).toBe('infrared');
        expect(tenths).toBeGreaterThanOrEqual(defaultPolicy.lowTenths);
        expect(tenths).toBeLessThan(normal === null ? 360 : normal + 8);
      }
    }),
    { numRuns: 2_000, seed: 20_261_124 },
  );
  // The rule must let somebody through, and take somebody aside, or this test would say nothing.
  expect(admitted).toBeGreaterThan(100);
  expect(referred).toBeGreaterThan(20);
});

it('takes whoever stays low aside: low, another site, then no contact thermometer at hand', () => {
  const rig = new Rig(contextWith(people, { ambientTenths: 50 }));
  rig.tap(0);
  rig.stream(100, 900, 3_380 + 40);
  rig.feed({ kind: 'reading', atMs: 7_000, reading: singleAt(7_000, 3_450, { site: 'wrist' }), card: 'a' });
  rig.feed({ kind: 'no-contact', atMs: 9_000, card: 'a' });
  expect(rig.told.map((one) => one.replace(/^\d+ /, ''))).toEqual([
    'a again low',
    'a again low',
    'a refer unmeasurable',
  ]);
});
