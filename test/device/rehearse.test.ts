// What the gate would do, told by scenarios: the worked cases of protocol.md, then every rule at its boundary.
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { boundedLines } from '../../device/cli/rehearse-lines.ts';
import { rehearseLine } from '../../device/cli/rehearse-run.ts';
import { limits } from '../../device/cli/rehearse-scenario.ts';

type Given = { [key: string]: unknown };
const known = { a: { known: true, order: null }, b: { known: true, order: null }, c: { known: true } };

/** '900 a admit normal 36.5' for each verdict, '+case' behind it when one is raised. */
function told(events: Given[], rest: Given = {}): string[] {
  const line = rehearseLine(
    JSON.stringify({ name: 'x', policy: {}, ambientC: 22, baselineC: null, people: known, events, ...rest }),
  );
  if ('error' in line) throw new Error(line.error);
  return line.verdicts.map(
    (one) => `${one.atMs} ${one.card} ${one.verdict} ${one.reason} ${one.shownC}${one.case === true ? ' +case' : ''}`,
  );
}
const tap = (atMs: number, card = 'a') => ({ atMs, tap: card });
const same = (atMs: number, value: number, more: Given = {}) => ({ atMs, samplesC: [value, value, value], ...more });
const samples = (atMs: number, samplesC: number[], more: Given = {}) => ({ atMs, samplesC, ...more });
const contact = (atMs: number, contactC: number, more: Given = {}) => ({ atMs, contactC, site: 'axillary', ...more });
const one = (value: number, rest: Given = {}) => told([tap(0), same(900, value)], rest);

describe('worked cases of the protocol', () => {
  test('1: 36.50 36.50 36.60 is admitted and shows 36.5', () => {
    expect(told([tap(0), samples(900, [36.5, 36.5, 36.6])])).toEqual(['900 a admit normal 36.5']);
  });
  test('2: 37.24 is borderline and shows 37.2', () => expect(one(37.24)).toEqual(['900 a admit borderline 37.2']));
  test('3: 37.25 is a fever and shows 37.3', () => expect(one(37.25)).toEqual(['900 a refer fever 37.3 +case']));
  test('4: 38.10 is urgent', () => expect(one(38.1)).toEqual(['900 a refer urgent 38.1 +case']));
  test('5: 34.90 is low', () => expect(one(34.9)).toEqual(['900 a again low 34.9']));
  test('6: low on the forehead, then the wrist six seconds later admits', () => {
    expect(told([tap(0), same(900, 34.9), same(6900, 36.4, { site: 'wrist' })])).toEqual([
      '900 a again low 34.9',
      '6900 a admit normal 36.4',
    ]);
  });
  test('7: 36.20 36.90 36.40 is unstable', () => {
    expect(told([tap(0), samples(900, [36.2, 36.9, 36.4])])).toEqual(['900 a again unstable null']);
  });
  test.each([33.9, 42.1])('8: %f is invalid, neither low nor high', (value) => {
    expect(one(value)).toEqual(['900 a again invalid null']);
  });
  test('9: the card 3 s after the reading finds it stale', () => {
    expect(told([same(0, 36.5), tap(3000)])).toEqual(['3000 a again stale null']);
  });
  test('10: one reading serves one person', () => {
    expect(told([tap(0), same(900, 36.5), tap(1900, 'b')])).toEqual([
      '900 a admit normal 36.5',
      '6900 b again no-reading null',
    ]);
  });
  test('11: 36.40 at ambient 12 over a baseline of 35.50 rises too far', () => {
    expect(one(36.4, { ambientC: 12, baselineC: 35.5 })).toEqual(['900 a again rise 36.4']);
  });
  test('12: a sensor lost in mid-passage is trouble at once, never the last value', () => {
    expect(told([tap(0), { atMs: 500, sensor: 'lost' }, same(900, 36.5)])).toEqual(['500 a trouble device-lost null']);
  });
});

