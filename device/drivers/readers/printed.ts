// The reader option `printed`: which number of the card is the one on its face. Called by every reader that gives bytes.
import { type Conversion, conversions, printedOf } from '../../../src/domain/card-number.ts';
import type { DeviceEvent, Profile, ProfileOptions, Says } from '../driver.ts';
import { oneOf } from '../options.ts';

export type Printed = Conversion | 'none';

/** The option as a sentence, for a profile whose cards mostly show `fallback`. */
export const printedOption = (fallback: Printed) =>
  `which number is printed on the cards (default ${fallback}): none or ${conversions.join(', ')}; see npm run convert`;

/** Throws a RangeError that lists the conversions for any other word. */
export function printedChoice(profile: Pick<Profile, 'name'>, options: ProfileOptions, fallback: Printed): Printed {
  return oneOf<Printed>(profile, options, 'printed', [...conversions, 'none'], fallback);
}

type Tap = Extract<DeviceEvent, { kind: 'tap' }>;

/** The tap of these bytes; `printed` is null when the conversion needs more of them than there are. */
export function tapOf(uid: Uint8Array, printed: Printed, also?: Says): Tap {
  return {
    kind: 'tap',
    uid: Buffer.from(uid).toString('hex').toUpperCase(),
    printed: printed === 'none' ? null : printedOf(uid, printed),
    ...(also ? { also } : {}),
  };
}

/** The same for a format without a checksum. */
export const uncheckedTap = (tap: Tap): Tap => ({ ...tap, unchecked: true });
