// Plays any card reader of reader-speech: the frame of a card, again and again while it lies there, or when it is asked for.
// Called by the simulator of `npm start`, by play and by tests.
import type { Clock, Timer } from '../../clock.ts';
import { readerSpeeches } from './reader-speech.ts';

export const limits = { typedBytes: 16, framesMax: 10_000 } as const;

export type ReaderPlayer = {
  /** Lays a card on the reader; one that still lies there is taken away first. Throws a RangeError for a card that it cannot read. */
  present(card: string): void;
  /** Takes the card away. */
  stop(): void;
  /** Bytes from the program: questions of readers that are asked. */
  receive(bytes: Uint8Array): void;
};

export type ReaderPlayerOptions = {
  write(bytes: Uint8Array): void;
  clock: Clock;
  /** How many frames one presentation gives: as many as this reader gives when not told. */
  frames?: number;
  everyMs?: number;
  /** For readers that stamp their keys; the wall clock in ms. */
  wallMs?(): number;
};

/** Null for a profile that is no reader with a speech of its own. */
export function createAnyReader(profile: string, options: ReaderPlayerOptions): ReaderPlayer | null {
  const speech = readerSpeeches.get(profile);
  if (!speech) return null;
  const frames = Math.min(limits.framesMax, Math.max(1, options.frames ?? speech.frames));
  const everyMs = options.everyMs ?? speech.everyMs;
  let timer: Timer | null = null;
  let lying: string | null = null;
  /** Asked while no card lay there: the next one is the answer. */
  let isWaiting = false;
  let typed = '';

  const stop = () => {
    if (timer) options.clock.clearTimer(timer);
    timer = null;
    lying = null;
  };
  const frameOf = (card: string) => speech.frame(card, options.wallMs?.() ?? options.clock.nowMs());
  const send = (card: string, left: number) => {
    options.write(frameOf(card));
    timer = left > 1 ? options.clock.setTimer(() => send(card, left - 1), everyMs) : null;
  };
  const hear = (byte: number) => {
    typed = (typed + byte.toString(16).padStart(2, '0')).slice(-2 * limits.typedBytes);
    const question = speech.questions?.find(([hex]) => typed.endsWith(hex));
    if (!question) return;
    typed = '';
    isWaiting = lying === null;
    options.write(question[1](lying));
  };

  return {
    present: (card) => {
      if (!speech.card.pattern.test(card)) {
        throw new RangeError(`a card of ${profile} looks like ${speech.card.sample}, not '${card.slice(0, 40)}'`);
      }
      stop();
      if (!speech.questions) return send(card, frames);
      lying = card;
      timer = options.clock.setTimer(stop, everyMs * frames);
      if (isWaiting) options.write(frameOf(card));
      isWaiting = false;
    },
    stop,
    receive: (bytes) => {
      for (const byte of bytes) hear(byte);
    },
  };
}
