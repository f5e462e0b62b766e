// Name and password for the office page. Rendered by OfficePage.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { language } from '../i18n/define.ts';
import { officeTexts } from '../i18n/office.ts';
import { LanguageSwitch } from './OfficePage.tsx';
import type { Office } from './office-state.ts';

const { t } = officeTexts;

export function SignIn({ office }: { office: Office }) {
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const isWaiting = useSignal(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isWaiting.value) return;
    isWaiting.value = true;
    await office.signIn(name.current?.value.trim() ?? '', password.current?.value ?? '');
    isWaiting.value = false;
  };
  const why = office.isAway.value ? t('unreached') : (office.refused.value?.[language.value] ?? null);
  return (
    <main class="sign-in-page">
      <form class="sign-in" data-testid="sign-in" onSubmit={submit}>
        <h1>{t('title')}</h1>
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
        {why !== null && (
          <p class="say-bad" role="alert">
            {why}
          </p>
        )}
        <button type="submit" class="primary" disabled={isWaiting.value}>
          {t(isWaiting.value ? 'signing-in' : 'sign-in')}
        </button>
        <LanguageSwitch />
      </form>
    </main>
  );
}
