// What a contact at the barrier tells about passages: passed, forced or tailgated, held open. Pure; called by the bridge's
// feedback with the monotonic clock. Sources: protocol.md (`unmeasured-entry`); facts.md 3 (a turnstile's window is 5 s whatever
// the pulse, its shortest pulse 100 ms).

export const limits = {
  /** An admission that nobody used for so long is used up: a turnstile closes after 5 s, a door of one's own may take longer. */
  admitMsMin: 2_000,
  admitMsDefault: 10_000,
  admitMsMax: 60_000,
  /** Own choice: a wheelchair or a trolley takes 10 s. */
  heldOpenMsMin: 3_000,
  heldOpenMsDefault: 15_000,
  heldOpenMsMax: 300_000,
  /** A contact that opens anew within this is still the same opening: contacts bounce, leaves swing back. */
  bounceMs: 300,
  /** Admissions that may wait for their passage at the same time. */
  admissionsMax: 8,
} as const;

/** `leaf`: closed while the barrier is shut. `passage`: a turnstile's PASS output, one pulse a person. */
export type ContactKind = 'leaf' | 'passage';
export type FeedbackRules = { contact: ContactKind; admitMs: number; heldOpenMs: number };

/** `unknown` also after a restart: a barrier that is found open was not seen to open. */
export type FeedbackState = {
  is: 'unknown' | 'shut' | 'open';
  /** When this began; of an opening, its first moment. */
  sinceMs: number;
  /** From when an open barrier is held open: each admission counts anew. */
  heldFromMs: number;
  heldTold: boolean;
  /** Whether the opening, the present or the last one, was admitted; null when it was not seen to begin. */
  admitted: boolean | null;
  /** When the admissions that nobody has used yet end, oldest first. */
  admissionsUntilMs: readonly number[];
};

export type FeedbackInput =
  /** `active`: the contact says open, or passing. */
  | { is: 'contact'; active: boolean; atMs: number }
  /** The barrier was told to open. */
  | { is: 'admitted'; atMs: number }
  | { is: 'tick'; atMs: number }
  /** The contact cannot be read. */
  | { is: 'lost'; atMs: number };

export type FeedbackEffect =
  | { do: 'passed' }
  /** Opened without an admission; `tailgated` = the admission before it was used up by somebody else in the same window. */
  | { do: 'unmeasured'; cause: 'forced' | 'tailgated' }
  | { do: 'held-open'; openMs: number };

export type FeedbackStep = { state: FeedbackState; effects: FeedbackEffect[] };

export const initialFeedback: FeedbackState = {
  is: 'unknown',
  sinceMs: 0,
  heldFromMs: 0,
  heldTold: false,
  admitted: null,
  admissionsUntilMs: [],
};

/** One step; `input.atMs` never goes back. What was forced is told at once, a passage when it is over (`leaf`) or seen (`passage`). */
export function feedback(state: FeedbackState, input: FeedbackInput, rules: FeedbackRules): FeedbackStep {
  const waiting = state.admissionsUntilMs.filter((untilMs) => input.atMs < untilMs);
  const now: FeedbackState = { ...state, admissionsUntilMs: waiting };
  switch (input.is) {
    case 'lost':
      return { state: { ...initialFeedback, sinceMs: input.atMs, admissionsUntilMs: waiting }, effects: [] };
    case 'admitted':
      return { state: admit(now, input.atMs, rules), effects: [] };
    case 'tick':
      return held(now, input.atMs, rules);
    case 'contact':
      return input.active ? opened(now, input.atMs, rules) : shut(now, input.atMs, rules);
    default:
      return input satisfies never;
  }
}

/** When `tick` is due; null when nothing runs. */
export function feedbackDueMs(state: FeedbackState, rules: FeedbackRules): number | null {
  return state.is === 'open' && !state.heldTold ? state.heldFromMs + rules.heldOpenMs : null;
}

function admit(state: FeedbackState, atMs: number, rules: FeedbackRules): FeedbackState {
  // Through an open leaf the next person walks at once; nobody can count them, but their time begins anew.
  if (state.is === 'open' && rules.contact === 'leaf') return { ...state, heldFromMs: atMs, heldTold: false };
  const untilMs = atMs + rules.admitMs;
  return { ...state, admissionsUntilMs: [...state.admissionsUntilMs, untilMs].slice(-limits.admissionsMax) };
}

function opened(state: FeedbackState, atMs: number, rules: FeedbackRules): FeedbackStep {
  if (state.is === 'open') return held(state, atMs, rules);
  const open = { ...state, is: 'open' as const, sinceMs: atMs, heldFromMs: atMs, heldTold: false };
  if (state.is === 'unknown') return { state: { ...open, admitted: null }, effects: [] };
  const isBounce = state.admitted !== null && atMs - state.sinceMs <= limits.bounceMs;
  if (isBounce) return { state: open, effects: [] };
  const [used, ...left] = state.admissionsUntilMs;
  if (used === undefined) {
    const isBehind = state.admitted === true && atMs - state.sinceMs <= rules.admitMs;
    const cause = isBehind ? 'tailgated' : 'forced';
    return { state: { ...open, admitted: false }, effects: [{ do: 'unmeasured', cause }] };
  }
  const effects: FeedbackEffect[] = rules.contact === 'passage' ? [{ do: 'passed' }] : [];
  return { state: { ...open, admitted: true, admissionsUntilMs: left }, effects };
}

function shut(state: FeedbackState, atMs: number, rules: FeedbackRules): FeedbackStep {
  if (state.is !== 'open') {
    if (state.is === 'shut') return { state, effects: [] };
    return { state: { ...state, is: 'shut', sinceMs: atMs, admitted: null }, effects: [] };
  }
  const told = held(state, atMs, rules);
  const isPassed = rules.contact === 'leaf' && state.admitted === true;
  return {
    state: { ...told.state, is: 'shut', sinceMs: atMs },
    effects: [...told.effects, ...(isPassed ? [{ do: 'passed' as const }] : [])],
  };
}

function held(state: FeedbackState, atMs: number, rules: FeedbackRules): FeedbackStep {
  const dueMs = feedbackDueMs(state, rules);
  if (dueMs === null || atMs < dueMs) return { state, effects: [] };
  return { state: { ...state, heldTold: true }, effects: [{ do: 'held-open', openMs: atMs - state.sinceMs }] };
}
