// Keeps the day's passages without a measurement beside the board: read whole when the feed tells of one, and again a little later
// when that fails. Never in the way of a referral. Run by clinic-controller.
import type { UnmeasuredRow } from '../contracts/unmeasured.ts';
import type { ClinicApi } from './clinic-api.ts';
import { SessionOver, type Timers } from './clinic-feed.ts';

export const limits = { againMs: 5_000 } as const;

export type UnmeasuredWatch = {
  /** The list has changed: reads it, once more when a reading is under way. */
  read(): void;
  /** Nothing more is read or told. */
  stop(): void;
};

/** `tell` gets the list, or null when it cannot be read now. */
export function watchUnmeasured(
  timers: Timers,
  api: Pick<ClinicApi, 'unmeasured'>,
  tell: (rows: readonly UnmeasuredRow[] | null) => void,
): UnmeasuredWatch {
  /** Grows with each stop: an answer to somebody who has left is dropped. */
  let turn = 0;
  let reading = false;
  let asked = false;
  let timer: unknown = null;

  const run = async (mine: number) => {
    reading = true;
    while (asked && mine === turn) {
      asked = false;
      const rows = await api.unmeasured().catch((error: unknown) => {
        // The feed finds out by itself that the session is over.
        if (!(error instanceof SessionOver)) timer = timers.set(read, limits.againMs);
        return null;
      });
      if (mine === turn) tell(rows);
    }
    if (mine === turn) reading = false;
  };
  const read = () => {
    timers.clear(timer);
    asked = true;
    if (!reading) void run(turn);
  };
  return {
    read,
    stop() {
      turn += 1;
      reading = false;
      asked = false;
      timers.clear(timer);
    },
  };
}
