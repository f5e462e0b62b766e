// Sign in with name and PIN, sign out. Painted by GateScreen, also before anything that needs a named person.
import { useState } from 'preact/hooks';
import { t } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import type { Station } from '../station-types.ts';
import { Keys } from './Keys.tsx';
import { PanelHead } from './PanelHead.tsx';

export const limits = { pinDigitsMin: 4, pinDigitsMax: 12, guardsShown: 12 } as const;

type Guard = { staffId: string; name: string };
type Trouble = { error: 'wrong-pin' | 'locked' | 'unknown' | 'no-bridge'; retryInMs: number };
type Props = {
  station: Pick<Station, 'guards' | 'signedIn' | 'signIn' | 'signOut'>;
  /** Said when the panel stands before something that needs a name. */
  because: boolean;
  onSignedIn: () => void;
  onWrong: () => void;
  onClose: () => void;
};

function PinPad({ guard, props }: { guard: Guard; props: Props }) {
  const [pin, setPin] = useState('');
  const [checking, setChecking] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const signIn = async () => {
    setChecking(true);
    const { error, retryInMs } = await props.station.signIn(guard.staffId, pin);
    setChecking(false);
    setPin('');
    if (error === null) return props.onSignedIn();
    setTrouble({ error, retryInMs });
    props.onWrong();
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
        onDigit={(digit) => {
          setTrouble(null);
          setPin((before) => (before + digit).slice(0, limits.pinDigitsMax));
        }}
        onErase={() => setPin((before) => before.slice(0, -1))}
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

export function ShiftPanel(props: Props) {
  const { station } = props;
  const [guard, setGuard] = useState<Guard | null>(null);
  const onDuty = station.signedIn.value;
  const guards = station.guards.value.slice(0, limits.guardsShown);
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
                onPress={() => setGuard(one)}
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
