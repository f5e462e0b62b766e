// What stands before the round: name and password, and the pairing code of a tablet that is not enrolled yet. Rendered by RoundsPage.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { roundsTexts } from '../i18n/rounds.ts';
import { LanguageSwitch, whyText } from './RoundsPage.tsx';
import type { RoundsApp } from './rounds-app.ts';

const { t } = roundsTexts;

function Door(props: {
  app: RoundsApp;
  testId: string;
  title: string;
  busy: string;
  button: string;
  submit(): Promise<void>;
  children: ComponentChildren;
}) {
  const isWaiting = useSignal(false);
  const why = props.app.why.value;
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isWaiting.value) return;
    isWaiting.value = true;
    try {
      await props.submit();
    } finally {
      isWaiting.value = false;
    }
  };
  return (
    <main class="door">
      <form data-testid={props.testId} onSubmit={submit}>
        <h1>{props.title}</h1>
        {props.children}
        {why !== null && (
          <p class="note note-bad" role="alert">
            {whyText(why)}
          </p>
        )}
        <button type="submit" class="primary" disabled={isWaiting.value}>
          {isWaiting.value ? props.busy : props.button}
        </button>
        <LanguageSwitch />
      </form>
    </main>
  );
}

export function SignIn({ app, over }: { app: RoundsApp; over: boolean }) {
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  return (
    <Door
      app={app}
      testId="sign-in"
      title={t('title')}
      busy={t('signing-in')}
      button={t('sign-in')}
      submit={() => app.signIn(name.current?.value.trim() ?? '', password.current?.value ?? '')}
    >
      {over && <p class="note note-old">{t('session-over')}</p>}
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
    </Door>
  );
}

export function Enrol({ app }: { app: RoundsApp }) {
  const code = useRef<HTMLInputElement>(null);
  return (
    <Door
      app={app}
      testId="enrol"
      title={t('enrol-title')}
      busy={t('enrolling')}
      button={t('enrol')}
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
    </Door>
  );
}
