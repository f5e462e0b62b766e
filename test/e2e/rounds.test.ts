// Dorm rounds as people do them: a real hub, real browsers, every key a real key event. 320 residents at a keyboard, a reload in the
// middle, a whole round without network, two managers in one building, and a class teacher's morning check.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { importRoster } from '../../hub/roster-import.ts';
import { missingAnswer, type SheetRow, sheetAnswer } from '../../src/contracts/rounds.ts';
import { campusDay, startOfDayMs } from '../../src/domain/campus-day.ts';
import type { Browser } from '../kit/chromium.ts';
import { startTestHub, type TestHub } from '../kit/hub.ts';
import { root, until } from '../kit/programs.ts';
import { openTablet as openTabletOf, type TabletOf } from '../kit/tablet.ts';

/** Residents of the three buildings. */
const limits = { residents: 320, offline: 120, pair: 24, ofClass: 4 } as const;
let hub: TestHub;
let folder: string;
let office: string;
const open: Browser[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mengang-rounds-'));
  hub = await startTestHub({ pagesDir: join(root, 'dist', 'pages') });
  // 07:00: the middle of the early round, whatever the time of this test.
  hub.clock.addMs(startOfDayMs(campusDay(Date.now())) + 7 * 3_600_000 - Date.now());
  const rows = Object.entries({ A楼: limits.residents, B楼: limits.offline, C楼: limits.pair }).flatMap(
    ([house, count]) =>
      Array.from({ length: count }, (_, n) => {
        const room = 100 * (1 + Math.floor(n / 40)) + 1 + Math.floor((n % 40) / 4);
        const id = `${house[0]}${String(n + 1).padStart(4, '0')}`;
        // A class of people from two buildings.
        const inClass = house !== 'A楼' && n < limits.ofClass ? '甲班' : '';
        return `${id},测试${id},本科生,计算机学院,${house} ${room}-${1 + (n % 4)},${inClass},on-campus`;
      }),
  );
  const csv = Buffer.from(`personId,name,category,unit,room,class,presence\n${rows.join('\n')}`);
  await importRoster(hub.hub.ledger, csv, { file: 'x', by: 'test', acceptValidRows: false });
  office = await hub.signIn('office');
});
afterAll(async () => {
  for (const browser of open) await browser.close();
  await hub?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A tablet of its own with its manager signed in. */
async function openTablet(name: string, places: readonly string[], of: Partial<TabletOf> = {}): Promise<Browser> {
  const browser = await openTabletOf(hub, { folder: join(folder, name), name, places, ...of });
  open.push(browser);
  return browser;
}

async function goTo({ page }: Browser, house: string): Promise<void> {
  await page.locator('[data-testid="place"]', { hasText: house }).click();
  await page.locator(`[data-testid="bed-line"][data-person^="${house[0]}"]`).waitFor();
}

/** Healthy values, each unlike its neighbours, so that one at the wrong bed shows. */
const healthyAt = (n: number) => 355 + ((n * 7) % 15);

/** Types beds `from` to `to`, key by key; `delay` is milliseconds after each key. */
async function typeBeds({ page }: Browser, from: number, to: number, delay = 0): Promise<void> {
  for (let n = from; n < to; n++) {
    for (const digit of String(healthyAt(n))) await page.keyboard.press(digit, { delay });
    await page.keyboard.press('Enter', { delay });
  }
}

const missingOf = async ({ page }: Browser) =>
  /(\d+) \/ \d+/.exec(await page.locator('[data-testid="missing"]').innerText())?.[1];
const unsentOf = ({ page }: Browser) => page.locator('[data-testid="connection"]').getAttribute('data-unsent');
/** What was typed is durable on the tablet: from here on a reload loses nothing. */
const saved = ({ page }: Browser) => page.locator('[data-testid="connection"][data-unsaved="0"]').waitFor();
const atHub = (browser: Browser) => until('all at the hub', async () => (await unsentOf(browser)) === '0', 30_000);

async function sheetAtHub(house: string): Promise<SheetRow[]> {
  const answer = await hub.call(`hub/rounds/sheet?${new URLSearchParams({ building: house })}`, { cookie: office });
  return sheetAnswer.parse(answer.body).sheet?.people ?? [];
}
const valuesAtHub = async (house: string) =>
  (await sheetAtHub(house)).map(({ personId, state }) => [personId, state.tenths]);
const expectedOf = (house: string, count: number) =>
  Array.from({ length: count }, (_, n) => [`${house[0]}${String(n + 1).padStart(4, '0')}`, healthyAt(n)]);

/** Entries of the rounds at the hub: how many, and whether any place in a chain is empty or taken twice. */
async function marksAtHub(house: string) {
  const rows = await hub.hub.pool.query<{ marks: number }>(
    "select count(*)::int as marks from entries where kind = 'round-mark' and bytes like $1",
    [`%"place":"${house}"%`],
  );
  return rows.rows[0]?.marks;
}

it('320 residents by keyboard, with a reload in the middle; then a whole round without network', async () => {
  const tablet = await openTablet('Anna', ['A楼', 'B楼']);
  await goTo(tablet, 'B楼');
  await goTo(tablet, 'A楼');
  // Eight keys a second to begin with, then as fast as the browser takes them.
  await typeBeds(tablet, 0, 8, 125);
  await typeBeds(tablet, 8, 150);
  await saved(tablet);
  await tablet.page.reload();
  await tablet.page.locator('[data-testid="bed-line"][data-person="A0151"]').waitFor();
  expect(await missingOf(tablet)).toBe(String(limits.residents - 150));
  await typeBeds(tablet, 150, limits.residents);
  expect(await missingOf(tablet)).toBe('0');
  await tablet.page.locator('[data-testid="all-done"]').waitFor();
  await atHub(tablet);
  expect(await valuesAtHub('A楼')).toEqual(expectedOf('A楼', limits.residents));
  expect(await marksAtHub('A楼')).toBe(limits.residents);
  await tablet.page.locator('[data-testid="tool-close"]').click();
  await tablet.page.locator('[data-testid="close-now"]').click();
  await atHub(tablet);

  await goTo(tablet, 'B楼');
  await tablet.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await tablet.context.setOffline(true);
  await typeBeds(tablet, 0, 60);
  // The page itself comes from its worker's cache, the list and the half round from its store.
  await saved(tablet);
  await tablet.page.reload();
  await tablet.page.locator('[data-testid="bed-line"][data-person="B0061"]').waitFor();
  await typeBeds(tablet, 60, limits.offline);
  expect(await missingOf(tablet)).toBe('0');
  expect(Number(await unsentOf(tablet))).toBeGreaterThanOrEqual(limits.offline);
  expect(await marksAtHub('B楼')).toBe(0);
  await tablet.context.setOffline(false);
  await atHub(tablet);
  expect(await valuesAtHub('B楼')).toEqual(expectedOf('B楼', limits.offline));
  expect(await marksAtHub('B楼')).toBe(limits.offline);
  const { rows } = await hub.hub.pool.query(
    'select writer_id from entries group by writer_id having count(*) <> max(seq)',
  );
  expect(rows).toEqual([]);
});

it('two managers in one building end with the same sheet; who is missing is named', async () => {
  const [one, two] = [await openTablet('Bea', ['C楼']), await openTablet('Carl', ['C楼'])];
  const type = async ({ page }: Browser, keys: string) => {
    for (const key of keys.split(' ')) await page.keyboard.press(key);
  };
  // Both begin at the first bed, at once; from different values of one bed the later at the hub stands, and the other is told.
  await Promise.all([type(one, '3 6 1 Enter 3 6 2 Enter 3 7 6 Enter F2'), type(two, '3 6 5 Enter 3 6 6 Enter')]);
  await Promise.all([atHub(one), atHub(two)]);
  await type(two, 'F4');
  await Promise.all([atHub(one), atHub(two)]);

  const printed = async (browser: Browser) => {
    const { page } = browser;
    await page.keyboard.press('Escape');
    await page.locator('[data-testid="tool-close"]').click();
    await page.locator('[data-testid="print"]').click();
    const text = await page.locator('[data-testid="print-sheet"] .print-rooms').textContent();
    return text;
  };
  await until('both show the same', async () => {
    const [left, right] = [await printed(one), await printed(two)];
    return left === right && left?.includes('37.6') === true;
  });
  const people = await sheetAtHub('C楼');
  const missing = people.filter((row) => row.state.class === 'missing').map((row) => row.name);
  for (const { page } of [one, two]) {
    expect(await page.locator('[data-testid="missing-row"] > span:first-child').allInnerTexts()).toEqual(
      missing.map((name) => expect.stringContaining(name)),
    );
    expect(await page.locator('[data-testid="close-figures"]').innerText()).toContain(`未测 ${missing.length}`);
  }
  // Nothing was overwritten: each bed that both entered keeps both records.
  const first = people[0];
  expect(
    first?.records
      .filter((record) => !record.undone)
      .map((record) => record.tenths)
      .sort(),
  ).toEqual([361, 365]);
  expect(first?.state.alsoBy).toHaveLength(1);
  const cases = await hub.hub.pool.query("select person_id from referrals where person_id like 'C%'");
  expect(cases.rows).toEqual([{ person_id: people.find((row) => row.state.class === 'abnormal')?.personId }]);
});

it('a class teacher takes the morning check of the own class, and who is missing is named by class', async () => {
  // 08:00: the morning check has begun. What the dorms measured at seven counts there, not here.
  hub.clock.addMs(3_600_000);
  const teacher = await openTablet('Tao', ['甲班'], { role: 'class-teacher', kind: 'class' });
  const { page } = teacher;
  expect(await page.locator('[data-testid="place"] strong').allInnerTexts()).toEqual(['甲班']);
  expect(await page.locator('[data-testid="scope-building"]').count()).toBe(0);
  const ids = ['B', 'C'].flatMap((house) => Array.from({ length: limits.ofClass }, (_, n) => `${house}000${n + 1}`));
  expect(
    await page.locator('[data-testid="tile"]').evaluateAll((tiles) => tiles.map((tile) => tile.dataset.room)),
  ).toEqual(ids);
  for (const key of '3 6 4 Enter 3 6 5 Enter F2 3 7 6 Enter 3 6 6 Enter'.split(' ')) await page.keyboard.press(key);
  await atHub(teacher);
  await page.locator('[data-testid="tool-close"]').click();
  await page.locator('[data-testid="missing-row"]').first().locator('button').nth(2).click();
  await page.locator('[data-testid="close-now"]').click();
  await atHub(teacher);

  const asked = new URLSearchParams({ class: '甲班', window: 'morning' });
  const { sheet } = sheetAnswer.parse((await hub.call(`hub/rounds/sheet?${asked}`, { cookie: office })).body);
  expect(sheet?.figures).toMatchObject({ expected: 8, measured: 4, abnormal: 1, absent: 1, missing: 3 });
  expect(sheet?.people.map(({ personId, state }) => [personId, state.tenths ?? state.class])).toEqual(
    ids.map((id, n) => [id, [364, 365, 'absent', 376, 366][n] ?? 'missing']),
  );
  expect(sheet?.closings).toMatchObject([{ by: { name: 'Tao' }, missing: 3, late: false }]);
  // The whole campus at a glance may be ten seconds old.
  const missing = await until('the closing at the office', async () => {
    const answer = await hub.call('hub/rounds/missing?scope=class&window=morning', { cookie: office });
    const told = missingAnswer.parse(answer.body);
    return told.byPlace[0]?.closing == null ? null : told;
  });
  expect(missing.people.map(({ name, place, reason }) => [name, place, reason])).toEqual([
    ['测试C0002', '甲班', 'out'],
    ['测试C0003', '甲班', 'unknown'],
    ['测试C0004', '甲班', 'unknown'],
  ]);
  const raised = await hub.hub.pool.query("select person_id, room_mates from referrals where person_id like 'B%'");
  expect(raised.rows).toEqual([{ person_id: 'B0004', room_mates: ['B0001', 'B0002', 'B0003'] }]);
});
