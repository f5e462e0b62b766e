// Who holds a card, and what the roster, the bars and this gate's own cases say of that person. Called by the station.
import type { Bar, RosterRow } from '../contracts/downlink.ts';
import type { CardNumber } from '../domain/entry.ts';
import type { PersonFacts } from '../domain/order.ts';
import { type DayRange, dayOfOrderOn, orderEndOn } from '../domain/order-day.ts';
import type { Direction } from '../domain/passage.ts';
import type { Station } from './station-types.ts';

type Roster = {
  byCard(key: string): RosterRow | null;
  byPersonId(personId: string): RosterRow | null;
  isLost(key: string): boolean;
  find(digits: string): RosterRow[];
};

export function createFactsDesk(deps: {
  roster: Roster;
  bars(): ReadonlyMap<string, Bar>;
  caseOpen(personId: string): boolean;
  direction(): Direction;
  /** Which campus days today can be by the best clock there is. */
  days(): DayRange;
  onFault(error: unknown): void;
}): Pick<Station, 'factsOf' | 'factsOfPerson' | 'personOf' | 'personById' | 'isLost' | 'find'> {
  /** A bucket that cannot be read knows nobody: the guard identifies them, and nobody is admitted by a guess. */
  function look<T>(find: () => T): T | null {
    try {
      return find();
    } catch (error) {
      deps.onFault(error);
      return null;
    }
  }

  function personOf(card: CardNumber): RosterRow | null {
    const byUid = card.uid === null ? null : look(() => deps.roster.byCard(`uid:${card.uid}`));
    const byPrinted = card.printed === null ? null : look(() => deps.roster.byCard(`printed:${card.printed}`));
    if (byUid !== null && byPrinted !== null && byUid.personId !== byPrinted.personId) return null;
    return byUid ?? byPrinted;
  }

  function factsOfRow(row: RosterRow | null): PersonFacts | null {
    if (row === null) return null;
    const bar = deps.bars().get(row.personId);
    const order =
      bar === undefined || bar.order === null
        ? null
        : { kind: bar.order, beginDay: bar.beginDay ?? null, untilDay: bar.untilDay, orderDay: bar.orderDay };
    const days = order === null ? null : deps.days();
    const end = order === null || days === null ? 'ended' : orderEndOn(order, days);
    return {
      personId: row.personId,
      order: end === 'ended' ? null : (order?.kind ?? null),
      orderDay: order === null || days === null || end === 'ended' ? null : dayOfOrderOn(order, days),
      ...(end === 'unsure' || end === 'due-for-release' ? { orderEnd: end } : {}),
      caseOpen: (bar?.caseId ?? null) !== null || deps.caseOpen(row.personId),
      presence: row.presence,
      // Home observation that ended by our own clock: the hub asks the same as soon as it is heard.
      questionsDue: row.questionsDue || (order?.kind === 'home' && end === 'ended'),
      passesClosedCampus: deps.direction() === 'out' ? row.closedOut : row.closedIn,
    };
  }
  const personById = (personId: string) => look(() => deps.roster.byPersonId(personId));

  return {
    personOf,
    isLost: ({ uid, printed }) =>
      look(
        () =>
          (uid !== null && deps.roster.isLost(`uid:${uid}`)) ||
          (printed !== null && deps.roster.isLost(`printed:${printed}`)),
      ) ?? false,
    personById,
    factsOf: (card) => factsOfRow(personOf(card)),
    factsOfPerson: (personId) => factsOfRow(personById(personId)),
    find: (digits) => look(() => deps.roster.find(digits)) ?? [],
  };
}
