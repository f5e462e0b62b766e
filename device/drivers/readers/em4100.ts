// Serial readers of 125 kHz EM4100 cards with framed output: RDM6300 (STX .. ETX) and ID-12LA/20LA (STX .. CR LF ETX).
// Sources: forum.arduino.cc/t/251993, the SparkFun kit-13198 manual. The 12 digits inside are em4100-digits.ts.
import { createFramer, type Judgement } from '../../framer.ts';
import { hexDigit } from '../bytes.ts';
import type { Profile } from '../driver.ts';
import { digitCount, em4100Profile, type PrintedForm, tapOfDigits } from './em4100-digits.ts';

const stx = 0x02;
const more: Judgement = { is: 'more' };
const noise: Judgement = { is: 'bad', reason: 'noise', span: 1 };

export const rdm6300 = framedReader('rdm6300', [0x03]);
export const id12la = framedReader('id-12la', [0x0d, 0x0a, 0x03]);

/** `tail`: the bytes behind the digits. */
function framedReader(name: string, tail: readonly number[]): Profile {
  return em4100Profile(name, (printed) =>
    createFramer({
      frameBytesMax: 1 + digitCount + tail.length,
      slackBytes: 0,
      judge: (bytes) => judge(bytes, tail, printed),
    }),
  );
}

function judge(bytes: Uint8Array, tail: readonly number[], printed: PrintedForm): Judgement {
  const length = 1 + digitCount + tail.length;
  if (bytes[0] !== stx) return noise;
  for (let at = 1; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    const inDigits = at <= digitCount;
    if (inDigits ? hexDigit(byte) >= 0 : byte === tail[at - 1 - digitCount]) continue;
    // A start byte with nothing behind it is noise; a new start inside a frame means the old one was cut short.
    if (at === 1) return noise;
    return { is: 'bad', reason: byte === stx || !inDigits ? 'length' : 'digit', span: at };
  }
  if (bytes.length < length) return more;
  const event = tapOfDigits(bytes.subarray(1, 1 + digitCount), printed);
  return event ? { is: 'frame', length, event } : { is: 'bad', reason: 'checksum', span: length };
}
