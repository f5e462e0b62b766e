// From a fever at a gate to the clinic's board and back: cases, bars, steps, orders, feeds.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweepOrders } from '../../hub/orders.ts';
import { importRoster } from '../../hub/roster-import.ts';
import type { Referral } from '../../src/contracts/clinic.ts';
import type { DownlinkAnswer } from '../../src/contracts/downlink.ts';
import type { StoredReading } from '../../src/domain/entry.ts';
import { checkBody, feverBody, type ReadEvent, readFeed, startTestHub, type TestHub, TestWriter } from '../kit/hub.ts';

let t: TestHub;
let nurse: string;
let nextPerson = 0;
const day = 86_400_000;

beforeAll(async () => {
  t = await startTestHub();
  nurse = await t.signIn('nurse');
  const rows = Array.from({ length: 40 }, (_, i) => `P${i},Name ${i},student,unit,,${1_000 + i}`);
  await importRoster(t.hub.ledger, Buffer.from(`personId,name,category,unit,room,card\n${rows.join('\n')}`), {
    file: 'x',
    by: 'test',
    acceptValidRows: false,
  });
});
afterAll(() => t?.stop());

const person = () => `P${nextPerson++}`;
const board = async () =>
  (await t.call('hub/referrals', { cookie: nurse })).body as { cursor: string; referrals: Referral[] };
const card = async (caseId: string) =>
  ((await t.call(`hub/referrals/${caseId}`, { cookie: nurse })).body as { referral: Referral }).referral;
const down = async () =>
  (await t.call('hub/downlink?rosterVersion=0', { token: t.station.token })).body as DownlinkAnswer;
const barOf = async (personId: string) => (await down()).bars.find((bar) => bar.personId === personId) ?? null;
const step = (caseId: string, body: object, cookie = nurse) =>
  t.call(`hub/referrals/${caseId}/transition`, { cookie, body });
const contact = (centiCelsius: number): StoredReading => ({
  centiCelsius,
  site: 'axillary',
  mode: 'contact',
  method: 'contact',
  manual: true,
  typedBy: 'g1',
  deviceId: 'keypad',
  offsetCentiCelsius: 0,
  ageMs: 0,
  samples: [],
});

async function raise(
  personId: string | null = person(),
  wallMs = t.clock.nowMs(),
): Promise<{ caseId: string; personId: string; w: TestWriter }> {
  const w = new TestWriter(t.station.id);
  const fever = w.write(feverBody(personId), { wallMs });
  await t.upload(t.station, w, [fever]);
  return { caseId: fever.entryId, personId: personId ?? '', w };
}

/** Takes a fresh case up to re-measured with this reading. */
async function reMeasured(reading: object): Promise<{ caseId: string; personId: string }> {
  const { caseId, personId } = await raise();
  await step(caseId, { to: 'acknowledged', version: 1, how: 'escort' });
  await step(caseId, { to: 'arrived', version: 2 });
  const done = await step(caseId, {
    to: 're-measured',
    version: 3,
    centiCelsius: 3_660,
    site: 'axillary',
    symptoms: [],
    listedRegion: false,
    ...reading,
  });
  expect(done.status).toBe(200);
  return { caseId, personId };
}

test('a fever stands on the board with its person, bars at every gate, and its upload repeated rings nothing', async () => {
  const { cursor } = await board();
  const personId = person();
  const w = new TestWriter(t.station.id);
  const fever = w.write(feverBody(personId));
  await t.upload(t.station, w, [fever]);
  await t.upload(t.station, w, [fever]);
  const [shown] = (await board()).referrals.filter(({ caseId }) => caseId === fever.entryId);
  expect(shown).toMatchObject({
    state: 'raised',
    version: 1,
    shownTenths: 376,
    late: false,
    person: { personId, name: `Name ${personId.slice(1)}` },
  });
  expect(await barOf(personId)).toEqual({
    personId,
    order: null,
    beginDay: null,
    orderDay: null,
    untilDay: null,
    caseId: fever.entryId,
  });
  const other = await raise();
  const events = await readFeed(t.url, { cookie: nurse, cursor }, (seen) =>
    seen.some(({ event }) => event.topic === 'referral' && event.caseId === other.caseId),
  );
  expect(
    events
      .filter(({ event }) => event.topic === 'referral' && event.caseId === fever.entryId)
      .map(({ event }) => event),
  ).toEqual([{ topic: 'referral', caseId: fever.entryId, version: 1, rings: true }]);
});

