// The bridge's own last look before the barrier moves: whatever the page says, only these entries open it. Called by the
// bridge after the entry lies in the journal.
import type { Entry } from './entry.ts';
import type { Direction } from './passage.ts';
import { type CentiCelsius, type Tenths, tenthsOf } from './reading.ts';

/** The widest that any policy can be set to (src/contracts/policy.ts): lowC >= 34.0, feverC <= 38.0. */
export const widest: { lowestTenths: Tenths; highestTenths: Tenths; ageMaxMs: number } = {
  lowestTenths: 340,
  highestTenths: 379,
  // A held person's reading lives as long as the longest chip (chipMs <= 30 min).
  ageMaxMs: 1_800_000,
};

export type PulseBounds = {
  /** Direction of this station's lane. */
  direction: Direction;
  /** staffIds of who is signed in at this bridge now. */
  signedIn: readonly string[];
  /** Narrower limits where the bridge knows the policy in force; never wider than `widest`. */
  lowestTenths?: Tenths;
  highestTenths?: Tenths;
  ageMaxMs?: number;
  /** Instruments that are warming up or barred now: no live infrared reading of theirs opens anything. */
  unfitDevices?: readonly string[];
};

/** true, or a short reason (for the pulse message and the log) why this entry opens nothing. */
export function mayPulse(entry: Entry, bounds: PulseBounds): true | string {
  if (entry.kind === 'manual-opening') {
    if (entry.reason.trim() === '') return 'manual opening without a reason';
    return bounds.signedIn.includes(entry.by) ? true : 'manual opening by somebody who is not signed in here';
  }
  if (entry.kind !== 'check') return `an entry of kind ${entry.kind} opens nothing`;
  if (entry.verdict !== 'admit') return `verdict ${entry.verdict} opens nothing`;
  if (entry.reason !== 'normal' && entry.reason !== 'borderline')
    return `an admission for ${entry.reason} opens nothing`;
  if (entry.raisesCase) return 'an entry that raises a case opens nothing';
  if (entry.direction !== bounds.direction) return 'the entry is for the other direction';
  if (entry.direction === 'out') return true;
  const governing = entry.readings.at(-1);
  if (governing === undefined) return 'an admission without a reading';
  if (governing.manual && governing.typedBy === null) return 'a typed reading without a name';
  if (!governing.manual && governing.samples.length === 0) return 'a live reading without samples';
  if (governing.method === 'infrared' && !governing.manual && bounds.unfitDevices?.includes(governing.deviceId)) {
    return 'the thermometer is warming up or barred';
  }
  if (governing.ageMs < 0 || governing.ageMs > Math.min(bounds.ageMaxMs ?? widest.ageMaxMs, widest.ageMaxMs)) {
    return 'the reading is too old';
  }
  if (entry.shownTenths !== tenthsOf(governing.centiCelsius)) return 'the reading is not the value that was shown';
  return withinBounds(governing.centiCelsius, bounds);
}

function withinBounds(centiCelsius: CentiCelsius, bounds: PulseBounds): true | string {
  const tenths = tenthsOf(centiCelsius);
  if (tenths < Math.max(bounds.lowestTenths ?? 0, widest.lowestTenths)) return 'the reading is too low to admit';
  if (tenths > Math.min(bounds.highestTenths ?? widest.highestTenths, widest.highestTenths))
    return 'the reading is a fever';
  return true;
}
