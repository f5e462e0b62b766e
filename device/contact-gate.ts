// Holds back what a contact thermometer sends until it is the body's value (src/domain/contact-values.ts). Called by bridge-devices, one for
// each thermometer in contact mode.
import { aloneAtMs, type ContactValues, endAlone, noValues, takeValue } from '../src/domain/contact-values.ts';
import type { Clock, Timer } from './clock.ts';

type Sample = { atMs: number; expiresAtMs: number; centiCelsius: number | null };

/**
 * Every sample is told on at once, without a body value: seen, not judged. The one that makes a reading is told once more, with it, as of the
 * instant when it was known to be final.
 */
export function createContactGate<S extends Sample>(clock: Clock, tell: (sample: S) => void): (sample: S) => void {
  let known: ContactValues = noValues;
  let timer: Timer | null = null;

  function settle({ now, reading }: ReturnType<typeof takeValue>, sample: S): void {
    known = now;
    if (reading === null) return;
    const atMs = Math.round(clock.nowMs());
    tell({ ...sample, atMs, expiresAtMs: atMs + sample.expiresAtMs - sample.atMs });
  }

  return (sample) => {
    const { atMs, centiCelsius } = sample;
    tell({ ...sample, centiCelsius: null });
    if (centiCelsius === null) return;
    if (timer !== null) clock.clearTimer(timer);
    settle(takeValue(known, { atMs, centiCelsius }), sample);
    const dueMs = aloneAtMs(known);
    timer =
      dueMs === null ? null : clock.setTimer(() => settle(endAlone(known), sample), Math.max(0, dueMs - clock.nowMs()));
  };
}
