// When the page counts as stopped and when it may be started again: rules over times that are passed in. Called by kiosk.

export const limits = {
  /** The page pings its bridge every second. */
  heardMs: 6_000,
  /** So long without a word that the bridge would have heard, and the page is started anew. */
  quietMs: 15_000,
  /** A starting Chromium on a cold disk has this long. */
  startMs: 60_000,
  /** A page that was heard for so long is well: waits begin anew. */
  wellMs: 600_000,
  backoffBaseMs: 500,
  backoffMaxMs: 60_000,
  hourMs: 3_600_000,
  startsAnHour: 12,
} as const;

/** What the bridge says of the page; null: the bridge itself does not answer, so nothing is known of the page. */
export type Heard = { connected: boolean; lastHeardMs: number | null } | null;

export type Watch = {
  /** Takes the bridge's word at `nowMs` (monotonic); 'stopped' when the page has to be started anew. */
  hear(heard: Heard, nowMs: number): 'well' | 'unknown' | 'quiet' | 'stopped';
};

/** Watches one start of Chromium, begun at `startedMs`. */
export function createWatch(startedMs: number): Watch {
  let quietSinceMs: number | null = null;
  return {
    hear: (heard, nowMs) => {
      if (heard === null) {
        quietSinceMs = null;
        return 'unknown';
      }
      if (heard.connected && heard.lastHeardMs !== null && heard.lastHeardMs <= limits.heardMs) {
        quietSinceMs = null;
        return 'well';
      }
      quietSinceMs ??= nowMs;
      const isLong = nowMs - quietSinceMs >= limits.quietMs && nowMs - startedMs >= limits.startMs;
      // What was heard since this start shows that it had come up: the long wait of a start is over then.
      const wasUp = heard.lastHeardMs !== null && nowMs - startedMs > heard.lastHeardMs;
      return isLong || (wasUp && nowMs - quietSinceMs >= limits.quietMs) ? 'stopped' : 'quiet';
    },
  };
}

export type Restarts = {
  /** Milliseconds to wait before the next start at `nowMs`, and whether the hour's bound is what makes it wait. */
  next(nowMs: number): { waitMs: number; bounded: boolean };
};

/** At most 12 starts an hour, each waiting longer than the one before, until one has been well for ten minutes. */
export function createRestarts(random: () => number): Restarts {
  let starts: number[] = [];
  let failures = 0;
  return {
    next: (nowMs) => {
      const last = starts.at(-1);
      failures = last !== undefined && nowMs - last < limits.wellMs ? failures + 1 : 0;
      const ceiling = Math.min(limits.backoffMaxMs, limits.backoffBaseMs * 2 ** Math.min(failures, 20));
      // Half of it is certain: a Chromium that dies at once must not be started without a pause.
      const backMs = Math.round(ceiling / 2 + (random() * ceiling) / 2);
      starts = starts.filter((atMs) => nowMs - atMs < limits.hourMs);
      const oldest = starts[starts.length - limits.startsAnHour];
      const boundMs = oldest === undefined ? 0 : oldest + limits.hourMs - nowMs;
      const waitMs = Math.max(backMs, boundMs);
      starts.push(nowMs + waitMs);
      return { waitMs, bounded: boundMs > backMs };
    },
  };
}
