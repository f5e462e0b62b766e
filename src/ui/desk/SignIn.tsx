// Name and password for a page of the hub; says so when a session ran out. Rendered by the pages of people at desks and tablets.
import { useRef } from 'preact/hooks';
import { deskTexts } from '../../i18n/desk.ts';
import { DoorForm } from './DoorForm.tsx';
import type { Failure } from './failure.ts';

const { t } = deskTexts;

export function SignIn(props: {
  title: string;
  /** A session ran out or was ended. */
  over?: boolean;
  signIn(name: string, password: string): Promise<Failure | null>;
}) {
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  return (
    <DoorForm
      testid="sign-in"
      title={props.title}
      button={t('sign-in')}
      busy={t('signing-in')}
      submit={() => props.signIn(name.current?.value.trim() ?? '', password.current?.value ?? '')}
    >
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
    </DoorForm>
  );
}
