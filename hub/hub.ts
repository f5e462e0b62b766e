// Composition of a hub: database, ledger, feed, HTTP. `startHub` is called by main.ts, by the command line and by tests.

import { readFile } from 'node:fs/promises';
import { createServer as createPlain } from 'node:http';
import { createServer as createTls } from 'node:https';
import { type ServerType, serve } from '@hono/node-server';
import { type Logger, pino } from 'pino';
import { campusDay, startOfDayMs } from '../src/domain/campus-day.ts';
import { makeSignIn } from './auth.ts';
import { openBase, type Storage } from './base.ts';
import type { Pool } from './database.ts';
import { watchDrift } from './drift.ts';
import { startFeed } from './feed.ts';
import { limits as feedLimits, pruneFeed } from './feed-keep.ts';
import { HeadElsewhere, makeHead } from './heads.ts';
import { hostsOf, isLoopback } from './hosts.ts';
import { makeApp } from './http.ts';
import { type Clock, type Ledger, openLedger } from './ledger.ts';
import { makeMetrics } from './metrics.ts';
import { fillNameKeys } from './name-keys.ts';
import { sweepOrders } from './orders.ts';
import { loadPages } from './pages.ts';
import { sweepPermits } from './permits.ts';
import { makeCampusRounds } from './round-campus.ts';
import { forgetGateReadings } from './round-marks.ts';
import { makeSheets } from './round-sheets.ts';
import { advanceSeals } from './seals.ts';
import { cliTexts } from './texts.ts';
import { createPermits } from './upload-permits.ts';
import { eraseVisitors } from './visitors.ts';

export const limits = {
  sweepMs: 60_000,
  drainMs: 3_000,
  drainStepMs: 20,
  headersMs: 20_000,
  headLateMs: 600_000,
} as const;

export type HubOptions = Storage & {
  /** 0 = any free port. */
  port: number;
  host: string;
  /** Names under which it may be asked besides its own (HUB_NAMES), lower-case or not. */
  names?: readonly string[];
  /** Folder of the built pages; null = no pages. */
  pagesDir: string | null;
  /** Certificate and key as files; without them only loopback is served. */
  tls?: { certFile: string; keyFile: string };
  log?: Logger;
  clock?: Clock;
  /** Folder of the log's key and of the heads file; without it this hub makes no heads. */
  headsDir?: string;
  /** Days for which the feed's rows are kept; FEED_DAYS. */
  feedDays?: number;
};
export type Hub = {
  url: string;
  port: number;
  databaseDir: string | null;
  pool: Pool;
  ledger: Ledger;
  stop(): Promise<void>;
};

export const systemClock: Clock = { nowMs: () => Date.now(), monoMs: () => Math.floor(performance.now()) };

