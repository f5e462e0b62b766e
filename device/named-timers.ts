// Timers known by name, of which each can be armed once: arming again moves it. Called by serial-session.
import type { Clock, Timer } from './clock.ts';

export type NamedTimers = {
  after(name: string, delayMs: number, run: () => void): void;
  cancel(name: string): void;
  /** Cancels all for good: nothing can be armed any more. */
  close(): void;
};

export function createNamedTimers(clock: Clock): NamedTimers {
  const timers = new Map<string, Timer>();
  let isClosed = false;
  const cancel = (name: string) => {
    const timer = timers.get(name);
    if (timer) clock.clearTimer(timer);
    timers.delete(name);
  };
  return {
    after: (name, delayMs, run) => {
      cancel(name);
      if (isClosed) return;
      const fire = () => {
        timers.delete(name);
        run();
      };
      timers.set(name, clock.setTimer(fire, delayMs));
    },
    cancel,
    close: () => {
      isClosed = true;
      for (const name of [...timers.keys()]) cancel(name);
    },
  };
}
