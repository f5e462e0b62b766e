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
  /** Milliseconds since somebody was last at the gate. */
  idleForMs(): number;
  reload(): void;
  every(work: () => void, ms: number): void;
};

export async function watchUpdates({ idleForMs, reload, every }: Parts): Promise<void> {
  globalThis.trustedTypes?.createPolicy('default', { createScriptURL: (url) => (url === '/sw.js' ? url : null) });
  const workbox = new Workbox('/sw.js');
  let isWaiting = false;
  /** Asked here: workbox asks once, when it registers, and a page that is open since the gate was set up would never be loaded anew. */
  let isControlled = navigator.serviceWorker.controller !== null;
  workbox.addEventListener('waiting', () => {
    isWaiting = true;
  });
  // Page and cache of one build: once the new worker has taken over, the page is loaded anew from its cache.
  workbox.addEventListener('controlling', () => {
    if (isControlled) reload();
    isControlled = true;
  });
  every(() => {
    if (isWaiting && idleForMs() >= limits.idleMs) workbox.messageSkipWaiting();
  }, limits.lookEveryMs);
  every(() => {
    // The bridge may be away for a moment: the next look comes in an hour.
    workbox.update().catch((error: unknown) => console.info('no update check', error));
  }, limits.checkEveryMs);
  navigator.serviceWorker.controller?.postMessage({ type: 'STARTED' });
  await workbox.register();
}
