// The closed lists of verdicts and reasons, and the decision a lane hands out. Called by gate-policy, passage and entry.

import type { BarReason } from './order.ts';
import type { Reading, Site, Tenths } from './reading.ts';

export const verdicts = ['admit', 'again', 'refer', 'deny', 'hold', 'trouble'] as const;
export type Verdict = (typeof verdicts)[number];

/** Why an infrared sensor gives no verdict (row 2). */
export const sensorTroubles = ['device-lost', 'device-silent', 'device-warm-up', 'device-barred', 'no-offset'] as const;
export type SensorTrouble = (typeof sensorTroubles)[number];
export type SensorState = 'ready' | SensorTrouble;

export const reasons = [
  'order-isolation',
  'order-home',
  'order-hospital',
  'referral-open',
  ...sensorTroubles,
  'invalid',
  'unstable',
  'no-reading',
  'stale',
  'fever',
  'urgent',
  'low',
  'unmeasurable',
  'rise',
  'contact-due',
  'unknown-card',
  'return-not-granted',
  'campus-closed',
  'questions-due',
  'borderline',
  'normal',
  'confirm-high',
  'symptoms',
  'region',
  'refused',
  'wrong-admission',
] as const;
export type Reason = (typeof reasons)[number] | BarReason;

/** What row 8 holds until somebody who may decides it by name. Nothing else is ever overridden at a gate. */
export const holdReasons = ['unknown-card', 'return-not-granted', 'campus-closed'] as const;
export type HoldReason = (typeof holdReasons)[number];

/** What the next measurement must be, told to the guard with an `again`. */
export type NextMeasure = 'same' | 'another-site' | 'contact';

/** One decision of a lane. Printed by `rehearse`, stored as a `check` entry, painted by the gate. */
export type Decision = {
  atMs: number;
  /** Number of the passage within this lane, from 1; several decisions may share one passage. */
  passage: number;
  /** The card as it was tapped (see cardKey in passage.ts); null for a person without a card. */
  card: string | null;
  personId: string | null;
  verdict: Verdict;
  reason: Reason;
  /** Tenths of the governing valid reading; null for trouble, deny, invalid, unstable, stale, no-reading. */
  shownTenths: Tenths | null;
  /** A case is to be raised: every `refer`, and a barred person's fever. */
  raisesCase: boolean;
  /** The reading that governed, if there was one. */
  governing: Reading | null;
  /** The window of a measurement that ended without a reading, as evidence; absent otherwise. */
  ended?: Reading | null;
  /** Every reading of this passage so far, oldest first. */
  readings: Reading[];
  /** Infrared tries used so far. */
  tries: number;
  /** Sites that were low in this passage. */
  lowSites: Site[];
  next: NextMeasure | null;
  /** The tap that began the passage, monotonic; null for a reading without a card. */
  tappedAtMs: number | null;
};
