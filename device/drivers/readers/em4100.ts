// Serial readers of 125 kHz EM4100 cards: RDM6300 (STX .. ETX), ID-12LA/20LA (STX .. CR LF ETX), EM-18 (bare characters).
// All send 10 hex digits of the card and 2 of the XOR of its five bytes. Sources: forum.arduino.cc/t/251993, the SparkFun
// kit-13198 manual, cparkb2c.in em-18. Bytes 1 to 4 are the number printed as 10 digits on the token.
import { createFramer, type Judgement } from '../../framer.ts';
import { hexDigit } from '../bytes.ts';
import type { Decoder, DeviceEvent, Profile, ProfileOptions } from '../driver.ts';
import { checkedOptions, oneOf } from '../options.ts';

const stx = 0x02;
const digits = 12;
const more: Judgement = { is: 'more' };
const noise: Judgement = { is: 'bad', reason: 'noise', span: 1 };

/** Bytes before and after the 12 digits. */
type Envelope = { head: readonly number[]; tail: readonly number[] };

export const rdm6300 = readerOf('rdm6300', { head: [stx], tail: [0x03] });
export const id12la = readerOf('id-12la', { head: [stx], tail: [0x0d, 0x0a, 0x03] });
export const em18 = readerOf('em-18', { head: [], tail: [] });

function readerOf(name: string, envelope: Envelope): Profile {
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
    decoder: (options): Decoder => {
      checkedOptions(profile, options);
      const printed = printedForm(profile, options);
      return createFramer({
        frameBytesMax: envelope.head.length + digits + envelope.tail.length,
        slackBytes: 0,
        judge: (bytes) => judge(bytes, envelope, printed),
      });
    },
  };
  return profile;
}

type PrintedForm = 'dec10' | 'none';

const printedForm = (profile: Profile, options: ProfileOptions): PrintedForm =>
  oneOf(profile, options, 'printed', ['dec10', 'none'], 'dec10');

function judge(bytes: Uint8Array, { head, tail }: Envelope, printed: PrintedForm): Judgement {
  const length = head.length + digits + tail.length;
  const first = bytes[0];
  if (first === undefined) return more;
  if (head.length > 0 ? first !== head[0] : hexDigit(first) < 0) return noise;
  for (let at = head.length; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    const inDigits = at < head.length + digits;
    if (inDigits ? hexDigit(byte) >= 0 : byte === tail[at - head.length - digits]) continue;
    // A new start inside a frame means the old one was cut short.
    const isCut = byte === stx || !inDigits || head.length === 0;
    return { is: 'bad', reason: isCut ? 'length' : 'digit', span: at };
  }
  if (bytes.length < length) return more;
  const card = new Uint8Array(6);
  for (let index = 0; index < card.length; index += 1) {
    const at = head.length + index * 2;
    card[index] = hexDigit(bytes[at] ?? 0) * 16 + hexDigit(bytes[at + 1] ?? 0);
  }
  if (card.reduce((xor, byte) => xor ^ byte, 0) !== 0) return { is: 'bad', reason: 'checksum', span: length };
  return { is: 'frame', length, event: tapOf(card.subarray(0, 5), printed) };
}

function tapOf(card: Uint8Array, printed: PrintedForm): DeviceEvent {
  const uid = [...card]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
  const number = [...card.subarray(1)].reduce((value, byte) => value * 256 + byte, 0);
  return { kind: 'tap', uid, printed: printed === 'dec10' ? String(number).padStart(10, '0') : null };
}
