// How a barrier is moved: bytes on a serial line of its own, or orders to the output of an OSDP device. Called by bridge-barrier.
import type { BarrierConfig } from './config.ts';
import type { Profile, ProfileOptions } from './drivers/driver.ts';
import { commandBytes, profileOf } from './drivers/index.ts';
import { type Command, commandOf } from './drivers/osdp/commands.ts';
import type { SendResult } from './line-writes.ts';
import type { OsdpLine } from './osdp-lines.ts';
import type { SerialLine } from './serial-line.ts';

export const limits = {
  /** OFF behind a pulse that the board ends itself: it must not come first and cut the pulse short. */
  boardMarginMs: 100,
} as const;

export type BarrierDrive = {
  /** After so many milliseconds OFF goes out. */
  closeAfterMs: number;
  isOnline(): boolean;
  /** Now or not at all, within `forMs` from now; never kept for another connection. */
  open(forMs: number): Promise<SendResult>;
  close(forMs: number): Promise<SendResult>;
  /** What goes out first on every connection of a serial line. */
  offFrames(): Uint8Array[];
};

export function serialDrive(config: BarrierConfig, lineOf: () => SerialLine | null): BarrierDrive {
  const profile = profileOf(config.profile);
  const options = barrierOptions(config, profile);
  const { open, closeAfterMs } = opening(profile, options, config.pulseMs);
  const close = commandBytes(profile, 'close', options);
  const send = (bytes: Uint8Array, deadlineMs: number): Promise<SendResult> =>
    lineOf()?.send(bytes, { deadlineMs }) ?? Promise.resolve('not-online');
  return {
    closeAfterMs,
    isOnline: () => lineOf()?.state().state === 'online',
    open: (forMs) => send(open, forMs),
    close: (forMs) => send(close, forMs),
    offFrames: () => [close],
  };
}

/** The device times the pulse by its own clock (control 5) and is told OFF behind it all the same. */
export function osdpDrive(config: BarrierConfig, lineOf: () => OsdpLine | null): BarrierDrive {
  const open = outputCommand(config, { control: '5', timerMs: String(config.pulseMs) });
  const close = osdpOff(config);
  const order = (command: Command, forMs: number): Promise<SendResult> =>
    lineOf()?.order(command, forMs) ?? Promise.resolve('not-online');
  return {
    closeAfterMs: config.pulseMs + limits.boardMarginMs,
    isOnline: () => lineOf()?.state().state === 'online',
    open: (forMs) => order(open, forMs),
    close: (forMs) => order(close, forMs),
    offFrames: () => [],
  };
}

/** The barrier's channel as its profile wants it, where the profile knows channels. */
export function barrierOptions(config: BarrierConfig, profile: Profile): ProfileOptions {
  return Object.hasOwn(profile.options, 'channel')
    ? { ...config.options, channel: String(config.channel) }
    : config.options;
}

/** What an OSDP device is told first each time it comes online. */
export const osdpOff = (config: BarrierConfig): Command => outputCommand(config, { control: '1', timerMs: '0' });

const outputCommand = (config: BarrierConfig, options: ProfileOptions): Command =>
  commandOf('output', { output: String(config.channel), ...options });

/** What opens, and after how many milliseconds OFF goes out. A board times a pulse of exactly the configured length or none. */
function opening(
  profile: Profile,
  options: ProfileOptions,
  pulseMs: number,
): { open: Uint8Array; closeAfterMs: number } {
  const board = profile.boardPulse;
  if (board === undefined || pulseMs % board.stepMs !== 0 || pulseMs > board.maxMs) {
    return { open: commandBytes(profile, 'open', options), closeAfterMs: pulseMs };
  }
  const timed = Object.hasOwn(profile.options, 'pulseMs') ? { ...options, pulseMs: String(pulseMs) } : options;
  return { open: commandBytes(profile, 'pulse', timed), closeAfterMs: pulseMs + limits.boardMarginMs };
}
