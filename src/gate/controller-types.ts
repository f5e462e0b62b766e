// What the screen may ask of its controller, and what the controller is given. Implemented by gate-controller.ts.

import type { EntryBody } from '../domain/entry.ts';
import type { Tone } from '../ui/tones.ts';
import type { GuestActs, GuestDesk, GuestDeskParts } from './guest-types.ts';
import type { Acts, GateModel, Typed } from './model.ts';
import type { PulseOutcome, SaveState, Station } from './station-types.ts';

export type GateController = {
  /** The screen as of now. */
  model(): GateModel;
  /** Told whenever `model` may say something else; answers how to stop. */
  onChange(listener: () => void): () => void;
  acts: Acts;
  typed(value: Typed): void;
  /** Appends a manual opening by who is signed in and asks for the pulse; null when nobody is signed in. */
  openByHand(reason: string): Promise<PulseOutcome | null>;
  /** Appends what a guard tells beside the lane; answers whether it is saved. */
  report(body: EntryBody): Promise<SaveState>;
  /** People whom a card does not settle. Whoever asks brings the desk along, which is made once and stays. */
  guests(create: (parts: GuestDeskParts) => GuestDesk): GuestActs;
  sound(tone: Tone): void;
  /** Milliseconds since somebody was last at the gate; 0 while somebody is. */
  idleForMs(): number;
};

export type ControllerParts = {
  station: Station;
  /** The page's monotonic clock, in ms. */
  now(): number;
  wallNow(): number;
  /** Runs `work` once after `ms`; answers how to call it off. */
  after(work: () => void, ms: number): () => void;
  /** A new random UUID, lower case. */
  newId(): string;
  sound(tone: Tone): void;
};
