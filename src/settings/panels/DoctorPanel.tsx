// The doctor: which ports there are, who holds them, what speaks behind them. It listens; asking is a box to be ticked. Rendered by
// SettingsPage.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import * as z from 'zod/mini';
import { type DoctorPort, type DoctorReport, doctorReport, type SettingsSentence } from '../../contracts/settings.ts';
import { language } from '../../i18n/define.ts';
import { settingsTexts } from '../../i18n/settings.ts';
import type { PanelProps } from '../panels.ts';

export const limits = { lookMs: 700, seconds: 11 } as const;

const { t } = settingsTexts;
const say = (sentence: SettingsSentence) => sentence[language.value];
const nothing = z.object({});
/** Colour is not all that tells a trouble from a note. */
const marks = { good: '\u2713', note: '\u00b7', wrong: '\u2717' } as const;

export function DoctorPanel({ api }: PanelProps) {
  const report = useSignal<DoctorReport | null>(null);
  const refusal = useSignal<SettingsSentence | null>(null);
  const asks = useSignal(false);
  const path = useSignal('');

  useEffect(() => {
    let isGone = false;
    const look = async () => {
      const answer = await api.get('doctor', doctorReport);
      if (isGone) return;
      if (answer.ok) report.value = answer.data;
      setTimeout(() => void (isGone || look()), limits.lookMs);
    };
    void look();
    return () => {
      isGone = true;
    };
  }, []);

  const begin = async () => {
    const paths = path.value.trim() === '' ? [] : [path.value.trim()];
    const answer = await api.post('doctor', { seconds: limits.seconds, ask: asks.value, paths }, nothing);
    refusal.value = answer.ok ? null : answer.sentence;
  };
  const now = report.value;
  const isRunning = now?.running ?? false;
  return (
    <>
      <p class="note">{t('doctor-note')}</p>
      <div class="acts">
        <button
          type="button"
          class="button primary"
          disabled={isRunning}
          data-testid="doctor-start"
          onClick={() => void begin()}
        >
          {isRunning ? t('doctor-running') : t('doctor-start')}
        </button>
        <button
          type="button"
          class="button"
          aria-pressed={asks.value}
          data-testid="doctor-ask"
          onClick={() => {
            asks.value = !asks.value;
          }}
        >
          {t('doctor-ask')}
        </button>
      </div>
      <label>
        {t('doctor-path')}
        <input
          type="text"
          autoComplete="off"
          spellcheck={false}
          data-testid="doctor-path"
          value={path.value}
          onInput={(event) => {
            path.value = event.currentTarget.value;
          }}
        />
      </label>
      {refusal.value && (
        <p class="warning" role="alert">
          {say(refusal.value)}
        </p>
      )}
      <div class="report" role="status" aria-atomic="false" data-testid="doctor-report" data-running={isRunning}>
        {now && <Findings findings={now.findings} />}
        <ul class="cards">
          {strangersFirst(now?.ports ?? []).map((port) => (
            <Port key={port.device} port={port} />
          ))}
        </ul>
      </div>
    </>
  );
}

/** The ports of this station are well known: what somebody came to look at stands above them. */
function strangersFirst(ports: readonly DoctorPort[]): DoctorPort[] {
  const isOwn = ({ findings }: DoctorPort) => findings.some(({ code }) => code === 'own');
  return [...ports.filter((port) => !isOwn(port)), ...ports.filter(isOwn)];
}

function Port({ port }: { port: DoctorPort }) {
  const about = [
    ...(port.path === port.device ? [] : [port.device]),
    ...(port.usb === null
      ? []
      : [port.usb.chip ?? port.usb.product ?? '', `${port.usb.vendorId}:${port.usb.productId}`]),
  ].filter((word) => word !== '');
  const newest = port.values.at(-1);
  return (
    <li class="card" data-testid="doctor-port">
      <h2 class="path">{port.path}</h2>
      {about.length > 0 && <p class="note">{about.join(' · ')}</p>}
      {port.stage !== 'done' && <p>{t(`stage-${port.stage}`)}</p>}
      <Findings findings={port.findings} />
      {newest && (
        <p data-testid="doctor-values">
          {t('doctor-values')} <strong>{say(newest)}</strong>
        </p>
      )}
      {port.proposal && (
        <>
          <p class="note">{t('doctor-lines')}</p>
          <pre data-testid="doctor-lines">{port.proposal.lines.join('\n')}</pre>
        </>
      )}
    </li>
  );
}

function Findings({ findings }: { findings: DoctorReport['findings'] }) {
  return (
    <>
      {findings.map(({ level, code, say: sentence }) => (
        <p key={code + sentence.en} data-bad={level === 'wrong'} data-good={level === 'good'} data-code={code}>
          <span aria-hidden="true">{marks[level]} </span>
          {say(sentence)}
        </p>
      ))}
    </>
  );
}
