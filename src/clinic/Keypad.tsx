// Three digits by touch or by keyboard; Enter finishes. Used by ReMeasureDialog.
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { clinicTexts } from '../i18n/clinic.ts';

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
export const limits = { digits: 3 } as const;

/** The digits after a key: a fourth one begins anew, Backspace takes one away. */
export function typed(digits: string, key: string): string {
  if (key === 'Backspace') return digits.slice(0, -1);
  if (!/^\d$/.test(key)) return digits;
  return digits.length >= limits.digits ? key : digits + key;
}

export function Keypad(props: {
  digits: string;
  onDigits(digits: string): void;
  onEnter(): void;
  children: ComponentChildren;
}) {
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      // Enter on a focused control is that control's own.
      const own = event.target instanceof HTMLButtonElement || event.target instanceof HTMLInputElement;
      if (event.key === 'Enter' && !own) props.onEnter();
      else props.onDigits(typed(props.digits, event.key));
    };
    document.addEventListener('keydown', key);
    return () => document.removeEventListener('keydown', key);
  });
  const press = (key: string) => props.onDigits(typed(props.digits, key));
  return (
    <div class="keypad">
      {props.children}
      <div class="keys">
        {keys.map((key) => (
          <button type="button" key={key} onClick={() => press(key)}>
            {key}
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
