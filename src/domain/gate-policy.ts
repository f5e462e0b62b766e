// The ordered table from a reading to a verdict (protocol.md): eleven rows, the first that matches wins. Called by passage.
import type { BarReason, PersonFacts } from './order.ts';
import type { Answer, Direction } from './passage.ts';
import type { Policy } from './policy.ts';
import type { Method, Site, Tenths } from './reading.ts';
import type { NextMeasure, Reason, SensorState, Verdict } from './verdict.ts';

/** What the measurement has brought so far. */
export type Measured =
  /** At the tap: nothing yet. */
  | { kind: 'nothing' }
  | { kind: 'ended'; reason: 'invalid' | 'unstable' | 'no-reading' | 'stale'; method: Method; manual: boolean }
  /** `passed`: this reading has been through rows 2 to 7 before (answers and identification decide on the same reading). */
  | { kind: 'value'; tenths: Tenths; site: Site; method: Method; manual: boolean; passed: boolean };

/** Everything the table looks at. */
export type GateCase = {
  policy: Policy;
  direction: Direction;
  campus: 'open' | 'closed';
  /** null = unknown for longer than policy.ambientUnknownMs. */
  ambientTenths: Tenths | null;
  /** Baseline of the reading's site, null without one. */
  baselineTenths: Tenths | null;
  /** null = the card is not in the roster. */
  facts: PersonFacts | null;
  bar: BarReason | null;
  sensor: SensorState;
  measured: Measured;
  /** Infrared tries of this person within policy.triesWindowMs, this one counted. */
  tries: number;
  /** Sites that were low before this reading. */
  lowSites: readonly Site[];
  /** Contact readings that were low before this one. */
  contactLows: number;
  /** Where the first high value was taken under confirmHigh, null before one. */
  confirmSite: Site | null;
  answer: Answer | null;
};

export type Outcome = { row: number; verdict: Verdict; reason: Reason; next: NextMeasure | null };
export type Row = { number: number; matches(given: GateCase): boolean; outcome(given: GateCase): Omit<Outcome, 'row'> };

/** The decision of the first row that matches; null while there is nothing to decide yet (go on measuring). */
export function judge(given: GateCase): Outcome | null {
  const first = table.find((row) => row.matches(given));
  if (first === undefined) return null;
  const outcome = { row: first.number, ...first.outcome(given) };
  // Row 7 speaks about how a try ended, so it looks at what the rows above it would say: the last try allowed never asks
  // for another infrared one.
  if (outcome.verdict === 'again' && isInfrared(given) && given.tries >= given.policy.triesMax)
    return { row: 7, ...contactDue };
  return outcome;
}

const contactDue = { verdict: 'again', reason: 'contact-due', next: 'contact' } as const;

function isInfrared({ measured }: GateCase): boolean {
  return measured.kind !== 'nothing' && measured.method === 'infrared';
}

/** The value on which rows 4 to 7 decide, or null. */
function freshValue({ measured }: GateCase): Extract<Measured, { kind: 'value' }> | null {
  return measured.kind === 'value' && !measured.passed ? measured : null;
}

/** The fixed sensor gave, or would give, this reading; a value typed by hand came from another instrument. */
function needsSensor({ direction, measured }: GateCase): boolean {
  if (direction === 'out') return false;
  if (measured.kind === 'nothing') return true;
  if (measured.kind === 'value' && measured.passed) return false;
  return measured.method === 'infrared' && !measured.manual;
}

function heldBy({ facts, campus, direction }: GateCase): Reason | null {
  if (facts === null) return 'unknown-card';
  // Leave to return is about coming in; whoever leaves needs none.
  if (direction === 'in' && facts.presence === 'away') return 'return-not-granted';
  return campus === 'closed' && !facts.passesClosedCampus ? 'campus-closed' : null;
}

/** Rows 8 to 11 need a valid reading, or a lane that leads out and is not measured. */
function isMeasured({ direction, measured }: GateCase): boolean {
  return direction === 'out' || measured.kind === 'value';
}

function risesTooFar(given: GateCase): boolean {
  const { policy, ambientTenths, baselineTenths } = given;
  const value = freshValue(given);
  if (value === null || value.method !== 'infrared') return false;
  const ambientIsFit =
    ambientTenths !== null && ambientTenths >= policy.ambientMinTenths && ambientTenths <= policy.ambientMaxTenths;
  if (ambientIsFit) return false;
  return baselineTenths === null
    ? value.tenths >= policy.riseWithoutBaselineTenths
    : value.tenths - baselineTenths >= policy.riseTenths;
}

