// The emissivity that a person gives to a command, as an integer: no floating point. Called by drivers that can set it.
import type { Profile, ProfileOptions } from '../driver.ts';
import { texts } from '../texts.ts';

/** Every source here allows 0.100 to 1.100. */
export const limits = { perTenThousandMin: 1_000, perTenThousandMax: 11_000 } as const;

export const emissivityOption = { emissivity: 'for set-emissivity: 0.1 to 1.1 (skin is 0.98)' } as const;

/** Ten-thousandths; throws a RangeError with a sentence when it is missing, no decimal of up to 4 places, or out of range. */
export function emissivityOf(profile: Pick<Profile, 'name'>, options: ProfileOptions): number {
  const text = options.emissivity;
  if (text === undefined) throw new RangeError(texts.missingOption(profile.name, 'set-emissivity', 'emissivity'));
  const [, whole = '', fraction = ''] = /^([01])(?:\.(\d{1,4}))?$/.exec(text) ?? [];
  const value = whole === '' ? 0 : Number(whole) * 10_000 + Number(fraction.padEnd(4, '0'));
  if (value < limits.perTenThousandMin || value > limits.perTenThousandMax) {
    throw new RangeError(texts.notFraction('emissivity', text, '0.1', '1.1'));
  }
  return value;
}
