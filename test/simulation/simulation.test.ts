// The simulation's own promises: honest runs break nothing, a seed is a run, and every planted fault is found.
import { describe, expect, it } from 'vitest';
import { invariants } from './invariants.ts';
import { plants } from './plants.ts';
import { runSeed } from './run-seed.ts';

/** More than any plant has needed; `npm run simulate -- --seeds 2000` looks at many more. */
const seedsMax = 400;

describe('a simulated campus', () => {
  it('keeps every invariant in 60 shifts of crashes, cuts, restores and bad links', { timeout: 120_000 }, async () => {
    const broken = [];
    let saved = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const result = await runSeed(seed);
      saved += result.saved;
      if (result.violations.length > 0) broken.push({ seed, violations: result.violations });
    }
    expect(broken).toEqual([]);
    expect(saved).toBeGreaterThan(200);
  });

  it('makes the same trace of the same seed, whatever ran between', async () => {
    const first = await runSeed(7);
    await runSeed(8);
    const second = await runSeed(7);
    expect(second.hash).toBe(first.hash);
    expect(second.trace).toEqual(first.trace);
    expect((await runSeed(9)).hash).not.toBe(first.hash);
  });

  it('tells a schedule that a person can follow', async () => {
    const { trace } = await runSeed(3);
    expect(trace.join('\n')).toMatch(/card of p-\d/);
    expect(trace.every((line) => /^ +\d+\.\d{3} s {2}\S+ +\S/.test(line))).toBe(true);
  });
});

describe('a planted fault', () => {
  it.each(plants)('$name is found', { timeout: 120_000 }, async ({ seams, invariants: expected }) => {
    for (let seed = 1; seed <= seedsMax; seed++) {
      const { violations } = await runSeed(seed, seams);
      if (violations.some(({ invariant }) => expected.includes(invariant))) {
        return;
      }
    }
    expect.unreachable(`not found in ${seedsMax} seeds`);
  });

  it('covers every invariant of reliability.md but the chain, which has tests of its own', () => {
    const covered = new Set(plants.flatMap((one) => one.invariants));
    expect(invariants.map(({ number }) => number).filter((number) => !covered.has(number))).toEqual([7]);
  });
});
