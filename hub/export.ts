// Writes an export for the auditor: every chain of the asked days with signatures, keys and heads, no name of anybody. Streams a
// page at a time from one snapshot. Called by export-main.ts and by tests.
import { createHash } from 'node:crypto';
import type { ExportLine } from '../src/contracts/evidence.ts';
import { endOfDayMs, startOfDayMs } from '../src/domain/campus-day.ts';
import { leafOf } from '../src/domain/evidence.ts';
import type { Pool, Tx } from './database.ts';
import { writeWholeFile } from './folder.ts';
import { headsOf, leavesOf } from './heads.ts';

export const limits = { page: 500, writersPage: 1_000, heldChars: 65_536 } as const;

export type Days = { from: string; to: string };
type Write = (line: string) => Promise<void>;
type Put = (line: ExportLine) => Promise<void>;
/** How far the heads before the asked days, the first one of them, and those up to their end had seen a writer. */
type Seen = { writers: Map<string, { before: number; first: number; upTo: number }>; isHeaded: boolean };

/** Writes every line (each ended by a line feed) and answers how many entries there are. Throws what the database throws. */
export async function writeExport(pool: Pool, days: Days, nowMs: number, write: Write): Promise<number> {
  const sum = createHash('sha256');
  let lines = 0;
  const put: Put = async (line) => {
    const text = `${JSON.stringify(line)}\n`;
    sum.update(text);
    lines += 1;
    await write(text);
  };
  const client = await pool.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query('set local statement_timeout = 0');
    const meta = await client.query<{ epoch: string }>('select epoch from meta');
    const { from, to } = days;
    const epoch = meta.rows[0]?.epoch ?? '';
    await put({ kind: 'export', format: 'mengang/export/v1', from, to, madeMs: nowMs, epoch });
    await putStations(client, put);
    const seen = await putLogs(client, days, put);
    const entries = await putWriters(client, days, seen, put);
    await client.query('commit');
    await put({ kind: 'end', lines, entries, sha256: sum.copy().digest('hex') });
    return entries;
  } finally {
    client.release(true);
  }
}

/** The same into FILE (0600), whole and on the disk or not at all: an older FILE stays as it was. Throws what the file system throws. */
export async function exportTo(pool: Pool, days: Days, nowMs: number, path: string): Promise<number> {
  return writeWholeFile(path, async (file) => {
    let held = '';
    const entries = await writeExport(pool, days, nowMs, async (line) => {
      held += line;
      if (held.length < limits.heldChars) return;
      await file.writeFile(held);
      held = '';
    });
    await file.writeFile(held);
    return entries;
  });
}

async function putStations(tx: Tx, put: Put): Promise<void> {
  const stations = await tx.query<{ station: string; code: string; campus: string; revokedMs: number | null }>(
    'select station_id as station, code, campus, revoked_ms as "revokedMs" from stations order by station_id',
  );
  for (const row of stations.rows) await put({ kind: 'station', ...row });
  const keys = await tx.query<{
    station: string;
    keyId: string;
    publicKey: string;
    source: string;
    createdMs: number;
    endedMs: number | null;
  }>(
    `select station_id as station, key_id as "keyId", public_key as "publicKey", source, created_ms as "createdMs",
       ended_ms as "endedMs" from station_keys order by key_id`,
  );
  for (const row of keys.rows) await put({ kind: 'key', ...row });
}

async function putLogs(tx: Tx, days: Days, put: Put): Promise<Seen> {
  const seen: Seen = { writers: new Map(), isHeaded: false };
  const logs = await tx.query<{ log: string; epoch: string; createdMs: number }>(
    'select log_id as log, epoch, created_ms as "createdMs" from head_logs order by created_ms, log_id',
  );
  for (const row of logs.rows) {
    await put({ kind: 'log', ...row });
    let n = 0;
    for (const head of await headsOf(tx, row.log)) {
      for await (const leaf of leavesOf(tx, row.log, n)) {
        if (n >= head.size) break;
        await put({ kind: 'leaf', log: row.log, n, leaf });
        n += 1;
        const read = leafOf(leaf);
        if (read?.kind !== 'writer' || head.day > days.to) continue;
        const there = seen.writers.get(read.writer) ?? { before: 0, first: read.seq, upTo: 0 };
        if (head.day < days.from) there.before = Math.max(there.before, read.seq);
        there.upTo = Math.max(there.upTo, read.seq);
        seen.writers.set(read.writer, there);
      }
      if (head.day < days.from) seen.isHeaded = true;
      await put(head);
    }
  }
  return seen;
}

