// One connection of one device, from open to gone: a new port and a new decoder that die together, so that no bytes and no
// commands ever cross from one connection to the next. Called by serial-line.
import type { Clock, Timer } from './clock.ts';
import type { DeviceEvent, Profile, ProfileOptions } from './drivers/driver.ts';
import { commandBytes } from './drivers/index.ts';
import { type LineHealth, noteBytes, noteEvent } from './line-health.ts';
import { PortError } from './port-error.ts';
import type { OpenPort, Port } from './ports.ts';

export const limits = {
  openMs: 5_000,
  /** Design: silence over 2 s is device trouble. */
  silenceMs: 2_000,
  /** A mute port is thrown away and opened anew: it may be a handle on a device that was replugged. */
  silentReopenMs: 10_000,
  nodeCheckMs: 1_000,
  connectWriteMs: 1_000,
  writesInFlightMax: 16,
} as const;

export type SendResult = 'sent' | 'not-online' | 'late' | 'failed';

export type SessionOptions = {
  path: string;
  baudRate: number;
  profile: Profile;
  options: ProfileOptions;
  openPort: OpenPort;
  clock: Clock;
  health: LineHealth;
  /** Frames to be written, in this order, before the line may be used (a barrier's OFF). */
  onConnect(): readonly Uint8Array[];
  onEvent(event: DeviceEvent, atMs: number): void;
  /** The line may be used, fell silent, came back. */
  onLive(state: 'online' | 'silent'): void;
  /** Called once, last of all. */
  onEnd(state: 'absent' | 'faulted', reason: string): void;
};

export type Session = {
  /** Writes now or not at all; `deadlineMs` is how long the bytes may take to leave. */
  write(bytes: Uint8Array, deadlineMs: number): Promise<SendResult>;
  end(state: 'absent' | 'faulted', reason: string): void;
};

export function openSession(options: SessionOptions): Session {
  const { clock, profile, health } = options;
  const decoder = profile.decoder(options.options);
  const timers = new Map<string, Timer>();
  const inFlight = new Set<(result: SendResult) => void>();
  let port: Port | null = null;
  let isEnded = false;
  let isReady = false;
  let isChecking = false;
  /** Query-mode devices: a command is out and its answer may still come. */
  let isAsking = false;

  const cancel = (name: string) => {
    const timer = timers.get(name);
    if (timer) clock.clearTimer(timer);
    timers.delete(name);
  };
  const after = (name: string, delayMs: number, run: () => void) => {
    cancel(name);
    timers.set(
      name,
      clock.setTimer(() => {
        timers.delete(name);
        if (!isEnded) run();
      }, delayMs),
    );
  };

  const end: Session['end'] = (state, reason) => {
    if (isEnded) return;
    isEnded = true;
    for (const name of [...timers.keys()]) cancel(name);
    port?.destroy();
    for (const settle of [...inFlight]) settle('failed');
    options.onEnd(state, reason);
  };

  const write: Session['write'] = (bytes, deadlineMs) => {
    const to = port;
    if (isEnded || !to) return Promise.resolve('not-online');
    if (!(deadlineMs > 0)) return Promise.resolve('late');
    if (inFlight.size >= limits.writesInFlightMax) return Promise.resolve('failed');
    return new Promise((resolve) => {
      const settle = (result: SendResult) => {
        if (!inFlight.delete(settle)) return;
        clock.clearTimer(deadline);
        resolve(result);
      };
      inFlight.add(settle);
      const deadline = clock.setTimer(() => {
        if (!inFlight.has(settle)) return;
        health.lateWrites += 1;
        settle('late');
        // Bytes that are late must not come out later: only throwing the port away takes them back.
        end('faulted', 'write-late');
      }, deadlineMs);
      to.write(bytes).then(
        () => settle('sent'),
        (error: unknown) => {
          settle('failed');
          end('faulted', `write-failed: ${error instanceof Error ? error.message : String(error)}`);
        },
      );
    });
  };

  const armSilence = () => {
    if (profile.role !== 'thermometer') return;
    after('silence', limits.silenceMs, () => options.onLive('silent'));
    after('reopen', limits.silentReopenMs, () => end('faulted', 'silent'));
  };

  const take = (events: readonly DeviceEvent[]) => {
    const atMs = clock.nowMs();
    for (const event of events) {
      if (isEnded) return;
      const isAnswer = event.kind !== 'rejected' || event.alive === true;
      // Nothing that nobody asked for is taken for an answer, and nothing before the port is ready for a reading.
      if (isAnswer && (!isReady || (profile.poll && !isAsking))) {
        health.unsolicited += 1;
        continue;
      }
      if (isAnswer) {
        isAsking = false;
        cancel('answer');
        armSilence();
        options.onLive('online');
      }
      noteEvent(health, event);
      options.onEvent(event, atMs);
    }
  };

  const ask = () => {
    const poll = profile.poll;
    if (!poll) return;
    after('poll', poll.everyMs, ask);
    take(decoder.idle());
    if (isEnded) return;
    isAsking = true;
    after('answer', poll.timeoutMs, () => {
      isAsking = false;
      health.unanswered += 1;
      take(decoder.idle());
    });
    void write(commandBytes(profile, poll.command, options.options), poll.timeoutMs);
  };

  const checkNode = () => {
    after('node', limits.nodeCheckMs, checkNode);
    if (!port || isChecking) return;
    isChecking = true;
    port.stillThere().then(
      (isThere) => {
        isChecking = false;
        if (!isThere) end('absent', 'unplugged');
      },
      (error: unknown) => end('faulted', `node-check: ${error instanceof Error ? error.message : String(error)}`),
    );
  };

  const begin = async () => {
    const opened = await options.openPort(options.path, options.baudRate, {
      data: (bytes) => {
        if (isEnded) return;
        noteBytes(health, bytes.length);
        take(decoder.push(bytes));
        after('idle', profile.idleMs, () => take(decoder.idle()));
      },
      gone: (reason) => end('absent', reason),
    });
    if (isEnded) {
      opened.destroy();
      return;
    }
    port = opened;
    cancel('open');
    for (const frame of options.onConnect()) {
      const result = await write(frame, limits.connectWriteMs);
      if (isEnded) return;
      if (result !== 'sent') return end('faulted', `first-write-${result}`);
    }
    isReady = true;
    // A thermometer is online by its first value; the others have nothing to say by themselves.
    if (profile.role !== 'thermometer') options.onLive('online');
    armSilence();
    checkNode();
    ask();
  };

  after('open', limits.openMs, () => end('faulted', 'open-timeout'));
  begin().catch((error: unknown) => {
    const trouble = error instanceof PortError ? error.trouble : 'failed';
    const message = error instanceof Error ? error.message : String(error);
    end(trouble === 'absent' ? 'absent' : 'faulted', trouble === 'failed' ? message : trouble);
  });
  return { write, end };
}
