// When a round is: its window on a campus day by the policy, which round it is now, and how late something was. Called by the
// rounds page and the hub.
import { addDays, campusDay, startOfDayMs } from './campus-day.ts';
import type { Policy } from './policy.ts';
import { type RoundWindow, roundWindows } from './round.ts';

/** `reasonMs`: later than this needs a reason. `graceMs`: before the window, what is measured counts already (own choice). */
export const limits = { reasonMs: 1_800_000, graceMs: 1_800_000 } as const;

const minuteMs = 60_000;

/** All instants ms since 1970; `reasonFromMs`: an entry from then on needs a reason. */
export type WindowTimes = { opensMs: number; closesMs: number; reasonFromMs: number };
export type Timing = 'before' | 'inside' | 'late' | 'very-late';

/** The window of `roundDay`. Throws on a day that is not in the calendar. */
export function windowTimes(roundDay: string, window: RoundWindow, policy: Policy): WindowTimes {
  const [from, to] = minutesOf(window, policy);
  const midnight = startOfDayMs(roundDay);
  const closesMs = midnight + to * minuteMs;
  return { opensMs: midnight + from * minuteMs, closesMs, reasonFromMs: closesMs + limits.reasonMs };
}

/** `before` counts for nothing: it lies more than half an hour before the window. */
export function timingOf(atMs: number, times: WindowTimes): Timing {
  if (atMs < times.opensMs - limits.graceMs) return 'before';
  if (atMs <= times.closesMs) return 'inside';
  return atMs <= times.reasonFromMs ? 'late' : 'very-late';
}

/** The round that runs at `nowMs`, else the last that has ended: its late entries are what is done then. */
export function roundAt(
  nowMs: number,
  windows: readonly RoundWindow[],
  policy: Policy,
): { roundDay: string; window: RoundWindow } {
  const today = campusDay(nowMs);
  const begun = [addDays(today, -1), today]
    .flatMap((roundDay) => windows.map((window) => ({ roundDay, window, ...windowTimes(roundDay, window, policy) })))
    .filter((one) => one.opensMs - limits.graceMs <= nowMs)
    .sort((a, b) => a.opensMs - b.opensMs);
  const last = begun.at(-1);
  return last === undefined
    ? { roundDay: today, window: windows[0] ?? roundWindows[0] }
    : { roundDay: last.roundDay, window: last.window };
}

/** [from, to] in minutes of the campus day. */
function minutesOf(window: RoundWindow, policy: Policy): [number, number] {
  switch (window) {
    case 'early':
      return [policy.roundEarlyFromMinute, policy.roundEarlyToMinute];
    case 'late':
      return [policy.roundLateFromMinute, policy.roundLateToMinute];
    case 'morning':
      return [policy.roundMorningFromMinute, policy.roundMorningToMinute];
    default:
      return window satisfies never;
  }
}
