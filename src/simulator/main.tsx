// Entry of the simulator's page. Served by the simulator that `npm start` runs.
import { effect } from '@preact/signals';
import { render } from 'preact';
import { langTag, language } from '../i18n/define.ts';
import { simulatorTexts } from '../i18n/simulator.ts';
import { SimulatorPage } from './SimulatorPage.tsx';
import { openSimulator } from './simulator-link.ts';
import '../ui/tokens.css';
import './simulator.css';

const languageKey = 'mengang.simulator.language';
language.value = localStorage.getItem(languageKey) === 'en' ? 'en' : 'zh';
effect(() => {
  localStorage.setItem(languageKey, language.value);
  document.documentElement.lang = langTag[language.value];
  document.title = simulatorTexts.t('title');
});

const root = document.getElementById('simulator');
if (!root) throw new Error('simulator.html has no #simulator');
const link = openSimulator({ fetch: (input, init) => fetch(input, init), events: (url) => new EventSource(url) });
render(<SimulatorPage link={link} />, root);
