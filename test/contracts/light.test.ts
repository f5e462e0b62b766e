// src/contracts/light.ts, which stands in zod's place in the pages, against zod itself: every contract, value by value.
import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type * as z from 'zod/mini';
import { fitting, nearMiss } from './schema-values.ts';

const limits = { runs: process.env.LONG === undefined ? 100 : 500 } as const;

type Modules = Record<string, Record<string, unknown>>;
type Parser = { safeParse(input: unknown): { success: boolean; data?: unknown }; parse(input: unknown): unknown };

async function contracts(): Promise<Modules> {
  return {
    admin: await import('../../src/contracts/admin.ts'),
    clinic: await import('../../src/contracts/clinic.ts'),
    'device-stream': await import('../../src/contracts/device-stream.ts'),
    downlink: await import('../../src/contracts/downlink.ts'),
    entry: await import('../../src/contracts/entry.ts'),
    instrument: await import('../../src/contracts/instrument.ts'),
    envelope: await import('../../src/contracts/envelope.ts'),
    kit: await import('../../src/contracts/kit.ts'),
    policy: await import('../../src/contracts/policy.ts'),
    rounds: await import('../../src/contracts/rounds.ts'),
    staff: await import('../../src/contracts/staff.ts'),
    simulator: await import('../../src/contracts/simulator.ts'),
    upload: await import('../../src/contracts/upload.ts'),
    'local-case': await import('../../src/store/local-case.ts'),
    'page-state': await import('../../src/store/page-state.ts'),
  };
}

const isParser = (value: unknown): value is Parser =>
  typeof value === 'object' && value !== null && 'safeParse' in value && typeof value.safeParse === 'function';

/** Schemas of all modules by name; one level of plain tables (`simulatorRequests`) is looked into. */
function schemasOf(modules: Modules): Map<string, Parser> {
  const found = new Map<string, Parser>();
  for (const [file, exported] of Object.entries(modules)) {
    for (const [name, value] of Object.entries(exported)) {
      if (isParser(value)) found.set(`${file} ${name}`, value);
      else if (typeof value === 'object' && value !== null)
        for (const [key, inner] of Object.entries(value))
          if (isParser(inner)) found.set(`${file} ${name} ${key}`, inner);
    }
  }
  return found;
}

const real = schemasOf(await contracts());
vi.resetModules();
vi.doMock('zod/mini', () => import('../../src/contracts/light.ts'));
const light = schemasOf(await contracts());
afterAll(() => {
  vi.doUnmock('zod/mini');
  vi.resetModules(); // the files that this process runs afterwards have contracts of zod itself
});

describe('the small schemas of the pages', () => {
  it('cover every contract', () => {
    expect(real.size).toBeGreaterThan(40);
    expect([...light.keys()]).toEqual([...real.keys()]);
    for (const [name, schema] of real) expect(light.get(name), name).not.toBe(schema);
  });

  it.each([...real.keys()])('accept, refuse and tell on what zod does: %s', (name) => {
    const zod = real.get(name) as Parser & z.ZodMiniType;
    const small = light.get(name) as Parser;
    let accepted = 0;
    const agree = (value: unknown) => {
      const wanted = zod.safeParse(value);
      const found = small.safeParse(value);
      expect(found.success).toBe(wanted.success);
      expect(found.data).toStrictEqual(wanted.data);
      if (wanted.success) {
        accepted++;
        expect(small.parse(value)).toStrictEqual(wanted.data);
        expect(Object.keys(Object(found.data))).toEqual(Object.keys(Object(wanted.data)));
      } else expect(() => small.parse(value)).toThrow(TypeError);
    };
    const values = fitting(zod);
    fc.assert(fc.property(values, agree), { numRuns: limits.runs });
    fc.assert(fc.property(values.chain(nearMiss), agree), { numRuns: limits.runs });
    fc.assert(fc.property(fc.anything(), agree), { numRuns: limits.runs });
    // A comparison of refusals alone would prove little.
    expect(accepted).toBeGreaterThan(0);
  });

  it('name their fields and their words as zod does, for what a page lists from a contract', () => {
    const told = (schema: unknown) => {
      const { shape, options } = schema as { shape?: object; options?: readonly unknown[] };
      return { fields: shape && Object.keys(shape), words: options?.filter((one) => typeof one === 'string') ?? [] };
    };
    for (const [name, schema] of real) expect({ name, ...told(light.get(name)) }).toEqual({ name, ...told(schema) });
  });

  it('refuse a hole in an array, and a key named __proto__ in a strict object, as zod does', () => {
    const strict = JSON.parse('{"uid":null,"printed":null,"__proto__":1}');
    for (const schemas of [real, light]) {
      expect(schemas.get('entry cardNumber')?.safeParse(strict).success).toBe(false);
      const holes = { centiCelsius: 1, site: 'ear', mode: 'object', method: 'contact', manual: false, typedBy: null };
      const reading = { ...holes, deviceId: 'x', offsetCentiCelsius: 0, ageMs: 0, samples: new Array(2) };
      expect(schemas.get('entry storedReading')?.safeParse(reading).success).toBe(false);
    }
  });
});
