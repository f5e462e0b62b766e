// Somebody sets a password of their own: after a one-time password, or whenever they like. Rendered by the clinic board and Account.
import { useSignal } from '@preact/signals';
import { language } from '../../i18n/define.ts';
import { deskTexts } from '../../i18n/desk.ts';
import { Dialog } from './Dialog.tsx';
import type { Failure } from './failure.ts';

const { t } = deskTexts;

export function PasswordDialog(props: {
  /** This session began with a one-time password: the present one is gone and is not asked for. */
  once: boolean;
  setPassword(present: string | null, fresh: string): Promise<Failure | null>;
  onClose(): void;
}) {
  const present = useSignal('');
  const fresh = useSignal('');
  const repeated = useSignal('');
  const waiting = useSignal(false);
  const said = useSignal<{ ok: boolean; text: () => string } | null>(null);
  // What it began with holds until it closes: saving makes it an ordinary session.
  const once = useSignal(props.once).value;

  const submit = async (event: Event) => {
    event.preventDefault();
    if (waiting.value) return;
    if (fresh.value !== repeated.value) {
      said.value = { ok: false, text: () => t('passwords-differ') };
      return;
    }
    waiting.value = true;
    const failure = await props.setPassword(once ? null : present.value, fresh.value);
    waiting.value = false;
    if (failure === null) said.value = { ok: true, text: () => t('password-saved') };
    else
      said.value = {
        ok: false,
        text: () => (failure.why === 'refused' ? failure.sentence[language.value] : t('unreached')),
      };
  };
  const field = (label: string, name: string, value: typeof fresh, autocomplete: string) => (
    <label>
      {label}
      <input
        type="password"
        name={name}
        autocomplete={autocomplete}
        required
        maxLength={256}
        value={value.value}
        onInput={(event) => (value.value = event.currentTarget.value)}
      />
    </label>
  );
  const done = said.value?.ok === true;
  return (
    <Dialog title={t('password-title')} testid="password-dialog" onClose={props.onClose}>
      <form class="password" onSubmit={submit}>
        <h2>{t('password-title')}</h2>
        {once ? (
          <p class="say-over">{t('must-set')}</p>
        ) : (
          field(t('present-password'), 'present', present, 'current-password')
        )}
        {field(t('fresh-password'), 'fresh', fresh, 'new-password')}
        <p class="hint">{t('password-rule')}</p>
        {field(t('repeat-password'), 'repeated', repeated, 'new-password')}
        {said.value && (
          <p role="alert" class={done ? 'say-good' : 'say-bad'}>
            {said.value.text()}
          </p>
        )}
        <div class="sheet-actions">
          <button type="button" class="plain" onClick={props.onClose}>
            {t(done ? 'close' : 'cancel')}
          </button>
          <button type="submit" class="primary" data-testid="save-password" disabled={waiting.value || done}>
            {t(waiting.value ? 'sending' : 'save-password')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
