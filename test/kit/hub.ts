// A real hub on a real embedded PostgreSQL for tests: `startTestHub()`. Used by test/hub and by end-to-end tests.
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { type Hub, type HubOptions, startHub } from '../../hub/hub.ts';
import type { Clock } from '../../hub/ledger.ts';
import type { Role } from '../../hub/roles.ts';
import { addStation, putStaff } from '../../hub/staff.ts';
import { type FeedEvent, feedEvent } from '../../src/contracts/downlink.ts';
import type { UploadAnswer } from '../../src/contracts/upload.ts';
import { campusDay } from '../../src/domain/campus-day.ts';
import { canonicalJson } from '../../src/domain/canonical-json.ts';
import { genesisHash, hashOf } from '../../src/domain/chain.ts';
import type { CheckBody, Entry, EntryBody, Envelope } from '../../src/domain/entry.ts';
import { uuidV7 } from '../../src/domain/uuid.ts';
import { fillState } from './state-template.ts';

export type TestStation = { id: string; token: string; campus: string };
export type Answer = { status: number; body: unknown; headers: Headers };

export type TestHub = {
  hub: Hub;
  /** Ends with a slash. */
  url: string;
  /** Empty on a database of somebody else's. */
  stateDir: string;
  clock: Clock & { addMs(ms: number): void };
  /** A station of campus `beijing` that is there from the start. */
  station: TestStation;
  addStation(campus?: string): Promise<TestStation>;
  /** A cookie header of a new member of staff with this role. */
  signIn(role: Role): Promise<string>;
  /** GET without a body, POST with one unless `method` says otherwise; staff calls carry the hub's own origin. */
  call(
    path: string,
    options?: {
      cookie?: string;
      token?: string;
      method?: string;
      body?: unknown;
      raw?: BodyInit;
      headers?: Record<string, string>;
    },
  ): Promise<Answer>;
  upload(
    station: TestStation,
    writer: TestWriter,
    entries: readonly unknown[],
    more?: { receiptedSeq?: number; epoch?: string | null },
  ): Promise<UploadAnswer>;
  /** The embedded database as its owner, who may do what the hub may not. */
  ownerUrl(): Promise<string>;
  /** Asks the embedded database as its owner, each statement alone. */
  asOwner(...statements: string[]): Promise<void>;
  stop(): Promise<void>;
};

