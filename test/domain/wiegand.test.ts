// Wiegand bits: public vectors, parity, and that nothing else is taken for a frame.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitsOfData, wiegandOfBits } from '../../src/domain/wiegand.ts';

/** jessety/wiegand-encoder tests; devices/facts.md 2.4. */
test.each([
  ['00101101000000001010001000', 90, 324],
  ['10101101100000100110010111', 91, 1227],
  ['00100010010100010010011111', 68, 41551],
  ['01111111111111111111111111', 255, 65535],
  ['00000000000000000000000001', 0, 0],
])('%s is facility %i, number %i', (bits, facility, number) => {
  expect(wiegandOfBits(bits)).toMatchObject({ bits: 26, facility, number });
});

test('34 bits keep all 32', () => {
  const told = wiegandOfBits('0010101100011000011110000000010011');
  expect(told?.data).toEqual(Uint8Array.of(0x56, 0x30, 0xf0, 0x09));
  expect(told).toMatchObject({ bits: 34, facility: 0x5630, number: 0xf009 });
});

test.each([
  '10000000000000000000000001',
  '00000000000000000000000000',
  '',
  '0101',
  '0'.repeat(27),
  `${'0'.repeat(25)}2`,
])('%j is no frame', (bits) => {
  expect(wiegandOfBits(bits)).toBeNull();
});

test('every frame that is made is read again, and any single wrong bit is noticed', () => {
  const data = fc.oneof(fc.uint8Array({ minLength: 3, maxLength: 3 }), fc.uint8Array({ minLength: 4, maxLength: 4 }));
  fc.assert(
    fc.property(data, (bytes) => {
      const bits = bitsOfData(bytes);
      expect(wiegandOfBits(bits)?.data).toEqual(Uint8Array.from(bytes));
      for (let at = 0; at < bits.length; at += 1) {
        const flipped = `${bits.slice(0, at)}${bits[at] === '0' ? '1' : '0'}${bits.slice(at + 1)}`;
        expect(wiegandOfBits(flipped), `bit ${at}`).toBeNull();
      }
    }),
  );
});

test.each([0, 2, 5])('%i data bytes are refused', (count) => {
  expect(() => bitsOfData(new Uint8Array(count))).toThrow(RangeError);
});
