// What a bad instrument makes of a true temperature: stands still, drifts, pulls everything toward normal. Called by play and tests.
import type { Shown } from './thermometer-speech.ts';

/** What such devices pull toward, hundredths of a degree: 36.5. */
export const normalCenti = 3_650;

export type Badness = {
  /** The value stands still from now on. */
  frozen: boolean;
  /** Degrees an hour that the value creeps away, from the moment that this was set. */
  driftCPerHour: number;
  /** 0 = honest, 1 = always 36.5: how much of the distance to normal is taken away. */
  towardNormal: number;
};
export const honest: Badness = { frozen: false, driftCPerHour: 0, towardNormal: 0 };

export type BadInstrument = { set(change: Partial<Badness>): void; bend(shown: Shown): Shown };

export function createBadInstrument(nowMs: () => number, first: Partial<Badness> = {}): BadInstrument {
  let badness = { ...honest, ...first };
  let driftSinceMs = nowMs();
  let last: Shown | null = null;
  return {
    set(change) {
      if (change.driftCPerHour !== undefined) driftSinceMs = nowMs();
      badness = { ...badness, ...change };
    },
    bend(shown) {
      if (badness.frozen && last) return last;
      const driftCenti = ((nowMs() - driftSinceMs) / 3_600_000) * badness.driftCPerHour * 100;
      const bent = (centi: number) =>
        Math.round(normalCenti + (centi + driftCenti - normalCenti) * (1 - badness.towardNormal));
      last = { ...shown, objectCenti: bent(shown.objectCenti), bodyCenti: bent(shown.bodyCenti) };
      return last;
    },
  };
}
