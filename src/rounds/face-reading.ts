// From what the tablet's thermometer sends to one reading a face: a stream by the gate's own rules, an instrument that answers once by its
// value. Pure but for what it holds of the face before it. Called by tablet-devices.ts.
import { inRange, readingFrom, readingOf, windowOf } from '../domain/measure.ts';
import type { Policy } from '../domain/policy.ts';
import type { Reading, Sample } from '../domain/reading.ts';

export const limits = {
  /** Samples of one face kept at hand. */
  samples: 64,
  /** With nothing in range for so long, the next value is another face. A guess: a hand needs longer from one forehead to the next. */
  pauseMs: 2_000,
} as const;

export type FaceReading = {
  /** The reading that this sample completes; null while there is none, and after the one that a face makes. `single`: a reading by itself. */
  hear(sample: Sample, single: boolean): Reading | null;
  /** A card was tapped: what comes from now on is another face's. */
  begin(): void;
};

export function createFaceReading(policy: () => Policy): FaceReading {
  let samples: Sample[] = [];
  let isSpent = false;
  let last: Sample | null = null;

  function begin(): void {
    samples = [];
    isSpent = false;
    last = null;
  }

  return {
    begin,
    hear(sample, single) {
      const rules = policy();
      if (last !== null && isOther(last, sample)) begin();
      samples = [...samples, sample].slice(-limits.samples);
      // A wall or the air between two people is no face, and keeps none going.
      if (!inRange(sample.centiCelsius, rules)) return null;
      last = sample;
      if (isSpent) return null;
      const reading = single ? readingOf(sample) : readingFrom(windowOf(samples, sample.atMs, rules), rules);
      isSpent = reading !== null;
      return reading;
    },
  };
}

function isOther(last: Sample, sample: Sample): boolean {
  const isElsewhere = sample.site !== last.site || sample.deviceId !== last.deviceId;
  return isElsewhere || sample.atMs - last.atMs >= limits.pauseMs;
}
