// What a station may forget and what the feed forgets: only what two backups of the present epoch hold, never behind a cursor's back.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noteBackup } from '../../hub/backup.ts';
import { feedDaysOf, pruneFeed } from '../../hub/feed-keep.ts';
import { advanceSeals } from '../../hub/seals.ts';
import type { HoldingsAnswer } from '../../src/contracts/holdings.ts';
import { checkBody, feverBody, readFeed, startTestHub, type TestHub, TestWriter } from '../kit/hub.ts';

let t: TestHub;
beforeAll(async () => {
  t = await startTestHub();
});
afterAll(() => t?.stop());

const day = 86_400_000;
const backUpNow = () => noteBackup(t.hub.pool, t.clock.nowMs(), null, 1);
const sealedOf = async (w: TestWriter) => {
  await advanceSeals(t.hub.pool, t.clock.nowMs());
  const { body } = await t.call('hub/station/holdings', { token: t.station.token });
  return (body as HoldingsAnswer).writers.find(({ writerId }) => writerId === w.writerId)?.sealed ?? null;
};

test('an entry is sealed when it is 14 days old and lies in two backups of this epoch, and not a moment before', async () => {
  const w = new TestWriter(t.station.id);
  const entries = w.admissions(3);
  await t.upload(t.station, w, entries);
  await backUpNow();
  t.clock.addMs(13 * day);
  await backUpNow();
  // The first backup came in the same moment as the entries: they may have been on their way.
  t.clock.addMs(2 * day);
  expect(await sealedOf(w)).toBeNull();
  await backUpNow();
  expect(await sealedOf(w)).toEqual({ seq: 3, hash: entries[2]?.hash });
  // Younger ones wait, also behind a gap, and also when old ones stand above them.
  const late = w.admissions(2);
  await t.upload(t.station, w, late.slice(1));
  t.clock.addMs(15 * day);
  await backUpNow();
  await t.upload(t.station, w, late.slice(0, 1));
  t.clock.addMs(day);
  await backUpNow();
  expect(await sealedOf(w)).toEqual({ seq: 3, hash: entries[2]?.hash });
  t.clock.addMs(14 * day);
  await backUpNow();
  expect(await sealedOf(w)).toEqual({ seq: 5, hash: late[1]?.hash });
});

test('a new epoch begins the count anew, and a conflict that came late holds its place back', async () => {
  const w = new TestWriter(t.station.id);
  const entries = w.admissions(4);
  await t.upload(t.station, w, entries);
  t.clock.addMs(15 * day);
  await backUpNow();
  t.clock.addMs(day);
  await backUpNow();
  const third = entries[2];
  if (third === undefined) throw new Error('no third entry');
  await t.upload(t.station, w, [{ ...third, hash: 'f'.repeat(64) }]);
  const conflicts = await t.hub.pool.query('select 1 from set_aside where writer_id = $1', [w.writerId]);
  expect(await sealedOf(w)).toEqual(
    conflicts.rowCount === 0 ? { seq: 4, hash: entries[3]?.hash } : { seq: 2, hash: entries[1]?.hash },
  );
  await t.hub.pool.query("update meta set epoch = 'another'");
  expect(await sealedOf(w)).toBeNull();
  t.clock.addMs(day);
  await backUpNow();
  expect(await sealedOf(w)).toBeNull();
  t.clock.addMs(15 * day);
  await backUpNow();
  expect(await sealedOf(w)).toEqual({ seq: 4, hash: entries[3]?.hash });
});

