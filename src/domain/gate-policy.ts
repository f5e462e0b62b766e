// The ordered table from a reading to a verdict (protocol.md): eleven rows, the first that matches wins. Called by passage.
import type { BarReason, PersonFacts } from './order.ts';
import type { Answer, Direction } from './passage.ts';
import type { GatePolicy } from './policy.ts';
import type { Method, Site, Tenths } from './reading.ts';
import type { HoldReason, NextMeasure, Reason, SensorState, Verdict } from './verdict.ts';

/** What the measurement has brought so far. */
export type Measured =
  /** At the tap: nothing yet. */
  | { kind: 'nothing' }
  | { kind: 'ended'; reason: 'invalid' | 'unstable' | 'no-reading' | 'stale'; method: Method; manual: boolean }
  /** `passed`: this reading has been through rows 2 to 7 before (answers and identification decide on the same reading). */
  | { kind: 'value'; tenths: Tenths; site: Site; method: Method; manual: boolean; passed: boolean };

/** Everything the table looks at. */
export type GateCase = {
  policy: GatePolicy;
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
  /** What row 8 held in this passage and somebody released by name. */
  released: readonly HoldReason[];
  answer: Answer | null;
};

export type Outcome = { row: number; verdict: Verdict; reason: Reason; next: NextMeasure | null };
type Value = Extract<Measured, { kind: 'value' }>;
type Said = readonly [verdict: Verdict, reason: Reason, next?: NextMeasure];
/** What a row says of a case that it matches. `fresh` is the value on which rows 4 to 7 decide, null without one. */
export type Row = (given: GateCase, fresh: Value | null) => Said | null | false;

/** The decision of the first row that matches; null while there is nothing to decide yet (go on measuring). */
export function judge(given: GateCase): Outcome | null {
  const { measured, policy, tries } = given;
  const fresh = measured.kind === 'value' && !measured.passed ? measured : null;
  for (const [index, row] of table.entries()) {
    const said = row(given, fresh);
    if (!said) continue;
    const [verdict, reason, next = null] = said;
    // Row 7 speaks about how a try ended, so it looks at what the rows above it would say: the last try allowed never asks
    // for another infrared one.
    return verdict === 'again' && isInfrared(measured) && tries >= policy.triesMax
      ? { row: 7, verdict, reason: 'contact-due', next: 'contact' }
      : { row: index + 1, verdict, reason, next };
  }
  return null;
}

function isInfrared(measured: Measured): boolean {
  return measured.kind !== 'nothing' && measured.method === 'infrared';
}

/** The fixed sensor gave, or would give, this reading; a value typed by hand came from another instrument. */
function needsSensor({ direction, measured }: GateCase, fresh: Value | null): boolean {
  if (direction === 'out') return false;
  if (measured.kind === 'nothing') return true;
  return isInfrared(measured) && !measured.manual && (measured.kind === 'ended' || fresh !== null);
}

function heldBy({ facts, campus, direction, released }: GateCase): HoldReason | null {
  const holds = (reason: HoldReason, matches: boolean) => matches && !released.includes(reason);
  if (holds('unknown-card', facts === null)) return 'unknown-card';
  // Leave to return is about coming in; whoever leaves needs none.
  if (holds('return-not-granted', direction === 'in' && facts?.presence === 'away')) return 'return-not-granted';
  return holds('campus-closed', campus === 'closed' && !facts?.passesClosedCampus) ? 'campus-closed' : null;
}

/** Rows 8 to 11 need a valid reading, or a lane that leads out and is not measured. */
function isMeasured({ direction, measured }: GateCase): boolean {
  return direction === 'out' || measured.kind === 'value';
}

function risesTooFar({ policy, ambientTenths, baselineTenths }: GateCase, { tenths }: Value): boolean {
  if (ambientTenths !== null && ambientTenths >= policy.ambientMinTenths && ambientTenths <= policy.ambientMaxTenths)
    return false;
  return baselineTenths === null
    ? tenths >= policy.riseWithoutBaselineTenths
    : tenths - baselineTenths >= policy.riseTenths;
}

/** Under confirmHigh the next reading governs only at another site or by contact; a second high one is no first. */
function awaitsConfirmation({ policy, confirmSite }: GateCase, value: Value): boolean {
  const { tenths } = value;
  if (!policy.confirmHigh) return false;
  if (confirmSite === null) return tenths >= policy.feverTenths && tenths < policy.urgentTenths;
  return isInfrared(value) && value.site === confirmSite && tenths < policy.feverTenths && tenths >= policy.lowTenths;
}

/** The rows of protocol.md in their order, the first is number 1. */
export const table: readonly Row[] = [
  ({ bar }) => bar && ['deny', bar],
  (given, fresh) => given.sensor !== 'ready' && needsSensor(given, fresh) && ['trouble', given.sensor, 'same'],
  ({ measured }) =>
    measured.kind === 'ended' && ['again', measured.reason, measured.method === 'contact' ? 'contact' : 'same'],
  (given, fresh) => {
    if (fresh === null) return null;
    if (awaitsConfirmation(given, fresh)) return ['again', 'confirm-high', 'another-site'];
    const { feverTenths, urgentTenths } = given.policy;
    return fresh.tenths >= feverTenths && ['refer', fresh.tenths >= urgentTenths ? 'urgent' : 'fever', 'contact'];
  },
  ({ policy, lowSites, contactLows }, fresh) => {
    const byInfrared = fresh !== null && isInfrared(fresh);
    if (fresh === null || (fresh.tenths >= policy.lowTenths && !(byInfrared && lowSites.includes(fresh.site))))
      return null;
    if (!byInfrared && contactLows > 0) return ['refer', 'unmeasurable', 'contact'];
    return ['again', 'low', byInfrared && lowSites.length === 0 ? 'another-site' : 'contact'];
  },
  (given, fresh) => fresh !== null && isInfrared(fresh) && risesTooFar(given, fresh) && ['again', 'rise', 'contact'],
  ({ policy, tries }, fresh) =>
    fresh !== null && isInfrared(fresh) && tries > policy.triesMax && ['again', 'contact-due', 'contact'],
  (given) => {
    const reason = isMeasured(given) ? heldBy(given) : null;
    return reason && ['hold', reason];
  },
  (given) => {
    const { direction, facts, answer } = given;
    if (!isMeasured(given) || direction === 'out' || answer === 'clear') return null;
    // Whoever was let in without a name on the roster is asked like a visitor, and who was away comes in for the first time since.
    if (facts !== null && !facts.questionsDue && facts.presence !== 'away') return null;
    if (answer === null) return ['hold', 'questions-due'];
    return ['refer', answer === 'symptom' ? 'symptoms' : 'region', 'contact'];
  },
  ({ measured, direction, policy }) =>
    direction === 'in' &&
    measured.kind === 'value' &&
    measured.tenths >= policy.borderlineTenths && ['admit', 'borderline'],
  (given) => isMeasured(given) && ['admit', 'normal'],
];
