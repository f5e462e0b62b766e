// The compiled checks of the hub against zod: the same entries and envelopes pass, with the same content, value by value; and
// the quick look at canonical spelling against the long one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod/mini';
import { readEntry, readEnvelope } from '../../hub/entry-reader.ts';
import { judge } from '../../hub/upload-check.ts';
import { entry, envelope } from '../../src/contracts/entry.ts';
import { canonicalJson } from '../../src/domain/canonical-json.ts';
import { fitting, nearMiss } from '../contracts/schema-values.ts';
import { chainOf, writerA } from '../kit/some-entries.ts';

const limits = { runs: 400 } as const;

/** Only what JSON can carry reaches the hub. */
const overTheWire = (value: unknown): string | null => {
  try {
    return JSON.stringify(value) ?? null;
  } catch {
    return null; // a bigint
  }
};

const answerOf = (schema: z.ZodMiniType, value: unknown): unknown => {
  const read = schema.safeParse(value);
  return read.success ? read.data : null;
};

describe('the compiled checks', () => {
  const kinds = entry._zod.def.options.map((option) => [[...option.shape.kind._zod.values][0], option] as const);

  it('know every kind of entry', () => {
    expect(kinds.length).toBeGreaterThan(10);
  });

  it.each(kinds)('accept, refuse and answer what zod does: %s', (_kind, schema) => {
    const some = fitting(schema);
    let accepted = 0;
    const same = (value: unknown) => {
      const bytes = overTheWire(value);
      if (bytes === null) return;
      const wired: unknown = JSON.parse(bytes);
      const expected = answerOf(entry, wired);
      if (expected !== null) accepted++;
      expect(readEntry(wired, bytes)).toEqual(expected);
    };
    fc.assert(fc.property(some, same), { numRuns: limits.runs });
    fc.assert(fc.property(some.chain(nearMiss), same), { numRuns: limits.runs });
    expect(accepted).toBeGreaterThan(limits.runs / 10);
  });

  it('accept and refuse the envelopes that zod does', () => {
    const some = fitting(envelope);
    const same = (value: unknown) => {
      const text = overTheWire(value);
      if (text === null) return;
      const wired: unknown = JSON.parse(text);
      expect(readEnvelope(wired)).toEqual(answerOf(envelope, wired));
    };
    fc.assert(fc.property(some, same), { numRuns: limits.runs });
    fc.assert(fc.property(some.chain(nearMiss), same), { numRuns: limits.runs });
  });

  it('count the places of a sample as zod does', () => {
    const value = JSON.parse(chainOf(writerA, 1)[0]?.bytes ?? '');
    const reading = {
      ...{ centiCelsius: 3_650, site: 'forehead', mode: 'object', method: 'infrared', manual: false, typedBy: null },
      ...{ deviceId: 'thermometer', offsetCentiCelsius: 0, ageMs: 40 },
    };
    const accepted = [[], [1], [1, 2, 3], [1, 2, 3, null], [1, 2, 3, null, 5], [1, 2, 3, 4, null]].map((sample) => {
      const one = { ...value, readings: [{ ...reading, samples: [sample] }] };
      expect(readEntry(one, JSON.stringify(one))).toEqual(answerOf(entry, one));
      return readEntry(one, JSON.stringify(one)) !== null;
    });
    expect(accepted).toEqual([false, false, false, true, false, false]);
  });

  it('measure lengths as zod does, in UTF-16 code units, and leave no member named __proto__', () => {
    const text = (chars: string) => ({
      ...JSON.parse(chainOf(writerA, 1)[0]?.bytes ?? ''),
      kind: 'manual-opening',
      by: chars,
      reason: 'x',
    });
    for (const chars of ['😀'.repeat(100), '😀'.repeat(101), '体'.repeat(200), '体'.repeat(201), '']) {
      const { v, station, wallMs, monoMs, hubOffsetMs, day, onDuty, kind, by, reason } = text(chars);
      const value = { v, station, wallMs, monoMs, hubOffsetMs, day, onDuty, kind, by, reason };
      expect(readEntry(value, JSON.stringify(value)), `${chars.length}`).toEqual(answerOf(entry, value));
    }
    const head = '"v":1,"station":"s","wallMs":1,"monoMs":1,"hubOffsetMs":null,"day":"2026-11-24","onDuty":null';
    const bytes = `{${head},"kind":"transition","caseId":"${writerA}","from":"a","to":"b","version":1,"by":"c","detail":{"__proto__":1}}`;
    expect(readEntry(JSON.parse(bytes), bytes)).toEqual(answerOf(entry, JSON.parse(bytes)));
  });
});

describe('the spelling of an entry', () => {
  const value: Record<string, unknown> = JSON.parse(chainOf(writerA, 1)[0]?.bytes ?? '');
  const station = String(value.station);
  const [plain] = chainOf(writerA, 1);
  const reasonOf = (bytes: string) => {
    const judged = judge({ ...plain, bytes }, writerA, station);
    return judged.ok ? 'ok' : judged.reason;
  };

  it('is canonical in exactly the cases that canonicalJson says', () => {
    const canonical = canonicalJson(value);
    expect(reasonOf(canonical)).toBe('ok');
    const reversed = JSON.stringify(Object.fromEntries(Object.entries(value).reverse()));
    const twice = canonical.replace('{', '{"direction":"out",');
    const inner = canonical.replace(/"card":\{[^}]*\}/, '"card":{"uid":null,"printed":null}');
    const spaced = canonical.replace(':', ': ');
    const escaped = canonical.replace('"in"', '"\\u0069n"');
    const exponent = canonical.replace(/"tries":1/, '"tries":1e0');
    const negative = canonical.replace(/"tries":1/, '"tries":-0');
    for (const bytes of [reversed, twice, inner, spaced, escaped, exponent, negative]) {
      expect(bytes).not.toBe(canonical);
      expect(reasonOf(bytes), bytes.slice(0, 80)).toBe('canonical');
    }
  });
});
