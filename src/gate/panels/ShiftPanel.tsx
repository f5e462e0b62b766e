// Sign in with name and PIN, sign out. Painted by GateScreen, also before anything that needs a named person.
import { Component } from 'preact';
import { t } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import type { Station } from '../station-types.ts';
import { Keys } from './Keys.tsx';
import { PanelHead } from './PanelHead.tsx';

export const limits = { pinDigitsMin: 4, pinDigitsMax: 12, guardsShown: 12 } as const;

type Guard = { staffId: string; name: string };
type Trouble = { error: 'wrong-pin' | 'locked' | 'unknown' | 'no-bridge'; retryInMs: number };
type Props = {
  station: Pick<Station, 'state' | 'signIn' | 'signOut'>;
  /** Said when the panel stands before something that needs a name. */
  because: boolean;
  onSignedIn: () => void;
  onWrong: () => void;
  onClose: () => void;
};

type PinProps = { guard: Guard; props: Props };
type PinState = { pin: string; checking: boolean; trouble: Trouble | null };

class PinPad extends Component<PinProps, PinState> {
  override state: PinState = { pin: '', checking: false, trouble: null };

  override render({ guard, props }: PinProps, { pin, checking, trouble }: PinState) {
    const signIn = async () => {
      this.setState({ checking: true });
      const { error, retryInMs } = await props.station.signIn(guard.staffId, pin);
      this.setState({ checking: false, pin: '', trouble: error && { error, retryInMs } });
      if (error === null) props.onSignedIn();
      else props.onWrong();
    };
    const note = checking
      ? t('shift.checking')
      : trouble === null
        ? ''
        : t(`shift.${trouble.error}`, { minutes: Math.max(1, Math.ceil(trouble.retryInMs / 60_000)) });
    return (
      <>
        <p class="title">{t('shift.pin', { name: guard.name })}</p>
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
              label={t('shift.signIn')}
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

export class ShiftPanel extends Component<Props, { guard: Guard | null }> {
  override state: { guard: Guard | null } = { guard: null };

  override render(props: Props, { guard }: { guard: Guard | null }) {
    const { station } = props;
    const { signedIn: onDuty, guards: all } = station.state();
    const guards = all.slice(0, limits.guardsShown);
    return (
      <section class="panel" data-testid="shift" aria-label={t('shift.title')}>
        <PanelHead title={t('shift.title')} onClose={props.onClose} />
        {guard !== null ? (
          <PinPad guard={guard} props={props} />
        ) : (
          <>
            <p class="title" data-testid="on-duty">
              {onDuty === null ? t('shift.nobody') : t('shift.onDuty', { name: onDuty.name })}
            </p>
            {props.because && onDuty === null && <p class="line">{t('shift.first')}</p>}
            <div class="spacer" />
            <p class="line">{guards.length === 0 ? t('shift.none') : t('shift.choose')}</p>
            <div class="choices" style={{ '--columns': 2 }}>
              {guards.map((one) => (
                <Button
                  key={one.staffId}
                  label={one.name}
                  onPress={() => this.setState({ guard: one })}
                  testId={`guard-${one.staffId}`}
                />
              ))}
            </div>
            <a class="button button-secondary" href="/settings" data-testid="to-settings">
              {t('shift.settings')}
            </a>
            {onDuty !== null && (
              <Button
                label={t('shift.signOut')}
                onPress={() => {
                  station.signOut();
                  props.onClose();
                }}
                testId="sign-out"
              />
            )}
          </>
        )}
      </section>
    );
  }
}
