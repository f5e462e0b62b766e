// The gate's service worker, built to /sw.js; the list of files is put in by vite.config.ts.
import { type ShellFile, serveShell } from './app-shell.ts';
import { gateShell } from './shell.ts';

declare const self: ServiceWorkerGlobalScope & { readonly __PRECACHE__: readonly ShellFile[] };

const limits = {
  /** A page load first asks the bridge for its session cookie, at most this long; then the cached page goes out. */
  cookieWaitMs: 800,
} as const;

serveShell(gateShell, self.__PRECACHE__, renewCookie);

/** The page lives in the cache, the session cookie does not: without the bridge's answer the page opens all the same. */
async function renewCookie(): Promise<void> {
  try {
    await fetch('/', {
      cache: 'no-store',
      credentials: 'same-origin',
      signal: AbortSignal.timeout(limits.cookieWaitMs),
    });
  } catch (error) {
    console.info('bridge is away, page comes from the cache', error);
  }
}
