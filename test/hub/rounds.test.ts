// Rounds at the hub: marks of several tablets become one sheet; gates count; a fever raises a case; who is missing is named.
import { webcrypto } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importRoster } from '../../hub/roster-import.ts';
import { putStaff } from '../../hub/staff.ts';
import type { Referral } from '../../src/contracts/clinic.ts';
import type { DownlinkAnswer } from '../../src/contracts/downlink.ts';
import { missingAnswer, roundsAnswer, type SheetRow, sheetAnswer } from '../../src/contracts/rounds.ts';
import { addDays, campusDay, startOfDayMs } from '../../src/domain/campus-day.ts';
import type { EntryBody } from '../../src/domain/entry.ts';
import { batchEnd, batchText, possessionText } from '../../src/domain/evidence.ts';
import type { RoundMarkBody } from '../../src/domain/round.ts';
import { typedReading } from '../../src/domain/round-value.ts';
import { checkBody, startTestHub, type TestHub, type TestStation, TestWriter } from '../kit/hub.ts';

let t: TestHub;
let office: string;
let anna: string;
let tablet: TestStation;
let nurse: string;
const nowMs = Date.now();
const roundDay = campusDay(nowMs);
const at = (clock: string) => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return startOfDayMs(roundDay) + (hours * 60 + minutes) * 60_000;
};

/** Six people in two rooms of each of four buildings: personIds A101 to D106. */
beforeAll(async () => {
  t = await startTestHub();
  // Noon: the early round is over, and the late one has not begun.
  t.clock.addMs(at('12:00') - Date.now());
  const rows = ['A', 'B', 'C', 'D', 'E'].flatMap((house) =>
    Array.from({ length: 6 }, (_, i) => {
      const unit = i < 4 ? '计算机学院' : '环境学院';
      return `${house}10${i + 1},张三${house}${i},本科生,${unit},${house}楼 40${1 + Math.floor(i / 3)}-${1 + (i % 3)},${house}班,${i === 5 ? 'away' : 'on-campus'}`;
    }),
  );
  await importRoster(t.hub.ledger, Buffer.from(`personId,name,category,unit,room,class,presence\n${rows.join('\n')}`), {
    file: 'x',
    by: 'test',
    acceptValidRows: false,
  });
  [office, nurse, tablet] = [await t.signIn('office'), await t.signIn('nurse'), await t.addStation()];
  anna = await signedIn('dorm-manager', 'Anna', ['building', 'A楼']);
});
afterAll(() => t?.stop());

