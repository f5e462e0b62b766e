// Learning the printed number: judged by the bridge from its own taps, refused when none or several fit, written only when asked.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createConfigFile } from '../../device/config-file.ts';
import { profiles } from '../../device/drivers/index.ts';
import { silentLog } from '../../device/log.ts';
import { learnRoutes } from '../../device/settings-learn.ts';
import type { SettingsAnswer } from '../../device/settings-route.ts';
import { reader } from './bridge-kit.ts';

const tapped = ['010063E9AE', '0000D507D0', '01026F6C3A'];
const dec10 = ['0006547886', '0013961168', '0040856634'];
const known = { profileOf: (name: string) => profiles.get(name) ?? null, names: [...profiles.keys()] };
const config = {
  hubUrl: 'http://127.0.0.1:7400',
  stationToken: 'secret-token',
  station: { name: 'North gate', campus: 'beijing' },
  devices: [{ role: 'reader', profile: 'rdm6300', path: '/dev/ttyUSB1', options: { printed: 'none' } }],
};
let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mengang-learn-'));
  path = join(folder, 'gate.config.json');
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function ask(
  route: 'learn' | 'learn/write',
  printed: readonly string[],
  more: object = {},
  hasFile = true,
  uids = tapped,
) {
  const routes = learnRoutes({
    configs: [reader],
    tap: (n) => {
      const uid = uids[n];
      return uid === undefined ? null : { n, deviceId: reader.deviceId, atMs: 0, uid, printed: null };
    },
    file: hasFile ? createConfigFile(path, known, () => 1_600_000_000_000) : null,
    log: silentLog,
  });
  const found = routes.find((one) => one.path === `/settings/api/${route}`);
  const cards = printed.map((text, n) => ({ n, printed: text }));
  const body = found?.shape?.safeParse({ deviceId: reader.deviceId, cards, ...more });
  if (!found || !body?.success) throw new Error('no such call');
  const by = { staffId: 'g1', name: 'g' };
  const answer: SettingsAnswer = await found.answer({ by, body: body.data, query: new URLSearchParams(), leftMs: 1 });
  return 'code' in answer ? { code: answer.code } : { body: answer.body as Record<string, unknown> };
}

it('finds the one conversion that fits all three, and shows the lines without writing them', async () => {
  const before = readFileSync(path, 'utf8');
  const { body } = await ask('learn', dec10);
  expect(body).toMatchObject({ is: 'one', conversions: ['dec10'] });
  expect(JSON.parse(String(body?.lines))).toEqual({ ...config.devices[0], options: { printed: 'dec10' } });
  expect(readFileSync(path, 'utf8')).toBe(before);
  expect(readdirSync(folder)).toEqual(['gate.config.json']);
  // Without a file there is nothing to write into, and the lines all the same.
  expect((await ask('learn', dec10, {}, false)).body).toMatchObject({ is: 'one', configSha: null });
});

it('refuses a number that fits no card, and cards that were not tapped here', async () => {
  expect((await ask('learn', ['0006547886', '0013961168', '0040856635'])).body).toMatchObject({
    is: 'none',
    lines: null,
  });
  expect(await ask('learn', [...dec10, '1'])).toEqual({ code: 'tap-again' });
});

it('refuses cards that fit several conversions, names those, and writes none of them', async () => {
  // The last four bytes read the same from both ends.
  const alike = ['0011222211', '0033444433', '0055666655'];
  const printed = ['0287449617', '0860111923', '1432774229'];
  const { body } = await ask('learn', printed, {}, true, alike);
  expect(body).toEqual({ is: 'several', conversions: ['dec10', 'dec10_reversed'], lines: null, configSha: null });
  const before = readFileSync(path, 'utf8');
  const configSha = (await ask('learn', dec10)).body?.configSha;
  expect(await ask('learn/write', printed, { configSha }, true, alike)).toEqual({ code: 'not-one' });
  expect(readFileSync(path, 'utf8')).toBe(before);
});

it('writes when asked, with a backup, and keeps everything else and the rights', async () => {
  const configSha = (await ask('learn', dec10)).body?.configSha;
  const { body } = await ask('learn/write', dec10, { configSha });
  expect(JSON.parse(readFileSync(String(body?.backup), 'utf8'))).toEqual(config);
  const after = { ...config, devices: [{ ...config.devices[0], options: { printed: 'dec10' } }] };
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(after);
  for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
});

it('writes nothing over a file that was changed meanwhile, nor what three cards did not show', async () => {
  const configSha = (await ask('learn', dec10)).body?.configSha;
  writeFileSync(path, JSON.stringify({ ...config, port: 7_500 }));
  const changed = readFileSync(path, 'utf8');
  expect(await ask('learn/write', dec10, { configSha })).toEqual({ code: 'changed' });
  expect(await ask('learn/write', ['1', '2', '3'], { configSha })).toEqual({ code: 'not-one' });
  expect(readFileSync(path, 'utf8')).toBe(changed);
});
