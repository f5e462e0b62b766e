// The roster in a real IndexedDB: 50,000 people at boot, changes by page, look-ups by both forms of a card.
import { deleteDB } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RosterRow } from '../../../src/contracts/downlink.ts';
import { createDatabase, type Database } from '../../../src/store/db.ts';
import { createRosterCache, type RosterCache } from '../../../src/store/roster-cache.ts';
import { pageClocks } from '../../../src/sync/timers.ts';

let opened: { db: Database; name: string }[] = [];
let names = 0;
function open(name = `roster-${++names}`) {
  const db = createDatabase({ name, after: pageClocks.after, onTrouble: () => {} });
  opened.push({ db, name });
  return { db, name, roster: createRosterCache(db) };
}
afterEach(async () => {
  for (const { db } of opened) db.close();
  for (const name of new Set(opened.map((one) => one.name))) await deleteDB(name);
  opened = [];
});

const person = (n: number, change: Partial<RosterRow> = {}): RosterRow => ({
  personId: `p-${n}`,
  name: `姓名${n}`,
  category: 'student',
  unit: '计算机学院 2019级3班',
  room: `7-${n % 600}`,
  cards: [`uid:${n.toString(16).toUpperCase().padStart(10, '0')}`, `printed:${String(n).padStart(10, '0')}`],
  presence: 'on-campus',
  questionsDue: false,
  closedIn: true,
  closedOut: false,
  contact: '辅导员 010-12345678',
  gone: false,
  ...change,
});
const uid = (n: number) => `uid:${n.toString(16).toUpperCase().padStart(10, '0')}`;
const done = (version: number) => ({ version, asOfWallMs: 1_790_000_000_000 });

