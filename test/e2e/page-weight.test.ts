// How heavy the gate page's script is: everything that its page loads, now or later, as gzip would send it; but for the rooms that
// are opened for one person in many (ux.md): visitors, and the code of a slip.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { root } from '../kit/programs.ts';

/**
 * The aim is 40,000 bytes (docs/decisions.md, 17). What is reached so far only goes down: lower the number with every gain.
 * Node's zlib packs 1 % less tightly than the gzip program.
 */
const limits = { bytes: 59_400, chunks: 20 } as const;

const pages = join(root, 'dist', 'pages');

/** Chunks that only `import()` reaches, after somebody has opened their room. */
const lazy = /^\/assets\/(visitors|qr)-[\w-]+\.js$/;

/** Addresses of the page's scripts and of all that they import, statically or not. */
function scriptsOf(page: string): string[] {
  const found = new Set([...page.matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)].map((match) => match[1] ?? ''));
  for (const url of found) {
    const code = readFileSync(join(pages, url), 'utf8');
    for (const [, path] of code.matchAll(/(?:from|import)\s*\(?\s*["'`](\.[^"'`]+\.js)["'`]/g)) {
      if (path !== undefined && !lazy.test(join(dirname(url), path))) found.add(join(dirname(url), path));
    }
  }
  return [...found];
}

it('loads no more script than was agreed, both languages in it', () => {
  const scripts = scriptsOf(readFileSync(join(pages, 'index.html'), 'utf8'));
  const bodies = scripts.map((url) => readFileSync(join(pages, url)));
  expect(scripts.length).toBeGreaterThan(0);
  expect(scripts.length).toBeLessThan(limits.chunks);
  const text = bodies.join('\n');
  expect(text).toContain('请刷卡');
  expect(text).toContain('Tap your card');
  const bytes = bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0);
  expect(bytes).toBeLessThanOrEqual(limits.bytes);
});
