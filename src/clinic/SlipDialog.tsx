// Takes in a case by the code on its slip, typed by a keyboard scanner: works while no network reaches the gate. Opened from the
// header; stays open for the next slip.
import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { clinicTexts } from '../i18n/clinic.ts';
import { language } from '../i18n/define.ts';
import { Dialog } from '../ui/desk/Dialog.tsx';
import type { ClinicController } from './clinic-controller.ts';

const { t } = clinicTexts;
export const limits = { chars: 4_000 } as const;

export function SlipDialog({ clinic, onClose }: { clinic: ClinicController; onClose(): void }) {
  const typed = useSignal('');
  const said = useSignal<{ text: string; bad: boolean } | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);

  const take = async () => {
    const slip = typed.value.trim();
    if (slip === '') return;
    typed.value = '';
    const answer = await clinic.takeSlip(slip);
    if (answer.ok) {
      const { caseNo, isNew } = answer.value;
      said.value = { text: t(isNew ? 'slip-new' : 'slip-known', { caseNo }), bad: false };
    } else {
      const text = answer.why === 'refused' ? answer.sentence[language.value] : t('slip-away');
      said.value = { text, bad: true };
    }
    field.current?.focus();
  };

  return (
    <Dialog title={t('slip')} testid="slip-dialog" onClose={onClose}>
      <h2>{t('slip')}</h2>
      <p>{t('slip-do')}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void take();
        }}
      >
        <label>
          {t('slip-field')}
          <input
            ref={field}
            value={typed.value}
            maxLength={limits.chars}
            autocomplete="off"
            data-testid="slip-field"
            onInput={(event) => (typed.value = event.currentTarget.value)}
          />
        </label>
      </form>
      <p role="status" class={said.value?.bad ? 'say-bad' : ''} data-testid="slip-said">
        {said.value?.text}
      </p>
      <button type="button" class="plain" data-testid="close" onClick={onClose}>
        {t('close')}
      </button>
    </Dialog>
  );
}