describe('values at their boundaries', () => {
  test.each<[number, string]>([
    [33.94, 'again invalid null'],
    [33.95, 'again low 34.0'],
    [34.0, 'again low 34.0'],
    [34.94, 'again low 34.9'],
    [34.95, 'admit normal 35.0'],
    [36.94, 'admit normal 36.9'],
    [36.95, 'admit borderline 37.0'],
    [37.94, 'refer fever 37.9 +case'],
    [37.95, 'refer urgent 38.0 +case'],
    [42.04, 'refer urgent 42.0 +case'],
    [42.05, 'again invalid null'],
  ])('%f', (value, expected) => expect(one(value)).toEqual([`900 a ${expected}`]));

  test('a spread of 0.30 passes, 0.31 does not', () => {
    expect(told([tap(0), samples(900, [36.4, 36.7, 36.5])])).toEqual(['900 a admit normal 36.5']);
    expect(told([tap(0), samples(900, [36.4, 36.71, 36.5])])).toEqual(['900 a again unstable null']);
  });

  test('one event is one closed measurement: all its samples, judged once, at its instant', () => {
    expect(told([tap(0), samples(900, [36.5, 36.5, 36.6, 38, 38, 38])])).toEqual(['900 a again unstable null']);
    expect(told([tap(0), samples(900, [34.5, 34.5, 34.5, 34.5, 34.5, 34.5])])).toEqual(['900 a again low 34.5']);
    expect(told([tap(0), samples(900, [37.24, 37.24, 37.25, 37.25])])).toEqual(['900 a refer fever 37.3 +case']);
    expect(told([tap(0), samples(900, [37.24, 37.24, 37.24, 37.25])])).toEqual(['900 a admit borderline 37.2']);
  });
  test('what one event leaves behind is no part of the next', () => {
    expect(told([tap(0), samples(900, [36.5, 36.5]), samples(1200, [36.5, 36.5])])).toEqual([
      '900 a again no-reading null',
      '1200 a again no-reading null',
    ]);
    expect(told([tap(0), tap(500, 'b'), same(900, 36.5), same(1000, 36.9)])).toEqual([
      '900 a admit normal 36.5',
      '1000 b admit normal 36.9',
    ]);
  });

  test('range comes before spread, spread before count', () => {
    expect(told([tap(0), samples(900, [33, 33.8, 36.5])])).toEqual(['900 a again invalid null']);
    expect(told([tap(0), samples(900, [33, 36.5, 36.5])])).toEqual(['900 a again unstable null']);
    expect(told([tap(0), samples(900, [36.5, 36.5])])).toEqual(['900 a again no-reading null']);
    expect(told([tap(0), samples(900, [33])])).toEqual(['900 a again invalid null']);
    expect(told([tap(0), samples(900, [])])).toEqual(['900 a again no-reading null']);
  });

  test('an unstable window that is all fever refers with its median, one that is partly fever does not', () => {
    expect(told([tap(0), samples(900, [37.3, 37.9, 37.5])])).toEqual(['900 a refer fever 37.5 +case']);
    expect(told([tap(0), samples(900, [37.2, 37.9, 37.5])])).toEqual(['900 a again unstable null']);
    expect(told([tap(0), samples(900, [38.2, 42.1, 39])])).toEqual(['900 a again unstable null']);
  });
});

describe('card and reading in either order', () => {
  test.each<[number, string[]]>([
    [0, ['0 a admit normal 36.5']],
    [2000, ['2000 a admit normal 36.5']],
    [2001, ['2001 a again stale null']],
    [5000, ['5000 a again stale null']],
    [5001, ['10001 a again no-reading null']],
  ])('reading first, card %i ms later', (atMs, expected) => {
    expect(told([same(0, 36.5), tap(atMs)])).toEqual(expected);
  });

  test.each<[number, string[]]>([
    [4999, ['4999 a admit normal 36.5']],
    [5000, ['5000 a admit normal 36.5']],
    [5001, ['5000 a again no-reading null', '5001 a admit normal 36.5']],
  ])('card first, reading %i ms later', (atMs, expected) => {
    expect(told([tap(0), same(atMs, 36.5)])).toEqual(expected);
  });

  test('a reading that was there before the card serves the first card alone', () => {
    expect(told([same(0, 36.5), tap(500), tap(900, 'b')])).toEqual([
      '500 a admit normal 36.5',
      '5900 b again no-reading null',
    ]);
  });
  test('a card alone ends once, five seconds after its tap', () => {
    expect(told([tap(0)])).toEqual(['5000 a again no-reading null']);
  });
  test('a reading without a card admits nobody', () =>
    expect(told([same(900, 36.5), contact(1000, 36.5)])).toEqual([]));
  test('samples on both sides of the tap make one reading', () => {
    expect(told([tap(600), same(900, 36.5)])).toEqual(['900 a admit normal 36.5']);
  });
  test('a fever before the card is not hidden by a later normal reading', () => {
    expect(told([same(0, 37.5), same(1200, 36.5), tap(1500)])).toEqual(['1500 a refer fever 37.5 +case']);
  });
  test('an uneven window that is all fever refers while it is fresh, and is stale like a reading after that', () => {
    expect(told([samples(0, [37.3, 37.9, 37.5]), tap(2000)])).toEqual(['2000 a refer fever 37.5 +case']);
    expect(told([samples(0, [37.3, 37.9, 37.5]), tap(2001)])).toEqual(['2001 a again stale null']);
    expect(told([samples(0, [36.3, 36.9, 36.5]), tap(2001)])).toEqual(['2001 a again unstable null']);
  });
  test('an invalid measurement before the card says so at the tap, whatever its age', () => {
    expect(told([same(0, 33), tap(1000)])).toEqual(['1000 a again invalid null']);
    expect(told([same(0, 33), tap(3000)])).toEqual(['3000 a again invalid null']);
  });
});

