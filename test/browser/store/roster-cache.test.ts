// The roster in a real IndexedDB: 50,000 people at boot, changes by page, look-ups by both forms of a card.
import { deleteDB } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RosterRow } from '../../../src/contracts/downlink.ts';
import { createDatabase, type Database } from '../../../src/store/db.ts';
import { createRosterCache } from '../../../src/store/roster-cache.ts';
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
    expect(Math.max(...sizes.map((one) => new TextEncoder().encode(one.text).length))).toBeLessThan(131_072);
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

  it('finds among 5,000 by keys of a pad, also after a start, and asks for everybody when what lies here is older', async () => {
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
    // Rows of a format without search keys: served as they are, asked for anew.
    await again.db.relaxed(['meta'], async (tx) => {
      await tx.objectStore('meta').put({ version: 10, people: 5_000, asOfWallMs: 1 }, 'roster');
    });
    again.db.close();
    const old = open(first.name);
    await old.roster.load();
    expect([old.roster.asks(), old.roster.state().version, old.roster.byPersonId('p-5')?.name]).toEqual([
      0,
      10,
      '姓名5',
    ]);
  });
});
