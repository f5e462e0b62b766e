// What the visitors' room is given, and what it gives to its parts. Used by LazyRoom and the room itself.
import type { GateController } from '../controller-types.ts';
import type { GuestActs } from '../guest-types.ts';
import type { RoomView } from '../model.ts';
import type { Station } from '../station-types.ts';

export type RoomProps = {
  view: RoomView;
  /** Key of the passage that the room was opened for, null from the footer while nobody is there. */
  card: string | null;
  controller: Pick<GateController, 'guests' | 'model'>;
  station: Station;
  onWrong: () => void;
  onClose: () => void;
};

export type PartProps = RoomProps & { guests: GuestActs };