describe('the same card and other cards', () => {
  test('frames within 300 ms are one tap, also in a row', () => {
    expect(told([tap(0), tap(250), tap(500), same(900, 36.5)])).toEqual(['900 a admit normal 36.5']);
  });
  test('within 3 s after an admission the card is ignored, then it begins anew', () => {
    expect(told([tap(0), same(900, 36.5), tap(3900)])).toEqual(['900 a admit normal 36.5']);
    expect(told([tap(0), same(900, 36.5), tap(3901)])).toEqual([
      '900 a admit normal 36.5',
      '8901 a again no-reading null',
    ]);
  });
  test('after `again` the card may come back at once', () => {
    expect(told([tap(0), samples(900, [36.2, 36.9, 36.4]), tap(1200), same(2500, 36.5)])).toEqual([
      '900 a again unstable null',
      '2500 a admit normal 36.5',
    ]);
  });
  test('300 ms apart is one tap, 301 are two', () => {
    expect(told([same(0, 33), tap(100), tap(400)])).toEqual(['100 a again invalid null']);
    expect(told([same(0, 33), tap(100), tap(401)])).toEqual([
      '100 a again invalid null',
      '5401 a again no-reading null',
    ]);
  });
  test('the card after `again` begins another measurement, which ends once', () => {
    expect(told([tap(0), same(900, 33), tap(1500)])).toEqual([
      '900 a again invalid null',
      '6500 a again no-reading null',
    ]);
  });
  test('without the card or a value, `again` is not followed by another end', () => {
    expect(told([tap(0), same(900, 33), tap(20_000, 'b')])).toEqual([
      '900 a again invalid null',
      '25000 b again no-reading null',
    ]);
  });
  test('a card tapped while another is measured waits for that verdict; its own five seconds begin then', () => {
    expect(told([tap(0), tap(400, 'b'), same(900, 36.5), same(2000, 36.8)])).toEqual([
      '900 a admit normal 36.5',
      '2000 b admit normal 36.8',
    ]);
    expect(told([tap(0), tap(400, 'b'), same(900, 36.5)])).toEqual([
      '900 a admit normal 36.5',
      '5900 b again no-reading null',
    ]);
  });
  test('at most one card waits', () => {
    expect(told([tap(0), tap(300, 'b'), tap(400, 'c'), same(900, 36.5), same(2000, 36.6), same(3000, 36.7)])).toEqual([
      '900 a admit normal 36.5',
      '2000 b admit normal 36.6',
    ]);
  });
  test('a chip comes back with its tries and low sites', () => {
    expect(
      told([
        tap(0),
        same(900, 34.9),
        tap(2000, 'b'),
        same(2900, 36.5),
        tap(4000),
        same(4900, 36.4),
        tap(6000),
        same(6900, 36.4),
      ]),
    ).toEqual([
      '900 a again low 34.9',
      '2900 b admit normal 36.5',
      '4900 a again low 36.4',
      '6900 a again contact-due 36.4',
    ]);
  });
  test('a chip is dead after ten minutes, but its tries are not', () => {
    const events = [tap(0), same(900, 34.9), tap(2000, 'b'), same(2900, 36.5), tap(600_901), same(602_000, 36.5)];
    expect(told(events)).toEqual(['900 a again low 34.9', '2900 b admit normal 36.5', '602000 a admit normal 36.5']);
  });
  test('what was taken while another card held the lane serves nobody else', () => {
    expect(told([tap(0), same(900, 34.9), same(2000, 36.5, { site: 'forehead' }), tap(2100, 'b')])).toEqual([
      '900 a again low 34.9',
      '2000 a again low 36.5',
      '7100 b again no-reading null',
    ]);
  });
  test('samples that name a card go to that card alone', () => {
    expect(
      told([tap(0), same(900, 34.9), tap(2000, 'b'), same(2500, 36.6, { card: 'a', site: 'wrist' }), same(2900, 36.5)]),
    ).toEqual(['900 a again low 34.9', '2500 a admit normal 36.6', '2900 b admit normal 36.5']);
  });
});

