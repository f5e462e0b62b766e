// A lock that is let go of within a moment is none; one that stays is told as it is.
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../device/clock.ts';
import { limits, listen } from '../../../device/doctor/listen.ts';
import { PortError } from '../../../device/port-error.ts';
import type { OpenPort } from '../../../device/ports.ts';

/** A port that is locked so many times, then speaks one byte. */
function lockedFor(times: number): { openPort: OpenPort; tried: () => number } {
  let tried = 0;
  const openPort: OpenPort = async (path, _baudRate, on) => {
    tried += 1;
    if (tried <= times) throw new PortError('locked', `cannot lock port: ${path}`);
    setTimeout(() => on.data(Uint8Array.of(0x41)), 1);
    return { write: async () => undefined, destroy: () => undefined, stillThere: async () => true };
  };
  return { openPort, tried: () => tried };
}

const hear = ({ openPort }: { openPort: OpenPort }) =>
  listen('/dev/ttyUSB0', 9_600, 2_000, { openPort, clock: systemClock }, (pieces) => pieces.length > 0);

describe('a locked port', () => {
  it('is tried again while it is being let go of', async () => {
    const port = lockedFor(2);
    expect((await hear(port)).map(({ bytes }) => [...bytes])).toEqual([[0x41]]);
    expect(port.tried()).toBe(3);
  });

  it('is told when it stays locked, after a bounded number of tries', async () => {
    const port = lockedFor(Number.POSITIVE_INFINITY);
    await expect(hear(port)).rejects.toMatchObject({ trouble: 'locked' });
    expect(port.tried()).toBeGreaterThan(1);
    expect(port.tried()).toBeLessThanOrEqual(limits.lockMs / limits.lockStepMs + 2);
  });
});
