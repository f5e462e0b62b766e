// A tablet with a bridge: the page comes from the bridge, its records go through it to a real hub, and a real thermometer's and a real
// reader's bytes lead to a bed and fill its value.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { importRoster } from '../../hub/roster-import.ts';
import { sheetAnswer } from '../../src/contracts/rounds.ts';
import { campusDay, startOfDayMs } from '../../src/domain/campus-day.ts';
import { type ByteRig, createByteRig } from '../kit/byte-rig.ts';
import { cardOf, objectOf } from '../kit/campus.ts';
import type { Browser } from '../kit/chromium.ts';
import { startTestHub, type TestHub } from '../kit/hub.ts';
import { freePort, type Program, startProgram, until } from '../kit/programs.ts';
import { openTablet } from '../kit/tablet.ts';

let hub: TestHub;
let folder: string;
let rig: ByteRig;
let bridge: Program;
let bridgeUrl: string;
let configFile: string;
let tablet: Browser;

async function startBridge(): Promise<void> {
  bridge = startProgram('bridge', ['--config', configFile]);
  await until('the bridge answers', async () => {
    try {
      return (await fetch(`${bridgeUrl}healthz`)).ok;
    } catch {
      return false;
    }
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mengang-rounds-bridge-'));
  hub = await startTestHub();
  // 07:00: the middle of the early round.
  hub.clock.addMs(startOfDayMs(campusDay(Date.now())) + 7 * 3_600_000 - Date.now());
  const rows = Array.from({ length: 8 }, (_, n) => {
    const place = `A楼 10${1 + Math.floor(n / 4)}-${1 + (n % 4)}`;
    return `A${n + 1},测试${n + 1},本科生,计算机学院,${place},${cardOf(n + 1).printed},on-campus`;
  });
  const csv = Buffer.from(`personId,name,category,unit,room,card,presence\n${rows.join('\n')}`);
  await importRoster(hub.hub.ledger, csv, { file: 'x', by: 'test', acceptValidRows: false });
  mkdirSync(join(folder, 'ports'));
  rig = await createByteRig(join(folder, 'ports'));
  const port = await freePort();
  bridgeUrl = `http://localhost:${port}/`;
  configFile = join(folder, 'gate.config.json');
  writeFileSync(
    configFile,
    JSON.stringify({
      ...{ port, hubUrl: hub.url, stationToken: hub.station.token, stateDir: join(folder, 'bridge'), rounds: true },
      station: { name: 'A楼平板', campus: 'beijing', code: 'T01' },
      devices: [
        {
          ...{ role: 'thermometer', profile: 'gy-mcu90614', path: rig.thermometer.path, baudRate: 9600 },
          ...{ site: 'forehead', bodyOffsetC: 1.2 },
        },
        { role: 'reader', profile: 'rdm6300', path: rig.reader.path },
      ],
    }),
  );
  await startBridge();
});
afterAll(async () => {
  await tablet?.close();
  await bridge?.stop();
  await rig?.close();
  await hub?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const rowAtHub = async (personId: string) => {
  const cookie = await office();
  const answer = await hub.call(`hub/rounds/sheet?${new URLSearchParams({ building: 'A楼' })}`, { cookie });
  return sheetAnswer.parse(answer.body).sheet?.people.find((row) => row.personId === personId);
};
let cookie: Promise<string> | null = null;
const office = () => {
  cookie ??= hub.signIn('office');
  return cookie;
};
const bed = (personId: string) => tablet.page.locator(`[data-testid="bed-line"][data-person="${personId}"]`).waitFor();
/** The reader's port may open a moment after the thermometer's: a card is tapped again, as people do. */
const tapTo = (n: number) =>
  until(`the card leads to A${n}`, async () => {
    rig.tap(cardOf(n).uid);
    await tablet.page.waitForTimeout(700);
    return (await tablet.page.locator(`[data-testid="bed-line"][data-person="A${n}"]`).count()) === 1;
  });
const value = (text: string) => tablet.page.locator('[data-testid="value"]', { hasText: text }).waitFor();
const thermometer = (state: string) =>
  tablet.page.locator(`[data-testid="thermometer"][data-state="${state}"]`).waitFor({ timeout: 20_000 });

it('a tapped card leads to its bed, the thermometer fills its value, and the hub hears which one it was', async () => {
  tablet = await openTablet(hub, { folder: join(folder, 'profile'), name: 'Anna', places: ['A楼'], url: bridgeUrl });
  const { page } = tablet;
  expect(await page.locator('html').getAttribute('data-bridge')).toBe('');
  await thermometer('ready');
  await tapTo(6);
  rig.look(objectOf(3650));
  await value('36.5');
  expect(await page.locator('[data-testid="measured"]').innerText()).toContain('测温仪测得');
  await page.keyboard.press('Enter');
  rig.look(2_200);
  await bed('A7');
  await until('the value is at the hub', async () => (await rowAtHub('A6'))?.state.tenths === 365);
  const { rows } = await hub.hub.pool.query<{ bytes: string }>(
    "select bytes from entries where kind = 'round-mark' order by seq",
  );
  expect(rows.map(({ bytes }) => JSON.parse(bytes))).toMatchObject([
    {
      ...{ personId: 'A6', place: 'A楼' },
      reading: { manual: false, typedBy: null, site: 'forehead', method: 'infrared', offsetCentiCelsius: 120 },
    },
  ]);
  expect((await rowAtHub('A6'))?.records).toMatchObject([{ byHand: false, by: { name: 'Anna' } }]);
});

it('goes on by hand while the bridge is away, from the worker’s cache too, and by thermometer when it is back', async () => {
  const { page } = tablet;
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload();
  await thermometer('ready');
  await bridge.stop();
  await thermometer('away');
  await page.reload();
  await bed('A7');
  for (const key of '3 6 6 Enter'.split(' ')) await page.keyboard.press(key);
  await page.locator('[data-testid="connection"][data-unsaved="0"]').waitFor();
  await bed('A8');

  await startBridge();
  await thermometer('ready');
  await tapTo(1);
  rig.look(objectOf(3760));
  await value('37.6');
  await page.keyboard.press('Enter');
  rig.look(2_200);
  await page.locator('[data-testid="second-due"]').waitFor();
  await page.locator('[data-testid="connection"][data-unsent="0"]').waitFor({ timeout: 30_000 });
  expect((await rowAtHub('A7'))?.state.tenths).toBe(366);
  const raised = await hub.hub.pool.query('select person_id, reason, shown_tenths from referrals');
  expect(raised.rows).toEqual([{ person_id: 'A1', reason: 'fever', shown_tenths: 376 }]);
});
