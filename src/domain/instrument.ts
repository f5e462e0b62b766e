// How far an infrared thermometer may be trusted: warm-up, the checks that bar it, and its standing. Called by the bridge.
import type { Policy } from './policy.ts';
import type { CentiCelsius } from './reading.ts';

/** One finished check of an instrument, and what came of it. */
export type CheckOutcome = { atWallMs: number; outcome: 'passed' | 'barred' };

/** What is kept of one instrument across restarts. */
export type InstrumentRecord = {
  /** Wall clock of the power-on that an operator told; null while none was told. */
  powerOnWallMs: number | null;
  shift: CheckOutcome | null;
  slope: CheckOutcome | null;
};

export type CheckKind = 'shift' | 'slope';

/** `warming` and `barred` give no infrared verdict; `untested` does, and is shown as not checked. */
export type Standing =
  | { state: 'untested' }
  /** null = the power-on has not been told yet, and must be. */
  | { state: 'warming'; leftMs: number | null }
  | { state: 'barred'; reasons: CheckKind[]; atWallMs: number }
  | { state: 'passed'; atWallMs: number };

/** `ask`: no infrared verdict before the power-on was told; `warm`: warm until a power-on is told. */
export type WarmUp = 'ask' | 'warm';

export const newRecord: InstrumentRecord = { powerOnWallMs: null, shift: null, slope: null };

/**
 * Milliseconds of warm-up that are left, 0 when warm, null when the power-on must be told first. A clock that was set back
 * behind the power-on begins the warm-up anew and never makes it longer than it is.
 */
export function warmUpLeftMs(
  record: InstrumentRecord,
  warmUp: WarmUp,
  nowWallMs: number,
  policy: Pick<Policy, 'warmUpMs'>,
): number | null {
  if (record.powerOnWallMs === null) return warmUp === 'ask' ? null : 0;
  const leftMs = record.powerOnWallMs + policy.warmUpMs - nowWallMs;
  return Math.min(policy.warmUpMs, Math.max(0, leftMs));
}

/** A failed check bars until the same check has passed; a bar is told before a warm-up, since it outlasts it. */
export function standingOf(
  record: InstrumentRecord,
  warmUp: WarmUp,
  nowWallMs: number,
  policy: Pick<Policy, 'warmUpMs'>,
): Standing {
  const failed = (['shift', 'slope'] as const).filter((kind) => record[kind]?.outcome === 'barred');
  if (failed.length > 0) {
    return {
      state: 'barred',
      reasons: failed,
      atWallMs: Math.max(...failed.map((kind) => record[kind]?.atWallMs ?? 0)),
    };
  }
  const leftMs = warmUpLeftMs(record, warmUp, nowWallMs, policy);
  if (leftMs !== 0) return { state: 'warming', leftMs };
  const passed = [record.shift, record.slope].flatMap((check) => (check === null ? [] : [check.atWallMs]));
  return passed.length === 0 ? { state: 'untested' } : { state: 'passed', atWallMs: Math.max(...passed) };
}

/** What row 2 of the verdict table looks at; null = the standing says nothing against a verdict. */
export function sensorBar(standing: Standing): 'device-warm-up' | 'device-barred' | null {
  if (standing.state === 'barred') return 'device-barred';
  return standing.state === 'warming' ? 'device-warm-up' : null;
}

/** One measurement of a check: what was known of it, and the median that the instrument gave. */
export type Measure = {
  what: 'person' | 'reference' | 'target';
  /** A person's contact value, or the temperature of a reference or a target. */
  knownCenti: CentiCelsius;
  /** A person's body value (offset added); what the instrument itself said of a reference or a target. */
  infraredCenti: CentiCelsius;
  /** Values that the median was taken from, oldest first. */
  samples: CentiCelsius[];
};
