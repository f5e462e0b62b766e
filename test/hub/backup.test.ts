// Backup and restore of a hub (fault 13): nothing lost, nothing twice, all or nothing.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { backUp } from '../../hub/backup.ts';
import { openPool } from '../../hub/database.ts';
import { startEmbedded } from '../../hub/embedded.ts';
import { migrations } from '../../hub/migrate.ts';
import { restore } from '../../hub/restore.ts';
import { importRoster } from '../../hub/roster-import.ts';
import { checkBody, feverBody, startTestHub, type TestHub, type TestStation, TestWriter } from '../kit/hub.ts';

const folder = mkdtempSync(join(tmpdir(), 'mengang-backup-'));
const log = pino({ level: 'silent' });
let server: Awaited<ReturnType<typeof startEmbedded>>;
/** A database of its own on the test's server. */
async function database(name: string): Promise<string> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  return server.url.replace(/\/mengang$/, `/${name}`);
}
const csv = (rows: string[]) => Buffer.from(`学号,姓名,类别,单位,宿舍,卡面号,在校状态\n${rows.join('\n')}\n`);
const asNobody = process.getuid?.() === 0;

beforeAll(async () => {
  if (asNobody) spawnSync('chmod', ['755', folder]);
  server = await startEmbedded(join(folder, 'state'));
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Every table with its rows in order, as text. */
async function content(t: TestHub, leave: readonly string[]): Promise<Record<string, string[]>> {
  const tables = await t.hub.pool.query<{ name: string }>(
    "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1",
  );
  const all: Record<string, string[]> = {};
  for (const { name } of tables.rows) {
    if (leave.includes(name)) continue;
    const rows = await t.hub.pool.query<{ row: string }>(`select t::text as row from ${name} t order by 1`);
    all[name] = rows.rows.map(({ row }) => row);
  }
  return all;
}

test('a restored hub holds what the backup held, row by row, and begins a new epoch', async () => {
  const t = await startTestHub({ databaseUrl: await database('same') });
  const path = join(folder, 'same.backup');
  await importRoster(t.hub.ledger, csv(['T1,测试一,本科生,计算机学院,,0000000001,在校']), {
    file: 'a',
    by: 'x',
    acceptValidRows: false,
  });
  const w = new TestWriter(t.station.id);
  const odd = { ...w.write(checkBody({})), bytes: '{"a":"back\\\\slash \\u0000\\ttab\\n"}' };
  await t.upload(t.station, w, [...w.admissions(3), w.write(feverBody('T1')), odd]);
  const before = await content(t, ['meta', 'sessions', 'backups']);
  const epoch = (await t.hub.pool.query('select epoch from meta')).rows[0].epoch;
  const done = await backUp(t.hub.pool, path, t.clock.nowMs);
  expect(done.rows).toBeGreaterThan(8);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await t.hub.stop();
  const pool = openPool(await database('other'), log);
  const restored = await restore(pool, path, false);
  await pool.end();
  const again = await startTestHub({ databaseUrl: server.url.replace(/\/mengang$/, '/other') });
  // The test's hub enrols a station of its own at its start.
  const after = await content(again, ['meta', 'sessions', 'backups']);
  expect({ ...after, stations: before.stations }).toEqual(before);
  expect(after.stations).toEqual(expect.arrayContaining(before.stations ?? []));
  const meta = (await again.hub.pool.query('select epoch, roster_version, roster_floor from meta')).rows[0];
  expect(restored.epoch).toBe(meta.epoch);
  expect(meta.epoch).not.toBe(epoch);
  expect(meta.roster_floor).toBe(meta.roster_version);
  await again.stop();
});

test('a large backup leaves no listeners behind; one on a full disk says so and leaves the older one as it was', async () => {
  const t = await startTestHub({ databaseUrl: await database('large') });
  const warned: Error[] = [];
  const hear = (warning: Error) => void warned.push(warning);
  process.on('warning', hear);
  try {
    await t.hub.pool.query(
      `insert into set_aside (writer_id, seq, raw_sha256, entry_id, raw, reason, station_id, received_ms)
       select gen_random_uuid(), i, i, 'x', decode(md5(random()::text) || md5(random()::text), 'hex'), 'json', 's', 1
       from generate_series(1, 30000) i`,
    );
    const path = join(folder, 'large.backup');
    expect((await backUp(t.hub.pool, path, t.clock.nowMs)).rows).toBeGreaterThan(30_000);
    expect(warned).toEqual([]);
    const before = readFileSync(path);
    symlinkSync('/dev/full', `${path}.unfinished`);
    await expect(backUp(t.hub.pool, path, t.clock.nowMs)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(readFileSync(path).equals(before)).toBe(true);
    expect((await backUp(t.hub.pool, path, t.clock.nowMs)).rows).toBeGreaterThan(30_000);
  } finally {
    process.off('warning', hear);
    await t.stop();
  }
});

test('upload, backup, upload more, restore: stations send again, nothing is lost and nothing is there twice', async () => {
  const url = await database('epochs');
  let t = await startTestHub({ databaseUrl: url });
  const station: TestStation = t.station;
  const path = join(folder, 'epochs.backup');
  const w = new TestWriter(station.id);
  const first = w.admissions(20);
  const one = await t.upload(station, w, first);
  await backUp(t.hub.pool, path, t.clock.nowMs);
  const second = [...w.admissions(10), w.write(feverBody(null))];
  const two = await t.upload(station, w, second, { receiptedSeq: 20, epoch: one.epoch });
  expect(two).toMatchObject({ epoch: one.epoch, watermark: 31 });
  await t.hub.stop();
  const pool = openPool(url, log);
  await restore(pool, path, true);
  await pool.end();
  t = await startTestHub({ databaseUrl: url });
  // The station comes with a new entry and a receipt that the hub no longer knows.
  const third = w.admissions(1);
  const three = await t.upload(station, w, third, { receiptedSeq: 31, epoch: one.epoch });
  expect(three.epoch).not.toBe(one.epoch);
  expect(three.watermark).toBe(20);
  // It has another epoch, so it sends everything that it holds again.
  const all = await t.upload(station, w, [...first, ...second, ...third], { receiptedSeq: 0, epoch: three.epoch });
  expect(all.epoch).toBe(three.epoch);
  expect(all.watermark).toBe(32);
  const statuses = all.results.map(({ status }) => status);
  expect(statuses.filter((status) => status === 'duplicate').length).toBe(21);
  expect(statuses.filter((status) => status === 'stored').length).toBe(11);
  const rows = await t.hub.pool.query('select seq from entries where writer_id = $1 order by seq', [w.writerId]);
  expect(rows.rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 32 }, (_, at) => at + 1));
  // The referral that came after the backup has its alert again.
  expect((await t.hub.pool.query('select 1 from referrals where station_id = $1', [station.id])).rowCount).toBe(1);
  await t.stop();
});

test('a station with a roster of the lost time gets the whole roster again', async () => {
  const url = await database('rosters');
  let t = await startTestHub({ databaseUrl: url });
  const station = t.station;
  const path = join(folder, 'rosters.backup');
  const rosterOf = async (version: number) => {
    const body = (await t.call(`hub/downlink?rosterVersion=${version}`, { token: station.token })).body;
    return (body as { roster: { version: number; full: boolean; people: { personId: string }[] } }).roster;
  };
  const people = ['T1,甲,本科生,学院,,0000000001,在校', 'T2,乙,本科生,学院,,0000000002,在校'];
  const put = (rows: string[]) => importRoster(t.hub.ledger, csv(rows), { file: 'a', by: 'x', acceptValidRows: false });
  await put(people.slice(0, 1));
  await backUp(t.hub.pool, path, t.clock.nowMs);
  await put(people);
  const known = (await rosterOf(0)).version;
  await t.hub.stop();
  const pool = openPool(url, log);
  await restore(pool, path, true);
  await pool.end();
  t = await startTestHub({ databaseUrl: url });
  const after = await rosterOf(known);
  expect(after).toMatchObject({ full: true, people: [{ personId: 'T1' }] });
  expect((await rosterOf(after.version)).full).toBe(false);
  await t.stop();
});

test('a damaged, cut or strange file, a used database and a running hub change nothing', {
  timeout: 90_000,
}, async () => {
  const url = await database('refusals');
  const t = await startTestHub({ databaseUrl: url });
  const w = new TestWriter(t.station.id);
  await t.upload(t.station, w, w.admissions(200));
  const path = join(folder, 'refusals.backup');
  await backUp(t.hub.pool, path, t.clock.nowMs);
  const bytes = readFileSync(path);
  const pool = openPool(url, log);
  await expect(restore(pool, path, true)).rejects.toThrow('stop every hub');
  await t.hub.stop();
  await expect(restore(pool, path, false)).rejects.toThrow('--replace');
  const bad = join(folder, 'bad.backup');
  const flippedAt = (at: number) => {
    const flipped = Buffer.from(bytes);
    flipped[at] = (flipped[at] ?? 0) ^ 0x40;
    return flipped;
  };
  // In the head, between tables, in the middle of one that is being copied: wherever the damage lies.
  const places = Array.from({ length: 3 }, (_, fourth) => ((fourth + 1) * bytes.length) >> 2);
  for (const wrong of [
    ...places.flatMap((at) => [flippedAt(at), bytes.subarray(0, at)]),
    bytes.subarray(0, bytes.length - 40),
    Buffer.from('no backup'),
  ]) {
    writeFileSync(bad, wrong);
    await expect(restore(pool, bad, true)).rejects.toThrow('damaged or cut');
  }
  // A row that the server itself refuses, with many more behind it on their way.
  const plain = gunzipSync(bytes);
  const firstRow = plain.indexOf('\n', plain.indexOf('"table":"entries"')) + 1;
  const rest = plain.subarray(firstRow + 1);
  const row = plain.subarray(firstRow, plain.indexOf('\n', firstRow) + 1);
  const many = Buffer.concat([plain.subarray(0, firstRow), Buffer.from('z'), rest.subarray(0, row.length - 1)]);
  for (let round = 0; round < 5; round++) {
    writeFileSync(bad, gzipSync(Buffer.concat([many, ...Array.from({ length: 4_000 }, () => row), rest])));
    await expect(restore(pool, bad, true)).rejects.toThrow('damaged or cut');
  }
  await expect(restore(pool, join(folder, 'nowhere'), true)).rejects.toThrow('cannot be read');
  expect((await pool.query('select 1 from entries')).rowCount).toBe(200);
  expect((await pool.query('select max(number) as n from migrations')).rows[0].n).toBe(migrations.at(-1)?.number);
  await pool.end();
});
