// The settings page behind its PIN, beside the running demo: lock-out, live devices, the doctor, and three cards that teach a number.
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Browser, openChromium } from '../kit/chromium.ts';
import { freePort, type Program, root, startProgram } from '../kit/programs.ts';

let folder = '';
let demo: Program;
let browser: Browser;
let addresses: { gate: string; simulator: string; accounts: { role: string; name: string; pin?: string }[] };

const at = (id: string) => browser.page.locator(`[data-testid="${id}"]`);
const tap = (uid: string) =>
  fetch(new URL('/api/tap', addresses.simulator), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ uid }),
  });

/** Serious faults that axe finds, both languages. */
async function faults(): Promise<string[]> {
  const source = await readFile(join(root, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');
  const found: string[] = [];
  for (let turn = 0; turn < 2; turn += 1) {
    await browser.page.evaluate(source);
    found.push(
      ...(await browser.page.evaluate(async () => {
        const axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } = Reflect.get(
          window,
          'axe',
        );
        return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
      })),
    );
    if (process.env.SHOTS) {
      const panel = (await browser.page.locator('main').getAttribute('data-panel')) ?? 'sign-in';
      const { width } = browser.page.viewportSize() ?? { width: 0 };
      await browser.page.screenshot({ path: join(process.env.SHOTS, `${panel}-${width}-${turn}.png`) });
    }
    await at('language').click();
  }
  return found;
}

/** Buttons, links and fields that a finger could miss. */
const small = (least: number) =>
  browser.page.evaluate(
    (px) =>
      [...document.querySelectorAll('button, a, input')]
        .map((one) => ({ html: one.outerHTML.slice(0, 80), height: one.getBoundingClientRect().height }))
        .filter(({ height }) => height < px),
    least,
  );

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mengang-settings-'));
  demo = startProgram('start', [], {
    STATE_DIR: join(folder, 'state'),
    SIMULATED_PORTS: 'memory',
    GATE_PORT: String(await freePort()),
    HUB_PORT: String(await freePort()),
    SIMULATOR_PORT: String(await freePort()),
  });
  addresses = JSON.parse(await demo.line(/^\{"gate"/));
  browser = await openChromium(join(folder, 'page'));
});
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('asks for a PIN, locks after five wrong ones for that guard alone, and opens for the right one', async () => {
  await browser.page.goto(new URL('/settings', addresses.gate).href);
  const guards = browser.page.locator('[data-testid^="guard-"]');
  await guards.first().waitFor();
  expect(await faults()).toEqual([]);
  expect(await small(112)).toEqual([]);
  const guard = addresses.accounts.find(({ pin }) => pin !== undefined);
  if (guard?.pin === undefined) throw new Error('no guard was printed');
  const mine = browser.page.locator('[data-testid^="guard-"]', { hasText: guard.name });
  await mine.click();
  // By finger, then by keyboard.
  await at('key-0').click();
  await at('enter').click();
  await expect.poll(() => at('pin-note').innerText()).toContain('PIN');
  await browser.page.keyboard.press('Tab');
  await at('pin').fill(guard.pin);
  await browser.page.keyboard.press('Enter');
  await at('tab-devices').waitFor();
  await at('device-thermometer-1').locator('[data-state="online"]').waitFor();
  await expect.poll(() => at('value').innerText()).toContain('℃');
  expect(await faults()).toEqual([]);
  expect(await small(112)).toEqual([]);
});

it('learns the printed number from three tapped cards, and refuses one that does not fit', async () => {
  await at('tab-learn').click();
  const cards = { '010063E9AE': '0006547886', '0000D507D0': '0013961168', '01026F6C3A': '0040856634' };
  for (const [uid, printed] of Object.entries(cards)) {
    await tap(uid);
    await at(`printed-${uid}`).fill(printed);
  }
  await at('printed-01026F6C3A').fill('0040856635');
  await at('learn-judge').click();
  await browser.page.locator('[data-testid="learnt"][data-is="none"]').waitFor();
  await at('printed-01026F6C3A').focus();
  await at('key-erase').click();
  await at('key-4').click();
  await at('learn-judge').click();
  await browser.page.locator('[data-testid="learnt"][data-is="one"]').waitFor();
  expect(JSON.parse(await at('learn-lines').innerText())).toMatchObject({ options: { printed: 'dec10' } });
  // The demo has no configuration file: nothing is offered to be written.
  expect(await at('learn-write').count()).toBe(0);
  expect(await faults()).toEqual([]);
  expect(await small(112)).toEqual([]);
});

it('shows the doctor, which leaves the ports of this station alone', async () => {
  await at('tab-doctor').click();
  await at('doctor-start').click();
  await browser.page.locator('[data-testid="doctor-port"] [data-code="own"]').nth(2).waitFor();
  expect(await faults()).toEqual([]);
  expect(await small(112)).toEqual([]);
  await browser.page.setViewportSize({ width: 1_280, height: 800 });
  expect(await faults()).toEqual([]);
  const overflow = await browser.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});

it('locks a guard after five wrong PINs, and leads back to the gate', async () => {
  await at('sign-out').click();
  await browser.page.locator('[data-testid^="guard-"]').first().click();
  for (let wrong = 0; wrong < 5; wrong += 1) {
    await at('pin').fill('000');
    await at('enter').click();
    await expect.poll(() => at('pin').inputValue()).toBe('');
    await expect.poll(() => at('pin-note').getAttribute('data-bad')).toBe('true');
  }
  await expect.poll(() => at('pin-note').innerText()).toContain('5');
  await at('to-gate').click();
  await browser.page.locator('[data-testid="footer-shift"]').click();
  await at('to-settings').click();
  await at('sign-in').waitFor();
});
