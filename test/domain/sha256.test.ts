// Holds the domain's SHA-256 and UTF-8 against Node's.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256, sha256Hex } from '../../src/domain/sha256.ts';
import { isWellFormed, utf8Of } from '../../src/domain/utf8.ts';

const nodeHex = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('the published vectors hold', () => {
  expect(sha256Hex(utf8Of(''))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(sha256Hex(utf8Of('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(sha256Hex(utf8Of('a'.repeat(1_000_000)))).toBe(
    'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
  );
});

test('every length around a block boundary gives what Node gives', () => {
  for (let length = 0; length <= 260; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 255);
    expect(sha256Hex(bytes)).toBe(nodeHex(bytes));
  }
});

test('any bytes give what Node gives', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4_096 }), (bytes) => {
      expect(sha256Hex(bytes)).toBe(nodeHex(bytes));
      expect(sha256(bytes)).toHaveLength(32);
    }),
    { numRuns: 300 },
  );
});

test('UTF-8 of any well-formed text is what TextEncoder gives', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(isWellFormed(text)).toBe(true);
      expect(utf8Of(text)).toEqual(new TextEncoder().encode(text));
    }),
    { numRuns: 500 },
  );
  expect(utf8Of('门岗 36.5℃ 👍')).toEqual(new TextEncoder().encode('门岗 36.5℃ 👍'));
});

test.each([
  '\ud800',
  'a\udc00',
  '\udbff\udbff\udfff',
  '\ud83dx',
])('a lone surrogate is refused, not replaced', (text) => {
  expect(isWellFormed(text)).toBe(false);
  expect(() => utf8Of(text)).toThrow(RangeError);
});
