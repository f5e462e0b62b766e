// Enrolling with a real hub: the bridge's side of a pairing code, what it keeps, and what it keeps when the hub says no.
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { BridgeConfig } from '../../device/config.ts';
import { enrol, readEnrolment } from '../../device/enrolment.ts';
import { stationKey } from '../../device/station-key.ts';
import { makePairing } from '../../hub/pairing.ts';
import { startTestHub, type TestHub } from '../kit/hub.ts';

let t: TestHub;
let dir: string;
beforeAll(async () => {
  t = await startTestHub();
});
afterAll(() => t?.stop());
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mengang-enrol-'));
});
afterEach(() => rm(dir, { recursive: true }));

let places = 0;
const configOf = (name: string, hubUrl = t.url): BridgeConfig => ({
  port: 1,
  hubUrl,
  hubCa: null,
  stationToken: 'none',
  stationId: '',
  station: { name, campus: 'beijing', code: 'G00', direction: 'in', clinicPhone: '' },
  stateDir: join(dir, 'state'),
  devices: [],
});
const codeFor = async (name: string, code: string | null = null) =>
  (await makePairing(t.hub.ledger, { name, campus: 'beijing', code }, 'test', t.clock.nowMs())).code;

test('a right code gives a token that the hub knows, kept 0600, with the code of the place and a key that stays', async () => {
  const name = `Gate ${++places}`;
  const done = await enrol(configOf(name), await codeFor(name, 'G07'));
  expect(done).toMatchObject({ ok: true, sentence: { en: expect.stringContaining(name) } });
  const kept = readEnrolment(join(dir, 'state'));
  expect(kept).toMatchObject({ code: 'G07', stationId: expect.stringMatching(/^st-/) });
  for (const file of ['enrolment.json', 'station-key.json'])
    expect((await stat(join(dir, 'state', file))).mode & 0o777).toBe(0o600);
  expect((await t.call('hub/downlink', { token: kept?.token ?? '' })).status).toBe(200);
  const { publicKey } = await stationKey(join(dir, 'state'));
  const known = await t.hub.pool.query('select station_id, source from station_keys where public_key = $1', [
    publicKey,
  ]);
  expect(known.rows).toEqual([{ station_id: kept?.stationId, source: 'pairing' }]);
});

test('enrolling again with the same key moves the station; its id and its writers stay', async () => {
  const [one, two] = [`Gate ${++places}`, `Gate ${++places}`];
  await enrol(configOf(one), await codeFor(one));
  const before = readEnrolment(join(dir, 'state'));
  expect((await enrol(configOf(two), await codeFor(two))).ok).toBe(true);
  const after = readEnrolment(join(dir, 'state'));
  expect(after?.stationId).toBe(before?.stationId);
  expect(after?.token).not.toBe(before?.token);
  expect((await t.call('hub/downlink', { token: before?.token ?? '' })).status).toBe(401);
});

test('a wrong code, another place, a text that is no code and a hub that is none leave the enrolment as it was', async () => {
  const name = `Gate ${++places}`;
  await enrol(configOf(name), await codeFor(name));
  const before = await readFile(join(dir, 'state', 'enrolment.json'), 'utf8');
  const other = `Gate ${++places}`;
  const code = await codeFor(other);
  const wrong = String((Number(code) + 1) % 10 ** 10).padStart(10, '0');
  const portal = createServer((_request, response) => response.end('<html>sign in to the network</html>'));
  await new Promise<void>((up) => portal.listen(0, '127.0.0.1', up));
  const address = portal.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`;
  try {
    for (const [config, text, says] of [
      [configOf(other), wrong, '配对码不对'],
      [configOf('Elsewhere'), code, other],
      [configOf(other), '12345', 'ten digits'],
      [configOf(other, url), code, 'not this protocol'],
      [configOf(other, 'http://127.0.0.1:1/'), code, 'ECONNREFUSED'],
    ] as const) {
      const done = await enrol(config, text);
      expect(done.ok).toBe(false);
      expect(`${done.sentence.zh} ${done.sentence.en}`).toContain(says);
    }
  } finally {
    portal.close();
  }
  expect(await readFile(join(dir, 'state', 'enrolment.json'), 'utf8')).toBe(before);
});

test('a key file that holds something else is refused with a sentence, never replaced', async () => {
  const name = `Gate ${++places}`;
  await enrol(configOf(name), await codeFor(name));
  const { writeFile } = await import('node:fs/promises');
  await writeFile(join(dir, 'state', 'station-key.json'), '{"kind":"rsa"}');
  const done = await enrol(configOf(name), await codeFor(name));
  expect(done.ok).toBe(false);
  expect(await readFile(join(dir, 'state', 'station-key.json'), 'utf8')).toBe('{"kind":"rsa"}');
});