describe('tries, low, rise', () => {
  test('the third infrared try without an end asks for contact, and contact alone then admits', () => {
    const bad = (atMs: number) => samples(atMs, [36.2, 36.9, 36.4]);
    expect(told([tap(0), bad(900), bad(2000), bad(3000), same(5000, 36.5), contact(9000, 36.5)])).toEqual([
      '900 a again unstable null',
      '2000 a again unstable null',
      '3000 a again contact-due null',
      '5000 a again contact-due 36.5',
      '9000 a admit normal 36.5',
    ]);
    expect(told([tap(0), bad(900), bad(2000), bad(3000), same(5000, 37.5)])[3]).toBe('5000 a refer fever 37.5 +case');
    expect(told([tap(0), bad(900), bad(2000)], { policy: { triesMax: 2 } })[1]).toBe('2000 a again contact-due null');
  });
  test('a contact reading is no infrared try', () => {
    const bad = (atMs: number) => samples(atMs, [36.2, 36.9, 36.4]);
    expect(told([tap(0), bad(900), contact(1500, 33), bad(2000)])).toEqual([
      '900 a again unstable null',
      '1500 a again invalid null',
      '2000 a again unstable null',
    ]);
  });
  test('an admission begins the count anew', () => {
    const bad = (atMs: number) => samples(atMs, [36.2, 36.9, 36.4]);
    expect(told([tap(0), bad(900), bad(2000), same(3000, 36.5), tap(20_000), bad(21_000)]).at(-1)).toBe(
      '21000 a again unstable null',
    );
  });
  test('a low site asks no second infrared reading of itself, a contact reading there counts', () => {
    const low = [tap(0), same(900, 34.9)];
    expect(told([...low, same(6900, 36.5)])[1]).toBe('6900 a again low 36.5');
    expect(told([...low, contact(6900, 36.5, { site: 'forehead' })])[1]).toBe('6900 a admit normal 36.5');
  });
  test('tries older than 30 minutes are forgotten', () => {
    const bad = (atMs: number) => samples(atMs, [36.2, 36.9, 36.4]);
    const late = 1_801_500;
    expect(told([tap(0), bad(900), bad(2000), tap(late), bad(late + 500)]).at(-1)).toBe(
      `${late + 500} a again unstable null`,
    );
  });
  test('a second low contact reading is unmeasurable', () => {
    expect(told([tap(0), contact(900, 34.5), contact(9000, 34.9)])).toEqual([
      '900 a again low 34.5',
      '9000 a refer unmeasurable 34.9 +case',
    ]);
    expect(told([tap(0), contact(900, 34.5), contact(9000, 35)])[1]).toBe('9000 a admit normal 35.0');
  });
  test('a fever at a site that was low is a fever', () => {
    expect(told([tap(0), same(900, 34.9), same(3000, 37.3)])[1]).toBe('3000 a refer fever 37.3 +case');
  });
  test('a contact reading that is out of range is invalid', () => {
    expect(told([tap(0), contact(900, 33.9)])).toEqual(['900 a again invalid null']);
  });
  test.each<[number, number | null, number | null, string]>([
    [36.4, 16, 35.5, 'admit normal 36.4'],
    [36.4, 15.9, 35.5, 'again rise 36.4'],
    [36.4, 35, 35.5, 'admit normal 36.4'],
    [36.4, 35.1, 35.5, 'again rise 36.4'],
    [36.4, null, 35.5, 'again rise 36.4'],
    [36.2, 12, 35.5, 'admit normal 36.2'],
    [36.3, 12, 35.5, 'again rise 36.3'],
    [35.9, 12, null, 'admit normal 35.9'],
    [36.0, 12, null, 'again rise 36.0'],
    [37.3, 12, 35.5, 'refer fever 37.3 +case'],
    [34.9, 12, 33.0, 'again low 34.9'],
  ])('%f at ambient %s over baseline %s', (value, ambientC, baselineC, expected) => {
    expect(one(value, { ambientC, baselineC })).toEqual([`900 a ${expected}`]);
  });
  test('a rise is settled by contact', () => {
    expect(told([tap(0), same(900, 36.4), contact(5000, 36.4)], { ambientC: 5 })[1]).toBe('5000 a admit normal 36.4');
  });
});

