// From samples to a reading: when a window of a stream is a reading, and how a measurement ends without one. Called by passage.
import type { GatePolicy } from './policy.ts';
import { medianOf, type Reading, type Sample, tenthsOf } from './reading.ts';

/** How a measurement can end without a reading (row 3). */
export type EndReason = 'invalid' | 'unstable' | 'no-reading';
export type Ended = {
  reason: EndReason;
  /** An unstable window whose samples are all fever: its median goes on to row 4, never to an admission. */
  allHigh: Reading | null;
  /** The window as it stood, kept as evidence; null when it was empty. */
  last: Reading | null;
};

/** Whether this body value can be a body at all; compared in tenths, both ends belong to the range. */
export function inRange(centiCelsius: number, policy: GatePolicy): boolean {
  const tenths = tenthsOf(centiCelsius);
  return tenths >= policy.rangeMinTenths && tenths <= policy.rangeMaxTenths;
}

/** Samples of the last `windowMs` before `atMs`, of the site and the device that spoke last, oldest first. */
export function windowOf(samples: readonly Sample[], atMs: number, policy: GatePolicy): Sample[] {
  const recent = samples.filter((sample) => sample.atMs >= atMs - policy.windowMs && sample.atMs <= atMs);
  const last = recent.at(-1);
  if (last === undefined) return [];
  return recent.filter((sample) => sample.site === last.site && sample.deviceId === last.deviceId);
}

/** The reading that this window makes now, or null: 3 or more samples, all in range, spread at most `spreadCenti`. */
export function readingFrom(window: readonly Sample[], policy: GatePolicy): Reading | null {
  if (window.length < policy.windowSamplesMin) return null;
  if (!window.every((sample) => inRange(sample.centiCelsius, policy))) return null;
  return spreadOf(window) <= policy.spreadCenti ? asReading(window) : null;
}

/** How a measurement ends when its last window made no reading: range before spread before count. */
export function endWithout(window: readonly Sample[], policy: GatePolicy): Ended {
  if (window.length === 0) return { reason: 'no-reading', allHigh: null, last: null };
  const last = asReading(window);
  const median = medianOf(window.map((sample) => sample.centiCelsius));
  if (!inRange(median, policy)) return { reason: 'invalid', allHigh: null, last };
  if (spreadOf(window) <= policy.spreadCenti) return { reason: 'no-reading', allHigh: null, last };
  const high = (sample: Sample) =>
    tenthsOf(sample.centiCelsius) >= policy.feverTenths && inRange(sample.centiCelsius, policy);
  return { reason: 'unstable', allHigh: window.every(high) ? last : null, last };
}

/** Highest minus lowest, in hundredths: the one comparison that is not on tenths. */
function spreadOf(window: readonly Sample[]): number {
  const values = window.map((sample) => sample.centiCelsius);
  return Math.max(...values) - Math.min(...values);
}

function asReading(window: readonly Sample[]): Reading | null {
  const last = window.at(-1);
  return last === undefined ? null : readingOf(last, window);
}

/** What these samples say, of which `last` is the newest; a value by itself is its own window. */
export function readingOf(last: Sample, samples: readonly Sample[] = [last]): Reading {
  const { site, mode, atMs } = last;
  return {
    centiCelsius: medianOf(samples.map((sample) => sample.centiCelsius)),
    site,
    mode,
    method: mode === 'contact' ? 'contact' : 'infrared',
    manual: false,
    typedBy: null,
    endedAtMs: atMs,
    samples: [...samples],
  };
}
