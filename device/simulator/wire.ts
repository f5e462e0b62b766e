// The wire between a played device and its port: frames leave at the real baud rate, and the faults that cables and noise make are
// made here, one known fault a frame. Called by play and by the tests and tools that must know which frames were damaged.
import type { Clock, Timer } from '../clock.ts';
import { heardAt } from './wrong-baud.ts';

/** Bytes that a device may have waiting for its line before it loses a frame; bits of one byte: start, eight, stop. */
export const limits = { waitingBytes: 65_536, bitsOfByte: 10, noiseBytesMax: 8, stallMs: 20 } as const;

/** Each a share of frames, 0 to 1; at most one of flip, drop and double meets one frame. */
export type WireFaults = {
  /** One byte of the frame arrives as another. */
  flip: number;
  /** One byte is lost. */
  drop: number;
  /** One byte comes twice. */
  double: number;
  /** 1 to 8 random bytes come in front of the frame. */
  noise: number;
  /** The device speaks half as fast as the port listens. */
  wrongBaud: boolean;
};
export const noFaults: WireFaults = { flip: 0, drop: 0, double: 0, noise: 0, wrongBaud: false };

export type FrameFault = 'flip' | 'drop' | 'double';
export type SentFrame = {
  /** Counts from 1. */
  number: number;
  good: Uint8Array;
  /** What left, noise in front included. */
  bytes: Uint8Array;
  fault: FrameFault | null;
  noiseBytes: number;
};

export type Wire = {
  /** Takes a frame now; its bytes leave one after the other. */
  send(frame: Uint8Array): void;
  faults: WireFaults;
  /** `lost`: there was no room for them; `stalled`: the machine was too busy to play them at their pace. */
  counts(): { frames: number; faulty: number; lost: number; stalled: number };
  /** Resolves when all has left, or at once when the wire was closed. */
  quiet(): Promise<void>;
  close(): void;
};

export type WireOptions = {
  baudRate: number;
  /** Bytes that arrive together, as USB hands on whole reports; 1 = one by one, as on a serial line. */
  together?: number;
  write(bytes: Uint8Array): void;
  clock: Clock;
  /** [0, 1) */
  random(): number;
  faults?: Partial<WireFaults>;
  onFrame?(sent: SentFrame): void;
};

export function createWire(options: WireOptions): Wire {
  const { clock, random } = options;
  const byteMs = (1_000 * limits.bitsOfByte) / options.baudRate;
  const together = options.together ?? 1;
  const queue: { bytes: Uint8Array; startMs: number; left: number }[] = [];
  let waiting = 0;
  let freeAtMs = Number.NEGATIVE_INFINITY;
  let timer: Timer | null = null;
  let isClosed = false;
  let quietListeners: (() => void)[] = [];
  const counts = { frames: 0, faulty: 0, lost: 0, stalled: 0 };
  let wroteAtMs = Number.NEGATIVE_INFINITY;

  const arm = () => {
    const head = queue[0];
    if (timer || !head) return;
    const dueMs = head.startMs + Math.min(head.left + together, head.bytes.length) * byteMs;
    timer = clock.setTimer(pump, Math.max(0, dueMs - clock.nowMs()));
  };
  const pump = () => {
    timer = null;
    const nowMs = clock.nowMs();
    for (let head = queue[0]; head; head = queue[0]) {
      const played = Math.floor((nowMs - head.startMs) / byteMs + 1e-6);
      const due = played >= head.bytes.length ? head.bytes.length : played - (played % together);
      if (due > head.left) {
        if (head.left > 0 && nowMs - wroteAtMs > limits.stallMs) counts.stalled += 1;
        wroteAtMs = nowMs;
        options.write(head.bytes.subarray(head.left, due));
      }
      waiting -= Math.max(0, due - head.left);
      head.left = Math.max(due, head.left);
      if (head.left < head.bytes.length) break;
      queue.shift();
    }
    if (queue.length === 0) tellQuiet();
    arm();
  };
  const tellQuiet = () => {
    const listeners = quietListeners;
    quietListeners = [];
    for (const listener of listeners) listener();
  };

  const wire: Wire = {
    faults: { ...noFaults, ...options.faults },
    send(good) {
      if (isClosed) return;
      counts.frames += 1;
      const fault = faultOf(wire.faults, random);
      const noise = random() < wire.faults.noise ? noiseBytes(random) : new Uint8Array();
      const damaged = fault === null ? good : withFault(good, fault, random);
      const bytes = Uint8Array.from([...noise, ...damaged]);
      if (fault !== null || noise.length > 0) counts.faulty += 1;
      options.onFrame?.({ number: counts.frames, good, bytes, fault, noiseBytes: noise.length });
      const left = wire.faults.wrongBaud ? heardAt(bytes, 2) : bytes;
      if (waiting + left.length > limits.waitingBytes) {
        counts.lost += 1;
        return;
      }
      waiting += left.length;
      const startMs = Math.max(clock.nowMs(), freeAtMs);
      freeAtMs = startMs + left.length * byteMs;
      queue.push({ bytes: left, startMs, left: 0 });
      arm();
    },
    counts: () => ({ ...counts }),
    quiet: () =>
      queue.length === 0 || isClosed
        ? Promise.resolve()
        : new Promise<void>((resolve) => {
            quietListeners.push(resolve);
          }),
    close() {
      isClosed = true;
      if (timer) clock.clearTimer(timer);
      timer = null;
      queue.length = 0;
      tellQuiet();
    },
  };
  return wire;
}

function faultOf({ flip, drop, double }: WireFaults, random: () => number): FrameFault | null {
  const met = random();
  if (met < flip) return 'flip';
  if (met < flip + drop) return 'drop';
  return met < flip + drop + double ? 'double' : null;
}

/** One byte of the frame changed into another, lost, or sent twice. */
export function withFault(good: Uint8Array, fault: FrameFault, random: () => number): Uint8Array {
  const at = Math.floor(random() * good.length);
  const byte = good[at] ?? 0;
  const put = { flip: [byte ^ (1 + Math.floor(random() * 255))], drop: [], double: [byte, byte] }[fault];
  return Uint8Array.from([...good.subarray(0, at), ...put, ...good.subarray(at + 1)]);
}

function noiseBytes(random: () => number): Uint8Array {
  const count = 1 + Math.floor(random() * limits.noiseBytesMax);
  return Uint8Array.from({ length: count }, () => Math.floor(random() * 256));
}
