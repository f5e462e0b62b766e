// A gate controller on a fake station with a clock that the test moves. Called by test/gate.
import { createGateController } from '../../src/gate/gate-controller.ts';
import type { Tone } from '../../src/ui/tones.ts';
import { createFakeStation } from './fake-station.ts';

type Timer = { atMs: number; work: () => void };

export const wallStartMs = Date.UTC(2026, 10, 24, 0, 0);

export function createGateRig(station = createFakeStation()) {
  let nowMs = 10_000;
  const timers = new Set<Timer>();
  const tones: Tone[] = [];
  let ids = 0;
  const controller = createGateController({
    station,
    now: () => nowMs,
    wallNow: () => wallStartMs + nowMs,
    after(work, ms) {
      const timer = { atMs: nowMs + ms, work };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    sound: (tone) => tones.push(tone),
  });
  /** Lets promises and microtasks that are due run. */
  const settle = async () => {
    for (let turn = 0; turn < 8; turn++) await Promise.resolve();
  };
  return {
    station,
    controller,
    tones,
    settle,
    now: () => nowMs,
    screen: () => controller.model().screen,
    /** Moves the clock, firing timers in their order. */
    async pass(ms: number) {
      const untilMs = nowMs + ms;
      for (;;) {
        const due = [...timers].filter((timer) => timer.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (due === undefined) break;
        timers.delete(due);
        nowMs = Math.max(nowMs, due.atMs);
        due.work();
        await settle();
      }
      nowMs = untilMs;
      await settle();
    },
    async tap(uid = '010063E9AE') {
      station.tap({ atMs: nowMs, uid, printed: null });
      await settle();
    },
    /** Equal samples, one each 200 ms, until they made a reading. */
    async measure(...centi: number[]) {
      for (const centiCelsius of centi) {
        await this.pass(200);
        station.sample({ atMs: nowMs, centiCelsius });
        await settle();
      }
    },
  };
}
