// Entry of the page of administrators: gives it the browser's network, clock, timers and remembered language.
import { effect } from '@preact/signals';
import { render } from 'preact';
import { adminTexts } from '../i18n/admin.ts';
import { langTag, language } from '../i18n/define.ts';
import { AdminPage } from './AdminPage.tsx';
import { createAdmin } from './admin-state.ts';
import './admin.css';

const languageKey = 'mengang.admin.language';

language.value = localStorage.getItem(languageKey) === 'en' ? 'en' : 'zh';
effect(() => {
  localStorage.setItem(languageKey, language.value);
  document.documentElement.lang = langTag[language.value];
  document.title = adminTexts.t('title');
});

const admin = createAdmin({
  fetch: (input, init) => fetch(input, init),
  every: (ms, task) => {
    const timer = setInterval(task, ms);
    return () => clearInterval(timer);
  },
});
const root = document.getElementById('admin');
if (!root) throw new Error('admin.html has no #admin');
render(<AdminPage admin={admin} />, root);
void admin.start();
