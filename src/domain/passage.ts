// The passage state machine of one lane: pure, driven by events, answering with effects as data. Called by the gate
// controller with live signals and by `rehearse` with scenarios.
import type { PersonFacts } from './order.ts';
import type { Policy } from './policy.ts';
import type { Reading, Sample, Site, Tenths } from './reading.ts';
import type { Decision, SensorState } from './verdict.ts';

export type Direction = 'in' | 'out';
export type Answer = 'clear' | 'symptom' | 'region';

/** Everything outside the lane that a decision looks at, read anew at every step. */
export type LaneContext = {
  policy: Policy;
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
  /** The measurement is closed now, whether or not a reading came (rehearse; a query device that answered out of range). */
  | { kind: 'measurement-end'; atMs: number; card?: string }
  | { kind: 'answers'; atMs: number; answer: Answer; card?: string }
  | { kind: 'sensor'; atMs: number; sensor: SensorState }
  /** The guard touched a chip, or asks for another try of the passage that was last on the lane. */
  | { kind: 'resume'; atMs: number; card: string }
  /** No contact thermometer is at hand: a low passage becomes `unmeasurable`. */
  | { kind: 'no-contact'; atMs: number; card?: string }
  | { kind: 'refuse'; atMs: number; card?: string }
  | { kind: 'leave'; atMs: number; card?: string }
  /** Time went on; due deadlines fire. */
  | { kind: 'tick'; atMs: number };

export type LaneEffect =
  | { do: 'decide'; decision: Decision }
  /** A tap was taken (tick sound, name on the screen); not sent for repeats that were ignored. */
  | { do: 'greet'; card: string; atMs: number }
  /** A reading was added to the open case of this card as evidence (contact reading after `refer`). */
  | { do: 'evidence'; card: string | null; personId: string | null; reading: Reading; atMs: number }
  /** Who left before the end: an entry of kind `left`. */
  | { do: 'left'; card: string | null; personId: string | null; passage: number; readings: Reading[]; atMs: number };

export type { Decision, PersonFacts, Policy };
