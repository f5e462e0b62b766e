// The learning step: three cards are tapped, their printed numbers typed, and the bridge says which conversion fits all of them,
// or refuses. Rendered by SettingsPage.
import { useSignal } from '@preact/signals';
import { type LearnAnswer, learnAnswer, learnWritten, type SettingsSentence } from '../../contracts/settings.ts';
import { limits as cards } from '../../domain/card-number.ts';
import { language } from '../../i18n/define.ts';
import { settingsTexts } from '../../i18n/settings.ts';
import type { PanelProps } from '../panels.ts';
import { Keys } from '../parts/Keys.tsx';

const { t } = settingsTexts;
/** Six in a row: the digits as on every pad, the letters of a hex number beside them. */
const keys = ['1', '2', '3', 'A', 'B', 'C', '4', '5', '6', 'D', 'E', 'F', '7', '8', '9', '0'];

export function LearnPanel({ api, live }: PanelProps) {
  const readers = live.value?.devices.filter(({ canLearn }) => canLearn) ?? [];
  const chosen = useSignal<string | null>(null);
  const typed = useSignal<Readonly<Record<number, string>>>({});
  const focused = useSignal<number | null>(null);
  const answer = useSignal<LearnAnswer | null>(null);
  const refusal = useSignal<SettingsSentence | null>(null);
  const backup = useSignal<string | null>(null);

  if (live.value === null) return <p role="status">{t('connecting')}</p>;
  const deviceId = chosen.value ?? readers[0]?.status.deviceId ?? null;
  if (deviceId === null) return <p class="note">{t('learn-no-reader')}</p>;
  const taps = live.value.taps.filter((tap) => tap.deviceId === deviceId && tap.uid !== null).slice(-cards.learnCards);
  const inHand = taps.map(({ n }) => ({ n, printed: (typed.value[n] ?? '').trim() }));
  const isReady = inHand.length === cards.learnCards && inHand.every(({ printed }) => printed !== '');
  const at = taps.find(({ n }) => n === focused.value)?.n ?? taps.at(-1)?.n ?? null;
  const type = (n: number, text: string) => {
    typed.value = { ...typed.value, [n]: text.slice(0, cards.printedChars) };
    answer.value = null;
    backup.value = null;
  };
  const judge = async () => {
    const given = await api.post('learn', { deviceId, cards: inHand }, learnAnswer);
    refusal.value = given.ok ? null : given.sentence;
    answer.value = given.ok ? given.data : null;
  };
  const write = async (configSha: string) => {
    const done = await api.post('learn/write', { deviceId, cards: inHand, configSha }, learnWritten);
    refusal.value = done.ok ? null : done.sentence;
    backup.value = done.ok ? done.data.backup : null;
  };

  return (
    <>
      <h2>{t('learn-title')}</h2>
      <p class="note">{t('learn-note')}</p>
      {readers.length > 1 && (
        <div class="choices">
          {readers.map(({ status }) => (
            <button
              key={status.deviceId}
              type="button"
              class="button"
              aria-pressed={status.deviceId === deviceId}
              onClick={() => {
                chosen.value = status.deviceId;
                answer.value = null;
              }}
            >
              {status.deviceId} {status.profile}
            </button>
          ))}
        </div>
      )}
      <div class="learn">
        <ol class="learn-cards">
          {taps.map(({ n, uid }) => (
            <li key={n}>
              <label>
                {t('learn-card', { uid: uid ?? '' })}
                <input
                  type="text"
                  inputMode="none"
                  autoComplete="off"
                  data-testid={`printed-${uid}`}
                  value={typed.value[n] ?? ''}
                  onFocus={() => {
                    focused.value = n;
                  }}
                  onInput={(event) => type(n, event.currentTarget.value)}
                />
              </label>
            </li>
          ))}
          {taps.length < cards.learnCards && (
            <li class="note" data-testid="tap-more">
              <span role="status">{t('learn-tap', { n: cards.learnCards - taps.length })}</span>
            </li>
          )}
        </ol>
        {at !== null && (
          <Keys
            keys={keys}
            last=","
            onKey={(key) => type(at, (typed.value[at] ?? '') + key)}
            onErase={() => type(at, (typed.value[at] ?? '').slice(0, -1))}
          />
        )}
      </div>
      <div class="acts">
        <button
          type="button"
          class="button primary"
          disabled={!isReady}
          data-testid="learn-judge"
          onClick={() => void judge()}
        >
          {t('learn-judge')}
        </button>
      </div>
      {refusal.value && (
        <p class="warning" role="alert">
          {refusal.value[language.value]}
        </p>
      )}
      {answer.value && (
        <section class="card" role="status" data-testid="learnt" data-is={answer.value.is}>
          <p data-good={answer.value.is === 'one'} data-bad={answer.value.is !== 'one'}>
            {t(`learnt-${answer.value.is}`, { names: answer.value.conversions.join(', ') })}
          </p>
          {answer.value.lines !== null && (
            <>
              <p>{t('learn-lines')}</p>
              <pre data-testid="learn-lines">{answer.value.lines}</pre>
            </>
          )}
          {answer.value.lines !== null && answer.value.configSha === null && <p class="note">{t('learn-by-hand')}</p>}
          {answer.value.configSha !== null && backup.value === null && (
            <button
              type="button"
              class="button"
              data-testid="learn-write"
              onClick={() => void write(answer.value?.configSha ?? '')}
            >
              {t('learn-write')}
            </button>
          )}
          {backup.value !== null && (
            <p data-good="true" data-testid="learn-written">
              {t('learn-written', { backup: backup.value })}
            </p>
          )}
        </section>
      )}
    </>
  );
}
