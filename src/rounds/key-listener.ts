// Takes every key of the page while a round is shown, tells a card reader's burst from a person's typing, and takes what is pasted.
// Called by main.tsx.
import { createWedge } from '../domain/wedge.ts';
import { inputOf } from './keyboard.ts';
import type { Panel } from './round-keys.ts';
import type { Rounds } from './rounds-controller.ts';

/** In these the keys belong to the form. */
const forms: readonly Panel[] = ['find', 'close', 'found', 'keys'];
/** Keys that may go on while they are held. */
const held = new Set(['Backspace', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']);

/** `roundsNow` is null while no round is shown. Answers how to stop. */
export function listenForKeys(target: Window, roundsNow: () => Rounds | null): () => void {
  const wedge = createWedge();

  const onKey = (event: KeyboardEvent) => {
    const rounds = roundsNow();
    // Under the sheet for a new password lies the round: its keys are not the round's.
    if (rounds === null || event.isComposing || document.querySelector('dialog[open]') !== null) return;
    const { panel, typed } = rounds.keys.value;
    const inField = isField(event.target);
    if (inField || forms.includes(panel)) {
      if (event.key === 'Escape') take(event, () => rounds.press({ on: 'escape' }));
      return;
    }
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
    const card = plain && !event.repeat ? wedge.key(event.key, event.timeStamp) : null;
    if (card !== null) return take(event, () => rounds.press({ on: 'card', cards: namesOf(card) }));
    const input = inputOf(event);
    if (input === null) return;
    // Who walks by Tab presses the button that has the focus, as long as no value has been begun.
    if (input.on === 'enter' && typed === '' && isButton(event.target)) return;
    if (event.repeat && !held.has(event.key)) return event.preventDefault();
    take(event, () => rounds.press(input));
  };
  const onPaste = (event: ClipboardEvent) => {
    const rounds = roundsNow();
    if (rounds === null || isField(event.target) || rounds.keys.value.panel !== 'none') return;
    event.preventDefault();
    rounds.paste(event.clipboardData?.getData('text/plain') ?? '');
  };
  target.addEventListener('keydown', onKey, { capture: true });
  target.addEventListener('paste', onPaste);
  return () => {
    target.removeEventListener('keydown', onKey, { capture: true });
    target.removeEventListener('paste', onPaste);
  };
}

/** A wedge reader types the number as printed, or the UID in hexadecimal: which of the two it was nobody says. */
function namesOf(typed: string): string[] {
  return [`printed:${typed}`, `uid:${typed.toUpperCase()}`];
}

function take(event: KeyboardEvent, act: () => void): void {
  event.preventDefault();
  event.stopPropagation();
  act();
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function isButton(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.tagName === 'BUTTON' && target.matches(':focus-visible');
}
