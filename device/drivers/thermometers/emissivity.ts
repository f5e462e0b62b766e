// The emissivity that a person gives to a command, as an integer: no floating point. Called by drivers that can set it.
import type { Profile, ProfileOptions } from '../driver.ts';
import { texts } from '../texts.ts';

/** Every source here allows 0.1 to 1.1. */
export const limits = { tenthsMin: 1, tenthsMax: 11 } as const;

export const emissivityOption = { emissivity: 'for set-emissivity: 0.1 to 1.1 (skin is 0.98)' } as const;

/**
 * Steps of 1/10^places, as the device counts them. Throws a RangeError with a sentence when it is missing, no decimal, finer than
 * the device can hold, or out of range.
 */
export function emissivityOf(profile: Pick<Profile, 'name'>, options: ProfileOptions, places: 3 | 4): number {
  const text = options.emissivity;
  if (text === undefined) throw new RangeError(texts.missingOption(profile.name, 'set-emissivity', 'emissivity'));
  const [, whole = '', fraction = ''] = /^([01])(?:\.(\d{1,4}))?$/.exec(text) ?? [];
  const isFine = whole !== '' && fraction.replace(/0+$/, '').length <= places;
  const value = isFine ? Number(whole + fraction.slice(0, places).padEnd(places, '0')) : 0;
  const tenth = 10 ** (places - 1);
  if (value < limits.tenthsMin * tenth || value > limits.tenthsMax * tenth) {
    throw new RangeError(texts.notFraction('emissivity', text, '0.1', '1.1', places));
  }
  return value;
}
