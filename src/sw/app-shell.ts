// What a page's service worker does: one cache per build, page and scripts always from the same one. It never touches /hub/* or
// /device. Called by the workers, sw.ts and rounds-sw.ts.
import { cacheName, isCached, isSameBuild, isShellPage, type Shell } from './shell.ts';

declare const self: ServiceWorkerGlobalScope;

export type ShellFile = { url: string; revision: string };

/** Listens from the worker's first turn on. `beforePage` runs before the cached page goes out; it never rejects. */
export function serveShell(shell: Shell, files: readonly ShellFile[], beforePage: () => Promise<void>): void {
  const name = cacheName(shell, files);
  const urls = new Set(files.map((file) => file.url));
  const home = shell.pages[0];

  self.addEventListener('install', (event) => {
    event.waitUntil(fillCache());
  });

  self.addEventListener('activate', (event) => {
    event.waitUntil(dropOldCaches());
  });

  /** The page says when nobody is at the gate; until then a new version waits. */
  self.addEventListener('message', (event) => {
    const data: unknown = event.data;
    if (typeof data === 'object' && data !== null && 'type' in data && data.type === 'SKIP_WAITING')
      void self.skipWaiting();
  });

  self.addEventListener('fetch', (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== 'GET' || url.origin !== self.location.origin) return;
    if (request.mode === 'navigate' && isShellPage(shell, url.pathname)) event.respondWith(shellPage(request));
    else if (isCached(url.pathname, urls)) event.respondWith(fromCache(request, url.pathname));
  });

  /** All files or none: an install that misses one fails, and the version before stays. */
  async function fillCache(): Promise<void> {
    const cache = await caches.open(name);
    await Promise.all(
      files.map(async ({ url }) => {
        const response = await fetch(new Request(url, { cache: 'reload', credentials: 'same-origin' }));
        if (!response.ok) throw new Error(`${url} answered ${response.status}`);
        if (url === home && !isSameBuild(shell, await response.clone().text(), files))
          throw new Error('the page is of another build');
        await cache.put(url, response);
      }),
    );
  }

  async function dropOldCaches(): Promise<void> {
    const names = await caches.keys();
    await Promise.all(
      names.filter((other) => other.startsWith(shell.prefix) && other !== name).map((other) => caches.delete(other)),
    );
  }

  async function shellPage(request: Request): Promise<Response> {
    const cached = await (await caches.open(name)).match(home);
    if (cached === undefined) return fetch(request);
    await beforePage();
    return cached;
  }

  async function fromCache(request: Request, path: string): Promise<Response> {
    const cached = await (await caches.open(name)).match(path);
    return cached ?? fetch(request);
  }
}
