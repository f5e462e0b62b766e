// A card of an OSDP reader with the number printed on it, by the declared conversion; what no card book could hold is refused.
// Called by the profile and the bridge.
import { isConversion, printedOf } from '../../../src/domain/card-number.ts';
import type { DeviceEvent, ProfileOptions } from '../driver.ts';

/** A card's uid in an entry has 20 bytes at most, its printed number 40 characters of these. */
export const limits = { uidBytes: 20 } as const;
const printable = /^[0-9A-Za-z,:-]{1,40}$/;

type Tap = Extract<DeviceEvent, { kind: 'tap' }>;

/** `options.printed`: one of the conversions or 'none'; a card that tells its text itself keeps that. */
export function osdpTap(tap: Tap, options: ProfileOptions): DeviceEvent {
  const { uid, printed } = tap;
  if (uid !== null && uid.length > limits.uidBytes * 2) return { kind: 'rejected', reason: 'length', alive: true };
  if (printed !== null && !printable.test(printed)) return { kind: 'rejected', reason: 'format', alive: true };
  const conversion = options.printed ?? 'none';
  if (uid === null || !isConversion(conversion)) return tap;
  return { ...tap, printed: printedOf(Buffer.from(uid, 'hex'), conversion) };
}
