// The states' colours can be told apart by everybody, and words on them can be read: computed from the tokens themselves.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contrast, deficiencies, difference, labOf, linearOf, seenBy } from '../kit/colour.ts';

const css = readFileSync(new URL('../../src/ui/tokens.css', import.meta.url), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/g)].map((found) => [found[1] ?? '', found[2] ?? '']),
);
const colour = (name: string) => {
  const hex = tokens.get(name);
  if (hex === undefined) throw new Error(`no token --${name}`);
  return linearOf(hex);
};

const verdicts = ['admit', 'again', 'refer', 'deny', 'hold', 'trouble'];
const states = [...verdicts, 'idle', 'measuring'];
const pairsOf = (names: readonly string[]) =>
  names.flatMap((one, i) => names.slice(i + 1).map((two) => [one, two] as const));
const eyes = {
  ...deficiencies,
  none: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ] as const,
};

/** The ink of each state's words, as gate.css sets it. */
const inkOf: Record<string, string> = {
  admit: 'dark-ink',
  again: 'dark-ink',
  refer: 'light-ink',
  deny: 'light-ink',
  hold: 'hold-ink',
  trouble: 'light-ink',
  idle: 'light-ink',
  measuring: 'light-ink',
};

describe('the difference CIEDE2000', () => {
  // Sharma, Wu, Dalal: The CIEDE2000 Color-Difference Formula, table 1, pairs 1, 7, 16, 17, 25 and 34.
  it.each([
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, 0, 0], [50, -1, 2], 2.3669],
    [[50, 2.5, 0], [50, 0, -2.5], 4.3065],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
    [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
  ] as const)('of %j and %j is %f', (one, two, known) => {
    expect(difference(one, two)).toBeCloseTo(known, 4);
    expect(difference(two, one)).toBeCloseTo(known, 4);
  });
});

describe.each(Object.entries(eyes))('to an eye with %s', (_name, matrix) => {
  const apart = (one: string, two: string) =>
    difference(labOf(seenBy(colour(one), matrix)), labOf(seenBy(colour(two), matrix)));

  it.each(pairsOf(verdicts))('%s and %s are at least 17 apart', (one, two) => {
    expect(apart(one, two)).toBeGreaterThanOrEqual(17);
  });

  it.each(pairsOf(states))('%s and %s are at least 14.5 apart', (one, two) => {
    expect(apart(one, two)).toBeGreaterThanOrEqual(14.5);
  });
});

describe('words', () => {
  it.each(states)('on %s have a contrast of 4.5, a verdict 5.2', (state) => {
    const least = verdicts.includes(state) ? 5.2 : 4.5;
    expect(contrast(colour(state), colour(inkOf[state] ?? ''))).toBeGreaterThanOrEqual(least);
  });
});
