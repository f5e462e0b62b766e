// Plays an RDM6300 card reader: the frame of a card, repeated for as long as the card lies on it.
// Called by the simulator and by tests; it shares no code with the decoder that reads it.
import type { Clock, Timer } from '../../clock.ts';

export const limits = { framesMax: 10_000 } as const;

export type ReaderPlayer = {
  /** Lays a card on the reader: 5 bytes as 10 hex digits ('010063E9AE'). A card that still lies there is taken away first. */
  present(uid: string): void;
  /** Takes the card away. */
  stop(): void;
};

export type ReaderPlayerOptions = {
  write(bytes: Uint8Array): void;
  clock: Clock;
  /** How many frames one presentation gives (real readers: one each 50-65 ms while the card lies on). */
  frames?: number;
  everyMs?: number;
};

export function createReaderPlayer(options: ReaderPlayerOptions): ReaderPlayer {
  const frames = Math.min(limits.framesMax, Math.max(1, options.frames ?? 3));
  const everyMs = options.everyMs ?? 60;
  let timer: Timer | null = null;
  const stop = () => {
    if (timer) options.clock.clearTimer(timer);
    timer = null;
  };
  const send = (frame: Uint8Array, left: number) => {
    options.write(frame);
    timer = left > 1 ? options.clock.setTimer(() => send(frame, left - 1), everyMs) : null;
  };
  return {
    present: (uid) => {
      const frame = rdm6300Frame(uid);
      stop();
      send(frame, frames);
    },
    stop,
  };
}

/** STX, 10 hex digits, 2 hex digits of XOR, ETX. Throws a RangeError unless `uid` is 10 hex digits. */
export function rdm6300Frame(uid: string): Uint8Array {
  if (!/^[0-9A-Fa-f]{10}$/.test(uid)) throw new RangeError(`a card uid is 10 hex digits, not '${uid}'`);
  const check = (uid.match(/../g) ?? []).reduce((xor, pair) => xor ^ Number.parseInt(pair, 16), 0);
  const text = `${uid}${check.toString(16).padStart(2, '0')}`.toUpperCase();
  return Uint8Array.from([0x02, ...[...text].map((digit) => digit.charCodeAt(0)), 0x03]);
}
