// A station that has not reached its hub for a month: fills the bridge's journal and the page's store with entries that wait.
// Called by the soak of the queue and by its short version in test/e2e.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Page } from 'playwright';
import { lineOf } from '../../device/journal-line.ts';
import { campusDay } from '../../src/domain/campus-day.ts';
import { canonicalJson } from '../../src/domain/canonical-json.ts';
import { genesisHash } from '../../src/domain/chain.ts';
import type { EntryBody } from '../../src/domain/entry.ts';
import { uuidV7 } from '../../src/domain/uuid.ts';
import type { Campus } from './campus.ts';
import { chromiumArgs, testChromium } from './chromium.ts';
import { checkBody } from './hub.ts';
import { until } from './programs.ts';

export const limits = {
  monthMs: 30 * 86_400_000,
  chunkEntries: 4_000,
  everyReferral: 5_000,
  /** The browser's store is at rest when none of its files has changed for so long. */
  restMs: 5_000,
  restTimeoutMs: 300_000,
} as const;

export type LongQueue = { writerId: string; entries: number; referrals: number };

/**
 * Writes `entries` waiting entries of one earlier writer, of which each `everyReferral`-th raises a case, over the month before
 * now. The gate page must have been open once on this profile and be closed; the bridge is stopped here and started again.
 */
export async function fillQueue(
  campus: Campus,
  entries: number,
  everyReferral: number = limits.everyReferral,
): Promise<LongQueue> {
  await campus.bridge.stop();
  const config: { stationToken: string } = JSON.parse(await readFile(join(campus.folder, 'gate.config.json'), 'utf8'));
  const station = `st-${createHash('sha256').update(config.stationToken).digest('hex').slice(0, 12)}`;
  const dir = join(campus.folder, 'bridge', 'journal');
  const segment = join(dir, await nextSegment(dir));
  const queue = await writeJournal(segment, station, entries, everyReferral);
  await fillPage(campus, segment, everyReferral);
  await campus.startBridge();
  return queue;
}

async function nextSegment(dir: string): Promise<string> {
  const last =
    (await readdir(dir))
      .filter((name) => name.endsWith('.journal'))
      .sort()
      .at(-1) ?? '000000';
  return `${String(Number(last.slice(0, 6)) + 1).padStart(6, '0')}-${campusDay(Date.now())}.journal`;
}

async function writeJournal(path: string, station: string, entries: number, everyReferral: number): Promise<LongQueue> {
  const writerId = randomUUID();
  const startMs = Date.now() - limits.monthMs;
  const stream = createWriteStream(path, { mode: 0o600 });
  let hash = genesisHash(writerId);
  let referrals = 0;
  for (let seq = 1; seq <= entries; seq++) {
    const wallMs = Math.floor(startMs + (seq * limits.monthMs) / (entries + 1));
    const raises = seq % everyReferral === 0;
    if (raises) referrals += 1;
    const bytes = canonicalJson({ ...headOf(station, wallMs), ...(seq === 1 ? startBody : passageBody(seq, raises)) });
    hash = createHash('sha256').update(hash, 'hex').update(bytes, 'utf8').digest('hex');
    const line = lineOf({ entryId: uuidV7(wallMs, randomBytes(10)), writerId, seq, hash, bytes });
    if (!stream.write(line)) await new Promise<void>((drained) => stream.once('drain', drained));
  }
  stream.end();
  await finished(stream);
  return { writerId, entries, referrals };
}

const startBody: EntryBody = { kind: 'writer-start', cause: 'first', before: null };

function headOf(station: string, wallMs: number) {
  return {
    v: 1 as const,
    station,
    wallMs,
    monoMs: wallMs % 1_000_000,
    hubOffsetMs: null,
    day: campusDay(wallMs),
    onDuty: null,
  };
}

