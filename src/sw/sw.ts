// The gate's service worker: one cache per build, page and scripts always from the same one. Built to /sw.js; the list of
// files is put in by vite.config.ts. It never touches /hub/* or /device.
import { cacheName, isCached, isSameBuild, isShellPage } from './shell.ts';

declare const self: ServiceWorkerGlobalScope & { readonly __PRECACHE__: readonly { url: string; revision: string }[] };

const limits = {
  /** A page load first asks the bridge for its session cookie, at most this long; then the cached page goes out. */
  cookieWaitMs: 800,
} as const;

const files = self.__PRECACHE__;
const name = cacheName(files);
const urls = new Set(files.map((file) => file.url));

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
  if (request.mode === 'navigate' && isShellPage(url.pathname)) event.respondWith(shellPage(request));
  else if (isCached(url.pathname, urls)) event.respondWith(fromCache(request, url.pathname));
});

/** All files or none: an install that misses one fails, and the version before stays. */
async function fillCache(): Promise<void> {
  const cache = await caches.open(name);
  await Promise.all(
    files.map(async ({ url }) => {
      const response = await fetch(new Request(url, { cache: 'reload', credentials: 'same-origin' }));
      if (!response.ok) throw new Error(`${url} answered ${response.status}`);
      if (url === '/' && !isSameBuild(await response.clone().text(), files))
        throw new Error('the page is of another build');
      await cache.put(url, response);
    }),
  );
}

async function dropOldCaches(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((other) => other.startsWith('mengang-gate-') && other !== name).map((other) => caches.delete(other)),
  );
}

async function shellPage(request: Request): Promise<Response> {
  const cached = await (await caches.open(name)).match('/');
  if (cached === undefined) return fetch(request);
  await renewCookie();
  return cached;
}

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

async function fromCache(request: Request, path: string): Promise<Response> {
  const cached = await (await caches.open(name)).match(path);
  return cached ?? fetch(request);
}
