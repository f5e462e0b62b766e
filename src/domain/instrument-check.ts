// The two checks that bar a thermometer (protocol.md, Checks on the instrument): their measurements, and their outcome in
// integers. Called by the bridge.
import type { CheckKind, Measure } from './instrument.ts';
import type { Policy } from './policy.ts';
import { type CentiCelsius, medianOf, type Tenths, tenthsOf } from './reading.ts';

export const limits = {
  /** A check has two measurements, whichever it is. */
  measures: 2,
  /** A measurement moves less than this from its highest to its lowest value, hundredths: else somebody moved. */
  spreadCenti: 100,
  /** The medians of its two halves lie at most this far apart: a cup that cools or a face that comes nearer is refused. */
  driftCenti: 20,
  /** Where bodies and fevers lie, seen as bare skin: a target outside says nothing about them. Hundredths. */
  targetMinCenti: 3_000,
  targetMaxCenti: 4_300,
  /** Further apart than this, a pull that holds only around the normal would be stepped over. Tenths. */
  targetsApartMaxTenths: 80,
} as const;

/** Why a measurement or a check cannot be taken as it is; each has a sentence that says what to do. */
export type CheckRefusal =
  | 'too-few'
  | 'unsteady'
  | 'not-a-body'
  | 'no-offset'
  | 'known-out-of-range'
  | 'too-close'
  | 'too-far'
  | 'wrong-kind'
  | 'two-references';

export type Steady = { ok: true; medianCenti: CentiCelsius } | { ok: false; reason: 'too-few' | 'unsteady' };

/** The median of the last policy.checkSamples values, when they stand still. */
export function steadyMedian(values: readonly CentiCelsius[], policy: Pick<Policy, 'checkSamples'>): Steady {
  const last = values.slice(-policy.checkSamples);
  if (last.length < policy.checkSamples) return { ok: false, reason: 'too-few' };
  const half = last.length >> 1;
  const drift = Math.abs(medianOf(last.slice(0, half)) - medianOf(last.slice(-half)));
  const isStill = Math.max(...last) - Math.min(...last) <= limits.spreadCenti && drift <= limits.driftCenti;
  return isStill ? { ok: true, medianCenti: medianOf(last) } : { ok: false, reason: 'unsteady' };
}

/** null when `measure` may follow `before` in this check, else why not. */
export function refusalOf(
  check: CheckKind,
  before: readonly Measure[],
  measure: Pick<Measure, 'what' | 'knownCenti' | 'infraredCenti'>,
  policy: Policy,
): CheckRefusal | null {
  if ((check === 'slope') !== (measure.what === 'target')) return 'wrong-kind';
  if (measure.what === 'target') {
    if (measure.knownCenti < limits.targetMinCenti || measure.knownCenti > limits.targetMaxCenti) {
      return 'known-out-of-range';
    }
    const first = before[0];
    if (first === undefined) return null;
    const apart = tenthsOf(Math.abs(measure.knownCenti - first.knownCenti));
    if (apart < policy.slopeApartTenths) return 'too-close';
    return apart > limits.targetsApartMaxTenths ? 'too-far' : null;
  }
  if (measure.what === 'reference') {
    if (measure.knownCenti < limits.targetMinCenti || measure.knownCenti > limits.targetMaxCenti) {
      return 'known-out-of-range';
    }
    return before.some(({ what }) => what === 'reference') ? 'two-references' : null;
  }
  if (!isBody(measure.knownCenti, policy)) return 'known-out-of-range';
  return isBody(measure.infraredCenti, policy) ? null : 'not-a-body';
}

export type Judged = {
  outcome: 'passed' | 'barred';
  /** Shift: the largest difference of a pair, in tenths as the screen shows them, with its sign (infrared - known). */
  differenceTenths: Tenths | null;
  /** Slope: rise of the output for 100 of the targets, rounded half up. */
  slopePercent: number | null;
};

/** The outcome of two measurements that refusalOf let through. Throws when they are not two. */
export function judgeCheck(check: CheckKind, measures: readonly Measure[], policy: Policy): Judged {
  const [first, second] = measures;
  if (first === undefined || second === undefined || measures.length !== limits.measures) {
    throw new Error('judgeCheck: a check has two measurements');
  }
  return check === 'shift' ? judgeShift([first, second], policy) : judgeSlope(first, second, policy);
}

/** Compared in tenths: the number on the screen and the outcome never disagree. */
function judgeShift(measures: readonly Measure[], policy: Policy): Judged {
  const differences = measures.map(({ infraredCenti, knownCenti }) => tenthsOf(infraredCenti) - tenthsOf(knownCenti));
  const differenceTenths = differences.reduce((most, one) => (Math.abs(one) > Math.abs(most) ? one : most), 0);
  const passed = Math.abs(differenceTenths) <= policy.shiftDifferenceTenths;
  return { outcome: passed ? 'passed' : 'barred', differenceTenths, slopePercent: null };
}

/** By multiplication, since a quotient would have to be rounded before it is compared. */
function judgeSlope(first: Measure, second: Measure, policy: Policy): Judged {
  const [low, high] = first.knownCenti <= second.knownCenti ? [first, second] : [second, first];
  const known = high.knownCenti - low.knownCenti;
  const output = high.infraredCenti - low.infraredCenti;
  const passed = 100 * output >= policy.slopeMinPercent * known && 100 * output <= policy.slopeMaxPercent * known;
  const slopePercent = Math.floor((200 * output + known) / (2 * known));
  return { outcome: passed ? 'passed' : 'barred', differenceTenths: null, slopePercent };
}

function isBody(centi: CentiCelsius, policy: Policy): boolean {
  const tenths = tenthsOf(centi);
  return tenths >= policy.rangeMinTenths && tenths <= policy.rangeMaxTenths;
}
