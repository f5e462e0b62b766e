// Which key of a keyboard is which input of the round. Called by the rounds page's key listener.
import type { KeyInput } from './round-keys.ts';

type Key = { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean };

const named: Readonly<Record<string, KeyInput>> = {
  Enter: { on: 'enter' },
  Backspace: { on: 'back' },
  Escape: { on: 'escape' },
  ArrowUp: { on: 'move', to: 'up' },
  ArrowDown: { on: 'move', to: 'down' },
  ArrowLeft: { on: 'move', to: 'left' },
  ArrowRight: { on: 'move', to: 'right' },
  '/': { on: 'open', panel: 'find' },
  F2: { on: 'absent', reason: 'leave' },
  F4: { on: 'absent', reason: 'not-in-room' },
  F6: { on: 'absent', reason: 'at-clinic' },
  F7: { on: 'open', panel: 'symptoms' },
  F8: { on: 'open', panel: 'refer' },
  F9: { on: 'second' },
};

/** Null for a key that the round leaves to the browser. Full-width digits of a Chinese input method count as digits. */
export function inputOf({ key, ctrlKey, metaKey, altKey }: Key): KeyInput | null {
  if (altKey) return null;
  if (ctrlKey || metaKey) return key.toLowerCase() === 'z' ? { on: 'undo' } : null;
  const plain = key.normalize('NFKC');
  if (/^\d$/.test(plain)) return { on: 'digit', digit: plain };
  if (/^[a-h]$/i.test(plain)) return { on: 'letter', letter: plain.toLowerCase() };
  return Object.hasOwn(named, plain) ? (named[plain] ?? null) : null;
}