describe('confirmHigh', () => {
  const on = { policy: { confirmHigh: 'on' } };
  test('the first 37.3 to 37.9 asks again, the next at another site or by contact governs', () => {
    expect(told([tap(0), same(900, 37.5), same(5000, 36.5, { site: 'wrist' })], on)).toEqual([
      '900 a again confirm-high 37.5',
      '5000 a admit normal 36.5',
    ]);
    expect(told([tap(0), same(900, 37.5), contact(5000, 36.9)], on)[1]).toBe('5000 a admit normal 36.9');
    expect(told([tap(0), same(900, 37.5), contact(5000, 37.3)], on)[1]).toBe('5000 a refer fever 37.3 +case');
  });
  test('a normal value at the same site does not govern, a second high one refers', () => {
    expect(told([tap(0), same(900, 37.5), same(5000, 36.5)], on)[1]).toBe('5000 a again confirm-high 36.5');
    expect(told([tap(0), same(900, 37.5), same(5000, 37.4)], on)[1]).toBe('5000 a refer fever 37.4 +case');
  });
  test('38.0 is urgent at once', () => expect(one(38, on)).toEqual(['900 a refer urgent 38.0 +case']));
});

describe('who is barred', () => {
  test.each([
    ['isolation', 'order-isolation'],
    ['home', 'order-home'],
    ['hospital', 'order-hospital'],
    ['referral', 'referral-open'],
  ])('%s is denied at the tap, and a normal reading changes nothing', (order, reason) => {
    expect(one(36.5, { people: { a: { known: true, order } } })).toEqual([`0 a deny ${reason} null`]);
  });
  test('a barred fever is told once more and raises a case', () => {
    const people = { a: { order: 'isolation' } };
    expect(told([tap(0), same(900, 37.25), same(2500, 38)], { people })).toEqual([
      '0 a deny order-isolation null',
      '900 a deny order-isolation null +case',
    ]);
    expect(told([same(0, 38), tap(1000)], { people })).toEqual([
      '1000 a deny order-isolation null',
      '1000 a deny order-isolation null +case',
    ]);
    expect(one(37.24, { people })).toEqual(['0 a deny order-isolation null']);
    expect(told([tap(0), samples(900, [37.4, 38.2, 37.9])], { people })[1]).toBe(
      '900 a deny order-isolation null +case',
    );
  });
  test('a barred fever is told by contact, later, and behind the next card when it is named', () => {
    const people = { ...known, a: { order: 'isolation' } };
    expect(told([tap(0), contact(9000, 37.3)], { people })[1]).toBe('9000 a deny order-isolation null +case');
    expect(told([tap(0), contact(9000, 37.2), tap(9500, 'b'), same(10_400, 36.5)], { people })).toEqual([
      '0 a deny order-isolation null',
      '10400 b admit normal 36.5',
    ]);
    expect(told([tap(0), tap(500, 'b'), same(900, 38, { card: 'a' }), same(1400, 36.5)], { people })).toEqual([
      '0 a deny order-isolation null',
      '900 a deny order-isolation null +case',
      '1400 b admit normal 36.5',
    ]);
  });
  test("after a barred person left the lane, a reading before the next card is that card's", () => {
    const people = { ...known, a: { order: 'isolation' } };
    expect(told([tap(0), same(8000, 36.5), tap(9000, 'b')], { people })).toEqual([
      '0 a deny order-isolation null',
      '9000 b admit normal 36.5',
    ]);
  });
  test('a barred person is denied without a sensor, too', () => {
    expect(told([{ atMs: 0, sensor: 'lost' }, tap(500)], { people: { a: { order: 'home' } } })).toEqual([
      '500 a deny order-home null',
    ]);
  });
  test('the next card starts at once after a deny', () => {
    const people = { ...known, a: { order: 'home' } };
    expect(told([tap(0), tap(500, 'b'), same(1400, 36.5)], { people })).toEqual([
      '0 a deny order-home null',
      '1400 b admit normal 36.5',
    ]);
  });
  test('a watched person passes', () =>
    expect(one(36.5, { people: { a: { order: 'watch' } } })).toEqual(['900 a admit normal 36.5']));
  test('after a referral the person is barred, and contact readings are evidence that prints nothing', () => {
    expect(
      told([tap(0), same(900, 37.5), contact(3000, 36.5), contact(4000, 38.5), tap(6000), same(7000, 36.5)]),
    ).toEqual(['900 a refer fever 37.5 +case', '6000 a deny referral-open null']);
    expect(told([tap(0), same(900, 37.5), tap(6000), contact(6500, 38), same(8000, 38)])).toEqual([
      '900 a refer fever 37.5 +case',
      '6000 a deny referral-open null',
      '8000 a deny referral-open null +case',
    ]);
  });
  test('an unknown card that was referred stays barred', () => {
    expect(told([tap(0, 'z'), same(900, 37.5), tap(6000, 'z'), same(7000, 36.5)])).toEqual([
      '900 z refer fever 37.5 +case',
      '6000 z deny referral-open null',
    ]);
  });
});

