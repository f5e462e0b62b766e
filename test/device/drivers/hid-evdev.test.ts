// A keyboard reader by its event device: the kernel's event structs in, card numbers out, a person's typing not.
import { expect, test } from 'vitest';
import { profileOf } from '../../../device/drivers/index.ts';
import { decodeAll, join, noiseBytes, reasonsOf, seeded, valuesOf } from '../byte-tools.ts';
import { inputEvent, typed } from '../input-events.ts';

const decoderOf = (options = {}) => profileOf('hid-evdev').decoder(options);
const tap = (printed: string) => ({ kind: 'tap', uid: null, printed });

test.each(['0006547886', '080,35121', '5630F009'])('%s typed by a reader is a card', (number) => {
  expect(decodeAll(decoderOf(), typed(number))).toEqual([tap(number)]);
});

test('the events are the same for any split, and one card after the other is found', () => {
  const bytes = join(typed('0006547886', { fromMs: 1_000 }), typed('0012964329', { fromMs: 3_000 }));
  const whole = decodeAll(decoderOf(), bytes);
  expect(whole).toEqual([tap('0006547886'), tap('0012964329')]);
  for (const size of [1, 7, 23, 24, 25, 100]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_unused, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    );
    expect(decodeAll(decoderOf(), ...pieces), `pieces of ${size}`).toEqual(whole);
  }
});

test.each([
  [50, {}, 1],
  [51, {}, 0],
  [120, { gapMs: '120' }, 1],
  [121, { gapMs: '120' }, 0],
])('keys %i ms apart with %o are %i cards', (gapMs, options, cards) => {
  expect(valuesOf(decodeAll(decoderOf(options), typed('0006547886', { gapMs })))).toHaveLength(cards);
});

test('a key held down repeats nothing, and a letter that stands on no card spoils the number', () => {
  const held = join(inputEvent(1_000, 1, 2, 1), inputEvent(1_020, 1, 2, 2), inputEvent(1_040, 1, 2, 2));
  expect(decodeAll(decoderOf(), held, typed('0006547886', { fromMs: 5_000 }))).toEqual([tap('0006547886')]);
  const spoiled = join(inputEvent(995, 1, 44, 1), typed('0006547886', { fromMs: 1_000 }));
  expect(decodeAll(decoderOf(), spoiled)).toEqual([{ kind: 'rejected', reason: 'not-a-card' }]);
});

test('half a number before a silence is not joined to the next', () => {
  const decoder = decoderOf();
  const bytes = typed('0006547886');
  decoder.push(bytes.subarray(0, 24 * 12));
  expect(reasonsOf(decoder.idle())).toEqual(['truncated']);
  expect(valuesOf(decoder.push(bytes.subarray(24 * 12)))).not.toEqual([tap('0006547886')]);
});

test('on a 32-bit system the events are shorter', () => {
  expect(decodeAll(decoderOf({ words: '32' }), typed('0006547886', { words: 32 }))).toEqual([tap('0006547886')]);
  expect(() => decoderOf({ words: '16' })).toThrow(/64.*32/);
  expect(() => decoderOf({ gapMs: '121' })).toThrow(/120/);
});

test('noise is no card, and a good card behind it and a silence is found', () => {
  const decoder = decoderOf();
  expect(valuesOf(decoder.push(noiseBytes(100_000, seeded(5))))).toEqual([]);
  decoder.idle();
  expect(valuesOf(decoder.push(typed('0006547886')))).toEqual([tap('0006547886')]);
});
