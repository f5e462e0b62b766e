// The roster of up to 50,000 people: hashed buckets of JSON text, on disk and in memory, each parsed when somebody in it is
// looked up. Called by the downlink (apply) and by the gate's station (look-ups).
import * as z from 'zod/mini';
import { cardKey, type RosterRow, rosterRow } from '../contracts/downlink.ts';
import { name } from '../contracts/kit.ts';
import type { Database } from './db.ts';

/** 256 buckets keep a bucket of 50,000 people near 200 rows: under 64 KB on disk, a fraction of a millisecond to parse. */
export const limits = {
  buckets: 256,
  people: 200_000,
  /** What a search gives at most: whoever finds more goes on typing. */
  found: 60,
  /** Rows before this format had no search keys. */
  format: 2,
} as const;

const personBucket = z.array(rosterRow);
const cardBucket = z.array(z.tuple([cardKey, name]));

export type RosterState = { version: number; people: number; asOfWallMs: number | null };
export type RosterCache = {
  /** Reads all buckets as text. Throws StoreError. */
  load(): Promise<void>;
  state(): RosterState;
  byPersonId(personId: string): RosterRow | null;
  /** By a card key ('uid:..', 'printed:..'); null when nobody or more than one person holds it. */
  byCard(key: string): RosterRow | null;
  /** Whether this card is reported as lost. */
  isLost(key: string): boolean;
  /** Version to ask the hub for changes since; 0 asks for everybody, as long as what lies here is of an older format. */
  asks(): number;
  /**
   * Whom these digits of a telephone pad may mean: words of name or number that are just these first, then those that begin with
   * them, then numbers that hold four or more of them anywhere. At most `limits.found`.
   */
  find(digits: string): RosterRow[];
  /** Applies one page of changes; the version moves only with `done`. */
  apply(people: readonly RosterRow[], done: { version: number; asOfWallMs: number } | null): Promise<void>;
  /** Replaces everybody at once. */
  replace(people: readonly RosterRow[], done: { version: number; asOfWallMs: number }): Promise<void>;
  /** The hub told that nothing changed. */
  touch(asOfWallMs: number): void;
};

type People = Map<string, RosterRow>;
type Holders = Map<string, string[]>;
type Slot<T> = { text: string } | { parsed: T };

const stateSchema = z.object({
  version: z.int(),
  people: z.int(),
  asOfWallMs: z.nullable(z.int()),
  format: z.optional(z.int()),
});

