// One configured device over all its connections: opens it, notices by itself when it is gone or mute, comes back with a
// bounded, jittered wait. Called by the bridge, one object for one device.
import { backoffMs } from '../src/domain/backoff.ts';
import type { Clock, Timer } from './clock.ts';
import type { DeviceEvent, Profile, ProfileOptions } from './drivers/driver.ts';
import { type LineHealth, newHealth } from './line-health.ts';
import type { SendResult } from './line-writes.ts';
import type { OpenPort } from './ports.ts';
import { openSession, type Session } from './serial-session.ts';

export type { SendResult } from './line-writes.ts';

export const limits = {
  /** Never at once: a port that closes itself on open must not spin. */
  retryMinMs: 100,
  retryBaseMs: 400,
  retryMaxMs: 4_000,
  /** A connection that held for so long was a good one: the next wait is short again. */
  stableMs: 3_000,
} as const;

/** `absent` no such device; `opening`; `online`; `silent` open but without a value for over 2 s; `faulted` there, but not usable. */
export type LineState = 'absent' | 'opening' | 'online' | 'silent' | 'faulted';

export type LineStatus = {
  deviceId: string;
  state: LineState;
  /** Monotonic instant when this state began. */
  sinceMs: number;
  /** 'unplugged', 'locked', 'permission', 'unsuitable', 'open-timeout', 'write-late', ... ; null while all is well. */
  reason: string | null;
};

export type SerialLineOptions = {
  deviceId: string;
  path: string;
  /** The profile's own when not given. */
  baudRate?: number;
  profile: Profile;
  options?: ProfileOptions;
  openPort: OpenPort;
  clock: Clock;
  /** [0, 1) */
  random(): number;
  /** Frames written on every connect before the line is online, in this order: a barrier's OFF. */
  onConnect?: () => readonly Uint8Array[];
  /** What the decoder found, with the monotonic instant of its arrival; only while connected. */
  onEvent(event: DeviceEvent, atMs: number): void;
  onState?: (status: LineStatus) => void;
};

export type SerialLine = {
  state(): LineStatus;
  start(): void;
  /** Closes the port; the line may be started again. */
  stop(): void;
  /**
   * Writes now or not at all: refused unless online, never queued across a reconnect. `deadlineMs` is how many milliseconds
   * from now the bytes may take to leave; when they are late the port is thrown away, so that they never come out later.
   */
  send(bytes: Uint8Array, how: { deadlineMs: number }): Promise<SendResult>;
  /** Forgets the wait and tries at once; a healthy line is left alone. */
  reconnectNow(): void;
  health(): Readonly<LineHealth>;
};

/** Throws a RangeError with a sentence when the profile refuses its options. */
export function createSerialLine(options: SerialLineOptions): SerialLine {
  const { clock, profile, deviceId } = options;
  const health = newHealth();
  // Wrong options are a mistake in the configuration: said at once, not at the first connect.
  profile.decoder(options.options ?? {});
  let status: LineStatus = { deviceId, state: 'absent', sinceMs: clock.nowMs(), reason: null };
  let session: Session | null = null;
  let retry: Timer | null = null;
  let attempt = 0;
  let onlineAtMs: number | null = null;

  const enter = (state: LineState, reason: string | null) => {
    if (status.state === state && status.reason === reason) return;
    const sinceMs = status.state === state ? status.sinceMs : clock.nowMs();
    status = { deviceId, state, sinceMs, reason };
    options.onState?.(status);
  };

  const connect = () => {
    retry = null;
    // A mute thermometer stays 'silent' while its port is opened anew: it has not said anything better yet.
    if (status.state !== 'silent') enter('opening', null);
    health.connects += 1;
    onlineAtMs = null;
    const mine: Session = openSession({
      path: options.path,
      baudRate: options.baudRate ?? profile.baudRate,
      profile,
      options: options.options ?? {},
      openPort: options.openPort,
      clock,
      health,
      onConnect: options.onConnect ?? (() => []),
      onEvent: options.onEvent,
      onLive: (state) => {
        if (state === 'online') onlineAtMs ??= clock.nowMs();
        enter(state, state === 'silent' ? 'no-value' : null);
      },
      onEnd: (state, reason) => {
        if (session !== mine) return;
        session = null;
        const wasStable = onlineAtMs !== null && clock.nowMs() - onlineAtMs >= limits.stableMs;
        attempt = wasStable ? 0 : attempt + 1;
        if (reason !== 'silent') enter(state, reason);
        retry = clock.setTimer(connect, waitMs());
      },
    });
    session = mine;
  };

  const waitMs = () =>
    limits.retryMinMs +
    backoffMs(Math.max(0, attempt - 1), options.random, null, { baseMs: limits.retryBaseMs, maxMs: limits.retryMaxMs });

  const dropAll = (reason: string) => {
    if (retry) clock.clearTimer(retry);
    retry = null;
    const last = session;
    session = null;
    last?.end('absent', reason);
  };

  return {
    state: () => status,
    start: () => {
      if (!session && !retry) connect();
    },
    stop: () => {
      dropAll('stopped');
      enter('absent', 'stopped');
    },
    send: (bytes, how) => {
      if (!session || status.state !== 'online') return Promise.resolve('not-online');
      return session.write(bytes, how.deadlineMs);
    },
    reconnectNow: () => {
      attempt = 0;
      if (status.state === 'online' || (!session && !retry)) return;
      dropAll('reconnect');
      connect();
    },
    health: () => health,
  };
}