describe('held', () => {
  test('an unknown card is measured first, then held', () => {
    expect(told([tap(0, 'z'), same(900, 36.5)])).toEqual(['900 z hold unknown-card 36.5']);
    expect(told([tap(0, 'z'), same(900, 34.9)])).toEqual(['900 z again low 34.9']);
    expect(told([tap(0), same(900, 36.5)], { people: { a: { known: false } } })).toEqual([
      '900 a hold unknown-card 36.5',
    ]);
    expect(told([tap(0, 'z')])).toEqual(['5000 z again no-reading null']);
  });
  test('who is away is held, who was granted the return is not', () => {
    expect(one(36.5, { people: { a: { presence: 'away' } } })).toEqual(['900 a hold return-not-granted 36.5']);
    expect(one(36.5, { people: { a: { presence: 'granted' } } })).toEqual(['900 a admit normal 36.5']);
  });
  test('a fever while held refers, a further normal reading says nothing new', () => {
    expect(told([tap(0, 'z'), same(900, 36.5), same(3000, 36.6), same(6000, 37.6)])).toEqual([
      '900 z hold unknown-card 36.5',
      '6000 z refer fever 37.6 +case',
    ]);
  });
  const due = { people: { a: { questionsDue: true }, b: {} } };
  test.each([
    ['clear', '3000 a admit normal 36.5'],
    ['symptom', '3000 a refer symptoms 36.5 +case'],
    ['region', '3000 a refer region 36.5 +case'],
  ])('questions answered %s decide on the same reading', (answers, expected) => {
    expect(told([tap(0), same(900, 36.5), { atMs: 3000, answers }], due)).toEqual([
      '900 a hold questions-due 36.5',
      expected,
    ]);
  });
  test('clear answers admit a borderline reading as borderline', () => {
    expect(told([tap(0), same(900, 37), { atMs: 3000, answers: 'clear' }], due)[1]).toBe(
      '3000 a admit borderline 37.0',
    );
  });
  test('a fever needs no questions', () => expect(one(37.3, due)).toEqual(['900 a refer fever 37.3 +case']));
  test('answers that came before the reading count', () => {
    expect(told([tap(0), { atMs: 500, answers: 'clear' }, same(900, 36.5)], due)).toEqual(['900 a admit normal 36.5']);
  });
  test('answers with a card reach the chip', () => {
    expect(
      told(
        [tap(0), same(900, 36.5), tap(1500, 'b'), { atMs: 2000, answers: 'clear', card: 'a' }, same(2600, 36.8)],
        due,
      ),
    ).toEqual(['900 a hold questions-due 36.5', '2000 a admit normal 36.5', '2600 b admit normal 36.8']);
  });
  test('the answers are good for one passage', () => {
    const events = [tap(0), same(900, 36.5), { atMs: 3000, answers: 'clear' }, tap(9000), same(9900, 36.5)];
    expect(told(events, due).at(-1)).toBe('9900 a hold questions-due 36.5');
  });
});

