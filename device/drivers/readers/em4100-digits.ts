// The 12 hex digits that every EM4100 reader sends: five bytes of the card and the XOR of them. Bytes 1 to 4 are the number
// printed as 10 digits on most tokens. Called by the drivers of such readers.
import { hexDigit } from '../bytes.ts';
import type { Decoder, DeviceEvent, Profile } from '../driver.ts';
import { checkedOptions } from '../options.ts';
import { type Printed, printedChoice, printedOption, tapOf, uncheckedTap } from './printed.ts';

export const digitCount = 12;
const uidDigits = 10;

/** The profile of one such reader; `decoderOf` makes its decoder. */
export function em4100Profile(name: string, decoderOf: (printed: Printed) => Decoder, baudRate = 9_600): Profile {
  const profile: Profile = {
    name,
    role: 'reader',
    baudRate,
    modes: [],
    sites: [],
    poll: null,
    // A frame takes 17 ms at 9600, 50 at 2400; USB adapters add up to 16 ms.
    idleMs: Math.round(60 * Math.max(1, 9_600 / baudRate)),
    // Frames of a lying card come each 50-65 ms; 300 ms without one means it is gone (arduino12/rdm6300).
    repeatMs: 300,
    commands: {},
    options: { printed: printedOption('dec10') },
    decoder: (options) => {
      checkedOptions(profile, options);
      return decoderOf(printedChoice(profile, options, 'dec10'));
    },
  };
  return profile;
}

/** The card in 12 hex digits of either case, null when the XOR does not fit or a byte is no digit. */
export function tapOfDigits(digits: Uint8Array, printed: Printed): DeviceEvent | null {
  const card = bytesOfDigits(digits.subarray(0, digitCount));
  if (card === null || card.reduce((xor, byte) => xor ^ byte, 0) !== 0) return null;
  return tapOf(card.subarray(0, uidDigits / 2), printed);
}

/** The card in 10 hex digits with nothing to check them by; null when a byte is no digit. */
export function tapOfBareDigits(digits: Uint8Array, printed: Printed): DeviceEvent | null {
  const uid = bytesOfDigits(digits.subarray(0, uidDigits));
  return uid === null ? null : uncheckedTap(tapOf(uid, printed));
}

function bytesOfDigits(digits: Uint8Array): Uint8Array | null {
  const bytes = new Uint8Array(digits.length / 2);
  for (let index = 0; index < bytes.length; index += 1) {
    const high = hexDigit(digits[index * 2] ?? 0);
    const low = hexDigit(digits[index * 2 + 1] ?? 0);
    if (high < 0 || low < 0) return null;
    bytes[index] = high * 16 + low;
  }
  return bytes;
}
