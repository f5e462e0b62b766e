// The hub's log and its daily heads: a leaf for each writer that has moved and each key that has changed, an RFC 6962 root over
// all of them, signed as a checkpoint. Called by the hub's sweep, the command line and GET /hub/heads.
import { createHash, randomBytes } from 'node:crypto';
import type { HeadLine } from '../src/contracts/evidence.ts';
import { addDays, campusDay } from '../src/domain/campus-day.ts';
import { type Leaf, leafText } from '../src/domain/evidence.ts';
import { consistencyProof, growingTree, leafHash } from '../src/domain/merkle.ts';
import { hexOf } from '../src/domain/sha256.ts';
import { checkpointText } from '../src/domain/signed-note.ts';
import { type Db, inTransaction, type Pool, type Tx } from './database.ts';
import { headSigner } from './head-key.ts';
import { bringFileUpToDate } from './heads-file.ts';
import { cliTexts } from './texts.ts';

export const limits = { page: 5_000 } as const;

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
export const originOf = (log: string): string => `mengang/hub/${log}`;

/** This hub must not sign: the log has the key of another. `due`: the head of a day that has ended is wanting. */
export class HeadElsewhere extends Error {
  readonly due: boolean;
  constructor(folder: string, due: boolean) {
    super(cliTexts.headElsewhere(folder));
    this.name = 'HeadElsewhere';
    this.due = due;
  }
}

/**
 * Makes a head and adds it to the file. `due`: the closed head of yesterday, null when it is there already; `now`: an open
 * head of today (after that of yesterday, if it was due); `new-log`: the same in a log of its own, for when the old one's key is
 * lost. Throws HeadElsewhere where another hub's key signs this log, and what the database or the file system throws.
 */
export async function makeHead(
  pool: Pool,
  folder: string,
  nowMs: number,
  why: 'due' | 'now' | 'new-log',
): Promise<HeadLine | null> {
  const signer = await headSigner(folder);
  const today = campusDay(nowMs);
  const made = await inTransaction(pool, async (tx) => {
    const log = await currentLog(tx, nowMs, why === 'new-log');
    const last = await lastHead(tx, log);
    const yesterday = addDays(today, -1);
    // A head of days to come was made by a clock that was ahead: it closes none of ours.
    const isOurs = last !== null && last.day <= addDays(today, 1);
    const isClosed = isOurs && (last.day > yesterday || (last.day === yesterday && last.closed));
    // A log has one key from its first head on: stations pin it, and would call a second one a forged history.
    if (last !== null && last.vkey !== signer.vkey(originOf(log))) return new HeadElsewhere(folder, !isClosed);
    const first = isClosed ? null : await sealDay(tx, { log, nowMs, signer, day: yesterday, closed: true });
    if (why === 'due') return first;
    return sealDay(tx, { log, nowMs, signer, day: today, closed: false });
  });
  await bringFileUpToDate(pool, folder);
  if (made instanceof HeadElsewhere) throw made;
  return made;
}

type Sealing = {
  log: string;
  nowMs: number;
  signer: Awaited<ReturnType<typeof headSigner>>;
  day: string;
  closed: boolean;
};

async function sealDay(tx: Tx, sealing: Sealing): Promise<HeadLine> {
  const { log, nowMs, signer, day, closed } = sealing;
  await addLeaves(tx, log);
  const tree = growingTree(sha256);
  for await (const leaf of leavesOf(tx, log)) tree.add(leafHash(Buffer.from(leaf, 'utf8'), sha256));
  const origin = originOf(log);
  const extra = [`day ${day} ${closed ? 'closed' : 'open'}`, `made ${nowMs}`];
  const note = signer.note(origin, checkpointText({ origin, size: tree.size(), root: tree.root(), extra }));
  const vkey = signer.vkey(origin);
  const rows = await tx.query<{ number: number }>(
    `insert into heads (log_id, number, size, day, closed, made_ms, vkey, note)
     select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7 from heads where log_id = $1 returning number`,
    [log, tree.size(), day, closed, nowMs, vkey, note],
  );
  const number = rows.rows[0]?.number ?? 0;
  return { kind: 'head', log, number, size: tree.size(), day, closed, madeMs: nowMs, vkey, note };
}

/** The log of the present epoch, locked until the transaction ends; a new epoch begins a new one. */
async function currentLog(tx: Tx, nowMs: number, fresh: boolean): Promise<string> {
  // The one row of meta is the lock: two hubs that find no log must not make two.
  const meta = await tx.query<{ epoch: string }>('select epoch from meta for update');
  const epoch = meta.rows[0]?.epoch ?? '';
  const there = await tx.query<{ log_id: string; epoch: string }>(
    'select log_id, epoch from head_logs order by created_ms desc, log_id desc limit 1',
  );
  const newest = there.rows[0];
  if (!fresh && newest !== undefined && newest.epoch === epoch) return newest.log_id;
  const log = randomBytes(8).toString('hex');
  // Behind every other, whatever the clock says now: the newest log is the one that is signed.
  await tx.query(
    `insert into head_logs (log_id, epoch, created_ms)
     select $1, $2, greatest($3::bigint, max(created_ms) + 1) from head_logs`,
    [log, epoch, nowMs],
  );
  return log;
}

