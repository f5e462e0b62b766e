// Plays any thermometer of thermometer-speech: streams or answers its questions, with a temperature that somebody dials.
// Called by the simulator and by tests.
import type { Timer } from '../../clock.ts';
import type { ThermometerPlayer, ThermometerPlayerOptions } from './gy-mcu90614.ts';
import { type Speech, speeches } from './thermometer-speech.ts';

export const limits = { typedBytes: 16 } as const;

export type AnyThermometerOptions = Omit<ThermometerPlayerOptions, 'rateHz'> & {
  /** What the instrument's own conversion adds to an object, hundredths of a degree. */
  bodyOffsetCenti?: number;
};

/** Null for a profile that nobody can play. `start` is of no effect for one that only answers. */
export function createAnyThermometer(profile: string, options: AnyThermometerOptions): ThermometerPlayer | null {
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
    return { objectCenti: object, ambientCenti, bodyCenti: object + (options.bodyOffsetCenti ?? 120) };
  };
  const { everyMs } = speech;
  const tick = () => {
    if (everyMs === null) return;
    timer = options.clock.setTimer(tick, everyMs);
    options.write(speech.frame(shown()));
  };
  const hear = (byte: number) => {
    typed = (typed + byte.toString(16).padStart(2, '0')).slice(-2 * limits.typedBytes);
    const question = speech.questions.find(([hex]) => typed.endsWith(hex));
    if (!question) return;
    typed = '';
    const [, answer] = question;
    if (answer !== null) options.write(answer(shown()));
  };

  return {
    start: () => {
      if (!timer && everyMs !== null) timer = options.clock.setTimer(tick, everyMs);
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
