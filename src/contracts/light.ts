// The part of zod/mini that the contracts use, small enough for a page: the build of the pages puts it in zod's place
// (vite.config.ts). It tells only whether a value fits, never why; test/contracts/light.test.ts holds it against zod.

/** What a schema answers for a value that does not fit. */
const misfit = Symbol('misfit');
type Read = (input: unknown) => unknown;
type Check = (value: never) => boolean;
type Schema = {
  /** The value as the schema tells it on, or `misfit`. */
  read: Read;
  check(...checks: Check[]): Schema;
  safeParse(input: unknown): { success: boolean; data?: unknown };
  /** Throws a TypeError for a value that does not fit. */
  parse(input: unknown): unknown;
  /** Fields of an object schema. */
  shape?: Shape | undefined;
  /** Words of an enum, which pages list. */
  options?: readonly unknown[];
};
type Shape = Record<string, Schema>;

/*@__NO_SIDE_EFFECTS__*/
function schema(read: Read, shape?: Shape): Schema {
  return {
    read,
    shape,
    check: (...checks) =>
      schema((input) => {
        const value = read(input);
        return value === misfit || checks.every((fits) => fits(value as never)) ? value : misfit;
      }),
    safeParse(input) {
      const data = read(input);
      return data === misfit ? { success: false } : { success: true, data };
    },
    parse(input) {
      const data = read(input);
      if (data === misfit) throw new TypeError('not what the contract says');
      return data;
    },
  };
}

/*@__NO_SIDE_EFFECTS__*/
function where(fits: (input: unknown) => boolean): Schema {
  return schema((input) => (fits(input) ? input : misfit));
}

const isRecord = (input: unknown): input is Record<string, unknown> =>
  typeof input === 'object' && input !== null && !Array.isArray(input);

/** A missing field fits only where `undefined` fits; fields that the shape does not name are left out. */
const readFields = (shape: Shape, input: unknown): unknown => {
  if (!isRecord(input)) return misfit;
  const output: Record<string, unknown> = {};
  for (const key in shape) {
    const value = shape[key]?.read(input[key]);
    if (value === misfit) return misfit;
    if (value !== undefined || key in input) output[key] = value;
  }
  return output;
};

const readItems = (schemaAt: (index: number) => Schema | undefined, input: readonly unknown[]): unknown => {
  // Array.from, unlike map, also looks at holes.
  const output = Array.from(input, (item, index) => schemaAt(index)?.read(item));
  return output.includes(misfit) ? misfit : output;
};

const string = /*@__NO_SIDE_EFFECTS__*/ () => where((input) => typeof input === 'string');
const number = /*@__NO_SIDE_EFFECTS__*/ () => where(Number.isFinite);
const int = /*@__NO_SIDE_EFFECTS__*/ () => where(Number.isSafeInteger);
const boolean = /*@__NO_SIDE_EFFECTS__*/ () => where((input) => typeof input === 'boolean');
const unknown = /*@__NO_SIDE_EFFECTS__*/ () => where(() => true);
const literal = /*@__NO_SIDE_EFFECTS__*/ (value: unknown) => where((input) => input === value);
const nothing = /*@__NO_SIDE_EFFECTS__*/ () => literal(null);
const oneOf = /*@__NO_SIDE_EFFECTS__*/ (options: readonly unknown[]): Schema => ({
  ...where((input) => options.includes(input)),
  options,
});

const nullable = /*@__NO_SIDE_EFFECTS__*/ (inner: Schema) =>
  schema((input) => (input === null ? null : inner.read(input)));
const optional = /*@__NO_SIDE_EFFECTS__*/ (inner: Schema) =>
  schema((input) => (input === undefined ? input : inner.read(input)));

const object = /*@__NO_SIDE_EFFECTS__*/ (shape: Shape) => schema((input) => readFields(shape, input), shape);
const strictObject = /*@__NO_SIDE_EFFECTS__*/ (shape: Shape) =>
  schema((input) => {
    for (const key in Object(input)) if (!Object.hasOwn(shape, key)) return misfit;
    return readFields(shape, input);
  }, shape);
const record = /*@__NO_SIDE_EFFECTS__*/ (_key: Schema, value: Schema) =>
  schema((input) => {
    if (!isRecord(input)) return misfit;
    const output: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(input)) {
      if (key === '__proto__') continue;
      const read = value.read(item);
      if (read === misfit) return misfit;
      output[key] = read;
    }
    return output;
  });
const array = /*@__NO_SIDE_EFFECTS__*/ (item: Schema) =>
  schema((input) => (Array.isArray(input) ? readItems(() => item, input) : misfit));
const tuple = /*@__NO_SIDE_EFFECTS__*/ (items: readonly Schema[]) =>
  schema((input) =>
    Array.isArray(input) && input.length === items.length ? readItems((index) => items[index], input) : misfit,
  );

/** The first option that the value fits. */
const union = /*@__NO_SIDE_EFFECTS__*/ (options: readonly Schema[]) =>
  schema((input) => {
    for (const option of options) {
      const value = option.read(input);
      if (value !== misfit) return value;
    }
    return misfit;
  });
/** The option whose `key` field fits decides alone. */
const discriminatedUnion = /*@__NO_SIDE_EFFECTS__*/ (key: string, options: readonly Schema[]) =>
  schema((input) => {
    if (!isRecord(input)) return misfit;
    const option = options.find(({ shape }) => shape?.[key]?.read(input[key]) !== misfit);
    return option === undefined ? misfit : option.read(input);
  });

const gte =
  (least: number): Check =>
  (value: number) =>
    value >= least;
const lte =
  (most: number): Check =>
  (value: number) =>
    value <= most;
const minLength =
  (least: number): Check =>
  (value: { length: number }) =>
    value.length >= least;
const maxLength =
  (most: number): Check =>
  (value: { length: number }) =>
    value.length <= most;
const regex =
  (pattern: RegExp): Check =>
  (value: string) =>
    pattern.test(value);
const refine = (fits: Check): Check => fits;

export {
  array,
  boolean,
  discriminatedUnion,
  gte,
  int,
  literal,
  lte,
  maxLength,
  minLength,
  nothing as null,
  nullable,
  number,
  object,
  oneOf as enum,
  optional,
  record,
  refine,
  regex,
  strictObject,
  string,
  tuple,
  union,
  unknown,
};
