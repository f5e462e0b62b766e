// Temperatures as the domain knows them: integers in hundredths of a degree, never a float. Used everywhere.

/** Hundredths of a degree Celsius, a safe integer: 3725 is 37.25 ℃. */
export type CentiCelsius = number;
/** Tenths of a degree Celsius, a safe integer: 373 is 37.3 ℃. What is shown and what is compared. */
export type Tenths = number;

export type Site = 'forehead' | 'wrist' | 'neck' | 'ear' | 'axillary' | 'oral';
/** How the instrument measured: the surface (`object`), its own body conversion at a site, or by contact. */
export type Mode = 'object' | 'forehead' | 'wrist' | 'contact';
export type Method = 'infrared' | 'contact';

/** One value from a live thermometer, already in body terms (raw plus the configured offset). */
export type Sample = {
  /** Monotonic milliseconds of the clock that runs the lane. */
  atMs: number;
  /** Body value that rules look at. */
  centiCelsius: CentiCelsius;
  /** What the instrument itself said, before any offset. */
  rawCentiCelsius: CentiCelsius;
  ambientCentiCelsius: CentiCelsius | null;
  offsetCentiCelsius: CentiCelsius;
  site: Site;
  mode: Mode;
  deviceId: string;
  /** No checksum stood behind it: evidence, judged like any other. */
  unchecked?: true | undefined;
};

/** What verdicts are made from: the median of a window of samples, or one query, contact or keypad value. */
export type Reading = {
  centiCelsius: CentiCelsius;
  site: Site;
  mode: Mode;
  method: Method;
  /** Typed on the keypad by a named person; never from a live sensor. */
  manual: boolean;
  /** staffId of who typed it, null unless `manual`. */
  typedBy: string | null;
  /** Instant of the last sample: freshness counts from here. */
  endedAtMs: number;
  /** All samples it was computed from, oldest first; one for a contact or keypad value. */
  samples: Sample[];
  /** It was too old for the tap: kept as evidence, judged by nobody. */
  stale?: true;
};

/** Rounds half up to tenths: 3724 -> 372, 3725 -> 373. Negative values round half up as well (-5 -> 0). */
export function tenthsOf(centiCelsius: CentiCelsius): Tenths {
  return Math.floor((centiCelsius + 5) / 10);
}

/** Median; of an even count the mean of the middle two, half up (protocol.md, Units). Throws on an empty list. */
export function medianOf(values: readonly CentiCelsius[]): CentiCelsius {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  const lower = sorted[sorted.length % 2 === 1 ? middle : middle - 1];
  if (upper === undefined || lower === undefined) throw new Error('medianOf: no values');
  return Math.floor((lower + upper + 1) / 2);
}

/** '36.5' for 365; '-0.4' for -4. The only way a temperature becomes text. */
export function textOfTenths(tenths: Tenths): string {
  const size = Math.abs(tenths);
  return `${tenths < 0 ? '-' : ''}${Math.floor(size / 10)}.${size % 10}`;
}
