// Buttons of every page: one that acts on a tap and one that acts only when it is held. Called by screens and the board.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icons.tsx';

export type ButtonKind = 'primary' | 'secondary' | 'quiet';
type Common = {
  label: string;
  /** The other language, small, below the label. */
  sub?: { text: string; lang: string } | undefined;
  icon?: IconName;
  kind?: ButtonKind;
  testId?: string;
  disabled?: boolean;
};

function Face({ label, sub, icon }: Pick<Common, 'label' | 'sub' | 'icon'>): ComponentChildren {
  return (
    <>
      {icon && <Icon name={icon} />}
      <span class="button-words">
        <span>{label}</span>
        {sub && (
          <span class="button-sub" lang={sub.lang}>
            {sub.text}
          </span>
        )}
      </span>
    </>
  );
}

export function Button({
  kind = 'secondary',
  testId,
  onPress,
  pressed,
  disabled,
  ...face
}: Common & { onPress: () => void; pressed?: boolean }) {
  return (
    <button
      type="button"
      class={`button button-${kind}`}
      data-testid={testId}
      disabled={disabled ?? false}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
      onClick={onPress}
    >
      <Face {...face} />
    </button>
  );
}

/**
 * Acts when it has been held for `holdMs`: by finger, or by Enter or Space held down. Letting go before does nothing.
 * The fill shows how long is left.
 */
export function HoldButton({
  kind = 'primary',
  testId,
  holdMs,
  onHeld,
  disabled,
  ...face
}: Common & { holdMs: number; onHeld: () => void }) {
  const [holding, setHolding] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const letGo = () => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
    setHolding(false);
  };
  const begin = () => {
    if (timer.current !== null || disabled) return;
    setHolding(true);
    timer.current = setTimeout(() => {
      letGo();
      onHeld();
    }, holdMs);
  };
  useEffect(() => letGo, []);
  return (
    <button
      type="button"
      class={`button button-${kind} button-hold`}
      data-testid={testId}
      data-holding={holding}
      disabled={disabled ?? false}
      style={{ '--hold': `${holdMs}ms` }}
      onPointerDown={begin}
      onPointerUp={letGo}
      onPointerLeave={letGo}
      onPointerCancel={letGo}
      onBlur={letGo}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        if (!event.repeat) begin();
      }}
      onKeyUp={letGo}
    >
      <Face {...face} />
    </button>
  );
}
