// Plays an LCUS relay board: takes command bytes, moves its coils, remembers what came.
// Called by the simulator and by tests; it shares no code with the driver that commands it.

export const limits = { logMax: 2_000, channelsMax: 8 } as const;

export type RelayLogLine = { atMs: number; hex: string };

export type RelayPlayer = {
  receive(bytes: Uint8Array): void;
  /** Each valid command (4 bytes as lower-case hex) with its time, oldest first; the newest 2,000. */
  log(): readonly RelayLogLine[];
  /** Bytes that were no command. */
  strayBytes(): number;
  /** State of each coil, channel 1 first. */
  coils(): readonly boolean[];
  /** Called whenever a coil moves. */
  onChange(listener: (channel: number, on: boolean, atMs: number) => void): () => void;
};

export type RelayPlayerOptions = {
  nowMs(): number;
  channels?: number;
  /** The board's own controller overhears an OFF sooner than this after the ON (80 on real boards, 0 = never). */
  deafMs?: number;
};

export function createRelayPlayer(options: RelayPlayerOptions): RelayPlayer {
  const channels = Math.min(limits.channelsMax, Math.max(1, options.channels ?? 1));
  const deafMs = options.deafMs ?? 80;
  const coils = new Array<boolean>(channels).fill(false);
  const onSinceMs = new Array<number>(channels).fill(Number.NEGATIVE_INFINITY);
  const listeners = new Set<(channel: number, on: boolean, atMs: number) => void>();
  const log: RelayLogLine[] = [];
  let pending: number[] = [];
  let stray = 0;

  const move = (channel: number, on: boolean, atMs: number) => {
    const index = channel - 1;
    if (!on && atMs - (onSinceMs[index] ?? 0) < deafMs) return;
    if (on) onSinceMs[index] = atMs;
    if (coils[index] === on) return;
    coils[index] = on;
    for (const listener of listeners) listener(channel, on, atMs);
  };

  return {
    receive: (bytes) => {
      for (const byte of bytes) {
        pending.push(byte);
        if (pending.length < 4) continue;
        const [head = 0, channel = 0, state = 0, sum = 0] = pending;
        const isCommand =
          head === 0xa0 &&
          channel >= 1 &&
          channel <= channels &&
          state <= 1 &&
          sum === ((head + channel + state) & 0xff);
        if (!isCommand) {
          pending = pending.slice(1);
          stray += 1;
          continue;
        }
        const atMs = options.nowMs();
        log.push({ atMs, hex: pending.map((value) => value.toString(16).padStart(2, '0')).join('') });
        if (log.length > limits.logMax) log.shift();
        pending = [];
        move(channel, state === 1, atMs);
      }
    },
    log: () => log,
    strayBytes: () => stray,
    coils: () => coils,
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
