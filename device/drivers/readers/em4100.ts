// Serial readers of 125 kHz EM4100 cards with framed output: RDM6300 (STX .. ETX), ID-12LA/20LA (STX .. CR LF ETX), and two
// that send ten digits without a check: Parallax 28140 (LF .. CR) and one seen in node-serialport#582 (STX .. CR LF ETX).
// Sources: forum.arduino.cc/t/251993, the SparkFun kit-13198 manual, the Parallax 28140 manual v2.1.
import { createFramer, type Judgement } from '../../framer.ts';
import { hexDigit } from '../bytes.ts';
import type { DeviceEvent, Profile } from '../driver.ts';
import { em4100Profile, tapOfBareDigits, tapOfDigits } from './em4100-digits.ts';
import type { Printed } from './printed.ts';

const stx = 0x02;
const more: Judgement = { is: 'more' };
const noise: Judgement = { is: 'bad', reason: 'noise', span: 1 };

type Format = {
  head: number;
  digits: number;
  /** The bytes behind the digits. */
  tail: readonly number[];
  tap(digits: Uint8Array, printed: Printed): DeviceEvent | null;
};

const checked = { head: stx, digits: 12, tap: tapOfDigits };
const bare = { digits: 10, tap: tapOfBareDigits };

export const rdm6300 = framedReader('rdm6300', { ...checked, tail: [0x03] });
export const id12la = framedReader('id-12la', { ...checked, tail: [0x0d, 0x0a, 0x03] });
export const parallax28140 = framedReader('parallax-28140', { ...bare, head: 0x0a, tail: [0x0d] }, 2_400);
export const emNoChecksum = framedReader('em-nochecksum', { ...bare, head: stx, tail: [0x0d, 0x0a, 0x03] });

function framedReader(name: string, format: Format, baudRate?: number): Profile {
  return em4100Profile(
    name,
    (printed) =>
      createFramer({
        frameBytesMax: 1 + format.digits + format.tail.length,
        slackBytes: 0,
        judge: (bytes) => judge(bytes, format, printed),
      }),
    baudRate,
  );
}

function judge(bytes: Uint8Array, { head, digits, tail, tap }: Format, printed: Printed): Judgement {
  const length = 1 + digits + tail.length;
  if (bytes[0] !== head) return noise;
  for (let at = 1; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    const inDigits = at <= digits;
    if (inDigits ? hexDigit(byte) >= 0 : byte === tail[at - 1 - digits]) continue;
    // A start byte with nothing behind it is noise; a new start inside a frame means the old one was cut short.
    if (at === 1) return noise;
    return { is: 'bad', reason: byte === head || !inDigits ? 'length' : 'digit', span: at };
  }
  if (bytes.length < length) return more;
  const event = tap(bytes.subarray(1, 1 + digits), printed);
  return event ? { is: 'frame', length, event } : { is: 'bad', reason: 'checksum', span: length };
}
