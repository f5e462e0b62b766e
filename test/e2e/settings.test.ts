// The settings page behind its PIN, beside the running demo: lock-out, live devices, the checks, the doctor beside a device that is
// played on a pty, and three cards that teach a number. Each panel is looked at in two sizes and two languages.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cleared, played } from '../device/doctor/doctor-kit.ts';
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

const sizes = [
  { width: 1_080, height: 1_920, targetPx: 112 },
  { width: 1_280, height: 800, targetPx: 56 },
] as const;

/** Looks at what is open in both sizes and both languages. Returns complaints; leaves the gate's size and Chinese. */
async function complaints(): Promise<string[]> {
  const source = await readFile(join(root, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');
  await browser.page.evaluate(source);
  const found: string[] = [];
  for (const { width, height, targetPx } of [...sizes].reverse()) {
    await browser.page.setViewportSize({ width, height });
    for (const language of ['zh', 'en']) {
      found.push(...(await axeFaults()), ...(await misfits(targetPx)));
      await keepPicture(`${width}-${language}`);
      await at('language').click();
    }
  }
  return found;
}

/** What axe finds. */
function axeFaults(): Promise<string[]> {
  return browser.page.evaluate(async () => {
    const axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } = Reflect.get(
      window,
      'axe',
    );
    return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
}

/** Targets that a finger could miss, words that are cut off or lie over another, and a page wider than its screen. */
function misfits(targetPx: number): Promise<string[]> {
  return browser.page.evaluate((px) => {
    const found: string[] = [];
    const tell = (what: string, one: Element) => found.push(`${innerWidth} ${what}: ${one.outerHTML.slice(0, 90)}`);
    const targets = [...document.querySelectorAll('button, a, input')];
    for (const one of targets) {
      const { width, height } = one.getBoundingClientRect();
      if (width < px || height < px) tell(`${width} x ${height}`, one);
    }
    for (const one of document.querySelectorAll('button, a, h1, h2, h3, p, dt, dd, label, .state, pre')) {
      if (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline') tell('cut off', one);
    }
    const boxes = targets.map((one) => ({ one, box: one.getBoundingClientRect() }));
    for (const [n, { one, box }] of boxes.entries()) {
      const over = boxes.slice(n + 1).some(({ box: other }) => {
        const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
        return across > 1 && Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 1;
      });
      if (over) tell('lies over another', one);
    }
    const header = document.querySelector('header')?.getBoundingClientRect().height ?? 0;
    if (header > 2 * px) found.push(`${innerWidth} the header takes ${header}`);
    for (const icon of document.querySelectorAll('svg.icon')) {
      const drawing = icon.querySelector('use');
      if (drawing === null || drawing.getBoundingClientRect().width === 0) tell('an icon without a drawing', icon);
    }
    if (document.documentElement.scrollWidth > innerWidth) found.push(`wider than ${innerWidth}`);
    return found;
  }, targetPx);
}

let pictures = 0;
/** For the eye, where somebody asks by SHOTS=FOLDER. */
async function keepPicture(name: string): Promise<void> {
  if (!process.env.SHOTS) return;
  const panel = (await browser.page.locator('main').getAttribute('data-panel')) ?? 'sign-in';
  pictures += 1;
  const file = `${String(pictures).padStart(2, '0')}-${panel}-${name}.png`;
  await browser.page.screenshot({ path: join(process.env.SHOTS, file) });
}

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
  await cleared();
  rmSync(folder, { recursive: true, force: true });
});

const guardOf = (name: string) => browser.page.locator('[data-testid^="guard-"]', { hasText: name });
/** The guard whose PIN was printed. */
function known(): { name: string; pin: string } {
  const guard = addresses.accounts.find(({ pin }) => pin !== undefined);
  if (guard?.pin === undefined) throw new Error('no guard was printed');
  return { name: guard.name, pin: guard.pin };
}

it('asks for a PIN by finger, says that a wrong one is wrong, and opens for the right one by keyboard', async () => {
  await browser.page.goto(new URL('/settings', addresses.gate).href);
  await guardOf('').first().waitFor();
  expect(await complaints()).toEqual([]);
  const { name, pin } = known();
  await guardOf(name).click();
  await at('key-0').click();
  await at('enter').click();
  await expect.poll(() => at('pin-note').innerText()).toContain('PIN');
  expect(await complaints()).toEqual([]);
  await at('other-guard').click();
  await guardOf(name).focus();
  await browser.page.keyboard.press('Enter');
  await at('pin').waitFor();
  await browser.page.keyboard.type(pin);
  await browser.page.keyboard.press('Enter');
  await at('tab-devices').waitFor();
  expect(await at('who').innerText()).toContain(name);
  await at('device-thermometer-1').locator('[data-state="online"]').waitFor();
  await expect.poll(() => at('value').innerText()).toContain('℃');
  expect(await complaints()).toEqual([]);
});

it('opens the thermometer checks from the keyboard, with room for each step', async () => {
  await at('tab-devices').focus();
  await browser.page.keyboard.press('Tab');
  await browser.page.keyboard.press('Enter');
  await at('start-slope').waitFor();
  expect(await complaints()).toEqual([]);
  await at('start-shift').click();
  await at('check-step').waitFor();
  expect(await complaints()).toEqual([]);
  await at('cancel-check').click();
  await at('start-slope').click();
  await at('check-step').waitFor();
  expect(await complaints()).toEqual([]);
  await at('cancel-check').click();
});

it('learns the printed number from three tapped cards, and refuses one that does not fit', async () => {
  await at('tab-learn').click();
  await at('tap-more').waitFor();
  expect(await complaints()).toEqual([]);
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
  expect(await complaints()).toEqual([]);
});

it('shows the doctor, which leaves the ports of this station alone and names what speaks behind another', async () => {
  await at('tab-doctor').click();
  const far = await played('gy-mcu90614');
  // The page takes devices alone, not what leads to them.
  await at('doctor-path').fill(realpathSync(far.path));
  await at('doctor-start').click();
  await browser.page.locator('[data-testid="doctor-port"] [data-code="own"]').nth(2).waitFor();
  await expect.poll(() => at('doctor-lines').innerText(), { timeout: 30_000 }).toContain('"profile":"gy-mcu90614"');
  await browser.page.locator('[data-testid="doctor-report"][data-running="false"]').waitFor();
  expect(await at('doctor-values').innerText()).toContain('35.30');
  expect(far.written()).toBe('');
  expect(await complaints()).toEqual([]);
}, 60_000);

it('tests itself, tells its builds and the policy of the hub, and finds the newest build in use', async () => {
  await at('tab-post').click();
  for (const subject of ['thermometer-1', 'journal', 'hub', 'clock', 'guards', 'policy'])
    await browser.page.locator(`[data-testid="test-${subject}"][data-ok="true"]`).waitFor();
  expect(await at('versions').innerText()).toMatch(/0\.\d+\.\d+/);
  expect(await at('update-now').isDisabled()).toBe(true);
  expect(await complaints()).toEqual([]);
  // The gate once, so that its worker is there.
  await browser.page.goto(addresses.gate);
  await browser.page.evaluate(() => navigator.serviceWorker.ready);
  await browser.page.goto(new URL('/settings#post', addresses.gate).href);
  await at('update-now').click();
  await browser.page.locator('[data-testid="update-said"][data-is="newest"]').waitFor();
  await expect.poll(() => at('versions').innerText()).toContain('与设备盒相同');
});

it('locks a guard after five wrong PINs, that guard alone, and leads back to the gate', async () => {
  await at('sign-out').click();
  const { name, pin } = known();
  await browser.page.locator('[data-testid^="guard-"]').filter({ hasNotText: name }).first().click();
  for (let wrong = 0; wrong < 5; wrong += 1) {
    await at('pin').fill('000');
    await at('enter').click();
    await expect.poll(() => at('pin').inputValue()).toBe('');
    await expect.poll(() => at('pin-note').getAttribute('data-bad')).toBe('true');
  }
  await expect.poll(() => at('pin-note').innerText()).toContain('5');
  await at('other-guard').click();
  await guardOf(name).click();
  await at('pin').fill(pin);
  await at('enter').click();
  await at('sign-out').click();
  await at('to-gate').click();
  await browser.page.locator('[data-testid="footer-shift"]').click();
  await at('to-settings').click();
  await at('sign-in').waitFor();
});
