// Listens for card numbers that a keyboard-wedge reader types into the page. Called by main.tsx.
import { createWedge } from '../domain/wedge.ts';

/** `stamp` gets each number; answers how to stop. An Enter that ends a number presses no button on the screen. */
export function listenForWedge(target: Window, stamp: (printed: string) => void): () => void {
  const wedge = createWedge();
  const onKey = (event: KeyboardEvent) => {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    const printed = wedge.key(event.key, event.timeStamp);
    if (printed === null) return;
    event.preventDefault();
    event.stopPropagation();
    stamp(printed);
  };
  target.addEventListener('keydown', onKey, { capture: true });
  return () => target.removeEventListener('keydown', onKey, { capture: true });
}
