// Entry of the rounds page: gives it the browser's network, clocks, keys, sound, store and remembered language.
import { effect } from '@preact/signals';
import { render } from 'preact';
import { campusOffsetMs } from '../domain/campus-day.ts';
import { langTag, language } from '../i18n/define.ts';
import { roundsTexts } from '../i18n/rounds.ts';
import { takePageLock } from '../store/page-lock.ts';
import { pageSocket } from '../sync/device-link.ts';
import { pageClocks } from '../sync/timers.ts';
import { createPlayer } from '../ui/tones.ts';
import { listenForKeys } from './key-listener.ts';
import { RoundsPage } from './RoundsPage.tsx';
import { createRoundsApp } from './rounds-app.ts';
import { watchUpdates } from './updates.ts';
import './rounds.css';

/** Names are part of the page's storage address: frozen. */
const names = { database: 'mengang-rounds', lock: 'mengang-rounds-page', language: 'mengang.rounds.language' } as const;
const hourMs = 3_600_000;

async function start(root: HTMLElement): Promise<void> {
  language.value = localStorage.getItem(names.language) === 'en' ? 'en' : 'zh';
  effect(() => {
    localStorage.setItem(names.language, language.value);
    document.documentElement.lang = langTag[language.value];
    document.title = roundsTexts.t('title');
  });
  const player = createPlayer(
    () => new AudioContext({ latencyHint: 'interactive' }),
    () => Math.floor((Date.now() + campusOffsetMs) / hourMs) % 24,
  );
  let lastUseMs = performance.now();
  for (const kind of ['pointerdown', 'keydown']) {
    // On the way down: the key listener lets nothing that it takes come back up.
    addEventListener(
      kind,
      () => {
        player.unlock();
        lastUseMs = performance.now();
      },
      { capture: true },
    );
  }
  const lock = await takePageLock(names.lock, pageClocks.after);
  if (!lock.held) void lock.acquired.then(() => location.reload());
  const app = createRoundsApp({
    fetch: (input, init) => fetch(input, init),
    clocks: pageClocks,
    random: Math.random,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    databaseName: names.database,
    lockHeld: lock.held,
    // The mark that a bridge puts on the page it serves (device/http-static.ts).
    connectBridge: document.documentElement.dataset.bridge === undefined ? null : pageSocket,
    sound: player.play,
    // Messages of ours carry no names, cards or temperatures.
    onFault: (error) => console.warn('rounds', error instanceof Error ? `${error.name}: ${error.message}` : 'fault'),
  });
  const roundsNow = () => (app.screen.value.at === 'round' ? app.screen.value.rounds : null);
  listenForKeys(window, roundsNow);
  addEventListener('online', () => app.hurry());
  addEventListener('beforeunload', (event) => {
    // A moment at most, unless the store is in trouble: then leaving loses what lies in memory alone.
    if (app.waiting.value.unsaved > 0) event.preventDefault();
  });
  render(<RoundsPage app={app} />, root);
  await app.start();
  if (import.meta.env.PROD && 'serviceWorker' in navigator) {
    await watchUpdates(() => (app.isHalfEntered() ? 0 : performance.now() - lastUseMs));
  }
}

const root = document.getElementById('rounds');
if (!root) throw new Error('rounds.html has no #rounds');
start(root).catch((error: unknown) => {
  console.error(error);
  root.textContent = roundsTexts.t('start-failed', { reason: error instanceof Error ? error.message : String(error) });
});
