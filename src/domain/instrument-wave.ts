// People who are waved through instead of measured: cards faster than the sensor, one value over and over. Pure; called by
// the bridge with every tap and every verdict, and shown to the supervisor.
import type { Policy } from './policy.ts';
import type { CentiCelsius } from './reading.ts';

/** What is remembered: the run of fast cards and the run of identical readings. */
export type WaveMemory = {
  readonly tap: { card: string; atMs: number } | null;
  readonly fastRun: number;
  readonly value: CentiCelsius | null;
  readonly sameRun: number;
};
export type WaveNote = { note: 'fast-cards' | 'same-value'; count: number };

export const noWave: WaveMemory = { tap: null, fastRun: 0, value: null, sameRun: 0 };

/** A tap of `card` at a monotonic instant. A note comes once, when the run reaches the limit. */
export function waveOfTap(
  memory: WaveMemory,
  card: string,
  atMs: number,
  policy: Pick<Policy, 'fastCards' | 'fastCardsMs'>,
): { memory: WaveMemory; note: WaveNote | null } {
  const { tap } = memory;
  // A reader repeats a card while it lies there: that is nobody new.
  if (tap !== null && tap.card === card) return { memory: { ...memory, tap: { card, atMs } }, note: null };
  const isFast = tap !== null && atMs - tap.atMs < policy.fastCardsMs;
  const fastRun = isFast ? memory.fastRun + 1 : 1;
  const note: WaveNote | null = fastRun === policy.fastCards ? { note: 'fast-cards', count: fastRun } : null;
  return { memory: { ...memory, tap: { card, atMs }, fastRun }, note };
}

/** A live infrared reading that governed a verdict. */
export function waveOfReading(
  memory: WaveMemory,
  centiCelsius: CentiCelsius,
  policy: Pick<Policy, 'sameValueReadings'>,
): { memory: WaveMemory; note: WaveNote | null } {
  const sameRun = memory.value === centiCelsius ? memory.sameRun + 1 : 1;
  const note: WaveNote | null = sameRun === policy.sameValueReadings ? { note: 'same-value', count: sameRun } : null;
  return { memory: { ...memory, value: centiCelsius, sameRun }, note };
}
