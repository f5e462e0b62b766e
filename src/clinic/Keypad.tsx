// Three digits by touch or by keyboard; Enter finishes. Used by ReMeasureDialog.
import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { clinicTexts } from '../i18n/clinic.ts';

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
export const limits = { digits: 3 } as const;

/** The digits after a key: a fourth one begins anew, Backspace takes one away. */
export function typed(digits: string, key: string): string {
  if (key === 'Backspace') return digits.slice(0, -1);
  if (!/^\d$/.test(key)) return digits;
  return digits.length >= limits.digits ? key : digits + key;
}

export function Keypad(props: { digits: Signal<string>; onEnter(): void; children: ComponentChildren }) {
  const { digits } = props;
  const press = (key: string) => {
    digits.value = typed(digits.value, key);
  };
  const key = useRef((_event: KeyboardEvent) => {});
  key.current = (event) => {
    // Enter on a focused control is that control's own.
    const own = event.target instanceof HTMLButtonElement || event.target instanceof HTMLInputElement;
    if (event.key === 'Enter' && !own) props.onEnter();
    else press(event.key);
  };
  // Before the first paint: a quick typist's first digit must not be lost.
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => key.current(event);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
  return (
    <div class="keypad">
      {props.children}
      <div class="keys">
        {keys.map((one) => (
          <button type="button" key={one} onClick={() => press(one)}>
            {one}
          </button>
        ))}
        <button type="button" class="two" onClick={() => press('0')}>
          0
        </button>
        <button type="button" aria-label={clinicTexts.t('backspace')} onClick={() => press('Backspace')}>
          ⌫
        </button>
      </div>
    </div>
  );
}
