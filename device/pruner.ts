// Asks the hub now and then what it holds of this station, keeps the answer for a rescue, and lets the journal give up old days that
// the hub has sealed. Called by bridge.
import { holdingsAnswer } from '../src/contracts/holdings.ts';
import { backoffMs } from '../src/domain/backoff.ts';
import { campusDay } from '../src/domain/campus-day.ts';
import type { Clock, Timer } from './clock.ts';
import { type Holdings, keepHoldings } from './holdings.ts';
import type { HubClient } from './http-hub.ts';
import type { IsSealed, Journal } from './journal.ts';
import type { Log } from './log.ts';

/** `keepDays`: by this machine's own calendar, beside the hub's: two clocks must agree that an entry is old. */
export const limits = { everyMs: 600_000, keepDays: 14, retry: { baseMs: 5_000, maxMs: 600_000 } } as const;

export type Pruner = { start(): void; stop(): Promise<void> };

export function createPruner(parts: {
  stateDir: string;
  hub: Pick<HubClient, 'askWhole'>;
  journal: Pick<Journal, 'prune'>;
  clock: Clock;
  wallMs: () => number;
  random: () => number;
  log: Log;
}): Pruner {
  let timer: Timer | null = null;
  let running: Promise<void> = Promise.resolve();
  let failures = 0;
  let isStopped = false;

  const once = async (): Promise<void> => {
    const answer = await parts.hub.askWhole({ method: 'GET', path: '/hub/station/holdings' });
    // A hub of the contract before knows nothing of it: everything is kept.
    if (answer.status === 404) return;
    if (answer.status !== 200) throw new Error(`status ${answer.status}`);
    const { epoch, writers } = holdingsAnswer.parse(JSON.parse(answer.body.toString('utf8')));
    await keepHoldings(parts.stateDir, { epoch, writers });
    const beforeDay = campusDay(parts.wallMs() - limits.keepDays * 86_400_000);
    const gone = await parts.journal.prune(beforeDay, sealedBy({ epoch, writers }));
    if (gone > 0) parts.log.info({ event: 'journal-pruned', count: gone });
  };

  const round = async (): Promise<void> => {
    timer = null;
    try {
      await once();
      failures = 0;
    } catch (error) {
      failures += 1;
      if (failures === 1) parts.log.warn({ event: 'holdings-unknown', reason: reasonOf(error) });
    }
    if (isStopped) return;
    const waitMs = failures === 0 ? limits.everyMs : backoffMs(failures - 1, parts.random, 1_000, limits.retry);
    timer = parts.clock.setTimer(begin, waitMs);
  };
  const begin = (): void => {
    running = round();
  };

  return {
    start: begin,
    stop: async () => {
      isStopped = true;
      if (timer !== null) parts.clock.clearTimer(timer);
      await running;
    },
  };
}

/**
 * Sealed is an entry at or below the hub's seal of its writer, when the journal's own entry at that seal has the very hash that the
 * hub names: then both hold the same chain. A seal that the journal cannot check seals nothing.
 */
export function sealedBy(holdings: Holdings): IsSealed {
  const seals = new Map(holdings.writers.map(({ writerId, sealed }) => [writerId, sealed]));
  return async (end, hashAt) => {
    const seal = seals.get(end.writerId) ?? null;
    if (seal === null || seal.seq < end.seq) return false;
    return (await hashAt(seal.seq)) === seal.hash;
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error ? String(error.code) : error.name === 'Error' ? error.message : 'not this protocol';
}
