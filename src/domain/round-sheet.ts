// The sheet of a round: who is expected, how everybody stands, and whether it is complete. Called by the hub and the rounds page.
import type { OrderKind, Presence } from './order.ts';
import { type Excuse, type RoundClass, type RoundFigures, roundClasses } from './round.ts';
import type { PersonState } from './round-state.ts';

/** Why this resident is not expected, or null. Everybody is on one list a day: who is isolated or in hospital is on that one. */
export function excuseOf(person: { presence: Presence; order: OrderKind | null; onLeave: boolean }): Excuse | null {
  switch (person.order) {
    case 'isolation':
    case 'home':
    case 'hospital':
      return person.order;
    case 'watch':
    case null:
      if (person.presence !== 'on-campus') return 'away';
      return person.onLeave ? 'leave' : null;
    default:
      return person.order satisfies never;
  }
}

/** Who is excused and was measured all the same is there, and so expected. */
export function isExpected(excuse: Excuse | null, state: Pick<PersonState, 'class' | 'source'>): boolean {
  return excuse === null || (state.class !== 'missing' && state.source === 'mark');
}

/** Counts over those who are expected: `expected` = `measured` + `absent` + `missing`, `measured` = the sum of its four classes. */
export function figuresOf(classes: Iterable<RoundClass>): RoundFigures {
  const counts = new Map<RoundClass, number>(roundClasses.map((one) => [one, 0]));
  for (const one of classes) counts.set(one, (counts.get(one) ?? 0) + 1);
  const of = (one: RoundClass) => counts.get(one) ?? 0;
  const measured = of('normal') + of('borderline') + of('abnormal') + of('symptoms');
  return {
    expected: measured + of('absent') + of('missing'),
    measured,
    normal: of('normal'),
    borderline: of('borderline'),
    abnormal: of('abnormal'),
    symptoms: of('symptoms'),
    absent: of('absent'),
    missing: of('missing'),
  };
}

/** Only at 100 % accounted for. */
export function isComplete(figures: RoundFigures): boolean {
  return figures.missing === 0;
}

/** Percent accounted for, rounded down: 100 only when nobody is missing. Of nobody it is 100. */
export function percentDone(figures: RoundFigures): number {
  return figures.expected === 0 ? 100 : Math.floor(((figures.expected - figures.missing) * 100) / figures.expected);
}

/** Who is asked first, then by room and bed as people read them. */
export function bySheetOrder(a: SheetPlace, b: SheetPlace): number {
  return (
    byNeed(a, b) ||
    byNumber(a.floor, b.floor) ||
    byNumber(a.room, b.room) ||
    byNumber(a.bed ?? '', b.bed ?? '') ||
    byPerson(a, b)
  );
}

/** The same for a class, whose list goes by number: its members live anywhere, or outside. */
export function byClassOrder(a: SheetPlace, b: SheetPlace): number {
  return byNeed(a, b) || byPerson(a, b);
}

/** Returners under watch first (the fewest days first), then yesterday's borderline. */
function byNeed(a: SheetPlace, b: SheetPlace): number {
  const watched = (a.watchDay ?? Infinity) - (b.watchDay ?? Infinity);
  if (watched !== 0 && !Number.isNaN(watched)) return watched;
  if (a.looked !== b.looked) return a.looked ? -1 : 1;
  return 0;
}

function byPerson(a: SheetPlace, b: SheetPlace): number {
  return a.personId < b.personId ? -1 : a.personId > b.personId ? 1 : 0;
}
export type SheetPlace = {
  personId: string;
  watchDay: number | null;
  /** Borderline in the round before: shown first, until one reading below it. */
  looked: boolean;
  floor: string;
  room: string;
  bed: string | null;
};

/** '2' before '10', '402' before '402A'. */
function byNumber(a: string, b: string): number {
  const [one, two] = [Number.parseInt(a, 10), Number.parseInt(b, 10)];
  if (one !== two && !Number.isNaN(one) && !Number.isNaN(two)) return one - two;
  return a < b ? -1 : a > b ? 1 : 0;
}
