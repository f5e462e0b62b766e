// A value by contact is the body's when nothing follows it, or when a stream has come to rest; never on its way up.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aloneAtMs, endAlone, limits, noValues, takeValue } from '../../src/domain/contact-values.ts';

/** The readings of an instrument that sent these values, with the instant at which each was known. */
function readingsOf(values: readonly (readonly [atMs: number, centiCelsius: number])[]): [number, number][] {
  let known = noValues;
  const readings: [number, number][] = [];
  const note = (atMs: number, told: ReturnType<typeof takeValue>) => {
    known = told.now;
    if (told.reading !== null) readings.push([atMs, told.reading]);
  };
  const untilMs = (endMs: number) => {
    const dueMs = aloneAtMs(known);
    if (dueMs !== null && dueMs < endMs) note(dueMs, endAlone(known));
  };
  for (const [atMs, centiCelsius] of values) {
    untilMs(atMs);
    note(atMs, takeValue(known, { atMs, centiCelsius }));
  }
  untilMs(Number.POSITIVE_INFINITY);
  return readings;
}
/** A value every `everyMs`, by its number. */
const stream = (count: number, everyMs: number, valueAt: (n: number) => number, fromMs = 0) =>
  Array.from({ length: count }, (_, n) => [fromMs + n * everyMs, valueAt(n)] as const);

describe('a contact thermometer', () => {
  test('that sends its final value is believed when nothing follows', () => {
    expect(readingsOf([[0, 3_640]])).toEqual([[limits.aloneMs, 3_640]]);
    expect(
      readingsOf([
        [0, 3_640],
        [20_000, 3_820],
      ]),
    ).toEqual([
      [limits.aloneMs, 3_640],
      [20_000 + limits.aloneMs, 3_820],
    ]);
  });

  test('that sends on is not believed while it rises, and once when it has come to rest', () => {
    const rising = stream(60, 1_000, (n) => 3_820 - Math.round(900 * Math.exp(-n / 8)));
    const readings = readingsOf(rising);
    expect(readings).toHaveLength(1);
    expect(readings[0]?.[1]).toBeGreaterThanOrEqual(3_800);
    expect(readingsOf(rising.slice(0, 30))).toEqual([]);
  });

  test('that sends all day reads the table once, the next body anew, and the same body no second time', () => {
    const day = [
      ...stream(30, 1_000, () => 2_200),
      ...stream(60, 1_000, (n) => 3_650 - Math.round(1_450 * Math.exp(-n / 6)), 30_000),
      ...stream(60, 1_000, (n) => 2_200 + Math.round(1_450 * Math.exp(-n / 6)), 90_000),
    ];
    const told = readingsOf(day).map(([, centiCelsius]) => centiCelsius);
    expect(told[0]).toBe(2_200);
    expect(told.filter((one) => one > 3_400)).toHaveLength(1);
    expect(Math.abs((told.find((one) => one > 3_400) ?? 0) - 3_650)).toBeLessThanOrEqual(limits.steadyCenti);
  });

  test('at ten values a second is judged by its last 16 s as one at one a second is', () => {
    expect(readingsOf(stream(159, 100, () => 3_650))).toEqual([]);
    expect(readingsOf(stream(200, 100, () => 3_650))).toEqual([[limits.steadyMs, 3_650]]);
  });

  test('never makes a reading of a stream that rose by more than 0.1 within its last 16 s', () => {
    const steps = fc.array(
      fc.record({ waitMs: fc.integer({ min: 50, max: 1_400 }), rise: fc.integer({ min: 0, max: 30 }) }),
      {
        minLength: 2,
        maxLength: 200,
      },
    );
    fc.assert(
      fc.property(steps, (given) => {
        let atMs = 0;
        let centiCelsius = 3_400;
        const values = given.map(({ waitMs, rise }) => {
          atMs += waitMs;
          centiCelsius += rise;
          return [atMs, centiCelsius] as const;
        });
        const endsAlone = limits.aloneMs + atMs;
        for (const [readAtMs, read] of readingsOf(values)) {
          expect(readAtMs).not.toBe(endsAlone);
          const before = values.filter(([at]) => at >= readAtMs - limits.steadyMs && at <= readAtMs);
          expect(read - (before[0]?.[1] ?? 0)).toBeLessThanOrEqual(limits.steadyCenti);
        }
      }),
    );
  });
});
