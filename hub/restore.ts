// `--restore FILE [--replace]`: puts a backup into an empty hub, or in the place of what is there, in one transaction, and begins
// a new epoch. Called by cli.ts; no hub may run beside it.
/// <reference path="./pg-copy-streams.d.ts" />
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { PassThrough, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { escapeIdentifier } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import {
  type BackupHead,
  BackupUnreadable,
  backupEnd,
  backupHead,
  LineReader,
  limits,
  rowsEnd,
  tableEnd,
  tableHead,
} from './backup-format.ts';
import { inTransaction, type Pool, type Tx } from './database.ts';
import { checksumOf, type Migration, migrationLock, migrations, noteMigration, startMigrations } from './migrate.ts';
import { epochBegins } from './roster-version.ts';
import { backupTexts } from './texts-backup.ts';

const waits = { attempts: 20, stepMs: 100 } as const;

export type RestoreDone = { takenMs: number; epoch: string; tables: number; rows: number };

/** A restore that must not or cannot be; its message is the sentence. Nothing was changed. */
export class RestoreRefused extends Error {}

/** Restores all or nothing and brings the schema up to date. Throws RestoreRefused with a sentence. */
export async function restore(pool: Pool, path: string, replace: boolean): Promise<RestoreDone> {
  const lines = new LineReader(gunzipped(path));
  try {
    const head = await lines.json(backupHead);
    const before = migrationsOf(head);
    return await inTransaction(pool, async (tx) => {
      await tx.query('set local statement_timeout = 0');
      await tx.query('select pg_advisory_xact_lock($1)', [migrationLock]);
      await refuseWhereUsed(tx, replace);
      await emptySchema(tx);
      await startMigrations(tx);
      await run(tx, before);
      let rows = 0;
      for (let table = 0; table < head.tables; table++) rows += await readTable(tx, lines);
      const end = await lines.json(backupEnd);
      if (end.rows !== rows || (await lines.line()) !== null) throw new BackupUnreadable('the counts do not agree');
      await run(tx, migrations.slice(before.length));
      return { takenMs: head.takenMs, epoch: await beginEpoch(tx), tables: head.tables, rows };
    });
  } catch (error) {
    throw refusalOf(error, path);
  }
}

function gunzipped(path: string): PassThrough {
  const out = new PassThrough();
  // An error of either stream reaches the reader through `out`.
  pipeline(createReadStream(path), createGunzip(), out).catch((error: unknown) => {
    out.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  return out;
}

function refusalOf(error: unknown, path: string): unknown {
  if (error instanceof BackupUnreadable) return new RestoreRefused(backupTexts.unreadable(path, error.message));
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR') return new RestoreRefused(backupTexts.missing(path));
  if (code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return new RestoreRefused(backupTexts.unreadable(path, code));
  }
  // 22: a value that is none; 23: rows that contradict each other. Both say that the file is not what was written.
  if (/^2[23]/.test(code)) return new RestoreRefused(backupTexts.unreadable(path, code));
  return error;
}

/** What this hub must run to have the tables of the backup; refuses a newer or another schema. */
function migrationsOf(head: BackupHead) {
  const known = new Map(migrations.map((migration) => [migration.number, migration]));
  return head.migrations.map(({ number, sha256 }): Migration => {
    const own = known.get(number);
    if (own === undefined) throw new RestoreRefused(backupTexts.newer(number));
    if (checksumOf(own) !== sha256) throw new RestoreRefused(backupTexts.otherSchema(number));
    return own;
  });
}

async function run(tx: Tx, list: readonly Migration[]): Promise<void> {
  for (const migration of list) {
    await tx.query(migration.sql);
    await noteMigration(tx, migration);
  }
}

async function refuseWhereUsed(tx: Tx, replace: boolean): Promise<void> {
  for (let attempt = 1; await hubsBeside(tx); attempt++) {
    // A hub that has just ended leaves its connections for a moment.
    if (attempt >= waits.attempts) throw new RestoreRefused(backupTexts.hubRuns);
    await sleep(waits.stepMs);
  }
  if (replace) return;
  const there = await tx.query<{ there: boolean }>("select to_regclass('entries') is not null as there");
  if (there.rows[0]?.there !== true) return;
  const used = await tx.query<{ used: boolean }>(
    `select exists (select 1 from entries) or exists (select 1 from people) or exists (select 1 from staff)
       or exists (select 1 from stations) as used`,
  );
  if (used.rows[0]?.used === true) throw new RestoreRefused(backupTexts.notEmpty);
}

async function hubsBeside(tx: Tx): Promise<boolean> {
  await tx.query('select pg_stat_clear_snapshot()');
  const others = await tx.query(
    `select 1 from pg_stat_activity
     where application_name = 'mengang-hub' and datname = current_database() and pid <> pg_backend_pid() limit 1`,
  );
  return others.rows.length > 0;
}

/** The database is the hub's own: its tables and functions go, those of extensions stay. */
async function emptySchema(tx: Tx): Promise<void> {
  const tables = await tx.query<{ name: string }>(
    `select relname as name from pg_class c where relnamespace = current_schema()::regnamespace and relkind = 'r'
       and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')`,
  );
  for (const { name } of tables.rows) await tx.query(`drop table ${escapeIdentifier(name)} cascade`);
  const functions = await tx.query<{ name: string }>(
    `select p.oid::regprocedure::text as name from pg_proc p where pronamespace = current_schema()::regnamespace
       and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')`,
  );
  for (const { name } of functions.rows) await tx.query(`drop function ${name} cascade`);
}

async function readTable(tx: Tx, lines: LineReader): Promise<number> {
  const { table, columns } = await lines.json(tableHead);
  const sql = `copy ${escapeIdentifier(table)} (${columns.map(escapeIdentifier).join(', ')}) from stdin`;
  // Rows that a migration put there itself stand in the backup as well.
  const there = await tx.query(`select 1 from ${escapeIdentifier(table)} limit 1`);
  if (there.rows.length > 0) await tx.query(`delete from ${escapeIdentifier(table)}`);
  const stream = tx.query(copyFrom(sql));
  let refused: Error | null = null;
  stream.once('error', (error) => {
    refused = error; // the server refused a row and ended the COPY itself; the stream no longer has a connection
  });
  try {
    return await readRows(stream, table, lines);
  } catch (error) {
    // What the server said comes first: a row written behind it fails for want of a connection, which tells nobody anything.
    if (refused !== null) throw refused;
    // Else the server must hear that no more rows come: the rollback waits behind an open COPY for ever.
    stream.destroy();
    throw error;
  }
}

async function readRows(stream: Writable, table: string, lines: LineReader): Promise<number> {
  const failed = once(stream, 'finish').then(() => null);
  failed.catch(() => undefined); // awaited below; until then it must not count as unhandled
  const hash = createHash('sha256');
  let rows = 0;
  let held: Buffer[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    await send(stream, Buffer.concat(held, size), failed);
    held = [];
    size = 0;
  };
  for (;;) {
    const line = await lines.line();
    if (line === null) throw new BackupUnreadable('the file was cut');
    if (line.equals(rowsEnd)) break;
    hash.update(line);
    rows += 1;
    held.push(line);
    size += line.length;
    if (size >= limits.chunkBytes) await flush();
  }
  await flush();
  const end = await lines.json(tableEnd);
  if (end.rows !== rows || end.sha256 !== hash.digest('hex')) {
    throw new BackupUnreadable(`the checksum of ${table} does not hold`);
  }
  stream.end();
  await failed;
  return rows;
}

async function send(stream: Writable, bytes: Buffer, failed: Promise<unknown>): Promise<void> {
  if (bytes.length > 0 && !stream.write(bytes)) await Promise.race([once(stream, 'drain'), failed]);
}

/** Receipts of the time before count for nothing now: stations see the epoch and send again what they still hold. */
async function beginEpoch(tx: Tx): Promise<string> {
  const epoch = randomBytes(8).toString('hex');
  await tx.query(`update meta set ${epochBegins}`, [epoch]);
  // Passwords may have been changed since: everybody signs in anew.
  await tx.query('delete from sessions');
  return epoch;
}
