// Waiting and the clocks, passed in wherever something waits or tells time. Called by the uploader, the feed, the links and
// the store; tests pass clocks of their own.

/** Runs `task` once after `ms`; the answer cancels it. */
export type After = (ms: number, task: () => void) => () => void;

export type Clocks = {
  /** Monotonic milliseconds; only differences count. */
  monoMs(): number;
  /** Milliseconds since 1970. */
  wallMs(): number;
  after: After;
};

/** The page's own clocks. */
export const pageClocks: Clocks = {
  monoMs: () => performance.now(),
  wallMs: () => Date.now(),
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};
