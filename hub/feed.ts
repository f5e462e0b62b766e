// The live feed: rows of the feed table, told at once inside this process and within 250 ms across processes, to every
// subscriber from its own cursor on, without loss or repetition. Called by hub.ts, ledger.ts and the feed's route.
import type { Logger } from 'pino';
import { limits as downlinkLimits, type FeedEvent } from '../src/contracts/downlink.ts';
import type { Db, Pool } from './database.ts';
import { type Cursor, retired, textOfCursor } from './feed-cursor.ts';
import { Refusal } from './refusal.ts';

export const limits = {
  pollMs: 250,
  page: 1_000,
  clientQueue: 1_024,
  /** Open feeds of one station: its page in a few windows, and the ones before it whose end nobody told. */
  perStation: 8,
  /** Open feeds of one sign-in: it may stand on every board of a campus. */
  perSession: 1_200,
  /** Open feeds of all together. */
  clients: 4_000,
  retryAfterS: 5,
} as const;

export type FeedRow = {
  process_id: string;
  n: number;
  audience: 'all' | 'clinic' | 'station' | 'campus';
  target: string | null;
  /** The event's JSON: made once, sent to everybody. */
  event: string;
};

/** Whether who listens still may, asked at every heartbeat: a session ends, a station is revoked. */
export type StillMay = () => Promise<boolean>;

/** Who listens: a station hears of its campus and its own cases, the clinic of every case. `session` names the sign-in. */
export type Listener = { kind: 'station'; stationId: string; campus: string } | { kind: 'clinic'; session: string };

type Subscriber = {
  listener: Listener;
  cursor: Cursor;
  /** Live rows that wait until the rows before them have been read; null = live. */
  waiting: FeedRow[] | null;
  stillMay: StillMay;
  send(text: string): void;
  close(): void;
};

/** What holds already, told first to a listener without a cursor. */
export type Standing = () => Promise<FeedEvent[]>;

export type Feed = {
  /** Rows of this process whose transaction has just committed. */
  publish(rows: readonly FeedRow[]): void;
  /**
   * Server-sent events from `cursor` on; null = from now on. The first event is a heartbeat that carries the cursor. Ends the
   * oldest of a station or session that has its share. Throws 503 when the hub has all that it can hold.
   */
  open(listener: Listener, cursor: Cursor | null, standing?: Standing, stillMay?: StillMay): ReadableStream<Uint8Array>;
  clients(): number;
  stop(): void;
};

/** Cursor of everything that is committed now. Read it before what it shall go on from. */
export async function headOf(db: Db): Promise<Cursor> {
  const heads = await db.query<{ process_id: string; n: number }>(
    'select process_id, n from feed_heads order by process_id',
  );
  return new Map(heads.rows.map((row) => [row.process_id, row.n]));
}