describe('the sensor', () => {
  test('lost before the tap is trouble at the tap, each tap anew', () => {
    expect(told([{ atMs: 0, sensor: 'lost' }, tap(500), tap(3600)])).toEqual([
      '500 a trouble device-lost null',
      '3600 a trouble device-lost null',
    ]);
  });
  test('without a sensor a contact reading decides', () => {
    expect(told([{ atMs: 0, sensor: 'lost' }, tap(500), contact(9000, 36.5)])[1]).toBe('9000 a admit normal 36.5');
    expect(told([{ atMs: 0, sensor: 'lost' }, contact(100, 36.5), tap(500)])).toEqual(['500 a admit normal 36.5']);
  });
  test('back again, the passage goes on with the next reading', () => {
    expect(told([tap(0), { atMs: 500, sensor: 'lost' }, { atMs: 800, sensor: 'back' }, same(2000, 36.5)])).toEqual([
      '500 a trouble device-lost null',
      '2000 a admit normal 36.5',
    ]);
  });
  test('samples from before the loss are never part of a reading', () => {
    const events = [tap(0), { atMs: 650, sensor: 'lost' }, { atMs: 700, sensor: 'back' }, same(1000, 36.5)];
    expect(told(events)).toEqual(['650 a trouble device-lost null', '1000 a again no-reading null']);
  });
  test('a reading from before the loss is not paired after it', () => {
    expect(told([same(0, 36.5), { atMs: 300, sensor: 'lost' }, { atMs: 600, sensor: 'back' }, tap(900)])).toEqual([
      '5900 a again no-reading null',
    ]);
  });
  test('with nobody at the gate nothing is told', () => expect(told([{ atMs: 0, sensor: 'lost' }])).toEqual([]));
  test('a passage that is open for another try is told too', () => {
    expect(told([tap(0), same(900, 34.9), { atMs: 3000, sensor: 'lost' }])[1]).toBe('3000 a trouble device-lost null');
  });
  test('the card that waits is told as well', () => {
    expect(told([tap(0), tap(400, 'b'), { atMs: 500, sensor: 'lost' }])).toEqual([
      '500 a trouble device-lost null',
      '500 b trouble device-lost null',
    ]);
  });
});

test('a clock jump moves nothing', () => {
  expect(told([tap(0), { atMs: 100, clockJumpMs: -3_600_000 }, same(900, 36.5)])).toEqual(['900 a admit normal 36.5']);
});
test('a changed policy changes the verdict', () => {
  expect(one(37.2, { policy: { feverC: 37.2 } })).toEqual(['900 a refer fever 37.2 +case']);
  expect(one(35.2, { policy: { lowC: 35.5 } })).toEqual(['900 a again low 35.2']);
  expect(told([same(0, 36.5), tap(1600)], { policy: { freshMs: 1500 } })).toEqual(['1600 a again stale null']);
  expect(told([tap(0)], { policy: { pairMs: 3000 } })).toEqual(['3000 a again no-reading null']);
  const uneven = [tap(0), samples(900, [36.2, 36.9, 36.4])];
  expect(told(uneven, { policy: { spreadC: 0.7 } })).toEqual(['900 a admit normal 36.4']);
  expect(told(uneven, { policy: { spreadC: 0.69 } })).toEqual(['900 a again unstable null']);
  expect(told([same(0, 36.5), tap(4000)], { policy: { freshMs: 4000 } })).toEqual(['4000 a admit normal 36.5']);
  expect(one(38.4, { policy: { urgentC: 38.5 } })).toEqual(['900 a refer fever 38.4 +case']);
  expect(one(36.8, { policy: { borderlineC: 36.8 } })).toEqual(['900 a admit borderline 36.8']);
  expect(one(36, { policy: { riseC: 0.5 }, ambientC: 12, baselineC: 35.5 })).toEqual(['900 a again rise 36.0']);
  const bad = (atMs: number) => samples(atMs, [36.2, 36.9, 36.4]);
  expect(told([tap(0), bad(900), bad(2000), bad(3000)], { policy: { triesMax: 4 } })[2]).toBe(
    '3000 a again unstable null',
  );
});
test('a lane out is not measured, a closed campus holds', () => {
  expect(told([tap(0)], { direction: 'out' })).toEqual(['0 a admit normal null']);
  expect(told([tap(0)], { direction: 'out', campus: 'closed' })).toEqual(['0 a hold campus-closed null']);
  expect(told([tap(0)], { direction: 'out', people: { a: { order: 'home' } } })).toEqual(['0 a deny order-home null']);
  expect(one(36.5, { campus: 'closed', people: { a: { passesClosedCampus: true } } })).toEqual([
    '900 a admit normal 36.5',
  ]);
});

