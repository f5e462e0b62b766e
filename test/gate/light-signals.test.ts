// src/ui/light-signals.ts, which stands in @preact/signals' place in the built gate page, against it: the same program of
// writes gives the same values and wakes the same effects.
import * as real from '@preact/signals';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as light from '../../src/ui/light-signals.ts';

type Kit = Pick<typeof light, 'signal' | 'computed' | 'effect'>;
type Write = { to: 0 | 1 | 2; value: number };

/** A small net: a diamond, a computed that changes its sources, and one effect on each. Answers what each effect saw. */
function run(kit: Kit, writes: readonly Write[]) {
  const signals = [kit.signal(1), kit.signal(2), kit.signal(3)] as const;
  const [a, b, c] = signals;
  const sum = kit.computed(() => a.value + b.value);
  const isOdd = kit.computed(() => sum.value % 2 !== 0);
  const either = kit.computed(() => (isOdd.value ? c.value : sum.value));
  const seen: unknown[][] = [[], [], [], []];
  const ends = [sum, isOdd, either].map((one, index) => kit.effect(() => void seen[index]?.push(one.value)));
  kit.effect(() => void seen[3]?.push([a.value, either.value]));
  writes.forEach(({ to, value }, index) => {
    signals[to].value = value;
    if (index === 20) ends[0]?.();
  });
  return { seen, last: [a.value, b.value, c.value, sum.value, isOdd.value, either.value] };
}

const write = fc.record({
  to: fc.constantFrom(0 as const, 1 as const, 2 as const),
  value: fc.integer({ min: 0, max: 4 }),
});

describe('the small signals of the gate page', () => {
  it('give the values and wake the effects that @preact/signals does', () => {
    fc.assert(
      fc.property(fc.array(write, { maxLength: 40 }), (writes) => {
        expect(run(light, writes)).toEqual(run(real, writes));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['light', light],
    ['real', real],
  ] as const)('settle when an effect writes what another reads (%s)', (_name, kit) => {
    const asked = kit.signal(0);
    const done = kit.signal(0);
    const seen: number[] = [];
    kit.effect(() => {
      if (done.value < asked.value) done.value = asked.value;
    });
    kit.effect(() => void seen.push(done.value));
    asked.value = 3;
    expect(done.value).toBe(3);
    expect(seen).toEqual([0, 3]);
  });

  it('compute nothing until somebody asks, and once for many readers', () => {
    let computed = 0;
    const source = light.signal(1);
    const double = light.computed(() => {
      computed++;
      return source.value * 2;
    });
    source.value = 2;
    expect(computed).toBe(0);
    expect([double.value, double.value]).toEqual([4, 4]);
    expect(computed).toBe(1);
  });

  it('tell of effects that wake each other for ever instead of hanging', () => {
    const count = light.signal(0);
    const endless = () => {
      count.value = count.value + 1;
    };
    expect(() => light.effect(endless)).toThrow('wake each other');
  });

  it('leave the writer and the other effects working after an effect threw', () => {
    const source = light.signal(0);
    const seen: number[] = [];
    const end = light.effect(() => {
      if (source.value === 1) throw new Error('planted');
    });
    light.effect(() => void seen.push(source.value));
    expect(() => {
      source.value = 1;
    }).toThrow('planted');
    end();
    source.value = 2;
    expect(seen.at(-1)).toBe(2);
  });
});
