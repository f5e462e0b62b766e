// What the machine of the keys looks up with each key, read from the round as it stands. Called by the rounds controller.
import { roundSymptoms } from '../domain/round.ts';
import { raiseOf } from '../domain/round-raise.ts';
import { valueClass } from '../domain/round-value.ts';
import { type Book, tileOf } from './round-book.ts';
import type { Judged, KeyFacts } from './round-keys.ts';
import type { RoundSignals } from './round-signals.ts';
import { lowsOf } from './round-writer.ts';

export function factsOf(round: RoundSignals, lateReasons: readonly string[]): KeyFacts {
  const here = round.book.value;
  return {
    beds: round.shown.value.map((one) => ({ personId: one.row.personId, room: tileOf(one) })),
    isDue: (personId) => here?.byId.get(personId)?.isDue ?? false,
    onlyDue: round.onlyDue.value,
    judge: (tenths, byHand) => judged(round, tenths, byHand),
    byCard: (cards) => cardHolder(here, cards),
    needsReason: round.timing.value === 'very-late',
    undo: here?.undo ?? null,
    secondDue: (here?.secondDue ?? []).map(({ personId }) => personId),
    symptoms: roundSymptoms,
    lateReasons,
  };
}

function judged({ policy, bed }: RoundSignals, tenths: number, byHand: boolean): Judged {
  const value = valueClass(tenths, policy.value);
  if (value === 'abnormal') return tenths >= policy.value.urgentTenths ? 'urgent' : 'fever';
  // The second low value by hand is a referral like a fever: this person cannot be measured here.
  const lows = bed.value === null ? 0 : lowsOf(bed.value, policy.value);
  return value === 'low' && raiseOf({ tenths, byHand, symptoms: [] }, lows, policy.value) ? 'fever' : value;
}

/** Nobody when the card is two people's. */
function cardHolder(book: Book | null, cards: readonly string[]): string | null {
  const asked = new Set(cards);
  const holders = book?.beds.filter(({ row }) => row.cards.some((card) => asked.has(card))) ?? [];
  const [only, ...others] = holders;
  return only === undefined || others.length > 0 ? null : only.row.personId;
}