test('old feed rows go; a cursor from before them is told to begin anew, never that nothing happened', async () => {
  const w = new TestWriter(t.station.id);
  await t.upload(t.station, w, [w.write(feverBody(null))]);
  const cursorOf = async () =>
    (await readFeed(t.url, { token: t.station.token, beats: true }, (seen) => seen.length > 0))[0]?.cursor ?? '';
  const old = await cursorOf();
  await t.upload(t.station, w, [w.write(feverBody(null))]);
  t.clock.addMs(10 * day);
  await t.upload(t.station, w, [w.write(feverBody(null))]);
  const kept = await cursorOf();
  const nurse = await t.signIn('nurse');
  const before = (await t.hub.pool.query<{ n: number }>('select count(*) as n from feed')).rows[0]?.n ?? 0;
  expect(await pruneFeed(t.hub.pool, t.clock.nowMs() - 5 * day)).toBeGreaterThan(0);
  const after = (await t.hub.pool.query<{ n: number }>('select count(*) as n from feed')).rows[0]?.n ?? 0;
  expect(after).toBeLessThan(before);
  expect(after).toBeGreaterThan(0);
  // The board asks for everything when its cursor is refused; a station hears what holds now at once.
  expect((await t.call(`hub/feed?cursor=${encodeURIComponent(old)}`, { cookie: nurse })).status).toBe(400);
  const again = await readFeed(t.url, { token: t.station.token, cursor: old }, (seen) => seen.length >= 3);
  expect(again.filter(({ event }) => event.topic === 'case')).toHaveLength(3);
  // A cursor of now is good.
  const admission = [w.write(checkBody({})), w.write(feverBody(null))];
  const next = await readFeed(
    t.url,
    { token: t.station.token, cursor: kept },
    (seen) => seen.length > 0,
    async () => void (await t.upload(t.station, w, admission)),
  );
  expect(next[0]?.event).toMatchObject({ topic: 'case', caseId: admission[1]?.entryId });
});

test('processes of which no row is kept leave every cursor; who was away meanwhile begins anew, and numbers are not given twice', async () => {
  const cursorNow = async () =>
    (await readFeed(t.url, { token: t.station.token, beats: true }, (seen) => seen.length > 0))[0]?.cursor ?? '';
  const w = new TestWriter(t.station.id);
  await t.upload(t.station, w, [w.write(feverBody(null))]);
  await t.hub.pool.query(
    `with ids as (select 'dead' || i as id from generate_series(1, 1500) i), rows as (
       insert into feed (process_id, n, at_ms, audience, event) select id, 1, 0, 'all', '{"topic":"roster","version":1}' from ids)
     insert into feed_heads (process_id, n) select id, 1 from ids`,
  );
  const long = await cursorNow();
  expect(long.length).toBeGreaterThan(15_000);
  const fever = w.write(feverBody(null));
  const isTold = (seen: Readonly<Awaited<ReturnType<typeof readFeed>>>) =>
    seen.some(({ event }) => event.topic === 'case' && event.caseId === fever.entryId);
  const listening = readFeed(t.url, { token: t.station.token }, isTold);
  t.clock.addMs(40 * day);
  while ((await pruneFeed(t.hub.pool, t.clock.nowMs() - 30 * day)) > 0);
  const short = await cursorNow();
  expect(short.length).toBeLessThan(100);
  const nurse = await t.signIn('nurse');
  const answer = await fetch(`${t.url}hub/feed`, { headers: { cookie: nurse, 'last-event-id': long.slice(0, 8_000) } });
  expect(answer.status).toBe(400);
  // This hub had told all of its own rows long ago: the next ones have the next numbers, also when a transaction failed before.
  await new Promise((resolve) => setTimeout(resolve, 600));
  await expect(t.hub.ledger.exclusive(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  await t.upload(t.station, w, [fever]);
  const live = (await listening).at(-1)?.cursor ?? '';
  expect(live).toMatch(/^c1~[0-9a-f]{12}\.\d+~retired\.\d+$|^c1~retired\.\d+~[0-9a-f]{12}\.\d+$/);
  const numberIn = (cursor: string) => Number(new RegExp(`${t.hub.ledger.processId}\\.(\\d+)`).exec(cursor)?.[1]);
  expect(numberIn(live)).toBeGreaterThan(numberIn(long));
  const again = await readFeed(t.url, { token: t.station.token, cursor: short }, isTold);
  expect(again.at(-1)?.cursor.split('~').sort()).toEqual(live.split('~').sort());
});

test('FEED_DAYS has bounds', () => {
  expect(feedDaysOf(undefined)).toBe(30);
  expect(feedDaysOf('2')).toBe(2);
  for (const wrong of ['1', '0', '3651', '-3', 'many', '2.5']) expect(() => feedDaysOf(wrong)).toThrow('FEED_DAYS');
});
