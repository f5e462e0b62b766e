// The board's top line: connection and its age, the bell, closed cases, who is signed in. Rendered by ClinicBoard.
import { clinicTexts } from '../i18n/clinic.ts';
import { LanguageSwitch } from '../ui/desk/LanguageSwitch.tsx';
import type { Bell } from './bell.ts';
import { type Connection, closedToday, muteOf } from './board-state.ts';
import type { ClinicController } from './clinic-controller.ts';
import { elapsedText } from './clinic-rules.ts';
import { BellIcon } from './icons.tsx';

const { t } = clinicTexts;

export function Header(props: {
  clinic: ClinicController;
  sound: Pick<Bell, 'locked' | 'unlock'>;
  connection: Connection;
  onClosed(): void;
  onPassword(): void;
  onSlip(): void;
}) {
  const { clinic, connection, sound } = props;
  const state = clinic.state.value;
  const mute = muteOf(state, clinic.nowMs.value);
  return (
    <header class="top">
      <h1>{t('title')}</h1>
      <p class="connection" data-testid="connection" data-state={connection.state}>
        <span class="dot" aria-hidden="true" />
        {connection.state === 'live' ? (
          <>
            {t('live')} · {t('heartbeat', { n: Math.floor(connection.ageMs / 1_000) })}
          </>
        ) : (
          t('reconnecting')
        )}
      </p>
      <span class="space" />
      {sound.locked.value && (
        <button type="button" class="warn" data-testid="sound-locked" onClick={() => sound.unlock()}>
          {t('sound-locked')}
        </button>
      )}
      <button
        type="button"
        class="plain"
        data-testid="mute"
        aria-pressed={mute !== null}
        onClick={mute ? clinic.unmute : clinic.mute}
      >
        <BellIcon crossed={mute !== null} />
        {mute ? t('muted', { by: mute.by, left: elapsedText(mute.leftMs) }) : t('mute')}
      </button>
      <button type="button" class="plain" data-testid="slip" onClick={props.onSlip}>
        {t('slip')}
      </button>
      <button type="button" class="plain" data-testid="closed" onClick={props.onClosed}>
        {t('closed', { n: closedToday(state, clinic.nowMs.value).length })}
      </button>
      <button type="button" class="plain" data-testid="password" onClick={props.onPassword}>
        {t('change-password')}
      </button>
      <LanguageSwitch />
      <button type="button" class="plain" data-testid="sign-out" onClick={() => void clinic.signOut()}>
        {state.staff?.name} · {t('sign-out')}
      </button>
    </header>
  );
}
