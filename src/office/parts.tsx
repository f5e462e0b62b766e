// Small parts of the office's panels: a button that asks once more, a line that says what was done, one field. Called by the panels.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { deskTexts } from '../i18n/office-desk.ts';
import type { Office } from './office-state.ts';

const { t } = deskTexts;

export const limits = { askMs: 5_000 } as const;

/** Acts on the second press within five seconds: for what cannot be taken back by another press. */
export function ConfirmButton({
  label,
  name,
  testId,
  disabled,
  onConfirm,
}: {
  label: string;
  /** For screen readers, where `label` alone says too little. */
  name?: string;
  testId: string;
  disabled?: boolean;
  onConfirm: () => void;
}) {
  const asks = useSignal(false);
  useEffect(() => {
    if (!asks.value) return;
    const timer = setTimeout(() => {
      asks.value = false;
    }, limits.askMs);
    return () => clearTimeout(timer);
  }, [asks.value]);
  return (
    <button
      type="button"
      class={asks.value ? 'danger' : ''}
      data-testid={testId}
      disabled={disabled ?? false}
      aria-label={asks.value ? `${t('again')} ${name ?? label}` : (name ?? label)}
      onClick={() => {
        if (asks.value) onConfirm();
        asks.value = !asks.value;
      }}
    >
      {asks.value ? t('again') : label}
    </button>
  );
}

/** Forms of an operation: who may not do it sees what stands in them, and can press nothing. */
export function Allowed(props: { office: Office; operation: string; children: ComponentChildren }) {
  const isAllowed = props.office.may(props.operation);
  return (
    <fieldset class="stack" disabled={!isAllowed}>
      {!isAllowed && <p class="hint">{t('look-only')}</p>}
      {props.children}
    </fieldset>
  );
}

export function Field({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is its child
    <label class="field">
      <span>{label}</span>
      {children}
    </label>
  );
}

/** What was done, told to screen readers too; nothing while `text` is null. */
export function Done({ text }: { text: string | null }) {
  return (
    <p class="say-ok" role="status" data-testid="done">
      {text}
    </p>
  );
}

export const json = (method: 'POST' | 'PUT', body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** The value of a text field, select or date. */
export const typedIn = (event: Event): string =>
  (event.currentTarget as HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement).value;
