// What a page's service worker does: one cache per build, page and scripts always from the same one; a build whose pages do not start
// gives way to the one before. It never touches /hub/* or /device. Called by the workers, sw.ts and rounds-sw.ts.
import {
  cacheName,
  isAsset,
  isCached,
  isRolledBack,
  isSameBuild,
  isShellPage,
  type Shell,
  type Trial,
} from './shell.ts';

declare const self: ServiceWorkerGlobalScope;

export type ShellFile = { url: string; revision: string };

/** Where a build's trial lies in its cache; no page asks for it. */
const trialAt = '/shell-trial';

/** Listens from the worker's first turn on. `beforePage` runs before the cached page goes out; it never rejects. */
export function serveShell(shell: Shell, files: readonly ShellFile[], beforePage: () => Promise<void>): void {
  const name = cacheName(shell, files);
  const urls = new Set(files.map((file) => file.url));
  const home = shell.pages[0];

  self.addEventListener('install', (event) => {
    event.waitUntil(fillCache());
  });

  self.addEventListener('activate', (event) => {
    event.waitUntil(beginTrial());
  });

  /** The page says when nobody is at the gate, until which a new version waits, and when it has started. */
  self.addEventListener('message', (event) => {
    const data: unknown = event.data;
    if (typeof data !== 'object' || data === null || !('type' in data)) return;
    if (data.type === 'SKIP_WAITING') void self.skipWaiting();
    if (data.type === 'STARTED') event.waitUntil(endTrial());
  });

  self.addEventListener('fetch', (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== 'GET' || url.origin !== self.location.origin) return;
    if (request.mode === 'navigate' && isShellPage(shell, url.pathname)) event.respondWith(shellPage(request));
    else if (isCached(url.pathname, urls) || isAsset(url.pathname)) event.respondWith(fromCache(request, url.pathname));
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

  /** Of the builds before, the one whose pages have started stays until one of this build's has. */
  async function beginTrial(): Promise<void> {
    const others = (await caches.keys()).filter((other) => other.startsWith(shell.prefix) && other !== name);
    const trials = await Promise.all(others.map(trialOf));
    const before = others.find((_, at) => trials[at] === null);
    await Promise.all(others.filter((other) => other !== before).map((other) => caches.delete(other)));
    if (before !== undefined) await keepTrial({ starts: 0, before });
  }

  async function endTrial(): Promise<void> {
    const trial = await trialOf(name);
    if (trial === null || trial.starts === 0 || isRolledBack(trial)) return;
    await (await caches.open(name)).delete(trialAt);
    await caches.delete(trial.before);
  }

  async function keepTrial(trial: Trial): Promise<void> {
    await (await caches.open(name)).put(trialAt, new Response(JSON.stringify(trial)));
  }

  async function shellPage(request: Request): Promise<Response> {
    let trial = await trialOf(name);
    if (trial !== null && !isRolledBack(trial)) {
      trial = { ...trial, starts: trial.starts + 1 };
      await keepTrial(trial);
    }
    const cached = await found(home, trial);
    if (cached === undefined) return fetch(request);
    await beforePage();
    return cached;
  }

  async function fromCache(request: Request, path: string): Promise<Response> {
    return (await found(path, await trialOf(name))) ?? fetch(request);
  }

  async function found(path: string, trial: Trial | null): Promise<Response | undefined> {
    return inCache(trial !== null && isRolledBack(trial) ? trial.before : name, path);
  }
}

/** Never makes the cache: one that a newer worker has just deleted would come back, empty, and pass for the build before. */
const inCache = (cacheName: string, path: string) => caches.match(path, { cacheName });

/** The trial of a build; null once one of its pages has started, or where there was none before it. */
async function trialOf(name: string): Promise<Trial | null> {
  const kept: unknown = await (await inCache(name, trialAt))?.json();
  if (typeof kept !== 'object' || kept === null || !('starts' in kept) || !('before' in kept)) return null;
  const { starts, before } = kept;
  return typeof starts === 'number' && typeof before === 'string' ? { starts, before } : null;
}
