// `--backup FILE`: every table of the hub in one snapshot, streamed into a checksummed, compressed file. Called by cli.ts; a
// hub may run beside it.
/// <reference path="./pg-copy-streams.d.ts" />
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { escapeIdentifier } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { type BackupHead, formatVersion, rowsEnd } from './backup-format.ts';
import type { Pool, Tx } from './database.ts';
import { writeWholeFile } from './folder.ts';

export type BackupDone = { tables: number; rows: number; bytes: number };
type Table = { name: string; columns: string[] };

/**
 * Writes FILE (0600) and answers what is in it, after it lies on the disk and is noted in the hub's table of backups. A backup
 * that fails leaves an older FILE as it was. Throws what the file system or the database throws.
 */
export async function backUp(pool: Pool, path: string, nowMs: () => number): Promise<BackupDone> {
  const takenMs = nowMs();
  const { written, bytes } = await writeWholeFile(path, async (file) => ({
    written: await writeSnapshot(pool, file, takenMs),
    bytes: (await file.stat()).size,
  }));
  await noteBackup(pool, takenMs, written.epoch, bytes);
  return { tables: written.tables, rows: written.rows, bytes };
}

/** A backup was taken: from now on it counts when a station asks what it may forget. `bytes` null: by other means than ours. */
export async function noteBackup(
  pool: Pool,
  takenMs: number,
  epoch: string | null,
  bytes: number | null,
): Promise<void> {
  await pool.query(
    `insert into backups (taken_ms, epoch, file_bytes)
     select $1, coalesce($2, epoch), $3 from meta on conflict (taken_ms) do nothing`,
    [takenMs, epoch, bytes],
  );
}

async function writeSnapshot(pool: Pool, file: FileHandle, takenMs: number) {
  const client = await pool.connect();
  let broken = true;
  let rows = 0;
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query('set local statement_timeout = 0');
    const tables = await tablesInOrder(client);
    const head = await headOf(client, takenMs, tables.length);
    const content = async function* () {
      yield jsonLine(head);
      for (const table of tables) rows += yield* contentOf(client, table);
      yield jsonLine({ end: true, rows });
    };
    await pipeline(content, createGzip({ level: 6 }), (packed: AsyncIterable<Buffer>) => drainTo(packed, file));
    await client.query('commit');
    broken = false;
    return { epoch: head.epoch, tables: tables.length, rows };
  } finally {
    client.release(broken);
  }
}

async function drainTo(packed: AsyncIterable<Buffer>, file: FileHandle): Promise<void> {
  for await (const chunk of packed) await file.writeFile(chunk);
}

async function headOf(tx: Tx, takenMs: number, tables: number): Promise<BackupHead> {
  const meta = await tx.query<{ epoch: string }>('select epoch from meta');
  const done = await tx.query<{ number: number; sha256: string }>(
    'select number, sha256 from migrations order by number',
  );
  const epoch = meta.rows[0]?.epoch;
  if (epoch === undefined) throw new Error('the hub has no meta row');
  return { mengangBackup: formatVersion, takenMs, epoch, migrations: done.rows, tables };
}

/** A table's part of the file; answers its rows. */
async function* contentOf(tx: Tx, table: Table): AsyncGenerator<Buffer, number> {
  yield jsonLine({ table: table.name, columns: table.columns });
  const hash = createHash('sha256');
  let rows = 0;
  const columns = table.columns.map(escapeIdentifier).join(', ');
  for await (const chunk of tx.query(
    copyTo(`copy (select ${columns} from ${escapeIdentifier(table.name)}) to stdout`),
  )) {
    if (!Buffer.isBuffer(chunk)) continue;
    hash.update(chunk);
    for (let lf = chunk.indexOf(0x0a); lf !== -1; lf = chunk.indexOf(0x0a, lf + 1)) rows += 1;
    yield chunk;
  }
  yield rowsEnd;
  yield jsonLine({ rows, sha256: hash.digest('hex') });
  return rows;
}

/** Every table of the schema but the list of migrations, those that others refer to first. */
export async function tablesInOrder(tx: Tx): Promise<Table[]> {
  const found = await tx.query<Table>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname <> 'migrations'
       and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     group by c.relname order by c.relname`,
  );
  const links = await tx.query<{ child: string; parent: string }>(
    `select k.relname as child, p.relname as parent
     from pg_constraint f join pg_class k on k.oid = f.conrelid join pg_class p on p.oid = f.confrelid
     where f.contype = 'f' and f.conrelid <> f.confrelid and k.relnamespace = current_schema()::regnamespace`,
  );
  const ordered: Table[] = [];
  const waiting = new Map(found.rows.map((table) => [table.name, table]));
  while (waiting.size > 0) {
    const free = [...waiting.values()].filter(
      ({ name }) => !links.rows.some(({ child, parent }) => child === name && waiting.has(parent)),
    );
    if (free.length === 0) throw new Error('tables refer to each other in a circle');
    for (const table of free) waiting.delete(table.name);
    ordered.push(...free);
  }
  return ordered;
}

function jsonLine(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}
