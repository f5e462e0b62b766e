// Orders and what a gate knows of a person: who is barred, who is watched, who is away. Called by gate-policy and passage.

export type OrderKind = 'isolation' | 'home' | 'hospital' | 'watch';
export type Presence = 'on-campus' | 'away' | 'granted';
export type BarReason = 'order-isolation' | 'order-home' | 'order-hospital' | 'referral-open';

/** What the roster, the orders and the open cases say of one person at this instant. */
export type PersonFacts = {
  /** null: a visitor, or a child without a card. */
  personId: string | null;
  /** Order in force, if any; `watch` does not bar. */
  order: OrderKind | null;
  /** Day n of 14 of the order (R4), null without an order that counts days. */
  orderDay: number | null;
  /** Isolation whose days are over and that a nurse has not ended, or an order of which this clock cannot tell. Absent otherwise. */
  orderEnd?: 'due-for-release' | 'unsure' | undefined;
  /** A case of theirs is open (at the hub or at this gate). */
  caseOpen: boolean;
  presence: Presence;
  questionsDue: boolean;
  /** May pass a closed campus in the lane's direction (residents and duty staff in; a permit out). */
  passesClosedCampus: boolean;
};

/** Why this person is barred, or null. An open case is named before an order only when no order bars. */
export function barOf(facts: PersonFacts): BarReason | null {
  switch (facts.order) {
    case 'isolation':
      return 'order-isolation';
    case 'home':
      return 'order-home';
    case 'hospital':
      return 'order-hospital';
    case 'watch':
    case null:
      return facts.caseOpen ? 'referral-open' : null;
    default:
      return facts.order satisfies never;
  }
}
