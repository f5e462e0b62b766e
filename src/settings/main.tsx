// Entry of the settings page, served by the bridge at /settings. It speaks the gate page's language and leaves it as it is.
import { effect } from '@preact/signals';
import { render } from 'preact';
import { langTag, language } from '../i18n/define.ts';
import { settingsTexts } from '../i18n/settings.ts';
import { SettingsPage } from './SettingsPage.tsx';
import { createSettingsApi } from './settings-api.ts';
import { createSettingsState } from './settings-state.ts';
import '../ui/tokens.css';
import './settings.css';

const languageKey = 'mengang.settings.language';
language.value = localStorage.getItem(languageKey) === 'en' ? 'en' : 'zh';
effect(() => {
  localStorage.setItem(languageKey, language.value);
  document.documentElement.lang = langTag[language.value];
  document.title = settingsTexts.t('title');
});

const root = document.getElementById('settings');
if (!root) throw new Error('settings.html has no #settings');
const api = createSettingsApi((path, init) => fetch(path, init));
const state = createSettingsState(api, {
  later: (run, ms) => void setTimeout(run, ms),
  onTouch: (touched) => {
    for (const event of ['pointerdown', 'keydown'] as const) addEventListener(event, touched, { passive: true });
  },
  nowMs: () => performance.now(),
});
state.start();
render(<SettingsPage api={api} state={state} />, root);
