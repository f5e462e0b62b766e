// Raytek / Fluke MI, MID, CM and MI3 heads: ASCII, half duplex. '?X<CR>' asks, '!Xv<CR><LF>' answers, '*Syntax error' refuses, '#XI'
// tells a restart; three digits in front on a multidrop line. Sources: manualshive raycmltjm p.43, azmanual.top 197745 p.76,
// easymanua.ls MI3 p.116-126. No checksum: held to limits and marked `unchecked`. What an answer says is raytek-answer.ts.
import { createFramer, type Judgement } from '../../framer.ts';
import type { Decoder, Profile, ProfileOptions } from '../driver.ts';
import { checkedOptions, oneOf, wholeNumber } from '../options.ts';
import { declaredRange, rangeOptions } from './declared-range.ts';
import { emissivityOf, emissivityOption } from './emissivity.ts';
import { eventOfAnswer, type RaytekReads } from './raytek-answer.ts';

export const limits = { answerBytes: 32 } as const;

const defaults = { minC: '-40', maxC: '150' } as const;
const addressDigits = 3;
const starts = new Set(['!', '*', '#'].map((sign) => sign.charCodeAt(0)));
const more: Judgement = { is: 'more' };
const noise: Judgement = { is: 'bad', reason: 'noise', span: 1 };

const ask = (name: string) => (options: ProfileOptions) => text(options, `?${name}`);

export const raytekAscii: Profile = {
  name: 'raytek-ascii',
  role: 'thermometer',
  baudRate: 9_600,
  modes: ['object'],
  sites: ['forehead', 'wrist', 'neck'],
  poll: { command: 'read-target', everyMs: 300, timeoutMs: 200 },
  idleMs: 50,
  repeatMs: 0,
  commands: {
    'read-target': ask('T'),
    'read-head': ask('I'),
    'read-emissivity': ask('E'),
    'read-unit': ask('U'),
    'read-serial': ask('XV'),
    'read-range-max': ask('XH'),
    'read-range-min': ask('XB'),
    'set-emissivity': (options) => {
      const sign = oneOf(raytekAscii, options, 'store', ['true', 'false'], 'true') === 'true' ? '=' : '#';
      const digits = String(emissivityOf(raytekAscii, options, 3)).padStart(4, '0');
      return text(options, `E${sign}${digits.slice(0, -3)}.${digits.slice(-3)}`);
    },
    'poll-mode': (options) => text(options, 'V=P'),
    'burst-mode': (options) => text(options, 'V=B'),
  },
  options: {
    unit: 'C (default) or F: what the head is set to (read-unit tells)',
    address: 'its number on a multidrop line, 1 to 999; none for a head alone',
    store: 'for set-emissivity: true (default) keeps it over a power cut, false does not',
    ...emissivityOption,
    ...rangeOptions(defaults.minC, defaults.maxC),
  },
  decoder: (options) => createRaytekDecoder(readOptions(checkedOptions(raytekAscii, options))),
};

const addressOf = (options: ProfileOptions): number | null =>
  options.address === undefined ? null : wholeNumber(raytekAscii, options, 'address', 1, 999, 1);

function text(options: ProfileOptions, command: string): Uint8Array {
  const address = addressOf(options);
  const prefix = address === null ? '' : String(address).padStart(addressDigits, '0');
  return Uint8Array.from(Buffer.from(`${prefix}${command}\r`, 'latin1'));
}

function readOptions(options: ProfileOptions): RaytekReads {
  return {
    unit: oneOf(raytekAscii, options, 'unit', ['C', 'F'], 'C'),
    address: addressOf(options),
    range: declaredRange(options, defaults),
    isAsked: false,
  };
}

function createRaytekDecoder(options: RaytekReads): Decoder {
  let isAsked = false;
  const framer = createFramer({
    frameBytesMax: limits.answerBytes,
    // The LF behind the CR.
    slackBytes: 1,
    judge: (bytes) => judge(bytes, { ...options, isAsked }),
  });
  return {
    ...framer,
    asked: () => {
      isAsked = true;
    },
  };
}

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;

/** A line begins with its sign or with three digits and the sign, and ends with a CR or LF; a sign inside begins a new one. */
function judge(bytes: Uint8Array, reads: RaytekReads): Judgement {
  const [first = 0] = bytes;
  const signAt = starts.has(first) ? 0 : addressDigits;
  for (let at = 0; at < signAt; at += 1) {
    const byte = bytes[at];
    if (byte === undefined) return more;
    if (!isDigit(byte)) return noise;
  }
  const sign = bytes[signAt];
  if (sign === undefined) return more;
  if (!starts.has(sign)) return noise;
  for (let at = signAt + 1; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x0d || byte === 0x0a) {
      const line = Buffer.from(bytes.subarray(0, at)).toString('latin1');
      const event = eventOfAnswer(line, reads);
      return event === null ? { is: 'bad', reason: 'format', span: at + 1 } : { is: 'frame', length: at + 1, event };
    }
    if (byte < 0x20 || byte > 0x7e) return { is: 'bad', reason: 'noise', span: at };
    // Gone as a whole: its last digits are an address of the next only where it had one itself.
    if (starts.has(byte)) {
      return { is: 'frame', length: at - signAt, event: { kind: 'rejected', reason: 'truncated' } };
    }
  }
  return bytes.length < limits.answerBytes ? more : { is: 'bad', reason: 'overflow', span: bytes.length };
}
