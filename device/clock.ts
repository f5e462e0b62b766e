// Time as the device side sees it: monotonic milliseconds and timers, passed in everywhere so that tests own them.
// Called by serial-line, the simulator's players and the bridge.

export type Timer = { readonly id: unknown };

export type Clock = {
  /** Monotonic milliseconds; only differences mean anything. */
  nowMs(): number;
  /** Calls `run` once after `delayMs`. */
  setTimer(run: () => void, delayMs: number): Timer;
  /** A timer that has fired or was cleared already is ignored. */
  clearTimer(timer: Timer): void;
};

/** Node's monotonic clock and timers. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  setTimer: (run, delayMs) => ({ id: setTimeout(run, delayMs) }),
  clearTimer: (timer) => clearTimeout(timer.id as NodeJS.Timeout),
};
