// Two physical keys for gloves that a touchscreen does not feel: one does the screen's plain next act, the other goes to the next
// chip. Pure but for the listener at the end; called by GateScreen. Which keys: settings, kept in this browser.
import type { HandKeys } from '../domain/hand-keys.ts';
import type { GateController } from './controller-types.ts';
import type { GateModel } from './model.ts';

/** Nothing that opens, refuses or answers lies on a key without a name under it. */
export function handAct(
  model: GateModel,
  key: 'acknowledge' | 'next',
): ((acts: GateController['acts']) => void) | null {
  const { screen, card, chips } = model;
  if (key === 'next') {
    const at = chips.findIndex((chip) => chip.card === card);
    const chip = chips[(at + 1) % chips.length];
    return chip === undefined ? null : (acts) => acts.retry(chip.card);
  }
  switch (screen.name) {
    case 'again':
      return (acts) => acts.retry(card);
    case 'refer':
    case 'deny':
    case 'not-saved':
      return (acts) => acts.dismiss();
    case 'hold':
      return screen.kind === 'questions' ? null : (acts) => acts.dismiss();
    case 'trouble': {
      const { deviceId } = screen;
      return deviceId === null ? null : (acts) => acts.reconnect(deviceId);
    }
    default:
      return null;
  }
}

/** Listens before the buttons do; `isFree` is false while a panel stands, whose own keys then count. Answers how to stop. */
export function listenForHands(controller: GateController, keys: () => HandKeys, isFree: () => boolean): () => void {
  const onKey = (event: KeyboardEvent) => {
    const at = keys().indexOf(event.code);
    // An Enter that ended a card number was taken by the wedge.
    if (at < 0 || event.defaultPrevented || !isFree()) return;
    const act = handAct(controller.model(), at === 0 ? 'acknowledge' : 'next');
    if (act === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) act(controller.acts);
  };
  addEventListener('keydown', onKey, { capture: true });
  return () => removeEventListener('keydown', onKey, { capture: true });
}
