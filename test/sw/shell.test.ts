// What the app shell caches, what it never does, and when a page is of another build.
import { describe, expect, it } from 'vitest';
import { cacheName, isCached, isSameBuild, isShellPage } from '../../src/sw/shell.ts';

const files = [
  { url: '/', revision: 'a1' },
  { url: '/assets/gate-Abc1.js', revision: 'b2' },
];

describe('the app shell', () => {
  it('names another cache when any file of the build changes', () => {
    expect(cacheName(files)).toMatch(/^mengang-gate-[0-9a-f]{8}$/);
    expect(cacheName(files)).toBe(cacheName(structuredClone(files)));
    expect(cacheName([{ url: '/', revision: 'a2' }, ...files.slice(1)])).not.toBe(cacheName(files));
  });

  it('never answers live paths from a cache, even if the list names them', () => {
    const urls = new Set(['/device', '/hub', '/hub/entries', '/assets/gate-Abc1.js']);
    for (const path of ['/device', '/hub', '/hub/entries', '/hub/feed']) expect(isCached(path, urls)).toBe(false);
    expect(isCached('/assets/gate-Abc1.js', urls)).toBe(true);
    expect(isCached('/assets/other.js', urls)).toBe(false);
  });

  it('answers only the gate page itself from the cache', () => {
    expect(['/', '/index.html', '/clinic', '/simulator'].filter(isShellPage)).toEqual(['/', '/index.html']);
  });

  it('refuses a page that loads the script of another build', () => {
    expect(isSameBuild('<script src="/assets/gate-Abc1.js"></script>', files)).toBe(true);
    expect(isSameBuild('<script src="/assets/gate-Xyz9.js"></script>', files)).toBe(false);
  });
});
