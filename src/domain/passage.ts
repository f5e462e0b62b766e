// The passage state machine of one lane: pure, driven by events, answering with effects as data. Called by the gate
// controller with live signals and by `rehearse` with scenarios.
import type { PersonFacts } from './order.ts';
import {
  deadlineOf,
  fireDeadlines,
  takeAnswer,
  takeCaseClosed,
  takeDecided,
  takeLeaving,
  takeNoContact,
  takeRefusal,
  takeSensor,
} from './passage-answers.ts';
import { comeToLane, promoteWaiting, takeTap } from './passage-begin.ts';
import { takeMeasurement, takeReading, takeSample } from './passage-measure.ts';
import { type Draft, draftOf, emptyLane, type Lane, laneOf } from './passage-state.ts';
import { takeElsewhere } from './passage-tries.ts';
import type { GatePolicy } from './policy.ts';
import type { Reading, Sample, Site, Tenths } from './reading.ts';
import type { Decision, HoldReason, SensorState } from './verdict.ts';

export type Direction = 'in' | 'out';
export type Answer = 'clear' | 'symptom' | 'region';

/** Everything outside the lane that a decision looks at, read anew at every step. */
export type LaneContext = {
  policy: GatePolicy;
  direction: Direction;
  campus: 'open' | 'closed';
  /** Latest known ambient; null = unknown for longer than policy.ambientUnknownMs. */
  ambientTenths: Tenths | null;
  /** Baseline of this gate by site; a missing site has none. */
  baselineTenths: Partial<Record<Site, Tenths>>;
  /** Facts of the person who holds this card; null = the card is not in the roster. */
  factsOf(card: string): PersonFacts | null;
};

/** `card` on an event sends it to that passage (on the lane or a chip) instead of to the card that holds the lane. */
export type LaneEvent =
  | { kind: 'tap'; atMs: number; card: string }
  | { kind: 'sample'; atMs: number; sample: Sample; card?: string }
  /** A reading by itself: query-mode, contact or keypad. */
  | { kind: 'reading'; atMs: number; reading: Reading; card?: string }
  | { kind: 'answers'; atMs: number; answer: Answer; card?: string }
  | { kind: 'sensor'; atMs: number; sensor: SensorState }
  /** The guard touched a chip, or asks for another try of the passage that was last on the lane. */
  | { kind: 'resume'; atMs: number; card: string }
  /** No contact thermometer is at hand: a low passage becomes `unmeasurable`. */
  | { kind: 'no-contact'; atMs: number; card?: string }
  | { kind: 'refuse'; atMs: number; card?: string }
  | { kind: 'leave'; atMs: number; card?: string }
  /** The clinic closed the case that this lane raised for this card: the bar is lifted. */
  | { kind: 'case-closed'; atMs: number; card: string }
  /** Who may decide has decided by name on what row 8 holds; anything else that stops the passage is not touched. */
  | { kind: 'decided'; atMs: number; card: string; reason: HoldReason; allow: boolean }
  /**
   * Another gate tells of this person's measurement: what it came to at `sinceMs` without being finished, after how many infrared tries
   * within the policy's window; `last` null: it is finished.
   */
  | {
      kind: 'elsewhere';
      atMs: number;
      personId: string;
      sinceMs: number;
      tries: number;
      last: { reason: string; byContact: boolean; site: Site | null } | null;
    }
  /** Time went on; due deadlines fire. */
  | { kind: 'tick'; atMs: number };

/** A scenario also knows a closed measurement: exactly these samples, judged once, now. A live stream ends by its deadline instead. */
export type RehearsedEvent =
  | LaneEvent
  | { kind: 'measurement'; atMs: number; samples: readonly Sample[]; card?: string };

export type LaneEffect =
  | { do: 'decide'; decision: Decision }
  /** A tap was taken (tick sound, name on the screen); not sent for repeats that were ignored. */
  | { do: 'greet'; card: string; atMs: number }
  /** A reading was added to the open case of this card as evidence (contact reading after `refer`). */
  | { do: 'evidence'; card: string | null; personId: string | null; reading: Reading; atMs: number }
  /** Who left before the end: an entry of kind `left`. */
  | { do: 'left'; card: string | null; personId: string | null; passage: number; readings: Reading[]; atMs: number };

export { type LaneChip, type LaneHolder, type LaneView, laneView } from './passage-view.ts';
export type { Decision, GatePolicy, Lane, PersonFacts };

/** A lane where nobody has been yet; its infrared sensor counts as ready until an event says otherwise. */
export function createLane(): Lane {
  return emptyLane();
}

/**
 * One event on the lane. Deadlines that fell due before it fire first, each at its own instant. Events must come in the
 * order of the lane's clock; an earlier one is taken as of now. Answers the lane as it now stands; the one given is unchanged.
 */
export function step(lane: Lane, event: LaneEvent, context: LaneContext): Stepped {
  return stepBy(lane, event, context, apply);
}

/** The same for a scenario. */
export function rehearsedStep(lane: Lane, event: RehearsedEvent, context: LaneContext): Stepped {
  return stepBy(lane, event, context, (draft, one, atMs) =>
    one.kind === 'measurement' ? takeMeasurement(draft, one.samples, one.card, atMs) : apply(draft, one, atMs),
  );
}

type Stepped = { lane: Lane; effects: LaneEffect[] };

function stepBy<Event extends RehearsedEvent>(
  lane: Lane,
  event: Event,
  context: LaneContext,
  take: (draft: Draft, event: Event, atMs: number) => void,
): Stepped {
  const draft = draftOf(lane, context);
  const atMs = Math.max(lane.nowMs, event.atMs);
  const promote = (instantMs: number) => promoteWaiting(draft, instantMs);
  fireDeadlines(draft, atMs, event.kind === 'tick', promote);
  draft.nowMs = atMs;
  take(draft, event, atMs);
  promote(atMs);
  return { lane: laneOf(draft), effects: draft.effects };
}

/** Next instant at which the lane must be fed a `tick`, null while nothing waits. */
export function wakeAtMs(lane: Lane, _context?: LaneContext): number | null {
  return lane.open.length === 0 ? null : Math.min(...lane.open.map(deadlineOf));
}

function apply(draft: Draft, event: LaneEvent, atMs: number): void {
  switch (event.kind) {
    case 'tap':
      takeTap(draft, event.card, atMs);
      break;
    case 'sample':
      takeSample(draft, event.sample, event.card, atMs);
      break;
    case 'reading':
      takeReading(draft, event.reading, event.card, atMs);
      break;
    case 'answers':
      takeAnswer(draft, event.answer, event.card, atMs);
      break;
    case 'sensor':
      takeSensor(draft, event.sensor, atMs);
      break;
    case 'resume':
      comeToLane(draft, event.card, atMs);
      break;
    case 'no-contact':
      takeNoContact(draft, event.card, atMs);
      break;
    case 'refuse':
      takeRefusal(draft, event.card, atMs);
      break;
    case 'leave':
      takeLeaving(draft, event.card, atMs);
      break;
    case 'case-closed':
      takeCaseClosed(draft, event.card);
      break;
    case 'decided':
      takeDecided(draft, event.reason, event.allow, event.card, atMs);
      break;
    case 'elsewhere':
      takeElsewhere(draft, event, atMs);
      break;
    case 'tick':
      break;
    default:
      event satisfies never;
  }
}
