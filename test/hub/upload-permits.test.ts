// A flood of stations after an outage: the order in which they are served, and that nothing of it is lost.
import { afterEach, expect, it } from 'vitest';
import { Refusal } from '../../hub/refusal.ts';
import { createPermits, limits } from '../../hub/upload-permits.ts';
import { feverBody, startTestHub, type TestHub, TestWriter } from '../kit/hub.ts';

let t: TestHub | null = null;
afterEach(async () => {
  await t?.stop();
  t = null;
});

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('a few batches at a time, a place kept for referrals, every station once before any station twice', async () => {
  const permits = createPermits();
  const order: string[] = [];
  const ends: (() => void)[] = [];
  const ask = (stationId: string, entries: number, name: string) =>
    void permits.turn(stationId, entries).then((stored) => {
      order.push(name);
      ends.push(stored);
    });
  for (let n = 1; n <= 7; n++) ask('a', 2_000, `a${n}`);
  ask('b', 2_000, 'b1');
  await settled();
  const usual = limits.together - limits.keptForUrgent;
  expect(order).toEqual(['a1', 'a2', 'a3', 'a4', 'a5'].slice(0, usual));
  ask('c', 1, 'referral');
  await settled();
  expect(order.at(-1)).toBe('referral');
  expect(permits.waiting()).toBe(3);
  ends[0]?.();
  ends[0]?.(); // telling it twice gives no second place
  ends[usual]?.();
  await settled();
  expect(order.slice(usual + 1)).toEqual(['b1']);
  ends[1]?.();
  await settled();
  expect(order.slice(usual + 1)).toEqual(['b1', 'a6']);
});

it('a station that holds its share is told to wait a second; others are not', () => {
  const permits = createPermits();
  const leave = Array.from({ length: limits.perStation }, () => permits.enter('a'));
  expect(() => permits.enter('a')).toThrow(Refusal);
  expect(() => permits.enter('b')).not.toThrow();
  leave[0]?.();
  leave[0]?.();
  permits.enter('a');
  expect(() => permits.enter('a')).toThrow(Refusal);
});

it('too many waiting are sent away with a time to come back', async () => {
  const permits = createPermits();
  for (let n = 0; n < limits.together - limits.keptForUrgent + limits.waiting; n++) void permits.turn(`s${n}`, 2_000);
  await expect(async () => permits.turn('one more', 2_000)).rejects.toMatchObject({ status: 503, retryAfterS: 1 });
});

it('sixty stations with backlogs at once: a referral is answered before them, and every entry is stored once', async () => {
  t = await startTestHub();
  const hub = t;
  const stations = await Promise.all(Array.from({ length: 60 }, () => hub.addStation()));
  // So many stations that one behind another the referral would come after nine tenths of them.
  const backlogEntries = 300;
  let answered = 0;
  // Written before any is sent: the referral shall come right behind the last of them.
  const written = stations.map((station) => {
    const writer = new TestWriter(station.id);
    return { station, writer, entries: writer.admissions(backlogEntries) };
  });
  const gate = new TestWriter(hub.station.id);
  const fever = gate.write(feverBody(null));
  const backlog = written.map(async ({ station, writer, entries }) => {
    await hub.upload(station, writer, entries);
    answered += 1;
  });
  await hub.upload(hub.station, gate, [fever]);
  console.info(`${answered} of ${stations.length} backlogs answered before the referral`);
  expect(answered).toBeLessThan(stations.length - limits.together);
  await Promise.all(backlog);
  expect((await hub.hub.pool.query("select 1 from entries where kind = 'check'")).rowCount).toBe(
    stations.length * backlogEntries + 1,
  );
});

it('one station that sends more than its share at once gets 429 with Retry-After, and nothing of it is stored', async () => {
  t = await startTestHub();
  const hub = t;
  const writer = new TestWriter(hub.station.id);
  const entries = writer.admissions(300);
  const body = { contract: 1, writerId: writer.writerId, receiptedSeq: 0, epoch: null, entries };
  const answers = await Promise.all(
    Array.from({ length: 3 * limits.perStation }, () => hub.call('hub/entries', { token: hub.station.token, body })),
  );
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]?.headers.get('retry-after')).toBe('1');
  expect(refused[0]?.body).toMatchObject({ error: { code: 'station-busy' } });
  expect((await hub.hub.pool.query('select 1 from entries where writer_id = $1', [writer.writerId])).rowCount).toBe(
    300,
  );
});
