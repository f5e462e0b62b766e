// Writes of one connection, each with a deadline of its own: serialport waits for ever for a device that stopped reading.
// Called by serial-session.
import type { Clock } from './clock.ts';
import type { Port } from './ports.ts';

export const limits = { inFlightMax: 16 } as const;

export type SendResult = 'sent' | 'not-online' | 'late' | 'failed';

export type Writes = {
  /** Resolves when the bytes left, or `deadlineMs` from now; never rejects. */
  write(port: Port, bytes: Uint8Array, deadlineMs: number): Promise<SendResult>;
  /** The port is gone: what is still in flight has failed. */
  failAll(): void;
};

export type WritesOptions = {
  clock: Clock;
  /** Bytes that are late must not come out later: the port has to be thrown away. */
  onLate(): void;
  onFailed(reason: string): void;
};

export function createWrites({ clock, onLate, onFailed }: WritesOptions): Writes {
  const inFlight = new Set<(result: SendResult) => void>();
  return {
    write: (port, bytes, deadlineMs) => {
      if (!(deadlineMs > 0)) return Promise.resolve('late');
      if (inFlight.size >= limits.inFlightMax) return Promise.resolve('failed');
      return new Promise((resolve) => {
        const settle = (result: SendResult) => {
          if (!inFlight.delete(settle)) return false;
          clock.clearTimer(deadline);
          resolve(result);
          return true;
        };
        inFlight.add(settle);
        const deadline = clock.setTimer(() => {
          if (settle('late')) onLate();
        }, deadlineMs);
        port.write(bytes).then(
          () => settle('sent'),
          (error: unknown) => {
            if (settle('failed')) onFailed(error instanceof Error ? error.message : String(error));
          },
        );
      });
    },
    failAll: () => {
      for (const settle of [...inFlight]) settle('failed');
    },
  };
}
