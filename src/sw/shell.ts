// What belongs to the cached shell and what its cache is called. Pure; called by app-shell.ts.

/** One page's shell: the names of its caches, its addresses (the first is fetched), and its entry script. */
export type Shell = { prefix: string; pages: readonly [string, ...string[]]; entry: RegExp };

export const gateShell: Shell = {
  prefix: 'mengang-gate-',
  pages: ['/', '/index.html'],
  entry: /^\/assets\/gate-[^/]*\.js$/,
};
export const roundsShell: Shell = {
  prefix: 'mengang-rounds-',
  pages: ['/rounds'],
  entry: /^\/assets\/rounds-[^/]*\.js$/,
};

/** `failedStarts`: as often is a page of a new build loaded that never says that it has started; then the one before goes out. */
export const limits = { failedStarts: 2 } as const;

/** Kept in a build's own cache until one of its pages has started: how often it was loaded, and which cache was good before. */
export type Trial = { starts: number; before: string };

/** Whether the build before is in force again. */
export function isRolledBack({ starts }: Trial): boolean {
  return starts > limits.failedStarts;
}

/** A name that changes whenever a file of the build changes: FNV-1a over the list. */
export function cacheName({ prefix }: Shell, files: readonly { url: string; revision: string }[]): string {
  let hash = 0x811c9dc5;
  for (const { url, revision } of files) {
    for (const char of `${url}\n${revision}\n`) {
      hash ^= char.codePointAt(0) ?? 0;
      hash = Math.imul(hash, 0x01000193) >>> 0;
    }
  }
  return `${prefix}${hash.toString(16).padStart(8, '0')}`;
}

/** Whether this address is the page itself. */
export function isShellPage({ pages }: Shell, path: string): boolean {
  return pages.includes(path);
}

/** Live paths are never answered from a cache, whatever the list says. */
export function isCached(path: string, urls: ReadonlySet<string>): boolean {
  if (path === '/device' || path === '/hub' || path.startsWith('/hub/')) return false;
  return urls.has(path);
}

/** A script of some build, this one's or the one's before: each has its content in its name. */
export function isAsset(path: string): boolean {
  return path.startsWith('/assets/');
}

/** Whether this page loads the entry script of this build: a page that was fetched while the server changed does not. */
export function isSameBuild({ entry }: Shell, html: string, files: readonly { url: string }[]): boolean {
  const entries = files.filter((file) => entry.test(file.url));
  return entries.length === 0 || entries.some((file) => html.includes(file.url));
}
