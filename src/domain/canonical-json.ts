// Canonical JSON (RFC 8785) of the values an entry may hold. Called by every writer when an entry is born.
import { isWellFormed } from './utf8.ts';

export const limits = { depth: 32 } as const;

/** What an entry may hold: no floats, no undefined, no dates, nothing with a prototype of its own. */
export type CanonicalValue =
  | string
  | boolean
  | null
  | number
  | readonly CanonicalValue[]
  | { readonly [key: string]: CanonicalValue };

/**
 * The one spelling of `value`: members sorted by UTF-16 code units, no white space. Numbers must be safe integers.
 * Throws a TypeError that names the place for anything else (floats, undefined members, holes, lone surrogates, class
 * instances) and for more than 32 levels.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$', 0);
}

function write(value: unknown, place: string, depth: number): string {
  if (depth > limits.depth) throw new TypeError(`${place}: more than ${limits.depth} levels`);
  if (value === null) return 'null';
  if (value === true) return 'true';
  if (value === false) return 'false';
  if (typeof value === 'string') return quote(value, place);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError(`${place}: ${value} is not a safe integer`);
    return Object.is(value, -0) ? '0' : String(value);
  }
  if (Array.isArray(value)) {
    const items: string[] = [];
    // By index, so that a hole is seen as the undefined it is.
    for (let i = 0; i < value.length; i++) items.push(write(value[i], `${place}[${i}]`, depth + 1));
    return `[${items.join(',')}]`;
  }
  if (typeof value === 'object') return writeObject(value, place, depth);
  throw new TypeError(`${place}: ${typeof value} has no canonical form`);
}

function writeObject(value: object, place: string, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError(`${place}: not a plain object`);
  if (Object.getOwnPropertySymbols(value).length > 0) throw new TypeError(`${place}: a symbol is no member name`);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members
    .map(([name, member]) => `${quote(name, place)}:${write(member, `${place}.${name}`, depth + 1)}`)
    .join(',')}}`;
}

/** JSON.stringify escapes a string exactly as RFC 8785 (section 3.2.2.2) asks, once lone surrogates are out of the way. */
function quote(text: string, place: string): string {
  if (!isWellFormed(text)) throw new TypeError(`${place}: a lone surrogate has no canonical form`);
  return JSON.stringify(text);
}
