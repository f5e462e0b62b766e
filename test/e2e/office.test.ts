// The office page of a real hub, in a real Chromium: a poison row that a station sent stands there in plain words, with its bytes; and
// fault 13 as a gate meets it that nobody passes: the hub is restored from a backup, and page and bridge send again what it lost.
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import {
  type Campus,
  cardOf,
  createCampus,
  objectOf,
  setLastingPassword,
  waitForRoster,
  waitForScreen,
} from '../kit/campus.ts';
import { openChromium } from '../kit/chromium.ts';
import { runProgram, until } from '../kit/programs.ts';

let campus: Campus;
afterEach(() => campus?.close());

const hubEnv = (where: Campus) => ({ STATE_DIR: join(where.folder, 'hub'), NODE_ENV: 'production' });
async function hubDoes(where: Campus, ...args: string[]): Promise<string> {
  const done = await runProgram('hub', args, hubEnv(where));
  expect(done.code, done.output).toBe(0);
  return done.output;
}

it('shows a poison row with its station, its reason and its bytes', async () => {
  campus = await createCampus();
  const output = await hubDoes(campus, '--add-staff', 'office', '--role', 'office');
  const password = /one-time password of .*: (\S+)/.exec(output)?.[1] ?? '';
  const token = /token is shown this once: (\S+)/.exec(
    await hubDoes(campus, '--add-station', '南门', '--campus', 'beijing', '--code', 'G09'),
  )?.[1];
  const writerId = 'aaaaaaaa-0000-4000-8000-000000000001';
  const poison = { entryId: writerId, writerId, seq: 1, hash: 'f'.repeat(64), bytes: '{"a":"\\u0000"}' };
  const sent = await fetch(`${campus.hubUrl}/hub/entries`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ contract: 1, writerId, receiptedSeq: 0, epoch: null, entries: [poison] }),
  });
  expect(await sent.json()).toMatchObject({ results: [{ status: 'set-aside', reason: 'characters' }] });

  const browser = await openChromium(join(campus.folder, 'office-profile'), { width: 1280, height: 800 });
  try {
    await browser.page.goto(`${campus.hubUrl}/office#faults`);
    await browser.page.locator('[name="name"]').fill('office');
    await browser.page.locator('[name="password"]').fill(password);
    await browser.page.keyboard.press('Enter');
    await setLastingPassword(browser, password);
    const row = browser.page.locator('[data-testid="fault"][data-reason="characters"]');
    await row.waitFor();
    for (const part of ['搁置', '南门', '第 1 条', '含有数据库无法保存的字符'])
      expect(await row.innerText()).toContain(part);
    await row.locator('[data-testid="raw"]').click();
    const raw = browser.page.locator('[data-testid="raw-text"]');
    await raw.waitFor();
    expect(JSON.parse(await raw.inputValue())).toEqual(poison);
    await browser.page.locator('[data-testid="tab-stations"]').click();
    expect(await browser.page.locator('[data-testid="stations"]').innerText()).toContain('G09 南门');
  } finally {
    await browser.close();
  }
  expect(await campus.query("select what, target from reads where what = 'raw'")).toEqual([
    { what: 'raw', target: `set-aside ${writerId} 1` },
  ]);
});

it('fault 13: a restored hub gets back what it lost from a gate that nobody passes', async () => {
  campus = await createCampus();
  const gate = await campus.openGate();
  await waitForRoster(gate);
  const pass = async (n: number) => {
    campus.rig.look(objectOf(3650));
    campus.rig.barrier.forget();
    campus.rig.tap(cardOf(n).uid);
    await until(`passage ${n}`, () => campus.rig.barrier.receivedHex().includes('a00101a2'));
    await waitForScreen(gate, 'admit');
  };
  const checks = async () =>
    (
      await campus.query<{ entry_id: string }>("select entry_id from entries where kind = 'check' order by entry_id")
    ).map(({ entry_id }) => entry_id);
  const delivered = (count: number) =>
    until(`${count} checks at the hub`, async () => ((await checks()).length === count ? true : null), 90_000);
  await pass(1);
  await delivered(1);
  const file = join(campus.folder, 'hub.backup');
  await hubDoes(campus, '--backup', file);
  await pass(2);
  await pass(3);
  await delivered(3);
  const all = await checks();
  await campus.hub.stop();
  await hubDoes(campus, '--restore', file, '--replace');
  await campus.startHub();
  // Nobody passes: the page hears of the new epoch by itself.
  await delivered(3);
  expect(await checks()).toEqual(all);
  expect(await campus.query('select writer_id, seq from entries group by writer_id, seq having count(*) > 1')).toEqual(
    [],
  );
});
