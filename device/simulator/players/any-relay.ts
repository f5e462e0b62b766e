// Plays any relay board of relay-speech: takes command bytes, moves its coils, answers where its board does, remembers what came.
// Called by the simulator of `npm start`, by play and by tests.
import type { Clock, Timer } from '../../clock.ts';
import { relaySpeeches } from './relay-speech.ts';

export const limits = { logMax: 2_000 } as const;

export type RelayLogLine = { atMs: number; hex: string };

export type RelayPlayer = {
  receive(bytes: Uint8Array): void;
  /** Each valid command as lower-case hex with its time, oldest first; the newest 2,000. */
  log(): readonly RelayLogLine[];
  /** Bytes that were no command. */
  strayBytes(): number;
  /** State of each coil, channel 1 first. */
  coils(): readonly boolean[];
  /** Called whenever a coil moves. */
  onChange(listener: (channel: number, on: boolean, atMs: number) => void): () => void;
  /** Forgets what the board would do by itself. */
  stop(): void;
};

export type RelayPlayerOptions = {
  clock: Clock;
  /** Answers of boards that answer. */
  write?(bytes: Uint8Array): void;
  /** Fewer than the board's own, for a board with fewer relays. */
  channels?: number;
};

/** Null for a profile that is no relay. */
export function createAnyRelay(profile: string, options: RelayPlayerOptions): RelayPlayer | null {
  const speech = relaySpeeches.get(profile);
  if (!speech) return null;
  const coils = new Array<boolean>(Math.min(speech.channels, options.channels ?? speech.channels)).fill(false);
  const onSinceMs = new Map<number, number>();
  const ends = new Map<number, Timer>();
  const listeners = new Set<(channel: number, on: boolean, atMs: number) => void>();
  const log: RelayLogLine[] = [];
  let pending: number[] = [];
  let stray = 0;

  const move = (channel: number, on: boolean) => {
    const atMs = options.clock.nowMs();
    const index = channel - 1;
    if (coils[index] === undefined) return;
    if (!on && atMs - (onSinceMs.get(channel) ?? Number.NEGATIVE_INFINITY) < speech.deafMs) return;
    const end = ends.get(channel);
    if (end) options.clock.clearTimer(end);
    ends.delete(channel);
    if (on) onSinceMs.set(channel, atMs);
    if (coils[index] === on) return;
    coils[index] = on;
    for (const listener of listeners) listener(channel, on, atMs);
  };
  const turn = () => {
    while (pending.length > 0) {
      const heard = speech.hear(pending, coils);
      if (heard === 'more') return;
      if (heard === null) {
        pending = pending.slice(1);
        stray += 1;
        continue;
      }
      const hex = Buffer.from(pending.slice(0, heard.length)).toString('hex');
      pending = pending.slice(heard.length);
      log.push({ atMs: options.clock.nowMs(), hex });
      if (log.length > limits.logMax) log.shift();
      const wanted = heard.move;
      if (wanted) {
        move(wanted.channel, wanted.on);
        if (wanted.forMs !== undefined) {
          ends.set(
            wanted.channel,
            options.clock.setTimer(() => move(wanted.channel, false), wanted.forMs),
          );
        }
      }
      if (heard.answer) options.write?.(heard.answer);
    }
  };

  return {
    receive: (bytes) => {
      for (const byte of bytes) {
        pending.push(byte);
        turn();
      }
    },
    log: () => log,
    strayBytes: () => stray,
    coils: () => coils,
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop: () => {
      for (const timer of ends.values()) options.clock.clearTimer(timer);
      ends.clear();
    },
  };
}
