// Name and password for a page of the hub; says so when a session ran out. Rendered by the pages of people at desks.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { language } from '../../i18n/define.ts';
import { deskTexts } from '../../i18n/desk.ts';
import type { Failure } from './failure.ts';
import { LanguageSwitch } from './LanguageSwitch.tsx';

const { t } = deskTexts;

export function SignIn(props: {
  title: string;
  /** A session ran out or was ended. */
  over?: boolean;
  signIn(name: string, password: string): Promise<Failure | null>;
}) {
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const waiting = useSignal(false);
  const failure = useSignal<Failure | null>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (waiting.value) return;
    waiting.value = true;
    failure.value = null;
    failure.value = await props.signIn(name.current?.value.trim() ?? '', password.current?.value ?? '');
    waiting.value = false;
  };
  const why = failure.value;
  return (
    <main class="sign-in-page">
      <form class="sign-in" data-testid="sign-in" onSubmit={submit}>
        <h1>{props.title}</h1>
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
            {why.why === 'refused' ? why.sentence[language.value] : t('unreached')}
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
