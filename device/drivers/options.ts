// Reads a profile's options from text; every wrong one is a RangeError with a sentence that says what to do. Called by drivers.
import type { Profile, ProfileOptions } from './driver.ts';
import { texts } from './texts.ts';

/** Throws for an option that the profile does not know. */
export function checkedOptions(profile: Pick<Profile, 'name' | 'options'>, options: ProfileOptions): ProfileOptions {
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(profile.options, name)) {
      throw new RangeError(texts.unknownOption(profile.name, name, Object.keys(profile.options)));
    }
  }
  return options;
}

/** One of a closed set, `fallback` when the option is not given. */
export function oneOf<const Value extends string>(
  profile: Pick<Profile, 'name'>,
  options: ProfileOptions,
  option: string,
  values: readonly Value[],
  fallback: Value,
): Value {
  const text = options[option];
  if (text === undefined) return fallback;
  const value = values.find((known) => known === text);
  if (value === undefined) throw new RangeError(texts.notOneOf(profile.name, option, text, values));
  return value;
}

/** A whole number in `min..max`, `fallback` when the option is not given. */
export function wholeNumber(
  profile: Pick<Profile, 'name'>,
  options: ProfileOptions,
  option: string,
  min: number,
  max: number,
  fallback: number,
): number {
  const text = options[option];
  if (text === undefined) return fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw new RangeError(texts.notWhole(profile.name, option, text, min, max));
  return value;
}
