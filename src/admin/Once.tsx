// A password, PIN or pairing code, shown this once: large, to copy, with a plain warning. Rendered by AdminPage.
import { useSignal } from '@preact/signals';
import { adminTexts } from '../i18n/admin.ts';
import { Dialog } from '../ui/desk/Dialog.tsx';
import { clockText } from '../ui/desk/instants.ts';
import type { Once as Shown } from './admin-state.ts';

const { t } = adminTexts;

export function Once({ once, onClose }: { once: Shown; onClose(): void }) {
  const copied = useSignal<'copied' | 'copy-failed' | null>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(once.secret);
      copied.value = 'copied';
    } catch {
      copied.value = 'copy-failed'; // no permission, or no secure context: said beside the button
    }
  };
  const time = once.expiresMs === null ? '' : clockText(once.expiresMs);
  return (
    <Dialog title={t('once-title')} testid="once" onClose={onClose}>
      <div class="act">
        <h2>{t('once-title')}</h2>
        <p>{t(`once-${once.what}`, { name: once.name, time })}</p>
        <div class="once">
          <output class="secret" data-testid="secret">
            {once.secret}
          </output>
          <button type="button" class="copy" data-testid="copy" onClick={() => void copy()}>
            {t(copied.value === 'copied' ? 'copied' : 'copy')}
          </button>
        </div>
        {copied.value === 'copy-failed' && (
          <p class="say-bad" role="alert">
            {t('copy-failed')}
          </p>
        )}
        <p class="say-over">{t(once.what === 'code' ? 'once-code-text' : 'once-warning')}</p>
        <div class="sheet-actions">
          <button type="button" class="primary" data-testid="told" onClick={onClose}>
            {t('has-told')}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
