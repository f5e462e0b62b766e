// Each role against each route of the hub, generated from its OpenAPI document: whom a route refuses and whom it lets in is what
// the table of roles says, and the routes known here ask for the operation that stands beside them.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mayDo, type Operation, operations, type Role, roles } from '../../hub/roles.ts';
import { startTestHub, type TestHub } from '../kit/hub.ts';

const uuid = '00000000-0000-4000-8000-000000000000';
const asked: Record<string, Operation> = {
  'GET /hub/referrals': 'referral.read',
  'GET /hub/referrals/{caseId}': 'referral.read',
  'POST /hub/referrals/{caseId}/transition': 'referral.step',
  'GET /hub/unmeasured': 'unmeasured.read',
  'POST /hub/orders': 'order.change',
  'GET /hub/policy': 'policy.read',
  'PUT /hub/policy': 'policy.write',
  'PUT /hub/campus': 'campus.mode',
  'POST /hub/roster/preview': 'roster.import',
  'POST /hub/roster/import': 'roster.import',
  'GET /hub/faults': 'faults.read',
  'GET /hub/office/drift': 'drift.read',
  'GET /hub/office/stations': 'faults.read',
  'GET /hub/office/raw': 'faults.read',
  'GET /hub/office/station-keys': 'station.read',
  'POST /hub/office/pairing': 'station.manage',
  'POST /hub/office/stations/{stationId}/revoke': 'station.manage',
  'POST /hub/office/stations/{stationId}/rename': 'station.manage',
  'GET /hub/admin/staff': 'staff.read',
  'POST /hub/admin/staff': 'staff.manage',
  'PUT /hub/admin/staff/{staffId}': 'staff.manage',
  'POST /hub/admin/staff/{staffId}/password': 'staff.manage',
  'POST /hub/admin/staff/{staffId}/pin': 'staff.manage',
  'PUT /hub/admin/staff/{staffId}/cards': 'staff.manage',
  'POST /hub/admin/staff/{staffId}/end': 'staff.manage',
  'GET /hub/admin/reads': 'reads.read',
};
/** These are for whoever is signed in. */
const ownSession = /^(GET|POST|DELETE) \/hub\/session/;

/** Let in, and asked of whom or of what: nothing of that is said here. */
const asksWhom = new Set(['body-unreadable', 'person-unknown']);

type Seen = { status: number; code: string | undefined; details: string[] };
let t: TestHub;
const cookies = new Map<Role, string>();
const routes: { key: string; method: string; path: string }[] = [];

beforeAll(async () => {
  t = await startTestHub();
  for (const role of roles) cookies.set(role, await t.signIn(role));
  const { body } = await t.call('hub/openapi.json');
  const { paths } = body as { paths: Record<string, Record<string, { security?: Record<string, unknown>[] }>> };
  for (const [path, methods] of Object.entries(paths))
    for (const [method, { security }] of Object.entries(methods)) {
      const key = `${method.toUpperCase()} ${path}`;
      const forStaff = security?.length === 1 && security.some((one) => 'staff' in one);
      if (forStaff && !ownSession.test(key)) routes.push({ key, method: method.toUpperCase(), path });
    }
}, 60_000);
afterAll(() => t?.stop());

async function call(role: Role | null, { method, path }: (typeof routes)[number]): Promise<Seen> {
  const cookie = role === null ? undefined : cookies.get(role);
  const answer = await t.call(path.slice(1).replace(/\{\w+\}/g, uuid), {
    method,
    ...(cookie === undefined ? {} : { cookie }),
    ...(method === 'GET' ? {} : { body: {} }),
  });
  const error = (answer.body as { error?: { code: string; details?: string[] } }).error;
  return { status: answer.status, code: error?.code, details: error?.details ?? [] };
}

test('every route of staff refuses who is not signed in', async () => {
  expect(routes.length).toBeGreaterThanOrEqual(Object.keys(asked).length);
  for (const route of routes) expect([route.key, (await call(null, route)).code]).toEqual([route.key, 'not-signed-in']);
});

test('each role is let in or refused at each route as the table of roles says', async () => {
  const found = new Map<string, Operation>();
  const wrong: string[] = [];
  for (const route of routes) {
    const seen = new Map<Role, Seen>();
    for (const role of roles) seen.set(role, await call(role, route));
    const refused = [...seen.values()].find(({ code }) => code === 'role-missing');
    const operation = (refused?.details[0] ?? asked[route.key]) as Operation | undefined;
    if (operation === undefined) {
      // Refuses nobody: only what everybody may do.
      if (roles.some((role) => !mayDo(role, 'notice.read'))) wrong.push(`${route.key}: refuses nobody`);
      continue;
    }
    found.set(route.key, operation);
    if (!(operation in operations)) wrong.push(`${route.key}: ${operation} is not in the table`);
    for (const [role, { status, code }] of seen) {
      const isIn = code !== 'role-missing' && code !== 'not-signed-in' && status !== 500;
      if (isIn !== mayDo(role, operation)) wrong.push(`${route.key}: ${role} ${status} ${code ?? ''}`);
      if (isIn && route.method === 'GET' && !route.path.includes('{') && status >= 400 && !asksWhom.has(code ?? ''))
        wrong.push(`${route.key}: ${role} ${status} ${code ?? ''}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(Object.fromEntries([...found].filter(([key]) => key in asked))).toEqual(asked);
}, 120_000);

test('a nurse ends isolation; the office, which may give it, may not', async () => {
  await t.hub.pool.query(
    `insert into people (person_id, name, category, unit, presence, version) values ('p-1', 'Somebody', 'student', 'u', 'on-campus', 1)`,
  );
  const order = (role: Role, change: string) =>
    t.call('hub/orders', {
      cookie: cookies.get(role) ?? '',
      body: { change, personId: 'p-1', order: 'isolation', days: 14, reason: 'test' },
    });
  expect((await order('office', 'begin')).status).toBe(200);
  const refused = await order('office', 'end');
  expect([refused.status, (refused.body as { error: { code: string } }).error.code]).toEqual([403, 'order-nurse']);
  expect((await order('admin', 'end')).status).toBe(403);
  expect((await order('nurse', 'end')).status).toBe(200);
});

test('the feed of the clinic is open to who may read cases alone, and its opening is logged', async () => {
  for (const role of roles) {
    const aborter = new AbortController();
    const answer = await fetch(new URL('hub/feed', t.url), {
      headers: { cookie: cookies.get(role) ?? '' },
      signal: aborter.signal,
    });
    aborter.abort();
    expect([role, answer.status]).toEqual([role, mayDo(role, 'feed.clinic') ? 200 : 403]);
  }
  const logged = await t.hub.pool.query(
    "select distinct role from reads join staff using (staff_id) where what = 'feed'",
  );
  expect(logged.rows).toHaveLength(roles.filter((role) => mayDo(role, 'feed.clinic')).length);
});
