// The PIN of one guard, checked by the bridge. Painted by ShiftPanel for signing in and at the end of a handover.
import { Component } from 'preact';
import { t } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import type { SignedIn } from '../station-types.ts';
import { Keys } from './Keys.tsx';

export const limits = { pinDigitsMin: 4, pinDigitsMax: 12 } as const;

type Props = {
  name: string;
  enter: 'shift.signIn' | 'handover.done';
  signIn: (pin: string) => Promise<SignedIn>;
  onSignedIn: () => void;
  onWrong: () => void;
};
type State = { pin: string; checking: boolean; trouble: SignedIn | null };

export class PinPad extends Component<Props, State> {
  override state: State = { pin: '', checking: false, trouble: null };

  override render(props: Props, { pin, checking, trouble }: State) {
    const signIn = async () => {
      this.setState({ checking: true });
      const signed = await props.signIn(pin);
      const isIn = signed.error === null;
      this.setState({ checking: false, pin: '', trouble: isIn ? null : signed });
      if (isIn) props.onSignedIn();
      else props.onWrong();
    };
    const note = checking
      ? t('shift.checking')
      : trouble?.error
        ? t(`shift.${trouble.error}`, { minutes: Math.max(1, Math.ceil(trouble.retryInMs / 60_000)) })
        : '';
    return (
      <>
        <p class="title">{t('shift.pin', { name: props.name })}</p>
        <output class="entry-value" data-testid="pin">
          {'●'.repeat(pin.length)}
        </output>
        <p class="note" data-bad={trouble !== null} role="status" data-testid="shift-note">
          {note}
        </p>
        <div class="spacer" />
        <Keys
          onDigit={(digit) =>
            this.setState((now) => ({ trouble: null, pin: (now.pin + digit).slice(0, limits.pinDigitsMax) }))
          }
          onErase={() => this.setState((now) => ({ pin: now.pin.slice(0, -1) }))}
          enter={
            <Button
              kind="primary"
              label={t(props.enter)}
              disabled={checking || pin.length < limits.pinDigitsMin}
              onPress={() => void signIn()}
              testId="keypad-enter"
            />
          }
        />
      </>
    );
  }
}
