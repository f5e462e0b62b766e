// A lane's decision as the entry that is stored of it. Called by the gate's controller for every decision.
import type { CardNumber, CheckBody, StoredReading } from './entry.ts';
import type { Direction } from './passage.ts';
import type { Reading, Tenths } from './reading.ts';
import type { Decision } from './verdict.ts';

/** The entry schema takes no more; the newest are kept, and the governing one is always the last. */
export const limits = { readings: 16, samplesPerReading: 256 } as const;

export type CheckContext = {
  passageId: string;
  card: CardNumber | null;
  caseNo: string | null;
  policyVersion: number;
  ambientTenths: Tenths | null;
  baselineTenths: Tenths | null;
  rosterVersion: number;
  orderDay: number | null;
  direction: Direction;
};

/** Body of the `check` entry; the reading that governed, if one did, stands last in `readings`. */
export function checkBodyOf(decision: Decision, context: CheckContext): CheckBody {
  const { atMs, personId, verdict, reason, shownTenths, raisesCase, governing, readings, tries } = decision;
  const ordered = governing === null ? readings : [...readings.filter((one) => one !== governing), governing];
  return {
    kind: 'check',
    ...context,
    ...{ personId, verdict, reason, shownTenths, raisesCase, tries },
    caseNo: raisesCase ? context.caseNo : null,
    readings: ordered.slice(-limits.readings).map((reading) => storedReadingOf(reading, atMs)),
    ...(decision.ended && { ended: storedReadingOf(decision.ended, atMs) }),
    ...(decision.tappedAtMs !== null && { tapAgeMs: Math.round(atMs - decision.tappedAtMs) }),
  };
}

/** A reading as evidence; instants become ages in whole milliseconds before `atMs`, since clocks do not travel. */
export function storedReadingOf(reading: Reading, atMs: number): StoredReading {
  const { centiCelsius, site, mode, method, manual, typedBy } = reading;
  const samples = reading.samples.slice(-limits.samplesPerReading);
  const first = samples[0];
  return {
    ...{ centiCelsius, site, mode, method, manual, typedBy },
    deviceId: first?.deviceId ?? (manual ? 'keypad' : 'unknown'),
    offsetCentiCelsius: first?.offsetCentiCelsius ?? 0,
    ageMs: Math.round(atMs - reading.endedAtMs),
    ...(reading.stale && { stale: true }),
    ...(first?.unchecked && { unchecked: true }),
    samples: samples.map((sample) => [
      Math.round(atMs - sample.atMs),
      sample.rawCentiCelsius,
      sample.centiCelsius,
      sample.ambientCentiCelsius,
    ]),
  };
}