async function signedIn(
  role: 'dorm-manager' | 'counsellor' | 'class-teacher',
  name: string,
  [kind, value]: [string, string],
): Promise<string> {
  const password = 'a long password';
  const { staffId } = await putStaff(t.hub.pool, { name, role, password, once: false, pin: null }, t.clock.nowMs());
  await t.hub.pool.query('insert into staff_scopes (staff_id, kind, value) values ($1, $2, $3)', [
    staffId,
    kind,
    value,
  ]);
  const answer = await t.call('hub/session', { body: { name, password } });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

const round = (place: string) => ({ roundDay, window: 'early', scope: 'building', place }) as const;
const mark = (personId: string, tenths: number | null, more: Partial<RoundMarkBody> = {}): RoundMarkBody => ({
  kind: 'round-mark',
  ...round(`${personId[0]}楼`),
  personId,
  room: null,
  reading: tenths === null ? null : typedReading(tenths, 'anna', { site: 'forehead', method: 'infrared' }),
  symptoms: [],
  lateReason: null,
  policyVersion: 0,
  caseNo: null,
  by: 'anna',
  ...more,
});
const send = async (writer: TestWriter, bodies: readonly EntryBody[], clock = '07:00') => {
  const envelopes = bodies.map((body) => writer.write(body, { wallMs: at(clock) }));
  const answer = await t.upload(tablet, writer, envelopes);
  expect(answer.results.map(({ status }) => status)).toEqual(bodies.map(() => 'stored'));
  return envelopes.map(({ entryId }) => entryId);
};
const sheetOf = async (building: string, cookie = office, since = '') => {
  const query = new URLSearchParams({ building, day: roundDay, window: 'early', since });
  const answer = await t.call(`hub/rounds/sheet?${query}`, { cookie });
  expect(answer.status).toBe(200);
  return sheetAnswer.parse(answer.body);
};
const rowOf = async (personId: string): Promise<SheetRow> => {
  const row = (await sheetOf(`${personId[0]}楼`)).sheet?.people.find((one) => one.personId === personId);
  if (row === undefined) throw new Error(`${personId} is not on the sheet`);
  return row;
};
const caseOf = async (personId: string) => {
  const answer = await t.call('hub/referrals', { cookie: nurse });
  return (answer.body as { referrals: Referral[] }).referrals.filter(({ person }) => person?.personId === personId);
};

test('a reading at a gate inside the window counts with its source, one outside does not', async () => {
  const writer = new TestWriter(t.station.id);
  const pass = (personId: string, shownTenths: number, clock: string) =>
    writer.write(checkBody({ personId, shownTenths }), { wallMs: at(clock) });
  await t.upload(t.station, writer, [
    pass('B101', 365, '07:12'),
    pass('B102', 365, '06:10'),
    pass('B103', 371, '08:29'),
  ]);
  const [first, second, third] = [await rowOf('B101'), await rowOf('B102'), await rowOf('B103')];
  expect(first).toMatchObject({
    state: { class: 'normal', source: 'gate', tenths: 365 },
    gate: [{ station: 'North gate', atMs: at('07:12') }],
  });
  expect(second.state.class).toBe('missing');
  expect(third.state.class).toBe('borderline');
});

describe('building A', () => {
  const [one, two] = [new TestWriter(''), new TestWriter('')];
  const writers = () =>
    [one, two].map((writer) => Object.assign(writer, { stationId: tablet.id })) as [TestWriter, TestWriter];

  test('an empty sheet names everybody expected as missing, by room and bed', async () => {
    const { sheet } = await sheetOf('A楼', anna);
    expect(sheet?.figures).toMatchObject({ expected: 5, measured: 0, missing: 5 });
    expect(sheet?.complete).toBe(false);
    expect(sheet?.people.map(({ personId, room, bed }) => [personId, room, bed])).toEqual([
      ['A101', '401', '1'],
      ['A102', '401', '2'],
      ['A103', '401', '3'],
      ['A104', '402', '1'],
      ['A105', '402', '2'],
      ['A106', '402', '3'],
    ]);
    expect(sheet?.people.at(-1)).toMatchObject({ expected: false, excuse: 'away' });
    const reads = await t.hub.pool.query("select target from reads where what = 'round' and target like '%A楼'");
    expect(reads.rows).toEqual([{ target: `${roundDay} early building A楼` }]);
  });

  test('marks of two writers at one time are all kept, and both browsers see one sheet', async () => {
    const [a, b] = writers();
    const before = await sheetOf('A楼', anna);
    expect((await sheetOf('A楼', office, before.version)).sheet).toBeNull();
    await Promise.all([
      send(a, [mark('A101', 364), mark('A102', 371), mark('A103', 362)]),
      send(b, [mark('A103', 366, { by: 'ben' }), mark('A104', 365, { by: 'ben' })]),
    ]);
    const [seenByAnna, seenByOffice] = [await sheetOf('A楼', anna, before.version), await sheetOf('A楼', office)];
    expect(seenByAnna.version).toBe(seenByOffice.version);
    expect(seenByAnna.sheet).toEqual(seenByOffice.sheet);
    expect(seenByAnna.sheet?.figures).toEqual({
      expected: 5,
      measured: 4,
      normal: 3,
      borderline: 1,
      abnormal: 0,
      symptoms: 0,
      absent: 0,
      missing: 1,
    });
    const both = await rowOf('A103');
    expect(both.records.map(({ tenths }) => tenths).sort()).toEqual([362, 366]);
    expect(both.state.alsoBy).toHaveLength(1);
  });

  test('an upload repeated changes nothing', async () => {
    const writer = new TestWriter(tablet.id);
    const envelope = writer.write(mark('A104', 367), { wallMs: at('07:05') });
    await t.upload(tablet, writer, [envelope]);
    const { version } = await sheetOf('A楼');
    await t.upload(tablet, writer, [envelope]);
    expect((await sheetOf('A楼', office, version)).sheet).toBeNull();
  });

  test('an entry after the window is kept and marked late, and after half an hour it wants a reason', async () => {
    const writer = new TestWriter(tablet.id);
    await send(writer, [mark('A101', 365)], '08:45');
    expect((await rowOf('A101')).state).toMatchObject({ tenths: 365, timing: 'late', reasonDue: false });
    await send(writer, [mark('A101', 366)], '09:10');
    expect((await rowOf('A101')).state).toMatchObject({ timing: 'very-late', reasonDue: true });
    await send(writer, [mark('A101', 363, { lateReason: '停电' })], '09:12');
    expect((await rowOf('A101')).state).toMatchObject({ tenths: 363, timing: 'very-late', reasonDue: false });
  });

  test('what is taken back counts no more and is still told', async () => {
    const writer = new TestWriter(tablet.id);
    const [entryId = ''] = await send(writer, [mark('A105', 364)]);
    expect((await rowOf('A105')).state.class).toBe('normal');
    await send(writer, [{ kind: 'round-undo', ...round('A楼'), undoes: entryId, personId: 'A105', by: 'anna' }]);
    expect(await rowOf('A105')).toMatchObject({ state: { class: 'missing' }, records: [{ entryId, undone: true }] });
  });

  test('closing names the missing, and the office sees them by college and by building', async () => {
    const writer = new TestWriter(tablet.id);
    const { sheet } = await sheetOf('A楼');
    const figures = sheet?.figures;
    if (figures === undefined) throw new Error('no sheet');
    const missing = [{ personId: 'A105', reason: 'no-answer' }] as const;
    await send(
      writer,
      [{ kind: 'round-close', ...round('A楼'), figures, missing: [...missing], lateReason: null, by: 'anna' }],
      '08:40',
    );
    const answer = missingAnswer.parse(
      (await t.call(`hub/rounds/missing?day=${roundDay}&window=early`, { cookie: office })).body,
    );
    expect(answer.figures).toMatchObject({ expected: 25, missing: 19 });
    expect(answer.byPlace.find(({ name }) => name === 'A楼')).toMatchObject({
      missing: 1,
      overdue: false,
      closing: { late: true, missing: 1, by: { staffId: 'anna' } },
    });
    expect(answer.byPlace.find(({ name }) => name === 'B楼')).toMatchObject({
      missing: 3,
      overdue: true,
      closing: null,
    });
    expect(answer.byUnit).toEqual([
      { name: '计算机学院', expected: 20, missing: 14 },
      { name: '环境学院', expected: 5, missing: 5 },
    ]);
    expect(answer.people.find(({ personId }) => personId === 'A105')).toMatchObject({
      reason: 'no-answer',
      unit: '环境学院',
      room: '402',
    });
  });
});

test('a fever from a bed raises one case with its room and the room-mates, and a second reading is its evidence', async () => {
  const writer = new TestWriter(tablet.id);
  const [entryId = ''] = await send(writer, [mark('C101', 376)]);
  const [card] = await caseOf('C101');
  expect(card).toMatchObject({
    caseId: entryId,
    source: 'round',
    reason: 'fever',
    shownTenths: 376,
    place: 'C楼 401-1',
    roomMates: [
      { personId: 'C102', name: '张三C1' },
      { personId: 'C103', name: '张三C2' },
    ],
  });
  const reading = typedReading(379, 'anna', { site: 'axillary', method: 'contact' });
  await send(writer, [{ kind: 'contact-reading', caseId: entryId, personId: 'C101', reading }]);
  expect((await caseOf('C101'))[0]).toMatchObject({ version: 2, evidence: [{ centiCelsius: 3790 }] });
  await send(new TestWriter(tablet.id), [mark('C101', 364, { by: 'ben' })]);
  expect((await rowOf('C101')).state).toMatchObject({ class: 'abnormal', tenths: 376, alsoBy: [{ staffId: 'ben' }] });
  const { bars } = (await t.call('hub/downlink?rosterVersion=0', { token: tablet.token })).body as DownlinkAnswer;
  expect(bars.find(({ personId }) => personId === 'C101')).toMatchObject({ caseId: entryId });
});

test('a second fever of the same person is evidence of the open case, also for the contact reading that follows it', async () => {
  await send(new TestWriter(tablet.id), [mark('C104', 374)]);
  const writer = new TestWriter(tablet.id);
  const [other = ''] = await send(writer, [mark('C104', 377, { by: 'ben' })]);
  const reading = typedReading(378, 'ben', { site: 'axillary', method: 'contact' });
  await send(writer, [{ kind: 'contact-reading', caseId: other, personId: 'C104', reading }]);
  const cases = await caseOf('C104');
  expect(cases).toHaveLength(1);
  expect(cases[0]?.evidence.map(({ centiCelsius }) => centiCelsius)).toEqual([3770, 3780]);
});

test('symptoms alone, a second low value by hand, and somebody unregistered with a fever reach the clinic too', async () => {
  const writer = new TestWriter(tablet.id);
  await send(writer, [mark('D101', null, { symptoms: ['dry-cough'] }), mark('D102', 348)]);
  expect((await caseOf('D101'))[0]).toMatchObject({ reason: 'symptoms', shownTenths: null });
  expect((await rowOf('D102')).state).toMatchObject({ class: 'missing', unmeasurable: false });
  expect(await caseOf('D102')).toEqual([]);
  await send(writer, [mark('D102', 346)]);
  expect((await caseOf('D102'))[0]).toMatchObject({ reason: 'unmeasurable' });
  expect((await rowOf('D102')).state).toMatchObject({ class: 'abnormal', unmeasurable: true });
  const reading = typedReading(381, 'anna', { site: 'forehead', method: 'infrared' });
  await send(writer, [
    { kind: 'found-unregistered', ...round('D楼'), room: '401', note: '访客', reading, symptoms: [], by: 'anna' },
  ]);
  const referrals = ((await t.call('hub/referrals', { cookie: nurse })).body as { referrals: Referral[] }).referrals;
  expect(referrals.find(({ person, source }) => person === null && source === 'round')).toMatchObject({
    reason: 'urgent',
    place: 'D楼 401',
    roomMates: [{ personId: 'D101' }, { personId: 'D102' }, { personId: 'D103' }],
  });
  expect((await sheetOf('D楼')).sheet?.found).toMatchObject([{ room: '401', note: '访客', tenths: 381 }]);
});

test('leave, isolation and a watch mark: who is excused is not expected, and who is watched comes first', async () => {
  const writer = new TestWriter(tablet.id);
  const leave = {
    kind: 'absence',
    ...round('E楼'),
    personId: 'E101',
    reason: 'leave',
    untilDay: roundDay,
    note: '',
    lateReason: null,
    by: 'anna',
  } as const;
  await send(writer, [leave]);
  expect((await rowOf('E101')).state).toMatchObject({ class: 'absent' });
  const late = sheetAnswer.parse(
    (
      await t.call(`hub/rounds/sheet?building=${encodeURIComponent('E楼')}&day=${roundDay}&window=late`, {
        cookie: office,
      })
    ).body,
  );
  expect(late.sheet?.people.find(({ personId }) => personId === 'E101')).toMatchObject({
    expected: false,
    excuse: 'leave',
  });
  for (const [personId, order] of [
    ['E102', 'isolation'],
    ['E105', 'watch'],
  ])
    await t.call('hub/orders', { cookie: nurse, body: { change: 'begin', personId, order, days: 14, reason: 'x' } });
  await send(writer, [mark('E103', 364)]);
  const { sheet } = await sheetOf('E楼');
  expect(sheet?.people[0]).toMatchObject({ personId: 'E105', watchDay: 1 });
  expect(sheet?.people.find(({ personId }) => personId === 'E102')).toMatchObject({
    expected: false,
    excuse: 'isolation',
  });
  expect(sheet?.figures).toMatchObject({ expected: 4, measured: 1, absent: 1, missing: 2 });
});

test('each sees the own: a manager the building, a counsellor the students, a class teacher the class', async () => {
  const places = async (cookie: string, query = '') => {
    const answer = await t.call(`hub/rounds?day=${roundDay}${query}`, { cookie });
    return roundsAnswer.parse(answer.body).places.map(({ place }) => place);
  };
  expect(await places(anna, '&window=early')).toEqual(['A楼']);
  expect((await places(office, '&window=early')).sort()).toEqual(['A楼', 'B楼', 'C楼', 'D楼', 'E楼']);
  const foreign = await t.call(`hub/rounds/sheet?building=${encodeURIComponent('B楼')}`, { cookie: anna });
  expect([foreign.status, foreign.body]).toMatchObject([403, { error: { code: 'scope-missing' } }]);
  const counsellor = await signedIn('counsellor', 'Cai', ['unit', '环境学院']);
  const own = missingAnswer.parse(
    (await t.call(`hub/rounds/missing?day=${roundDay}&window=early`, { cookie: counsellor })).body,
  );
  expect(own.byUnit.map(({ name }) => name)).toEqual(['环境学院']);
  expect(own.people.every(({ unit }) => unit === '环境学院')).toBe(true);
  expect((await t.call('hub/rounds', { cookie: await t.signIn('guard') })).status).toBe(403);
  const teacher = await signedIn('class-teacher', 'Tao', ['class', 'B班']);
  expect(await places(teacher, '&window=morning&scope=class')).toEqual(['B班']);
  const query = new URLSearchParams({ class: 'B班', day: roundDay, window: 'morning' });
  const sheet = sheetAnswer.parse((await t.call(`hub/rounds/sheet?${query}`, { cookie: teacher })).body).sheet;
  expect(sheet).toMatchObject({ scope: 'class', figures: { expected: 5 } });
  // By number, and each dwelling whole: members of a class live in any building.
  expect(sheet?.people.map(({ personId, floor, room, bed }) => [personId, floor, room, bed])).toEqual(
    Array.from({ length: 6 }, (_, i) => [`B10${i + 1}`, '', `B楼 40${1 + Math.floor(i / 3)}-${1 + (i % 3)}`, null]),
  );
  for (const bad of ['day=2020-02-31', 'day=1999-01-01', 'window=morning', 'window=noon', 'scope=x'])
    expect([bad, (await t.call(`hub/rounds?${bad}`, { cookie: office })).status]).toEqual([bad, 400]);
});

test("a page of the hub's own origin enrols with a WebCrypto key and uploads with it, session or not", async () => {
  const { subtle } = webcrypto;
  const pair = (await subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const key = Buffer.from(await subtle.exportKey('raw', pair.publicKey)).toString('base64');
  const sign = async (text: string) =>
    Buffer.from(await subtle.sign('Ed25519', pair.privateKey, new TextEncoder().encode(text))).toString('base64');
  const admin = await t.signIn('admin');
  const made = (await t.call('hub/office/pairing', { cookie: admin, body: { name: 'A 楼平板', campus: 'beijing' } }))
    .body as { code: string };
  const proof = await sign(possessionText('enrol', made.code, key));
  const enrolled = await t.call('hub/station/enrol', {
    body: { contract: 1, code: made.code, place: null, publicKey: key, proof },
  });
  expect(enrolled).toMatchObject({ status: 200, body: { station: { name: 'A 楼平板', campus: 'beijing' } } });
  const { station, token } = enrolled.body as { station: { id: string }; token: string };
  const writer = new TestWriter(station.id);
  const entries = [writer.write(mark('A102', 363), { wallMs: at('07:30') })];
  const body = { contract: 1, writerId: writer.writerId, receiptedSeq: 0, epoch: null, entries };
  const statement = batchText({
    station: station.id,
    epoch: null,
    writer: writer.writerId,
    end: batchEnd(writer.writerId, entries),
    holding: 'held',
  });
  const headers = { 'mengang-signature': `v1 ${key} held ${await sign(statement)}` };
  const answer = await t.call('hub/entries', { token, cookie: anna, body, headers });
  expect(answer.body).toMatchObject({ results: [{ status: 'stored' }] });
  expect((await t.call('hub/entries', { token, cookie: anna, body })).body).toMatchObject({
    error: { code: 'signature-missing' },
  });
  expect((await t.call('hub/downlink?rosterVersion=0', { token, cookie: anna })).status).toBe(200);
  expect((await rowOf('A102')).state.tenths).toBe(363);
});

test('who was borderline is first in the next round, wherever and however long ago, until one reading below 37.0', async () => {
  const lateRow = async (personId: string) => {
    const query = new URLSearchParams({ building: `${personId[0]}楼`, day: roundDay, window: 'late' });
    const { sheet } = sheetAnswer.parse((await t.call(`hub/rounds/sheet?${query}`, { cookie: office })).body);
    return sheet?.people.find((one) => one.personId === personId);
  };
  const writer = new TestWriter(t.station.id);
  const pass = (personId: string, shownTenths: number, clock: string) => {
    const reason = shownTenths >= 370 ? 'borderline' : 'normal';
    return writer.write(checkBody({ personId, shownTenths, reason }), { wallMs: at(clock) });
  };
  const hand = new TestWriter(tablet.id);
  const before = { roundDay: addDays(roundDay, -2), window: 'late' } as const;
  await send(hand, [mark('B105', 371, before), mark('D103', 371, before), mark('D104', 371, before)], '-28:00');
  await send(hand, [mark('D103', 346)], '07:00');
  await t.upload(t.station, writer, [
    // Between two rounds, and in the half hour in which marks already count for the next one.
    pass('B101', 371, '10:30'),
    pass('B104', 371, '19:45'),
    pass('D104', 365, '10:40'),
  ]);
  const looked = ['B101', 'B104', 'B105', 'D103', 'D104'].map(async (id) => [id, (await lateRow(id))?.looked]);
  expect(Object.fromEntries(await Promise.all(looked))).toEqual({
    B101: true,
    B104: true,
    B105: true,
    D103: true,
    D104: false,
  });
  expect((await lateRow('B101'))?.state.class).toBe('missing');
});
