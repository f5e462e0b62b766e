// The hub as a process: commands beside it, kill -9 and the starts after it, clean stops, certificates, refusals to start.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { UploadAnswer } from '../../src/contracts/upload.ts';
import { TestWriter } from '../kit/hub.ts';
import { hubProgram } from '../kit/hub-program.ts';
import { freePort } from '../kit/programs.ts';

const program = hubProgram();
let stateDir: string;
let env: Record<string, string>;
beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'mengang-hub-state-'));
  env = { STATE_DIR: stateDir, HUB_PORT: String(await freePort()) };
});
afterAll(async () => {
  await rm(stateDir, { recursive: true, force: true });
});

type Seeded = {
  accounts: { name: string; role: string; password?: string; pin?: string }[];
  station: { id: string; token: string };
  people: { role: string | null }[];
};
const seed = async (): Promise<Seeded> => JSON.parse((await program.run(['--seed-demo'], env)).out);
const send = async (url: string, token: string, w: TestWriter, entries: unknown[]) =>
  (await (
    await fetch(`${url}hub/entries`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ contract: 1, writerId: w.writerId, receiptedSeq: 0, epoch: null, entries }),
    })
  ).json()) as UploadAnswer;
const postmaster = async () =>
  Number((await readFile(join(stateDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);

test('commands work without a hub and leave no server behind; the demonstration has its parts', async () => {
  const seeded = await seed();
  expect(seeded.people).toHaveLength(60);
  expect(seeded.people.map(({ role }) => role).filter((role) => role !== null)).toEqual([
    'isolation',
    'away',
    'questions-due',
    'watch',
  ]);
  const again = await seed();
  expect(again.station).toEqual(seeded.station);
  expect(again.people).toEqual(seeded.people);
  expect(seeded.accounts.map(({ role }) => role)).toEqual([
    ...['admin', 'nurse', 'dorm-manager', 'class-teacher'],
    ...['guard', 'guard'],
  ]);
  await expect(stat(join(stateDir, 'postgres', 'postmaster.pid'))).rejects.toThrow('ENOENT');
});

test('a station gets no code that cannot begin a case number, whichever command names it', async () => {
  for (const command of ['--add-station', '--pair']) {
    const refused = await program.run([command, 'East gate', '--campus', 'beijing', '--code', '7'], env);
    expect([command, refused.code, refused.out]).toEqual([command, 2, '']);
  }
  expect((await program.run(['--stations'], env)).out).not.toContain('East gate');
});

test('kill -9 in mid-upload, twice: every receipted row is there, none twice, and the orphan is taken over', async () => {
  const { station } = await seed();
  const w = new TestWriter(station.id);
  const entries = w.admissions(600);
  let receipted = 0;
  for (let round = 0; round < 3; round++) {
    const { child, url, ended } = await program.start(env);
    const from = round * 200;
    const before = receipted;
    const upload = async () => {
      for (let at = from; at < from + 200; at += 20) {
        const answer = await send(url, station.token, w, entries.slice(at, at + 20));
        receipted += answer.results.length;
      }
    };
    const running = upload().catch(() => 'cut');
    // As soon as the first batch has its receipt, the next ones are on their way.
    for (let ms = 0; receipted === before && ms < 10_000; ms += 5) await new Promise((done) => setTimeout(done, 5));
    child.kill('SIGKILL');
    await ended;
    await running;
  }
  expect(receipted).toBeGreaterThan(0);
  const orphan = await postmaster();
  const { child, url, ended } = await program.start(env);
  expect(await postmaster()).toBe(orphan);
  const answer = await send(url, station.token, w, entries);
  const duplicates = answer.results.filter(({ status }) => status === 'duplicate').length;
  expect(duplicates).toBeGreaterThanOrEqual(receipted);
  expect(answer.results.every(({ status }) => status === 'duplicate' || status === 'stored')).toBe(true);
  expect(answer.watermark).toBe(600);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  await expect(stat(join(stateDir, 'postgres', 'postmaster.pid'))).rejects.toThrow('ENOENT');
});

test('kill -9 of hub and database: the next start recovers by itself', async () => {
  const { station } = await seed();
  const first = await program.start(env);
  const w = new TestWriter(station.id);
  const entries = w.admissions(10);
  await send(first.url, station.token, w, entries);
  process.kill(await postmaster(), 'SIGKILL');
  first.child.kill('SIGKILL');
  await first.ended;
  const second = await program.start(env);
  expect((await send(second.url, station.token, w, entries)).results.map(({ status }) => status)).toEqual(
    Array(10).fill('duplicate'),
  );
  second.child.kill('SIGINT');
  expect(await second.ended).toBe(0);
});

test('commands work beside a running hub, which goes on; PINs, passwords and tokens are stored hashed only', async () => {
  const { child, url, ended } = await program.start(env);
  const place = ['--campus', 'zhuozhou', '--new-campus', '--code', 'G07'];
  const added = await program.run(['--add-station', 'South gate', ...place], env);
  const token = /: (\S{43})\n$/.exec(added.out)?.[1] ?? '';
  expect(
    await (await fetch(`${url}hub/station`, { headers: { authorization: `Bearer ${token}` } })).json(),
  ).toMatchObject({ station: { code: 'G07', campus: 'zhuozhou' } });
  expect((await program.run(['--add-staff', 'Guard Q', '--role', 'guard', '--pin', '246810'], env)).code).toBe(0);
  // The rules of the administration's page hold here as well.
  for (const pin of ['12', '1234', '0000']) {
    const weak = await program.run(['--add-staff', 'Guard R', '--role', 'guard', '--pin', pin], env);
    expect([weak.code, weak.err]).toEqual([2, expect.stringContaining('choose another')]);
  }
  const role = await program.run(['--add-staff', 'Guard R', '--role', 'gard'], env);
  expect([role.code, role.err]).toEqual([2, expect.stringMatching(/^没有岗位 gard.*guard, dorm-manager, nurse.*\n$/)]);
  const password = /: (\S{20})\n$/.exec((await program.run(['--first-admin', 'Root'], env)).out)?.[1] ?? '';
  const signIn = () =>
    fetch(`${url}hub/session`, {
      method: 'POST',
      headers: { origin: url.slice(0, -1) },
      body: JSON.stringify({ name: 'Root', password }),
    });
  expect([(await signIn()).status, (await signIn()).status]).toEqual([200, 401]);
  const file = join(stateDir, 'roster.csv');
  await writeFile(file, 'personId,name,category\n1,A,student\n2,,student\n');
  expect((await program.run(['--import-roster', file, '--dry-run'], env)).code).toBe(1);
  expect((await program.run(['--import-roster', file], env)).err).toContain('3: ');
  expect((await program.run(['--import-roster', join(stateDir, 'none.csv')], env)).code).toBe(1);
  const notes = JSON.parse(await readFile(join(stateDir, 'database.json'), 'utf8'));
  expect((await stat(join(stateDir, 'database.json'))).mode & 0o777).toBe(0o600);
  const client = new pg.Client({
    connectionString: `postgres://mengang:${notes.password}@127.0.0.1:${notes.port}/mengang`,
  });
  await client.connect();
  const secrets =
    JSON.stringify((await client.query('select * from staff')).rows) +
    JSON.stringify((await client.query('select * from stations')).rows);
  await client.end();
  for (const secret of [token, '246810', password]) expect(secrets).not.toContain(secret);
  // A second hub on this port is refused with a sentence, and does not take the database away.
  const second = await program.run([], env);
  expect([second.code, second.err]).toEqual([1, expect.stringContaining('HUB_PORT')]);
  expect((await fetch(`${url}healthz`)).status).toBe(200);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
}, 120_000);

test.each([
  'SIGINT',
  'SIGTERM',
] as const)('%s at any moment of the start leaves no database running', async (signal) => {
  for (const afterMs of process.env.LONG === undefined ? [150, 450] : [150, 300, 450, 600]) {
    expect(await program.interrupt(env, signal, afterMs)).toBe(0);
    await expect(stat(join(stateDir, 'postgres', 'postmaster.pid'))).rejects.toThrow('ENOENT');
  }
});

test('a hub ends by itself when the program that started it is killed', async () => {
  const { child, ended } = await program.start(env, true);
  child.disconnect();
  expect(await ended).toBe(0);
  await expect(stat(join(stateDir, 'postgres', 'postmaster.pid'))).rejects.toThrow('ENOENT');
});

test('beyond loopback plain HTTP is refused; with certificates of its own the hub speaks HTTPS that its CA vouches for', async () => {
  const plain = await program.run([], { ...env, HUB_HOST: '0.0.0.0' });
  expect([plain.code, plain.err]).toEqual([1, expect.stringContaining('TLS_CERT')]);
  expect((await program.run(['--make-ca', '--host', 'localhost'], env)).code).toBe(0);
  expect((await program.run(['--make-ca', '--host', 'localhost'], env)).code).toBe(1);
  const ca = join(stateDir, 'ca');
  for (const name of ['ca.key', 'server.key']) expect((await stat(join(ca, name))).mode & 0o777).toBe(0o600);
  const tls = { ...env, HUB_HOST: '0.0.0.0', TLS_CERT: join(ca, 'server.crt'), TLS_KEY: join(ca, 'server.key') };
  const { child, url, ended } = await program.start(tls);
  expect(url).toBe(`https://localhost:${env.HUB_PORT}/`);
  const pinned = await readFile(join(ca, 'ca.crt'));
  const status = await new Promise((done, fail) =>
    request(`${url}healthz`, { ca: pinned }, (answer) => done(answer.resume().statusCode))
      .once('error', fail)
      .end(),
  );
  expect(status).toBe(200);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
});

test.each([
  [['--dance'], {}, 2],
  [['--add-station', 'X'], {}, 2],
  [['--add-staff', 'X', '--role', 'king'], {}, 2],
  [[], { HUB_PORT: 'seventy' }, 1],
  [[], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }, 1],
  [[], { DATABASE_URL: 'postgres://nobody@localhost:1/none' }, 1],
  [[], { HUB_HOST: '192.0.2.1', TLS_CERT: '/none.crt', TLS_KEY: '/none.key' }, 1],
  [[], { TLS_CERT: '/none.crt' }, 1],
  [[], { STATE_DIR: '/dev/null/state' }, 1],
])('%j %j ends with one sentence and code %i', async (args, more, code) => {
  const ended = await program.run(args, { ...env, LOG_LEVEL: 'silent', ...more });
  expect(ended.code).toBe(code);
  expect(ended.err.trim().split('\n')).toHaveLength(1);
  expect(ended.err).toMatch(/\p{Script=Han}.*[a-z]{3}/u);
});

test.runIf(process.platform === 'linux')(
  'a state folder that cannot be made is one sentence, and no waiting',
  async () => {
    const { code, err } = await program.run([], { ...env, STATE_DIR: '/proc/mengang/state' });
    expect(code).toBe(1);
    expect(err).toContain('/proc/mengang');
    expect(err).toContain('STATE_DIR');
    expect(err).not.toContain('    at ');
  },
);
