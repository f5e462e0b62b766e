// How long to wait before the next attempt: full jitter, as reliability.md asks. Called by the uploader and the links.

export const limits = { baseMs: 1_000, maxMs: 300_000, retryAfterMaxMs: 3_600_000 } as const;

/** `baseMs` and `maxMs` for links that must come back faster than the upload. */
export type BackoffRange = { baseMs: number; maxMs: number };

/**
 * Milliseconds to wait: random(0, min(maxMs, baseMs * 2^attempt)), but never less than a `Retry-After` (bounded to 1 h).
 * `attempt` counts failures from 0; `random` answers in [0, 1).
 */
export function backoffMs(
  attempt: number,
  random: () => number,
  retryAfterMs: number | null = null,
  range: BackoffRange = limits,
): number {
  // 2^30 is beyond every ceiling: capping the exponent keeps the product a finite integer.
  const ceiling = Math.min(range.maxMs, range.baseMs * 2 ** Math.min(Math.max(0, attempt), 30));
  const jittered = Math.floor(random() * ceiling);
  const asked = retryAfterMs === null ? 0 : Math.min(Math.max(0, retryAfterMs), limits.retryAfterMaxMs);
  return Math.max(jittered, asked);
}
