// Who holds a card, and what the roster, the bars and this gate's own cases say of that person. Called by the station.
import type { Bar, RosterRow } from '../contracts/downlink.ts';
import type { CardNumber } from '../domain/entry.ts';
import type { Direction } from '../domain/passage.ts';
import type { Station } from './station-types.ts';

type Roster = { byCard(key: string): RosterRow | null; byPersonId(personId: string): RosterRow | null };

export function createFactsDesk(deps: {
  roster: Roster;
  bars(): ReadonlyMap<string, Bar>;
  caseOpen(personId: string): boolean;
  direction(): Direction;
  onFault(error: unknown): void;
}): Pick<Station, 'factsOf' | 'personOf' | 'personById'> {
  /** A bucket that cannot be read knows nobody: the guard identifies them, and nobody is admitted by a guess. */
  function look(find: () => RosterRow | null): RosterRow | null {
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

  return {
    personOf,
    personById: (personId) => look(() => deps.roster.byPersonId(personId)),
    factsOf(card) {
      const row = personOf(card);
      if (row === null) return null;
      const bar = deps.bars().get(row.personId);
      return {
        personId: row.personId,
        order: bar?.order ?? null,
        orderDay: bar?.orderDay ?? null,
        caseOpen: (bar?.caseId ?? null) !== null || deps.caseOpen(row.personId),
        presence: row.presence,
        questionsDue: row.questionsDue,
        passesClosedCampus: deps.direction() === 'out' ? row.closedOut : row.closedIn,
      };
    },
  };
}
