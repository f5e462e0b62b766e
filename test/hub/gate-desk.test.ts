// What the gates' desks tell the office: shortages, handovers, refusals, rows of paper.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DownlinkAnswer } from '../../src/contracts/downlink.ts';
import { gateDeskAnswer } from '../../src/contracts/gate-desk.ts';
import { paperCheck } from '../../src/domain/paper.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { noCounts } from '../../src/domain/shift.ts';
import { feverBody, readFeed, startTestHub, type TestHub, TestWriter } from '../kit/hub.ts';

let t: TestHub;
let office = '';
let nurse = '';
beforeAll(async () => {
  t = await startTestHub();
  office = await t.signIn('office');
  nurse = await t.signIn('nurse');
});
afterAll(() => t?.stop());

const desk = async () => gateDeskAnswer.parse((await t.call('hub/office/gate-desk', { cookie: office })).body);
const downlink = async () =>
  (await t.call('hub/downlink?rosterVersion=0', { token: t.station.token })).body as DownlinkAnswer;

test('a nurse does not read the list', async () => {
  expect((await t.call('hub/office/gate-desk', { cookie: nurse })).status).toBe(403);
});

test('what runs short and who took over stand on the day’s list, by name of the staff and of nobody else', async () => {
  const staff = await t.hub.pool.query<{ staff_id: string; name: string }>('select staff_id, name from staff limit 1');
  const [from] = staff.rows;
  const writer = new TestWriter(t.station.id);
  await t.upload(t.station, writer, [
    writer.write({ kind: 'supplies-short', item: 'mask', by: null }),
    writer.write({
      kind: 'handover',
      roster: 'duty',
      from: from?.staff_id ?? '',
      to: 'sf-gone',
      fromPresent: true,
      sinceWallMs: 1,
      counts: { ...noCounts(), admit: 118, refer: 2 },
      cases: ['00000000-0000-7000-8000-000000000001'],
      waiting: 1,
      devices: ['E-21'],
      notes: ['crowded'],
    }),
  ]);
  expect(await desk()).toMatchObject({
    supplies: [{ item: 'mask', station: { name: 'North gate' } }],
    handovers: [{ roster: 'duty', from: from?.name, to: null, passages: 120, cases: 1, notes: ['crowded'] }],
  });
});

test('a refusal to be measured is told like a forced passage, and once', async () => {
  const cursor = ((await t.call('hub/referrals', { cookie: nurse })).body as { cursor: string }).cursor;
  const writer = new TestWriter(t.station.id);
  const refused = writer.write({
    ...feverBody(null),
    verdict: 'deny',
    reason: 'refused',
    raisesCase: false,
    caseNo: null,
  });
  await t.upload(t.station, writer, [refused]);
  await t.upload(t.station, writer, [refused]);
  const events = await readFeed(t.url, { cookie: nurse, cursor }, (seen) => seen.length > 0);
  expect(events[0]?.event).toMatchObject({ topic: 'unmeasured', cause: 'refused', entryId: refused.entryId });
  const { body } = await t.call('hub/unmeasured', { cookie: nurse });
  const rows = (body as { unmeasured: { entryId: string; cause: string }[] }).unmeasured;
  expect(rows.filter(({ entryId }) => entryId === refused.entryId)).toMatchObject([{ cause: 'refused', openMs: null }]);
});

test('a fever on paper raises a late case of whose number stands there, and bars them', async () => {
  await t.asOwner(
    `insert into people (person_id, name, category, unit, room, cards, presence, questions_due, closed_in, closed_out, contact, gone, version)
     values ('T-paper', 'N', 'student', 'U', null, '{printed:0004711}', 'on-campus', false, false, false, '', false, 1)`,
  );
  const writer = new TestWriter(t.station.id);
  const nowWallMs = t.clock.nowMs();
  const typing = { nowWallMs, typedBy: 'sf-1', direction: 'in', caseNo: 'G01-P1' } as const;
  const row = { atWallMs: nowWallMs - 3_600_000, tenths: 382, method: 'infrared', result: 'passed' } as const;
  const entries = ['0004711', '9999'].map((number, index) =>
    writer.write(
      paperCheck(
        { ...row, number },
        { ...typing, passageId: `00000000-0000-4000-8000-00000000000${index}` },
        defaultPolicy,
      ),
    ),
  );
  await t.upload(t.station, writer, entries);
  const cases = await t.hub.pool.query(
    'select person_id, reason, late, passage_wall_ms from referrals where case_id = any($1) order by person_id',
    [entries.map(({ entryId }) => entryId)],
  );
  expect(cases.rows).toEqual([
    { person_id: 'T-paper', reason: 'urgent', late: true, passage_wall_ms: row.atWallMs },
    { person_id: null, reason: 'urgent', late: true, passage_wall_ms: row.atWallMs },
  ]);
  expect((await downlink()).bars.map(({ personId }) => personId)).toContain('T-paper');
});
