// Plays any thermometer of thermometer-speech: streams or answers its questions, with a temperature that somebody dials.
// Called by the simulator of `npm start`, by play and by tests; it shares no code with the decoders that read it.
import type { Clock, Timer } from '../../clock.ts';
import { type Shown, type Speech, speeches } from './thermometer-speech.ts';

export const limits = { typedBytes: 16, rateHzMin: 0.1, rateHzMax: 200 } as const;

export type ThermometerPlayer = {
  /** Begins to stream; a second call is harmless. Of no effect for one that only answers. */
  start(): void;
  stop(): void;
  /** What is in front of the lens, in hundredths of a degree; null = nobody: the wall, at ambient temperature. */
  show(objectCenti: number | null): void;
  setAmbient(ambientCenti: number): void;
  /** Commands from the program; what is no question is taken and changes nothing. */
  receive(bytes: Uint8Array): void;
};

export type ThermometerPlayerOptions = {
  write(bytes: Uint8Array): void;
  clock: Clock;
  /** [0, 1) */
  random(): number;
  /** Frames a second of one that streams: its own pace when not given. */
  rateHz?: number;
  ambientCenti?: number;
  /** Readings wander by at most this much to each side, hundredths of a degree. */
  noiseCenti?: number;
  /** What the instrument's own conversion adds to an object, hundredths of a degree. */
  bodyOffsetCenti?: number;
  /** What a bad instrument makes of the truth: freezes, drifts, pulls toward normal. */
  bend?(shown: Shown): Shown;
};

export const bodyOffsetCenti = 120;

/** Null for a profile that nobody can play. */
export function createAnyThermometer(profile: string, options: ThermometerPlayerOptions): ThermometerPlayer | null {
  const speech: Speech | undefined = speeches.get(profile)?.();
  if (!speech) return null;
  const noiseCenti = options.noiseCenti ?? 4;
  let ambientCenti = options.ambientCenti ?? 2_200;
  let objectCenti: number | null = null;
  let timer: Timer | null = null;
  let typed = '';

  const wander = () => Math.round((options.random() * 2 - 1) * noiseCenti);
  const shown = () => {
    const object = (objectCenti ?? ambientCenti) + wander();
    const ambient = ambientCenti + Math.round(wander() / 2);
    const truth = {
      objectCenti: object,
      ambientCenti: ambient,
      bodyCenti: object + (options.bodyOffsetCenti ?? bodyOffsetCenti),
    };
    return options.bend?.(truth) ?? truth;
  };
  const everyMs =
    speech.everyMs === null || options.rateHz === undefined
      ? speech.everyMs
      : 1_000 / Math.min(limits.rateHzMax, Math.max(limits.rateHzMin, options.rateHz));
  let dueAtMs = 0;
  const arm = () => {
    if (everyMs === null) return;
    // By the clock, not from the last frame on: a timer that is late must not slow the device down.
    dueAtMs = Math.max(dueAtMs + everyMs, options.clock.nowMs());
    timer = options.clock.setTimer(tick, dueAtMs - options.clock.nowMs());
  };
  const tick = () => {
    arm();
    options.write(speech.frame(shown()));
  };
  const hear = (byte: number) => {
    typed = (typed + byte.toString(16).padStart(2, '0')).slice(-2 * limits.typedBytes);
    const question = speech.questions.find(([hex]) => typed.endsWith(hex));
    if (!question) return;
    typed = '';
    const [, answer, act] = question;
    act?.();
    if (answer !== null) options.write(answer(shown()));
  };

  return {
    start: () => {
      if (timer) return;
      dueAtMs = options.clock.nowMs();
      arm();
    },
    stop: () => {
      if (timer) options.clock.clearTimer(timer);
      timer = null;
    },
    show: (value) => {
      objectCenti = value;
    },
    setAmbient: (value) => {
      ambientCenti = value;
    },
    receive: (bytes) => {
      for (const byte of bytes) hear(byte);
    },
  };
}