async function putWriters(tx: Tx, days: Days, seen: Seen, put: Put): Promise<number> {
  let entries = 0;
  const writers = await tx.query<{
    writer: string;
    station: string;
    owner: string | null;
    watermark: number;
    top: number;
    low: number | null;
    high: number | null;
  }>(
    `select w.writer_id as writer, w.station_id as station, w.owner_id as owner, w.watermark, w.top_seq as top, r.low, r.high
     from writers w left join (
       select writer_id, min(seq) as low, max(seq) as high from entries
       where received_ms >= $1 and received_ms < $2 group by writer_id) r using (writer_id)
     order by w.writer_id`,
    [startOfDayMs(days.from), endOfDayMs(days.to)],
  );
  for (const { low, high, ...writer } of writers.rows) {
    const told = seen.writers.get(writer.writer) ?? { before: 0, first: 0, upTo: 0 };
    const to = Math.max(high ?? 0, told.upTo > told.before ? told.upTo : 0);
    // From where the auditor misses what is not here: behind the last head before these days, or the first of them if there is none.
    const known =
      told.before > 0 || seen.isHeaded ? told.before : told.first > 0 ? told.first : Number.POSITIVE_INFINITY;
    const owed = known + 1;
    const from = Math.min(low ?? (told.before > 0 ? owed : 1), owed);
    const holds = to >= from && to > 0;
    const before = holds && from > 1 ? await hashAt(tx, writer.writer, from - 1) : null;
    await put({ kind: 'writer', ...writer, from: holds ? from : null, to: holds ? to : null, before });
    if (holds) entries += await putChain(tx, writer.writer, from, to, put);
  }
  return entries;
}

async function hashAt(tx: Tx, writer: string, seq: number): Promise<string | null> {
  const rows = await tx.query<{ hash: string }>('select hash from entries where writer_id = $1 and seq = $2', [
    writer,
    seq,
  ]);
  return rows.rows[0]?.hash ?? null;
}

/** Page by page: what was signed and what holds a place without an entry first, then the entries of the same places. */
async function putChain(tx: Tx, writer: string, from: number, to: number, put: Put): Promise<number> {
  let entries = 0;
  for (let next = from; next <= to; ) {
    const page = await tx.query<{
      seq: number;
      entryId: string;
      hash: string;
      station: string;
      receivedMs: number;
      bytes: string;
    }>(
      `select seq, entry_id as "entryId", hash, station_id as station, received_ms as "receivedMs", bytes
       from entries where writer_id = $1 and seq >= $2 and seq <= $3 order by seq limit $4`,
      [writer, next, to, limits.page],
    );
    const last = page.rows.length < limits.page ? to : (page.rows.at(-1)?.seq ?? to);
    await putBeside(tx, writer, next, last, put);
    for (const row of page.rows) await put({ kind: 'entry', writer, ...row });
    entries += page.rows.length;
    next = last + 1;
  }
  return entries;
}

async function putBeside(tx: Tx, writer: string, from: number, to: number, put: Put): Promise<void> {
  const signatures = await tx.query<{
    seq: number;
    hash: string;
    holding: 'held' | 'passed-on';
    station: string;
    keyId: string;
    epoch: string | null;
    signature: string;
    receivedMs: number;
  }>(
    `select seq, hash, holding, station_id as station, key_id as "keyId", epoch, signature, received_ms as "receivedMs"
     from batch_signatures where writer_id = $1 and seq >= $2 and seq <= $3 order by seq, received_ms`,
    [writer, from, to],
  );
  for (const row of signatures.rows) await put({ kind: 'signature', writer, ...row });
  const asides = await tx.query<{
    seq: number;
    entryId: string;
    hash: string | null;
    why: string;
    station: string;
    receivedMs: number;
    rawSha256: string;
    raw: string;
  }>(
    `select seq, entry_id as "entryId", hash, why, station_id as station, received_ms as "receivedMs",
       raw_sha256 as "rawSha256", translate(encode(raw, 'base64'), E'\\n', '') as raw from (
       select *, 'set-aside ' || reason as why from (
         select writer_id, seq, raw_sha256, entry_id, hash, raw, reason, station_id, received_ms from set_aside) a
       union all select writer_id, seq, raw_sha256, entry_id, hash, raw, against, station_id, received_ms,
         'conflict ' || against from conflicts) held
     where writer_id = $1 and seq >= $2 and seq <= $3 order by seq, raw_sha256`,
    [writer, from, to],
  );
  for (const row of asides.rows) await put({ kind: 'aside', writer, ...row });
}
