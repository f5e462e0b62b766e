// Registers the rounds page's service worker, and lets a new version in only after ten minutes without a key, and never into the middle of
// an entry. Called by main.tsx.

export const limits = { idleMs: 600_000, lookEveryMs: 30_000 } as const;

/** Trusted Types, which TypeScript's library does not know: the one address of a script that this page ever makes. */
type Policies = { createPolicy(name: 'default', rules: { createScriptURL(url: string): string | null }): unknown };

const workerUrl = '/rounds-sw.js';

/** `idleForMs`: since the last key or touch; 0 while something is half entered. Without a service worker the page works as long as the hub answers. */
export async function watchUpdates(idleForMs: () => number): Promise<void> {
  const { trustedTypes } = globalThis as { trustedTypes?: Policies };
  trustedTypes?.createPolicy('default', { createScriptURL: (url) => (url === workerUrl ? url : null) });
  const workers = navigator.serviceWorker;
  const hadWorker = workers.controller !== null;
  workers.addEventListener('controllerchange', () => {
    // Page and cache of one build. At the very first registration there is nothing to renew.
    if (hadWorker) location.reload();
  });
  workers.controller?.postMessage({ type: 'STARTED' });
  const registration = await workers.register(workerUrl, { scope: '/rounds' });
  setInterval(() => {
    if (idleForMs() < limits.idleMs) return;
    registration.waiting?.postMessage({ type: 'SKIP_WAITING' });
    // The hub may be away: the next look comes by itself.
    registration.update().catch((error: unknown) => console.info('no update check', error));
  }, limits.lookEveryMs);
}