describe('bad lines', () => {
  test.each<[string, string, RegExp]>([
    ['no JSON', '{', /not JSON/],
    ['no name', '{"events":[]}', /^name /],
    ['an array', '[]', /^The line /],
    [
      'a fever line outside its bounds',
      '{"name":"x","policy":{"feverC":38.5},"events":[]}',
      /^policy\.feverC must be at most 38\.$/,
    ],
    ['a misspelt policy key', '{"name":"x","policy":{"fever":37.3},"events":[]}', /unknown key: fever/],
    ['a policy in the wrong order', '{"name":"x","policy":{"borderlineC":37.8},"events":[]}', /borderlineC <= feverC/],
    ['too many decimals', '{"name":"x","policy":{"feverC":37.35},"events":[]}', /^policy\.feverC /],
    ['an event of no kind', '{"name":"x","events":[{"atMs":0}]}', /^events\[0\] must have/],
    ['an event of two kinds', '{"name":"x","events":[{"atMs":0,"tap":"a","contactC":36}]}', /exactly one/],
    [
      'an unknown site',
      '{"name":"x","events":[{"atMs":0,"samplesC":[36],"site":"nose"}]}',
      /^events\[0\]\.site must be one of/,
    ],
    [
      'a word for a number',
      '{"name":"x","events":[{"atMs":0,"samplesC":["36"]}]}',
      /^events\[0\]\.samplesC\[0\] must be of type number/,
    ],
    [
      'an unknown order',
      '{"name":"x","people":{"a":{"order":"jail"}},"events":[]}',
      /^people\.a\.order must be one of/,
    ],
    [
      'a clock that goes back',
      '{"name":"x","events":[{"atMs":5,"tap":"a"},{"atMs":4,"tap":"b"}]}',
      /^events\[1\]\.atMs must not be earlier/,
    ],
    ['no time', '{"name":"x","events":[{"tap":"a"}]}', /^events\[0\]\.atMs is missing/],
  ])('%s gives one clear sentence', (_, text, sentence) => {
    const line = rehearseLine(text);
    expect('error' in line && line.error).toMatch(sentence);
    expect('error' in line && line.error.split('\n')).toHaveLength(1);
    expect(line.name).toBe(text.includes('"x"') ? 'x' : null);
  });
});

describe('lines of a stream', () => {
  const linesOf = async (chunks: string[], max: number) => {
    const lines = [];
    for await (const line of boundedLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), max))
      lines.push(line);
    return lines;
  };
  test('any split gives the same lines, the last without its end too', async () => {
    const expected = [{ text: '门岗' }, { text: '' }, { text: 'b' }];
    expect(await linesOf(['门岗\n\nb'], 20)).toEqual(expected);
    const bytes = Buffer.from('门岗\n\nb');
    const split = [];
    for await (const line of boundedLines(Readable.from([...bytes].map((byte) => Buffer.from([byte]))), 20))
      split.push(line);
    expect(split).toEqual(expected);
  });
  test('a line over the bound is told once and the next is read', async () => {
    expect(await linesOf(['aaaa', 'aaaa', 'aa\nb\n'], 5)).toEqual([{ tooLong: true }, { text: 'b' }]);
    expect(limits.lineBytes).toBe(1_048_576);
  });
});
