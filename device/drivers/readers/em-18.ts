// EM-18 readers: 12 hex digits with nothing around them (cparkb2c.in em-18). The XOR of six bytes stays right when whole bytes
// rotate, so moving on by one digit after a bad number would make another card out of the same bytes. Therefore a number counts
// where a run of digits begins or directly behind a good number; once one was bad, only the last 12 digits before the run ends.
import { hexDigit } from '../bytes.ts';
import type { Decoder, DeviceEvent } from '../driver.ts';
import { digitCount, em4100Profile, tapOfDigits } from './em4100-digits.ts';
import type { Printed } from './printed.ts';

export const em18 = em4100Profile('em-18', createDecoder);

function createDecoder(printed: Printed): Decoder {
  /** The newest digits of the present run, at most 12. */
  const digits = new Uint8Array(digitCount);
  let count = 0;
  /** A number of this run was bad: where the next one begins is not known. */
  let isAstray = false;
  /** Digits came since the run went astray. */
  let isNewSince = false;
  /** It was said already that what comes is no number; a good one ends that. */
  let isReported = false;

  const take = (byte: number, events: DeviceEvent[]) => {
    if (count === digitCount) {
      digits.copyWithin(0, 1);
      count -= 1;
    }
    digits[count] = byte;
    count += 1;
    isNewSince = isAstray;
    if (count < digitCount || isAstray) return;
    const tap = tapOfDigits(digits, printed);
    if (tap) count = 0;
    else isAstray = true;
    isReported = tap === null;
    events.push(tap ?? { kind: 'rejected', reason: 'checksum' });
  };

  /** `cut`: why a run that is too short is refused. */
  const endRun = (cut: string, events: DeviceEvent[]) => {
    const tap = isAstray && isNewSince ? tapOfDigits(digits, printed) : null;
    if (tap) {
      events.push(tap);
      isReported = false;
    } else if (!isAstray && count > 0) report(cut, events);
    count = 0;
    isAstray = false;
    isNewSince = false;
  };

  const report = (reason: string, events: DeviceEvent[]) => {
    if (!isReported) events.push({ kind: 'rejected', reason });
    isReported = true;
  };

  return {
    push(bytes) {
      const events: DeviceEvent[] = [];
      for (const byte of bytes) {
        if (hexDigit(byte) >= 0) take(byte, events);
        else {
          endRun('length', events);
          report('noise', events);
        }
      }
      return events;
    },
    idle() {
      const events: DeviceEvent[] = [];
      endRun('truncated', events);
      isReported = false;
      return events;
    },
    held: () => count,
  };
}
