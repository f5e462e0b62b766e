// The office's page: signs in, then shows what was refused, how stations stand, and drift. Rendered by main.tsx.
import { langTag, language } from '../i18n/define.ts';
import { officeTexts } from '../i18n/office.ts';
import { Drift } from './Drift.tsx';
import { Faults } from './Faults.tsx';
import type { Office, Tab } from './office-state.ts';
import { SignIn } from './SignIn.tsx';
import { Stations } from './Stations.tsx';
import { clockText } from './show.ts';

const { t } = officeTexts;
const tabs: readonly Tab[] = ['faults', 'stations', 'drift'];

export function OfficePage({ office }: { office: Office }) {
  const session = office.session.value;
  if (session === null) return <main class="asking">{t(office.isAway.value ? 'unreached' : 'asking')}</main>;
  if (session === 'signed-out') return <SignIn office={office} />;
  const view = office.view.value;
  const refused = office.refused.value;
  return (
    <>
      <header class="top">
        <h1>{t('title')}</h1>
        {view && <p data-testid="as-of">{t('as-of', { time: clockText(view.hubNowMs) })}</p>}
        <span class="space" />
        <button type="button" data-testid="refresh" onClick={() => void office.refresh()}>
          {t('refresh')}
        </button>
        <LanguageSwitch />
        <button type="button" data-testid="sign-out" onClick={() => void office.signOut()}>
          {session.name} · {t('sign-out')}
        </button>
      </header>
      <nav aria-label={t('views')}>
        {tabs.map((tab) => (
          <button
            key={tab}
            type="button"
            data-testid={`tab-${tab}`}
            aria-pressed={office.tab.value === tab}
            onClick={() => (office.tab.value = tab)}
          >
            {t(`tab-${tab}`)}
          </button>
        ))}
      </nav>
      <main>
        {office.isAway.value && (
          <p class="say-old" role="alert">
            {t('unreached')}
          </p>
        )}
        {refused && (
          <p class="say-bad" role="alert">
            {refused[language.value]}
          </p>
        )}
        {view === null ? <p>{t('asking')}</p> : <Shown office={office} view={view} />}
      </main>
    </>
  );
}

function Shown({ office, view }: { office: Office; view: NonNullable<Office['view']['value']> }) {
  switch (office.tab.value) {
    case 'faults':
      return <Faults office={office} view={view} />;
    case 'stations':
      return <Stations stations={view.stations} />;
    case 'drift':
      return <Drift rows={office.drift.value?.rows ?? []} />;
    default:
      return office.tab.value satisfies never;
  }
}

export function LanguageSwitch() {
  const other = language.value === 'zh' ? 'en' : 'zh';
  return (
    <button type="button" lang={langTag[other]} data-testid="language" onClick={() => (language.value = other)}>
      {t('other-language')}
    </button>
  );
}
