// Holds canonical JSON against the npm `canonicalize` and against what RFC 8785 refuses.
import canonicalizeModule from 'canonicalize';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/domain/canonical-json.ts';

const canonicalize: (value: unknown) => string | undefined = canonicalizeModule as never;
const text = fc.string({ unit: 'binary' });
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.boolean(),
    fc.constant(null),
    fc.maxSafeInteger(),
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(text, tie('value'), { maxKeys: 6 }),
  ),
}));

test('any value of an entry is spelt as the reference spells it', () => {
  fc.assert(
    fc.property(value, (candidate) => {
      const spelt = canonicalJson(candidate);
      expect(spelt).toBe(canonicalize(candidate));
      expect(canonicalJson(JSON.parse(spelt))).toBe(spelt);
    }),
    { numRuns: 500 },
  );
});

test('members are sorted by UTF-16 code units, as RFC 8785 shows', () => {
  const keys = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 };
  expect(canonicalJson(keys)).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\u{1f600}":5,"\ufb33":3}');
});

test('escapes are those of the RFC, and minus zero is zero', () => {
  expect(canonicalJson('\u20ac$\u000F\nA\'B"\\\\"/')).toBe('"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"');
  expect(canonicalJson(-0)).toBe('0');
  expect(canonicalJson(Number.MAX_SAFE_INTEGER)).toBe('9007199254740991');
});

const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
test.each<[string, unknown]>([
  ['a float', { a: 36.5 }],
  ['not a number', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
  ['an unsafe integer', 2 ** 53],
  ['an undefined member', { a: undefined }],
  ['undefined', undefined],
  ['a hole', new Array(1)],
  ['a date', new Date(0)],
  ['a map', new Map()],
  ['a class instance', new (class Reading {})()],
  ['a bigint', 1n],
  ['a function', () => 1],
  ['a symbol member', { [Symbol('s')]: 1 }],
  ['a lone surrogate', '\ud800'],
  ['a lone surrogate as a name', { '\udc00': 1 }],
  ['too many levels', deep(40)],
])('%s is refused with its place', (_, refused) => {
  expect(() => canonicalJson(refused)).toThrow(TypeError);
});
