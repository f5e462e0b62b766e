// The Bluetooth Health Thermometer measurement (characteristic 2A1C), as bytes that somebody else received: a decoder only.
// Flags (1 Fahrenheit, 2 time, 4 type), FLOAT little endian (24 bit mantissa, 8 bit exponent), 7 bytes of time, 1 of type. Source:
// four captured readings on Stack Overflow 54834439. The radio's own CRC is gone by now: held to limits and marked `unchecked`.
import { createFramer, type Judgement } from '../../framer.ts';
import { divideHalfUp } from '../decimal.ts';
import type { Profile, Says } from '../driver.ts';
import { checkedOptions } from '../options.ts';
import { type DeclaredRange, declaredRange, isWithin, rangeOptions } from './declared-range.ts';

const defaults = { minC: '0', maxC: '60' } as const;
const flag = { fahrenheit: 1, time: 2, type: 4, known: 7 } as const;
const floatBytes = 5;
const timeBytes = 7;
const frameBytesMax = floatBytes + timeBytes + 1;
/** Armpit, body, ear, finger, gut, mouth, rectum, toe, eardrum. */
const typeMax = 9;
/** Captures have -1 and -2. A bare value has nothing else that tells it from noise: it is held to those and whole degrees. */
const exponents = { min: -3, bareMin: -2, max: 0 } as const;
/** Mantissas that mean 'no number', with exponent 0: NaN, not at this resolution, both infinities, reserved. */
const noNumbers = new Set([0x7fffff, -0x800000, 0x7ffffe, -0x7ffffe, -0x7fffff]);
const more: Judgement = { is: 'more' };
const noise: Judgement = { is: 'bad', reason: 'noise', span: 1 };

export const bleThermometer: Profile = {
  name: 'ble-thermometer',
  role: 'thermometer',
  // No serial line of its own: for a bridge that hands its bytes on.
  baudRate: 115_200,
  modes: ['contact'],
  sites: ['axillary', 'ear', 'oral', 'forehead'],
  poll: null,
  idleMs: 50,
  repeatMs: 0,
  commands: {},
  options: rangeOptions(defaults.minC, defaults.maxC),
  decoder: (options) => {
    checkedOptions(bleThermometer, options);
    const range = declaredRange(options, defaults);
    return createFramer({ frameBytesMax, slackBytes: 0, judge: (bytes) => judge(bytes, range) });
  },
};

function judge(bytes: Uint8Array, range: DeclaredRange): Judgement {
  const [flags = 0] = bytes;
  if (flags > flag.known) return noise;
  const timeAt = floatBytes;
  const typeAt = timeAt + (flags & flag.time ? timeBytes : 0);
  const length = typeAt + (flags & flag.type ? 1 : 0);
  if (bytes.length < floatBytes) return more;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const mantissa = (view.getInt8(3) << 16) | view.getUint16(1, true);
  const exponent = view.getInt8(4);
  const isNoNumber = exponent === 0 && noNumbers.has(mantissa);
  const centi =
    !isNoNumber && isWritten(exponent, length) ? centiOf(mantissa, exponent, (flags & flag.fahrenheit) !== 0) : null;
  // No reason of its own: any byte up to 7 looks like flags.
  if (!isNoNumber && (centi === null || !isWithin(centi, range))) return noise;
  if (bytes.length < length) return more;
  const timestamp = flags & flag.time ? timeOf(view, timeAt) : '';
  const type = flags & flag.type ? view.getUint8(typeAt) : null;
  if (timestamp === null || (type !== null && (type < 1 || type > typeMax))) return noise;
  if (centi === null) return { is: 'frame', length, event: { kind: 'rejected', reason: 'no-number', alive: true } };
  const also: Says = { ...(timestamp === '' ? {} : { timestamp }), ...(type === null ? {} : { type }) };
  return {
    is: 'frame',
    length,
    event: { kind: 'reading', objectCenti: null, ambientCenti: null, bodyCenti: centi, unchecked: true, also },
  };
}

const isWritten = (exponent: number, length: number) =>
  exponent >= (length > floatBytes ? exponents.min : exponents.bareMin) && exponent <= exponents.max;

/** Hundredths of a degree Celsius, rounded half up. */
function centiOf(mantissa: number, exponent: number, isFahrenheit: boolean): number {
  // In thousandths: below 2^23 * 10^3, a safe integer, five times as well.
  const thousandths = mantissa * 10 ** (exponent + 3);
  return isFahrenheit ? divideHalfUp((thousandths - 32_000) * 5, 90) : divideHalfUp(thousandths, 10);
}

/** ISO text without a zone, as the thermometer's own clock had it; empty when it says that it does not know, null for no time. */
function timeOf(view: DataView, at: number): string | null {
  const [year, month, day] = [view.getUint16(at, true), view.getUint8(at + 2), view.getUint8(at + 3)];
  const [hour, minute, second] = [view.getUint8(at + 4), view.getUint8(at + 5), view.getUint8(at + 6)];
  if (month > 12 || day > 31 || hour > 23 || minute > 59 || second > 59) return null;
  if (year === 0 || month === 0 || day === 0) return '';
  if (year < 1582 || year > 9999) return null;
  const two = (value: number) => String(value).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
}
