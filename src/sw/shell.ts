// What belongs to the cached shell and what its cache is called. Pure; called by sw.ts.

/** A name that changes whenever a file of the build changes: FNV-1a over the list. */
export function cacheName(files: readonly { url: string; revision: string }[]): string {
  let hash = 0x811c9dc5;
  for (const { url, revision } of files) {
    for (const char of `${url}\n${revision}\n`) {
      hash ^= char.codePointAt(0) ?? 0;
      hash = Math.imul(hash, 0x01000193) >>> 0;
    }
  }
  return `mengang-gate-${hash.toString(16).padStart(8, '0')}`;
}

/** The one address of the gate page. */
export function isShellPage(path: string): boolean {
  return path === '/' || path === '/index.html';
}

/** Live paths are never answered from a cache, whatever the list says. */
export function isCached(path: string, urls: ReadonlySet<string>): boolean {
  if (path === '/device' || path === '/hub' || path.startsWith('/hub/')) return false;
  return urls.has(path);
}

/** Whether this page loads the entry script of this build: a page that was fetched while the server changed does not. */
export function isSameBuild(html: string, files: readonly { url: string }[]): boolean {
  const entries = files.filter((file) => /^\/assets\/gate-[^/]*\.js$/.test(file.url));
  return entries.length === 0 || entries.some((file) => html.includes(file.url));
}
