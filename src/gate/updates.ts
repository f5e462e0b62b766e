// Registers the service worker and lets a new version in only when nobody has been at the gate for ten minutes. Called by
// main.tsx after the page has loaded.
import { Workbox } from 'workbox-window';

export const limits = { idleMs: 600_000, lookEveryMs: 30_000, checkEveryMs: 3_600_000 } as const;

/** Trusted Types, which TypeScript's library does not know: the one address of a script that this page ever makes. */
type Policies = { createPolicy(name: 'default', rules: { createScriptURL(url: string): string | null }): unknown };
declare global {
  var trustedTypes: Policies | undefined;
}

type Parts = {
  /** The worker that this page came from, as it was when its script began; null without one. */
  loadedBy: ServiceWorker | null;
  /** Milliseconds since somebody was last at the gate. */
  idleForMs(): number;
  reload(): void;
  every(work: () => void, ms: number): void;
};

export async function watchUpdates({ loadedBy, idleForMs, reload, every }: Parts): Promise<void> {
  globalThis.trustedTypes?.createPolicy('default', { createScriptURL: (url) => (url === '/sw.js' ? url : null) });
  const workbox = new Workbox('/sw.js');
  let isWaiting = false;
  /** The page was loaded before there was a worker: nothing keeps the files of its build for it. */
  let isBare = false;
  workbox.addEventListener('waiting', () => {
    isWaiting = true;
  });
  // Page and cache of one build: once the new worker has taken over, the page is loaded anew from its cache.
  workbox.addEventListener('controlling', (event) => {
    if (event.isUpdate) reload();
  });
  workbox.addEventListener('activated', () => {
    isBare = navigator.serviceWorker.controller === null;
  });
  every(() => {
    if (idleForMs() < limits.idleMs) return;
    if (isWaiting) workbox.messageSkipWaiting();
    else if (isBare) reload();
  }, limits.lookEveryMs);
  every(() => {
    // The bridge may be away for a moment: the next look comes in an hour.
    workbox.update().catch((error: unknown) => console.info('no update check', error));
  }, limits.checkEveryMs);
  navigator.serviceWorker.controller?.postMessage({ type: 'STARTED' });
  await workbox.register();
  // Another took over before anybody listened.
  if (loadedBy !== null && loadedBy !== navigator.serviceWorker.controller) reload();
}
