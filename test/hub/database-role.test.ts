// The role in which a hub works: it records, and can neither change what was recorded nor switch off what guards it. On the
// embedded server, and with addresses of one's own for owner and hub.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBase } from '../../hub/base.ts';
import { startEmbedded } from '../../hub/embedded.ts';
import { migrations } from '../../hub/migrate.ts';
import { startTestHub, type TestHub, TestWriter } from '../kit/hub.ts';

const log = pino({ level: 'silent' });
const folder = mkdtempSync(join(tmpdir(), 'mengang-role-'));
let t: TestHub;
beforeAll(async () => {
  t = await startTestHub();
});
afterAll(async () => {
  await t?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const changed = { entries: 'kind', batch_signatures: 'hash', head_leaves: 'leaf', heads: 'note', reads: 'what' };
const recorded = Object.keys(changed) as (keyof typeof changed)[];
const forbidden = recorded.flatMap((table) => [
  `update ${table} set ${changed[table]} = 'x'`,
  `delete from ${table}`,
  `truncate ${table}`,
  `alter table ${table} disable trigger all`,
  `drop table ${table} cascade`,
]);

test('a running hub may not change, delete, truncate or unguard what was recorded', async () => {
  const w = new TestWriter(t.station.id);
  expect((await t.upload(t.station, w, w.admissions(2))).watermark).toBe(2);
  for (const statement of [
    ...forbidden,
    'create or replace function entries_stay() returns trigger language plpgsql as $$ begin return null; end $$',
    'drop trigger entries_stay on entries',
    "set session_replication_role = 'replica'",
    'set role mengang',
    'alter role mengang_hub superuser',
    'create table mine (a int)',
    'create trigger mine before insert on entries for each row execute function entries_stay()',
    'delete from migrations',
  ])
    await expect(t.hub.pool.query(statement), statement).rejects.toThrow(/permission denied|must be owner/);
  const rows = await t.hub.pool.query('select seq from entries where writer_id = $1 order by seq', [w.writerId]);
  expect(rows.rows).toEqual([{ seq: 1 }, { seq: 2 }]);
});

test('every table that a trigger keeps from changing is closed to the hub, and every other is open', async () => {
  const tables = await t.hub.pool.query<{ name: string; changes: boolean; reads: boolean }>(
    `select relname::text as name, has_table_privilege(oid, 'UPDATE, DELETE, TRUNCATE') as changes,
       has_table_privilege(oid, 'SELECT') as reads
     from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
  );
  const closed = tables.rows.filter(({ changes }) => !changes).map(({ name }) => name);
  expect(closed.sort()).toEqual(expect.arrayContaining([...recorded, 'migrations'].sort()));
  expect(tables.rows.filter(({ reads }) => !reads)).toEqual([]);
  expect(closed.length).toBeLessThan(tables.rows.length);
});

test('with a server of one’s own the owner migrates and grants, and the hub then needs its own address alone', async () => {
  const server = await startEmbedded(folder);
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  try {
    await admin.query("create role campus login password 'campus'");
    const url = new URL(server.url);
    [url.username, url.password] = ['campus', 'campus'];
    const databaseUrl = url.href;
    await expect(openBase({ databaseUrl }, log)).rejects.toThrow('--migrate');
    const migrated = await openBase({ databaseUrl, migrateUrl: server.url }, log);
    expect((await migrated.pool.query('select current_user as who')).rows).toEqual([{ who: 'campus' }]);
    await migrated.close(false);
    const alone = await startTestHub({ databaseUrl });
    const w = new TestWriter(alone.station.id);
    expect((await alone.upload(alone.station, w, w.admissions(1))).watermark).toBe(1);
    await expect(alone.hub.pool.query('delete from entries')).rejects.toThrow('permission denied');
    await alone.stop();
    await admin.query('alter table migrations disable trigger all');
    await admin.query('delete from migrations where number = $1', [migrations.at(-1)?.number]);
    await expect(openBase({ databaseUrl }, log)).rejects.toThrow('--migrate');
  } finally {
    await admin.end();
    await server.stop();
  }
});
