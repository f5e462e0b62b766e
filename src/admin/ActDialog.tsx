// A sheet with one act: what it asks, why it failed, and its button. Used by the dialogs of this page.
import type { ComponentChildren } from 'preact';
import { adminTexts } from '../i18n/admin.ts';
import type { Failure } from '../sync/desk-session.ts';
import { FailureLine, useAct } from '../ui/desk/act.tsx';
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
  const act = useAct(() => props.act(), props.onClose);
  return (
    <Dialog title={props.title} testid={props.testid} onClose={props.onClose}>
      <form class="act" onSubmit={act.submit}>
        <h2>{props.title}</h2>
        {props.text !== undefined && <p>{props.text}</p>}
        {props.children}
        <FailureLine failure={act.failure} unreached={t('failed-unreached')} />
        <div class="sheet-actions">
          <button type="button" data-testid="cancel" onClick={props.onClose}>
            {t('cancel')}
          </button>
          <button type="submit" class={props.grave ? 'grave' : 'primary'} data-testid="act" disabled={act.isWaiting}>
            {act.isWaiting ? t('saving') : props.label}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
