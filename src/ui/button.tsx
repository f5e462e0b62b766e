// Buttons of every page: one that acts on a tap and one that acts only when it is held. Called by screens and the board.

import { Component, type ComponentChildren } from 'preact';
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
      aria-pressed={pressed}
      onClick={onPress}
    >
      <Face {...face} />
    </button>
  );
}

type HoldProps = Common & { holdMs: number; onHeld: () => void };

/**
 * Acts when it has been held for `holdMs`: by finger, or by Enter or Space held down. Letting go before does nothing.
 * The fill shows how long is left.
 */
export class HoldButton extends Component<HoldProps, { holding: boolean }> {
  override state = { holding: false };
  private timer: ReturnType<typeof setTimeout> | null = null;

  private letGo = () => {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.setState({ holding: false });
  };

  private begin = () => {
    if (this.timer !== null || this.props.disabled) return;
    this.setState({ holding: true });
    this.timer = setTimeout(() => {
      this.letGo();
      this.props.onHeld();
    }, this.props.holdMs);
  };

  override componentWillUnmount() {
    this.letGo();
  }

  override render(
    { kind = 'primary', testId, holdMs, onHeld: _, disabled, ...face }: HoldProps,
    { holding }: { holding: boolean },
  ) {
    return (
      <button
        type="button"
        class={`button button-${kind} button-hold`}
        data-testid={testId}
        data-holding={holding}
        disabled={disabled ?? false}
        style={{ '--hold': `${holdMs}ms` }}
        onPointerDown={this.begin}
        onPointerUp={this.letGo}
        onPointerLeave={this.letGo}
        onPointerCancel={this.letGo}
        onBlur={this.letGo}
        onContextMenu={(event) => event.preventDefault()}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== ' ') return;
          event.preventDefault();
          if (!event.repeat) this.begin();
        }}
        onKeyUp={this.letGo}
      >
        <Face {...face} />
      </button>
    );
  }
}
