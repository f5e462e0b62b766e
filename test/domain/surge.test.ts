// The morning surge over the passage code: nobody waits behind somebody else's second reading. The whole is `npm run surge`.
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../tools/seeded.ts';
import { limits, morning, p95 } from '../tools/surge-run.ts';

const seeds = [1, 2, 3, 4, 5, 6, 7];

describe('600 arrivals in 15 minutes on two lanes', () => {
  it.each([
    0.05, 0.25,
  ])('with %f measured again: everybody is admitted, no passage gives way to a second reading', (share) => {
    for (const seed of seeds) {
      const { admitted, disturbed, again } = morning(seededRandom(seed), share);
      expect(admitted).toBe(limits.arrivals);
      expect(disturbed).toBe(0);
      expect(again.length).toBeGreaterThan(limits.arrivals * share * 0.5);
    }
  });

  it('who is measured again costs those behind nothing: the waits are the same with 5 % and with none', () => {
    for (const seed of seeds) {
      const [none, some] = [morning(seededRandom(seed), 0), morning(seededRandom(seed), 0.05)];
      expect(p95(some.waits)).toBe(p95(none.waits));
    }
  });
});