/** One person and one reading of three samples, as a gate writes it; nobody who is on the roster. */
function passageBody(seq: number, raises: boolean): EntryBody {
  const body = raises ? 3_740 : 3_650;
  return checkBody({
    personId: `M${String(seq % 20_000).padStart(6, '0')}`,
    card: { uid: seq.toString(16).toUpperCase().padStart(10, '0'), printed: null },
    ...(raises ? { verdict: 'refer', reason: 'fever', shownTenths: 374, raisesCase: true, caseNo: `G03-${seq}` } : {}),
    readings: [
      {
        ...{ centiCelsius: body, site: 'forehead', mode: 'object', method: 'infrared', manual: false, typedBy: null },
        ...{ deviceId: 'thermometer', offsetCentiCelsius: 120, ageMs: 40, samples: [] },
        samples: [240, 140, 40].map((age) => [age, body - 120, body, 2_200]),
      },
    ],
  });
}

/** Puts the journal's lines into the page's own store, as unsent, through a page of the same origin that is not the gate's. */
async function fillPage(campus: Campus, segment: string, everyReferral: number): Promise<void> {
  const file = await open(segment, 'r');
  const server = createServer((request, response) => {
    if (request.url === '/lines') file.createReadStream({ start: 0, autoClose: false }).pipe(response);
    else response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>fill</title>');
  });
  const { port } = new URL(campus.gateUrl);
  await new Promise<void>((up) => server.listen(Number(port), '127.0.0.1', up));
  const context = await chromium.launchPersistentContext(join(campus.folder, 'gate-profile'), {
    executablePath: testChromium,
    headless: true,
    args: chromiumArgs,
    serviceWorkers: 'block',
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(campus.gateUrl);
    await storeLines(page, everyReferral);
    // What comes over a month is long compacted by the next start; here it came within minutes.
    await atRest(join(campus.folder, 'gate-profile', 'Default', 'IndexedDB'));
  } finally {
    await context.close();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    await file.close();
  }
}

/** Resolves when nothing in `folder` has changed for `limits.restMs`. */
async function atRest(folder: string): Promise<void> {
  let before = '';
  let since = Date.now();
  await until(
    "the browser's store is at rest",
    async () => {
      await sleep(500);
      const names = await readdir(folder, { recursive: true });
      const sizes = await Promise.all(
        names.map((name) =>
          stat(join(folder, name)).then(
            ({ size }) => size,
            () => 0,
          ),
        ),
      );
      const now = names
        .map((name, at) => `${name} ${sizes[at]}`)
        .sort()
        .join();
      if (now !== before) since = Date.now();
      before = now;
      return Date.now() - since >= limits.restMs;
    },
    limits.restTimeoutMs,
  );
}

function storeLines(page: Page, everyReferral: number): Promise<void> {
  return page.evaluate(
    async ({ chunk, every }) => {
      const opened = indexedDB.open('mengang');
      const db = await new Promise<IDBDatabase>((done, failed) => {
        opened.onsuccess = () => done(opened.result);
        opened.onerror = () => failed(opened.error);
        // Only the gate page may make its store: otherwise this would test a schema of its own.
        opened.onupgradeneeded = () => failed(new Error('the gate page has not been open on this profile'));
      });
      const store = (lines: string[]) =>
        new Promise<void>((done, failed) => {
          const tx = db.transaction(['entries', 'unsent'], 'readwrite', { durability: 'relaxed' });
          for (const line of lines) {
            const entry = JSON.parse(line.slice(9));
            const born = Number.parseInt(entry.entryId.slice(0, 8) + entry.entryId.slice(9, 13), 16);
            const waits =
              entry.seq % every === 0 ? [0, -born, entry.writerId, entry.seq] : [1, entry.writerId, entry.seq];
            tx.objectStore('entries').add(entry);
            const { entryId, writerId, seq } = entry;
            tx.objectStore('unsent').add({ entryId, writerId, seq }, waits);
          }
          tx.oncomplete = () => done();
          tx.onerror = () => failed(tx.error);
        });
      const body = (await fetch('/lines')).body;
      if (body === null) throw new Error('no lines');
      const reader = body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      let lines: string[] = [];
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        const parts = (rest + value).split('\n');
        rest = parts.pop() ?? '';
        for (const line of parts) lines.push(line);
        if (lines.length < chunk) continue;
        await store(lines);
        lines = [];
      }
      if (lines.length > 0) await store(lines);
      db.close();
    },
    { chunk: limits.chunkEntries, every: everyReferral },
  );
}
