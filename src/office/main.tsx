// Entry of the office page: gives it the browser's network, clock, timers and remembered language.
import { effect } from '@preact/signals';
import { render } from 'preact';
import { langTag, language } from '../i18n/define.ts';
import { officeTexts } from '../i18n/office.ts';
import { OfficePage } from './OfficePage.tsx';
import { createOffice } from './office-state.ts';
import { upload } from './upload.ts';
import './office.css';

const languageKey = 'mengang.office.language';

language.value = localStorage.getItem(languageKey) === 'en' ? 'en' : 'zh';
effect(() => {
  localStorage.setItem(languageKey, language.value);
  document.documentElement.lang = langTag[language.value];
  document.title = officeTexts.t('title');
});

const office = createOffice({
  fetch: (input, init) => fetch(input, init),
  every: (ms, task) => {
    const timer = setInterval(task, ms);
    return () => clearInterval(timer);
  },
  upload,
  // A page's address may name a tab: #faults.
  tab: location.hash.slice(1) || 'people',
});
const root = document.getElementById('office');
if (!root) throw new Error('office.html has no #office');
render(<OfficePage office={office} />, root);
void office.start();
