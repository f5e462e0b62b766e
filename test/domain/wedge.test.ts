// The keyboard-wedge rule: quick bursts ended by Enter are cards, people typing are not.
import { describe, expect, test } from 'vitest';
import { createWedge, slowWedge } from '../../src/domain/wedge.ts';

/** Types these keys with the same gap between all of them; what comes out, in order. */
function typed(keys: readonly string[], gapMs: number, wedge = createWedge()) {
  return keys.flatMap((key, index) => wedge.key(key, 5_000 + index * gapMs) ?? []);
}
const number = [...'0006547886'];

describe('a wedge', () => {
  test.each([0, 1.2, 12, 50])('a burst with %d ms between keys is a card', (gapMs) => {
    expect(typed([...number, 'Enter'], gapMs)).toEqual(['0006547886']);
  });

  test.each([51, 90, 120, 300])('keys %d ms apart are a person', (gapMs) => {
    expect(typed([...number, 'Enter'], gapMs)).toEqual([]);
  });

  test('slow readers need the wider gap, and 120 ms is the widest', () => {
    expect(typed([...number, 'Enter'], 120, slowWedge(120))).toEqual(['0006547886']);
    expect(typed([...number, 'Enter'], 121, slowWedge(120))).toEqual([]);
    expect(() => slowWedge(121)).toThrow(RangeError);
    expect(() => slowWedge(Number.NaN)).toThrow(RangeError);
  });

  test('one slow gap anywhere leaves only what came after it', () => {
    const wedge = createWedge();
    for (const [index, key] of number.slice(0, 5).entries()) wedge.key(key, index * 10);
    for (const [index, key] of number.slice(5).entries()) wedge.key(key, 1_000 + index * 10);
    expect(wedge.key('Enter', 1_060)).toBe('47886'.slice(-5));
    expect(wedge.key('1', 2_000)).toBeNull();
    expect(wedge.key('Enter', 2_010)).toBeNull();
  });

  test('an Enter that comes late ends nothing', () => {
    const wedge = createWedge();
    for (const [index, key] of number.entries()) wedge.key(key, index * 10);
    expect(wedge.key('Enter', 141)).toBeNull();
  });

  test.each([
    ['123', null],
    ['1234', '1234'],
    ['1'.repeat(40), '1'.repeat(40)],
    ['1'.repeat(41), null],
    ['080,35121', '080,35121'],
    ['010063E9AE', '010063E9AE'],
    ['0100x3E9AE', null],
  ])('%s gives %s', (text, printed) => {
    expect(typed([...text, 'Enter'], 5)).toEqual(printed === null ? [] : [printed]);
  });

  test('Shift between letters is part of the typing', () => {
    expect(typed(['0', '1', 'Shift', 'A', 'Shift', 'E', 'Enter'], 10)).toEqual(['01AE']);
  });

  test('a key that no card has spoils its burst and not the next', () => {
    const keys = [...'12', 'Tab', ...'34567', 'Enter', ...number, 'Enter', 'Enter'];
    expect(typed(keys, 10)).toEqual(['0006547886']);
  });

  test('a clock that steps back begins anew', () => {
    const wedge = createWedge();
    for (const key of number) wedge.key(key, 1_000);
    expect(wedge.key('Enter', 900)).toBeNull();
  });

  test('holds at most 40 characters', () => {
    const wedge = createWedge();
    for (let index = 0; index < 10_000; index += 1) {
      wedge.key('7', index);
      expect(wedge.held()).toBeLessThanOrEqual(40);
    }
  });
});