test("a barred person's fever comes with the value that raised it, though the gate shows none", async () => {
  const w = new TestWriter(t.station.id);
  const readings = [{ ...contact(3_850), site: 'forehead', mode: 'forehead', method: 'infrared' } as const];
  const denied = { verdict: 'deny', reason: 'order-isolation', shownTenths: null } as const;
  const fever = w.write({ ...feverBody(person()), ...denied, readings });
  await t.upload(t.station, w, [fever]);
  expect(await card(fever.entryId)).toMatchObject({ reason: 'order-isolation', shownTenths: 385 });
});

test('a case received over 15 minutes after its passage is marked late', async () => {
  const { caseId } = await raise(person(), t.clock.nowMs() - 901_000);
  expect((await card(caseId)).late).toBe(true);
});

test('of two nurses at once one acknowledges and the other is shown how it stands', async () => {
  const { caseId } = await raise();
  const second = await t.signIn('nurse');
  const answers = await Promise.all([
    step(caseId, { to: 'acknowledged', version: 1, how: 'nurse-comes' }),
    step(caseId, { to: 'acknowledged', version: 1, how: 'escort' }, second),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  for (const { body } of answers)
    expect(body).toMatchObject({ referral: { caseId, version: 2, state: 'acknowledged' } });
  const entries = await t.hub.pool.query("select bytes from entries where kind = 'transition' and case_id = $1", [
    caseId,
  ]);
  expect(entries.rowCount).toBe(1);
});

test('the gate hears that the clinic has seen its case, without name or value', async () => {
  const { caseId } = await raise();
  const mine = (seen: readonly ReadEvent[]) =>
    seen.flatMap(({ event }) => (event.topic === 'case' && event.caseId === caseId ? [event] : []));
  const events = await readFeed(
    t.url,
    { token: t.station.token },
    (seen) => mine(seen).length >= 2,
    async () => {
      await step(caseId, { to: 'acknowledged', version: 1, how: 'nurse-comes' });
    },
  );
  expect(mine(events).at(-1)).toEqual({
    topic: 'case',
    caseId,
    station: t.station.id,
    state: 'acknowledged',
    how: 'nurse-comes',
    by: expect.stringContaining('nurse'),
    disposition: null,
    version: 2,
  });
  expect(events.some(({ event }) => event.topic === 'referral')).toBe(false);
});

test('a gate that begins to listen without a cursor is told how its own open cases stand, and of no others', async () => {
  const gate = await t.addStation();
  const w = new TestWriter(gate.id);
  const fever = w.write(feverBody(null));
  await t.upload(gate, w, [fever]);
  await step(fever.entryId, { to: 'acknowledged', version: 1, how: 'escort' });
  const events = await readFeed(t.url, { token: gate.token }, (seen) => seen.length > 0);
  expect(events.map(({ event }) => event)).toEqual([
    {
      topic: 'case',
      caseId: fever.entryId,
      station: gate.id,
      state: 'acknowledged',
      how: 'escort',
      by: expect.any(String),
      disposition: null,
      version: 2,
    },
  ]);
});

test.each([
  ['by ear', { site: 'ear' }, 'not-axillary'],
  ['at 37.3', { centiCelsius: 3_730 }, 'not-normal'],
  ['with a symptom', { symptoms: ['fatigue'] }, 'has-symptom'],
  ['after a listed region', { listedRegion: true }, 'listed-region'],
])('a case measured %s is not cleared, says what to do, and goes on barring', async (_name, reading, code) => {
  const { caseId, personId } = await reMeasured(reading);
  const answer = await step(caseId, { to: 'closed', version: 4, disposition: 'cleared' });
  expect([answer.status, answer.body]).toEqual([
    422,
    { error: { code, zh: expect.any(String), en: expect.any(String) } },
  ]);
  expect((await barOf(personId))?.caseId).toBe(caseId);
  expect((await card(caseId)).version).toBe(4);
});

test('a cleared case lifts the bar everywhere at once', async () => {
  const { caseId, personId } = await reMeasured({});
  const events = await readFeed(
    t.url,
    { token: (await t.addStation('zhuozhou')).token },
    (seen) => seen.length > 0,
    async () => {
      expect((await step(caseId, { to: 'closed', version: 4, disposition: 'cleared' })).status).toBe(200);
    },
  );
  expect(events[0]?.event).toEqual({ topic: 'bar', personId, bar: null });
  expect(await barOf(personId)).toBeNull();
});

test.each([
  ['observed', 'isolation', 7],
  ['home', 'home', 14],
  ['hospital', 'hospital', null],
] as const)('%s begins an order: %s', async (disposition, order, days) => {
  const { caseId, personId } = await reMeasured({ centiCelsius: 3_810 });
  const body = { to: 'closed', version: 4, disposition, ...(days === 7 ? { days } : {}) };
  expect((await step(caseId, body)).status).toBe(200);
  expect(await barOf(personId)).toMatchObject({
    order,
    caseId: null,
    untilDay: days === null ? null : expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
  });
});

test('refused and not reached keep the bar, and the person may still arrive', async () => {
  const { caseId, personId } = await raise();
  await step(caseId, { to: 'acknowledged', version: 1, how: 'escort' });
  await step(caseId, { to: 'closed', version: 2, disposition: 'not-reached' });
  expect((await barOf(personId))?.caseId).toBe(caseId);
  expect((await step(caseId, { to: 'arrived', version: 3 })).body).toMatchObject({
    referral: { state: 'arrived', disposition: null },
  });
});

test('a contact reading is added as evidence, also when it came before its case; a second high one rings', async () => {
  const { caseId, w } = await raise();
  const { cursor } = await board();
  await t.upload(t.station, w, [w.write({ kind: 'contact-reading', caseId, personId: null, reading: contact(3_660) })]);
  await t.upload(t.station, w, [w.write({ kind: 'contact-reading', caseId, personId: null, reading: contact(3_810) })]);
  expect((await card(caseId)).evidence.map(({ centiCelsius }) => centiCelsius)).toEqual([3_660, 3_810]);
  const events = await readFeed(t.url, { cookie: nurse, lastEventId: cursor }, (seen) => seen.length >= 2);
  expect(events.map(({ event }) => event.topic === 'referral' && event.rings)).toEqual([false, true]);
  const v = new TestWriter(t.station.id);
  const fever = v.write(feverBody(person()));
  await t.upload(t.station, v, [
    v.write({ kind: 'contact-reading', caseId: fever.entryId, personId: null, reading: contact(3_700) }),
  ]);
  await t.upload(t.station, v, [fever]);
  expect((await card(fever.entryId)).evidence).toHaveLength(1);
});

test('every step is an entry of the hub whose chain verifies and which names the actor by id', async () => {
  const { caseId } = await raise();
  await step(caseId, { to: 'acknowledged', version: 1, how: 'escort' });
  const row = await t.hub.pool.query<{ bytes: string }>(
    "select bytes from entries where kind = 'transition' and case_id = $1",
    [caseId],
  );
  expect(JSON.parse(row.rows[0]?.bytes ?? 'null')).toMatchObject({
    from: 'raised',
    to: 'acknowledged',
    by: expect.stringMatching(/^sf-/),
    detail: { how: 'escort' },
  });
  const starts = await t.hub.pool.query(
    "select 1 from entries where kind = 'writer-start' and station_id like 'hub-%'",
  );
  expect(starts.rowCount).toBe(1);
});

test('home observation runs out at midnight and asks the questions; isolation bars until a nurse signs', async () => {
  const [home, isolated] = [person(), person()];
  for (const [personId, order] of [
    [home, 'home'],
    [isolated, 'isolation'],
  ] as const) {
    expect(
      (
        await t.call('hub/orders', {
          cookie: nurse,
          body: { change: 'begin', personId, order, days: 1, reason: 'test' },
        })
      ).status,
    ).toBe(200);
  }
  expect((await barOf(home))?.order).toBe('home');
  t.clock.addMs(2 * day);
  nurse = await t.signIn('nurse');
  await sweepOrders(t.hub.ledger, t.clock);
  expect(await barOf(home)).toBeNull();
  expect((await down()).roster.people.find(({ personId }) => personId === home)?.questionsDue).toBe(true);
  expect((await barOf(isolated))?.order).toBe('isolation');
  await t.call('hub/orders', {
    cookie: nurse,
    body: { change: 'end', personId: isolated, order: 'isolation', reason: 'released' },
  });
  expect(await barOf(isolated)).toBeNull();
  // The next admission answers the questions; an older one, uploaded late, or one at a gate that had not heard of them does not.
  const w = new TestWriter(t.station.id);
  const due = async () => (await down()).roster.people.find(({ personId }) => personId === home)?.questionsDue;
  const rosterVersion = (await down()).roster.version;
  const admitted = (afterMs: number, known: number) =>
    w.write(checkBody({ personId: home, rosterVersion: known }), { wallMs: t.clock.nowMs() + afterMs });
  await t.upload(t.station, w, [admitted(-day, rosterVersion), admitted(1_000, 1)]);
  expect(await due()).toBe(true);
  await t.upload(t.station, w, [admitted(1_000, rosterVersion)]);
  expect(await due()).toBe(false);
});

test('a feed read in pieces across two hubs on one database loses nothing and repeats nothing', async () => {
  const url = (
    await t.hub.pool.query<{ port: number }>("select setting::int as port from pg_settings where name = 'port'")
  ).rows[0];
  expect(url).toBeDefined();
  const databaseUrl = String((t.hub.pool.options as { connectionString?: string }).connectionString);
  const other = await startTestHub({ databaseUrl, clock: t.clock });
  try {
    const { cursor } = await board();
    const raised: string[] = [];
    const raiseAt = async (hub: TestHub) => {
      const w = new TestWriter(hub.station.id);
      const fever = w.write(feverBody(null));
      raised.push(fever.entryId);
      await hub.upload(hub.station, w, [fever]);
    };
    const seen: ReadEvent[] = [];
    let from = cursor;
    for (let round = 0; round < 6; round++) {
      const writes = Promise.all(Array.from({ length: 5 }, (_, i) => raiseAt((i + round) % 2 === 0 ? t : other)));
      const part = await readFeed(
        round % 2 === 0 ? t.url : other.url,
        { cookie: nurse, cursor: from },
        (events) => events.length >= 3,
      );
      seen.push(...part);
      from = part.at(-1)?.cursor ?? from;
      await writes;
    }
    const missing = raised.length - seen.length;
    if (missing > 0)
      seen.push(...(await readFeed(other.url, { cookie: nurse, cursor: from }, (events) => events.length >= missing)));
    const ids = seen.map(({ event }) => (event.topic === 'referral' ? event.caseId : event.topic));
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual([...raised].sort());
  } finally {
    await other.stop();
  }
});

test('a feed begins with a heartbeat that carries the cursor, and a wrong cursor is refused', async () => {
  const [first] = await readFeed(t.url, { cookie: nurse, beats: true }, (events) => events.length > 0);
  expect(first).toMatchObject({ cursor: expect.stringMatching(/^c1/), event: { topic: 'heartbeat' } });
  expect((await t.call('hub/feed?cursor=nonsense', { cookie: nurse })).status).toBe(400);
});

test('an unknown case is 404', async () => {
  expect((await t.call(`hub/referrals/${randomUUID()}`, { cookie: nurse })).status).toBe(404);
  expect((await step(randomUUID(), { to: 'arrived', version: 1 })).status).toBe(404);
});
