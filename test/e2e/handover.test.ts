// A shift with the real bridge and hub: two guards by card and PIN, an open case that must be taken over, a posts' memory over a
// power cut of the bridge, and the handover at the office.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Campus, cardOf, createCampus, objectOf, waitForScreen } from '../kit/campus.ts';
import type { Browser } from '../kit/chromium.ts';
import { until } from '../kit/programs.ts';

let campus: Campus;
let gate: Browser;
const at = (testId: string) => gate.page.locator(`[data-testid="${testId}"]`);
const cards = { one: cardOf(901), two: cardOf(902) };

beforeAll(async () => {
  campus = await createCampus();
  const staff = await campus.query<{ staff_id: string; pin_hash: string }>(
    "select staff_id, pin_hash from staff where name = 'guard'",
  );
  const [one] = staff;
  await campus.query(
    `insert into staff (staff_id, name, role, pin_hash, password_once, created_ms) values ('sf-second', 'relief', 'guard', $1, false, 1)`,
    [one?.pin_hash],
  );
  await campus.query(`insert into staff_cards (card_key, staff_id) values ($1, $2), ($3, 'sf-second')`, [
    `uid:${cards.one.uid}`,
    one?.staff_id,
    `uid:${cards.two.uid}`,
  ]);
  // The list of guards comes with the bridge's start, then once a minute.
  await campus.bridge.stop();
  await campus.startBridge();
  gate = await campus.openGate();
  await waitForScreen(gate, 'idle');
  await gate.page.locator('main:not([data-people="0"])').waitFor();
  await until('the second guard is on the list', async () => {
    await gate.page.reload();
    await waitForScreen(gate, 'idle');
    await at('footer-shift').click();
    return (await at('guard-sf-second').count()) > 0;
  });
  await gate.page.keyboard.press('Escape');
});
afterAll(() => campus?.close());

async function idle() {
  await waitForScreen(gate, 'idle', 40_000);
}

async function typePin() {
  // As slowly as a hand: faster would be a keyboard reader's burst.
  for (const digit of campus.guard.pin) {
    await gate.page.keyboard.press(digit);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

it('signs a guard in by card and PIN; the card is no passage while the panel is open', async () => {
  await at('stripe').filter({ hasText: '无人签到值班' }).waitFor();
  await at('footer-shift').click();
  campus.rig.tap(cards.one.uid);
  await at('pin').waitFor();
  await typePin();
  await gate.page.keyboard.press('Enter');
  await at('shift').waitFor({ state: 'detached' });
  expect(await at('stripe').filter({ hasText: '无人签到值班' }).count()).toBe(0);
  expect(await gate.page.locator('main').getAttribute('data-screen')).toBe('idle');
});

it('hands over only with the open case taken, and the hub has it with counts, case and cards', async () => {
  campus.rig.look(objectOf(3780));
  campus.rig.tap(cardOf(1).uid);
  await waitForScreen(gate, 'refer');
  const caseNo = await at('case-no').innerText();
  await at('handover').click();
  await idle();

  // The bridge forgets nobody at a power cut.
  await campus.bridge.kill();
  await campus.startBridge();
  await idle();

  await at('footer-shift').click();
  await at('on-duty').filter({ hasText: 'guard' }).waitFor();
  campus.rig.tap(cards.two.uid);
  await at('handover-next').waitFor();
  expect(await at('count-refer').innerText()).toBe('1');
  expect(await at('take-case').innerText()).toContain(caseNo);
  expect(await at('handover-next').isDisabled()).toBe(true);
  campus.rig.tap(cards.one.uid);
  await at('take-case').click();
  await at('handover-note').filter({ hasText: '交班人已刷卡' }).waitFor();
  await at('note-quiet').click();
  await at('handover-next').click();
  await typePin();
  await at('keypad-enter').click();
  await at('shift').waitFor({ state: 'detached' });

  const told = await until('the handover at the hub', async () => {
    const rows = await campus.query<{ bytes: string }>("select bytes from entries where kind = 'handover'");
    return rows[0] === undefined ? null : JSON.parse(rows[0].bytes);
  });
  const raised = await campus.query<{ case_id: string }>('select case_id from referrals where case_no = $1', [caseNo]);
  expect(told).toMatchObject({ roster: 'duty', to: 'sf-second', fromPresent: true, notes: ['quiet'] });
  expect(told.counts.refer).toBe(1);
  expect(told.cases).toEqual(raised.map(({ case_id: id }) => id));
  const shifts = await until('the comings and goings at the hub', async () => {
    const rows = await campus.query<{ bytes: string }>(
      "select bytes from entries where kind = 'shift' order by received_ms, seq",
    );
    return rows.length < 3 ? null : rows.map(({ bytes }) => JSON.parse(bytes));
  });
  expect(shifts.map(({ change, how }) => [change, how])).toEqual([
    ['in', 'card'],
    ['out', 'relieved'],
    ['in', 'card'],
  ]);
});
