// Types the rows of the paper form of a power cut: collected here, saved by the bridge in one go, never opening anything. Rendered by
// SettingsPage.
import { useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import {
  type PaperRowTyped,
  paperAnswer,
  paperRequest,
  paperRow,
  type SettingsSentence,
  limits as wire,
} from '../../contracts/settings.ts';
import { campusDay, startOfDayMs } from '../../domain/campus-day.ts';
import { paperResults } from '../../domain/paper.ts';
import { textOfTenths } from '../../domain/reading.ts';
import { language } from '../../i18n/define.ts';
import { deskTexts } from '../../i18n/settings-desk.ts';
import type { PanelProps } from '../panels.ts';

const { t } = deskTexts;
const dayMs = 86_400_000;
type Draft = Pick<PaperRowTyped, 'method' | 'result'> & { daysAgo: 0 | 1; time: string; number: string; value: string };
const empty: Draft = { daysAgo: 0, time: '', number: '', value: '', method: 'infrared', result: 'passed' };
const clock = new Intl.DateTimeFormat('en-GB', {
  ...{ month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false },
  timeZone: 'Asia/Shanghai',
});

/** The row, or null while it is not what a sheet can say; '0745', '745' and '7:45' are times, '364' and '36.4' temperatures. */
export function rowOf(draft: Draft, nowWallMs: number): PaperRowTyped | null {
  const time = /^(\d{1,2})[:\uff1a]?(\d{2})$/.exec(draft.time.trim());
  const hours = Number(time?.[1] ?? 99);
  const minutes = Number(time?.[2] ?? 99);
  const value = /^(\d{2})[.\uff0e]?(\d)$/.exec(draft.value.trim());
  if (hours > 23 || minutes > 59 || value === null) return null;
  const start = startOfDayMs(campusDay(nowWallMs)) - draft.daysAgo * dayMs;
  const parsed = paperRow.safeParse({
    atWallMs: start + (hours * 60 + minutes) * 60_000,
    number: draft.number.trim(),
    tenths: Number(`${value[1]}${value[2]}`),
    method: draft.method,
    result: draft.result,
  });
  return parsed.success && parsed.data.atWallMs <= nowWallMs ? parsed.data : null;
}

/** A sheet that was typed and is not saved yet outlives another tab, a session that ran out and a reload; only who typed it gets it again. */
const keptName = (staffId: string) => `mengang-paper ${staffId}`;
const keptOf = (staffId: string): { batchId: string; rows: readonly PaperRowTyped[] } => {
  const kept = sessionStorage.getItem(keptName(staffId));
  const read = kept === null ? null : paperRequest.safeParse(JSON.parse(kept));
  return read?.success ? read.data : { batchId: crypto.randomUUID(), rows: [] };
};

export function PaperPanel({ api, staffId }: PanelProps) {
  const kept = useMemo(() => keptOf(staffId), []);
  const draft = useSignal<Draft>(empty);
  const rows = useSignal<readonly PaperRowTyped[]>(kept.rows);
  const isWrong = useSignal(false);
  const isSaving = useSignal(false);
  const said = useSignal<SettingsSentence | null>(null);
  const done = useSignal<{ saved: number; cases: number } | null>(null);
  /** The same for a second try, so that a lost answer saves nothing twice. */
  const batchId = useSignal<string>(kept.batchId);
  const hold = (next: readonly PaperRowTyped[]) => {
    rows.value = next;
    sessionStorage.setItem(keptName(staffId), JSON.stringify({ batchId: batchId.value, rows: next }));
  };
  const first = useRef<HTMLInputElement>(null);
  const change = (part: Partial<Draft>) => {
    draft.value = { ...draft.value, ...part };
    isWrong.value = false;
    done.value = null;
  };
  const add = () => {
    const row = rowOf(draft.value, Date.now());
    isWrong.value = row === null;
    if (row === null) return;
    hold([...rows.value, row]);
    draft.value = { ...empty, daysAgo: draft.value.daysAgo, method: draft.value.method };
    first.current?.focus();
  };
  const save = async () => {
    isSaving.value = true;
    const answer = await api.post('paper', { batchId: batchId.value, rows: rows.value }, paperAnswer);
    isSaving.value = false;
    said.value = answer.ok ? null : answer.sentence;
    if (!answer.ok) return;
    done.value = answer.data;
    batchId.value = crypto.randomUUID();
    hold([]);
  };
  const isFull = rows.value.length >= wire.paperRows;
  const field = (key: 'time' | 'number' | 'value', word: 'paper-time' | 'paper-number' | 'paper-value') => (
    <label>
      <span>{t(word)}</span>
      <input
        ref={key === 'time' ? first : null}
        type="text"
        inputMode={key === 'number' ? 'text' : 'numeric'}
        autoComplete="off"
        maxLength={40}
        data-testid={word}
        value={draft.value[key]}
        onInput={(event) => change({ [key]: event.currentTarget.value })}
      />
    </label>
  );
  const choose = <Key extends 'daysAgo' | 'method' | 'result'>(
    key: Key,
    legend: 'paper-day' | 'paper-method' | 'paper-result',
    options: readonly (readonly [Draft[Key], Parameters<typeof t>[0]])[],
  ) => (
    <fieldset class="choices">
      <legend>{t(legend)}</legend>
      {options.map(([value, word]) => (
        <button
          key={word}
          type="button"
          class="button"
          aria-pressed={draft.value[key] === value}
          data-testid={word}
          onClick={() => change({ [key]: value } as Partial<Draft>)}
        >
          {t(word)}
        </button>
      ))}
    </fieldset>
  );
  return (
    <>
      <h2>{t('paper-title')}</h2>
      <p class="note">{t('paper-note')}</p>
      <p>
        <a class="button" href="/paper-form.html" data-testid="paper-print">
          {t('paper-print')}
        </a>
      </p>
      <form
        class="paper"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isFull) add();
        }}
      >
        {choose('daysAgo', 'paper-day', [
          [0, 'paper-today'],
          [1, 'paper-yesterday'],
        ])}
        <div class="fields">
          {field('time', 'paper-time')}
          {field('number', 'paper-number')}
          {field('value', 'paper-value')}
        </div>
        {choose('method', 'paper-method', [
          ['infrared', 'paper-infrared'],
          ['contact', 'paper-contact'],
        ])}
        {choose(
          'result',
          'paper-result',
          paperResults.map((one) => [one, `paper-${one}`] as const),
        )}
        <button type="submit" class="button primary" disabled={isFull} data-testid="paper-add">
          {t('paper-add')}
        </button>
      </form>
      <p class="note" role="status" data-bad={isWrong.value || said.value !== null} data-testid="paper-said">
        {said.value !== null
          ? said.value[language.value]
          : isWrong.value
            ? t('paper-wrong')
            : isFull
              ? t('paper-full')
              : done.value !== null
                ? t('paper-saved', { n: done.value.saved, cases: done.value.cases })
                : ''}
      </p>
      {rows.value.length > 0 && (
        <>
          <h3>{t('paper-rows', { n: rows.value.length })}</h3>
          <table class="codes" data-testid="paper-rows">
            <tbody>
              {rows.value.map((row, at) => (
                <tr key={`${row.atWallMs} ${row.number} ${at}`}>
                  <td>{clock.format(row.atWallMs)}</td>
                  <td>{row.number}</td>
                  <td>{textOfTenths(row.tenths)}</td>
                  <td>{t(`paper-${row.method}`)}</td>
                  <td>{t(`paper-${row.result}`)}</td>
                  <td>
                    <button
                      type="button"
                      class="button"
                      data-testid="paper-remove"
                      onClick={() => hold(rows.value.filter((_, index) => index !== at))}
                    >
                      {t('paper-remove')}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <button
            type="button"
            class="button primary"
            disabled={isSaving.value}
            data-testid="paper-save"
            onClick={() => void save()}
          >
            {t('paper-save')}
          </button>
        </>
      )}
    </>
  );
}
