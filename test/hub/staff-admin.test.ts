// What administrators do to staff and stations: one-time secrets, sessions that end, the last administrator who stays, the log of
// reads, and an entry for each act that an auditor's program accepts.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditExport } from '../../hub/audit.ts';
import { writeExport } from '../../hub/export.ts';
import type { Role } from '../../hub/roles.ts';
import type { NewStaffRequest, ReadsAnswer, SecretAnswer, StaffAnswer, StaffRow } from '../../src/contracts/admin.ts';
import { campusDay } from '../../src/domain/campus-day.ts';
import type { Entry, StaffBody, StationChangeBody } from '../../src/domain/entry.ts';
import { startTestHub, type TestHub } from '../kit/hub.ts';
import { enrolRequestOf, newTestKey } from '../kit/signing.ts';

let t: TestHub;
let admin: string;
beforeAll(async () => {
  t = await startTestHub();
  admin = await t.signIn('admin');
});
afterAll(() => t?.stop());

const codeOf = (answer: { body: unknown }) => (answer.body as { error?: { code: string } }).error?.code;
const post = (path: string, body: unknown = {}, cookie = admin) => t.call(`hub/admin/staff${path}`, { cookie, body });
const put = (path: string, body: unknown) => t.call(`hub/admin/staff${path}`, { cookie: admin, method: 'PUT', body });
let count = 0;
async function made(role: Role, given: Partial<NewStaffRequest> = {}): Promise<SecretAnswer & { name: string }> {
  const name = `Person ${++count}`;
  const answer = await post('', { name, role, scopes: [], ...given });
  expect(answer.status).toBe(200);
  return { ...(answer.body as SecretAnswer), name };
}
async function rowOf(staffId: string): Promise<StaffRow | undefined> {
  const { body } = await t.call('hub/admin/staff', { cookie: admin });
  return (body as StaffAnswer).staff.find((row) => row.staffId === staffId);
}
const signIn = (name: string, password: string | null) => t.call('hub/session', { body: { name, password } });
const cookieOf = (answer: { headers: Headers }) => answer.headers.get('set-cookie')?.split(';')[0] ?? '';
async function whoIs(cookie: string) {
  const { body } = await t.call('hub/session', { cookie });
  return (body as { staff: Record<string, unknown> | null }).staff;
}
async function entriesOf<Kind extends 'staff' | 'station-change'>(kind: Kind) {
  const rows = await t.hub.pool.query<{ bytes: string }>(
    'select bytes from entries where kind = $1 order by writer_id, seq',
    [kind],
  );
  return rows.rows.map(({ bytes }) => JSON.parse(bytes) as Extract<Entry, { kind: Kind }>);
}

test('a new member of staff gets a one-time password, and the session tells role, scopes and that one must be set', async () => {
  const scopes = [{ kind: 'building', value: '3' }] as const;
  const { staffId, name, password, pin } = await made('dorm-manager', { scopes: [...scopes] });
  expect([password?.length, pin]).toEqual([20, null]);
  expect(await rowOf(staffId)).toMatchObject({ role: 'dorm-manager', scopes, password: 'once', sessions: 0 });
  const signed = await signIn(name, password);
  expect((signed.body as { staff: unknown }).staff).toMatchObject({ staffId, scopes, maySetPassword: true });
  expect(await whoIs(cookieOf(signed))).toMatchObject({ scopes, maySetPassword: true });
  const set = await t.call('hub/session/password', {
    cookie: cookieOf(signed),
    body: { present: null, fresh: 'geese over the lake' },
  });
  expect((set.body as { staff: unknown }).staff).toMatchObject({ maySetPassword: false });
  expect(await rowOf(staffId)).toMatchObject({ password: 'set', sessions: 1 });
});

test('weak passwords are refused, each with its reason in two languages', async () => {
  const { name, password } = await made('office');
  const cookie = cookieOf(await signIn(name, password));
  for (const [fresh, code] of [
    ['too short', 'password-weak'],
    [`${name}123`, 'password-name'],
    ['password123', 'password-common'],
  ]) {
    const answer = await t.call('hub/session/password', { cookie, body: { present: null, fresh } });
    expect([answer.status, codeOf(answer)]).toEqual([422, code]);
    expect(answer.body).toMatchObject({
      error: { zh: expect.stringMatching(/\p{Script=Han}/u), en: expect.any(String) },
    });
  }
});

