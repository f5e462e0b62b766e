// One-off commands beside a running hub: what they refuse, with one sentence that says what to do, and what they say was done.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCommand } from '../../hub/cli.ts';
import { isHostName } from '../../hub/hosts.ts';
import { startTestHub, type TestHub } from '../kit/hub.ts';

let t: TestHub;
beforeAll(async () => {
  t = await startTestHub();
});
afterAll(() => t?.stop());

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { log: '', error: '' };
  const spies = (['log', 'error'] as const).map((kind) =>
    vi.spyOn(console, kind).mockImplementation((text) => {
      said[kind] += `${text}\n`;
    }),
  );
  try {
    const code = await runCommand(args, { stateDir: t.stateDir }, pino({ level: 'silent' }));
    return { code, out: said.log, err: said.error };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const staff = async () =>
  (await t.hub.pool.query<{ name: string; role: string }>('select name, role from staff where ended_ms is null')).rows;
/** One line, Chinese first. */
const sentence = (...words: string[]) =>
  expect.stringMatching(new RegExp(`^[^\\n]*\\p{Script=Han}[^\\n]*${words.join('[^\\n]*')}[^\\n]*\\n$`, 'u'));

test('two commands in one call are refused, and neither is done', async () => {
  const file = join(t.stateDir, 'both.backup');
  const both = await run('--first-admin', 'Root', '--backup', file);
  expect(both).toEqual({ code: 2, out: '', err: sentence('One command', '--first-admin', '--backup') });
  expect(await run('--make-ca', '--host', 'localhost', '--stations')).toMatchObject({ code: 2, out: '' });
  expect([await staff(), existsSync(file), existsSync(join(t.stateDir, 'ca'))]).toEqual([[], false, false]);
});

test('a guard without a PIN gets one, as on the administration’s page: guards sign in by nothing else', async () => {
  const added = await run('--add-staff', 'Guard A', '--role', 'guard');
  expect([added.code, added.out]).toEqual([0, expect.stringMatching(/添加.*added.*\n.*PIN.*: \d{6}\n$/)]);
  const { rows } = await t.hub.pool.query("select password_hash, pin_hash from staff where name = 'Guard A'");
  expect(rows).toEqual([{ password_hash: null, pin_hash: expect.any(String) }]);
});

test('who works here already is changed and told so; the last administrator stays one', async () => {
  expect((await run('--first-admin', 'Root')).out).toMatch(/添加.*added/);
  expect(await run('--add-staff', 'Root', '--role', 'nurse')).toEqual({
    code: 1,
    out: '',
    err: sentence('last admin'),
  });
  expect(await run('--add-staff', 'Root', '--role', 'guard', '--pin', '4826')).toMatchObject({ code: 1, out: '' });
  expect((await run('--first-admin', 'Root')).out).toMatch(/更改.*changed/);
  expect((await run('--add-staff', 'Second', '--role', 'admin')).out).toMatch(/添加.*added/);
  expect((await run('--add-staff', 'Root', '--role', 'nurse')).out).toMatch(/更改.*changed.*nurse/);
  expect((await run('--add-staff', 'Root', '--role', 'guard', '--pin', '4826')).out).toMatch(/更改.*changed.*guard/);
  expect(await staff()).toEqual(expect.arrayContaining([{ name: 'Second', role: 'admin' }]));
});

test('another role keeps only such scopes as it can have', async () => {
  const { pool } = t.hub;
  await run('--add-staff', 'Mover', '--role', 'dorm-manager');
  await pool.query(`insert into staff_scopes (staff_id, kind, value) select staff_id, kind, value from staff,
    (values ('campus', 'beijing'), ('building', 'B1')) as v (kind, value) where name = 'Mover'`);
  const scopes = async () =>
    (await pool.query("select kind from staff_scopes join staff using (staff_id) where name = 'Mover' order by kind"))
      .rows;
  await run('--add-staff', 'Mover', '--role', 'dorm-manager');
  expect(await scopes()).toEqual([{ kind: 'building' }, { kind: 'campus' }]);
  await run('--add-staff', 'Mover', '--role', 'security');
  expect(await scopes()).toEqual([{ kind: 'campus' }]);
});

test.each([
  '--add-station',
  '--pair',
])('%s makes no campus of a typing error: another one is asked for', async (command) => {
  const refused = await run(command, 'East gate', '--campus', 'mars');
  expect(refused).toEqual({ code: 1, out: '', err: sentence('mars', 'beijing', '--new-campus') });
  const campuses = async () => (await t.hub.pool.query('select campus from campuses')).rows.length;
  expect(await campuses()).toBe(1);
  expect((await run(command, 'East gate', '--campus', 'beijing')).code).toBe(0);
  expect((await run(command, 'East gate', '--campus', 'zhuozhou', '--new-campus')).code).toBe(0);
  await t.asOwner("delete from stations where campus = 'zhuozhou'", "delete from campuses where campus = 'zhuozhou'");
});

test.each([
  'bad host!!',
  'https://hub.example',
  'hub.example:7400',
  '10.0.0.300',
  'hub..example',
  '-hub',
  `${'a'.repeat(64)}.example`,
])('no certificate for %j, which is no host name and no address', async (host) => {
  expect(await run('--make-ca', `--host=${host}`)).toEqual({ code: 2, out: '', err: sentence('example.edu.cn') });
  expect(existsSync(join(t.stateDir, 'ca'))).toBe(false);
});

test.each([
  'localhost',
  'hub',
  'hub.example.edu.cn',
  'HUB-2.example',
  '10.0.0.30',
  'fd00::1',
])('%s names a host', (host) => {
  expect(isHostName(host)).toBe(true);
});

test.each([
  'N'.repeat(61),
  ' Root',
  'Ro\not',
])('the name %j is refused as on the administration’s page', async (name) => {
  const before = await staff();
  for (const command of [
    ['--first-admin', name],
    ['--add-staff', name, '--role', 'nurse'],
    ['--add-staff', name, '--role', 'guard', '--pin', '4826'],
    ['--add-station', name, '--campus', 'beijing'],
    ['--pair', name, '--campus', 'beijing'],
  ])
    expect(await run(...command)).toEqual({ code: 2, out: '', err: sentence('60') });
  expect(await staff()).toEqual(before);
  expect((await run('--add-staff', 'N'.repeat(60), '--role', 'nurse')).code).toBe(0);
});
