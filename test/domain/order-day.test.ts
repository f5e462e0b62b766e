// Ends of orders at the campus-day boundary, by clocks that are sure and by clocks that are not.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, campusDay, dayMs, endOfDayMs, startOfDayMs } from '../../src/domain/campus-day.ts';
import {
  type ClockSight,
  dayOfOrderOn,
  type KnownOrder,
  orderEndOn,
  possibleDays,
} from '../../src/domain/order-day.ts';

const begin = '2020-03-01';
const until = '2020-03-15';
const end = endOfDayMs(until);
const home: KnownOrder = { kind: 'home', beginDay: begin, untilDay: until, orderDay: 3 };
const isolation: KnownOrder = { ...home, kind: 'isolation' };
const sure: ClockSight = { wallMs: end, hubOffsetMs: 0, heardAgoMs: 0, jumped: false, floorMs: null };

describe('an order at midnight in Shanghai', () => {
  it('24:00 of D+14 is 16:00 UTC', () => expect(new Date(end).toISOString()).toBe('2020-03-15T16:00:00.000Z'));

  it.each([
    ['a second before', { wallMs: end - 1_000 }, 'in-force'],
    ['a millisecond before', { wallMs: end - 1 }, 'in-force'],
    ['at 24:00', { wallMs: end }, 'ended'],
    ['at 24:00 of the day before', { wallMs: end - dayMs }, 'in-force'],
    ['own clock an hour slow, hub known', { wallMs: end - 3_600_000, hubOffsetMs: 3_600_000 }, 'ended'],
    ['own clock an hour fast, hub known', { wallMs: end + 3_599_999, hubOffsetMs: -3_600_000 }, 'in-force'],
    ['10 h without the hub, 7.2 s of drift, 7 s after', { wallMs: end + 7_000, heardAgoMs: 36_000_000 }, 'unsure'],
    ['10 h without the hub, 7.2 s of drift, 7.2 s after', { wallMs: end + 7_200, heardAgoMs: 36_000_000 }, 'ended'],
    ['10 h without the hub, 7 s before', { wallMs: end - 7_000, heardAgoMs: 36_000_000 }, 'unsure'],
    ['10 h without the hub, 8 s before', { wallMs: end - 8_000, heardAgoMs: 36_000_000 }, 'in-force'],
    [
      'jumped since the hub, by the wall over',
      { wallMs: end + dayMs, jumped: true, floorMs: end - 3 * dayMs },
      'unsure',
    ],
    ['jumped, but the hub was heard after the end', { wallMs: end, jumped: true, floorMs: end }, 'ended'],
    [
      'hub not heard since the start, by the wall over',
      { wallMs: end, hubOffsetMs: null, floorMs: end - dayMs },
      'unsure',
    ],
    ['not heard, by the wall the last day', { wallMs: end - 1, hubOffsetMs: null, floorMs: end - 2 * dayMs }, 'unsure'],
    [
      'not heard, by the wall two days left',
      { wallMs: end - dayMs - 1, hubOffsetMs: null, floorMs: end - 3 * dayMs },
      'in-force',
    ],
    ['not heard, wall before what was heard', { wallMs: 0, hubOffsetMs: null, floorMs: end - 3 * dayMs }, 'unsure'],
    ['never heard of any hub', { wallMs: end + 9 * dayMs, hubOffsetMs: null }, 'unsure'],
  ] as const)('home observation, %s: %s -> %s', (_, clock, expected) => {
    const days = possibleDays({ ...sure, ...clock });
    expect(orderEndOn(home, days)).toBe(expected);
    expect(orderEndOn({ ...home, kind: 'watch' }, days)).toBe(expected);
    expect(orderEndOn(isolation, days)).toBe(expected === 'ended' ? 'due-for-release' : expected);
    expect(orderEndOn({ ...home, kind: 'hospital' }, days)).toBe('in-force');
    expect(orderEndOn({ ...home, untilDay: null }, days)).toBe('in-force');
  });

  it.each([
    ['on D', begin, 1],
    ['on D+1', '2020-03-02', 1],
    ['on D+14', until, 14],
    ['on D+15', '2020-03-16', 15],
  ])('counts day n %s', (_, day, n) => {
    const days = possibleDays({ ...sure, wallMs: startOfDayMs(day) });
    expect(dayOfOrderOn(home, days)).toBe(n);
    expect(dayOfOrderOn({ ...home, beginDay: null }, days)).toBe(3);
    expect(dayOfOrderOn({ ...home, kind: 'hospital' }, days)).toBeNull();
  });
});

it('never ends an order before its last day is over, whatever the clock says, and never doubts a clock that the hub has just set', () => {
  const instant = fc.integer({ min: startOfDayMs('2019-12-01'), max: startOfDayMs('2021-01-01') });
  fc.assert(
    fc.property(
      instant,
      fc.integer({ min: -400 * dayMs, max: 400 * dayMs }),
      fc.integer({ min: 0, max: 60 * dayMs }),
      fc.boolean(),
      fc.option(fc.integer({ min: -10 * dayMs, max: 0 })),
      fc.integer({ min: -199, max: 199 }),
      fc.integer({ min: 1, max: 60 }),
      (trueMs, errorMs, heardAgoMs, jumped, heardRun, ppm, days) => {
        // A wall clock that is wrong by errorMs, an offset that was right when the hub was heard and has drifted since.
        const wallMs = Math.max(0, trueMs + errorMs);
        const driftMs = Math.trunc((heardAgoMs * ppm) / 1_000_000);
        const hubOffsetMs = heardRun === null ? null : trueMs - wallMs + driftMs;
        const floorMs = trueMs - heardAgoMs;
        const range = possibleDays({ wallMs, hubOffsetMs, heardAgoMs, jumped, floorMs });
        const untilDay = addDays(campusDay(trueMs - heardAgoMs), days);
        const order: KnownOrder = { kind: 'home', beginDay: null, untilDay, orderDay: null };
        const said = orderEndOn(order, range);
        if (trueMs < endOfDayMs(untilDay)) expect(said).not.toBe('ended');
        if (hubOffsetMs !== null && !jumped && heardAgoMs < limits(1)) expect(said).not.toBe('unsure');
      },
    ),
    { numRuns: 2_000 },
  );
});
/** Milliseconds since the hub below which there is no drift of `ms` yet. */
const limits = (ms: number) => ms * 5_000;
