// Who may do what: sessions, roles, origins, rate limits, headers; policy and campus by those who may.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePairing } from '../../hub/pairing.ts';
import { mayDo, type operations, operationsOf } from '../../hub/roles.ts';
import { newPassword, putStaff } from '../../hub/staff.ts';
import type { DownlinkAnswer } from '../../src/contracts/downlink.ts';
import { readFeed, startTestHub, type TestHub } from '../kit/hub.ts';
import { enrolRequestOf, newTestKey } from '../kit/signing.ts';

let t: TestHub;
let admin: string;
beforeAll(async () => {
  t = await startTestHub();
  admin = await t.signIn('admin');
});
afterAll(() => t?.stop());

const codeOf = (answer: { body: unknown }) => (answer.body as { error?: { code: string } }).error?.code;
const routes: [string, string, keyof typeof operations, object?][] = [
  ['GET', 'hub/referrals', 'referral.read'],
  [
    'POST',
    'hub/referrals/00000000-0000-0000-0000-000000000000/transition',
    'referral.step',
    { to: 'arrived', version: 1 },
  ],
  ['POST', 'hub/orders', 'order.change', {}],
  ['GET', 'hub/policy', 'policy.read'],
  ['PUT', 'hub/policy', 'policy.write', {}],
  ['PUT', 'hub/campus', 'campus.mode', {}],
  ['POST', 'hub/roster/preview', 'roster.import', {}],
  ['POST', 'hub/roster/import', 'roster.import', {}],
  ['GET', 'hub/faults', 'faults.read'],
  ['GET', 'hub/office/drift', 'drift.read'],
  ['GET', 'hub/unmeasured', 'unmeasured.read'],
];

test.each(
  routes,
)('%s /%s needs a sign-in, the right role and the hub’s own origin', async (method, path, operation, body) => {
  const given = { method, ...(body === undefined ? {} : { body }) };
  expect(codeOf(await t.call(path, given))).toBe('not-signed-in');
  expect(codeOf(await t.call(path, { ...given, cookie: 'mengang_hub=forged' }))).toBe('not-signed-in');
  for (const role of ['nurse', 'admin', 'office', 'guard'] as const) {
    const code = codeOf(await t.call(path, { ...given, cookie: await t.signIn(role) }));
    if (mayDo(role, operation)) expect(code).not.toBe('role-missing');
    else expect(code).toBe('role-missing');
  }
  if (method !== 'GET') {
    expect(codeOf(await t.call(path, { ...given, cookie: admin, headers: { origin: 'http://evil.example' } }))).toBe(
      'origin-foreign',
    );
    expect(codeOf(await t.call(path, { ...given, cookie: admin, headers: { origin: '' } }))).toBe('origin-foreign');
  }
});

test.each(['hub/downlink', 'hub/station', 'hub/feed'])('/%s refuses who has no token', async (path) => {
  expect((await t.call(path)).status).toBe(401);
  expect((await t.call(path, { token: 'x'.repeat(43) })).status).toBe(401);
});

test('the feed is closed to office and guards', async () => {
  for (const role of ['office', 'guard'] as const)
    expect((await t.call('hub/feed', { cookie: await t.signIn(role) })).status).toBe(403);
});

test('the session cookie is HttpOnly and SameSite=Strict, is stored hashed, tells who, and ends', async () => {
  await putStaff(
    t.hub.pool,
    { name: 'Lin', role: 'nurse', password: 'a long password', once: false, pin: null },
    t.clock.nowMs(),
  );
  const signed = await t.call('hub/session', { body: { name: 'Lin', password: 'a long password' } });
  const set = signed.headers.get('set-cookie') ?? '';
  expect(set).toMatch(/^mengang_hub=[\w-]{43};/);
  expect(set).toContain('HttpOnly');
  expect(set).toContain('SameSite=Strict');
  const cookie = set.split(';')[0] ?? '';
  const token = cookie.split('=')[1] ?? '';
  const stored = await t.hub.pool.query<{ token_sha256: string }>('select token_sha256 from sessions');
  expect(stored.rows.map((row) => row.token_sha256)).not.toContain(token);
  expect((await t.call('hub/session', { cookie })).body).toMatchObject({
    staff: { name: 'Lin', role: 'nurse', may: operationsOf('nurse') },
  });
  expect(signed.body).toMatchObject({ staff: { may: operationsOf('nurse') } });
  expect((await t.call('hub/session', { cookie, method: 'DELETE' })).status).toBe(200);
  expect((await t.call('hub/session', { cookie })).body).toMatchObject({ staff: null });
});

