// Who may upload now: few batches at a time in the database, referrals before backlogs, one batch of every station before a second
// of any, so that an outage of the whole campus does not become one of the hub. Called by the route POST /hub/entries.
import { Refusal } from './refusal.ts';

export const limits = {
  /** Batches in the database at the same time; the rest of the pool's connections serve boards, feeds and sign-in. */
  together: 6,
  /** Of these, kept for uploads that may hold a referral. */
  keptForUrgent: 1,
  /** Batches of one station that the hub holds at a time; page and bridge send one each, and again when they were cut off. */
  perStation: 12,
  waiting: 512,
  /** At most so many entries come alone and at once: a referral, and whatever else is no backlog. */
  urgentEntries: 3,
  retryAfterS: 1,
} as const;

export type Permits = {
  /** Counts a batch of this station in, before its body is read. Throws 429 when it has its share. Call what it gives when all is over. */
  enter(stationId: string): () => void;
  /** Resolves when this batch may be stored, urgent ones first. Throws 503 when too many wait. Call what it gives when it is stored. */
  turn(stationId: string, entries: number): Promise<() => void>;
  waiting(): number;
};

type Waiting = { stationId: string; isUrgent: boolean; go: () => void };

export function createPermits(): Permits {
  const held = createCounts();
  const storing = createCounts();
  const queue: Waiting[] = [];
  let running = 0;

  /** The next that may go: urgent, then of a station that stores nothing now, then the oldest. */
  const chosen = (): number => {
    const room = limits.together - running;
    if (room <= 0) return -1;
    const urgent = queue.findIndex((one) => one.isUrgent);
    if (urgent >= 0 || room <= limits.keptForUrgent) return urgent;
    const idle = queue.findIndex((one) => storing.of(one.stationId) === 0);
    return idle >= 0 ? idle : queue.length > 0 ? 0 : -1;
  };
  const next = () => {
    for (let at = chosen(); at >= 0; at = chosen()) {
      const [one] = queue.splice(at, 1);
      if (one === undefined) return;
      running += 1;
      storing.add(one.stationId, 1);
      one.go();
    }
  };

  return {
    enter(stationId) {
      if (held.of(stationId) >= limits.perStation) throw new Refusal(429, 'station-busy', [], limits.retryAfterS);
      held.add(stationId, 1);
      return once(() => held.add(stationId, -1));
    },
    turn(stationId, entries) {
      if (queue.length >= limits.waiting) throw new Refusal(503, 'hub-busy', [], limits.retryAfterS);
      return new Promise((resolve) => {
        const stored = once(() => {
          running -= 1;
          storing.add(stationId, -1);
          next();
        });
        queue.push({ stationId, isUrgent: entries <= limits.urgentEntries, go: () => resolve(stored) });
        next();
      });
    },
    waiting: () => queue.length,
  };
}

/** Counts by station; nothing is kept of one that has none. */
function createCounts() {
  const counts = new Map<string, number>();
  const of = (key: string) => counts.get(key) ?? 0;
  return {
    of,
    add(key: string, step: number) {
      const count = of(key) + step;
      if (count === 0) counts.delete(key);
      else counts.set(key, count);
    },
  };
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
}
