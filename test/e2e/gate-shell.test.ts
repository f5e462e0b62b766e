// The app shell of the built gate page: it opens with the bridge away, and page and scripts always come from one build.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Browser, openChromium } from '../kit/chromium.ts';
import { root } from '../kit/programs.ts';

const pages = join(root, 'dist', 'pages');
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** `newBuild`: another worker; `page`: what stands in the place of the page, in a build of its own. */
type Served = { newBuild: boolean; page: string | null; asked: string[] };

/** Somebody is signed in to the settings, where there is nothing else. */
const settingsAnswers: Record<string, unknown> = {
  '/settings/api/session': {
    ...{ contract: 1, station: { name: 'gate', code: 'G03', campus: 'beijing' }, guards: [], leftMs: 900_000 },
    signedIn: { staffId: 'g1', name: 'guard' },
  },
  '/settings/api/live': { monoMs: 0, leftMs: 900_000, devices: [], taps: [] },
};

/** The built files, without a bridge behind them. */
function fileServer(port: number, state: Served): Promise<Server> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://gate').pathname;
    state.asked.push(path);
    if (path in settingsAnswers) return void response.end(JSON.stringify(settingsAnswers[path]));
    const file = join(pages, path === '/' ? 'index.html' : path);
    if (!existsSync(file) || path.endsWith('/')) {
      if (path !== '/') {
        response.writeHead(path.startsWith('/hub/') ? 502 : 404).end();
        return;
      }
    }
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
    const body = readFileSync(file);
    if (state.page !== null && path === '/') return void response.end(state.page);
    if (state.page !== null && path === '/sw.js')
      return void response.end(
        body.toString().replace(/"\/","revision":"[^"]*"/, `"/","revision":"${state.page.length}"`),
      );
    response.end(state.newBuild && path === '/sw.js' ? Buffer.concat([body, Buffer.from('\n// another build')]) : body);
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

const close = (server: Server) =>
  new Promise<void>((done) => {
    server.closeAllConnections();
    server.close(() => done());
  });

let folder: string;
let browser: Browser;
let server: Server;
let state: Served;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mengang-shell-'));
  state = { newBuild: false, page: null, asked: [] };
  server = await fileServer(0, state);
  browser = await openChromium(folder);
});
afterEach(async () => {
  await browser.close();
  await close(server);
  rmSync(folder, { recursive: true, force: true });
});

it('opens the gate with the bridge away, says so, and never caches what is live', async () => {
  const { page } = browser;
  const { port } = server.address() as AddressInfo;
  const address = `http://localhost:${port}/`;
  await page.goto(address);
  await page.locator('main').waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await page.reload();
  await page.locator('main').waitFor();
  const cached = await page.evaluate(async () => {
    const names = await caches.keys();
    const lists = await Promise.all(
      names.map(async (name) => (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)),
    );
    return { names, paths: lists.flat() };
  });
  expect(cached.names).toHaveLength(1);
  expect(cached.paths).toContain('/');
  expect(
    cached.paths.filter((path) => path.startsWith('/hub') || path === '/device' || /clinic|simulator/.test(path)),
  ).toEqual([]);

  await close(server);
  await page.reload();
  await page.locator('main[data-screen="trouble"]').waitFor({ timeout: 15_000 });
  expect(await page.getByTestId('code').textContent()).toBe('E-40');
});

it('lets a new build wait while the page is open, and keeps the old cache until then', async () => {
  const { page } = browser;
  const { port } = server.address() as AddressInfo;
  await page.goto(`http://localhost:${port}/`);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await page.reload();
  await page.locator('main').waitFor();
  const before = await page.evaluate(() => caches.keys());
  state.newBuild = true;
  const waits = await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
    for (let look = 0; look < 100 && registration.waiting === null; look++)
      await new Promise((done) => setTimeout(done, 100));
    return {
      waiting: registration.waiting !== null,
      activeIsController: registration.active === navigator.serviceWorker.controller,
    };
  });
  expect(waits).toEqual({ waiting: true, activeIsController: true });
  expect(await page.evaluate(() => caches.keys())).toEqual(before);
});

/** The waiting version takes over, and the page is loaded anew. Asked again and again, as the page does: once is not always heard. */
async function takeOver(page: Browser['page']): Promise<void> {
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
    setInterval(() => registration.waiting?.postMessage({ type: 'SKIP_WAITING' }), 200);
  });
}

it('loads a page anew that was open before there was an app shell, when nobody has been at the gate for ten minutes', async () => {
  const { page } = browser;
  const { port } = server.address() as AddressInfo;
  await page.clock.install();
  await page.goto(`http://localhost:${port}/`);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  const isControlled = () => page.evaluate(() => navigator.serviceWorker.controller !== null);
  await page.clock.runFor(60_000);
  expect(await isControlled()).toBe(false);
  await page.clock.runFor(600_000);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.locator('main').waitFor();
});

it('takes a new build at once when a person asks for it in the settings, and says what came of it', async () => {
  const { page } = browser;
  const { port } = server.address() as AddressInfo;
  const gate = `http://localhost:${port}`;
  const ask = async (said: string) => {
    await page.getByTestId('update-now').click();
    await page.locator(`[data-testid="update-said"][data-is="${said}"]`).waitFor();
  };
  await page.goto(gate);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await page.goto(`${gate}/src/settings/settings.html#post`);
  await ask('newest');
  state.newBuild = true;
  await ask('taken');
  const standing = await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration('/');
    return [registration?.active?.state, registration?.waiting];
  });
  expect(standing).toEqual(['activated', null]);
  await ask('newest');
  await close(server);
  await ask('no-answer');
});

// On a busy machine about one run in ten waits in vain for the browser to bring the new worker in; why is not known (docs/decisions.md, 31).
it('goes back to the build before after two starts of a bad one, and takes the next good one', {
  retry: 3,
}, async () => {
  const { page } = browser;
  const { port } = server.address() as AddressInfo;
  await page.goto(`http://localhost:${port}/`);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await page.reload();
  await page.locator('main').waitFor();
  const [entry] = /\/assets\/gate-[^/"]*\.js/.exec(readFileSync(join(pages, 'index.html'), 'utf8')) ?? [];
  state.page = `<!doctype html><p>bad build</p><!-- ${entry} -->`;
  await takeOver(page);
  await page.getByText('bad build').waitFor();
  await page.reload();
  await page.getByText('bad build').waitFor();
  for (let start = 0; start < 2; start++) {
    await page.reload();
    await page.locator('main').waitFor();
  }
  // The next build is good: it says so at its first start, and then stays, however often it is loaded.
  state.page = `${readFileSync(join(pages, 'index.html'), 'utf8')}<!-- the next build -->`;
  await takeOver(page);
  const isNext = () => page.waitForFunction(() => document.lastChild?.textContent === ' the next build ');
  await isNext();
  for (let start = 0; start < 4; start++) {
    await page.locator('main').waitFor();
    await page.waitForFunction(async () => (await caches.keys()).length === 1);
    await page.reload();
    await isNext();
  }
});
