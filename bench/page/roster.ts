// Row "roster": 50,000 people ready in memory after a start, ours beside getAll into a Map. Called by main.ts.
import { openDB } from 'idb';
import type { RosterRow } from '../../src/contracts/downlink.ts';
import { createDatabase } from '../../src/store/db.ts';
import { createRosterCache } from '../../src/store/roster-cache.ts';
import { pageClocks } from '../../src/sync/timers.ts';
import { contest, timed } from './contest.ts';

const limits = { people: 50_000, rounds: 7 } as const;

const uidOf = (n: number) => n.toString(16).toUpperCase().padStart(10, '0');
const rowOf = (n: number): RosterRow => ({
  personId: `p-${n}`,
  name: `学生${n}`,
  category: 'student',
  unit: '计算机学院',
  room: `3-${n % 600}`,
  cards: [`uid:${uidOf(n)}`],
  presence: 'on-campus',
  questionsDue: false,
  closedIn: true,
  closedOut: false,
  contact: '',
  gone: false,
});

const open = () => createDatabase({ name: 'bench-roster', after: pageClocks.after, onTrouble: () => undefined });

/** A start: the database opened, everything read, and one person found by card. */
export async function rosterRow() {
  const rows = Array.from({ length: limits.people }, (_, n) => rowOf(n));
  await createRosterCache(open()).replace(rows, { version: 1, asOfWallMs: Date.now() });
  const plain = await openDB('bench-people', 1, {
    upgrade: (db) => void db.createObjectStore('people', { keyPath: 'personId' }),
  });
  const tx = plain.transaction('people', 'readwrite');
  await Promise.all([...rows.map((row) => tx.store.put(row)), tx.done]);
  plain.close();
  const wanted = `uid:${uidOf(limits.people - 1)}`;
  const found = (person: RosterRow | null | undefined) => {
    if (person?.personId !== `p-${limits.people - 1}`) throw new Error('the wrong person');
  };
  return contest(
    [
      {
        name: 'Mengang',
        run: () =>
          timed(1, async () => {
            const db = open();
            const cache = createRosterCache(db);
            await cache.load();
            found(cache.byCard(wanted));
            db.close();
          }),
      },
      {
        name: 'getAll into a Map',
        run: () =>
          timed(1, async () => {
            const start = await openDB('bench-people', 1);
            const all: RosterRow[] = await start.getAll('people');
            start.close();
            const byCard = new Map(all.flatMap((row) => row.cards.map((card) => [card, row] as const)));
            found(byCard.get(wanted));
          }),
      },
    ],
    limits.rounds,
  );
}
