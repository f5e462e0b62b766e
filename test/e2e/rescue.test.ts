// A gate whose hub stays away is rescued by hand, with the programs as people run them, and comes back later without a double.
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type Campus, cardOf, createCampus, objectOf, waitForRoster, waitForScreen } from '../kit/campus.ts';
import { runProgram, until } from '../kit/programs.ts';

let campus: Campus;
afterEach(() => campus?.close());

it('rescues what was never sent, imports it twice, and the gate that comes back adds nothing', async () => {
  campus = await createCampus();
  const gate = await campus.openGate();
  const hubState = () => gate.page.locator('[data-testid="hub"]').getAttribute('data-state');
  await waitForRoster(gate);
  await campus.hub.stop();
  await until('the gate knows', async () => (await hubState()) === 'away');
  for (const n of [1, 2, 3]) {
    campus.rig.look(objectOf(3650));
    campus.rig.barrier.forget();
    campus.rig.tap(cardOf(n).uid);
    await until(`passage ${n}`, () => campus.rig.barrier.receivedHex().includes('a00101a2'));
    await waitForScreen(gate, 'admit');
  }
  const file = join(campus.folder, 'gate.rescue');
  const rescue = ['--config', join(campus.folder, 'gate.config.json'), '--rescue', file];
  const running = await runProgram('bridge', rescue);
  expect(running.code).toBe(1);
  expect(running.output).toContain('is running');
  await campus.bridge.stop();
  const done = await runProgram('bridge', rescue);
  expect(done.code, done.output).toBe(0);

  await campus.startHub();
  const checks = async () =>
    (await campus.query<{ n: string }>("select count(*) as n from entries where kind = 'check'"))[0]?.n;
  expect(Number(await checks())).toBe(0);
  const env = { STATE_DIR: join(campus.folder, 'hub'), NODE_ENV: 'production' };
  for (const known of [false, true]) {
    const imported = await runProgram('hub', ['--import-rescue', file], env);
    expect(imported.code, imported.output).toBe(0);
    expect(imported.output).toMatch(known ? /, 0 stored, [1-9]\d* known/ : /, [1-9]\d* stored, \d+ known/);
    expect(imported.output).toContain('0 in conflict, 0 set aside');
    expect(Number(await checks())).toBe(3);
  }
  await campus.startBridge();
  await until(
    'the gate has nothing left to send',
    async () =>
      (await gate.page.locator('[data-testid="queue"]').innerText()) === '0' && (await hubState()) === 'online',
    90_000,
  );
  expect(Number(await checks())).toBe(3);
  expect(await campus.query('select 1 from conflicts union all select 1 from set_aside')).toEqual([]);
});
