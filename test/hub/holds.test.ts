// Holds, visitors, permits, search keys and slips at a real hub.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packSlip } from '../../device/slip.ts';
import { padDigits, searchKeysOf } from '../../hub/search-keys.ts';
import { downlinkAnswer } from '../../src/contracts/downlink.ts';
import { type HoldRow, holdsAnswer, permitsAnswer, slipAnswer } from '../../src/contracts/hold.ts';
import { addDays, campusDay } from '../../src/domain/campus-day.ts';
import type { CheckBody, EntryBody, VisitorBody } from '../../src/domain/entry.ts';
import { limits as slipLimits } from '../../src/domain/slip.ts';
import { checkBody, feverBody, readFeed, startTestHub, type TestHub, TestWriter } from '../kit/hub.ts';
import { newTestKey, signatureOf } from '../kit/signing.ts';

let hub: TestHub;
let affairs: string;
let security: string;
let nurse: string;
let writer: TestWriter;
const key = newTestKey();

beforeAll(async () => {
  hub = await startTestHub();
  [affairs, security, nurse] = [
    await hub.signIn('student-affairs'),
    await hub.signIn('security'),
    await hub.signIn('nurse'),
  ];
  writer = new TestWriter(hub.station.id);
  const admin = await hub.signIn('admin');
  const csv =
    '学号,姓名,类别,单位,宿舍,卡面号,在校状态\n2019001,张伟,本科生,计算机学院,3-402,0000000001,离校\n2019002,李娜,本科生,外语学院,,0000000002,在校\n';
  const done = await hub.call('hub/roster/import?file=a.csv', { cookie: admin, raw: csv });
  expect(done.status).toBe(200);
});
afterAll(() => hub?.stop());

const holds = async (cookie: string) => holdsAnswer.parse((await hub.call('hub/holds', { cookie })).body).holds;
const held = (given: Partial<CheckBody> = {}) =>
  checkBody({ verdict: 'hold', reason: 'return-not-granted', personId: '2019001', ...given });
const decide = (cookie: string, row: Partial<HoldRow>, allow: boolean) =>
  hub.call('hub/holds/decide', {
    cookie,
    body: { stationId: row.stationId, passageId: row.passageId, reason: row.reason, allow, note: '已核实' },
  });
/** Status, code and details of a refusal. */
const refusalOf = ({ status, body }: { status: number; body: unknown }) => {
  const { error } = body as { error?: { code: string; details?: string[] } };
  return [status, error?.code, ...(error?.details ?? [])];
};
const gate = async () =>
  downlinkAnswer.parse((await hub.call('hub/downlink?rosterVersion=0', { token: hub.station.token })).body);

describe('who is held', () => {
  it('stands on the list, is decided once by name, and the gate hears it', async () => {
    const body = held();
    await hub.upload(hub.station, writer, [writer.write(body)]);
    const row = (await holds(affairs)).find((one) => one.passageId === body.passageId);
    expect(row).toMatchObject({ name: '张伟', unit: '计算机学院', reason: 'return-not-granted', mayDecide: true });
    const events = await readFeed(
      hub.url,
      { token: hub.station.token },
      (seen) => seen.some(({ event }) => event.topic === 'decision'),
      async () => void expect((await decide(affairs, row ?? {}, true)).status).toBe(200),
    );
    const told = events.find(({ event }) => event.topic === 'decision')?.event;
    expect(told).toMatchObject({ passageId: body.passageId, allow: true, reason: 'return-not-granted' });
    expect((await decide(affairs, row ?? {}, false)).status).toBe(409);
    expect((await holds(affairs)).map((one) => one.passageId)).not.toContain(body.passageId);
    // A gate that begins to listen afterwards hears it as well.
    const late = await readFeed(hub.url, { token: hub.station.token }, (seen) => seen.length > 0);
    expect(late.map(({ event }) => event.topic)).toContain('decision');
    const entries = await hub.hub.pool.query<{ bytes: string }>(
      "select bytes from entries where kind = 'hold-decision'",
    );
    expect(entries.rows.map((one) => JSON.parse(one.bytes))).toEqual([
      expect.objectContaining({ personId: '2019001', allow: true, note: '已核实', stationId: hub.station.id }),
    ]);
  });

  it('is decided by who may, and by nobody else', async () => {
    const body = held();
    await hub.upload(hub.station, writer, [writer.write(body)]);
    const row = { stationId: hub.station.id, passageId: body.passageId, reason: 'return-not-granted' } as const;
    expect(refusalOf(await hub.call('hub/holds', { cookie: nurse }))).toEqual([403, 'role-missing', 'hold.read']);
    expect(refusalOf(await decide(nurse, row, true))).toEqual([403, 'role-missing', 'hold.decide']);
    // A counsellor without this student among the own ones sees and decides nothing.
    const counsellor = await hub.signIn('counsellor');
    expect(await holds(counsellor)).toEqual([]);
    expect(refusalOf(await decide(counsellor, row, true))).toEqual([403, 'scope-missing']);
    expect((await holds(affairs)).find((one) => one.passageId === body.passageId)?.mayDecide).toBe(true);
  });

  const ends: [string, (passageId: string) => EntryBody][] = [
    ['left', (passageId) => ({ kind: 'left', passageId, personId: null, card: null, readings: [] })],
    ['was turned back', (passageId) => held({ passageId, verdict: 'deny' })],
  ];
  it.each(ends)('is off the list when the person %s', async (_how, after) => {
    const body = held();
    await hub.upload(hub.station, writer, [writer.write(body), writer.write(after(body.passageId))]);
    expect((await holds(affairs)).map((one) => one.passageId)).not.toContain(body.passageId);
  });

  it('for another reason afterwards is asked again; a repeat of the same is not', async () => {
    const body = held();
    await hub.upload(hub.station, writer, [writer.write(body)]);
    await decide(affairs, { stationId: hub.station.id, passageId: body.passageId, reason: 'return-not-granted' }, true);
    await hub.upload(hub.station, writer, [writer.write(body)]);
    expect((await holds(affairs)).map((one) => one.passageId)).not.toContain(body.passageId);
    await hub.upload(hub.station, writer, [writer.write({ ...body, reason: 'campus-closed' })]);
    expect((await holds(affairs)).find((one) => one.passageId === body.passageId)?.reason).toBe('campus-closed');
  });
});

