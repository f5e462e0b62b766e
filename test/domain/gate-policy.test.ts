// The ordered table: which row wins when several could, and that every row can win.
import { expect, test } from 'vitest';
import { type GateCase, judge, table } from '../../src/domain/gate-policy.ts';
import { endWithout, readingFrom, windowOf } from '../../src/domain/measure.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { medianOf, tenthsOf, textOfTenths } from '../../src/domain/reading.ts';
import { person, sampleAt } from './passage-kit.ts';

const value = (tenths: number, change: object = {}) =>
  ({ kind: 'value', tenths, site: 'forehead', method: 'infrared', manual: false, passed: false, ...change }) as const;
const ended = (reason: 'invalid' | 'stale', change: object = {}) =>
  ({ kind: 'ended', reason, method: 'infrared', manual: false, ...change }) as const;

function given(change: Partial<GateCase>): GateCase {
  return {
    policy: defaultPolicy,
    direction: 'in',
    campus: 'open',
    ambientTenths: 220,
    baselineTenths: null,
    facts: person(),
    bar: null,
    sensor: 'ready',
    measured: value(365),
    tries: 1,
    lowSites: [],
    contactLows: 0,
    confirmSite: null,
    released: [],
    answer: null,
    ...change,
  };
}
const everythingWrong: Partial<GateCase> = {
  bar: 'order-home',
  sensor: 'device-lost',
  facts: null,
  campus: 'closed',
  tries: 4,
  ambientTenths: null,
  lowSites: ['forehead'],
};

test.each<[number, string, Partial<GateCase>]>([
  [1, 'deny order-home', { ...everythingWrong, measured: value(385) }],
  [1, 'deny order-home', { ...everythingWrong, measured: { kind: 'nothing' } }],
  [2, 'trouble device-lost', { ...everythingWrong, bar: null, measured: value(385) }],
  [2, 'trouble no-offset', { sensor: 'no-offset', measured: { kind: 'nothing' } }],
  [2, 'trouble device-lost', { sensor: 'device-lost', measured: ended('stale') }],
  [3, 'again stale', { measured: ended('stale') }],
  [3, 'again invalid', { sensor: 'device-lost', measured: ended('invalid', { method: 'contact' }) }],
  [4, 'refer fever', { measured: value(373), lowSites: ['forehead'], ambientTenths: null, facts: null, tries: 9 }],
  [4, 'refer urgent', { measured: value(380) }],
  [4, 'refer fever', { measured: value(373, { method: 'contact' }), sensor: 'device-lost' }],
  [5, 'again low', { measured: value(349), ambientTenths: null, baselineTenths: 300 }],
  [5, 'again low', { measured: value(365), lowSites: ['forehead'] }],
  [5, 'refer unmeasurable', { measured: value(349, { method: 'contact' }), contactLows: 1 }],
  [6, 'again rise', { measured: value(360), ambientTenths: null, facts: null }],
  [7, 'again contact-due', { measured: value(349), tries: 3 }],
  [7, 'again contact-due', { measured: ended('invalid'), tries: 3 }],
  [7, 'again contact-due', { measured: value(365), tries: 4, facts: null }],
  [8, 'hold unknown-card', { facts: null, campus: 'closed' }],
  [8, 'hold return-not-granted', { facts: person({ presence: 'away', questionsDue: true }), campus: 'closed' }],
  [8, 'hold campus-closed', { facts: person({ questionsDue: true }), campus: 'closed' }],
  [8, 'hold unknown-card', { facts: null, tries: 3 }],
  [9, 'hold questions-due', { facts: person({ questionsDue: true }), measured: value(371) }],
  [9, 'refer symptoms', { facts: person({ questionsDue: true }), answer: 'symptom' }],
  [9, 'refer region', { facts: person({ questionsDue: true }), answer: 'region' }],
  [10, 'admit borderline', { measured: value(370) }],
  [10, 'admit borderline', { measured: value(372), facts: person({ questionsDue: true }), answer: 'clear' }],
  [11, 'admit normal', { measured: value(369) }],
  [
    11,
    'admit normal',
    { measured: value(365, { passed: true }), sensor: 'device-lost', ambientTenths: null, tries: 9 },
  ],
  [11, 'admit normal', { measured: value(365, { method: 'contact' }), tries: 9, ambientTenths: null }],
  [11, 'admit normal', { direction: 'out', measured: { kind: 'nothing' }, sensor: 'device-lost' }],
  [8, 'hold campus-closed', { direction: 'out', measured: { kind: 'nothing' }, campus: 'closed' }],
  [
    11,
    'admit normal',
    { direction: 'out', measured: { kind: 'nothing' }, facts: person({ presence: 'away', questionsDue: true }) },
  ],
])('row %i: %s', (row, expected, change) => {
  const judged = judge(given(change));
  expect(`${judged?.verdict} ${judged?.reason}`).toBe(expected);
  expect(judged?.row).toBe(row);
});

test('the table has the eleven rows of the protocol', () => {
  expect(table).toHaveLength(11);
});
test('with nothing measured there is nothing to decide', () => {
  expect(judge(given({ measured: { kind: 'nothing' }, facts: null }))).toBeNull();
});
test('low leads to another site, then to contact', () => {
  expect(judge(given({ measured: value(349) }))?.next).toBe('another-site');
  expect(judge(given({ measured: value(349, { site: 'wrist' }), lowSites: ['forehead'] }))?.next).toBe('contact');
});

test('tenths are rounded half up, below zero too', () => {
  expect([3_724, 3_725, 3_734, -4, -5, -6].map(tenthsOf)).toEqual([372, 373, 373, 0, 0, -1]);
  expect([365, 5, 0, -4, -14].map(textOfTenths)).toEqual(['36.5', '0.5', '0.0', '-0.4', '-1.4']);
});
test('the median of an even count is the mean of the middle two, half up', () => {
  expect(medianOf([3_660, 3_650, 3_651, 3_640])).toBe(3_651);
  expect(medianOf([3_650, 3_640])).toBe(3_645);
  expect(() => medianOf([])).toThrow('no values');
});
test('a window holds the last second, both ends, of the site that spoke last', () => {
  const samples = [sampleAt(0, 3_650), sampleAt(1, 3_650), sampleAt(500, 3_650, 'wrist'), sampleAt(1_000, 3_650)];
  expect(windowOf(samples, 1_000, defaultPolicy).map((sample) => sample.atMs)).toEqual([0, 1, 1_000]);
  expect(windowOf(samples, 1_001, defaultPolicy).map((sample) => sample.atMs)).toEqual([1, 1_000]);
  expect(windowOf([], 0, defaultPolicy)).toEqual([]);
});
test('a reading keeps all samples of its window', () => {
  const window = [sampleAt(0, 3_650), sampleAt(300, 3_680), sampleAt(600, 3_660), sampleAt(900, 3_661)];
  expect(readingFrom(window, defaultPolicy)).toMatchObject({
    centiCelsius: 3_661,
    endedAtMs: 900,
    samples: window,
  });
  expect(readingFrom(window.slice(0, 2), defaultPolicy)).toBeNull();
  expect(endWithout([], defaultPolicy)).toEqual({ reason: 'no-reading', allHigh: null, last: null });
});
