// Plays a GY-MCU90614 thermometer: real frames at its own pace, answers to its commands, a temperature that somebody dials.
// Called by the simulator and by tests; it shares no code with the decoder that reads it.
import type { Clock, Timer } from '../../clock.ts';

export const limits = { rateHzMin: 1, rateHzMax: 50, commandBytes: 3 } as const;

export type ThermometerPlayer = {
  /** Begins to stream; a second call is harmless. */
  start(): void;
  stop(): void;
  /** What is in front of the lens, in hundredths of a degree; null = nobody: the wall, at ambient temperature. */
  show(objectCenti: number | null): void;
  setAmbient(ambientCenti: number): void;
  /** Commands from the program: A5 15 BA one frame, A5 45 EA stream; others are taken and change nothing here. */
  receive(bytes: Uint8Array): void;
};

export type ThermometerPlayerOptions = {
  write(bytes: Uint8Array): void;
  clock: Clock;
  /** [0, 1) */
  random(): number;
  rateHz?: number;
  ambientCenti?: number;
  /** Readings wander by at most this much to each side, hundredths of a degree. */
  noiseCenti?: number;
};

export function createThermometerPlayer(options: ThermometerPlayerOptions): ThermometerPlayer {
  const rateHz = Math.min(limits.rateHzMax, Math.max(limits.rateHzMin, options.rateHz ?? 10));
  const noiseCenti = options.noiseCenti ?? 4;
  let ambientCenti = options.ambientCenti ?? 2_200;
  let objectCenti: number | null = null;
  let timer: Timer | null = null;
  let typed: number[] = [];

  const wander = () => Math.round((options.random() * 2 - 1) * noiseCenti);
  const sendFrame = () =>
    options.write(gyMcu90614Frame((objectCenti ?? ambientCenti) + wander(), ambientCenti + Math.round(wander() / 2)));
  const stop = () => {
    if (timer) options.clock.clearTimer(timer);
    timer = null;
  };
  const tick = () => {
    timer = options.clock.setTimer(tick, Math.round(1_000 / rateHz));
    sendFrame();
  };
  const start = () => {
    if (!timer) timer = options.clock.setTimer(tick, Math.round(1_000 / rateHz));
  };

  return {
    start,
    stop,
    show: (value) => {
      objectCenti = value;
    },
    setAmbient: (value) => {
      ambientCenti = value;
    },
    receive: (bytes) => {
      for (const byte of bytes) {
        typed.push(byte);
        if (typed.length > limits.commandBytes) typed = typed.slice(-limits.commandBytes);
        const [head, code, sum] = typed;
        if (head !== 0xa5 || code === undefined || sum !== ((head + code) & 0xff)) continue;
        typed = [];
        if (code === 0x15) sendFrame();
        else if (code === 0x45) start();
      }
    },
  };
}

/** One frame: 5A 5A 45 04, object and ambient as signed 16 bit hundredths, low byte of the sum. */
export function gyMcu90614Frame(objectCenti: number, ambientCenti: number): Uint8Array {
  const frame = new Uint8Array(9);
  frame.set([0x5a, 0x5a, 0x45, 0x04]);
  const view = new DataView(frame.buffer);
  view.setInt16(4, objectCenti);
  view.setInt16(6, ambientCenti);
  frame[8] = frame.subarray(0, 8).reduce((sum, byte) => (sum + byte) & 0xff, 0);
  return frame;
}
