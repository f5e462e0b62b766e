// What the visitors' room may ask of the gate, and what the gate and that room's desk ask of one another. The desk
// (visitors/guest-desk.ts) comes with the room, so the gate knows its types alone.
import type { VisitorDetails } from '../contracts/hold.ts';
import type { CheckBody } from '../domain/entry.ts';
import type { PersonFacts } from '../domain/order.ts';
import type { LaneEvent } from '../domain/passage.ts';
import type { OpenPassage } from '../domain/passage-state.ts';
import type { VehicleState } from '../domain/vehicle.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { OverrideDesk } from './override-desk.ts';
import type { HubDecision, PulseOutcome, Station } from './station-types.ts';

export type GuestActs = {
  /** The open passage of this key, for a second person's signature; null when it is over. */
  passageIdOf(card: string): string | null;
  caseOf(card: string | null): { entryId: string; caseNo: string | null } | null;
  /** Begins a passage as this person, or tells who the unknown card in `card` belongs to. Does nothing while nobody is signed in. */
  startPerson(personId: string, card: string | null): void;
  /** Begins a visitor's passage, or makes that of an unknown card one; answers its key. Measuring goes on meanwhile. */
  startVisitor(card: string | null): string | null;
  /**
   * Registers the visitor of this key. `second`: staffId of who approved at the gate, after their PIN was right; null asks the hub.
   * Rejects when the details could not be kept: then they must be written down.
   */
  registerVisitor(card: string, details: Omit<VisitorDetails, 'visitorId'>, second: string | null): Promise<void>;
  /** Begins the passage of a child with whoever was decided on last; false when there is nobody. */
  startChild(): boolean;
  /** A decision by telephone on what row 8 holds; to let somebody in, `second` has signed by PIN. */
  decide(card: string, given: { allow: boolean; decidedBy: string; second: string | null; note: string }): void;
  startVehicle(seats: number): void;
  endVehicle(): void;
};

export type GuestDesk = {
  /** Facts of a guest; undefined when this key is a card like any other. */
  factsOf(card: string): PersonFacts | null | undefined;
  /** personId behind a key without a number, null when there is none. */
  personIdOf(card: string | null): string | null;
  /** What tells the chip of a guest apart, null for a card. */
  markOf(card: string | null): string | null;
  /** An approval or a decision is awaited from the hub. */
  isAsked(card: string | null): boolean;
  /** What the check of this passage bears beside its decision. */
  marksOf(card: string, passageId: string): Partial<CheckBody>;
  /** A check of somebody in the vehicle is recorded; answers the pulse for all, null while it must not come. */
  ride(passageId: string, verdict: Verdict, entryId: string): Promise<PulseOutcome | null>;
  /** A decision was made: a visitor who was refused meanwhile is turned back. */
  decided(card: string | null): void;
  left(passageId: string): void;
  /** A card was laid on the reader: what it stood for before is over with its passage. */
  tapped(card: string): void;
  /** The hub approved or refused the visitor of this passage. */
  heard(event: HubDecision, passage: OpenPassage): void;
  vehicle(): { state: VehicleState; admitted: number; seats: number } | null;
  acts: GuestActs;
};

export type GuestDeskParts = {
  station: Station;
  newId(): string;
  now(): number;
  wallNow(): number;
  feed(event: LaneEvent): unknown;
  passages(): readonly OpenPassage[];
  passageIdOf(passage: number): string;
  /** Facts of a real card. */
  factsOfCard(card: string): PersonFacts | null;
  /** Key of who was decided on last. */
  lastCard(): string | null;
  caseOf(card: string | null): { entryId: string; caseNo: string | null } | null;
  override: OverrideDesk['override'];
  changed(): void;
};
