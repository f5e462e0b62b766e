// Listens at one port at one baud rate, and asks where a person allowed it; the port is closed again in every case. Called by examine.
import type { Clock } from '../clock.ts';
import type { DeviceEvent, Profile } from '../drivers/driver.ts';
import { commandBytes } from '../drivers/index.ts';
import { PortError } from '../port-error.ts';
import type { OpenPort, Port } from '../ports.ts';
import { count, type Piece, type Score } from './score.ts';

export const limits = {
  /** Kept of one slice; a device that sends more is known by what is kept. */
  bytes: 65_536,
  openMs: 5_000,
  /** A lock is believed when it holds for so long; looked at that often. */
  lockMs: 2_000,
  lockStepMs: 100,
  writeMs: 1_000,
  /** Between two looks at what was heard. */
  lookMs: 250,
  /** Questions to one profile. */
  questions: 4,
} as const;

export type LineParts = { openPort: OpenPort; clock: Clock };

/** Opens, hears for at most `forMs`, closes. Rejects with a PortError when it does not open or goes away. */
export async function listen(
  path: string,
  baudRate: number,
  forMs: number,
  parts: LineParts,
  /** Called now and then with all that came; true = enough. */
  isEnough: (pieces: readonly Piece[]) => boolean,
): Promise<readonly Piece[]> {
  const { clock } = parts;
  const pieces: Piece[] = [];
  let size = 0;
  const line = await open(path, baudRate, parts, (bytes) => {
    const kept = bytes.slice(0, limits.bytes - size);
    size += kept.length;
    if (kept.length > 0) pieces.push({ atMs: clock.nowMs(), bytes: kept });
  });
  try {
    const endMs = clock.nowMs() + forMs;
    for (let leftMs = forMs; leftMs > 0; leftMs = endMs - clock.nowMs()) {
      await Promise.race([wait(clock, Math.min(limits.lookMs, leftMs)), line.gone]);
      if (isEnough(pieces)) break;
    }
    return pieces;
  } finally {
    line.close();
  }
}

/** Asks as this profile is asked, a few times; what comes between questions is nobody's answer. */
export async function ask(profile: Profile, path: string, parts: LineParts): Promise<Score> {
  const { clock } = parts;
  const { poll } = profile;
  if (poll === null) throw new TypeError(`${profile.name} is not asked`);
  const decoder = profile.decoder({});
  const events: DeviceEvent[] = [];
  let size = 0;
  let isAsking = false;
  const line = await open(path, profile.baudRate, parts, (bytes) => {
    size += bytes.length;
    const found = decoder.push(bytes);
    if (isAsking) events.push(...found);
  });
  const say = (command: string) => inTime(clock, line.port.write(commandBytes(profile, command, {})), limits.writeMs);
  try {
    for (const command of profile.startCommands ?? []) {
      await say(command);
      await Promise.race([wait(clock, poll.timeoutMs), line.gone]);
    }
    for (let question = 0; question < limits.questions; question += 1) {
      decoder.idle();
      decoder.asked?.(poll.command);
      isAsking = true;
      await say(poll.command);
      await Promise.race([wait(clock, poll.timeoutMs), line.gone]);
      events.push(...decoder.idle());
      isAsking = false;
      // Nothing at all after two questions: this is not the one.
      if (question === 1 && size === 0) break;
      await Promise.race([wait(clock, Math.max(0, poll.everyMs - poll.timeoutMs)), line.gone]);
    }
    return count(profile.name, events, size);
  } finally {
    line.close();
  }
}

type Line = { port: Port; close(): void; gone: Promise<never> };

async function open(
  path: string,
  baudRate: number,
  parts: LineParts,
  data: (bytes: Uint8Array) => void,
): Promise<Line> {
  let isOpen = true;
  let lose: (error: Error) => void = () => undefined;
  const gone = new Promise<never>((_resolve, reject) => {
    lose = reject;
  });
  // Whoever waits on it is told; when nobody does, a port that goes while being closed is no news.
  gone.catch(() => undefined);
  const port = await inTime(
    parts.clock,
    openReleased(parts.clock, () =>
      parts.openPort(path, baudRate, {
        data: (bytes) => {
          if (isOpen) data(bytes);
        },
        gone: () => lose(new GoneError(path)),
      }),
    ),
    limits.openMs,
  );
  return {
    port,
    gone,
    close: () => {
      isOpen = false;
      port.destroy();
    },
  };
}

/**
 * A port that was closed a moment ago, at another rate, is let go of a moment later on a busy machine; so is one of which a program that
 * is being started still has a copy.
 */
async function openReleased(clock: Clock, openOnce: () => Promise<Port>): Promise<Port> {
  const untilMs = clock.nowMs() + limits.lockMs;
  for (;;) {
    try {
      return await openOnce();
    } catch (error) {
      const isLocked = error instanceof PortError && error.trouble === 'locked';
      if (!isLocked || clock.nowMs() >= untilMs) throw error;
    }
    await wait(clock, limits.lockStepMs);
  }
}

/** The port went away while it was listened to. */
export class GoneError extends Error {
  constructor(path: string) {
    super(`gone: ${path}`);
    this.name = 'GoneError';
  }
}

function wait(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.setTimer(resolve, ms));
}

async function inTime<T>(clock: Clock, work: Promise<T>, ms: number): Promise<T> {
  let stop: () => void = () => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const timer = clock.setTimer(() => reject(new Error(`not within ${ms} ms`)), ms);
    stop = () => clock.clearTimer(timer);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    stop();
  }
}
