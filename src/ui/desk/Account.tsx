// The right end of a page's head: language, one's own password, signing out. Rendered by the pages of people at desks. Who signed in
// with a one-time password is asked for a lasting one at once.
import { useSignal } from '@preact/signals';
import { deskTexts } from '../../i18n/desk.ts';
import type { Failure } from './failure.ts';
import { LanguageSwitch } from './LanguageSwitch.tsx';
import { PasswordDialog } from './PasswordDialog.tsx';

const { t } = deskTexts;

export function Account(props: {
  name: string;
  once: boolean;
  setPassword(present: string | null, fresh: string): Promise<Failure | null>;
  signOut(): void;
}) {
  const isOpen = useSignal(props.once);
  return (
    <>
      <LanguageSwitch />
      <button type="button" class="plain" data-testid="change-password" onClick={() => (isOpen.value = true)}>
        {t('change-password')}
      </button>
      <button type="button" class="plain" data-testid="sign-out" onClick={props.signOut}>
        <span class="account-name">{props.name}</span> · {t('sign-out')}
      </button>
      {isOpen.value && (
        <PasswordDialog once={props.once} setPassword={props.setPassword} onClose={() => (isOpen.value = false)} />
      )}
    </>
  );
}
