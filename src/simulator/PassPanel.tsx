// What the chosen person does: pass in one press, or tap and stand there step by step. Rendered by SimulatorPage.
import type { SimulatorState } from '../contracts/simulator.ts';
import { tenthsOf, textOfTenths } from '../domain/reading.ts';
import { simulatorTexts } from '../i18n/simulator.ts';
import type { Chosen } from './SimulatorPage.tsx';
import type { SimulatorLink } from './simulator-link.ts';

const { t } = simulatorTexts;

export function PassPanel(props: { link: SimulatorLink; state: SimulatorState; who: Chosen; bodyTenths: number }) {
  const { link, state, who } = props;
  const { live } = state;
  const bodyC = props.bodyTenths / 10;
  const card = who === null ? { uid: state.unknownUid } : { personId: who };
  const name = state.people.find((one) => one.personId === who)?.name ?? t('unknown-card');
  const stands = live.bodyCenti !== null;
  return (
    <section aria-labelledby="act-title">
      <h2 id="act-title">{t('act')}</h2>
      <button
        type="button"
        class="primary"
        data-testid="pass"
        onClick={() => void link.post('/api/pass', { ...card, bodyC })}
      >
        {live.passing > 0
          ? t('passing', { n: live.passing })
          : t('pass', { who: name, value: textOfTenths(props.bodyTenths) })}
      </button>
      <div class="two">
        <button type="button" data-testid="tap" onClick={() => void link.post('/api/tap', card)}>
          {t('tap-only')}
        </button>
        <button
          type="button"
          data-testid="hold"
          aria-pressed={stands}
          onClick={() => void link.post('/api/temperature', { bodyC: stands ? null : bodyC })}
        >
          {t(stands ? 'hold-off' : 'hold-on')}
        </button>
      </div>
      <p data-testid="lens">
        {t('lens')} <b>{live.bodyCenti === null ? t('wall') : `${textOfTenths(tenthsOf(live.bodyCenti))} ℃`}</b>
        <span class="quiet">
          {' '}
          {t('lens-detail', { object: hundredths(live.objectCenti), offset: hundredths(live.offsetCenti) })}
        </span>
      </p>
    </section>
  );
}

/** '35.30' for 3530. */
function hundredths(centi: number): string {
  const size = Math.abs(centi);
  return `${centi < 0 ? '-' : ''}${Math.floor(size / 100)}.${String(size % 100).padStart(2, '0')}`;
}