async function lastHead(db: Db, log: string): Promise<{ day: string; closed: boolean; vkey: string } | null> {
  const rows = await db.query<{ day: string; closed: boolean; vkey: string }>(
    'select day, closed, vkey from heads where log_id = $1 order by number desc limit 1',
    [log],
  );
  return rows.rows[0] ?? null;
}

/** Appends what has changed since the last head, in an order that any hub would choose. */
async function addLeaves(tx: Tx, log: string): Promise<void> {
  const keys = await tx.query<{
    subject: string;
    state: 'good' | 'ended';
    station: string;
    keyId: string;
    key: string;
  }>(
    `select 'key ' || key_id as subject, station_id as station, key_id as "keyId", public_key as key,
       case when ended_ms is null then 'good' else 'ended' end as state
     from station_keys left join head_marks on log_id = $1 and subject = 'key ' || key_id
     where mark is distinct from case when ended_ms is null then 'good' else 'ended' end order by key_id`,
    [log],
  );
  const writers = await tx.query<{ subject: string; writer: string; station: string; seq: number; hash: string }>(
    `select 'writer ' || w.writer_id as subject, w.writer_id as writer, coalesce(w.owner_id, w.station_id) as station, e.seq, e.hash
     from writers w left join head_marks m on m.log_id = $1 and m.subject = 'writer ' || w.writer_id
     cross join lateral (
       select seq, hash from entries where writer_id = w.writer_id and seq <= w.watermark order by seq desc limit 1) e
     where w.watermark > coalesce(m.mark, '0')::bigint and e.seq > coalesce(m.mark, '0')::bigint
     order by w.writer_id`,
    [log],
  );
  const leaves: { subject: string; mark: string; leaf: Leaf }[] = [
    ...keys.rows.map(({ subject, state, station, keyId, key }) => ({
      ...{ subject, mark: state },
      leaf: { kind: 'key' as const, station, keyId, publicKey: key, state },
    })),
    ...writers.rows.map(({ subject, ...writer }) => ({
      ...{ subject, mark: String(writer.seq) },
      leaf: { kind: 'writer' as const, ...writer },
    })),
  ];
  if (leaves.length === 0) return;
  const size = await tx.query<{ size: number }>('select count(*) as size from head_leaves where log_id = $1', [log]);
  const from = size.rows[0]?.size ?? 0;
  const rows = leaves.map(({ subject, mark, leaf }, at) => ({ n: from + at, s: subject, m: mark, l: leafText(leaf) }));
  await tx.query(
    `insert into head_leaves (log_id, n, leaf) select $2, n, l from json_to_recordset($1::json) as r (n bigint, l text)`,
    [JSON.stringify(rows), log],
  );
  await tx.query(
    `insert into head_marks (log_id, subject, mark) select $2, s, m from json_to_recordset($1::json) as r (s text, m text)
     on conflict (log_id, subject) do update set mark = excluded.mark`,
    [JSON.stringify(rows), log],
  );
}

/** Leaf texts of a log in their order, from `from` on, a page at a time. */
export async function* leavesOf(db: Db, log: string, from = 0): AsyncGenerator<string> {
  for (let next = from; ; ) {
    const rows = await db.query<{ leaf: string }>(
      'select leaf from head_leaves where log_id = $1 and n >= $2 order by n limit $3',
      [log, next, limits.page],
    );
    for (const { leaf } of rows.rows) yield leaf;
    next += rows.rows.length;
    if (rows.rows.length < limits.page) return;
  }
}

const columns = `log_id as log, number, size, day, closed, made_ms as "madeMs", vkey, note`;

/** Heads of a log with a number above `after`, in order. */
export async function headsOf(db: Db, log: string, after = 0): Promise<HeadLine[]> {
  const rows = await db.query<Omit<HeadLine, 'kind'>>(
    `select ${columns} from heads where log_id = $1 and number > $2 order by number`,
    [log, after],
  );
  return rows.rows.map((row) => ({ kind: 'head', ...row }));
}

/** The newest head of all logs, and the proof (hex) that the tree of `size` leaves of `log` is its beginning. */
export async function newestHead(
  db: Db,
  log: string | null,
  size: number,
): Promise<{ head: HeadLine | null; proof: string[] | null }> {
  const rows = await db.query<Omit<HeadLine, 'kind'>>(
    `select ${columns} from heads join head_logs using (log_id) order by created_ms desc, log_id desc, number desc limit 1`,
  );
  const row = rows.rows[0];
  if (row === undefined) return { head: null, proof: null };
  const head: HeadLine = { kind: 'head', ...row };
  if (log !== head.log || size < 1 || size > head.size) return { head, proof: null };
  const hashes: Uint8Array[] = [];
  for await (const leaf of leavesOf(db, head.log)) hashes.push(leafHash(Buffer.from(leaf, 'utf8'), sha256));
  return { head, proof: consistencyProof(size, hashes.slice(0, head.size), sha256).map(hexOf) };
}
