// Card numbers: every documented conversion recomputed, and what three cards in hand can and cannot teach.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Conversion,
  conversions,
  fittingConversions,
  learn,
  printedForms,
  printedOf,
  typedNumber,
  uidOfHex,
} from '../../src/domain/card-number.ts';

const uid = (hex: string) => uidOfHex(hex) ?? new Uint8Array();

/** devices/facts.md 2.6 and the `card-number` rows: seabreezerfid.com, zgznk.com, xujuanpiju.com, cnblogs gengtongyu/16564907, miaokee. */
const documented: [string, Conversion, string][] = [
  ['00d507d0', 'dec10', '0013961168'],
  ['00d507d0', 'd3_5', '213,02000'],
  ['01026f6c3a', 'hex', '01026F6C3A'],
  ['01026f6c3a', 'hex8', '026F6C3A'],
  ['01026f6c3a', 'dec12_10H', '004335823930'],
  ['01026f6c3a', 'dec10', '0040856634'],
  ['01026f6c3a', 'dec8_6H', '07302202'],
  ['01026f6c3a', 'd3_5', '111,27706'],
  ['01026f6c3a', 'd5_5', '00623,27706'],
  ['125533ffff', 'dec10', '1429471231'],
  ['125533ffff', 'dec8_6H', '03407871'],
  ['5630f009', 'dec10', '1446047753'],
  ['5630f009', 'dec10_reversed', '0166735958'],
  ['5630f009', 'd3_5_forward_first3', '086,12528'],
  ['5630f009', 'd3_5_reversed_first3', '240,12374'],
  ['5630f009', 'hex_reversed', '09F03056'],
  ['0b3e3636', 'dec10_reversed', '0909524491'],
  ['0b3e3636', 'd3_5', '062,13878'],
  ['2a83155e', 'dec10', '0713233758'],
  ['2a83155e', 'dec10_reversed', '1578468138'],
  ['010063e9ae', 'dec10', '0006547886'],
  ['1400508931', 'd3_5', '080,35121'],
  ['ffffffffff', 'dec12_10H', '1099511627775'],
];

test.each(documented)('%s as %s is %s', (hex, conversion, printed) => {
  expect(printedOf(uid(hex), conversion)).toBe(printed);
  expect(printedForms(uid(hex))[conversion]).toBe(printed);
});

test('the forms carry the Wiegand frame with its parity, facility and number', () => {
  expect(printedForms(uid('5630f009'))).toMatchObject({
    uid: '5630F009',
    w34_bits: '0010101100011000011110000000010011',
    wiegand34: { facility: 0x5630, number: 0xf009 },
    wiegand26: { facility: 0x30, number: 0xf009 },
  });
  expect(printedForms(uid('5a0144'))).toMatchObject({
    w26_bits: '00101101000000001010001000',
    wiegand26: { facility: 90, number: 324 },
  });
});

test('a conversion that needs more bytes than the card has gives nothing, not a shorter number', () => {
  for (const conversion of ['dec10', 'd5_5', 'dec12_10H', 'hex8'] as const) {
    expect(printedOf(uid('5a0144'), conversion), conversion).toBeNull();
  }
  expect(printedForms(uid('5a0144'))).not.toHaveProperty('dec10');
});

test('every conversion of every uid is digits as its name says', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 3, maxLength: 16 }), (bytes) => {
      for (const conversion of conversions) {
        const printed = printedOf(bytes, conversion);
        if (printed === null) continue;
        const shape = conversion.startsWith('hex')
          ? /^(?:[0-9A-F]{2})+$/
          : conversion === 'd5_5'
            ? /^\d{5},\d{5}$/
            : conversion.startsWith('d3_5')
              ? /^\d{3},\d{5}$/
              : ({ dec8_6H: /^\d{8}$/, dec12_10H: /^\d{12,13}$/ }[String(conversion)] ?? /^\d{10}$/);
        expect(printed).toMatch(shape);
      }
    }),
  );
});

test.each(['', '56', '5630', '5630f', 'zz30f009', '00'.repeat(17)])('%j is no uid', (text) => {
  expect(uidOfHex(text)).toBeNull();
});

test.each(['56 30 F0 09', '56:30:f0:09', '56-30-F0-09'])('%j is a uid as people write it', (text) => {
  expect(uidOfHex(text)).toEqual(uid('5630f009'));
});

test.each([
  [' 0006547886 ', '0006547886'],
  ['080 35121', '080,35121'],
  ['080，35121', '080,35121'],
  ['０80:35121', '080,35121'],
  ['080/35121', '080,35121'],
  ['01026f6c3a', '01026F6C3A'],
])('%j typed means %j', (typed, meant) => {
  expect(typedNumber(typed)).toBe(meant);
});

describe('learning', () => {
  const cards = (conversion: Conversion, ...hexes: string[]) =>
    hexes.map((hex) => ({ uid: uid(hex), printed: printedOf(uid(hex), conversion) ?? '' }));
  const three = ['5630f009', '0b3e3636', '2a83155e'];
  const threeTokens = ['010063e9ae', '1400508931', '01026f6c3a'];

  test.each(
    conversions.filter((one) => printedOf(uid('5630f009'), one) !== null),
  )('%s is told by three cards', (one) => {
    expect(learn(cards(one, ...three))).toEqual({ is: 'one', conversion: one });
  });

  test.each(conversions)('%s is told by three tokens of five bytes', (one) => {
    expect(learn(cards(one, ...threeTokens))).toEqual({ is: 'one', conversion: one });
  });

  test('three different random cards never teach a conversion that does not fit them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 4, maxLength: 7 }), { minLength: 3, maxLength: 5 }),
        fc.constantFrom(...conversions),
        (uids, conversion) => {
          const inHand = uids.map((bytes) => ({ uid: bytes, printed: printedOf(bytes, conversion) ?? 'x' }));
          const learned = learn(inHand);
          if (learned.is !== 'one') return;
          for (const card of inHand) expect(printedOf(card.uid, learned.conversion)).toBe(card.printed);
        },
      ),
    );
  });

  test('one wrong number among three is none, not the best of them', () => {
    const wrong = cards('dec10_reversed', ...three);
    expect(learn([...wrong.slice(0, 2), { uid: uid('2a83155e'), printed: '0578468138' }])).toEqual({ is: 'none' });
  });

  test('a number without its leading zeros fits nothing: the roster would not find it', () => {
    expect(fittingConversions([{ uid: uid('010063e9ae'), printed: '6547886' }])).toEqual([]);
  });

  test('cards that read the same from both ends leave several, and none is stored', () => {
    const learned = learn(cards('dec10', '11222211', '33444433', '55666655'));
    expect(learned).toEqual({ is: 'several', conversions: ['dec10', 'dec10_reversed'] });
  });

  test('the same card three times, or two cards, teach nothing', () => {
    expect(learn(cards('dec10', '5630f009', '5630f009', '5630f009'))).toEqual({ is: 'too-few', different: 1 });
    expect(learn(cards('dec10', '5630f009', '0b3e3636'))).toEqual({ is: 'too-few', different: 2 });
    expect(learn([])).toEqual({ is: 'too-few', different: 0 });
    expect(fittingConversions([])).toEqual([]);
  });
});
