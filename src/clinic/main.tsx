// Entry of the clinic page: gives the board the browser's network, clock, timers, sound and remembered language.
import { effect } from '@preact/signals';
import { render } from 'preact';
import { clinicTexts } from '../i18n/clinic.ts';
import { langTag, language } from '../i18n/define.ts';
import { bell } from './bell.ts';
import { ClinicBoard } from './ClinicBoard.tsx';
import { createClinic } from './clinic-controller.ts';
import './clinic.css';

const languageKey = 'mengang.clinic.language';

const sound = bell(() => new AudioContext());
const clinic = createClinic({
  fetch: (input, init) => fetch(input, init),
  timers: {
    set: (run, afterMs) => window.setTimeout(run, afterMs),
    clear: (timer) => {
      if (typeof timer === 'number') window.clearTimeout(timer);
    },
  },
  random: () => Math.random(),
  monoMs: () => performance.now(),
  ring: sound.ring,
});

language.value = localStorage.getItem(languageKey) === 'en' ? 'en' : 'zh';
effect(() => {
  localStorage.setItem(languageKey, language.value);
  document.documentElement.lang = langTag[language.value];
  document.title = clinicTexts.t('title');
});

// Browsers start sound only after a touch or a key: the first one, the sign-in as a rule, unlocks the bell.
for (const gesture of ['pointerdown', 'keydown']) window.addEventListener(gesture, () => sound.unlock());
window.addEventListener('online', () => clinic.nudge());
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) clinic.nudge();
});

const root = document.getElementById('board');
if (!root) throw new Error('clinic.html has no #board');
render(<ClinicBoard clinic={clinic} sound={sound} />, root);
clinic.start();
