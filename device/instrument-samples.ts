// The newest values of one thermometer, for live view and checks; old ones leave. Called by instruments.
import { type Steady, steadyMedian } from '../src/domain/instrument-check.ts';
import type { Policy } from '../src/domain/policy.ts';
import type { CentiCelsius } from '../src/domain/reading.ts';
import type { Signal } from './bridge-devices.ts';

export const limits = {
  samples: 64,
  /** A measurement uses nothing older: slow instruments that are asked need the most of it. */
  windowMs: 30_000,
  /** Silence over 2 s shows no value any more. */
  liveMs: 2_000,
} as const;

type SampleSignal = Extract<Signal, { type: 'sample' }>;
export type HeardSample = Pick<
  SampleSignal,
  'atMs' | 'centiCelsius' | 'rawCentiCelsius' | 'ambientCentiCelsius' | 'offsetCentiCelsius'
>;

export type SampleBook = {
  hear(sample: HeardSample): void;
  /** Values before this moment belong to no later measurement. */
  forget(): void;
  newest(nowMs: number): HeardSample | null;
  /** Body values (null = none without a body offset) or what the instrument itself said. */
  measure(what: 'body' | 'raw', nowMs: number, policy: Policy): (Steady & { samples: CentiCelsius[] }) | 'no-offset';
};

export function createSampleBook(): SampleBook {
  let heard: HeardSample[] = [];
  let last: HeardSample | null = null;
  return {
    hear: (sample) => {
      last = sample;
      heard = [...heard, sample].slice(-limits.samples);
    },
    forget: () => {
      heard = [];
    },
    newest: (nowMs) => (last !== null && nowMs - last.atMs <= limits.liveMs ? last : null),
    measure: (what, nowMs, policy) => {
      const young = heard.filter((sample) => nowMs - sample.atMs <= limits.windowMs);
      // A thermometer that fell silent gives nothing, however steady its last values were.
      const isAlive = last !== null && nowMs - last.atMs <= limits.liveMs;
      const used = (isAlive ? young : []).slice(-policy.checkSamples);
      if (what === 'body' && used.some(({ centiCelsius }) => centiCelsius === null)) return 'no-offset';
      const samples = used.map((sample) =>
        what === 'body' ? (sample.centiCelsius ?? sample.rawCentiCelsius) : sample.rawCentiCelsius,
      );
      return { ...steadyMedian(samples, policy), samples };
    },
  };
}
