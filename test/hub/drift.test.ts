// Drift at the hub: hourly medians from the entries, each counted once, against the neighbours and the day before; 0.3 is
// shown, 0.5 is an alarm that is told once.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { watchDrift } from '../../hub/drift.ts';
import { hourMs } from '../../hub/drift-count.ts';
import { driftAnswer } from '../../src/contracts/drift.ts';
import type { CheckBody } from '../../src/domain/entry.ts';
import { admission } from '../device/bridge-kit.ts';
import { checkBody, startTestHub, type TestHub, type TestStation, TestWriter } from '../kit/hub.ts';

let t: TestHub;
let office = '';
beforeAll(async () => {
  t = await startTestHub();
  office = await t.signIn('office');
});
afterAll(() => t.stop());

/** Begin of the last hour that is closed for certain. */
const lastHour = () => Math.floor((t.clock.nowMs() - 300_000) / hourMs) * hourMs - hourMs;

/** An admission on a live infrared reading. */
function reads(centiCelsius: number): CheckBody {
  const { readings } = admission();
  return checkBody({ readings: readings.map((one) => ({ ...one, centiCelsius })) });
}

/** `count` admissions of this station around `centi`, in the hour that begins at `hour`. */
async function hourOf(
  station: TestStation,
  centi: number,
  hour: number,
  count = 12,
  writer = new TestWriter(station.id),
) {
  const entries = Array.from({ length: count }, (_, i) =>
    writer.write(reads(centi + (i % 3) - 1), { wallMs: hour + i * 60_000 }),
  );
  await t.upload(station, writer, entries);
  return { writer, entries };
}
const answer = async () => driftAnswer.parse((await t.call('hub/office/drift', { cookie: office })).body);
const watch = () => watchDrift(t.hub.ledger, t.hub.pool, t.clock);

test('a gate that lies 0.5 from its neighbours is an alarm, once; 0.3 is shown; the same campus alone counts', async () => {
  const [a, b, c, far] = [t.station, await t.addStation(), await t.addStation(), await t.addStation('xian')];
  const hour = lastHour();
  await hourOf(a, 3_640, hour);
  await hourOf(b, 3_640, hour);
  await hourOf(c, 3_690, hour);
  await hourOf(far, 3_700, hour);
  expect(await watch()).toBe(1);
  expect(await watch()).toBe(0);
  const rows = (await answer()).rows.filter(({ hourMs: at }) => at === hour);
  const of = (station: TestStation) => rows.find((row) => row.station.id === station.id);
  expect(of(c)).toMatchObject({
    ...{ medianCenti: 3_690, readings: 12, neighboursCenti: 3_640, neighbours: 2, level: 'alarm' },
    ...{ fromNeighboursTenths: 5, yesterdayCenti: null, fromYesterdayTenths: null },
  });
  // Its neighbours are 36.4 and 36.9: half of the way is 0.25, told as 0.3.
  expect(of(a)).toMatchObject({ neighboursCenti: 3_665, fromNeighboursTenths: -3, level: 'shown' });
  expect(of(far)).toMatchObject({ neighboursCenti: null, neighbours: 0, level: 'quiet' });
  const entries = await t.hub.pool.query("select bytes from entries where kind = 'drift'");
  expect(entries.rows.map(({ bytes }) => JSON.parse(bytes))).toMatchObject([{ stationId: c.id, medianCenti: 3_690 }]);
  const feed = await t.hub.pool.query('select audience from feed where event like \'%"drift"%\'');
  expect(feed.rows).toEqual([{ audience: 'clinic' }]);
});

test('each entry counts once, whatever is uploaded again, and nothing beyond a gap', async () => {
  const station = await t.addStation('nanjing');
  const hour = lastHour();
  const { writer, entries } = await hourOf(station, 3_650, hour);
  await watch();
  await t.upload(station, writer, entries);
  const later = Array.from({ length: 3 }, () => writer.write(reads(3_650), { wallMs: hour }));
  await t.upload(station, writer, later.slice(1));
  await watch();
  const counted = async () =>
    (await t.hub.pool.query('select sum(n)::int as n from drift_counts where station_id = $1', [station.id])).rows[0]
      ?.n;
  expect(await counted()).toBe(12);
  await t.upload(station, writer, later.slice(0, 1));
  await watch();
  expect(await counted()).toBe(15);
});

test('a gate is held against its own same hour of the day before; too few readings say nothing', async () => {
  const [station, quiet] = [await t.addStation('wuhan'), await t.addStation('lanzhou')];
  const hour = lastHour();
  await hourOf(station, 3_600, hour - 86_400_000);
  await hourOf(station, 3_640, hour);
  await hourOf(quiet, 3_640, hour, 9);
  await watch();
  const { rows } = await answer();
  expect(rows.find((row) => row.station.id === station.id)).toMatchObject({
    ...{ yesterdayCenti: 3_600, fromYesterdayTenths: 4, level: 'shown' },
  });
  expect(rows.some((row) => row.station.id === quiet.id)).toBe(false);
});

test('the office sees what bridges told of their thermometers; a station and a guard do not', async () => {
  const writer = new TestWriter(t.station.id);
  const wave = writer.write({
    ...{ kind: 'instrument', act: 'wave-through', deviceId: 'thermometer-1', profile: 'gy-mcu90614', by: null },
    ...{ outcome: 'noted', powerOnWallMs: null, measures: [], differenceTenths: null, slopePercent: null },
    ...{ note: 'same-value', count: 8, policyVersion: 0 },
  });
  expect((await t.upload(t.station, writer, [wave])).results[0]?.status).toBe('stored');
  expect((await answer()).instruments).toMatchObject([{ act: 'wave-through', note: 'same-value', count: 8 }]);
  expect((await t.call('hub/office/drift', { cookie: await t.signIn('guard') })).status).toBe(403);
  expect((await t.call('hub/office/drift', { token: t.station.token })).status).toBe(401);
  expect((await t.call('hub/office/drift', { cookie: await t.signIn('nurse') })).status).toBe(200);
});