test('a reset ends every session and the old password; a person who is ended signs in no more', async () => {
  const { staffId, name, password } = await made('counsellor');
  const cookie = cookieOf(await signIn(name, password));
  await t.call('hub/session/password', { cookie, body: { present: null, fresh: 'geese over the lake' } });
  const reset = await post(`/${staffId}/password`);
  expect(await whoIs(cookie)).toBeNull();
  expect(codeOf(await signIn(name, 'geese over the lake'))).toBe('wrong-password');
  const again = await signIn(name, (reset.body as SecretAnswer).password);
  expect(again.status).toBe(200);
  expect((await post(`/${staffId}/end`)).status).toBe(200);
  expect(await whoIs(cookieOf(again))).toBeNull();
  expect((await t.call('hub/notices', { cookie: cookieOf(again) })).status).not.toBe(200);
  expect(codeOf(await signIn(name, (reset.body as SecretAnswer).password))).toBe('wrong-password');
  expect(await rowOf(staffId)).toMatchObject({ endedMs: expect.any(Number), password: 'none', sessions: 0 });
  for (const path of ['/end', '/password']) expect(codeOf(await post(`/${staffId}${path}`))).toBe('staff-unknown');
  expect(codeOf(await put(`/${staffId}`, { name, role: 'office', scopes: [] }))).toBe('staff-unknown');
  // The name is free again, for somebody else.
  const next = await post('', { name, role: 'office', scopes: [] });
  expect((next.body as SecretAnswer).staffId).not.toBe(staffId);
});

test('a changed role holds for a session that is open, from its next request on', async () => {
  const { staffId, name, password } = await made('office');
  const cookie = cookieOf(await signIn(name, password));
  expect((await t.call('hub/faults', { cookie })).status).toBe(200);
  expect((await put(`/${staffId}`, { name, role: 'guard', scopes: [] })).status).toBe(200);
  expect((await t.call('hub/faults', { cookie })).status).toBe(403);
});

test('the last administrator can neither be ended nor lose the role, also when two try at once', async () => {
  const own = await startTestHub();
  try {
    const cookie = await own.signIn('admin');
    const me = ((await own.call('hub/session', { cookie })).body as { staff: { staffId: string; name: string } }).staff;
    const end = (id: string) => own.call(`hub/admin/staff/${id}/end`, { cookie, body: {} });
    expect(codeOf(await end(me.staffId))).toBe('last-admin');
    const demote = { cookie, method: 'PUT', body: { name: me.name, role: 'office', scopes: [] } };
    expect(codeOf(await own.call(`hub/admin/staff/${me.staffId}`, demote))).toBe('last-admin');
    expect(codeOf(await own.call(`hub/admin/staff/${me.staffId}/password`, { cookie, body: {} }))).toBe('own-account');
    const other = await own.call('hub/admin/staff', { cookie, body: { name: 'Other', role: 'admin', scopes: [] } });
    const ends = await Promise.all([me.staffId, (other.body as SecretAnswer).staffId].map(end));
    expect(ends.map(({ status }) => status).sort()).not.toEqual([200, 200]);
    const left = await own.hub.pool.query("select 1 from staff where role = 'admin' and ended_ms is null");
    expect(left.rowCount).toBe(1);
  } finally {
    await own.stop();
  }
});

test('names in use, control characters and scopes that do not fit are refused and change nothing', async () => {
  const { name } = await made('office');
  expect(codeOf(await post('', { name, role: 'nurse', scopes: [] }))).toBe('name-taken');
  for (const bad of ['', ' x', 'x ', 'a\u0000b', 'a\u202Eb', 'x'.repeat(61)])
    expect(codeOf(await post('', { name: bad, role: 'nurse', scopes: [] })), bad).toBe('body-unreadable');
  expect(codeOf(await post('', { name: 'New', role: 'head', scopes: [] }))).toBe('body-unreadable');
  for (const [role, kind] of [
    ['nurse', 'building'],
    ['dorm-manager', 'class'],
    ['auditor', 'campus'],
    ['admin', 'campus'],
  ])
    expect(codeOf(await post('', { name: 'New', role, scopes: [{ kind, value: 'x' }] }))).toBe('scope-unfit');
  const { body } = await t.call('hub/admin/staff', { cookie: admin });
  expect((body as StaffAnswer).staff.some((row) => row.name === 'New')).toBe(false);
});

