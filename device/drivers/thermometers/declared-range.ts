// The limits that an installer declares for a thermometer without a checksum: nothing outside them is ever a reading.
// Called by the drivers of such thermometers.
import type { CentiCelsius } from '../../../src/domain/reading.ts';
import { centiOfText } from '../decimal.ts';
import type { ProfileOptions } from '../driver.ts';
import { texts } from '../texts.ts';

export type DeclaredRange = { minCenti: CentiCelsius; maxCenti: CentiCelsius };

/** The two options, for a profile's table. */
export const rangeOptions = (minC: string, maxC: string) => ({
  minC: `values below are refused, degrees Celsius (default ${minC})`,
  maxC: `values above are refused, degrees Celsius (default ${maxC})`,
});

/** Throws a RangeError with a sentence for a limit that is no number, or when they are the wrong way round. */
export function declaredRange(options: ProfileOptions, defaults: { minC: string; maxC: string }): DeclaredRange {
  const minC = options.minC ?? defaults.minC;
  const maxC = options.maxC ?? defaults.maxC;
  const minCenti = centiOf('minC', minC);
  const maxCenti = centiOf('maxC', maxC);
  if (minCenti > maxCenti) throw new RangeError(texts.rangeReversed(minC, maxC));
  return { minCenti, maxCenti };
}

export function isWithin(centi: CentiCelsius, { minCenti, maxCenti }: DeclaredRange): boolean {
  return centi >= minCenti && centi <= maxCenti;
}

function centiOf(option: string, text: string): CentiCelsius {
  const centi = centiOfText(text, 'C');
  if (centi === null) throw new RangeError(texts.notDecimal(option, text));
  return centi;
}
