// The roster of up to 50,000 people: hashed buckets of text, each parsed when somebody in it is looked up, on disk sixteen to a
// shelf. What a start costs is the way of these texts out of the store: few large ones take a third of the time of many small
// ones, and a person is a line that names no field. Called by the downlink (apply) and by the gate's station (look-ups).
import * as z from 'zod/mini';
import { cardKey, type RosterRow, rosterRow } from '../contracts/downlink.ts';
import { name } from '../contracts/kit.ts';
import type { Database } from './db.ts';

/** 256 buckets keep a bucket of 50,000 people near 200 rows: a fraction of a millisecond to parse. */
export const limits = {
  buckets: 256,
  /** Of each kind, people and cards. A change of one person writes some four of them, 200 to 400 KB each. */
  shelves: 16,
  people: 200_000,
  /** What a search gives at most: whoever finds more goes on typing. */
  found: 60,
} as const;

/** Places in a person's line, for good: a new field stands at the end. `search` is first, where a search finds it. */
const fields = [
  'search',
  'personId',
  'name',
  'category',
  'unit',
  'room',
  'cards',
  'presence',
  'questionsDue',
  'closedIn',
  'closedOut',
  'contact',
  'gone',
  'lost',
] as const satisfies readonly (keyof RosterRow)[];

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
  /** Version to ask the hub for changes since; 0 asks for everybody, as long as what lies here was stored by a page of before. */
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
});

export function createRosterCache(db: Database): RosterCache {
  let people = new Map<string, Slot<People>>();
  let cards = new Map<string, Slot<Holders>>();
  let state: RosterState = { version: 0, people: 0, asOfWallMs: null };
  /** As pages before the shelves wrote it, every bucket one array by itself: read as it is, and asked for anew. */
  let isOld = false;

  const slotsOf = (bucket: string): Map<string, Slot<unknown>> => (bucket.startsWith('p') ? people : cards);
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

  const textOf = (bucket: string): string => {
    const slot = slotsOf(bucket).get(bucket);
    if (slot === undefined) return '';
    if ('text' in slot) return slot.text;
    return bucket.startsWith('p')
      ? linesOf([...peopleOf(bucket).values()].map((row) => fields.map((field) => row[field])))
      : linesOf([...cardsOf(bucket)].flatMap(([key, ids]) => ids.map((id) => [key, id])));
  };

  const shelfText = (shelf: string): string => bucketsOf(shelf).map(textOf).join('\f');

  async function write(dirty: ReadonlySet<string>, next: RosterState, all: boolean): Promise<void> {
    const rows = [...new Set([...dirty].map(shelfOf))].map((bucket) => ({ bucket, text: shelfText(bucket) }));
    await db.relaxed(['roster', 'meta'], async (tx) => {
      const store = tx.objectStore('roster');
      if (all) await store.clear();
      await Promise.all(rows.map((row) => store.put(row)));
      const meta = tx.objectStore('meta');
      await meta.put(next, 'shelves');
      // A page from before the shelves, put back by an operator, must not take their version for its own: it asks for everybody.
      await meta.delete('roster');
    });
    state = next;
    isOld = false;
  }

  function take(rows: readonly RosterRow[], dirty: Set<string>): number {
    let joined = 0;
    for (const row of rows) joined += change(row, dirty);
    return joined;
  }

  return {
    async load() {
      const [rows, former, own] = await db.read(['roster', 'meta'], (tx) => {
        const meta = tx.objectStore('meta');
        return Promise.all([tx.objectStore('roster').getAll(), meta.get('roster'), meta.get('shelves')]);
      });
      const known = stateSchema.safeParse(former ?? own);
      // A version without its buckets, or the reverse, is asked for anew as a whole.
      if (!known.success) return;
      isOld = former !== undefined;
      for (const { bucket, text } of rows) {
        if (isOld) slotsOf(bucket).set(bucket, { text });
        else {
          const texts = text.split('\f');
          bucketsOf(bucket).forEach((one, at) => {
            slotsOf(one).set(one, { text: texts[at] ?? '' });
          });
        }
      }
      state = known.data;
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
        for (const [bucket, slot] of people) {
          if (found.size >= limits.found) break;
          for (const row of rowsLike(isOld ? { parsed: peopleOf(bucket) } : slot, pass))
            found.set(row.personId, found.get(row.personId) ?? row);
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
      if (isOld) throw new RangeError('asked for as a whole');
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

/** Rows whose search keys match; of a bucket that is still text only their lines are parsed. */
function rowsLike(slot: Slot<People>, keys: string): RosterRow[] {
  if ('parsed' in slot) {
    const wanted = new RegExp(`^${keys}`);
    return [...slot.parsed.values()].filter((row) => row.search !== undefined && wanted.test(`${row.search}"`));
  }
  const lines = slot.text.match(new RegExp(`(?<=^|\n)\\["${keys}[^\n]*`, 'g'));
  return lines === null ? [] : [...readPeople(lines.join('\n')).values()];
}

/** FNV-1a over UTF-16 code units: spreads, needs no secrecy. */
function bucketOf(kind: 'p' | 'c', key: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return `${kind}${(hash >>> 0) % limits.buckets}`;
}

/** 'p/7' holds the buckets p7, p23, p39 ... */
function shelfOf(bucket: string): string {
  return `${bucket[0]}/${Number(bucket.slice(1)) % limits.shelves}`;
}

function bucketsOf(shelf: string): string[] {
  const [kind, first] = shelf.split('/');
  return Array.from(
    { length: limits.buckets / limits.shelves },
    (_, at) => `${kind}${Number(first) + at * limits.shelves}`,
  );
}

function parsedSlot<T>(slots: Map<string, Slot<T>>, bucket: string, parse: (text: string) => T): T {
  const slot = slots.get(bucket);
  if (slot !== undefined && 'parsed' in slot) return slot.parsed;
  const parsed = parse(slot?.text ?? '');
  slots.set(bucket, { parsed });
  return parsed;
}

/** JSON escapes a line break within a text, so that none stands but between two rows. */
function linesOf(rows: readonly unknown[][]): string {
  return rows.map((row) => JSON.stringify(row)).join('\n');
}

/** Before the shelves a bucket was one array, of objects or of pairs. */
function rowsOf(text: string): unknown[] {
  return JSON.parse(/^\[[[{]/.test(text) ? text : `[${text.replaceAll('\n', ',')}]`);
}

/** An absent field is a null in its place; a room may be one of itself. */
function objectOf(row: unknown): unknown {
  if (!Array.isArray(row)) return row;
  return Object.fromEntries(
    fields.flatMap((field, at) => (row[at] === null && field !== 'room' ? [] : [[field, row[at]]])),
  );
}

function readPeople(text: string): People {
  return new Map(personBucket.parse(rowsOf(text).map(objectOf)).map((row) => [row.personId, row]));
}

function readHolders(text: string): Holders {
  const holders: Holders = new Map();
  for (const [key, id] of cardBucket.parse(rowsOf(text))) holders.set(key, [...(holders.get(key) ?? []), id]);
  return holders;
}
