// `npm run surge [-- --seeds N]`: 600 arrivals in 15 minutes on two lanes, at 5 % and at 25 % measured again; prints the median
// over the seeds of the p95 wait. Exits with 1 when somebody waited behind another's second reading, or the 5 % miss 15 s.
import { numberArgument, seededRandom } from './seeded.ts';
import { limits, morning, p95 } from './surge-run.ts';

const bounds = { medianP95Ms: 15_000 } as const;

const seeds = numberArgument('seeds', 100);
const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
let failed = false;
for (const share of [0.05, 0.25]) {
  const mornings = Array.from({ length: seeds }, (_, n) => morning(seededRandom(n + 1), share));
  const waitMs = median(mornings.map(({ waits }) => p95(waits)));
  const againMs = median(mornings.map(({ again }) => p95(again)));
  const disturbed = mornings.reduce((sum, one) => sum + one.disturbed, 0);
  const missing = mornings.filter((one) => one.admitted !== limits.arrivals).length;
  if (disturbed > 0 || missing > 0 || (share <= 0.05 && !(waitMs <= bounds.medianP95Ms))) failed = true;
  const percent = `${share * 100} %`;
  console.log(
    `复测 ${percent}：排队 p95 中位数 ${(waitMs / 1_000).toFixed(1)} 秒 · measured again ${percent}: p95 wait ${(waitMs / 1_000).toFixed(1)} s (median of ${seeds} seeds)`,
  );
  console.log(
    JSON.stringify({ again: share, seeds, p95WaitMs: Math.round(waitMs), p95AgainMs: Math.round(againMs), disturbed }),
  );
}
process.exit(failed ? 1 : 0);
