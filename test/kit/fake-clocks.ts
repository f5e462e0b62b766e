// Clocks that stand still until a test moves them; what waits runs in order of its time. For the page's sync and gate parts.
import type { Clocks } from '../../src/sync/timers.ts';

export type FakeClocks = Clocks & {
  /** Moves both clocks and runs what falls due, letting promises settle in between. */
  pass(ms: number): Promise<void>;
  /** The wall clock alone jumps. */
  jump(ms: number): void;
  /** Milliseconds until each waiting task, soonest first. */
  waits(): number[];
};

export function fakeClocks(startWallMs = 1_790_000_000_000): FakeClocks {
  let monoMs = 1_000;
  let shiftMs = startWallMs - monoMs;
  let tasks: { dueMs: number; task: () => void }[] = [];
  return {
    monoMs: () => monoMs,
    wallMs: () => monoMs + shiftMs,
    after(ms, task) {
      const one = { dueMs: monoMs + ms, task };
      tasks.push(one);
      return () => {
        tasks = tasks.filter((other) => other !== one);
      };
    },
    async pass(ms) {
      const endMs = monoMs + ms;
      await settled();
      for (;;) {
        const next = tasks.filter((one) => one.dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs)[0];
        if (next === undefined) break;
        tasks = tasks.filter((one) => one !== next);
        monoMs = Math.max(monoMs, next.dueMs);
        next.task();
        await settled();
      }
      monoMs = endMs;
    },
    jump(ms) {
      shiftMs += ms;
    },
    waits: () => tasks.map((one) => one.dueMs - monoMs).sort((a, b) => a - b),
  };
}

/** Lets promise chains of the code under test run to their next wait. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 60; i++) await Promise.resolve();
}