/** Starts the poll. `nowMs` is the hub's wall clock for heartbeats. */
export async function startFeed(pool: Pool, log: Logger, nowMs: () => number): Promise<Feed> {
  const subscribers = new Set<Subscriber>();
  const known = await headOf(pool);
  const encoder = new TextEncoder();
  let polling = false;
  let away = false;

  const tell = (row: FeedRow) => {
    if (row.n <= (known.get(row.process_id) ?? 0)) return;
    known.set(row.process_id, row.n);
    for (const subscriber of subscribers) {
      if (subscriber.waiting !== null) subscriber.waiting.push(row);
      else offer(subscriber, row);
    }
  };

  /** Who is live has heard all of those that have gone; who still reads of the past begins anew when it comes back. */
  const noteRetired = (heads: Cursor) => {
    const n = heads.get(retired);
    if (n === undefined || n === known.get(retired)) return;
    known.set(retired, n);
    for (const { cursor, waiting } of subscribers) {
      if (waiting !== null) continue;
      dropGone(cursor, heads);
      cursor.set(retired, n);
    }
  };

  async function poll(): Promise<void> {
    if (polling) return;
    polling = true;
    try {
      const heads = await headOf(pool);
      for (const [processId, n] of heads) await eachRow(pool, processId, known.get(processId) ?? 0, n, tell);
      noteRetired(heads);
      away = false;
    } catch (error) {
      if (!away) log.warn({ reason: error instanceof Error ? error.message : 'unknown' }, 'the feed cannot be read');
      away = true;
    } finally {
      polling = false;
    }
  }

  const pollTimer = setInterval(() => void poll(), limits.pollMs);
  const beatTimer = setInterval(() => {
    for (const subscriber of subscribers) {
      if (subscriber.waiting === null) beat(subscriber, nowMs());
      void look(subscriber);
    }
  }, downlinkLimits.heartbeatMs);

  /** Lets go of who may hear no more; while the database is away nobody is judged. */
  async function look(subscriber: Subscriber): Promise<void> {
    if (!(await subscriber.stillMay().catch(() => true))) subscriber.close();
  }

  /** A gate that reconnects is never refused for its own sake: what it left behind makes room. */
  function makeRoom(listener: Listener): void {
    const own = [...subscribers].filter((subscriber) => keyOf(subscriber.listener) === keyOf(listener));
    if (own.length >= (listener.kind === 'station' ? limits.perStation : limits.perSession)) own[0]?.close();
    if (subscribers.size >= limits.clients) throw new Refusal(503, 'hub-busy', [], limits.retryAfterS);
  }

  async function catchUp(subscriber: Subscriber, fresh: boolean, standing: Standing | undefined): Promise<void> {
    const heads = await headOf(pool);
    if (fresh) for (const [processId, n] of heads) subscriber.cursor.set(processId, n);
    else dropGone(subscriber.cursor, heads);
    beat(subscriber, nowMs());
    for (const event of (fresh && (await standing?.())) || []) {
      subscriber.send(`id: ${textOfCursor(subscriber.cursor)}\ndata: ${JSON.stringify(event)}\n\n`);
    }
    for (const [processId, n] of heads) {
      await eachRow(pool, processId, subscriber.cursor.get(processId) ?? 0, n, (row) => {
        offer(subscriber, row);
        return subscribers.has(subscriber);
      });
      // Let go meanwhile: it comes back with the cursor of what it was given.
      if (!subscribers.has(subscriber)) return;
    }
    for (const row of subscriber.waiting ?? []) offer(subscriber, row);
    subscriber.waiting = null;
  }

  return {
    publish(rows) {
      const first = rows[0];
      if (first === undefined) return;
      if (first.n === (known.get(first.process_id) ?? 0) + 1) for (const row of rows) tell(row);
      else void poll();
    },
    open(listener, cursor, standing, stillMay = async () => true) {
      makeRoom(listener);
      let subscriber: Subscriber;
      return new ReadableStream<Uint8Array>(
        {
          start(controller) {
            const close = (error?: unknown): void => {
              if (!subscribers.delete(subscriber)) return;
              if (error === undefined) controller.close();
              else controller.error(error);
            };
            subscriber = {
              listener,
              cursor: new Map(cursor ?? []),
              waiting: [],
              stillMay,
              close,
              send(text) {
                if (!subscribers.has(subscriber)) return;
                // A reader too slow for its queue is let go: it comes back with its cursor and misses nothing.
                if ((controller.desiredSize ?? 0) <= 0) close();
                else controller.enqueue(encoder.encode(text));
              },
            };
            subscribers.add(subscriber);
            catchUp(subscriber, cursor === null, standing).catch(close);
          },
          cancel() {
            subscribers.delete(subscriber);
          },
        },
        { highWaterMark: limits.clientQueue },
      );
    },
    clients: () => subscribers.size,
    stop() {
      clearInterval(pollTimer);
      clearInterval(beatTimer);
      for (const subscriber of subscribers) subscriber.close();
    },
  };
}

function keyOf(listener: Listener): string {
  return listener.kind === 'station' ? `station ${listener.stationId}` : `session ${listener.session}`;
}

/** Processes of which no row is kept leave the cursor, so that it does not grow for ever. */
function dropGone(cursor: Cursor, heads: Cursor): void {
  for (const processId of cursor.keys()) if (!heads.has(processId)) cursor.delete(processId);
}

/** Sends a row once, to whom it concerns; the cursor moves past every row. */
function offer(subscriber: Subscriber, row: FeedRow): void {
  if (row.n <= (subscriber.cursor.get(row.process_id) ?? 0)) return;
  subscriber.cursor.set(row.process_id, row.n);
  if (concerns(subscriber.listener, row)) {
    subscriber.send(`id: ${textOfCursor(subscriber.cursor)}\ndata: ${row.event}\n\n`);
  }
}

function beat(subscriber: Subscriber, nowMs: number): void {
  const event: FeedEvent = { topic: 'heartbeat', hubNowMs: nowMs };
  subscriber.send(`id: ${textOfCursor(subscriber.cursor)}\ndata: ${JSON.stringify(event)}\n\n`);
}

function concerns(listener: Listener, row: FeedRow): boolean {
  switch (row.audience) {
    case 'all':
      return listener.kind !== 'station' || listener.stationId !== row.target;
    case 'clinic':
      return listener.kind === 'clinic';
    case 'station':
      return listener.kind === 'station' && listener.stationId === row.target;
    case 'campus':
      return listener.kind === 'station' && listener.campus === row.target;
    default:
      return row.audience satisfies never;
  }
}

/** In order, a page at a time; ends early when `use` answers false. */
async function eachRow(
  pool: Pool,
  processId: string,
  after: number,
  upTo: number,
  use: (row: FeedRow) => unknown,
): Promise<void> {
  for (let from = after; from < upTo; ) {
    const page = await pool.query<FeedRow>(
      'select process_id, n, audience, target, event from feed where process_id = $1 and n > $2 order by n limit $3',
      [processId, from, limits.page],
    );
    for (const row of page.rows) if (use(row) === false) return;
    const last = page.rows.at(-1);
    if (last === undefined) return;
    from = last.n;
  }
}
