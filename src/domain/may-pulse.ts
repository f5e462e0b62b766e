// The bridge's own last look before the barrier moves: whatever the page says, only these entries open it. Called by the
// bridge after the entry lies in the journal.
import type { CheckBody, Entry } from './entry.ts';
import type { Direction } from './passage.ts';
import type { PulseMemory } from './pulse-memory.ts';
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
  /** What the journal has said of holds, decisions and vehicles; absent: nothing is known of any. */
  memory?: PulseMemory;
};

/** true, or a short reason (for the pulse message and the log) why this entry opens nothing. */
export function mayPulse(entry: Entry, bounds: PulseBounds): true | string {
  if (entry.kind === 'manual-opening') {
    if (entry.reason.trim() === '') return 'manual opening without a reason';
    return bounds.signedIn.includes(entry.by) ? true : 'manual opening by somebody who is not signed in here';
  }
  if (entry.kind === 'vehicle') return vehicleMayPass(entry, bounds);
  if (entry.kind === 'check' && entry.vehicleId !== undefined) return 'one of several in a vehicle opens nothing alone';
  return checkMayPulse(entry, bounds);
}

/** The same for a check, whether or not it is one of several in a vehicle. */
export function checkMayPulse(entry: Entry, bounds: PulseBounds): true | string {
  if (entry.kind !== 'check') return `an entry of kind ${entry.kind} opens nothing`;
  if (entry.verdict !== 'admit') return `verdict ${entry.verdict} opens nothing`;
  if (entry.reason !== 'normal' && entry.reason !== 'borderline')
    return `an admission for ${entry.reason} opens nothing`;
  if (entry.paper !== undefined) return 'a row of the paper form opens nothing';
  if (entry.raisesCase) return 'an entry that raises a case opens nothing';
  if (entry.direction !== bounds.direction) return 'the entry is for the other direction';
  const unheld = isReleased(entry, bounds.memory);
  if (unheld !== true) return unheld;
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

/** What row 8 held needs its named decision in the journal, an approved visitor, or a roster that knows better by now. */
function isReleased(entry: CheckBody, memory: PulseMemory | undefined): true | string {
  const { overrideId, passageId, personId } = entry;
  if (overrideId !== undefined) {
    const override = memory?.overrides.get(overrideId);
    if (override === undefined) return 'the decision that let this person in is not in the journal';
    return override.passageId === passageId ? true : 'the decision is about somebody else';
  }
  const visitor = memory?.visitors.get(passageId);
  if (entry.visitorId !== undefined && visitor?.visitorId !== entry.visitorId) return 'a visitor without an approval';
  const held = memory?.held.get(passageId);
  if (held === undefined || visitor !== undefined) return true;
  // Leave, a permit or an opened campus come with a newer roster.
  if (held.reason !== 'unknown-card' && entry.rosterVersion <= held.rosterVersion) return 'held, and nobody decided';
  return personId !== null ? true : 'an unknown person whom nobody let in';
}

/** Everybody in it was admitted, each by a check of their own, and nobody in it was stopped. */
function vehicleMayPass(entry: Extract<Entry, { kind: 'vehicle' }>, { memory, direction }: PulseBounds): true | string {
  if (entry.direction !== direction) return 'the entry is for the other direction';
  if (memory === undefined || memory.stopped.has(entry.vehicleId)) return 'somebody in the vehicle was stopped';
  const riders = entry.occupants.map((id) => memory.riders.get(id));
  if (riders.some((one) => one?.vehicleId !== entry.vehicleId)) return 'somebody in the vehicle was not admitted';
  return new Set(riders.map((one) => one?.passageId)).size === riders.length || 'one person counted twice';
}

function withinBounds(centiCelsius: CentiCelsius, bounds: PulseBounds): true | string {
  const tenths = tenthsOf(centiCelsius);
  if (tenths < Math.max(bounds.lowestTenths ?? 0, widest.lowestTenths)) return 'the reading is too low to admit';
  if (tenths > Math.min(bounds.highestTenths ?? widest.highestTenths, widest.highestTenths))
    return 'the reading is a fever';
  return true;
}
