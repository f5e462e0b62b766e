// What the visitors' room may ask of the gate. Implemented by guest-desk.ts.
import type { VisitorDetails } from '../contracts/hold.ts';

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
