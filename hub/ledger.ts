// This hub process as a writer: its own entries (what staff do) and its feed rows, numbered one transaction at a time.
// Called by everything that changes a case, an order, the roster or the policy.
import { randomBytes } from 'node:crypto';
import type { FeedEvent } from '../src/contracts/downlink.ts';
import { campusDay } from '../src/domain/campus-day.ts';
import { canonicalJson } from '../src/domain/canonical-json.ts';
import { genesisHash, hashOf } from '../src/domain/chain.ts';
import type { Entry, EntryBody } from '../src/domain/entry.ts';
import { uuidV4, uuidV7 } from '../src/domain/uuid.ts';
import { inTransaction, type Pool, type Tx } from './database.ts';
import type { Feed, FeedRow } from './feed.ts';

export type Clock = { nowMs(): number; monoMs(): number };
export type Audience = Pick<FeedRow, 'audience' | 'target'>;

/** What a transaction leaves behind: entries of this hub and events of its feed, in the order they were told. */
export type Books = {
  append(body: EntryBody): void;
  tell(audience: Audience, event: FeedEvent): void;
};

export type Ledger = {
  processId: string;
  /** Runs `work` in a transaction, alone in this process; its books are committed with it and then told live. */
  exclusive<T>(work: (tx: Tx, books: Books) => Promise<T>): Promise<T>;
};

export const toAll: Audience = { audience: 'all', target: null };
/** All stations but this one, and whoever else listens to all. */
export const toOthers = (stationId: string): Audience => ({ audience: 'all', target: stationId });
export const toClinic: Audience = { audience: 'clinic', target: null };
export const toStation = (stationId: string): Audience => ({ audience: 'station', target: stationId });
export const toCampus = (campus: string): Audience => ({ audience: 'campus', target: campus });

/** A ledger with a writer of its own; its first entry, a `writer-start`, is written with the first that follows. */
export function openLedger(pool: Pool, feed: Feed, clock: Clock): Ledger {
  const processId = randomBytes(6).toString('hex');
  const writerId = uuidV4(randomBytes(16));
  const station = `hub-${processId}`;
  let end = { seq: 0, hash: genesisHash(writerId) };
  let fed = 0;
  /** After a failure the commit may have happened all the same: then the numbers are read anew. */
  let sure = true;
  let last: Promise<unknown> = Promise.resolve();

  async function readEnds(tx: Tx): Promise<void> {
    const entries = await tx.query<{ seq: number; hash: string }>(
      'select seq, hash from entries where writer_id = $1 order by seq desc limit 1',
      [writerId],
    );
    end = entries.rows[0] ?? { seq: 0, hash: genesisHash(writerId) };
    const heads = await tx.query<{ n: number }>('select n from feed_heads where process_id = $1', [processId]);
    // Without a row nothing is known to be told, or all of it is no longer kept: the numbers go on all the same.
    fed = heads.rows[0]?.n ?? fed;
  }

  function newEntry(body: EntryBody, before: typeof end) {
    const nowMs = clock.nowMs();
    const head = {
      v: 1 as const,
      station,
      wallMs: nowMs,
      monoMs: clock.monoMs(),
      hubOffsetMs: 0,
      day: campusDay(nowMs),
    };
    const entry: Entry = { ...head, onDuty: null, ...body };
    const bytes = canonicalJson(entry);
    const caseId = body.kind === 'transition' ? body.caseId : null;
    const hash = hashOf(before.hash, bytes);
    return {
      entryId: uuidV7(nowMs, randomBytes(10)),
      seq: before.seq + 1,
      hash,
      bytes,
      kind: body.kind,
      caseId,
      nowMs,
    };
  }

  async function run<T>(work: (tx: Tx, books: Books) => Promise<T>): Promise<T> {
    const done = await inTransaction(pool, async (tx) => {
      if (!sure) await readEnds(tx);
      const bodies: EntryBody[] = [];
      const rows: FeedRow[] = [];
      const from = fed;
      const result = await work(tx, {
        append: (body) => bodies.push(body),
        tell: (audience, event) =>
          rows.push({ ...audience, process_id: processId, n: from + rows.length + 1, event: JSON.stringify(event) }),
      });
      let next = end;
      if (bodies.length > 0 && end.seq === 0) bodies.unshift({ kind: 'writer-start', cause: 'process', before: null });
      for (const body of bodies) {
        const made = newEntry(body, next);
        await insertOwn(tx, writerId, station, made);
        next = made;
      }
      if (rows.length > 0) await insertFeed(tx, rows, clock.nowMs());
      return { result, rows, end: { seq: next.seq, hash: next.hash } };
    }).catch((error: unknown) => {
      sure = false;
      throw error;
    });
    sure = true;
    end = done.end;
    fed = done.rows.at(-1)?.n ?? fed;
    feed.publish(done.rows);
    return done.result;
  }

  return {
    processId,
    exclusive(work) {
      const mine = last.then(
        () => run(work),
        () => run(work),
      );
      last = mine;
      return mine;
    },
  };
}

async function insertOwn(
  tx: Tx,
  writerId: string,
  station: string,
  made: {
    entryId: string;
    seq: number;
    hash: string;
    bytes: string;
    kind: string;
    caseId: string | null;
    nowMs: number;
  },
): Promise<void> {
  await tx.query(
    `insert into writers (writer_id, station_id, owner_id, watermark, top_seq, first_seen_ms) values ($1, $2, $2, $3, $3, $4)
     on conflict (writer_id) do update set watermark = excluded.watermark, top_seq = excluded.top_seq`,
    [writerId, station, made.seq, made.nowMs],
  );
  await tx.query(
    `insert into entries (writer_id, seq, entry_id, hash, bytes, station_id, kind, case_id, wall_ms, received_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
    [writerId, made.seq, made.entryId, made.hash, made.bytes, station, made.kind, made.caseId, made.nowMs],
  );
}

async function insertFeed(tx: Tx, rows: readonly FeedRow[], nowMs: number): Promise<void> {
  await tx.query(
    `insert into feed (process_id, n, at_ms, audience, target, event)
     select process_id, n, $2, audience, target, event
     from json_to_recordset($1::json) as r (process_id text, n bigint, audience text, target text, event text)`,
    [JSON.stringify(rows), nowMs],
  );
  const last = rows.at(-1);
  await tx.query(
    `insert into feed_heads (process_id, n) values ($1, $2) on conflict (process_id) do update set n = excluded.n`,
    [last?.process_id, last?.n],
  );
}
