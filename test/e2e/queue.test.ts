// A hub that was away for weeks: 8,000 entries wait in the gate's page and in its bridge. The short version of
// `npm run soak:queue`, with wider bounds, since other tests run beside it.
import { expect, it } from 'vitest';
import { measureQueue } from '../kit/queue-figures.ts';

const limits = { entries: 8_000, passages: 6, perMinute: 30, heapBytes: 200 * 1_048_576 } as const;
/** More than are counted one by one (src/store/ledger-marks.ts). Passages against the same gate with an empty queue; 1.2 and 1.5 are asked of a quiet machine. */
const bounds = { standing: 1.6, draining: 2.5 } as const;

it('lets people pass over a long queue as without one, and drains it while they do, referrals first', {
  timeout: 600_000,
}, async () => {
  const { entries, passages, perMinute } = limits;
  const figures = await measureQueue({ entries, passages, perMinute, say: () => undefined });
  expect(figures).toMatchObject({ entries, newestReferralFirst: true, storedOnce: true });
  expect(figures.drainedWhileBusy).toBeGreaterThan(0);
  expect(figures.heapBytes).toBeLessThan(limits.heapBytes);
  expect(figures.standing).toBeLessThan(bounds.standing);
  expect(figures.draining).toBeLessThan(bounds.draining);
});