describe('roster-cache', () => {
  it('50,000 people are there after a cold start that parses none of them, found by card and by id', async () => {
    const first = open();
    await first.roster.replace(
      Array.from({ length: 50_000 }, (_, n) => person(n)),
      done(9),
    );
    first.db.close();
    const again = open(first.name);
    await again.roster.load();
    const found = again.roster.byCard(uid(49_999));
    expect(again.roster.state()).toEqual({ version: 9, people: 50_000, asOfWallMs: 1_790_000_000_000 });
    expect(found).toEqual(person(49_999));
    expect(again.roster.byPersonId('p-123')).toEqual(person(123));
    expect(again.roster.byCard('printed:0000000777')?.personId).toBe('p-777');
    expect(again.roster.byCard(uid(50_000))).toBeNull();
    // A start parses nothing, and a look-up its own two buckets of 512; how long that takes stands in `npm run bench -- roster`.
    const cold = open(first.name);
    const parsed = vi.spyOn(JSON, 'parse');
    await cold.roster.load();
    expect(parsed).toHaveBeenCalledTimes(0);
    expect(cold.roster.byCard(uid(49_999))).toEqual(person(49_999));
    expect(parsed).toHaveBeenCalledTimes(2);
    for (let n = 0; n < 2_000; n += 7) {
      parsed.mockClear();
      expect(cold.roster.byCard(uid(n * 20))).not.toBeNull();
      expect(parsed.mock.calls.length).toBeLessThanOrEqual(2);
    }
    vi.restoreAllMocks();
    const sizes = await again.db.read(['roster'], (tx) => tx.objectStore('roster').getAll());
    expect(Math.max(...sizes.map((one) => new TextEncoder().encode(one.text).length))).toBeLessThan(1_048_576);
  });

  it('what an earlier page stored as objects and pairs is read and searched as it is, and asked for anew', async () => {
    const { db, name } = open();
    const people = [person(1, { search: '94264934 2019', room: null }), person(2, { lost: ['uid:AB'] })];
    const storeAsBefore = (version: number) =>
      db.relaxed(['roster', 'meta'], async (tx) => {
        const store = tx.objectStore('roster');
        await store.clear();
        // Bucket numbers of these keys, as every version of the page has made them.
        await store.put({ bucket: 'p245', text: JSON.stringify([people[0]]) });
        await store.put({ bucket: 'p60', text: JSON.stringify([people[1]]) });
        for (const [bucket, key, id] of [
          ['c234', uid(1), 'p-1'],
          ['c87', uid(2), 'p-2'],
          ['c26', 'uid:AB', 'p-2'],
        ] as const)
          await store.put({ bucket, text: JSON.stringify([[key, id]]) });
        await tx.objectStore('meta').put({ version, people: 2, asOfWallMs: 1, format: 2 }, 'roster');
      });
    await storeAsBefore(4);
    const { roster } = open(name);
    await roster.load();
    expect([roster.asks(), roster.state().people]).toEqual([0, 2]);
    const isKnown = (to: RosterCache) => {
      expect(to.find('9426')).toEqual([people[0]]);
      expect(to.byCard(uid(1))).toEqual(people[0]);
      expect(to.byCard(uid(2))).toEqual(people[1]);
      expect(to.isLost('uid:AB')).toBe(true);
    };
    isKnown(roster);
    await expect(roster.apply([person(3)], done(5))).rejects.toThrow('as a whole');
    await roster.replace(people, done(5));
    isKnown(roster);
    const again = open(name);
    await again.roster.load();
    expect(again.roster.asks()).toBe(5);
    isKnown(again.roster);
    // An operator may put the page of before back: it finds no version to keep, asks for everybody, and leaves ours lying.
    expect(await db.read(['meta'], (tx) => tx.objectStore('meta').get('roster'))).toBeUndefined();
    await storeAsBefore(5);
    const third = open(name);
    await third.roster.load();
    expect(third.roster.asks()).toBe(0);
    isKnown(third.roster);
  });

  it('a text may hold whatever JSON can, also the ends of lines of any alphabet', async () => {
    const first = open();
    const odd = person(5, {
      name: '张\n"[x]\u2028["9426",',
      room: null,
      contact: '\u2029{\\',
      search: '9426 1',
    });
    await first.roster.replace([odd, person(6, { search: '9427 2' })], done(1));
    first.db.close();
    const { roster } = open(first.name);
    await roster.load();
    expect(roster.find('9426')).toEqual([odd]);
    expect(roster.byPersonId('p-5')).toEqual(odd);
  });

  it('a change moves cards, a leaver is forgotten, and both survive a reload', async () => {
    const first = open();
    await first.roster.replace([person(1), person(2), person(3)], done(1));
    await first.roster.apply(
      [person(2, { cards: ['uid:FF'], presence: 'away' }), person(3, { gone: true }), person(4)],
      done(2),
    );
    first.db.close();
    const { roster } = open(first.name);
    await roster.load();
    expect(roster.state()).toMatchObject({ version: 2, people: 3 });
    expect(roster.byCard(uid(2))).toBeNull();
    expect(roster.byCard('uid:FF')).toMatchObject({ personId: 'p-2', presence: 'away' });
    expect(roster.byPersonId('p-3')).toBeNull();
    expect(roster.byCard(uid(3))).toBeNull();
    expect(roster.byCard(uid(4))?.personId).toBe('p-4');
  });

  it('the version moves only with the last page', async () => {
    const first = open();
    await first.roster.replace([person(1)], done(1));
    await first.roster.apply([person(2)], null);
    first.db.close();
    const { roster } = open(first.name);
    await roster.load();
    expect(roster.state()).toMatchObject({ version: 1, people: 2 });
  });

  it('a card that two people hold belongs to nobody, until one of them gives it up', async () => {
    const { roster } = open();
    await roster.replace([person(1, { cards: ['uid:AB'] }), person(2, { cards: ['uid:AB'] })], done(1));
    expect(roster.byCard('uid:AB')).toBeNull();
    await roster.apply([person(1, { cards: [] })], done(2));
    expect(roster.byCard('uid:AB')?.personId).toBe('p-2');
  });

  it('a replacement that cannot be stored leaves the old roster in force', async () => {
    const { db, roster } = open();
    await roster.replace([person(1)], done(1));
    db.relaxed = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    await expect(roster.replace([person(2)], done(2))).rejects.toThrow('full');
    expect(roster.byCard(uid(1))?.personId).toBe('p-1');
    expect(roster.byCard(uid(2))).toBeNull();
    expect(roster.state().version).toBe(1);
  });

  it('finds among 5,000 by keys of a pad, also after a start', async () => {
    const first = open();
    const many = Array.from({ length: 5_000 }, (_, n) =>
      person(n, { search: `${4_000_000 + n} ${40 + (n % 50)} 2019${n}` }),
    );
    many[77] = person(77, { name: '张伟', search: '94264934 99 201900077' });
    await first.roster.replace(many, done(9));
    first.db.close();
    const again = open(first.name);
    await again.roster.load();
    expect(again.roster.asks()).toBe(9);
    const beganMs = performance.now();
    const found = again.roster.find('9426493');
    console.info(`a search of 5,000 took ${Math.round(performance.now() - beganMs)} ms`);
    expect(found).toEqual([many[77]]);
    expect(again.roster.find('99')[0]).toEqual(many[77]);
    expect(again.roster.find('0077').map(({ personId }) => personId)).toContain('p-77');
    expect(again.roster.find('40')).toHaveLength(60);
    expect(again.roster.find('9426.*')).toEqual([]);
    await again.roster.apply([person(77, { search: '5462 56 1' })], done(10));
    expect(again.roster.find('9426493')).toEqual([]);
    expect(again.roster.find('5462')[0]?.personId).toBe('p-77');
  });
});
