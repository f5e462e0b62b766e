// The small part of the metadata proposal that @peculiar/x509's container asks for at load (Reflect.getMetadata and its
// kin). Imported by ca.ts before x509; nothing else in the hub uses it.
type Key = string | symbol | undefined;
const store = new WeakMap<object, Map<Key, Map<unknown, unknown>>>();

function tableOf(target: object, property: Key): Map<unknown, unknown> {
  const byProperty = store.get(target) ?? new Map<Key, Map<unknown, unknown>>();
  store.set(target, byProperty);
  const table = byProperty.get(property) ?? new Map<unknown, unknown>();
  byProperty.set(property, table);
  return table;
}

function defineMetadata(key: unknown, value: unknown, target: object, property?: Key): void {
  tableOf(target, property).set(key, value);
}

const getOwnMetadata = (key: unknown, target: object, property?: Key): unknown => tableOf(target, property).get(key);

/** Looks along the prototypes, as the proposal does. */
function getMetadata(key: unknown, target: object, property?: Key): unknown {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at)) {
    const value = getOwnMetadata(key, at, property);
    if (value !== undefined) return value;
  }
  return undefined;
}

if (!('getMetadata' in Reflect)) {
  const metadata = (key: unknown, value: unknown) => (target: object, property?: Key) =>
    defineMetadata(key, value, target, property);
  const hasOwnMetadata = (key: unknown, target: object, property?: Key) => tableOf(target, property).has(key);
  Object.assign(Reflect, { defineMetadata, getOwnMetadata, getMetadata, hasOwnMetadata, metadata });
}
