// This post: which builds run, a self-test, an update at once, the log to a stick, the screen's brightness, and the thresholds in
// force. Rendered by SettingsPage.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import {
  exportAnswer,
  type PostAnswer,
  postAnswer,
  postPath,
  type SelfTestAnswer,
  selfTestAnswer,
} from '../../contracts/post.ts';
import type { SettingsSentence } from '../../contracts/settings.ts';
import { language } from '../../i18n/define.ts';
import { postTexts } from '../../i18n/settings-post.ts';
import type { PanelProps } from '../panels.ts';
import { Backlight } from '../parts/Backlight.tsx';
import { SelfTest } from '../parts/SelfTest.tsx';
import { Thresholds } from '../parts/Thresholds.tsx';
import { UpdateNow } from '../parts/UpdateNow.tsx';
import { keptCaches, Versions } from '../parts/Versions.tsx';
import type { SettingsApi } from '../settings-api.ts';

const { t } = postTexts;

export function PostPanel({ api }: PanelProps) {
  const post = useSignal<PostAnswer | null>(null);
  const test = useSignal<SelfTestAnswer | null>(null);
  const isTesting = useSignal(false);
  const refusal = useSignal<SettingsSentence | null>(null);
  const kept = useSignal<readonly string[]>([]);

  const lookAtCaches = () => {
    keptCaches().then((names) => {
      kept.value = names;
    }, console.error);
  };
  const look = async () => {
    const answer = await api.get(postPath, postAnswer);
    if (answer.ok) post.value = answer.data;
    else refusal.value = answer.sentence;
  };
  const testAll = async () => {
    isTesting.value = true;
    const answer = await api.post(`${postPath}/self-test`, {}, selfTestAnswer);
    isTesting.value = false;
    refusal.value = answer.ok ? null : answer.sentence;
    // Nothing old is left standing for what was asked anew.
    test.value = answer.ok ? answer.data : null;
  };
  useEffect(() => {
    lookAtCaches();
    void look().then(testAll);
  }, []);

  const now = post.value;
  return (
    <>
      {refusal.value && (
        <p class="warning" role="alert">
          {refusal.value[language.value]}
        </p>
      )}
      {now === null && refusal.value === null && <p role="status">{t('waiting')}</p>}
      {now && <Versions post={now} kept={kept.value} />}
      <section class="card">
        <div class="card-head">
          <h2>{t('test-title')}</h2>
          <button
            type="button"
            class="button primary"
            disabled={isTesting.value}
            data-testid="test-again"
            onClick={() => void look().then(testAll)}
          >
            {t(isTesting.value ? 'test-running' : 'test-again')}
          </button>
        </div>
        {test.value && <SelfTest test={test.value} />}
      </section>
      <div class="post-acts">
        <UpdateNow onTaken={lookAtCaches} />
        <ExportLog api={api} />
        {now && <Backlight api={api} percent={now.backlightPercent} />}
      </div>
      {now && <Thresholds policy={now.policy} />}
    </>
  );
}

function ExportLog({ api }: { api: SettingsApi }) {
  const written = useSignal<{ path: string; lines: number } | null>(null);
  const refusal = useSignal<SettingsSentence | null>(null);
  const isBusy = useSignal(false);

  const write = async () => {
    isBusy.value = true;
    written.value = null;
    refusal.value = null;
    const answer = await api.post('export-log', {}, exportAnswer);
    isBusy.value = false;
    if (answer.ok) written.value = answer.data;
    else refusal.value = answer.sentence;
  };
  const done = written.value;
  return (
    <section class="card">
      <h2>{t('log-title')}</h2>
      <p class="note">{t('log-note')}</p>
      <p role="status" class="path" data-bad={refusal.value !== null} data-good={done !== null} data-testid="log-said">
        {refusal.value?.[language.value] ?? (done === null ? '' : t('log-written', { path: done.path, n: done.lines }))}
      </p>
      <div class="acts">
        <button
          type="button"
          class="button"
          disabled={isBusy.value}
          data-testid="log-export"
          onClick={() => void write()}
        >
          {t(isBusy.value ? 'log-writing' : 'log-export')}
        </button>
      </div>
    </section>
  );
}