describe('visitors', () => {
  const visitor: VisitorBody = {
    kind: 'visitor',
    passageId: randomUUID(),
    visitorId: randomUUID(),
    hostUnit: '后勤处',
    purpose: '维修',
    expiresDay: campusDay(Date.now()),
    approval: 'asked',
    approvedBy: null,
    by: 'g1',
  };
  const details = {
    visitorId: visitor.visitorId,
    name: '王五',
    phone: '13800000000',
    hostUnit: '后勤处',
    purpose: '维修',
  };

  it('are asked for at the hub with details that no entry holds, approved by security', async () => {
    await hub.upload(hub.station, writer, [writer.write(visitor)]);
    expect((await holds(security)).at(-1)).toMatchObject({ reason: 'visitor', name: null, unit: '后勤处' });
    const visitors = [{ ...details, expiresDay: visitor.expiresDay }];
    for (let i = 0; i < 2; i++) {
      const answer = await hub.call('hub/visitors', { token: hub.station.token, body: { contract: 1, visitors } });
      expect(answer.body).toEqual({ contract: 1, received: [visitor.visitorId] });
    }
    const row = (await holds(security)).find((one) => one.passageId === visitor.passageId);
    expect(row).toMatchObject({ name: '王五', phone: '13800000000', purpose: '维修', mayDecide: true });
    expect(refusalOf(await decide(affairs, row ?? {}, true))).toEqual([403, 'role-missing', 'visitor.approve']);
    // The head of a unit that is not the host.
    expect(refusalOf(await decide(await hub.signIn('unit-head'), row ?? {}, true))).toEqual([403, 'scope-missing']);
    expect((await decide(security, row ?? {}, true)).status).toBe(200);
    const found = await hub.hub.pool.query(
      "select 1 from entries where bytes like '%王五%' or bytes like '%13800000000%'",
    );
    expect(found.rowCount).toBe(0);
  });

  it('are forgotten 30 days after their last day', async () => {
    const { eraseVisitors } = await import('../../hub/visitors.ts');
    expect(await eraseVisitors(hub.hub.pool, Date.now() + 30 * 86_400_000)).toBe(0);
    expect(await eraseVisitors(hub.hub.pool, Date.now() + 31 * 86_400_000)).toBe(1);
    const left = await hub.hub.pool.query('select name, phone from visitors');
    expect(left.rows).toEqual([{ name: '', phone: '' }]);
  });
});

it('a permit opens a closed campus in its direction until its last day', async () => {
  const untilDay = campusDay(Date.now());
  const give = (body: object) => hub.call('hub/permits', { cookie: affairs, body });
  expect(
    (await give({ personId: '2019002', direction: 'out', untilDay: addDays(untilDay, -1), reason: '就医' })).status,
  ).toBe(422);
  expect((await give({ personId: 'nobody', direction: 'out', untilDay, reason: '就医' })).status).toBe(404);
  const before = (await gate()).roster.version;
  expect((await give({ personId: '2019002', direction: 'out', untilDay, reason: '就医' })).status).toBe(200);
  const after = await gate();
  expect(after.roster.version).toBeGreaterThan(before);
  const row = after.roster.people.find((one) => one.personId === '2019002');
  expect([row?.closedIn, row?.closedOut]).toEqual([false, true]);
  const { permits } = permitsAnswer.parse((await hub.call('hub/permits', { cookie: affairs })).body);
  expect(permits).toMatchObject([{ personId: '2019002', name: '李娜', direction: 'out' }]);
  // Neither another role nor somebody whose student this is not gives or ends one.
  const counsellor = await hub.signIn('counsellor');
  const end = (cookie: string) => hub.call(`hub/permits/${permits[0]?.permitId}/end`, { cookie, method: 'POST' });
  const asked = { personId: '2019002', direction: 'in', untilDay, reason: '就医' };
  for (const act of [end, (cookie: string) => hub.call('hub/permits', { cookie, body: asked })]) {
    expect(refusalOf(await act(nurse))).toEqual([403, 'role-missing', 'hold.decide']);
    expect(refusalOf(await act(counsellor))).toEqual([403, 'scope-missing']);
  }
  expect((await end(affairs)).status).toBe(200);
  expect((await gate()).roster.people.find((one) => one.personId === '2019002')?.closedOut).toBe(false);
});

