// Name and password for the clinic board; says so when a session ran out. Rendered by ClinicBoard.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { clinicTexts } from '../i18n/clinic.ts';
import { language } from '../i18n/define.ts';
import type { ClinicController, SignInFailure } from './clinic-controller.ts';
import { LanguageSwitch } from './LanguageSwitch.tsx';

const { t } = clinicTexts;

export function SignIn(props: { clinic: ClinicController; over: boolean }) {
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const waiting = useSignal(false);
  const failure = useSignal<SignInFailure | null>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (waiting.value) return;
    waiting.value = true;
    failure.value = null;
    failure.value = await props.clinic.signIn(name.current?.value.trim() ?? '', password.current?.value ?? '');
    waiting.value = false;
  };
  const why = failure.value;
  return (
    <main class="sign-in-page">
      <form class="sign-in" data-testid="sign-in" onSubmit={submit}>
        <h1>{t('title')}</h1>
        {props.over && <p class="say-over">{t('session-over')}</p>}
        <label>
          {t('name')}
          <input ref={name} name="name" autocomplete="username" required maxLength={200} />
        </label>
        <label>
          {t('password')}
          <input
            ref={password}
            name="password"
            type="password"
            autocomplete="current-password"
            required
            maxLength={256}
          />
        </label>
        {why && (
          <p class="say-bad" role="alert">
            {why.why === 'refused' ? why.sentence[language.value] : t('hub-unreached')}
          </p>
        )}
        <button type="submit" class="primary" disabled={waiting.value}>
          {t(waiting.value ? 'signing-in' : 'sign-in')}
        </button>
        <LanguageSwitch />
      </form>
    </main>
  );
}
