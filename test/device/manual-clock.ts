// A clock that only moves when a test says so. Used by tests of the serial line and of the simulator's players.
import type { Clock } from '../../device/clock.ts';

export type ManualClock = Clock & {
  /** Moves on by so many ms, firing what comes due in order and letting promises settle in between. */
  advance(byMs: number): Promise<void>;
  /** Timers that are still armed. */
  armed(): number;
};

/** Lets everything that is ready to run do so, chains of promises included. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 20; round += 1) await Promise.resolve();
}

export function createManualClock(startMs = 1_000): ManualClock {
  let nowMs = startMs;
  let nextId = 1;
  const timers = new Map<number, { atMs: number; run: () => void }>();
  const nextDue = (untilMs: number) =>
    [...timers]
      .filter(([, timer]) => timer.atMs <= untilMs)
      .sort(([idA, a], [idB, b]) => a.atMs - b.atMs || idA - idB)[0];
  return {
    nowMs: () => nowMs,
    setTimer: (run, delayMs) => {
      const id = nextId;
      nextId += 1;
      timers.set(id, { atMs: nowMs + Math.max(0, delayMs), run });
      return { id };
    },
    clearTimer: (timer) => void timers.delete(timer.id as number),
    async advance(byMs) {
      const untilMs = nowMs + byMs;
      await settle();
      for (let due = nextDue(untilMs); due; due = nextDue(untilMs)) {
        const [id, timer] = due;
        timers.delete(id);
        nowMs = Math.max(nowMs, timer.atMs);
        timer.run();
        await settle();
      }
      nowMs = untilMs;
    },
    armed: () => timers.size,
  };
}
