// Object stores of the simulated IndexedDB: rows in the order of their keys, ranges and undo. Called by
// page-store.

export type Key = string | number | readonly Key[];
export type Row = { key: Key; value: unknown };
export type Bounds = { lower: Key | null; upper: Key | null; lowerOpen: boolean; upperOpen: boolean };
type Written<T> = { undo: () => void; key: T };

/** IDBKeyRange's two makers that the project uses. */
export class SimKeyRange implements Bounds {
  readonly lower: Key | null;
  readonly upper: Key | null;
  readonly lowerOpen: boolean;
  readonly upperOpen: boolean;

  constructor(lower: Key | null, upper: Key | null, lowerOpen: boolean, upperOpen: boolean) {
    this.lower = lower;
    this.upper = upper;
    this.lowerOpen = lowerOpen;
    this.upperOpen = upperOpen;
  }

  static bound(lower: Key, upper: Key, lowerOpen = false, upperOpen = false): SimKeyRange {
    return new SimKeyRange(lower, upper, lowerOpen, upperOpen);
  }

  static lowerBound(lower: Key, open = false): SimKeyRange {
    return new SimKeyRange(lower, null, open, false);
  }

  static upperBound(upper: Key, open = false): SimKeyRange {
    return new SimKeyRange(null, upper, false, open);
  }

  static only(key: Key): SimKeyRange {
    return new SimKeyRange(key, key, false, false);
  }
}

/** The order of the Indexed Database API: numbers before strings before arrays. */
export function compareKeys(a: Key, b: Key): number {
  const rank = (key: Key) => (typeof key === 'number' ? 0 : typeof key === 'string' ? 1 : 2);
  if (typeof a === 'object' && typeof b === 'object') {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const order = compareKeys(a[i] ?? 0, b[i] ?? 0);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  return a < b ? -1 : a > b ? 1 : 0;
}

export class SimTable {
  readonly #keyPath: string | string[] | null;
  #rows: Row[] = [];
  #next = 1;

  constructor(keyPath: string | string[] | null) {
    this.#keyPath = keyPath;
  }

  get(key: Key): unknown {
    const at = this.#place(key);
    return this.#isAt(at, key) ? this.#rows[at]?.value : undefined;
  }

  /** Rows in the order of their key; null for all of them. */
  find(query: Bounds | Key | null): Row[] {
    if (query === null) return this.#rows;
    if (typeof query === 'object' && 'lowerOpen' in query) return this.#rows.filter(({ key }) => isWithin(key, query));
    return this.#rows.filter(({ key }) => compareKeys(key, query) === 0);
  }

  write(value: unknown, outer: Key | null, isNew: boolean): Written<Key> {
    const key = this.#keyOf(value, outer);
    const at = this.#place(key);
    const row: Row = { key, value };
    const before = this.#isAt(at, key) ? this.#rows[at] : undefined;
    if (before !== undefined && isNew) throw new DOMException('the key is taken', 'ConstraintError');
    this.#rows.splice(at, before === undefined ? 0 : 1, row);
    return { key, undo: () => this.#restore(key, before) };
  }

  remove(query: Bounds | Key): Written<undefined> {
    const gone = this.find(query);
    if (gone.length > 0) this.#rows.splice(this.#place(gone[0]?.key ?? 0), gone.length);
    return {
      key: undefined,
      undo: () => {
        for (const row of gone) this.#restore(row.key, row);
      },
    };
  }

  clear(): Written<undefined> {
    const before = this.#rows;
    this.#rows = [];
    return {
      key: undefined,
      undo: () => {
        this.#rows = before;
      },
    };
  }

  #restore(key: Key, before: Row | undefined): void {
    const at = this.#place(key);
    this.#rows.splice(at, this.#isAt(at, key) ? 1 : 0, ...(before === undefined ? [] : [before]));
  }

  #keyOf(value: unknown, outer: Key | null): Key {
    if (outer !== null) return outer;
    const path = this.#keyPath;
    if (path === null) return this.#next++;
    const part = (name: string) => Reflect.get(Object(value), name) as Key;
    return typeof path === 'string' ? part(path) : path.map(part);
  }

  /** Where `key` lies or would lie. */
  #place(key: Key): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = this.#rows[middle];
      if (row !== undefined && compareKeys(row.key, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isAt(at: number, key: Key): boolean {
    const row = this.#rows[at];
    return row !== undefined && compareKeys(row.key, key) === 0;
  }
}

function isWithin(key: Key, { lower, upper, lowerOpen, upperOpen }: Bounds): boolean {
  if (lower !== null) {
    const order = compareKeys(key, lower);
    if (order < 0 || (order === 0 && lowerOpen)) return false;
  }
  if (upper !== null) {
    const order = compareKeys(key, upper);
    if (order > 0 || (order === 0 && upperOpen)) return false;
  }
  return true;
}