export function createRosterCache(db: Database): RosterCache {
  let people = new Map<string, Slot<People>>();
  let cards = new Map<string, Slot<Holders>>();
  let state: RosterState = { version: 0, people: 0, asOfWallMs: null };
  let isOld = false;

  const peopleOf = (bucket: string) => parsedSlot(people, bucket, readPeople);
  const cardsOf = (bucket: string) => parsedSlot(cards, bucket, readHolders);
  const person = (id: string): RosterRow | null => peopleOf(bucketOf('p', id)).get(id) ?? null;

  /** Changes memory and answers which buckets must be written. */
  function change(row: RosterRow, dirty: Set<string>): number {
    const home = bucketOf('p', row.personId);
    const before = peopleOf(home).get(row.personId);
    for (const key of keysOf(before)) {
      const bucket = bucketOf('c', key);
      const left = (cardsOf(bucket).get(key) ?? []).filter((id) => id !== row.personId);
      if (left.length === 0) cardsOf(bucket).delete(key);
      else cardsOf(bucket).set(key, left);
      dirty.add(bucket);
    }
    dirty.add(home);
    if (row.gone) {
      peopleOf(home).delete(row.personId);
      return before === undefined ? 0 : -1;
    }
    peopleOf(home).set(row.personId, row);
    for (const key of keysOf(row)) {
      const bucket = bucketOf('c', key);
      cardsOf(bucket).set(key, [...(cardsOf(bucket).get(key) ?? []), row.personId]);
      dirty.add(bucket);
    }
    return before === undefined ? 1 : 0;
  }

  const textOf = (bucket: string): string =>
    bucket.startsWith('p')
      ? JSON.stringify([...peopleOf(bucket).values()])
      : JSON.stringify([...cardsOf(bucket)].flatMap(([key, ids]) => ids.map((id) => [key, id])));

  async function write(dirty: ReadonlySet<string>, next: RosterState, all: boolean): Promise<void> {
    const rows = [...dirty].map((bucket) => ({ bucket, text: textOf(bucket) }));
    await db.relaxed(['roster', 'meta'], async (tx) => {
      const store = tx.objectStore('roster');
      if (all) await store.clear();
      await Promise.all(rows.map((row) => store.put(row)));
      await tx.objectStore('meta').put(isOld && !all ? next : { ...next, format: limits.format }, 'roster');
    });
    state = next;
    if (all) isOld = false;
  }

  function take(rows: readonly RosterRow[], dirty: Set<string>): number {
    let joined = 0;
    for (const row of rows) joined += change(row, dirty);
    return joined;
  }

  return {
    async load() {
      const found = await db.read(['roster', 'meta'], async (tx) => ({
        rows: await tx.objectStore('roster').getAll(),
        state: await tx.objectStore('meta').get('roster'),
      }));
      const known = stateSchema.safeParse(found.state);
      // A version without its buckets, or the reverse, is asked for anew as a whole.
      if (!known.success) return;
      for (const { bucket, text } of found.rows) (bucket.startsWith('p') ? people : cards).set(bucket, { text });
      const { format, ...rest } = known.data;
      isOld = format === undefined;
      state = rest;
    },
    state: () => state,
    asks: () => (isOld ? 0 : state.version),
    find(digits) {
      if (!/^\d{1,40}$/.test(digits)) return [];
      // A key is a word: it begins behind the quote or a space and ends before the next.
      const passes = [
        `(?:[^"]* )?${digits}[ "]`,
        `(?:[^"]* )?${digits}`,
        ...(digits.length < 4 ? [] : [`[^"]*${digits}`]),
      ];
      const found = new Map<string, RosterRow>();
      for (const pass of passes) {
        for (const slot of people.values()) {
          if (found.size >= limits.found) break;
          for (const row of rowsLike(slot, pass)) found.set(row.personId, found.get(row.personId) ?? row);
        }
      }
      return [...found.values()].slice(0, limits.found);
    },
    byPersonId: person,
    byCard(key) {
      const holders = cardsOf(bucketOf('c', key)).get(key) ?? [];
      const [only, ...others] = holders;
      const row = only === undefined || others.length > 0 ? null : person(only);
      return row?.cards.includes(key) ? row : null;
    },
    isLost: (key) => (cardsOf(bucketOf('c', key)).get(key) ?? []).some((id) => person(id)?.lost?.includes(key)),
    async apply(rows, done) {
      const dirty = new Set<string>();
      const count = state.people + take(rows, dirty);
      if (count > limits.people) throw new RangeError(`more than ${limits.people} people`);
      await write(dirty, done === null ? { ...state, people: count } : { ...done, people: count }, false);
    },
    async replace(rows, done) {
      if (rows.length > limits.people) throw new RangeError(`more than ${limits.people} people`);
      const before = { people, cards };
      people = new Map();
      cards = new Map();
      try {
        const dirty = new Set<string>();
        const count = take(rows, dirty);
        await write(dirty, { ...done, people: count }, true);
      } catch (error) {
        people = before.people;
        cards = before.cards;
        throw error;
      }
    },
    touch(asOfWallMs) {
      state = { ...state, asOfWallMs };
    },
  };
}

/** Cards that lead to this person: lost ones too, so that they are known as such. */
function keysOf(row: RosterRow | undefined): string[] {
  return row === undefined ? [] : [...row.cards, ...(row.lost ?? [])];
}

/** Rows whose search keys match, without parsing a bucket that is still text: a row holds no brace but its own, or else it is parsed. */
function rowsLike(slot: Slot<People>, keys: string): RosterRow[] {
  if ('parsed' in slot) {
    const wanted = new RegExp(`^${keys}`);
    return [...slot.parsed.values()].filter((row) => row.search !== undefined && wanted.test(`${row.search}"`));
  }
  const { text } = slot;
  const rows: RosterRow[] = [];
  for (const { index } of text.matchAll(new RegExp(`"search":"${keys}`, 'g'))) {
    const row = rowAround(text, index);
    if (row === null) return rowsLike({ parsed: readPeople(text) }, keys);
    rows.push(row);
  }
  return rows;
}

function rowAround(text: string, index: number): RosterRow | null {
  try {
    const read = rosterRow.safeParse(
      JSON.parse(text.slice(text.lastIndexOf('{', index), text.indexOf('}', index) + 1)),
    );
    return read.success ? read.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** FNV-1a over UTF-16 code units: spreads, needs no secrecy. */
function bucketOf(kind: 'p' | 'c', key: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return `${kind}${(hash >>> 0) % limits.buckets}`;
}

function parsedSlot<T>(slots: Map<string, Slot<T>>, bucket: string, parse: (text: string) => T): T {
  const slot = slots.get(bucket);
  if (slot !== undefined && 'parsed' in slot) return slot.parsed;
  const parsed = parse(slot?.text ?? '[]');
  slots.set(bucket, { parsed });
  return parsed;
}

function readPeople(text: string): People {
  return new Map(personBucket.parse(JSON.parse(text)).map((row) => [row.personId, row]));
}

function readHolders(text: string): Holders {
  const holders: Holders = new Map();
  for (const [key, id] of cardBucket.parse(JSON.parse(text))) holders.set(key, [...(holders.get(key) ?? []), id]);
  return holders;
}
