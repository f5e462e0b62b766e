// The app shell of the built rounds page: a new build waits while a round is half done, and is taken, with nothing lost, once nobody
// has been at the tablet for ten minutes.
import { mkdtempSync, rmSync } from 'node:fs';
import { request as ask, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { importRoster } from '../../hub/roster-import.ts';
import { campusDay, startOfDayMs } from '../../src/domain/campus-day.ts';
import type { Browser } from '../kit/chromium.ts';
import { startTestHub, type TestHub } from '../kit/hub.ts';
import { root, until } from '../kit/programs.ts';
import { openTablet } from '../kit/tablet.ts';

let hub: TestHub;
let folder: string;
let server: Server;
let tablet: Browser;
let isNewBuild = false;

/** The hub as it is, but for the worker's list of files, of which another build has another. */
function inFrontOf(hubUrl: string): Promise<Server> {
  const { host, hostname, port, origin } = new URL(hubUrl);
  const front = createServer((request, response) => {
    const isWorker = request.url === '/rounds-sw.js';
    const headers = { ...request.headers, host, ...(request.headers.origin === undefined ? {} : { origin }) };
    const { method, url: path } = request;
    const asked = ask({ hostname, port, method, path, headers }, (answer) => {
      if (!isWorker || !isNewBuild) {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        return;
      }
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        const script = Buffer.concat(parts).toString();
        const other = script.replace(/"revision":"\w+"/, '"revision":"0000000000000000"');
        // Without a list to change there is no other build to test with.
        response
          .writeHead(other === script ? 500 : 200, { 'content-type': 'text/javascript', 'cache-control': 'no-cache' })
          .end(other);
      });
    });
    asked.on('error', () => response.destroy());
    request.pipe(asked);
  });
  return new Promise((resolve) => front.listen(0, '127.0.0.1', () => resolve(front)));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mengang-rounds-shell-'));
  hub = await startTestHub({ pagesDir: join(root, 'dist', 'pages') });
  // 07:00: the middle of the early round.
  hub.clock.addMs(startOfDayMs(campusDay(Date.now())) + 7 * 3_600_000 - Date.now());
  const rows = Array.from(
    { length: 8 },
    (_, n) => `A${n + 1},测试${n + 1},本科生,计算机学院,A楼 10${1 + Math.floor(n / 4)}-${1 + (n % 4)},on-campus`,
  );
  const csv = Buffer.from(`personId,name,category,unit,room,presence\n${rows.join('\n')}`);
  await importRoster(hub.hub.ledger, csv, { file: 'x', by: 'test', acceptValidRows: false });
  server = await inFrontOf(hub.url);
});
afterAll(async () => {
  await tablet?.close();
  server?.closeAllConnections();
  server?.close();
  await hub?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * A browser that is watched never lets an idle worker rest, and a worker that is awake keeps the next one out for five minutes: here it is
 * put to rest by hand, as any other browser does after some seconds.
 */
const rest = async () => {
  const watch = await tablet.context.newCDPSession(tablet.page);
  await watch.send('ServiceWorker.enable');
  await watch.send('ServiceWorker.stopAllWorkers');
  await watch.detach();
};
const shell = () =>
  tablet.page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    return { waits: registration.waiting !== null, caches: await caches.keys(), isSamePage: 'before' in window };
  });

it('a new build waits while a round is half done, and is taken once the tablet has been left alone', async () => {
  const { port } = server.address() as AddressInfo;
  tablet = await openTablet(hub, {
    ...{ folder: join(folder, 'profile'), name: 'Anna', places: ['A楼'], url: `http://localhost:${port}/` },
    // Ten minutes pass at once.
    prepare: ({ page }) => page.clock.install({ time: Date.now() }),
  });
  const { page } = tablet;
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  // The page of the first registration takes no update: from here on it comes from its worker.
  await page.reload();
  await page.locator('[data-testid="bed-line"]').waitFor();
  await page.evaluate(() => {
    Object.assign(window, { before: true });
  });
  for (const key of '3 6 4 Enter 3 6 5 Enter 3 6'.split(' ')) await page.keyboard.press(key);
  await page.locator('[data-testid="connection"][data-unsent="0"]').waitFor();
  const first = await shell();
  expect(first).toMatchObject({ waits: false, isSamePage: true });
  expect(first.caches).toHaveLength(1);

  isNewBuild = true;
  await page.evaluate(() => navigator.serviceWorker.ready.then((one) => one.update()).then(() => undefined));
  await until('the new build waits', async () => (await shell()).waits);
  // Half a value: however long nobody types on, the build waits.
  await page.clock.fastForward('15:00');
  await page.clock.fastForward('00:31');
  await rest();
  expect(await shell()).toMatchObject({ waits: true, isSamePage: true });
  expect(await page.locator('[data-testid="value"]').innerText()).toBe('36');

  // The value is entered, and the manager goes on to the next floor: not ten minutes yet.
  await page.keyboard.press('6');
  await page.keyboard.press('Enter');
  await page.locator('[data-testid="connection"][data-unsent="0"]').waitFor();
  await page.clock.fastForward('09:00');
  await rest();
  expect(await shell()).toMatchObject({ waits: true, isSamePage: true });

  await page.clock.fastForward('01:31');
  await rest();
  await until('the page is of the new build', async () => {
    try {
      const now = await shell();
      return !now.waits && !now.isSamePage && now.caches.length === 1 && now.caches[0] !== first.caches[0];
    } catch {
      // The page is just being loaded anew.
      return false;
    }
  });
  // The round stands where it stood.
  await page.locator('[data-testid="bed-line"][data-person="A4"]').waitFor();
  expect(await page.locator('[data-testid="missing"]').innerText()).toBe('未测 5 / 8');
  for (const key of '3 6 7 Enter'.split(' ')) await page.keyboard.press(key);
  await page.locator('[data-testid="bed-line"][data-person="A5"]').waitFor();
  await page.locator('[data-testid="connection"][data-unsent="0"]').waitFor();
});