test('a guard gets a PIN and cards that stations of the own campus hear of; others get neither', async () => {
  const far = await t.addStation('zhuozhou');
  const guardsAt = async (token: string) => {
    const { body } = await t.call('hub/station', { token });
    return (body as { guards: { staffId: string; pinHash: string; cardKeys: string[] }[] }).guards;
  };
  const one = await made('guard', { scopes: [{ kind: 'campus', value: 'beijing' }] });
  expect([one.password, one.pin]).toEqual([null, expect.stringMatching(/^\d{6}$/)]);
  const cards = [
    { kind: 'printed', number: '００１２, 34567' },
    { kind: 'uid', number: '04:a3:1b:7f' },
  ];
  expect((await put(`/${one.staffId}/cards`, { cards })).status).toBe(200);
  const near = await guardsAt(t.station.token);
  expect(near.find(({ staffId }) => staffId === one.staffId)?.cardKeys).toEqual(['printed:0012,34567', 'uid:04A31B7F']);
  expect((await guardsAt(far.token)).some(({ staffId }) => staffId === one.staffId)).toBe(false);
  expect((await rowOf(one.staffId))?.cards).toEqual(['4567', '1B7F']);

  const two = await made('guard');
  expect((await guardsAt(far.token)).some(({ staffId }) => staffId === two.staffId)).toBe(true);
  expect(codeOf(await put(`/${two.staffId}/cards`, { cards }))).toBe('card-taken');
  expect(codeOf(await put(`/${two.staffId}/cards`, { cards: [{ kind: 'uid', number: 'xyz' }] }))).toBe(
    'card-unreadable',
  );
  const before = near.find(({ staffId }) => staffId === one.staffId)?.pinHash;
  for (const pin of ['1234', '0000', '12', 'abcd'])
    expect(codeOf(await post(`/${one.staffId}/pin`, { pin }))).toBe('pin-weak');
  expect((await post(`/${one.staffId}/pin`, { pin: '7391' })).body).toMatchObject({ pin: null });
  expect((await post(`/${one.staffId}/pin`, { pin: null })).body).toMatchObject({
    pin: expect.stringMatching(/^\d{6}$/),
  });
  const after = (await guardsAt(t.station.token)).find(({ staffId }) => staffId === one.staffId)?.pinHash;
  expect(after).not.toBe(before);
  const nurse = await made('nurse');
  expect(codeOf(await post(`/${nurse.staffId}/pin`, { pin: null }))).toBe('guards-only');
  expect(codeOf(await put(`/${nurse.staffId}/cards`, { cards: [] }))).toBe('guards-only');
  await post(`/${one.staffId}/end`);
  expect((await guardsAt(t.station.token)).some(({ staffId }) => staffId === one.staffId)).toBe(false);
  // Taken from the one who left, the card may go to the next.
  expect((await put(`/${two.staffId}/cards`, { cards })).status).toBe(200);
});

test('each act is an entry with ids alone: no name, no secret, no card number', async () => {
  const { staffId, name, pin } = await made('guard');
  await put(`/${staffId}`, { name: `${name} anew`, role: 'guard', scopes: [{ kind: 'campus', value: 'beijing' }] });
  await put(`/${staffId}`, { name: `${name} anew`, role: 'guard', scopes: [{ kind: 'campus', value: 'beijing' }] });
  await put(`/${staffId}/cards`, { cards: [{ kind: 'uid', number: 'DEADBEEF01' }] });
  await post(`/${staffId}/pin`, { pin: '739102' });
  await put(`/${staffId}`, { name: `${name} anew`, role: 'office', scopes: [] });
  await post(`/${staffId}/password`);
  await post(`/${staffId}/end`);
  const mine = (await entriesOf('staff')).filter((entry) => entry.staffId === staffId);
  expect(mine.map(({ act, role, scopes }) => [act, role, scopes])).toEqual([
    ['create', 'guard', []],
    ['rename', 'guard', null],
    ['scopes', 'guard', ['campus:beijing']],
    ['cards', 'guard', null],
    ['pin', 'guard', null],
    ['role', 'office', null],
    ['scopes', 'office', []],
    ['password', 'office', null],
    ['end', 'office', null],
  ] satisfies [StaffBody['act'], string, string[] | null][]);
  const me = await whoIs(admin);
  expect(new Set(mine.map(({ by }) => by))).toEqual(new Set([me?.staffId]));
  const all = JSON.stringify(mine);
  for (const secret of [name, pin ?? '', '739102', 'DEADBEEF01', '$argon2id']) expect(all).not.toContain(secret);
});

