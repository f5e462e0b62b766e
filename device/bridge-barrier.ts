// The barrier's pulses: open now, close after the pulse, never later than the deadline, closed when in doubt. Where the board
// can time the pulse by itself it does, and is closed from here all the same. Called by bridge after the entry has been synced.
import type { BarrierDrive } from './barrier-drive.ts';
import type { Clock, Timer } from './clock.ts';

export const limits = {
  /** Boards ignore an OFF sooner than about 80 ms after the one before (devices/facts.md, 3): the second OFF waits. */
  secondOffMs: 150,
  offDeadlineMs: 500,
  stopMs: 400,
} as const;

export type PulseOutcome = 'sent' | 'late' | 'barrier-offline' | 'failed';

export type Barrier = {
  /** Sends the open command now, or answers why not; `notAfterMs` is the instant after which it must not come. */
  pulse(notAfterMs: number): Promise<PulseOutcome>;
  /** What goes out first on every connection. */
  offFrames(): Uint8Array[];
  /** Call when the line has changed: a pulse of the last connection is over, and OFF goes out once more. */
  lineChanged(state: string): void;
  /** Closes at once when a pulse is running. */
  stop(): Promise<void>;
};

export function createBarrier(drive: BarrierDrive, clock: Clock): Barrier {
  const pulseMs = drive.closeAfterMs;
  let isOpen = false;
  let closeAtMs = 0;
  let timer: Timer | null = null;

  const after = (delayMs: number, run: () => void): void => {
    if (timer !== null) clock.clearTimer(timer);
    timer = clock.setTimer(() => {
      timer = null;
      run();
    }, delayMs);
  };
  // An OFF that cannot be sent needs no other care: the line throws the port away and OFF is first on the next connection.
  const off = (): Promise<unknown> => drive.close(limits.offDeadlineMs);
  const closeNow = (): void => {
    const leftMs = closeAtMs - clock.nowMs();
    if (leftMs > 0) {
      after(leftMs, closeNow);
      return;
    }
    isOpen = false;
    void off();
    after(limits.secondOffMs, () => void off());
  };

  return {
    pulse: async (notAfterMs) => {
      if (!drive.isOnline()) return 'barrier-offline';
      const leftMs = notAfterMs - clock.nowMs();
      if (leftMs < 0) return 'late';
      // Before the bytes may leave: a close timer stands from the first moment at which the barrier may be open. A pulse
      // during a pulse lengthens it, and sends ON again: every admission has its bytes on the wire, and a board that was
      // reset in between opens all the same.
      closeAtMs = Math.max(closeAtMs, clock.nowMs() + pulseMs);
      if (!isOpen) after(pulseMs, closeNow);
      isOpen = true;
      const result = await drive.open(Math.max(1, leftMs));
      if (result === 'sent') {
        closeAtMs = Math.max(closeAtMs, clock.nowMs() + pulseMs);
        return 'sent';
      }
      return result === 'not-online' ? 'barrier-offline' : result;
    },
    offFrames: () => drive.offFrames(),
    lineChanged: (state) => {
      isOpen = false;
      if (timer !== null) clock.clearTimer(timer);
      timer = null;
      if (state === 'online') after(limits.secondOffMs, () => void off());
    },
    stop: async () => {
      if (timer !== null) clock.clearTimer(timer);
      timer = null;
      if (!isOpen) return;
      isOpen = false;
      await Promise.race([off(), new Promise<void>((resolve) => clock.setTimer(resolve, limits.stopMs))]);
    },
  };
}
