// Entry of the gate page: wires clocks, sound, station and controller, paints the screen, registers the app shell.
import '../ui/tokens.css';
import './gate.css';
import './visitors/visitors.css';
import { language } from '../i18n/define.ts';
import { t } from '../i18n/texts.ts';
import { pageClocks } from '../sync/timers.ts';
import { createClips, readSound, soundName, volumeAt } from '../ui/sound-settings.ts';
import { createPlayer } from '../ui/tones.ts';
import { mountGate } from './GateScreen.tsx';
import { createGateController } from './gate-controller.ts';
import { campusHour } from './gate-view.ts';
import { createPageStation } from './page-station.ts';
import { listenForWedge } from './wedge-listener.ts';

const limits = { soundAfterMs: 5_000 } as const;
const languageKey = 'mengang-language';
const loadedBy = navigator.serviceWorker?.controller ?? null;

async function start(): Promise<void> {
  if (localStorage.getItem(languageKey) === 'en') language.value = 'en';
  const player = createPlayer(
    () => new AudioContext({ latencyHint: 'interactive' }),
    () => campusHour(Date.now()),
    {
      volume: (hour) => volumeAt(readSound(localStorage.getItem(soundName)), hour),
      clips: createClips(
        (...ask) => fetch(...ask),
        () => language.value,
        (error) => console.error(error),
      ),
    },
  );
  addEventListener('pointerdown', player.unlock);
  // Opening the machine's sound holds the page up for up to half a second: neither the start nor the first tone shall wait for it.
  setTimeout(player.unlock, limits.soundAfterMs);

  const station = await createPageStation();
  const controller = createGateController({
    station,
    now: () => performance.now(),
    wallNow: () => Date.now(),
    after: (work, ms) => pageClocks.after(ms, work),
    newId: () => crypto.randomUUID(),
    sound: player.play,
  });
  listenForWedge(window, station.stampPrinted);

  mountGate(rootElement(), {
    controller,
    station,
    onLanguage() {
      language.value = language.value === 'zh' ? 'en' : 'zh';
      localStorage.setItem(languageKey, language.value);
    },
  });
  whenLoaded(() => void registerShell(controller.idleForMs));
}

function rootElement(): HTMLElement {
  const root = document.getElementById('gate');
  if (root === null) throw new Error('index.html has no #gate');
  return root;
}

function whenLoaded(work: () => void): void {
  if (document.readyState === 'complete') work();
  else addEventListener('load', work, { once: true });
}

/** The app shell: without it the gate works all the same, as long as the bridge answers. */
async function registerShell(idleForMs: () => number): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const { watchUpdates } = await import('./updates.ts');
  const every = (work: () => void, ms: number) => void setInterval(work, ms);
  await watchUpdates({ loadedBy, idleForMs, reload: () => location.reload(), every });
}

start().catch((error: unknown) => {
  console.error(error);
  rootElement().textContent = t('start.failed', { reason: error instanceof Error ? error.message : String(error) });
});