/** Starts one; `stop` ends the hub and its database and removes the state folder. */
export async function startTestHub(
  options: Partial<HubOptions> & { databaseUrl?: string; stateDir?: string } = {},
): Promise<TestHub> {
  let shiftMs = 0;
  const clock = {
    nowMs: () => Date.now() + shiftMs,
    monoMs: () => Math.floor(performance.now()),
    addMs(ms: number) {
      shiftMs += ms;
    },
  };
  const { databaseUrl, ...rest } = options;
  const stateDir = options.stateDir ?? (databaseUrl === undefined ? await mkdtemp(join(tmpdir(), 'mengang-hub-')) : '');
  if (stateDir !== '' && options.stateDir === undefined) await fillState('hub', stateDir, makeState);
  const storage = databaseUrl === undefined ? { stateDir } : { databaseUrl };
  const hub = await startHub({
    port: 0,
    host: '127.0.0.1',
    pagesDir: null,
    log: pino({ level: 'silent' }),
    clock,
    ...rest,
    ...storage,
  });

  const newStation = async (campus = 'beijing'): Promise<TestStation> => {
    const added = await addStation(hub.pool, { name: 'North gate', campus, code: null }, clock.nowMs());
    return { id: added.stationId, token: added.token, campus };
  };
  const call: TestHub['call'] = async (path, given = {}) => {
    const body = given.raw ?? (given.body === undefined ? undefined : JSON.stringify(given.body));
    const headers: Record<string, string> = { origin: hub.url.slice(0, -1), ...given.headers };
    if (given.cookie !== undefined) headers.cookie = given.cookie;
    if (given.token !== undefined) headers.authorization = `Bearer ${given.token}`;
    const method = given.method ?? (body === undefined ? 'GET' : 'POST');
    const answer = await fetch(new URL(path, hub.url), {
      method,
      headers,
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    const json = answer.headers.get('content-type')?.includes('json') ?? false;
    return { status: answer.status, body: json ? JSON.parse(text) : text, headers: answer.headers };
  };
  const ownerUrl = async () => {
    const notes = JSON.parse(await readFile(join(stateDir, 'database.json'), 'utf8'));
    return `postgres://mengang:${notes.password}@127.0.0.1:${notes.port}/mengang`;
  };
  return {
    hub,
    url: hub.url,
    stateDir,
    clock,
    station: await newStation(),
    addStation: newStation,
    call,
    async signIn(role) {
      const name = `${role} ${randomBytes(4).toString('hex')}`;
      const password = randomBytes(12).toString('hex');
      await putStaff(hub.pool, { name, role, password, once: false, pin: null }, clock.nowMs());
      const answer = await call('hub/session', { body: { name, password } });
      const cookie = answer.headers.get('set-cookie')?.split(';')[0];
      if (answer.status !== 200 || cookie === undefined) throw new Error(`sign-in failed: ${answer.status}`);
      return cookie;
    },
    async upload(station, writer, entries, more = {}) {
      const body = { contract: 1, writerId: writer.writerId, receiptedSeq: 0, epoch: null, entries, ...more };
      const answer = await call('hub/entries', { token: station.token, body });
      if (answer.status !== 200) throw new Error(`upload refused: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body as UploadAnswer;
    },
    ownerUrl,
    async asOwner(...statements) {
      const client = new pg.Client({ connectionString: await ownerUrl() });
      await client.connect();
      try {
        for (const statement of statements) await client.query(statement);
      } finally {
        await client.end();
      }
    },
    async stop() {
      await hub.stop();
      if (stateDir !== '') await rm(stateDir, { recursive: true, force: true });
    },
  };
}

/** A cluster of its own with all migrations, as the first start of a hub leaves it. */
async function makeState(stateDir: string): Promise<void> {
  const log = pino({ level: 'silent' });
  await (await startHub({ port: 0, host: '127.0.0.1', pagesDir: null, log, stateDir })).stop();
}

/** A station's writer: makes envelopes with a right chain. */
export class TestWriter {
  readonly writerId = randomUUID();
  readonly stationId: string;
  #seq = 0;
  #hash = genesisHash(this.writerId);

  constructor(stationId: string) {
    this.stationId = stationId;
  }

  /** The next envelope of this writer. */
  write(body: EntryBody, head: Partial<Entry> = {}): Envelope {
    const wallMs = head.wallMs ?? Date.now();
    const base = {
      v: 1 as const,
      station: this.stationId,
      wallMs,
      monoMs: 1_000,
      hubOffsetMs: 0,
      day: campusDay(wallMs),
      onDuty: null,
    };
    const bytes = canonicalJson({ ...base, ...body, ...head });
    this.#seq++;
    this.#hash = hashOf(this.#hash, bytes);
    return {
      entryId: uuidV7(Date.now(), randomBytes(10)),
      writerId: this.writerId,
      seq: this.#seq,
      hash: this.#hash,
      bytes,
    };
  }

  /** `count` admissions in a row. */
  admissions(count: number): Envelope[] {
    return Array.from({ length: count }, () => this.write(checkBody({})));
  }
}

/** A check that admits; give what differs. */
export function checkBody(given: Partial<CheckBody>): CheckBody {
  return {
    kind: 'check',
    passageId: randomUUID(),
    direction: 'in',
    card: null,
    personId: null,
    verdict: 'admit',
    reason: 'normal',
    shownTenths: 365,
    raisesCase: false,
    caseNo: null,
    readings: [],
    tries: 1,
    policyVersion: 0,
    ambientTenths: 220,
    baselineTenths: null,
    rosterVersion: 1,
    orderDay: null,
    ...given,
  };
}

/** A referral of this person with 37.6. */
export function feverBody(personId: string | null): CheckBody {
  return checkBody({
    personId,
    verdict: 'refer',
    reason: 'fever',
    shownTenths: 376,
    raisesCase: true,
    caseNo: 'G01-0001',
  });
}

export type ReadEvent = { cursor: string; event: FeedEvent };

/** Reads a feed until `enough` says so (or 5 s went by); heartbeats are left out of what it gives unless `beats`. */
export async function readFeed(
  url: string,
  who: { cookie?: string; token?: string; cursor?: string; lastEventId?: string; beats?: boolean },
  enough: (events: readonly ReadEvent[]) => boolean,
  onOpen: () => Promise<void> = async () => undefined,
): Promise<ReadEvent[]> {
  const aborter = new AbortController();
  const headers: Record<string, string> = {};
  if (who.cookie !== undefined) headers.cookie = who.cookie;
  if (who.token !== undefined) headers.authorization = `Bearer ${who.token}`;
  if (who.lastEventId !== undefined) headers['last-event-id'] = who.lastEventId;
  const target = new URL('hub/feed', url);
  if (who.cursor !== undefined) target.searchParams.set('cursor', who.cursor);
  const answer = await fetch(target, { headers, signal: aborter.signal });
  if (answer.status !== 200 || answer.body === null)
    throw new Error(`feed refused: ${answer.status} ${await answer.text()}`);
  const timer = setTimeout(() => aborter.abort(new Error('the feed said too little in 5 s')), 5_000);
  const events: ReadEvent[] = [];
  let rest = '';
  let opened = false;
  try {
    const decoder = new TextDecoder();
    for await (const chunk of answer.body) {
      rest += decoder.decode(chunk, { stream: true });
      const blocks = rest.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const cursor = /^id: (.*)$/m.exec(block)?.[1] ?? '';
        const event = feedEvent.parse(JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? 'null'));
        if (event.topic !== 'heartbeat' || who.beats) events.push({ cursor, event });
      }
      if (!opened) {
        opened = true;
        await onOpen();
      }
      if (enough(events)) return events;
    }
    throw new Error('the feed ended');
  } finally {
    clearTimeout(timer);
    aborter.abort();
  }
}
