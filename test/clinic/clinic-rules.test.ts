import { describe, expect, it } from 'vitest';
import {
  campusClockText,
  elapsedText,
  isOverdue,
  maskedName,
  mayClose,
  typedTenths,
} from '../../src/clinic/clinic-rules.ts';
import { aCase, hubStart } from './case.ts';

describe('cleared is offered only for a normal axillary reading without symptom or region', () => {
  const measured = (change: object) =>
    aCase(1, {
      state: 're-measured',
      reMeasured: {
        atMs: hubStart,
        centiCelsius: 3640,
        site: 'axillary',
        symptoms: [],
        listedRegion: false,
        ...change,
      },
    });
  it.each([
    ['36.4 axillary', {}, true],
    ['35.0, just normal', { centiCelsius: 3500 }, true],
    ['34.9, low is never normal', { centiCelsius: 3494 }, false],
    ['37.2, just normal', { centiCelsius: 3724 }, true],
    ['37.3', { centiCelsius: 3725 }, false],
    ['another site', { site: 'forehead' }, false],
    ['a symptom', { symptoms: ['dry-cough'] }, false],
    ['a listed region', { listedRegion: true }, false],
  ])('%s', (_name, change, may) => expect(mayClose(measured(change), 'cleared')).toBe(may));
  it('nothing measured clears nobody', () => expect(mayClose(aCase(1, { state: 'arrived' }), 'cleared')).toBe(false));
});

it.each([
  ['raised', 120_000, {}],
  ['acknowledged', 900_000, { acknowledgedAtMs: hubStart }],
  ['arrived', 600_000, { arrivedAtMs: hubStart }],
  [
    're-measured',
    1_800_000,
    {
      reMeasured: { atMs: hubStart, centiCelsius: 3640, site: 'axillary' as const, symptoms: [], listedRegion: false },
    },
  ],
] as const)('%s is overdue at its limit, not a moment before', (state, afterMs, change) => {
  const one = aCase(1, { state, ...change } as Parameters<typeof aCase>[1]);
  expect(isOverdue(one, hubStart + afterMs - 1)).toBe(false);
  expect(isOverdue(one, hubStart + afterMs)).toBe(true);
});

it('a closed case is never overdue', () => {
  expect(isOverdue(aCase(1, { state: 'closed', closedAtMs: hubStart }), hubStart + 1e9)).toBe(false);
});

it.each([
  ['364', 364],
  ['340', 340],
  ['339', null],
  ['420', 420],
  ['421', null],
  ['36', null],
  ['', null],
  ['3640', null],
  ['3a4', null],
])('three digits %s become %s tenths', (digits, tenths) => expect(typedTenths(digits)).toBe(tenths));

it('a masked name shows one whole character', () => {
  expect(maskedName('王小明')).toBe('王*');
  expect(maskedName('𠮷田')).toBe('𠮷*');
  expect(maskedName('Ann')).toBe('A*');
});

it('elapsed time never runs backwards and changes form at an hour', () => {
  expect([-5_000, 0, 59_999, 60_000, 3_599_000, 3_600_000].map(elapsedText)).toEqual([
    '0:00',
    '0:00',
    '0:59',
    '1:00',
    '59:59',
    '1:00:00',
  ]);
});

it('the clock on the board is the campus clock', () => {
  expect(campusClockText(Date.UTC(2026, 10, 23, 23, 45, 37))).toBe('07:45:37');
});

it('before arrival a case ends only as hospital, refused or not reached; a new one not at all', () => {
  const ways = ['cleared', 'observed', 'hospital', 'home', 'refused', 'not-reached'] as const;
  const allowed = (state: 'raised' | 'acknowledged' | 'arrived') =>
    ways.filter((one) => mayClose(aCase(1, { state }), one));
  expect(allowed('raised')).toEqual([]);
  expect(allowed('acknowledged')).toEqual(['hospital', 'refused', 'not-reached']);
  expect(allowed('arrived')).toEqual(['observed', 'hospital', 'home', 'refused', 'not-reached']);
});

it('nobody unknown gets an order', () => {
  expect(mayClose(aCase(1, { state: 'arrived', person: null }), 'observed')).toBe(false);
  expect(mayClose(aCase(1, { state: 'arrived', person: null }), 'hospital')).toBe(true);
});
