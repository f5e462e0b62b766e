// The screen's brightness where the bridge can set it, in steps and never below the least. Rendered by PostPanel.
import { useSignal } from '@preact/signals';
import { brightnessAnswer, limits } from '../../contracts/post.ts';
import type { SettingsSentence } from '../../contracts/settings.ts';
import { language } from '../../i18n/define.ts';
import { postTexts } from '../../i18n/settings-post.ts';
import type { SettingsApi } from '../settings-api.ts';

const { t } = postTexts;
const { brightnessLeast: least, brightnessMost: most, brightnessStep: step } = limits;

/** `percent` as the bridge told it last; null = no backlight. */
export function Backlight({ api, percent }: { api: SettingsApi; percent: number | null }) {
  const now = useSignal(percent);
  const refusal = useSignal<SettingsSentence | null>(null);
  const isBusy = useSignal(false);

  const set = async (wanted: number) => {
    isBusy.value = true;
    const answer = await api.post('brightness', { percent: wanted }, brightnessAnswer);
    isBusy.value = false;
    refusal.value = answer.ok ? null : answer.sentence;
    if (answer.ok) now.value = answer.data.percent;
  };
  const shown = now.value;
  // From a value between two steps to the next one; a screen darker than the least comes up to it.
  const bounded = (wanted: number) => Math.min(most, Math.max(least, wanted));
  return (
    <section class="card" data-testid="light">
      <h2>{t('light-title')}</h2>
      {shown === null ? (
        <p class="note">{t('light-none')}</p>
      ) : (
        <>
          <p role="status">{t('light-now', { n: shown })}</p>
          <div class="acts">
            <button
              type="button"
              class="button"
              data-testid="darker"
              disabled={isBusy.value || shown <= least}
              onClick={() => void set(bounded(Math.ceil(shown / step) * step - step))}
            >
              {t('darker')}
            </button>
            <button
              type="button"
              class="button"
              data-testid="brighter"
              disabled={isBusy.value || shown >= most}
              onClick={() => void set(bounded(Math.floor(shown / step) * step + step))}
            >
              {t('brighter')}
            </button>
          </div>
        </>
      )}
      {refusal.value && (
        <p class="warning" role="alert">
          {refusal.value[language.value]}
        </p>
      )}
    </section>
  );
}