describe('search keys', () => {
  it.each([
    ['张伟', '99 94264934'],
    ['曾敏', `96 ${padDigits('zengmin')}`],
    ['欧阳娜', `696 ${padDigits('ouyangna')}`],
    ['Anna Maria', '26 266262742'],
  ])('%s', (name, keys) => expect(searchKeysOf({ personId: '', name, nameKeys: '' })).toBe(keys));

  it('travel with the roster, number included', async () => {
    expect((await gate()).roster.people.map((one) => one.search)).toEqual(['99 94264934 2019001', '56 5462 2019002']);
  });
});

describe('a slip', () => {
  const sign = async () => {
    const entries = [writer.write(checkBody({}))];
    const batch = { writerId: writer.writerId, epoch: null, entries };
    const headers = { 'mengang-signature': signatureOf(key, hub.station.id, batch) };
    const body = { contract: 1, receiptedSeq: 0, ...batch };
    expect((await hub.call('hub/entries', { token: hub.station.token, body, headers })).status).toBe(200);
  };
  const scan = (slip: string, cookie = nurse) => hub.call('hub/slips', { cookie, body: { slip } });

  it('raises its case once, whether it or the upload comes first', async () => {
    await sign();
    const fever = writer.write(feverBody('2019002'));
    const slip = packSlip(key, fever) ?? '';
    expect(slip.length).toBeLessThanOrEqual(slipLimits.slipChars);
    const first = slipAnswer.parse((await scan(slip)).body);
    expect(first).toMatchObject({ caseId: fever.entryId, caseNo: 'G01-0001', isNew: true });
    expect(slipAnswer.parse((await scan(slip.toLowerCase())).body).isNew).toBe(false);
    // The bar stands at once, and the upload that comes later rings nothing.
    expect((await gate()).bars.find((one) => one.personId === '2019002')?.caseId).toBe(fever.entryId);
    const batch = { writerId: writer.writerId, epoch: null, entries: [fever] };
    const headers = { 'mengang-signature': signatureOf(key, hub.station.id, batch) };
    const heads = await hub.hub.pool.query("select count(*)::int as n from feed where event::text like '%referral%'");
    await hub.call('hub/entries', {
      token: hub.station.token,
      body: { contract: 1, receiptedSeq: 0, ...batch },
      headers,
    });
    const after = await hub.hub.pool.query("select count(*)::int as n from feed where event::text like '%referral%'");
    expect(after.rows[0]).toEqual(heads.rows[0]);
    const cases = await hub.hub.pool.query('select case_id from referrals');
    expect(cases.rows).toHaveLength(1);
    const stored = await hub.hub.pool.query('select 1 from entries where entry_id = $1', [fever.entryId]);
    expect(stored.rowCount).toBe(1);
  });

  it('of another key, a damaged one, or one that raises nothing is refused', async () => {
    const fever = writer.write(feverBody('2019001'));
    expect((await scan(packSlip(newTestKey(), fever) ?? '')).body).toMatchObject({ error: { code: 'slip-unsigned' } });
    const good = packSlip(key, fever) ?? '';
    const damaged = `${good.slice(0, 300)}${good[300] === 'A' ? 'B' : 'A'}${good.slice(301)}`;
    expect((await scan(damaged)).status).toBe(422);
    expect((await scan('0006547886')).body).toMatchObject({ error: { code: 'slip-unreadable' } });
    expect(packSlip(key, writer.write(checkBody({})))).toBeNull();
    expect((await scan(good, affairs)).status).toBe(403);
  });

  it('stays within one code however many samples its readings have', () => {
    const random = (n: number) => (n * 7_919) % 997;
    const samples = Array.from({ length: 200 }, (_, n): [number, number, number, number] => [
      n * 16 + (random(n) % 9),
      3_500 + random(n),
      3_600 + random(n * 3),
      2_200,
    ]);
    const reading = {
      centiCelsius: 3_760,
      site: 'forehead',
      mode: 'forehead',
      method: 'infrared',
      manual: false,
      typedBy: null,
      deviceId: 'th-1',
      offsetCentiCelsius: 120,
      ageMs: 3,
      samples,
    } as const;
    const readings = Array.from({ length: 16 }, () => ({ ...reading, samples: [...samples] }));
    const slip = packSlip(key, writer.write({ ...feverBody('2019001'), readings })) ?? '';
    expect(slip).not.toBe('');
    expect(slip.length).toBeLessThanOrEqual(slipLimits.slipChars);
  });
});
