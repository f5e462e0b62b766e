// The feedback of the barrier: what its contact tells goes through the rules, and what nobody was admitted for becomes an entry at
// once. Called by bridge.
import type { UnmeasuredEntryBody } from '../src/domain/entry.ts';
import type { Direction } from '../src/domain/passage.ts';
import {
  type FeedbackInput,
  type FeedbackRules,
  type FeedbackState,
  feedback,
  feedbackDueMs,
  initialFeedback,
} from '../src/domain/passage-feedback.ts';
import type { Clock, Timer } from './clock.ts';
import type { FeedbackConfig } from './config.ts';
import type { Log } from './log.ts';

export const limits = {
  /** Entries of one cause in a minute; a contact that chatters is counted into the next one. */
  entriesMax: 6,
  windowMs: 60_000,
} as const;

type Cause = UnmeasuredEntryBody['cause'];

export type FeedbackParts = {
  config: FeedbackConfig;
  direction: Direction;
  clock: Clock;
  log: Log;
  write(body: UnmeasuredEntryBody): void;
  onPassed(): void;
};

export type Feedback = {
  contact(isClosed: boolean, atMs: number): void;
  /** The barrier was told to open, or may have been. */
  admitted(): void;
  /** The contact cannot be read. */
  lost(): void;
  state(): FeedbackState['is'];
  stop(): void;
};

export function createFeedback(parts: FeedbackParts): Feedback {
  const { config, clock, log } = parts;
  const rules: FeedbackRules = config;
  let state = initialFeedback;
  let timer: Timer | null = null;
  const told = new Map<Cause, { atMs: number[]; untold: number }>();

  const entry = (cause: Cause, openMs: number | null): void => {
    const nowMs = clock.nowMs();
    const before = told.get(cause) ?? { atMs: [], untold: 0 };
    const atMs = before.atMs.filter((at) => nowMs - at < limits.windowMs);
    const times = before.untold + 1;
    log.warn({ event: 'unmeasured-entry', deviceId: config.deviceId, reason: cause });
    if (atMs.length >= limits.entriesMax) {
      told.set(cause, { atMs, untold: times });
      return;
    }
    told.set(cause, { atMs: [...atMs, nowMs], untold: 0 });
    const { deviceId } = config;
    const openRounded = openMs === null ? null : Math.round(openMs);
    parts.write({ kind: 'unmeasured-entry', cause, direction: parts.direction, deviceId, openMs: openRounded, times });
  };

  const step = (input: FeedbackInput): void => {
    const next = feedback(state, input, rules);
    state = next.state;
    for (const effect of next.effects) {
      if (effect.do === 'passed') parts.onPassed();
      else if (effect.do === 'unmeasured') entry(effect.cause, null);
      else entry('held-open', effect.openMs);
    }
    if (timer !== null) clock.clearTimer(timer);
    const dueMs = feedbackDueMs(state, rules);
    timer = dueMs === null ? null : clock.setTimer(tick, Math.max(1, dueMs - clock.nowMs()));
  };
  const tick = (): void => {
    timer = null;
    step({ is: 'tick', atMs: clock.nowMs() });
  };

  return {
    contact: (isClosed, atMs) => step({ is: 'contact', active: isClosed === config.activeClosed, atMs }),
    admitted: () => step({ is: 'admitted', atMs: clock.nowMs() }),
    lost: () => step({ is: 'lost', atMs: clock.nowMs() }),
    state: () => state.is,
    stop: () => {
      if (timer !== null) clock.clearTimer(timer);
      timer = null;
    },
  };
}
