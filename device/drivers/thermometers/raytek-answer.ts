// What one line of a Raytek head says, without its line end. Called by the raytek-ascii driver.
import { centiOfText, type Unit } from '../decimal.ts';
import type { Decimal, DeviceEvent, Says } from '../driver.ts';
import { type DeclaredRange, isWithin } from './declared-range.ts';

export type RaytekReads = {
  unit: Unit;
  /** The head's number on a multidrop line; null = any while nothing was asked, none once something was. */
  address: number | null;
  range: DeclaredRange;
  /** The target temperature was asked for: nothing else is a value, from nobody else. */
  isAsked: boolean;
};

const answer = /^(\d{3})?!(?:\d(?=[A-Z]))?(X[A-Z]|[A-Z])=?([ -~]{1,12})$/;
const degrees = /^[+-]?\d{1,4}\.\d{1,2}$/;
const fraction = /^\d\.\d{1,4}$/;
const reject = (reason: string): DeviceEvent => ({ kind: 'rejected', reason });

/** Null for a line that is none of theirs. */
export function eventOfAnswer(line: string, reads: RaytekReads): DeviceEvent | null {
  if (/^(?:\d{3})?\*Syntax error$/i.test(line)) return { kind: 'ack', says: { error: 'command rejected' } };
  if (/^(?:\d{3})?#XI$/.test(line)) return { kind: 'ack', says: { notice: 'restarted' } };
  const [, digits, name = '', value = ''] = answer.exec(line) ?? [];
  if (name === '') return null;
  const address = digits === undefined ? null : Number(digits);
  const isTheirs = address === reads.address || (reads.address === null && !reads.isAsked);
  if (!isTheirs) return reject('address');
  const from: Says = address === null ? {} : { address };
  if (name === 'T' || name === 'I') {
    if (!degrees.test(value)) return null;
    return reads.isAsked && name === 'I' ? reject('not-asked') : readingOf(name, value, reads, from);
  }
  if (!Object.hasOwn(settings, name)) return reject('unknown-setting');
  const says = settings[name]?.(value) ?? null;
  return says === null ? null : { kind: 'setting', says: { ...from, ...says } };
}

function readingOf(name: 'T' | 'I', value: string, { unit, range }: RaytekReads, from: Says): DeviceEvent | null {
  const centi = centiOfText(value, unit);
  if (centi === null) return null;
  if (!isWithin(centi, range)) return { kind: 'rejected', reason: 'out-of-range', alive: name === 'T' };
  const isTarget = name === 'T';
  return {
    kind: 'reading',
    objectCenti: isTarget ? centi : null,
    ambientCenti: isTarget ? null : centi,
    bodyCenti: null,
    unchecked: true,
    ...(Object.keys(from).length === 0 ? {} : { also: from }),
  };
}

const settings: Readonly<Record<string, (value: string) => Says | null>> = {
  E: (value) => (fraction.test(value) ? { emissivity: decimalOf(value) } : null),
  XH: (value) => (degrees.test(value) ? { range_max: decimalOf(value) } : null),
  XB: (value) => (degrees.test(value) ? { range_min: decimalOf(value) } : null),
  XV: (value) => (/^[0-9A-Za-z]{4,}$/.test(value) ? { serial: value } : null),
  U: (value) => (value === 'C' || value === 'F' ? { unit: value } : null),
};

/** '-040.0' -> -400 and 1 decimal; the text is a decimal already. */
function decimalOf(text: string): Decimal {
  const decimals = text.length - 1 - text.indexOf('.');
  return { digits: Number(text.replace('.', '')), decimals };
}
