// What a reader shows for a verdict: a lamp and a tone. Called by bridge-osdp. Not by colour alone (ux.md): admitted stays lit, every
// other blinks, below 2 Hz; and nothing here tells a fever from any other reason to wait.
import type { Verdict } from '../src/domain/verdict.ts';
import { type Command, commandOf } from './drivers/osdp/commands.ts';

export const limits = {
  /** Later than this a lamp speaks of the wrong person. */
  forMs: 800,
} as const;

const steady = (color: string, timerMs: number) =>
  commandOf('led', { color, onMs: '100', offMs: '0', timerMs: String(timerMs) });
const blinking = (color: string, timerMs: number) =>
  commandOf('led', { color, onMs: '300', offMs: '300', timerMs: String(timerMs) });
const tone = (onMs: number, repeats: number) =>
  commandOf('buzzer', { onMs: String(onMs), offMs: '200', repeats: String(repeats) });

export function signsOf(verdict: Verdict): readonly Command[] {
  switch (verdict) {
    case 'admit':
      return [steady('green', 2_000), tone(100, 1)];
    case 'again':
      return [blinking('amber', 2_000), tone(100, 2)];
    case 'refer':
    case 'deny':
    case 'hold':
      return [blinking('red', 3_000), tone(400, 1)];
    case 'trouble':
      return [blinking('amber', 3_000), tone(100, 3)];
    default:
      return verdict satisfies never;
  }
}
