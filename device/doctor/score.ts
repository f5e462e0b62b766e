// How well a profile reads what was heard: pure, over the pieces as they arrived. Called by propose, and by examine for live values.
import type { DeviceEvent, Profile, ProfileOptions } from '../drivers/driver.ts';
import { isWeak } from './candidates.ts';

/** Bytes as they came, with the instant of their arrival, milliseconds. */
export type Piece = { atMs: number; bytes: Uint8Array };

export type Score = {
  profile: string;
  /** Frames with a good check: readings, taps, and sound frames that say "no value". */
  good: number;
  /** Values of a format that has no check, or one too weak to tell it from noise. */
  unchecked: number;
  /** Runs of bytes that are no frame. */
  bad: number;
  /** Bytes that all of it was read from. */
  bytes: number;
  /** The values in the order they came. */
  values: readonly Value[];
};
export type Value = Extract<DeviceEvent, { kind: 'reading' | 'tap' }>;

/** Reads the pieces as the bridge would: what is half read is judged after the profile's own silence. */
export function score(profile: Profile, pieces: readonly Piece[], options: ProfileOptions = {}): Score {
  const decoder = profile.decoder(options);
  const events: DeviceEvent[] = [];
  let lastMs: number | null = null;
  for (const { atMs, bytes } of pieces) {
    if (lastMs !== null && atMs - lastMs > profile.idleMs) events.push(...decoder.idle());
    events.push(...decoder.push(bytes));
    lastMs = atMs;
  }
  // Listening ends at any moment: the half frame at the end is nobody's fault, a whole one without an end is a value.
  events.push(...decoder.idle().filter(({ kind }) => kind !== 'rejected'));
  return count(profile.name, events, sizeOf(pieces));
}

export function sizeOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

/** The same for events that somebody else's decoder gave, such as answers to questions. */
export function count(profile: string, events: readonly DeviceEvent[], bytes: number): Score {
  const values = events.filter((event) => event.kind === 'reading' || event.kind === 'tap');
  const unchecked = values.filter((event) => event.unchecked === true || isWeak(profile)).length;
  const alive = events.filter((event) => event.kind === 'rejected' && event.alive === true).length;
  return {
    profile,
    good: values.length - unchecked + alive,
    unchecked,
    bad: events.filter((event) => event.kind === 'rejected' && event.alive !== true).length,
    ...{ bytes, values },
  };
}
