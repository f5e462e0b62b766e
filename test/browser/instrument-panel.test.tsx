// The panel that leads a guard through the checks: each step by touch, what it asks of the bridge, and how the end is shown.
import { render } from 'preact';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import type { InstrumentsAnswer, InstrumentView } from '../../src/contracts/instrument.ts';
import { language } from '../../src/i18n/define.ts';
import { InstrumentPanel } from '../../src/settings/panels/InstrumentPanel.tsx';
import { createSettingsApi } from '../../src/settings/settings-api.ts';
import '../../src/ui/tokens.css';
import '../../src/settings/settings.css';
import { axeFaults } from './axe.ts';

let root: HTMLElement;
let one: InstrumentView;
let asked: { path: string; body: unknown }[] = [];
let refuse: { code: string; zh: string; en: string } | null = null;

beforeEach(async () => {
  await page.viewport(1080, 1920);
  language.value = 'zh';
  asked = [];
  refuse = null;
  one = {
    ...{ deviceId: 'thermometer-1', profile: 'gy-mcu90614', site: 'forehead', mode: 'object', state: 'online' },
    ...{ standing: { state: 'untested' }, powerOnWallMs: null, shift: null, slope: null, running: null, last: null },
    live: { bodyCenti: 3_655, rawCenti: 3_535, ambientCenti: 2_200, ageMs: 20, steady: true },
  };
  root = document.body.appendChild(document.createElement('main'));
  root.className = 'settings panel';
  const rules = { warmUpMs: 1_800_000, shiftDifferenceTenths: 5, slopeMinPercent: 80, slopeMaxPercent: 120 };
  const api = createSettingsApi(async (path, init) => {
    if (init.method === 'POST') {
      asked.push({ path, body: JSON.parse(String(init.body)) });
      if (refuse !== null) return Response.json({ error: refuse }, { status: 409 });
      if (path.endsWith('/measure')) advance();
    }
    const answer: InstrumentsAnswer = {
      ...{ contract: 1, wallMs: 1_800_000_000_000, instruments: [one] },
      rules: { ...rules, slopeApartTenths: 30, checkSamples: 10 },
    };
    return Response.json(answer);
  });
  render(<InstrumentPanel api={api} live={{ value: null } as never} staffId="s-1" />, root);
});
afterEach(() => {
  render(null, root);
  root.remove();
});

/** What the bridge would do: keep the first measurement, end with the second. */
function advance(): void {
  const last = asked.at(-1)?.body as { check: 'shift' | 'slope'; what: 'person' | 'target'; knownCenti: number };
  const measured = { what: last.what, knownCenti: last.knownCenti, infraredCenti: 3_650 };
  if (one.running === null) one = { ...one, running: { check: last.check, measures: [measured] } };
  else {
    const measures = [...one.running.measures, measured];
    one = {
      ...one,
      running: null,
      standing: { state: 'barred', reasons: [last.check], atWallMs: 5 },
      last: { check: last.check, outcome: 'barred', differenceTenths: null, slopePercent: 48, measures, atWallMs: 5 },
    };
  }
}

async function find(id: string): Promise<HTMLElement> {
  await expect.element(page.getByTestId(id)).toBeVisible();
  const found = root.querySelector<HTMLElement>(`[data-testid="${id}"]`);
  if (found === null) throw new Error(`no ${id}`);
  return found;
}
const press = async (id: string) => (await find(id)).click();
async function type(digits: string): Promise<void> {
  for (const digit of digits) await press(`key-${digit}`);
}

it('leads through a slope check in two steps, and says what to do when it failed', async () => {
  await press('start-slope');
  expect((await find('check-step')).dataset.step).toBe('1');
  expect(root.querySelectorAll('svg.check-picture path').length).toBeGreaterThan(2);
  expect((await find('measure')).hasAttribute('disabled')).toBe(true);
  await type('350');
  expect((await find('typed')).textContent).toContain('35.0');
  await press('measure');
  await expect.poll(async () => (await find('check-step')).dataset.step).toBe('2');
  await type('389');
  await press('measure');
  const result = await find('check-result');
  expect(result.dataset.outcome).toBe('barred');
  expect(result.textContent).toContain('0.48');
  expect(result.textContent).toContain('手持体温计');
  expect(asked.filter(({ path }) => path.endsWith('/measure')).map(({ body }) => body)).toEqual([
    { deviceId: 'thermometer-1', check: 'slope', what: 'target', knownCenti: 3_500 },
    { deviceId: 'thermometer-1', check: 'slope', what: 'target', knownCenti: 3_890 },
  ]);
  expect((await find('standing')).textContent).toContain('已停用');
});

it('shows a refusal as its sentence and keeps what was typed', async () => {
  await press('start-shift');
  await find('check-step');
  refuse = { code: 'unsteady', zh: '读数不稳，请再按一次。', en: 'Press again.' };
  await type('366');
  await press('measure');
  expect((await find('refusal')).textContent).toBe('读数不稳，请再按一次。');
  expect((await find('typed')).textContent).toContain('36.6');
});

it('takes the power-on as a time ago, and shows the minutes that are left', async () => {
  await press('power-10');
  await expect
    .poll(() => asked.at(-1))
    .toEqual({
      path: '/settings/api/instruments/power-on',
      body: { deviceId: 'thermometer-1', agoMs: 600_000 },
    });
  one = { ...one, standing: { state: 'warming', leftMs: 1_199_000 } };
  await expect.poll(async () => (await find('standing')).textContent).toContain('20');
});

it.each(['zh', 'en'] as const)('has targets of 112 px and nothing that axe minds, in %s', async (which) => {
  language.value = which;
  await press('start-shift');
  await find('check-step');
  for (const button of root.querySelectorAll('button')) {
    expect(button.getBoundingClientRect().height).toBeGreaterThanOrEqual(111.5);
  }
  expect(await axeFaults(root)).toEqual([]);
});
