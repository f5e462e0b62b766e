// The pairing code of a tablet that is not enrolled yet, and the way out for who signed in by mistake. Rendered by RoundsPage.
import { useRef } from 'preact/hooks';
import { roundsTexts } from '../i18n/rounds.ts';
import { DoorForm } from '../ui/desk/DoorForm.tsx';
import type { RoundsApp } from './rounds-app.ts';

const { t } = roundsTexts;

export function Enrol({ app, name }: { app: RoundsApp; name: string }) {
  const code = useRef<HTMLInputElement>(null);
  return (
    <DoorForm
      testid="enrol"
      title={t('enrol-title')}
      button={t('enrol')}
      busy={t('enrolling')}
      below={
        <>
          {app.staysSignedIn.value && (
            <p class="note note-old" role="alert">
              {t('sign-out-away')}
            </p>
          )}
          <button type="button" class="plain" data-testid="sign-out" onClick={() => void app.signOut()}>
            <span class="account-name">{name}</span> · {t('sign-out')}
          </button>
        </>
      }
      submit={() => app.enrol((code.current?.value ?? '').replace(/\D/g, ''))}
    >
      <p>{t('enrol-how')}</p>
      <label>
        {t('enrol-code')}
        <input
          ref={code}
          name="code"
          class="code"
          inputMode="numeric"
          autocomplete="off"
          required
          pattern="[0-9 ]{10,14}"
          maxLength={14}
        />
      </label>
    </DoorForm>
  );
}
