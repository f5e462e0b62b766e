// Values for a zod schema: some that fit, and near misses made from them. Used by light.test.ts.
import fc from 'fast-check';
import type * as z from 'zod/mini';

type Def = {
  type: string;
  shape?: Record<string, z.ZodMiniType>;
  element?: z.ZodMiniType;
  innerType?: z.ZodMiniType;
  valueType?: z.ZodMiniType;
  options?: readonly z.ZodMiniType[];
  items?: readonly z.ZodMiniType[];
  values?: readonly unknown[];
  entries?: Record<string, string>;
  checks?: readonly {
    _zod: {
      def: { check: string; format?: string; pattern?: RegExp; value?: number; minimum?: number; maximum?: number };
    };
  }[];
};

const limits = { textChars: 210, items: 4 } as const;

/** Mostly values that fit; bounds are met at, just inside and just outside. */
export function fitting(schema: z.ZodMiniType): fc.Arbitrary<unknown> {
  const def = schema._zod.def as unknown as Def;
  switch (def.type) {
    case 'string':
      return stringOf(def);
    case 'number':
      return numberOf(def);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'unknown':
      return fc.jsonValue();
    case 'literal':
      return fc.constantFrom(...(def.values ?? []));
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries ?? {}));
    case 'nullable':
      return fc.option(fitting(inner(def)), { nil: null });
    case 'optional':
      return fc.option(fitting(inner(def)), { nil: undefined });
    case 'array':
      return fc.array(fitting(def.element ?? missing()), { maxLength: limits.items });
    case 'tuple':
      return fc.tuple(...(def.items ?? []).map(fitting));
    case 'union':
      return fc.oneof(...(def.options ?? []).map(fitting));
    case 'record':
      return fc.dictionary(fc.string(), fitting(def.valueType ?? missing()), { maxKeys: limits.items });
    case 'object':
      return fc.record(
        Object.fromEntries(Object.entries(def.shape ?? {}).map(([key, field]) => [key, fitting(field)])),
      );
    default:
      throw new Error(`no values for a schema of type ${def.type}`);
  }
}

const inner = (def: Def) => def.innerType ?? missing();
function missing(): never {
  throw new Error('a schema without its part');
}

function checksOf(def: Def) {
  return (def.checks ?? []).map((check) => check._zod.def);
}

function stringOf(def: Def): fc.Arbitrary<unknown> {
  const checks = checksOf(def);
  const pattern = checks.find((check) => check.pattern !== undefined)?.pattern;
  if (pattern !== undefined) return fc.stringMatching(pattern);
  const sizes = checks.flatMap((check) => [check.minimum ?? [], check.maximum ?? []].flat());
  const edges = sizes.flatMap((size) => [size - 1, size, size + 1]).filter((size) => size >= 0 && size < 70_000);
  return fc.oneof(
    { weight: 40, arbitrary: fc.string({ minLength: 2, maxLength: limits.textChars }) },
    { weight: 1, arbitrary: fc.constantFrom('', '体温', ...edges.map((size) => 'x'.repeat(size))) },
  );
}

function numberOf(def: Def): fc.Arbitrary<unknown> {
  const bounds = checksOf(def).flatMap((check) => (typeof check.value === 'number' ? [check.value] : []));
  const low = bounds.length === 0 ? -1_000_000 : Math.min(...bounds);
  const high = bounds.length < 2 ? low + 1_000_000 : Math.max(...bounds);
  const edges = [low, (low + high) / 2, high].flatMap((value) => [
    value - 1,
    value - 0.1,
    value,
    value + 0.05,
    value + 0.1,
    value + 1,
  ]);
  return fc.oneof(
    { weight: 40, arbitrary: fc.integer({ min: Math.ceil(low), max: Math.max(Math.ceil(low), Math.floor(high)) }) },
    { weight: 1, arbitrary: fc.constantFrom(...edges) },
  );
}

const strangers = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(undefined, Number.NaN, Number.POSITIVE_INFINITY, -0, 2 ** 53, 1.5, '', [], {}, 1n),
);

/** A value with something in it put wrong: another value, a field gone, a field too many. */
export function nearMiss(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== 'object' || value === null) return strangers;
  const keys = Object.keys(value);
  const extra = fc.constantFrom('extra', 'toString', 'length').map((key) => ({ ...value, [key]: 1 }));
  if (keys.length === 0) return fc.oneof(strangers, extra);
  const inside = fc.constantFrom(...keys).chain((key) => {
    const fields: [string, unknown][] = Object.entries(value);
    const old = fields.find(([name]) => name === key)?.[1];
    const put = (changed: unknown) =>
      Array.isArray(value)
        ? value.map((item, index) => (String(index) === key ? changed : item))
        : { ...value, [key]: changed };
    const gone = Array.isArray(value)
      ? value.filter((_item, index) => String(index) !== key)
      : Object.fromEntries(fields.filter(([name]) => name !== key));
    return fc.oneof(nearMiss(old).map(put), strangers.map(put), fc.constant(gone));
  });
  return fc.oneof(
    { weight: 5, arbitrary: inside },
    { weight: 1, arbitrary: extra },
    { weight: 1, arbitrary: strangers },
  );
}
