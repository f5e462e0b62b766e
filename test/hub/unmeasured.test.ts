// Passages without a measurement: from a gate's entry to the feed of whoever watches, once, and to the list of the day.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unmeasuredAnswer } from '../../src/contracts/unmeasured.ts';
import type { UnmeasuredEntryBody } from '../../src/domain/entry.ts';
import { feverBody, readFeed, startTestHub, type TestHub, TestWriter } from '../kit/hub.ts';

let t: TestHub;
let nurse = '';
beforeAll(async () => {
  t = await startTestHub();
  nurse = await t.signIn('nurse');
});
afterAll(() => t?.stop());

const body = (cause: UnmeasuredEntryBody['cause'], change: Partial<UnmeasuredEntryBody> = {}): UnmeasuredEntryBody => ({
  ...{ kind: 'unmeasured-entry', cause, direction: 'in', deviceId: 'feedback-1', openMs: null, times: 1 },
  ...change,
});
const listed = async () => unmeasuredAnswer.parse((await t.call('hub/unmeasured', { cookie: nurse })).body).unmeasured;
const cursorNow = async () => ((await t.call('hub/referrals', { cookie: nurse })).body as { cursor: string }).cursor;

test('each cause is told to the board once, also when it is uploaded again, and stands on the list with its place', async () => {
  const cursor = await cursorNow();
  const writer = new TestWriter(t.station.id);
  const wallMs = t.clock.nowMs() - 3_000;
  const entries = [
    writer.write(body('forced'), { wallMs }),
    writer.write(body('tailgated', { times: 7 }), { wallMs: wallMs + 1_000 }),
    writer.write(body('held-open', { openMs: 30_012 }), { wallMs: wallMs + 2_000 }),
  ];
  await t.upload(t.station, writer, entries);
  await t.upload(t.station, writer, entries);
  const fever = writer.write(feverBody(null));
  await t.upload(t.station, writer, [fever]);
  const events = await readFeed(t.url, { cookie: nurse, cursor }, (seen) =>
    seen.some(({ event }) => event.topic === 'referral' && event.caseId === fever.entryId),
  );
  const [first, second, third] = entries.map(({ entryId }) => entryId);
  const told = { topic: 'unmeasured', station: t.station.id };
  expect(events.flatMap(({ event }) => (event.topic === 'unmeasured' ? [event] : []))).toEqual([
    { ...told, entryId: first, cause: 'forced', times: 1, atWallMs: wallMs },
    { ...told, entryId: second, cause: 'tailgated', times: 7, atWallMs: wallMs + 1_000 },
    { ...told, entryId: third, cause: 'held-open', times: 1, atWallMs: wallMs + 2_000 },
  ]);
  const station = { id: t.station.id, name: 'North gate' };
  expect((await listed()).filter(({ station: { id } }) => id === t.station.id)).toMatchObject([
    { entryId: third, station, cause: 'held-open', openMs: 30_012, atWallMs: wallMs + 2_000 },
    { entryId: second, station, cause: 'tailgated', times: 7, openMs: null },
    { entryId: first, station, cause: 'forced', times: 1 },
  ]);
});

test('no station hears of it, its own neither; the board does', async () => {
  const other = await t.addStation();
  const writer = new TestWriter(other.id);
  const cursor = await cursorNow();
  const forced = writer.write(body('forced'));
  await t.upload(other, writer, [forced]);
  const cookie = await t.signIn('admin');
  const closeCampus = () =>
    t.call('hub/campus', { cookie, method: 'PUT', body: { campus: 'beijing', mode: 'closed' } });
  expect((await closeCampus()).status).toBe(200);
  const gate = await readFeed(t.url, { token: other.token, cursor }, (seen) =>
    seen.some(({ event }) => event.topic === 'campus'),
  );
  expect(gate.map(({ event }) => event.topic)).not.toContain('unmeasured');
  const board = await readFeed(t.url, { cookie: nurse, cursor }, (seen) => seen.length > 0);
  expect(board[0]?.event).toMatchObject({ topic: 'unmeasured', entryId: forced.entryId, station: other.id });
});

test('the feed row is committed with the entry or not at all', async () => {
  const writer = new TestWriter(t.station.id);
  const rows = async () =>
    (await t.hub.pool.query('select event from feed where event like \'%"unmeasured"%\'')).rows.length;
  const before = [await rows(), (await listed()).length];
  await t.asOwner(
    `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`,
    'create trigger refuse before insert on feed for each row execute function refuse()',
  );
  await expect(t.upload(t.station, writer, [writer.write(body('forced'))])).rejects.toThrow('upload refused');
  await t.asOwner('drop trigger refuse on feed');
  expect([await rows(), (await listed()).length]).toEqual(before);
});

test('yesterday is not today, by the campus day of the receipt', async () => {
  expect((await listed()).length).toBeGreaterThan(0);
  t.clock.addMs(86_400_000);
  // The nurse's session of yesterday is over.
  nurse = await t.signIn('nurse');
  expect(await listed()).toEqual([]);
  const writer = new TestWriter(t.station.id);
  const late = writer.write(body('forced'), { wallMs: t.clock.nowMs() - 86_400_000 });
  await t.upload(t.station, writer, [late]);
  expect(await listed()).toMatchObject([{ entryId: late.entryId }]);
  t.clock.addMs(-86_400_000);
});

test('a guard and a station may not read the list', async () => {
  expect((await t.call('hub/unmeasured', { cookie: await t.signIn('guard') })).status).toBe(403);
  expect((await t.call('hub/unmeasured', { token: t.station.token })).status).toBe(401);
  expect((await t.call('hub/unmeasured', { cookie: await t.signIn('office') })).status).toBe(200);
});
