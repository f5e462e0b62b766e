// One connection of one device, from open to gone: a new port and a new decoder that die together, so that no bytes and no
// commands ever cross from one connection to the next. Called by serial-line.
import type { Clock } from './clock.ts';
import type { DeviceEvent, Profile, ProfileOptions } from './drivers/driver.ts';
import { commandBytes } from './drivers/index.ts';
import { isValue, type LineHealth, noteBytes, noteEvent } from './line-health.ts';
import { createWrites, type SendResult } from './line-writes.ts';
import { createNamedTimers } from './named-timers.ts';
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
  /** A silence that is told so late was perhaps none: the machine was busy, and what came meanwhile is read first. */
  stallMs: 10,
  afterStallMs: 20,
} as const;

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
  const timers = createNamedTimers(clock);
  const { after, cancel } = timers;
  let port: Port | null = null;
  let isEnded = false;
  let isReady = false;
  let isChecking = false;
  /** Query-mode devices: a command is out and its answer may still come. */
  let isAsking = false;
  /** The device took the command: a reader without a card has nothing more to say. */
  let isAcknowledged = false;

  const end: Session['end'] = (state, reason) => {
    if (isEnded) return;
    isEnded = true;
    timers.close();
    port?.destroy();
    writes.failAll();
    options.onEnd(state, reason);
  };

  const writes = createWrites({
    clock,
    onLate: () => {
      health.lateWrites += 1;
      end('faulted', 'write-late');
    },
    onFailed: (reason) => end('faulted', `write-failed: ${reason}`),
  });
  const write: Session['write'] = (bytes, deadlineMs) =>
    isEnded || !port ? Promise.resolve('not-online') : writes.write(port, bytes, deadlineMs);

  /** Online by its first value only, and silent without: the others have nothing to say by themselves. */
  const mustTalk = profile.role === 'thermometer' || profile.watchesInputs === true;
  const armSilence = () => {
    if (!mustTalk) return;
    after('silence', limits.silenceMs, () => options.onLive('silent'));
    after('reopen', limits.silentReopenMs, () => end('faulted', 'silent'));
  };

  const take = (events: readonly DeviceEvent[]) => {
    const atMs = clock.nowMs();
    for (const event of events) {
      if (isEnded) return;
      // An acknowledgement or a setting is no value: it neither makes a device live nor ends a question.
      const isInputs = event.kind === 'inputs' && profile.watchesInputs === true;
      const isAnswer = isValue(event) || isInputs || (event.kind === 'rejected' && event.alive === true);
      if (event.kind === 'ack') isAcknowledged = true;
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
    isAcknowledged = false;
    decoder.asked?.(poll.command);
    after('answer', poll.timeoutMs, () => {
      isAsking = false;
      if (!isAcknowledged) health.unanswered += 1;
      take(decoder.idle());
    });
    void write(commandBytes(profile, poll.command, options.options), poll.timeoutMs);
  };

  const waitForSilence = () => {
    const dueMs = clock.nowMs() + profile.idleMs;
    const judge = () => take(decoder.idle());
    after('idle', profile.idleMs, () => {
      if (clock.nowMs() - dueMs > limits.stallMs) after('idle', limits.afterStallMs, judge);
      else judge();
    });
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
        waitForSilence();
      },
      gone: (reason) => end('absent', reason),
    });
    if (isEnded) {
      opened.destroy();
      return;
    }
    port = opened;
    cancel('open');
    const startCommands = profile.startCommands ?? [];
    const starts = startCommands.map((command) => commandBytes(profile, command, options.options));
    for (const frame of [...starts, ...options.onConnect()]) {
      const result = await write(frame, limits.connectWriteMs);
      if (isEnded) return;
      if (result !== 'sent') return end('faulted', `first-write-${result}`);
    }
    isReady = true;
    if (!mustTalk) options.onLive('online');
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
