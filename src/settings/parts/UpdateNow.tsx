// A button that takes a new build of the gate page now, and says how it went. Rendered by PostPanel.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { postTexts } from '../../i18n/settings-post.ts';
import { type Registration, type Taken, takeNewest } from '../take-newest.ts';

const { t } = postTexts;

/** `onTaken`: what this browser keeps has changed. */
export function UpdateNow({ onTaken }: { onTaken: () => void }) {
  /** Undefined where nothing is registered, null while that is not known. */
  const found = useSignal<Registration | undefined | null>(null);
  const said = useSignal<Taken | 'looking' | null>(null);

  useEffect(() => {
    gateWorker().then((registration) => {
      found.value = registration;
    }, console.error);
  }, []);

  const look = async () => {
    said.value = 'looking';
    said.value = await takeNewest(await gateWorker());
    onTaken();
  };
  const word = found.value === undefined ? 'none' : said.value;
  return (
    <section class="card">
      <h2>{t('update-title')}</h2>
      <p
        class="note"
        role="status"
        data-good={word === 'newest' || word === 'taken'}
        data-bad={word === 'no-answer' || word === 'failed'}
        data-testid="update-said"
        data-is={word ?? undefined}
      >
        {word === null ? '' : t(`update-${word}`)}
      </p>
      <div class="acts">
        <button
          type="button"
          class="button"
          data-testid="update-now"
          disabled={!found.value || said.value === 'looking'}
          onClick={() => void look()}
        >
          {t('update-now')}
        </button>
      </div>
    </section>
  );
}

/** The gate's; a browser that keeps no pages (no service workers, or a private window) has none. */
async function gateWorker(): Promise<Registration | undefined> {
  return 'serviceWorker' in navigator ? navigator.serviceWorker.getRegistration('/') : undefined;
}
