// Script that somebody slipped into a page: what every answer of bridge and hub forbids the browser, and that no page of ours
// needs it.
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Rig, raw, startRig } from '../device/bridge-kit.ts';
import { startTestHub, type TestHub } from '../kit/hub.ts';
import { freePort, root } from '../kit/programs.ts';

let rig: Rig;
let t: TestHub;
let folder: string;
beforeAll(async () => {
  rig = await startRig(await freePort());
  folder = await mkdtemp(join(tmpdir(), 'mengang-pages-'));
  await mkdir(join(folder, 'src', 'clinic'), { recursive: true });
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'src', 'clinic', 'clinic.html'), '<!doctype html><title>clinic</title>');
  await writeFile(join(folder, 'assets', 'clinic-1.js'), '1;');
  t = await startTestHub({ pagesDir: folder });
});
afterAll(async () => {
  await rig?.stop();
  await t?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Directive by directive. */
function policyOf(header: unknown): Map<string, string> {
  return new Map(
    String(header)
      .split(';')
      .map((one) => one.trim().split(/\s+/))
      .map(([name = '', ...sources]) => [name, sources.join(' ')]),
  );
}
function expectStrict(headers: Record<string, unknown>, what: string): void {
  const policy = policyOf(headers['content-security-policy']);
  expect(policy.get('default-src'), what).toBe("'none'");
  expect(policy.get('script-src'), what).toBe("'self'");
  expect(policy.get('connect-src'), what).toBe("'self'");
  expect(policy.get('base-uri'), what).toBe("'none'");
  expect(policy.get('frame-ancestors'), what).toBe("'none'");
  expect(policy.get('require-trusted-types-for'), what).toBe("'script'");
  expect(policy.get('trusted-types'), what).toBe('default');
  expect(String(headers['content-security-policy']), what).not.toMatch(/unsafe|\*|https?:|blob:/);
  expect(headers['x-content-type-options'], what).toBe('nosniff');
  expect(headers['referrer-policy'], what).toBe('no-referrer');
}

test('every page and every refusal of the bridge carries the strict policy', async () => {
  const own = `localhost:${rig.port}`;
  for (const [path, host, status] of [
    ['/', own, 200],
    ['/sw.js', own, 200],
    ['/assets/gate-1.js', own, 200],
    ['/healthz', own, 200],
    ['/metrics', own, 200],
    ['/nothing', own, 404],
    ['/hub/downlink', own, 403],
    ['/settings/api/session', own, 403],
    ['/', 'evil.example', 421],
    ['/', `127.0.0.1:${rig.port}`, 308],
  ] as const) {
    const answer = await raw(rig.port, path, { Host: host });
    expect([path, answer.status]).toEqual([path, status]);
    expectStrict(answer.headers, path);
  }
});

test('every page and every refusal of the hub carries the strict policy', async () => {
  const own = `127.0.0.1:${t.hub.port}`;
  for (const [path, host, status] of [
    ['/clinic', own, 200],
    ['/assets/clinic-1.js', own, 200],
    ['/healthz', own, 200],
    ['/metrics', own, 200],
    ['/hub/openapi.json', own, 200],
    ['/', own, 302],
    ['/nothing', own, 404],
    ['/hub/referrals', own, 401],
    ['/clinic', 'evil.example', 421],
  ] as const) {
    const answer = await raw(t.hub.port, path, { Host: host });
    expect([path, answer.status]).toEqual([path, status]);
    expectStrict(answer.headers, path);
  }
});

test('no page has inline script or style, no source writes raw HTML or runs text', () => {
  const files = (folder: string) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(root, folder, name));
  const html = ['index.html', ...files('src').filter((name) => name.endsWith('.html'))];
  expect(html.length).toBeGreaterThan(3);
  for (const path of html) {
    const text = readFileSync(path.startsWith('/') ? path : join(root, path), 'utf8');
    expect(text, path).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\son\w+\s*=|\sstyle\s*=|javascript:/i);
  }
  const raw =
    /dangerouslySetInnerHTML|\b(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function\(|\bsrcdoc\b/;
  const sources = files('src').filter((name) => /\.tsx?$/.test(name));
  expect(sources.length).toBeGreaterThan(50);
  expect(sources.filter((path) => raw.test(readFileSync(path, 'utf8')))).toEqual([]);
});
