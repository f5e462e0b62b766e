// People whom a card does not settle, with real bytes: a forgotten card, a visitor approved and a returner decided at the office page,
// a slip taken in at the clinic while no network had reached the gate.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Campus, cardOf, createCampus, objectOf, setLastingPassword, waitForScreen } from '../kit/campus.ts';
import { type Browser, openChromium } from '../kit/chromium.ts';
import { runProgram, until } from '../kit/programs.ts';

let campus: Campus;
let gate: Browser;
let office: Browser;

const cli = async (...args: string[]) => {
  const done = await runProgram('hub', args, {
    HUB_PORT: new URL(campus.hubUrl).port,
    STATE_DIR: join(campus.folder, 'hub'),
    NODE_ENV: 'production',
  });
  if (done.code !== 0) throw new Error(done.output);
  return done.output;
};
const at = (page: Browser, testId: string) => page.page.locator(`[data-testid="${testId}"]`).first();
const press = async (...testIds: string[]) => {
  for (const testId of testIds) await at(gate, testId).click();
};
const entries = async (kind: string) =>
  (
    await campus.query<{ bytes: string }>('select bytes from entries where kind = $1 order by received_ms, seq', [kind])
  ).map(({ bytes }) => JSON.parse(bytes));
const opened = () => until('the barrier opens', () => campus.rig.barrier.receivedHex().includes('a00101'));
const fresh = (bodyCenti: number) => {
  campus.rig.barrier.forget();
  campus.rig.look(objectOf(bodyCenti));
};

beforeAll(async () => {
  campus = await createCampus({ people: 20 });
  const roster = join(campus.folder, 'roster.csv');
  writeFileSync(roster, readFileSync(roster, 'utf8').replace(/^(T00003,.*),在校$/m, '$1,离校'));
  await cli('--import-roster', roster);
  const password = /one-time password of .*: (\S+)/.exec(
    await cli('--add-staff', 'security', '--role', 'security'),
  )?.[1];
  office = await openChromium(join(campus.folder, 'office-profile'), { width: 1280, height: 800 });
  await office.page.goto(`${campus.hubUrl}/office`);
  await office.page.locator('input').first().fill('security');
  await office.page.locator('input[type="password"]').fill(password ?? '');
  await office.page.keyboard.press('Enter');
  await setLastingPassword(office, password ?? '');
  await at(office, 'tab-holds').click();
  gate = await campus.openGate();
  await waitForScreen(gate, 'idle');
  await gate.page.locator('main[data-people="20"]').waitFor();
  await press('footer-shift');
  await gate.page.locator('[data-testid^="guard-"]').first().click();
  for (const digit of campus.guard.pin) await at(gate, `keypad-${digit}`).click();
  await at(gate, 'keypad-enter').click();
  await until('the panel closes', async () => (await at(gate, 'shift').count()) === 0);
}, 300_000);
afterAll(async () => {
  await office?.close().catch(() => undefined);
  await campus?.close();
});

it('finds a forgotten card by the number, and opens for that person', async () => {
  fresh(3650);
  await press('footer-guests', 'menu-find', ...'800005'.split('').map((one) => `pad-${one}`), 'found');
  await waitForScreen(gate, 'admit');
  await opened();
  const check = await until('the entry', async () => (await entries('check')).at(-1));
  expect(check).toMatchObject({ personId: 'T00005', card: null, by: 'search', verdict: 'admit' });
  expect(check.searchedBy).not.toBe('');
});

it('registers a visitor while measuring; security approves at the office; asked, the visitor goes', async () => {
  await waitForScreen(gate, 'idle');
  fresh(3650);
  await press(
    'footer-guests',
    'menu-visitor',
    'surname-王',
    'mister',
    'next',
    'keypad-1',
    'keypad-3',
    'keypad-8',
    'keypad-0',
    'keypad-0',
    'next',
  );
  await at(gate, 'visitor-unit').fill('后勤处');
  await press('purpose-repair', 'next', 'approve-hub');
  await waitForScreen(gate, 'hold');
  expect(campus.rig.barrier.receivedHex()).not.toContain('a00101');
  const row = office.page.locator('[data-testid="hold"][data-reason="visitor"]');
  await row.waitFor();
  await until('the name stands there', async () => (await row.innerText()).includes('王先生'));
  await row.locator('[data-testid="hold-allow"]').click();
  await at(gate, 'answer-clear').waitFor({ timeout: 5_000 });
  await press('answer-clear');
  await waitForScreen(gate, 'admit');
  await opened();
  await until('both entries', async () => (await entries('visitor')).length === 2);
  expect((await entries('visitor')).map(({ approval }) => approval)).toEqual(['asked', 'hub']);
  const rows = await campus.query("select 1 from entries where bytes like '%王先生%'");
  expect(rows).toEqual([]);
});

it('holds who may not return until the office decides by name, and then lets in on the same reading once asked', async () => {
  await waitForScreen(gate, 'idle');
  fresh(3650);
  campus.rig.tap(cardOf(3).uid);
  await waitForScreen(gate, 'hold');
  expect(campus.rig.barrier.receivedHex()).not.toContain('a00101');
  await office.page
    .locator('[data-testid="hold"][data-reason="return-not-granted"] [data-testid="hold-allow"]')
    .click();
  await at(gate, 'answer-clear').waitFor({ timeout: 5_000 });
  await press('answer-clear');
  await waitForScreen(gate, 'admit', 5_000);
  await opened();
  const override = await until('the override', async () => (await entries('override')).at(-1));
  expect(override).toMatchObject({ personId: 'T00003', reason: 'return-not-granted', how: 'hub', allow: true });
});

it('hands a case over on paper while no network is there; the upload that comes later raises nothing again', async () => {
  await campus.hub.stop();
  await waitForScreen(gate, 'idle');
  fresh(3780);
  campus.rig.tap(cardOf(4).uid);
  await waitForScreen(gate, 'refer');
  await press('slip');
  const slip = await at(gate, 'slip-code').getAttribute('data-text');
  expect(slip?.length).toBeGreaterThan(100);
  await campus.bridge.stop();
  await campus.startHub();
  const clinic = await campus.openClinic();
  await at(clinic, 'slip').click();
  await at(clinic, 'slip-field').fill(slip ?? '');
  await clinic.page.keyboard.press('Enter');
  await until('it is taken in', async () => (await at(clinic, 'slip-said').innerText()).includes('G03-'));
  await clinic.page.locator('[data-testid="card"][data-state="raised"]').waitFor({ state: 'attached' });
  await campus.startBridge();
  await until('the entry itself', async () => (await entries('check')).some(({ raisesCase }) => raisesCase), 60_000);
  expect(await campus.query('select case_id, version::int from referrals')).toEqual([
    { case_id: expect.any(String), version: 1 },
  ]);
});
