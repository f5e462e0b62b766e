// ISO 14443 readers that send the card's bytes as hex digits between delimiters, in whatever order and with whatever around
// them (Promag MF7xx, ACG, MD-150M, rf IDEAS: no two agree): the installer says how. Nothing checks the digits.
import { uidOfHex } from '../../../src/domain/card-number.ts';
import type { Decoder, DeviceEvent, Profile, ProfileOptions } from '../driver.ts';
import { checkedOptions, oneOf, wholeNumber } from '../options.ts';
import { texts } from '../texts.ts';
import { createTornEnds } from '../torn-ends.ts';
import { type Printed, printedChoice, printedOption, tapOf, uncheckedTap } from './printed.ts';

export const limits = { lineBytes: 64, delimiters: 8, stripChars: 16, digitsMin: 6, digitsMax: 20 } as const;

/** ISO 14443 uids are 4, 7 or 10 bytes. A uid cut short in between is nobody's card. */
const uidDigits: readonly number[] = [8, 14, 20];

const defaults = { delimiters: '0D0A0203', minDigits: 8, maxDigits: 14 } as const;

export const hexLine: Profile = {
  name: 'hex-line',
  role: 'reader',
  baudRate: 9_600,
  modes: [],
  sites: [],
  poll: null,
  // A line takes 20 ms at 9600; slow readers pause inside.
  idleMs: 100,
  repeatMs: 300,
  commands: {},
  options: {
    delimiters: `bytes in hex that stand before or behind a number (default ${defaults.delimiters}: CR, LF, STX, ETX)`,
    order: 'forward (default): as sent; reversed: the reader sends the last byte of the uid first',
    case: 'any (default), upper or lower: other letters are refused',
    minDigits: `fewest hex digits (default ${defaults.minDigits}, four bytes)`,
    maxDigits: `most hex digits (default ${defaults.maxDigits}, seven bytes); between the two only 8, 14 and 20 count`,
    strip: 'characters that stand before each number and do not belong to it, such as ME',
    printed: printedOption('none'),
  },
  decoder: (options) => createDecoder(readOptions(checkedOptions(hexLine, options))),
};

type Rules = {
  delimiters: ReadonlySet<number>;
  digits: RegExp;
  lengths: ReadonlySet<number>;
  isReversed: boolean;
  strip: string;
  printed: Printed;
};

const digitClass = { any: '0-9A-Fa-f', upper: '0-9A-F', lower: '0-9a-f' } as const;

function readOptions(options: ProfileOptions): Rules {
  const hex = options.delimiters ?? defaults.delimiters;
  if (!/^(?:[0-9A-Fa-f]{2})+$/.test(hex) || hex.length > limits.delimiters * 2) {
    throw new RangeError(texts.delimiters(hex, limits.delimiters));
  }
  const digitsOf = (option: 'minDigits' | 'maxDigits') =>
    wholeNumber(hexLine, options, option, limits.digitsMin, limits.digitsMax, defaults[option]);
  const minDigits = digitsOf('minDigits');
  const maxDigits = digitsOf('maxDigits');
  if (minDigits > maxDigits) throw new RangeError(texts.digitsReversed(minDigits, maxDigits));
  const strip = options.strip ?? '';
  if (!/^[ -~]*$/.test(strip) || strip.length > limits.stripChars) {
    throw new RangeError(texts.strip(strip, limits.stripChars));
  }
  const letters = digitClass[oneOf(hexLine, options, 'case', ['any', 'upper', 'lower'], 'any')];
  return {
    delimiters: new Set(Buffer.from(hex, 'hex')),
    digits: new RegExp(`^[${letters}]+$`),
    lengths: new Set([minDigits, maxDigits, ...uidDigits.filter((count) => count > minDigits && count < maxDigits)]),
    isReversed: oneOf(hexLine, options, 'order', ['forward', 'reversed'], 'forward') === 'reversed',
    strip,
    printed: printedChoice(hexLine, options, 'none'),
  };
}

const overflow: DeviceEvent = { kind: 'rejected', reason: 'overflow' };

function createDecoder(rules: Rules): Decoder {
  const line = new Uint8Array(limits.lineBytes);
  let length = 0;
  let isOverlong = false;
  /** It was said already that what comes is no number; a good one or a silence ends that. */
  let isReported = false;
  const ends = createTornEnds();
  let isTorn = false;

  const endLine = (events: DeviceEvent[]) => {
    if (length > 0) {
      const text = Buffer.from(line.subarray(0, length)).toString('latin1');
      const event = isOverlong ? overflow : takenOf(text);
      if (event.kind === 'tap' || !isReported) events.push(event);
      isReported = event.kind !== 'tap';
    }
    length = 0;
    isOverlong = false;
  };

  /** Behind an end that lacks a byte the first character may be that byte, damaged: a card is then what stands behind it. */
  const takenOf = (text: string): DeviceEvent => {
    const event = eventOf(text, rules);
    if (event.kind === 'tap' || !isTorn) return event;
    const behind = eventOf(text.slice(1), rules);
    return behind.kind === 'tap' ? behind : event;
  };

  return {
    push(bytes) {
      const events: DeviceEvent[] = [];
      for (const byte of bytes) {
        if (rules.delimiters.has(byte)) {
          endLine(events);
          ends.end(byte);
        } else if (length < line.length) {
          if (length === 0) isTorn = ends.begin();
          line[length] = byte;
          length += 1;
        } else isOverlong = true;
      }
      return events;
    },
    idle() {
      const isCut = length > 0 && !isReported;
      length = 0;
      isOverlong = false;
      isReported = false;
      return isCut ? [{ kind: 'rejected', reason: 'truncated' }] : [];
    },
    held: () => length,
  };
}

function eventOf(text: string, { digits, lengths, isReversed, strip, printed }: Rules): DeviceEvent {
  const hex = text.slice(strip.length);
  if (!text.startsWith(strip) || !digits.test(hex)) return { kind: 'rejected', reason: 'format' };
  const uid = lengths.has(hex.length) ? uidOfHex(hex) : null;
  if (uid === null) return { kind: 'rejected', reason: 'length' };
  return uncheckedTap(tapOf(isReversed ? uid.reverse() : uid, printed));
}
