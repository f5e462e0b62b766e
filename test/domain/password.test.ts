// Which passwords and PINs are too easy to guess.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { passwordWeakness, pinFits } from '../../src/domain/password.ts';

test.each([
  ['ninechars', 'Lin', 'short'],
  ['tenchars10', 'Lin', null],
  ['十个汉字才算够长的话', 'Lin', null],
  ['九个汉字还不够长吧', 'Lin', 'short'],
  ['王建国王建国王建国123', '王建国', 'name'],
  ['Li Ming 2020', 'liming', 'name'],
  ['liming saw 7 geese', 'Li Ming', null],
  ['1234567890', 'Lin', 'common'],
  ['PASSWORD123', 'Lin', 'common'],
  ['pass word 123', 'Lin', 'common'],
  ['woaini1314', 'Lin', 'common'],
  ['aaaaaaaaaaaa', 'Lin', 'common'],
  ['abcabcabcabc', 'Lin', 'common'],
  ['jklmnopqrstu', 'Lin', 'common'],
  ['correct horse battery', '', null],
] as const)('%s for %s is %s', (password, name, weakness) => {
  expect(passwordWeakness(password, name)).toBe(weakness);
});

test.each([
  ['123', false],
  ['1235', true],
  ['1234', false],
  ['9876', false],
  ['890123', false],
  ['0000', false],
  ['7391', true],
  ['739102846173', true],
  ['7391028461735', false],
  ['73a1', false],
  ['７３９１', false],
  ['', false],
] as const)('PIN %s fits: %s', (pin, fits) => {
  expect(pinFits(pin)).toBe(fits);
});

test('nothing shorter than ten characters ever passes, and no text makes it throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (password, name) => {
      const weakness = passwordWeakness(password, name);
      return [...password].length >= 10 || weakness === 'short';
    }),
  );
});
