// Turns what devices and the keypad say into the domain's samples and readings. Pure; called by the controller.
import type { CardNumber } from '../domain/entry.ts';
import { readingOf } from '../domain/measure.ts';
import type { Mode, Reading, Sample } from '../domain/reading.ts';
import type { Typed } from './model.ts';
import type { GateSample, GateTap } from './station-types.ts';

/** One stable string for a card, however it was read; null for a tap without a number. */
export function cardKeyOf({ uid, printed }: CardNumber): string | null {
  return uid !== null ? `uid:${uid}` : printed !== null ? `printed:${printed}` : null;
}

export function cardOf(tap: GateTap): CardNumber {
  return { uid: tap.uid, printed: tap.printed };
}

/** Null when there is no body value (object mode without an offset): such a sample never decides. */
export function sampleOf(sample: GateSample): Sample | null {
  const { single: _single, centiCelsius, ...rest } = sample;
  return centiCelsius === null ? null : { ...rest, centiCelsius };
}

const infraredModeOf = (site: Typed['site']): Mode => (site === 'wrist' ? 'wrist' : 'forehead');

/** A value from the keypad: marked manual, with the name of who typed it. */
export function typedReading({ tenths, site, method }: Typed, typedBy: string, atMs: number): Reading {
  const centiCelsius = tenths * 10;
  const mode = method === 'contact' ? 'contact' : infraredModeOf(site);
  const sample: Sample = {
    atMs,
    centiCelsius,
    rawCentiCelsius: centiCelsius,
    ambientCentiCelsius: null,
    offsetCentiCelsius: 0,
    site,
    mode,
    deviceId: 'keypad',
  };
  return { ...readingOf(sample), manual: true, typedBy };
}
