// A sheet with one act: what it asks, why it failed, and its button. Used by the dialogs of this page.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { adminTexts } from '../i18n/admin.ts';
import { language } from '../i18n/define.ts';
import type { Failure } from '../sync/desk-session.ts';
import { Dialog } from '../ui/desk/Dialog.tsx';

const { t } = adminTexts;

export function ActDialog(props: {
  title: string;
  testid: string;
  text?: string;
  label: string;
  /** The act cannot be taken back. */
  grave?: boolean;
  act(): Promise<Failure | null>;
  onClose(): void;
  children?: ComponentChildren;
}) {
  const waiting = useSignal(false);
  const failure = useSignal<Failure | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (waiting.value) return;
    waiting.value = true;
    failure.value = null;
    failure.value = await props.act();
    waiting.value = false;
    if (failure.value === null) props.onClose();
  };
  const why = failure.value;
  return (
    <Dialog title={props.title} testid={props.testid} onClose={props.onClose}>
      <form class="act" onSubmit={submit}>
        <h2>{props.title}</h2>
        {props.text !== undefined && <p>{props.text}</p>}
        {props.children}
        {why && (
          <p class="say-bad" role="alert">
            {why.why === 'refused' ? why.sentence[language.value] : t('failed-unreached')}
          </p>
        )}
        <div class="sheet-actions">
          <button type="button" data-testid="cancel" onClick={props.onClose}>
            {t('cancel')}
          </button>
          <button type="submit" class={props.grave ? 'grave' : 'primary'} data-testid="act" disabled={waiting.value}>
            {waiting.value ? t('saving') : props.label}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
