// What a lane remembers between events, and the draft that one step works on. Called by the passage-* files only.
import { type BarReason, barOf, type PersonFacts } from './order.ts';
import type { LaneContext, LaneEffect } from './passage.ts';
import type { Reading, Sample, Site } from './reading.ts';
import type { Decision, HoldReason, NextMeasure, Reason, SensorState, Verdict } from './verdict.ts';

/** Bounds of one lane. What is dropped for want of room is always the oldest. */
export const limits = {
  samples: 128,
  unpaired: 8,
  openPassages: 32,
  readingsPerPassage: 16,
  rememberedTaps: 64,
  /** The people of all gates who were measured again within half an hour of a surge. */
  rememberedTries: 2_048,
  triesPerPerson: 16,
  rememberedReferrals: 256,
  deadlinesPerStep: 256,
} as const;

/** `awaiting` another reading; `asking` questions; `identifying` (row 8); `referred` and `barred` need no further verdict. */
export type Phase = 'measuring' | 'awaiting' | 'asking' | 'identifying' | 'referred' | 'barred';

export type OpenPassage = {
  number: number;
  card: string;
  personId: string | null;
  tappedAtMs: number;
  phase: Phase;
  sinceMs: number;
  /** End of the measurement under way (measuring), or until when a barred person's fever is listened for. */
  measureEndsMs: number | null;
  expiresAtMs: number;
  readings: Reading[];
  governing: Reading | null;
  /** Tries of the person within the policy's window, as of the last decision. */
  tries: number;
  lowSites: Site[];
  contactLows: number;
  confirmSite: Site | null;
  answeredClear: boolean;
  /** What row 8 held and somebody released by name. */
  released: HoldReason[];
  next: NextMeasure | null;
  verdict: Verdict | null;
  reason: Reason | null;
  feverTold: boolean;
};

/** Infrared tries of a person, and where a measurement stood when it was left off (`leftMs`), here or at another gate. */
export type Tried = {
  key: string;
  atMs: readonly number[];
  leftMs: number;
  lowSites: Site[];
  contactLows: number;
  confirmSite: Site | null;
  next: NextMeasure | null;
};

/** What a finished measurement hands over. A failed one may still be an unstable window that is all fever. */
export type Outcome =
  | { kind: 'reading'; reading: Reading }
  | {
      kind: 'ended';
      reason: 'invalid' | 'unstable' | 'no-reading' | 'stale';
      reading: Reading | null;
      allHigh: Reading | null;
      /** Evidence of a window that made no reading. */
      last?: Reading | null;
    };

/** `owner` is the card that held the lane (or was named) when it was taken; null = nobody did. */
export type OwnedSample = { owner: string | null; sample: Sample };
export type Unpaired = { owner: string | null; outcome: Outcome; endedAtMs: number };

/** After a reading the same face goes on giving samples: they make no second reading until the stream breaks off. */
export type Settled = { card: string; site: Site; deviceId: string | null; lastAtMs: number };

export type Lane = {
  readonly nowMs: number;
  readonly sensor: SensorState;
  /** Number of the passage on the lane, null while nobody holds it. */
  readonly holder: number | null;
  /** Who was on the lane last, also when they hold it no longer. */
  readonly lastOnLane: number | null;
  readonly open: readonly OpenPassage[];
  readonly waiting: { card: string; atMs: number } | null;
  readonly samples: readonly OwnedSample[];
  readonly unpaired: readonly Unpaired[];
  readonly settled: Settled | null;
  /** Since when the infrared sensor has been ready without a break; older values are nobody's. */
  readonly readySinceMs: number;
  readonly taps: readonly { card: string; atMs: number }[];
  readonly verdicts: readonly { card: string; atMs: number; verdict: Verdict }[];
  readonly tries: readonly Tried[];
  readonly referred: readonly { card: string; personId: string | null; seenOpen: boolean }[];
  readonly nextNumber: number;
  readonly last: Decision | null;
};

export type Draft = { -readonly [K in keyof Lane]: Lane[K] } & { effects: LaneEffect[]; context: LaneContext };

export function emptyLane(): Lane {
  return {
    nowMs: Number.NEGATIVE_INFINITY,
    sensor: 'ready',
    holder: null,
    lastOnLane: null,
    open: [],
    waiting: null,
    samples: [],
    unpaired: [],
    settled: null,
    readySinceMs: Number.NEGATIVE_INFINITY,
    taps: [],
    verdicts: [],
    tries: [],
    referred: [],
    nextNumber: 1,
    last: null,
  };
}

/** A copy to work on: passages are cloned, lists are replaced and never changed in place. */
export function draftOf(lane: Lane, context: LaneContext): Draft {
  return { ...lane, open: lane.open.map((passage) => ({ ...passage })), effects: [], context };
}

export function laneOf({ effects: _effects, context: _context, ...lane }: Draft): Lane {
  return lane;
}

export function holderOf(lane: Lane): OpenPassage | null {
  return lane.open.find((passage) => passage.number === lane.holder) ?? null;
}

export function passageOfCard(lane: Lane, card: string): OpenPassage | null {
  return lane.open.find((passage) => passage.card === card) ?? null;
}

/** The passage an event speaks to: the named card's, else the one on the lane. */
export function targetOf(lane: Lane, card: string | undefined): OpenPassage | null {
  return card === undefined ? holderOf(lane) : passageOfCard(lane, card);
}

export function closePassage(draft: Draft, passage: OpenPassage): void {
  draft.open = draft.open.filter((other) => other.number !== passage.number);
  if (draft.holder === passage.number) draft.holder = null;
}

/** The newest `max` of a list, the new item last. */
export function appended<T>(list: readonly T[], item: T, max: number): T[] {
  return [...list, item].slice(-max);
}

export function leftEffect(passage: OpenPassage, atMs: number): LaneEffect {
  const { card, personId, number, readings } = passage;
  return { do: 'left', card, personId, passage: number, readings: [...readings], atMs };
}

export function wasReferredHere(lane: Lane, card: string, personId: string | null): boolean {
  return lane.referred.some((known) => known.card === card || (personId !== null && known.personId === personId));
}

/**
 * Why this person is barred now. A referral of this lane bars at once, before the context knows of the case; it is lifted
 * when the context has shown the case and shows it no longer (or by `case-closed`).
 */
export function barNow(draft: Draft, card: string, facts: PersonFacts | null): BarReason | null {
  if (facts !== null) {
    const isTheirs = (known: Lane['referred'][number]) =>
      known.card === card || (facts.personId !== null && known.personId === facts.personId);
    draft.referred = facts.caseOpen
      ? draft.referred.map((known) => (isTheirs(known) ? { ...known, seenOpen: true } : known))
      : draft.referred.filter((known) => !(isTheirs(known) && known.seenOpen));
  }
  const bar = facts === null ? null : barOf(facts);
  return bar ?? (wasReferredHere(draft, card, facts?.personId ?? null) ? 'referral-open' : null);
}
