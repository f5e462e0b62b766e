// The simulator's page: whom, how hot, what breaks, and what the barrier got. Rendered by main.tsx.
import { useSignal } from '@preact/signals';
import { langTag, language } from '../i18n/define.ts';
import { simulatorTexts } from '../i18n/simulator.ts';
import { BarrierPanel } from './BarrierPanel.tsx';
import { FaultsPanel } from './FaultsPanel.tsx';
import { PassPanel } from './PassPanel.tsx';
import { PeoplePanel } from './PeoplePanel.tsx';
import type { SimulatorLink } from './simulator-link.ts';
import { TemperaturePanel } from './TemperaturePanel.tsx';

const { t } = simulatorTexts;

/** Whose card lies ready; null = the card that nobody knows. */
export type Chosen = string | null;

export function SimulatorPage(props: { link: SimulatorLink }) {
  const { link } = props;
  const chosen = useSignal<Chosen | undefined>(undefined);
  const bodyTenths = useSignal(365);
  const state = link.state.value;
  if (!state) return <p class="asking">{t('connecting')}</p>;
  const who = chosen.value === undefined ? (state.people[0]?.personId ?? null) : chosen.value;
  const other = language.value === 'zh' ? 'en' : 'zh';
  return (
    <div class="simulator">
      <header>
        <h1>{t('title')}</h1>
        <span class="quiet">{t(`ports-${state.ports}`)}</span>
        <span class="space" />
        <a href={state.gateUrl} target="gate" rel="noreferrer">
          {t('open-gate')}
        </a>
        <a href={state.clinicUrl} target="clinic" rel="noreferrer">
          {t('open-clinic')}
        </a>
        <button type="button" lang={langTag[other]} data-testid="language" onClick={() => (language.value = other)}>
          {t('other-language')}
        </button>
      </header>
      {!link.online.value && (
        <p class="warning" role="alert">
          {t('lost')}
        </p>
      )}
      {link.refusal.value && (
        <p class="warning" role="alert">
          {link.refusal.value[language.value]}
        </p>
      )}
      <main>
        <PeoplePanel state={state} chosen={who} onChoose={(one) => (chosen.value = one)} />
        <div class="stack">
          <TemperaturePanel bodyTenths={bodyTenths} />
          <PassPanel link={link} state={state} who={who} bodyTenths={bodyTenths.value} />
        </div>
        <div class="stack">
          <BarrierPanel live={state.live} />
          <FaultsPanel link={link} live={state.live} />
        </div>
      </main>
    </div>
  );
}