/** Starts a hub and answers when it listens. Throws with a sentence when it must not or cannot. */
export async function startHub(options: HubOptions): Promise<Hub> {
  const log = options.log ?? pino({ level: 'silent' });
  const clock = options.clock ?? systemClock;
  if (options.tls === undefined && !isLoopback(options.host)) throw new Error(cliTexts.needTls(options.host));
  const certificate = options.tls === undefined ? null : await readFile(options.tls.certFile, 'utf8');
  const hosts = hostsOf({ bound: options.host, given: options.names ?? [], certificate });
  const base = await openBase(options, log);
  const { pool, embedded } = base;
  const feed = await startFeed(pool, log, clock.nowMs);
  const ledger = openLedger(pool, feed, clock);
  const permits = createPermits();
  const metrics = makeMetrics(feed.clients, permits.waiting);
  const pages = options.pagesDir === null ? new Map() : await loadPages(options.pagesDir);
  const secure = options.tls !== undefined;
  const app = makeApp({
    pool,
    ledger,
    feed,
    clock,
    log,
    metrics,
    pages,
    signIn: makeSignIn(pool),
    sheets: makeSheets(pool, clock.monoMs),
    campusRounds: makeCampusRounds(pool, clock.monoMs),
    secure,
    hosts,
    permits,
  });
  const sweepAll = async () => {
    await sweepQuietly(ledger, pool, clock, log);
    await nameQuietly(pool, log);
    if (options.headsDir !== undefined) await headQuietly(pool, options.headsDir, clock, log);
  };
  const sweep = setInterval(() => {
    void sweepAll();
    void watchQuietly(ledger, pool, clock, log);
    void keepQuietly(pool, options.feedDays ?? feedLimits.days.usual, clock, log);
  }, limits.sweepMs);
  let server: ServerType;
  try {
    await sweepAll();
    server = await listen(app.fetch, options);
  } catch (error) {
    clearInterval(sweep);
    feed.stop();
    // A server that was running before belongs to another hub: it stays.
    await base.close(embedded !== null && !embedded.found);
    throw error;
  }
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : options.port;
  const shown =
    options.host === '0.0.0.0' || options.host === '127.0.0.1' || options.host === '::1' ? 'localhost' : options.host;
  let stopped: Promise<void> | null = null;
  const stop = async () => {
    clearInterval(sweep);
    feed.stop();
    await closeServer(server);
    await base.close(true);
    log.info('stopped');
  };
  log.info({ port, embedded: embedded !== null, processId: ledger.processId }, 'listening');
  return {
    url: `${secure ? 'https' : 'http'}://${shown}:${port}/`,
    port,
    databaseDir: embedded?.dataDir ?? null,
    pool,
    ledger,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** The sweep is due again in a minute: a database that is away then is told, not fatal. */
async function sweepQuietly(ledger: Ledger, pool: Pool, clock: Clock, log: Logger): Promise<void> {
  try {
    const ended = await sweepOrders(ledger, clock);
    await sweepPermits(ledger, clock);
    await eraseVisitors(pool, clock.nowMs());
    if (ended > 0) log.info({ ended }, 'orders ran out');
  } catch (error) {
    log.warn({ reason: error instanceof Error ? error.message : 'unknown' }, 'orders could not be swept');
  }
}

/** Whoever was stored by an older hub is found by letters from now on. */
async function nameQuietly(pool: Pool, log: Logger): Promise<void> {
  try {
    const filled = await fillNameKeys(pool);
    if (filled > 0) log.info({ filled }, 'names were read');
  } catch (error) {
    log.warn({ reason: error instanceof Error ? error.message : 'unknown' }, 'names could not be read');
  }
}

/** As for orders: what could not be counted now is counted in a minute. */
async function watchQuietly(ledger: Ledger, pool: Pool, clock: Clock, log: Logger): Promise<void> {
  try {
    const alarms = await watchDrift(ledger, pool, clock);
    if (alarms > 0) log.warn({ alarms }, 'thermometers drift');
  } catch (error) {
    log.warn({ reason: error instanceof Error ? error.message : 'unknown' }, 'drift could not be looked at');
  }
}

/** What stations may forget, and what the feed no longer keeps; the rest is done in a minute. */
async function keepQuietly(pool: Pool, feedDays: number, clock: Clock, log: Logger): Promise<void> {
  try {
    const sealed = await advanceSeals(pool, clock.nowMs());
    const gone = await pruneFeed(pool, clock.nowMs() - feedDays * 86_400_000);
    await forgetGateReadings(pool, clock.nowMs());
    if (sealed > 0 || gone > 0) log.info({ sealed, gone }, 'entries sealed, old feed rows gone');
  } catch (error) {
    log.warn({ reason: error instanceof Error ? error.message : 'unknown' }, 'retention could not be looked at');
  }
}

/** The head of yesterday, once; what hinders it is told and tried again in a minute. */
async function headQuietly(pool: Pool, headsDir: string, clock: Clock, log: Logger): Promise<void> {
  const today = campusDay(clock.nowMs());
  try {
    const made = await makeHead(pool, headsDir, clock.nowMs(), 'due');
    if (made !== null) log.info({ day: made.day, size: made.size, log: made.log }, 'head signed');
  } catch (error) {
    // The hub that has the key makes it within a minute of the day's end.
    if (error instanceof HeadElsewhere && (!error.due || clock.nowMs() - startOfDayMs(today) < limits.headLateMs))
      return;
    log.error({ reason: error instanceof Error ? error.message : 'unknown' }, 'the head could not be made');
  }
}

async function listen(fetch: Parameters<typeof serve>[0]['fetch'], options: HubOptions): Promise<ServerType> {
  const common = { fetch, port: options.port, hostname: options.host };
  const tls =
    options.tls === undefined
      ? null
      : {
          cert: await readFile(options.tls.certFile),
          key: await readFile(options.tls.keyFile),
          minVersion: 'TLSv1.2' as const,
        };
  return new Promise((done, fail) => {
    const server: ServerType =
      tls === null
        ? serve({ ...common, createServer: createPlain, serverOptions: { headersTimeout: limits.headersMs } }, () =>
            done(server),
          )
        : serve(
            { ...common, createServer: createTls, serverOptions: { ...tls, headersTimeout: limits.headersMs } },
            () => done(server),
          );
    server.once('error', fail);
  });
}

/** Lets running requests end, closes each connection as it falls idle, and cuts what still hangs. */
function closeServer(server: ServerType): Promise<void> {
  return new Promise((done) => {
    const startedMs = performance.now();
    const sweep = setInterval(() => {
      const isOver = performance.now() - startedMs > limits.drainMs;
      if (isOver && 'closeAllConnections' in server) server.closeAllConnections();
      else if ('closeIdleConnections' in server) server.closeIdleConnections();
    }, limits.drainStepMs);
    server.close(() => {
      clearInterval(sweep);
      done();
    });
  });
}
