// The rows that run inside a page: a plain Chromium on a profile on disk, nothing attached to it, posts its figures here.
// Called by main.ts.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import * as z from 'zod';
import { chromiumArgs } from '../../test/kit/chromium.ts';
import { startTestHub } from '../../test/kit/hub.ts';
import { root } from '../../test/kit/programs.ts';
import type { Row } from '../table.ts';

const limits = { rowMs: 900_000 } as const;

const answer = z.union([
  z.object({
    figures: z.array(z.object({ name: z.string(), medianMs: z.number(), p99Ms: z.number(), rounds: z.number() })),
  }),
  z.object({ error: z.string() }),
]);
type Figures = Extract<z.infer<typeof answer>, { figures: unknown }>['figures'];

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

async function textOf(message: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of message) text += piece;
  return text;
}

/** Forwards as a bridge does: the body as it is, the station's token added. */
function forward(from: IncomingMessage, to: ServerResponse, hub: { url: string; token: string }): void {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${hub.token}` };
  const out = request(new URL(from.url ?? '/', hub.url), { method: from.method, headers }, (back) => {
    to.writeHead(back.statusCode ?? 502, { 'content-type': back.headers['content-type'] ?? 'text/plain' });
    back.pipe(to);
  });
  out.on('error', (error) => to.writeHead(502).end(error.message));
  from.pipe(out);
}

/** Runs one row of bench/page in a fresh Chromium; `hub` where the row needs one. */
async function runInPage(row: string, hub: { url: string; token: string; stationId: string } | null): Promise<Figures> {
  const profile = await mkdtemp(join(tmpdir(), 'mengang-bench-'));
  let settle: (text: string) => void = () => undefined;
  const result = new Promise<string>((resolve) => {
    settle = resolve;
  });
  const server = createServer(async (asked, reply) => {
    const path = new URL(asked.url ?? '/', 'http://localhost').pathname;
    if (path === '/bench/result') {
      settle(await textOf(asked));
      reply.end();
    } else if (path.startsWith('/hub/') && hub !== null) forward(asked, reply, hub);
    else {
      const file = join(root, 'dist', 'bench', path === '/' ? 'index.html' : path);
      const body = await readFile(file).catch(() => null);
      if (body === null) reply.writeHead(404).end();
      else reply.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(body);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the page has no port');
  const url = `http://localhost:${address.port}/?row=${row}&station=${hub?.stationId ?? ''}`;
  const browser = spawn(
    process.env.CHROMIUM ?? '/usr/bin/chromium',
    [...chromiumArgs, '--headless=new', `--user-data-dir=${profile}`, url],
    { stdio: 'ignore' },
  );
  const gone = new Promise<never>((_, reject) => {
    browser.once('error', reject);
    browser.once('exit', (code) => reject(new Error(`Chromium ended with ${code}`)));
    setTimeout(() => reject(new Error(`row ${row}: no figures within ${limits.rowMs} ms`)), limits.rowMs).unref();
  });
  try {
    const heard = answer.parse(JSON.parse(await Promise.race([result, gone])));
    if ('error' in heard) throw new Error(`row ${row}: ${heard.error}`);
    return heard.figures;
  } finally {
    gone.catch(() => undefined); // it ends because we end it
    const ended = new Promise((resolve) => browser.once('exit', resolve));
    browser.kill('SIGKILL');
    if (browser.exitCode === null) await ended;
    server.closeAllConnections();
    server.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

const of = (figures: Figures, name: string): number => {
  const found = figures.find((one) => one.name.startsWith(name));
  if (found === undefined) throw new Error(`no figure of ${name}`);
  return found.medianMs;
};
const linesOf = (figures: Figures) =>
  figures.map(({ name, medianMs, p99Ms, rounds }) => ({
    name,
    value: medianMs,
    unit: 'ms',
    note: `p99 ${p99Ms.toPrecision(3)}, ${rounds} rounds`,
  }));

export async function storeRow(): Promise<Row> {
  const figures = await runInPage('store', null);
  const ours = of(figures, 'Mengang');
  return {
    name: 'store',
    title: 'Store one record durably, in the page',
    lines: linesOf(figures),
    goals: [
      { what: 'of raw IndexedDB strict', ratio: ours / of(figures, 'raw IndexedDB, strict'), most: 1.3 },
      { what: 'of workbox-background-sync', ratio: ours / of(figures, 'workbox'), most: 0.85 },
    ],
  };
}

export async function rosterRow(): Promise<Row> {
  const figures = await runInPage('roster', null);
  return {
    name: 'roster',
    title: 'Roster of 50,000 ready after a start',
    lines: linesOf(figures),
    goals: [{ what: 'of getAll into a Map', ratio: of(figures, 'Mengang') / of(figures, 'getAll'), most: 1 / 8 }],
  };
}

export async function drainRow(): Promise<Row> {
  const hub = await startTestHub();
  try {
    const { id, token } = hub.station;
    const figures = await runInPage('drain', { url: hub.url, token, stationId: id });
    const ours = of(figures, 'Mengang');
    return {
      name: 'drain',
      title: 'Drain 10,000 records to the hub with PostgreSQL',
      lines: linesOf(figures),
      goals: [
        { what: 'of the bare requests', ratio: ours / of(figures, 'bare'), most: 1.5 },
        { what: 'times workbox-background-sync', ratio: of(figures, 'workbox') / ours, least: 100 },
      ],
    };
  } finally {
    await hub.stop();
  }
}
