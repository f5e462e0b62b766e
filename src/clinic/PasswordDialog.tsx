// A nurse sets a password of her own: after a one-time password, or whenever she likes. Rendered by ClinicBoard.
import { useSignal } from '@preact/signals';
import { clinicTexts } from '../i18n/clinic.ts';
import { language } from '../i18n/define.ts';
import type { ClinicController } from './clinic-controller.ts';
import { Dialog } from './Dialog.tsx';

const { t } = clinicTexts;

export function PasswordDialog(props: { clinic: ClinicController; onClose(): void }) {
  const present = useSignal('');
  const fresh = useSignal('');
  const repeated = useSignal('');
  const waiting = useSignal(false);
  const said = useSignal<{ ok: boolean; text: string } | null>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (waiting.value) return;
    if (fresh.value !== repeated.value) {
      said.value = { ok: false, text: t('passwords-differ') };
      return;
    }
    waiting.value = true;
    const failure = await props.clinic.setPassword(present.value === '' ? null : present.value, fresh.value);
    waiting.value = false;
    if (!failure) said.value = { ok: true, text: t('password-saved') };
    else
      said.value = {
        ok: false,
        text: failure.why === 'refused' ? failure.sentence[language.value] : t('hub-unreached'),
      };
  };
  const field = (label: string, name: string, value: typeof fresh, autocomplete: string, required: boolean) => (
    <label>
      {label}
      <input
        type="password"
        name={name}
        autocomplete={autocomplete}
        required={required}
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
        {field(t('present-password'), 'present', present, 'current-password', false)}
        {field(t('fresh-password'), 'fresh', fresh, 'new-password', true)}
        {field(t('repeat-password'), 'repeated', repeated, 'new-password', true)}
        {said.value && (
          <p role="alert" class={done ? 'say-good' : 'say-bad'}>
            {said.value.text}
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
