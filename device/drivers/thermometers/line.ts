// A thermometer that sends one line of text a value and that no driver knows: the installer gives the pattern, the unit,
// the limits and the words for an error. Without a checksum every reading is marked `unchecked`.
import { centiOfText, type Unit } from '../decimal.ts';
import type { Decoder, DeviceEvent, Profile, ProfileOptions } from '../driver.ts';
import { checkedOptions, oneOf } from '../options.ts';
import { type BoundedLine, createBoundedLines } from './bounded-lines.ts';
import { type DeclaredRange, declaredRange, isWithin, rangeOptions } from './declared-range.ts';
import { type Capture, safePattern } from './safe-pattern.ts';

export const limits = { lineBytes: 256, errorWords: 32, errorWordChars: 64 } as const;

const defaults = {
  // The whole line is the number, with an optional unit sign behind it. Without a fraction it would be found in any noise.
  pattern: '^\\s*([+-]?\\d{1,3}[.,]\\d{1,4})\\s*[CF]?\\s*$',
  minC: '-40',
  maxC: '150',
  errors: 'err,fail,nan',
} as const;

export const line: Profile = {
  name: 'line',
  role: 'thermometer',
  baudRate: 9_600,
  modes: ['object', 'forehead', 'wrist', 'contact'],
  sites: ['forehead', 'wrist', 'neck', 'ear', 'axillary', 'oral'],
  poll: null,
  // Long enough for a line that a slow device sends in pieces.
  idleMs: 500,
  repeatMs: 0,
  commands: {},
  options: {
    pattern: 'regular expression with one capture group around the number',
    unit: 'C (default) or F',
    ...rangeOptions(defaults.minC, defaults.maxC),
    errors: 'words, separated by commas or |, that mean an error (default err,fail,nan; case does not matter)',
    value: 'object (default) or body: what the number is',
  },
  decoder: (options) => createLineDecoder(readOptions(checkedOptions(line, options))),
};

type LineOptions = {
  capture(text: string): Capture;
  unit: Unit;
  range: DeclaredRange;
  errors: readonly string[];
  value: 'object' | 'body';
};

function readOptions(options: ProfileOptions): LineOptions {
  return {
    capture: safePattern(options.pattern ?? defaults.pattern, limits.lineBytes),
    unit: oneOf(line, options, 'unit', ['C', 'F'], 'C'),
    range: declaredRange(options, defaults),
    errors: (options.errors ?? defaults.errors)
      .split(/[,|]/)
      .map((word) => word.trim().toLowerCase())
      .filter((word) => word.length > 0 && word.length <= limits.errorWordChars)
      .slice(0, limits.errorWords),
    value: oneOf(line, options, 'value', ['object', 'body'], 'object'),
  };
}

function createLineDecoder(options: LineOptions): Decoder {
  const lines = createBoundedLines(limits.lineBytes);
  /** Characters of the last line that was a reading. */
  let usual = 0;
  const taken = ({ text, isTorn }: BoundedLine): DeviceEvent => {
    const whole = eventOf(text, options);
    // Its first character may be the damaged end of the line before: then the rest is the value, of the same length as the last.
    const isDoubtful = isTorn && (isForeign(whole) || text?.length === usual + 1);
    const behind = isDoubtful && text !== null ? eventOf(text.slice(1), options) : whole;
    const isBehind = behind.kind === 'reading';
    if (isBehind || whole.kind === 'reading') usual = (text?.length ?? 0) - (isDoubtful && isBehind ? 1 : 0);
    return isBehind ? behind : whole;
  };
  return {
    push: (bytes) => lines.push(bytes).map(taken),
    idle: () => (lines.reset() ? [{ kind: 'rejected', reason: 'truncated' }] : []),
    held: lines.held,
  };
}

/** No line of this device as it stands. */
const isForeign = (event: DeviceEvent) =>
  event.kind === 'rejected' && (event.reason === 'pattern' || event.reason === 'noise');
const rejected = (reason: string): DeviceEvent => ({ kind: 'rejected', reason });
/** Degree signs in latin1, UTF-8 and GBK, seen as latin1: with printable ASCII and tabs all that an honest line holds. */
const degreeSigns = /\xb0|\xc2\xb0|\xe2\x84\x83|\xa1\xe3|\xa1\xe6/g;
const printable = /^[\t -~]*$/;
const isClean = (text: string) => printable.test(text.replace(degreeSigns, ' '));

function eventOf(text: string | null, options: LineOptions): DeviceEvent {
  if (text === null) return rejected('overflow');
  const lower = text.toLowerCase();
  if (options.errors.some((word) => lower.includes(word))) return rejected('error-word');
  if (!isClean(text)) return rejected('noise');
  const capture = options.capture(text);
  // A number that goes on outside the captured text would be another number.
  if (capture === null || /[-+.,\d]|[^\x20-\x7e]/.test(capture.before) || /^(?:\d|[.,]\d)/.test(capture.after)) {
    return rejected('pattern');
  }
  const centi = centiOfText(capture.text, options.unit);
  if (centi === null) return rejected('pattern');
  if (!isWithin(centi, options.range)) return rejected('out-of-range');
  const isBody = options.value === 'body';
  return {
    kind: 'reading',
    objectCenti: isBody ? null : centi,
    ambientCenti: null,
    bodyCenti: isBody ? centi : null,
    unchecked: true,
  };
}
