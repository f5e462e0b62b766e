// What the app shell caches, what it never does, and when a page is of another build.
import { describe, expect, it } from 'vitest';
import {
  cacheName,
  gateShell,
  isCached,
  isRolledBack,
  isSameBuild,
  isShellPage,
  roundsShell,
} from '../../src/sw/shell.ts';

const files = [
  { url: '/', revision: 'a1' },
  { url: '/assets/gate-Abc1.js', revision: 'b2' },
];

describe('the app shell', () => {
  it('names another cache when any file of the build changes', () => {
    expect(cacheName(gateShell, files)).toMatch(/^mengang-gate-[0-9a-f]{8}$/);
    expect(cacheName(gateShell, files)).toBe(cacheName(gateShell, structuredClone(files)));
    expect(cacheName(gateShell, [{ url: '/', revision: 'a2' }, ...files.slice(1)])).not.toBe(
      cacheName(gateShell, files),
    );
  });

  it('never answers live paths from a cache, even if the list names them', () => {
    const urls = new Set(['/device', '/hub', '/hub/entries', '/assets/gate-Abc1.js']);
    for (const path of ['/device', '/hub', '/hub/entries', '/hub/feed']) expect(isCached(path, urls)).toBe(false);
    expect(isCached('/assets/gate-Abc1.js', urls)).toBe(true);
    expect(isCached('/assets/other.js', urls)).toBe(false);
  });

  it('answers only the page itself from the cache', () => {
    const paths = ['/', '/index.html', '/clinic', '/rounds', '/rounds/x', '/simulator'];
    expect(paths.filter((path) => isShellPage(gateShell, path))).toEqual(['/', '/index.html']);
    expect(paths.filter((path) => isShellPage(roundsShell, path))).toEqual(['/rounds']);
  });

  it('goes back at the third load of a build that never started', () => {
    expect([0, 1, 2, 3].map((starts) => isRolledBack({ starts, before: 'a' }))).toEqual([false, false, false, true]);
  });

  it('refuses a page that loads the script of another build', () => {
    expect(isSameBuild(gateShell, '<script src="/assets/gate-Abc1.js"></script>', files)).toBe(true);
    expect(isSameBuild(gateShell, '<script src="/assets/gate-Xyz9.js"></script>', files)).toBe(false);
  });
});
