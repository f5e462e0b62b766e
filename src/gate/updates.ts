// Registers the service worker and lets a new version in only when nobody has been at the gate for ten minutes. Called by
// main.tsx after the page has loaded.

export const limits = { idleMs: 600_000, lookEveryMs: 30_000, checkEveryMs: 3_600_000 } as const;

type Parts = {
  workers: Pick<ServiceWorkerContainer, 'controller' | 'register' | 'addEventListener'>;
  /** Milliseconds since somebody was last at the gate. */
  idleForMs(): number;
  reload(): void;
  every(work: () => void, ms: number): void;
};

export async function watchUpdates({ workers, idleForMs, reload, every }: Parts): Promise<void> {
  // Page and cache of one build: once a new worker has taken over, the page is loaded anew from its cache.
  if (workers.controller !== null) workers.addEventListener('controllerchange', reload);
  const registration = await workers.register('/sw.js');
  every(() => {
    if (idleForMs() >= limits.idleMs) registration.waiting?.postMessage({ type: 'SKIP_WAITING' });
  }, limits.lookEveryMs);
  every(() => {
    // The bridge may be away for a moment: the next look comes in an hour.
    registration.update().catch((error: unknown) => console.info('no update check', error));
  }, limits.checkEveryMs);
}
