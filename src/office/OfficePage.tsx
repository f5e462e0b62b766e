// The office's page: signs in, then shows one tab of tabs.tsx, of those that this role has something to do in. Rendered by main.tsx.
import { language } from '../i18n/define.ts';
import { officeTexts } from '../i18n/office.ts';
import { Account } from '../ui/desk/Account.tsx';
import { SignIn } from '../ui/desk/SignIn.tsx';
import type { Office } from './office-state.ts';
import { clockText } from './show.ts';
import { tabs } from './tabs.tsx';

const { t } = officeTexts;

export function OfficePage({ office }: { office: Office }) {
  const session = office.session.value;
  if (session === null) return <main class="asking">{t(office.isAway.value ? 'unreached' : 'asking')}</main>;
  if (session === 'signed-out') return <SignIn title={t('title')} over={office.isOver.value} signIn={office.signIn} />;
  const refused = office.refused.value;
  const mine = tabs.filter(({ needs }) => office.may(...needs));
  const shown = mine.find(({ id }) => id === office.tab.value) ?? mine[0];
  const asOfMs = shown?.asOfMs?.(office) ?? null;
  return (
    <>
      <header class="top">
        <h1>{t('title')}</h1>
        {asOfMs !== null && <p data-testid="as-of">{t('as-of', { time: clockText(asOfMs) })}</p>}
        <span class="space" />
        <button type="button" data-testid="refresh" onClick={() => void office.refresh()}>
          {t('refresh')}
        </button>
        <Account
          name={session.name}
          once={session.maySetPassword === true}
          setPassword={office.setPassword}
          signOut={() => void office.signOut()}
        />
      </header>
      {shown && (
        <nav aria-label={t('views')}>
          {mine.map(({ id, label }) => (
            <button
              key={id}
              type="button"
              data-testid={`tab-${id}`}
              aria-pressed={shown.id === id}
              onClick={() => {
                office.tab.value = id;
                office.refused.value = null;
                void office.refresh();
              }}
            >
              {label()}
            </button>
          ))}
        </nav>
      )}
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
        {shown ? <shown.Panel key={shown.id} office={office} /> : <p data-testid="no-tab">{t('no-tab')}</p>}
      </main>
    </>
  );
}
