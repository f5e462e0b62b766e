// The 12 hex digits that every EM4100 reader sends: five bytes of the card and the XOR of them. Bytes 1 to 4 are the number
// printed as 10 digits on most tokens. Called by the drivers of such readers.
import { hexDigit } from '../bytes.ts';
import type { Decoder, DeviceEvent, Profile } from '../driver.ts';
import { checkedOptions, oneOf } from '../options.ts';

export const digitCount = 12;
export type PrintedForm = 'dec10' | 'none';

/** The profile of one such reader; `decoderOf` makes its decoder. */
export function em4100Profile(name: string, decoderOf: (printed: PrintedForm) => Decoder): Profile {
  const profile: Profile = {
    name,
    role: 'reader',
    baudRate: 9_600,
    modes: [],
    sites: [],
    poll: null,
    // A frame takes 17 ms at 9600; USB adapters add up to 16 ms.
    idleMs: 60,
    // Frames of a lying card come each 50-65 ms; 300 ms without one means it is gone (arduino12/rdm6300).
    repeatMs: 300,
    commands: {},
    options: { printed: 'dec10 (default): bytes 1-4 as 10 digits, the number on most tokens; none: only the raw uid' },
    decoder: (options) => {
      checkedOptions(profile, options);
      return decoderOf(oneOf(profile, options, 'printed', ['dec10', 'none'], 'dec10'));
    },
  };
  return profile;
}

/** The card in 12 hex digits of either case, null when the XOR does not fit or a byte is no digit. */
export function tapOfDigits(digits: Uint8Array, printed: PrintedForm): DeviceEvent | null {
  const card = new Uint8Array(digitCount / 2);
  for (let index = 0; index < card.length; index += 1) {
    const high = hexDigit(digits[index * 2] ?? 0);
    const low = hexDigit(digits[index * 2 + 1] ?? 0);
    if (high < 0 || low < 0) return null;
    card[index] = high * 16 + low;
  }
  if (card.reduce((xor, byte) => xor ^ byte, 0) !== 0) return null;
  const uid = card.subarray(0, 5);
  const number = uid.subarray(1).reduce((value, byte) => value * 256 + byte, 0);
  return {
    kind: 'tap',
    uid: Buffer.from(uid).toString('hex').toUpperCase(),
    printed: printed === 'dec10' ? String(number).padStart(10, '0') : null,
  };
}
