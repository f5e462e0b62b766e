// When the database fails: nothing is acknowledged, the answer says so, and reads go on or come back.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPool, troubleOf } from '../../hub/database.ts';
import { type Migration, migrate, migrations } from '../../hub/migrate.ts';
import { startTestHub, type TestHub, TestWriter } from '../kit/hub.ts';

let t: TestHub;
beforeAll(async () => {
  t = await startTestHub();
});
afterAll(() => t?.stop());

const body = (w: TestWriter, entries: unknown[]) => ({
  contract: 1,
  writerId: w.writerId,
  receiptedSeq: 0,
  epoch: null,
  entries,
});

test('a full disk is 507, stores nothing, leaves reads alone, and the batch goes through afterwards', async () => {
  const w = new TestWriter(t.station.id);
  const entries = w.admissions(3);
  await t.asOwner(
    `create function full_disk() returns trigger language plpgsql as $$ begin raise exception 'no space' using errcode = 'disk_full'; end $$`,
    'create trigger full_disk before insert on entries for each row when (new.seq = 3) execute function full_disk()',
  );
  const answer = await t.call('hub/entries', { token: t.station.token, body: body(w, entries) });
  expect([answer.status, answer.body]).toMatchObject([507, { error: { code: 'disk-full' } }]);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await t.hub.pool.query('select 1 from entries where writer_id = $1', [w.writerId])).rowCount).toBe(0);
  expect((await t.call('hub/downlink', { token: t.station.token })).status).toBe(200);
  await t.asOwner('drop trigger full_disk on entries');
  expect((await t.upload(t.station, w, entries)).watermark).toBe(3);
});

test('a NUL, which no database text can hold, is refused where it comes from: the hub has not failed', async () => {
  const cookie = await t.signIn('admin');
  const { token } = t.station;
  const answers = await Promise.all([
    t.call('hub/session', { body: { contract: 1, name: 'a\0b', password: 'x' } }),
    t.call('hub/downlink?rosterVersion=0&after=1:%00', { token }),
    t.call('hub/admin/reads?staff=%00', { cookie }),
    t.call('hub/rounds/sheet?building=%00', { cookie }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
});

test('a serialization failure is tried again and stored once', async () => {
  const w = new TestWriter(t.station.id);
  await t.asOwner('create sequence hiccups', 'grant usage on sequence hiccups to mengang_hub');
  await t.asOwner(`create function hiccup() returns trigger language plpgsql as $$ begin
    if nextval('hiccups') < 3 then raise exception 'again' using errcode = 'serialization_failure'; end if; return new; end $$`);
  await t.asOwner('create trigger hiccup before insert on entries for each row execute function hiccup()');
  expect((await t.upload(t.station, w, w.admissions(1))).results.map(({ status }) => status)).toEqual(['stored']);
  await t.asOwner('drop trigger hiccup on entries');
});

test('migrations run once, and a changed text or a newer schema is refused', async () => {
  const owner = openPool(await t.ownerUrl(), pino({ level: 'silent' }));
  try {
    expect(await migrate(owner)).toBe(migrations.at(-1)?.number);
    const changed: Migration[] = migrations.map((migration) => ({ ...migration, sql: `${migration.sql}\n-- edited` }));
    await expect(migrate(owner, changed)).rejects.toThrow('changed after it had run');
    await expect(migrate(owner, [])).rejects.toThrow('update the hub');
    const two = [...migrations, { number: 99, sql: 'create table nine (a int); select broken' }];
    await expect(migrate(owner, two)).rejects.toThrow();
    await expect(owner.query('select * from nine')).rejects.toThrow('does not exist');
  } finally {
    await owner.end();
  }
});

test.each([
  ['53100', 'disk-full'],
  ['57P01', 'away'],
  ['08006', 'away'],
  ['ECONNREFUSED', 'away'],
  ['23505', null],
  ['22P02', null],
])('code %s means %s', (code, trouble) => {
  expect(troubleOf(Object.assign(new Error('x'), { code }))).toBe(trouble);
});

test('a database that is away is 503 with Retry-After, nothing is acknowledged, and the hub still stops cleanly', async () => {
  const w = new TestWriter(t.station.id);
  const pid = Number((await readFile(join(t.hub.databaseDir ?? '', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  process.kill(pid, 'SIGINT');
  await expect.poll(async () => (await t.call('healthz')).status).toBe(503);
  const answer = await t.call('hub/entries', { token: t.station.token, body: body(w, w.admissions(1)) });
  expect([answer.status, answer.body]).toMatchObject([503, { error: { code: 'database-away' } }]);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  await t.hub.stop();
});
