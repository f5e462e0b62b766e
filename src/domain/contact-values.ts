// When a value by contact is the body's. An instrument that sends on while it still rises must not be believed on its way up: 36.4 on
// the way to 38.2 would admit a fever. Pure; called by the bridge for each thermometer in contact mode.

export const limits = {
  /** Nothing follows for so long: the instrument sends its final value alone. A stream of one line a second is told from it. */
  aloneMs: 1_500,
  /** Values further apart than this are two measurements. */
  breakMs: 5_000,
  /**
   * A stream is believed when it moved by at most `steadyCenti` (hundredths of a degree) within `steadyMs`: electronic thermometers
   * sound when a value rises less than 0.1 degrees in 16 s (instructions of use, e.g. oktal-pharma.hr/?p=4267).
   */
  steadyMs: 16_000,
  steadyCenti: 10,
  /** After a stream was believed it makes no second reading before it has moved by so much: the probe was taken out. */
  movedCenti: 100,
  /** Values that are kept; of a faster stream they cover less than `steadyMs`, so they are thinned to one in `thinMs`. */
  values: 64,
  thinMs: 300,
} as const;

export type ContactValue = { readonly atMs: number; readonly centiCelsius: number };
export type ContactValues = {
  /** The newest last. */
  readonly series: readonly ContactValue[];
  /** Two values came within `breakMs`. */
  readonly streams: boolean;
  /** The value that was believed of this series. */
  readonly believed: number | null;
};

export const noValues: ContactValues = { series: [], streams: false, believed: null };

/** A value came. `reading`: the body's value, or null when that is not known yet. */
export function takeValue(known: ContactValues, value: ContactValue): { now: ContactValues; reading: number | null } {
  const last = known.series.at(-1);
  if (last === undefined || value.atMs - last.atMs > limits.breakMs) {
    return { now: { series: [value], streams: false, believed: null }, reading: null };
  }
  if (known.believed !== null) {
    const stays = Math.abs(value.centiCelsius - known.believed) < limits.movedCenti;
    return { now: { series: [value], streams: true, believed: stays ? known.believed : null }, reading: null };
  }
  const before = known.series.at(-2);
  const kept =
    before !== undefined && last.atMs - before.atMs < limits.thinMs ? known.series.slice(0, -1) : known.series;
  const series = [...kept, value].slice(-limits.values);
  const reading = isSteady(series, value) ? value.centiCelsius : null;
  return { now: { series, streams: true, believed: reading }, reading };
}

/** When `endAlone` is due; null while nothing waits for it. */
export function aloneAtMs({ series, streams, believed }: ContactValues): number | null {
  const [only] = series;
  return streams || believed !== null || only === undefined ? null : only.atMs + limits.aloneMs;
}

/** Nothing followed the value: it is what the instrument had to say. */
export function endAlone(known: ContactValues): { now: ContactValues; reading: number | null } {
  const [only] = known.series;
  if (aloneAtMs(known) === null || only === undefined) return { now: known, reading: null };
  return { now: { ...known, believed: only.centiCelsius }, reading: only.centiCelsius };
}

/** The series reaches back for `steadyMs`, and did not move within. */
function isSteady(series: readonly ContactValue[], { atMs, centiCelsius }: ContactValue): boolean {
  const fromMs = atMs - limits.steadyMs;
  if (series[0] === undefined || series[0].atMs > fromMs) return false;
  const recent = series.filter((one) => one.atMs >= fromMs).map((one) => one.centiCelsius);
  return Math.max(...recent, centiCelsius) - Math.min(...recent, centiCelsius) <= limits.steadyCenti;
}
