// Leads a guard through the checks on each infrared thermometer: standing, power-on, shift and slope check, step by step with
// pictures and the live value. Rendered by SettingsPage; the bridge measures and judges (device/instruments).
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import {
  type InstrumentsAnswer,
  type InstrumentView,
  instrumentsAnswer,
  instrumentsPath,
} from '../../contracts/instrument.ts';
import { language } from '../../i18n/define.ts';
import { instrumentTexts } from '../../i18n/settings-instrument.ts';
import type { PanelProps } from '../panels.ts';
import { CheckResultCard } from '../parts/CheckResultCard.tsx';
import { CheckStep } from '../parts/CheckStep.tsx';
import { celsius } from '../parts/celsius.ts';

export const limits = { askMs: 500 } as const;

const { t } = instrumentTexts;
type Check = 'shift' | 'slope';
type Rules = InstrumentsAnswer['rules'];
/** Posts below instruments/; false after a refusal was shown. */
export type Act = (path: string, body: object) => Promise<boolean>;

export function InstrumentPanel({ api }: PanelProps) {
  const answer = useSignal<InstrumentsAnswer | null>(null);
  const refusal = useSignal<{ zh: string; en: string } | null>(null);
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const turn = async () => {
      const told = await api.get(instrumentsPath, instrumentsAnswer);
      if (stopped) return;
      answer.value = told.ok ? told.data : null;
      timer = setTimeout(() => void turn(), limits.askMs);
    };
    void turn();
    return () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
    };
  }, [api]);
  const act: Act = async (path, body) => {
    const told = await api.post(`${instrumentsPath}/${path}`, body, instrumentsAnswer);
    if (told.ok) answer.value = told.data;
    refusal.value = told.ok ? null : told.sentence;
    return told.ok;
  };
  const now = answer.value;
  if (now === null) return <p role="status">{t('waiting')}</p>;
  return (
    <div class="instruments" data-testid="instruments">
      {refusal.value !== null && (
        <p class="warning" role="alert" data-testid="refusal">
          {refusal.value[language.value]}
        </p>
      )}
      {now.instruments.length === 0 && <p class="note">{t('none')}</p>}
      {now.instruments.map((one) => (
        <Instrument key={one.deviceId} one={one} rules={now.rules} act={act} />
      ))}
    </div>
  );
}

function Instrument({ one, rules, act }: { one: InstrumentView; rules: Rules; act: Act }) {
  const chosen = useSignal<Check | null>(null);
  const seenMs = useSignal(one.last?.atWallMs ?? 0);
  const { deviceId } = one;
  const result = one.last !== null && one.last.atWallMs !== seenMs.value ? one.last : null;
  const begin = (check: Check) => {
    seenMs.value = one.last?.atWallMs ?? 0;
    chosen.value = check;
    void act('cancel', { deviceId });
  };
  return (
    <section class="card instrument" data-testid={`instrument-${deviceId}`} data-standing={one.standing.state}>
      <Standing one={one} />
      {result !== null ? (
        <CheckResultCard result={result} rules={rules} onAgain={() => begin(result.check)} />
      ) : chosen.value !== null ? (
        <CheckStep
          one={one}
          check={chosen.value}
          rules={rules}
          act={act}
          onCancel={() => {
            chosen.value = null;
            void act('cancel', { deviceId });
          }}
        />
      ) : (
        <Choices rules={rules} onPower={(agoMs) => void act('power-on', { deviceId, agoMs })} onCheck={begin} />
      )}
    </section>
  );
}

function Standing({ one }: { one: InstrumentView }) {
  const { standing } = one;
  const [said, todo] = standingTexts(standing);
  return (
    <div>
      <div class="card-head">
        <h2>{one.deviceId}</h2>
        <span
          class="state"
          data-testid="standing"
          data-bad={standing.state === 'barred'}
          data-good={standing.state === 'passed'}
        >
          {said}
        </span>
      </div>
      <p class="note">{todo}</p>
      <p class="value" data-testid="live">
        {one.live === null ? t('no-live') : celsius(one.live.bodyCenti ?? one.live.rawCenti)}
        <small>{t('live')}</small>
      </p>
    </div>
  );
}

function standingTexts(standing: InstrumentView['standing']): [said: string, todo: string] {
  switch (standing.state) {
    case 'untested':
      return [t('stand-untested'), t('stand-untested-do')];
    case 'warming': {
      const { leftMs } = standing;
      const minutes = Math.ceil((leftMs ?? 0) / 60_000);
      return [leftMs === null ? t('stand-warming-untold') : t('stand-warming', { minutes }), t('stand-warming-do')];
    }
    case 'barred': {
      const reasons = standing.reasons.map((check) => t(`check-${check}`)).join(', ');
      return [t('stand-barred', { reasons }), t('stand-barred-do')];
    }
    case 'passed': {
      const time = new Date(standing.atWallMs).toLocaleString(language.value === 'zh' ? 'zh-CN' : 'en-GB');
      return [t('stand-passed'), t('stand-passed-do', { time })];
    }
    default:
      return standing satisfies never;
  }
}

function Choices(props: { rules: Rules; onPower: (agoMs: number) => void; onCheck: (check: Check) => void }) {
  const { rules } = props;
  const about = {
    shift: t('check-shift-about', { difference: (rules.shiftDifferenceTenths / 10).toFixed(1) }),
    slope: t('check-slope-about', { apart: (rules.slopeApartTenths / 10).toFixed(1) }),
  };
  return (
    <>
      {(['shift', 'slope'] as const).map((check) => (
        <div key={check} class="check-choice">
          <p>{about[check]}</p>
          <button
            type="button"
            class="button primary"
            data-testid={`start-${check}`}
            onClick={() => props.onCheck(check)}
          >
            {t('start', { check: t(`check-${check}`) })}
          </button>
        </div>
      ))}
      <h3>{t('power-on')}</h3>
      <div class="acts">
        <button type="button" class="button" data-testid="power-now" onClick={() => props.onPower(0)}>
          {t('power-now')}
        </button>
        <button type="button" class="button" data-testid="power-10" onClick={() => props.onPower(600_000)}>
          {t('power-10')}
        </button>
        <button type="button" class="button" data-testid="power-30" onClick={() => props.onPower(rules.warmUpMs)}>
          {t('power-30')}
        </button>
      </div>
    </>
  );
}
