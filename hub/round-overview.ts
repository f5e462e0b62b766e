// Rounds at a glance: the places of somebody's scope with their figures, and everybody missing by unit and by place. Called by the routes
// of rounds.
import { contractVersion } from '../src/contracts/kit.ts';
import { limits, type MissingAnswer, type RoundClosing, type RoundsAnswer } from '../src/contracts/rounds.ts';
import type { RoundClass, RoundFigures, RoundScope } from '../src/domain/round.ts';
import { figuresOf, percentDone } from '../src/domain/round-sheet.ts';
import { type Doer, mayDoFor, type Operation, reachOf } from './roles.ts';
import type { CampusPerson, CampusRound, RoundOf } from './round-campus.ts';

/** Whether the place itself is this person's to see. */
export function isMyPlace(doer: Doer, operation: Operation, scope: RoundScope, place: string): boolean {
  if (reachOf(doer.role, operation) === 'all') return mayDoFor(doer, operation, {});
  return mayDoFor(doer, operation, scope === 'class' ? { class: place } : { building: place });
}

/** The places of the scope, worst first: overdue ones, then the most missing. */
export function roundsOf(round: CampusRound, doer: Doer, of: RoundOf, nowMs: number): RoundsAnswer {
  const places = [...placesOf(round.people)]
    .filter(([place]) => isMyPlace(doer, 'rounds.read', of.scope, place))
    .map(([place, people]) => {
      const figures = figuresOf(classesOf(people));
      return { place, figures, percent: percentDone(figures), ...closingAt(round, place, figures, nowMs) };
    })
    .sort(
      (a, b) =>
        Number(b.overdue) - Number(a.overdue) || b.figures.missing - a.figures.missing || (a.place < b.place ? -1 : 1),
    );
  return { contract: contractVersion, hubNowMs: nowMs, ...of, ...round.times, places: places.slice(0, limits.places) };
}

/** Missing people by unit, by place and by name: of everybody, or of who is this person's own. */
export function missingOf(round: CampusRound, doer: Doer, of: RoundOf, nowMs: number): MissingAnswer {
  const mine = round.people.filter((person) => person.is !== null && isMine(doer, person));
  const missing = mine.filter((person) => person.is === 'missing');
  const byPlace = [...placesOf(mine)].map(([name, people]) => {
    const figures = figuresOf(classesOf(people));
    return { name, expected: figures.expected, missing: figures.missing, ...closingAt(round, name, figures, nowMs) };
  });
  return {
    contract: contractVersion,
    hubNowMs: nowMs,
    ...of,
    ...round.times,
    figures: figuresOf(classesOf(mine)),
    byUnit: unitsOf(mine).sort(worst).slice(0, limits.places),
    byPlace: byPlace.sort((a, b) => Number(b.overdue) - Number(a.overdue) || worst(a, b)).slice(0, limits.places),
    people: missing
      .sort(byRoom)
      .slice(0, limits.missing)
      .map(({ personId, name, unit, contact, place, room, bed }) => ({
        ...{ personId, name, unit, contact, place, room, bed },
        reason: round.places.get(place)?.missingReasons.get(personId) ?? null,
      })),
  };
}

function isMine(doer: Doer, { personId, unit, class: classOf, building }: CampusPerson): boolean {
  return mayDoFor(doer, 'rounds.missing', { personId, unit, class: classOf === '' ? null : classOf, building });
}

/** Overdue: the window is over and nobody has closed it; of a place where nobody is expected nothing is due. */
function closingAt(
  round: CampusRound,
  place: string,
  figures: RoundFigures,
  nowMs: number,
): { closing: RoundClosing | null; overdue: boolean } {
  const closing = round.places.get(place)?.closing ?? null;
  return { closing, overdue: closing === null && nowMs > round.times.closesMs && figures.expected > 0 };
}

function placesOf(people: readonly CampusPerson[]): Map<string, CampusPerson[]> {
  const places = new Map<string, CampusPerson[]>();
  for (const person of people) {
    const there = places.get(person.place);
    if (there === undefined) places.set(person.place, [person]);
    else there.push(person);
  }
  return places;
}

function unitsOf(people: readonly CampusPerson[]): MissingAnswer['byUnit'] {
  const units = new Map<string, MissingAnswer['byUnit'][number]>();
  for (const { unit, is } of people) {
    const there = units.get(unit) ?? { name: unit, expected: 0, missing: 0 };
    units.set(unit, there);
    there.expected++;
    if (is === 'missing') there.missing++;
  }
  return [...units.values()];
}

function classesOf(people: readonly CampusPerson[]): RoundClass[] {
  return people.flatMap(({ is }) => (is === null ? [] : [is]));
}

function worst(a: { name: string; missing: number }, b: { name: string; missing: number }): number {
  return b.missing - a.missing || (a.name < b.name ? -1 : 1);
}

const numbers = new Intl.Collator('en', { numeric: true });

function byRoom(a: CampusPerson, b: CampusPerson): number {
  return (
    numbers.compare(a.place, b.place) || numbers.compare(a.room, b.room) || numbers.compare(a.bed ?? '', b.bed ?? '')
  );
}