/** Under confirmHigh the next reading governs only at another site or by contact; a second high one is no first. */
function awaitsConfirmation(given: GateCase): boolean {
  const { policy, confirmSite } = given;
  const value = freshValue(given);
  if (value === null || !policy.confirmHigh) return false;
  if (confirmSite === null) return value.tenths >= policy.feverTenths && value.tenths < policy.urgentTenths;
  return (
    value.method === 'infrared' &&
    value.site === confirmSite &&
    value.tenths < policy.feverTenths &&
    value.tenths >= policy.lowTenths
  );
}

function isLow(given: GateCase): boolean {
  const value = freshValue(given);
  if (value === null) return false;
  if (value.tenths < given.policy.lowTenths) return true;
  return value.method === 'infrared' && given.lowSites.includes(value.site);
}

export const table: readonly Row[] = [
  {
    number: 1,
    matches: (given) => given.bar !== null,
    outcome: ({ bar }) => ({ verdict: 'deny', reason: bar ?? 'referral-open', next: null }),
  },
  {
    number: 2,
    matches: (given) => given.sensor !== 'ready' && needsSensor(given),
    outcome: ({ sensor }) => ({
      verdict: 'trouble',
      reason: sensor === 'ready' ? 'device-lost' : sensor,
      next: 'same',
    }),
  },
  {
    number: 3,
    matches: ({ measured }) => measured.kind === 'ended',
    outcome: ({ measured }) => ({
      verdict: 'again',
      reason: measured.kind === 'ended' ? measured.reason : 'no-reading',
      next: measured.kind === 'ended' && measured.method === 'contact' ? 'contact' : 'same',
    }),
  },
  {
    number: 4,
    matches: (given) => awaitsConfirmation(given) || (freshValue(given)?.tenths ?? 0) >= given.policy.feverTenths,
    outcome: (given) => {
      if (awaitsConfirmation(given)) return { verdict: 'again', reason: 'confirm-high', next: 'another-site' };
      const urgent = (freshValue(given)?.tenths ?? 0) >= given.policy.urgentTenths;
      return { verdict: 'refer', reason: urgent ? 'urgent' : 'fever', next: 'contact' };
    },
  },
  {
    number: 5,
    matches: isLow,
    outcome: (given) => {
      if (freshValue(given)?.method === 'contact') {
        if (given.contactLows >= 1) return { verdict: 'refer', reason: 'unmeasurable', next: 'contact' };
        return { verdict: 'again', reason: 'low', next: 'contact' };
      }
      return { verdict: 'again', reason: 'low', next: given.lowSites.length === 0 ? 'another-site' : 'contact' };
    },
  },
  { number: 6, matches: risesTooFar, outcome: () => ({ verdict: 'again', reason: 'rise', next: 'contact' }) },
  {
    number: 7,
    matches: (given) => freshValue(given) !== null && isInfrared(given) && given.tries > given.policy.triesMax,
    outcome: () => contactDue,
  },
  {
    number: 8,
    matches: (given) => isMeasured(given) && heldBy(given) !== null,
    outcome: (given) => ({ verdict: 'hold', reason: heldBy(given) ?? 'unknown-card', next: null }),
  },
  {
    number: 9,
    matches: (given) =>
      isMeasured(given) && given.direction === 'in' && given.facts?.questionsDue === true && given.answer !== 'clear',
    outcome: ({ answer }) => {
      if (answer === 'symptom') return { verdict: 'refer', reason: 'symptoms', next: 'contact' };
      if (answer === 'region') return { verdict: 'refer', reason: 'region', next: 'contact' };
      return { verdict: 'hold', reason: 'questions-due', next: null };
    },
  },
  {
    number: 10,
    matches: ({ measured, direction, policy }) =>
      direction === 'in' && measured.kind === 'value' && measured.tenths >= policy.borderlineTenths,
    outcome: () => ({ verdict: 'admit', reason: 'borderline', next: null }),
  },
  { number: 11, matches: isMeasured, outcome: () => ({ verdict: 'admit', reason: 'normal', next: null }) },
];
