// One key signs the log of a database, however many hubs work on it: another hub's key signs nothing and says so.
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HeadElsewhere, headsOf, makeHead, newestHead } from '../../hub/heads.ts';
import { headsFileLines, headsFileOf } from '../../hub/heads-file.ts';
import { addDays, campusDay } from '../../src/domain/campus-day.ts';
import { startTestHub, type TestHub, TestWriter } from '../kit/hub.ts';

let t: TestHub;
let folder: string;
beforeAll(async () => {
  t = await startTestHub();
  folder = await mkdtemp(join(tmpdir(), 'mengang-keys-'));
  const w = new TestWriter(t.station.id);
  await t.upload(t.station, w, w.admissions(3));
});
afterAll(async () => {
  await t?.stop();
  await rm(folder, { recursive: true, force: true });
});
const headBy = (name: string, why: 'due' | 'now' | 'new-log' = 'now') =>
  makeHead(t.hub.pool, join(folder, name), t.clock.nowMs(), why);

test('a second hub without the key signs nothing, keeps the file of heads all the same, and signs once it has the key', async () => {
  const first = await headBy('one');
  if (first === null) throw new Error('no head');
  await expect(headBy('two')).rejects.toThrow(HeadElsewhere);
  await expect(headBy('two', 'due')).rejects.toThrow('log-key.pem');
  expect(await headsOf(t.hub.pool, first.log)).toHaveLength(first.number);
  const kept = [];
  for await (const line of headsFileLines(headsFileOf(join(folder, 'two')))) kept.push(line);
  expect(kept).toContainEqual(first);
  await copyFile(join(folder, 'one', 'log-key.pem'), join(folder, 'two', 'log-key.pem'));
  expect(await headBy('two')).toMatchObject({ log: first.log, vkey: first.vkey, number: first.number + 1 });
});

test('two hubs that begin at once agree on one key', async () => {
  const own = await startTestHub();
  try {
    const made = await Promise.allSettled(
      ['a', 'b'].map((name) => makeHead(own.hub.pool, join(own.stateDir, name), own.clock.nowMs(), 'now')),
    );
    expect(made.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const keys = await own.hub.pool.query(
      'select count(distinct vkey) as keys, count(distinct log_id) as logs from heads',
    );
    expect(keys.rows).toEqual([{ keys: 1, logs: 1 }]);
  } finally {
    await own.stop();
  }
});

test('when the key is lost another log begins, by command alone, and is the newest from then on', async () => {
  await mkdir(join(folder, 'three'));
  await expect(headBy('three')).rejects.toThrow('--new-log');
  const fresh = await headBy('three', 'new-log');
  expect(fresh).toMatchObject({ kind: 'head' });
  expect((await newestHead(t.hub.pool, null, 0)).head).toEqual(fresh);
  await expect(headBy('one')).rejects.toThrow(HeadElsewhere);
});

test('a clock that was years ahead and is set right hinders neither the heads of the days nor the log of a new epoch', async () => {
  const own = await startTestHub();
  const yearsMs = 68 * 365 * 86_400_000;
  const head = (why: 'due' | 'now') => makeHead(own.hub.pool, join(own.stateDir, 'a'), own.clock.nowMs(), why);
  try {
    own.clock.addMs(yearsMs);
    const ahead = await head('due');
    own.clock.addMs(-yearsMs);
    const yesterday = addDays(campusDay(own.clock.nowMs()), -1);
    expect(await head('due')).toMatchObject({ log: ahead?.log, day: yesterday, closed: true });
    expect(await head('due')).toBeNull();
    await own.hub.pool.query("update meta set epoch = 'another'");
    const fresh = await head('due');
    expect(fresh?.log).not.toBe(ahead?.log);
    expect(await head('due')).toBeNull();
    expect((await newestHead(own.hub.pool, null, 0)).head).toEqual(fresh);
  } finally {
    await own.stop();
  }
});
