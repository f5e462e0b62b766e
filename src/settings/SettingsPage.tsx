// The settings page: the sign-in before everything, then tabs and one panel at a time. Rendered by main.
import { useSignal } from '@preact/signals';
import { langTag, language } from '../i18n/define.ts';
import { settingsTexts } from '../i18n/settings.ts';
import { Icon } from '../ui/icons.tsx';
import { panels } from './panels.ts';
import { SignIn } from './SignIn.tsx';
import type { SettingsApi } from './settings-api.ts';
import type { SettingsState } from './settings-state.ts';

const { t } = settingsTexts;

export function SettingsPage({ api, state }: { api: SettingsApi; state: SettingsState }) {
  const chosen = useSignal(location.hash.slice(1));
  const session = state.session.value;
  const signedIn = session?.signedIn ?? null;
  const panel = panels.find(({ id }) => id === chosen.value) ?? panels[0];
  return (
    <div class="settings" data-signed-in={signedIn !== null}>
      <Header state={state} />
      {state.isAway.value && (
        <p class="warning" role="alert" data-testid="away">
          {t('no-answer')}
        </p>
      )}
      {session === null ? (
        <main class="panel">{!state.isAway.value && <p role="status">{t('connecting')}</p>}</main>
      ) : signedIn === null ? (
        <SignIn guards={session.guards} signIn={state.signIn} />
      ) : (
        <>
          <nav class="tabs" aria-label={t('title')}>
            {panels.map(({ id, title }) => (
              <button
                key={id}
                type="button"
                class="tab"
                aria-current={id === panel?.id ? 'page' : undefined}
                data-testid={`tab-${id}`}
                onClick={() => {
                  chosen.value = id;
                  history.replaceState(null, '', `#${id}`);
                }}
              >
                {title()}
              </button>
            ))}
          </nav>
          <main class="panel" data-panel={panel?.id}>
            {panel && <panel.Panel key={signedIn.staffId} api={api} live={state.live} staffId={signedIn.staffId} />}
          </main>
        </>
      )}
    </div>
  );
}

function Header({ state }: { state: SettingsState }) {
  const session = state.session.value;
  const other = language.value === 'zh' ? 'en' : 'zh';
  return (
    <header class="header">
      <a class="button" href="/" data-testid="to-gate">
        <Icon name="back" />
        {t('to-gate')}
      </a>
      <h1>
        {t('title')}
        <span class="station" data-testid="who">
          <span>{session?.station.name}</span>
          {session?.signedIn && <span> · {session.signedIn.name}</span>}
        </span>
      </h1>
      {session?.signedIn && (
        <button type="button" class="button" data-testid="sign-out" onClick={() => void state.signOut()}>
          {t('sign-out')}
        </button>
      )}
      <button
        type="button"
        class="button"
        lang={langTag[other]}
        data-testid="language"
        onClick={() => {
          language.value = other;
        }}
      >
        {t('other-language')}
      </button>
    </header>
  );
}
