// What a roster file would change: who joins, leaves, moves, has other cards. Pure; called by roster-import.ts.
import { createHash } from 'node:crypto';
import type { RosterPreview } from '../src/contracts/people.ts';
import type { RosterFile, RosterPerson } from './roster-csv.ts';

/** So many of each are listed by name. */
export const limits = { listed: 200, tailChars: 4 } as const;

export type Known = RosterPerson & { questionsDue: boolean; gone: boolean };
export type Difference = {
  put: RosterPerson[];
  joined: number;
  changed: number;
  left: string[];
  /** Of those that changed: another unit or room; other cards. */
  moved: RosterPerson[];
  cards: RosterPerson[];
};

export function differenceOf(file: RosterFile, known: ReadonlyMap<string, Known>): Difference {
  const difference: Difference = { put: [], joined: 0, changed: 0, left: [], moved: [], cards: [] };
  if (file.broken) return difference;
  const here = new Set<string>();
  for (const person of file.people) {
    here.add(person.personId);
    const before = known.get(person.personId);
    if (before === undefined || before.gone) {
      difference.put.push(person);
      difference.joined++;
    } else if (!isSame(before, person)) {
      difference.put.push(person);
      difference.changed++;
      if (before.unit !== person.unit || before.room !== person.room) difference.moved.push(person);
      if (JSON.stringify(before.cards) !== JSON.stringify(person.cards)) difference.cards.push(person);
    }
  }
  if (file.errors.length === 0) {
    difference.left = [...known.values()]
      .filter((person) => !person.gone && !here.has(person.personId))
      .map(({ personId }) => personId);
  }
  return difference;
}

function isSame(before: Known, person: RosterPerson): boolean {
  const { questionsDue, cards, ...rest } = person;
  if (questionsDue !== null && questionsDue !== before.questionsDue) return false;
  if (JSON.stringify(cards) !== JSON.stringify(before.cards)) return false;
  const old: Record<string, unknown> = before;
  return Object.entries(rest).every(([key, value]) => old[key] === value);
}

/** The first of each kind, with what was and what will be; of cards only the ends. */
export function listsOf(difference: Difference, known: ReadonlyMap<string, Known>): RosterPreview['lists'] {
  const place = ({ unit, room }: RosterPerson) => [unit, room].filter(Boolean).join(' · ');
  const ends = ({ cards }: RosterPerson) => cards.map((card) => `…${card.slice(-limits.tailChars)}`).join(' ');
  const list = (people: readonly RosterPerson[], told: (person: RosterPerson) => string) =>
    people.slice(0, limits.listed).map((person) => {
      const before = known.get(person.personId);
      const wasThere = before !== undefined && !before.gone;
      return {
        personId: person.personId,
        name: person.name,
        from: wasThere ? told(before) : '',
        to: told(person),
      };
    });
  const joined = difference.put.filter(({ personId }) => known.get(personId)?.gone ?? true);
  return {
    joined: list(joined, place),
    left: difference.left.slice(0, limits.listed).map((personId) => {
      const before = known.get(personId);
      return { personId, name: before?.name ?? '', from: before === undefined ? '' : place(before), to: '' };
    }),
    moved: list(difference.moved, place),
    cards: list(difference.cards, ends),
  };
}

/** Two files with the same fingerprint do the same to the same people. */
export function fingerprintOf({ put, left }: Difference): string {
  return createHash('sha256')
    .update(JSON.stringify([put, left]))
    .digest('hex');
}
