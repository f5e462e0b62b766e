// Chinese readers of Mifare and EM cards in one: STX, length, kind of card, five bytes, XOR, ETX, all binary. Source:
// neweggbusiness.com 9b-0yh-046v-00015. How they lay a Mifare uid into the five bytes is not known: all five are the uid.
import { createFramer, type Judgement } from '../../framer.ts';
import type { Profile } from '../driver.ts';
import { checkedOptions } from '../options.ts';
import { type Printed, printedChoice, printedOption, tapOf } from './printed.ts';

const frameBytes = 10;
const kinds: Readonly<Record<number, string>> = { 1: 'Mifare', 2: 'EM4100' };
const more: Judgement = { is: 'more' };
const noise: Judgement = { is: 'bad', reason: 'noise', span: 1 };

export const cnMultiReader: Profile = {
  name: 'cn-multi-reader',
  role: 'reader',
  baudRate: 9_600,
  modes: [],
  sites: [],
  poll: null,
  idleMs: 60,
  repeatMs: 300,
  commands: {},
  options: { printed: `${printedOption('dec10')}; for Mifare cards only where it is named` },
  decoder: (options) => {
    checkedOptions(cnMultiReader, options);
    const printed = printedChoice(cnMultiReader, options, 'dec10');
    const rules = { EM4100: printed, Mifare: options.printed === undefined ? 'none' : printed } as const;
    return createFramer({ frameBytesMax: frameBytes, slackBytes: 0, judge: (bytes) => judge(bytes, rules) });
  },
};

function judge(bytes: Uint8Array, rules: Readonly<Record<string, Printed>>): Judgement {
  const [stx, length, kind, ...rest] = bytes;
  if (stx !== 0x02 || (length !== undefined && length !== frameBytes)) return noise;
  const cardType = kind === undefined ? undefined : kinds[kind];
  if (kind !== undefined && cardType === undefined) return noise;
  if (bytes.length < frameBytes) return more;
  if (rest[6] !== 0x03) return { is: 'bad', reason: 'length', span: frameBytes };
  // XOR over length .. the check itself.
  const xor = bytes.subarray(1, 9).reduce((sum, byte) => sum ^ byte, 0);
  if (xor !== 0) return { is: 'bad', reason: 'checksum', span: frameBytes };
  const uid = bytes.subarray(3, 8);
  const tap = tapOf(uid, rules[cardType ?? ''] ?? 'none');
  const also = {
    cardType: cardType ?? '',
    ...(cardType === 'EM4100' ? { batch: uid[0] ?? 0 } : {}),
    ...(tap.printed === null ? {} : { printed: tap.printed }),
  };
  return { is: 'frame', length: frameBytes, event: { ...tap, also } };
}