test('a session runs out after 12 hours', async () => {
  const cookie = await t.signIn('nurse');
  t.clock.addMs(12 * 3_600_000 + 1);
  expect((await t.call('hub/session', { cookie })).body).toMatchObject({ staff: null });
  t.clock.addMs(-12 * 3_600_000 - 1);
});

test('a one-time password opens once; its session sets a new one that lasts', async () => {
  const password = newPassword();
  await putStaff(t.hub.pool, { name: 'First', role: 'admin', password, once: true, pin: null }, t.clock.nowMs());
  const signIn = (given: string) => t.call('hub/session', { body: { name: 'First', password: given } });
  const cookie = (await signIn(password)).headers.get('set-cookie')?.split(';')[0] ?? '';
  expect(codeOf(await signIn(password))).toBe('wrong-password');
  expect(codeOf(await t.call('hub/session/password', { cookie, body: { present: null, fresh: 'short' } }))).toBe(
    'password-weak',
  );
  expect(
    (await t.call('hub/session/password', { cookie, body: { present: null, fresh: 'a lasting password' } })).status,
  ).toBe(200);
  expect((await signIn('a lasting password')).status).toBe(200);
  expect((await signIn('a lasting password')).status).toBe(200);
  expect(
    codeOf(await t.call('hub/session/password', { cookie, body: { present: 'wrong one', fresh: 'another password' } })),
  ).toBe('wrong-password');
});

test('after five wrong passwords for a name even the right one waits, also when they come at once', async () => {
  await putStaff(
    t.hub.pool,
    { name: 'Target', role: 'nurse', password: 'the right password', once: false, pin: null },
    t.clock.nowMs(),
  );
  const guesses = await Promise.all(
    Array.from({ length: 8 }, () => t.call('hub/session', { body: { name: 'Target', password: 'wrong' } })),
  );
  expect(guesses.filter(({ status }) => status === 401)).toHaveLength(5);
  const locked = await t.call('hub/session', { body: { name: 'Target', password: 'the right password' } });
  expect(locked.status).toBe(429);
  expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0);
  t.clock.addMs(900_001);
  expect((await t.call('hub/session', { body: { name: 'Target', password: 'the right password' } })).status).toBe(200);
  t.clock.addMs(-900_001);
});

test('what a clock that was years ahead gave out does not last years when it is set right: lock-outs, sessions, codes', async () => {
  const own = await startTestHub();
  const yearsMs = 68 * 365 * 86_400_000;
  try {
    own.clock.addMs(yearsMs);
    const cookie = await own.signIn('nurse');
    expect((await own.call('hub/referrals', { cookie })).status).toBe(200);
    const who = { name: 'Ahead', role: 'nurse', password: 'the right password', once: false, pin: null } as const;
    await putStaff(own.hub.pool, who, own.clock.nowMs());
    const signIn = (password: string) => own.call('hub/session', { body: { name: who.name, password } });
    for (let i = 0; i < 5; i++) expect((await signIn('wrong')).status).toBe(401);
    expect((await signIn(who.password)).status).toBe(429);
    const place = { name: 'Gate', campus: 'beijing', code: null };
    const { code } = await makePairing(own.hub.ledger, place, 'test', own.clock.nowMs());
    own.clock.addMs(-yearsMs);
    expect((await own.call('hub/referrals', { cookie })).status).toBe(401);
    expect((await signIn(who.password)).status).toBe(200);
    const late = await own.call('hub/station/enrol', { body: enrolRequestOf(newTestKey(), code, 'Gate') });
    expect([late.status, codeOf(late)]).toEqual([403, 'pairing-wrong']);
  } finally {
    await own.stop();
  }
});