test('pairing, enrolment, a first key, renaming and revoking a station are entries; the audit accepts them all', async () => {
  const key = newTestKey();
  const place = { name: 'Lake gate', campus: 'beijing' };
  const { code } = (await t.call('hub/office/pairing', { cookie: admin, body: { ...place, code: 'G77' } })).body as {
    code: string;
  };
  const enrolled = await t.call('hub/station/enrol', { body: enrolRequestOf(key, code, place.name) });
  const stationId = (enrolled.body as { station: { id: string } }).station.id;
  const act = (path: string, body: unknown) =>
    t.call(`hub/office/stations/${stationId}/${path}`, { cookie: admin, body });
  expect((await act('rename', { name: 'Lake gate, lane 1' })).status).toBe(200);
  const { body } = await t.call('hub/office/station-keys', { cookie: admin });
  expect(JSON.stringify(body)).toContain('Lake gate, lane 1');
  expect((await act('revoke', {})).status).toBe(200);
  expect((await act('revoke', {})).status).toBe(200);
  const told = (await entriesOf('station-change')).filter((entry) => entry.code === 'G77');
  expect(told.map(({ change }) => change)).toEqual([
    'pairing',
    'enrol',
    'rename',
    'revoke',
  ] satisfies StationChangeBody['change'][]);
  expect(told.map((entry) => entry.stationId)).toEqual([null, stationId, stationId, stationId]);
  expect(JSON.stringify(told)).not.toContain(code);
  expect(JSON.stringify(told)).not.toContain('Lake gate');

  const today = campusDay(t.clock.nowMs());
  const lines: string[] = [];
  await writeExport(
    t.hub.pool,
    { from: today, to: today },
    t.clock.nowMs(),
    async (line) => void lines.push(line.trimEnd()),
  );
  const report = await auditExport(
    (async function* () {
      yield* lines;
    })(),
    null,
  );
  expect(report.faults).toEqual([]);
  expect(report.entries).toBeGreaterThan(told.length);
});

test('who reads a case is listed for the auditor, by person and day, a page at a time; the reading of the list as well', async () => {
  const auditor = await t.signIn('auditor');
  const nurse = await t.signIn('nurse');
  const nurseId = String((await whoIs(nurse))?.staffId);
  await t.call('hub/referrals', { cookie: nurse });
  const reads = async (query: string) =>
    (await t.call(`hub/admin/reads?${query}`, { cookie: auditor })).body as ReadsAnswer;
  const today = campusDay(t.clock.nowMs());
  const mine = await reads(`staff=${nurseId}&day=${today}`);
  expect(mine.reads).toEqual([
    {
      atMs: expect.any(Number),
      staff: { staffId: nurseId, name: expect.any(String), role: 'nurse' },
      what: 'board',
      target: '',
    },
  ]);
  expect(mine.next).toBeNull();
  expect((await reads(`staff=${nurseId}&day=2020-01-01`)).reads).toEqual([]);
  expect((await reads('')).reads[0]).toMatchObject({ what: 'reads', target: `${nurseId} 2020-01-01` });

  await t.hub.pool.query(
    `insert into reads (staff_id, at_ms, what, target) select $1, 1000 + n / 3, 'case', n::text from generate_series(1, 250) n`,
    [nurseId],
  );
  const seen: string[] = [];
  for (let before: string | null = ''; before !== null; ) {
    const page: ReadsAnswer = await reads(`staff=${nurseId}&day=1970-01-01${before === '' ? '' : `&before=${before}`}`);
    expect(page.reads.length).toBeLessThanOrEqual(100);
    seen.push(...page.reads.map(({ target }) => target));
    before = page.next;
  }
  expect(new Set(seen).size).toBe(250);
  expect(seen).toHaveLength(250);
  for (const bad of ['before=nonsense', 'day=tomorrow', `before=${'x'.repeat(2_000)}`])
    expect((await t.call(`hub/admin/reads?${bad}`, { cookie: auditor })).status, bad).toBe(400);
});
