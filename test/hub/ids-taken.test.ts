// An entry's id is given once, whoever comes with it: in one batch, under two writers, at two hubs at the same time.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { UploadAnswer } from '../../src/contracts/upload.ts';
import { checkBody, feverBody, startTestHub, type TestHub, TestWriter } from '../kit/hub.ts';

let one: TestHub;
let two: TestHub;
beforeAll(async () => {
  one = await startTestHub();
  two = await startTestHub({ databaseUrl: await one.ownerUrl() });
});
afterAll(async () => {
  await two?.hub.stop();
  await one?.stop();
});

const writer = () => new TestWriter(one.station.id);
const statuses = (answer: UploadAnswer) => answer.results.map(({ status }) => status);
const rowsOf = async (writers: readonly TestWriter[]) =>
  (
    await one.hub.pool.query<{ seq: number; entryId: string }>(
      'select seq, entry_id as "entryId" from entries where writer_id = any($1::uuid[]) order by seq',
      [writers.map(({ writerId }) => writerId)],
    )
  ).rows;
const conflictsOf = async (w: TestWriter) =>
  (
    await one.hub.pool.query<{ seq: number; against: string }>(
      'select seq, against from conflicts where writer_id = $1 order by seq',
      [w.writerId],
    )
  ).rows;

test('of two new entries with one id in a batch the first is stored, the second a conflict, and all else is stored', async () => {
  const w = writer();
  const [first, second, third] = w.admissions(3);
  const answer = await one.upload(one.station, w, [first, { ...second, entryId: first?.entryId }, third]);
  expect(statuses(answer)).toEqual(['stored', 'conflict', 'stored']);
  expect(answer.watermark).toBe(3);
  expect((await rowsOf([w])).map(({ seq }) => seq)).toEqual([1, 3]);
  expect(await conflictsOf(w)).toEqual([{ seq: 2, against: 'id' }]);
});

test('a batch with an id that is taken raises its case once and is stored but for that one', async () => {
  const [a, b] = [writer(), writer()];
  const known = a.write(checkBody({}));
  await one.upload(one.station, a, [known]);
  const fever = b.write(feverBody(null));
  const thief = { ...b.write(checkBody({})), entryId: known.entryId };
  for (const expected of [
    ['stored', 'conflict'],
    ['duplicate', 'conflict'],
  ])
    expect(statuses(await one.upload(one.station, b, [fever, thief]))).toEqual(expected);
  const cases = await one.hub.pool.query('select version from referrals where case_id = $1', [fever.entryId]);
  expect(cases.rows).toEqual([{ version: 1 }]);
  expect(await conflictsOf(b)).toEqual([{ seq: 2, against: 'id' }]);
});

test('the same batch at two hubs at once is stored once, and both watermarks are its end', async () => {
  for (let round = 0; round < 5; round++) {
    const w = writer();
    const entries = w.admissions(200);
    const answers = await Promise.all([one, two, one, two].map((hub) => hub.upload(one.station, w, entries)));
    expect(answers.flatMap(statuses).filter((status) => status === 'stored')).toHaveLength(200);
    expect(answers.flatMap(statuses).filter((status) => status === 'duplicate')).toHaveLength(600);
    expect(answers.map(({ watermark }) => watermark)).toEqual([200, 200, 200, 200]);
    expect(await rowsOf([w])).toHaveLength(200);
  }
});

test('the same id under two writers at two hubs at once: one of them is stored, the other a conflict', async () => {
  for (let round = 0; round < 5; round++) {
    const writers = [writer(), writer()] as const;
    const [a, b] = [writers[0].admissions(50), writers[1].admissions(50)];
    // Crosswise, so that each may wait for the other.
    const stolen = b.map((entry, at) => (at === 10 || at === 40 ? { ...entry, entryId: a[50 - at]?.entryId } : entry));
    const answers = await Promise.all([
      one.upload(one.station, writers[0], a),
      two.upload(one.station, writers[1], stolen),
    ]);
    const all = answers.flatMap(statuses);
    expect([all.filter((s) => s === 'stored').length, all.filter((s) => s === 'conflict').length]).toEqual([98, 2]);
    expect(answers.map(({ watermark }) => watermark)).toEqual([50, 50]);
    const rows = await rowsOf(writers);
    expect(new Set(rows.map(({ entryId }) => entryId)).size).toBe(98);
  }
});