test('a policy outside of its bounds is refused with its key; a good one is told to the gates', async () => {
  const put = (document: unknown, version = 0) =>
    t.call('hub/policy', { cookie: admin, method: 'PUT', body: { version, document } });
  for (const [document, detail] of [
    [{ feverC: 38.5 }, 'feverC: 不得大于（或长于）38'],
    [{ fever: 37.3 }, '"不认识 fever'],
    [{ urgentC: 37.5, feverC: 37.8 }, '"须满足 rangeMinC <= lowC <= borderlineC <= feverC <= urgentC'],
  ] as const) {
    const refused = await put(document);
    expect(refused.status).toBe(422);
    expect(JSON.stringify(refused.body)).toContain(detail);
  }
  const without = await t.call('hub/policy', { cookie: admin, method: 'PUT', body: { version: 0 } });
  expect(without.body).toMatchObject({ error: { details: [expect.stringMatching(/^document: 缺少/)] } });
  expect(JSON.stringify(without.body)).not.toContain('nonoptional');
  const events = await readFeed(
    t.url,
    { token: t.station.token },
    (seen) => seen.length > 0,
    async () => {
      expect((await put({ feverC: 37.5 })).status).toBe(200);
    },
  );
  expect(events[0]?.event).toEqual({ topic: 'policy', version: 1 });
  expect((await t.call('hub/downlink', { token: t.station.token })).body).toMatchObject({
    policy: { version: 1, document: { feverC: 37.5 } },
  });
  expect((await put({ feverC: 37.4 })).status).toBe(409);
});

test('closing one campus is told to its own gates only', async () => {
  const far = await t.addStation('zhuozhou');
  const events = await readFeed(
    t.url,
    { token: t.station.token },
    (seen) => seen.length > 0,
    async () => {
      expect(
        (await t.call('hub/campus', { cookie: admin, method: 'PUT', body: { campus: 'beijing', mode: 'closed' } }))
          .status,
      ).toBe(200);
    },
  );
  expect(events[0]?.event).toEqual({ topic: 'campus', mode: 'closed' });
  const modeAt = async (token: string) =>
    ((await t.call('hub/downlink', { token })).body as DownlinkAnswer).campus.mode;
  expect([await modeAt(t.station.token), await modeAt(far.token)]).toEqual(['closed', 'open']);
  expect(
    codeOf(await t.call('hub/campus', { cookie: admin, method: 'PUT', body: { campus: 'nowhere', mode: 'open' } })),
  ).toBe('campus-unknown');
});

test('a bridge learns its station and the guards with hashed PINs', async () => {
  await putStaff(
    t.hub.pool,
    { name: 'Wang', role: 'guard', password: null, once: false, pin: '1234' },
    t.clock.nowMs(),
  );
  expect((await t.call('hub/station', { token: t.station.token })).body).toEqual({
    contract: 1,
    station: { id: t.station.id, code: expect.any(String), name: 'North gate', campus: 'beijing' },
    guards: [
      {
        staffId: expect.stringMatching(/^sf-/),
        name: 'Wang',
        pinHash: expect.stringMatching(/^\$argon2id\$/),
        cardKeys: [],
      },
    ],
    policy: { version: expect.any(Number), document: expect.any(Object) },
  });
});

test('every answer carries the security headers; unknown addresses are 404 in two languages', async () => {
  const answer = await t.call('hub/nothing');
  expect(answer.status).toBe(404);
  expect(answer.body).toMatchObject({ error: { code: 'not-found', zh: expect.stringMatching(/\p{Script=Han}/u) } });
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect((await t.call('../../etc/passwd')).status).toBe(404);
});

test('the OpenAPI document names every route that answers and every reference leads somewhere', async () => {
  const { body } = await t.call('hub/openapi.json');
  const document = body as {
    openapi: string;
    paths: Record<string, Record<string, unknown>>;
    components: { schemas: Record<string, unknown> };
  };
  expect(document.openapi).toBe('3.1.0');
  for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g))
    expect(document.components.schemas).toHaveProperty(name ?? '');
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const method of Object.keys(methods)) {
      const answer = await t.call(path.slice(1).replace('{caseId}', 'x'), {
        method: method.toUpperCase(),
        ...(method === 'get' ? {} : { body: {} }),
      });
      expect([path, method, codeOf(answer)]).not.toContain('not-found');
    }
  }
});

test('healthz and metrics answer without a sign-in and metrics name no person', async () => {
  expect((await t.call('healthz')).body).toEqual({ ok: true });
  expect((await t.call('metrics')).body).toContain('mengang_hub_refusals_total{code="not-signed-in"}');
});
