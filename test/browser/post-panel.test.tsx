// The settings' tab about this post in a real Chromium: both languages, both sizes, and what each button asks of the bridge.
import { signal } from '@preact/signals';
import { render } from 'preact';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import type { PostAnswer, SelfTestAnswer, TestLine } from '../../src/contracts/post.ts';
import { testFindings } from '../../src/contracts/post.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { language, languages } from '../../src/i18n/define.ts';
import { postTexts } from '../../src/i18n/settings-post.ts';
import { PostPanel } from '../../src/settings/panels/PostPanel.tsx';
import { createSettingsApi } from '../../src/settings/settings-api.ts';
import '../../src/ui/tokens.css';
import '../../src/settings/settings.css';
import { axeFaults } from './axe.ts';

let root: HTMLElement;
let post: PostAnswer;
let test: SelfTestAnswer;
let asked: { path: string; body: unknown }[] = [];
let hasStick = false;

const line = (
  subject: TestLine['subject'],
  finding: TestLine['finding'],
  change: Partial<TestLine> = {},
): TestLine => ({
  ...{ subject, finding, deviceId: null, ok: true, code: null, ms: null, n: null },
  ...change,
});
const api = createSettingsApi(async (path, init) => {
  if (init.method === 'POST') asked.push({ path, body: JSON.parse(String(init.body)) });
  if (path.endsWith('/self-test')) return Response.json(test);
  if (path.endsWith('/brightness')) return Response.json(JSON.parse(String(init.body)));
  if (!path.endsWith('/export-log')) return Response.json(post);
  const error = { code: 'no-stick', zh: '没有找到可写的 U 盘，请插入后再试。', en: 'No writable USB stick found.' };
  return hasStick
    ? Response.json({ path: '/media/gate/STICK/mengang-G03-2026-03-01-0745.jsonl', lines: 12 })
    : Response.json({ error }, { status: 404 });
});

beforeEach(async () => {
  await page.viewport(1080, 1920);
  asked = [];
  hasStick = false;
  post = {
    ...{ contract: 1, wallMs: 1_772_323_500_000, bridge: { version: '0.1.0', builtAtMs: 1_772_000_000_000 } },
    ...{ startedWallMs: 1_772_320_000_000, upMs: 3_500_000 },
    pages: { version: '0.1.0', cache: 'mengang-gate-0123abcd', builtAtMs: 1_772_000_000_000 },
    policy: { version: 9, cameWallMs: 1_772_100_000_000, thresholds: defaultPolicy },
    backlightPercent: 55,
  };
  test = {
    ...{ atWallMs: 1_772_323_500_000, ok: false },
    lines: [
      line('device', 'ready', { deviceId: 'reader-1' }),
      line('device', 'not-ready', { deviceId: 'thermometer-1', ok: false, code: 'E-21' }),
      line('journal', 'writable'),
      line('disk', 'little-space', { ok: false, code: 'E-52', n: 300 }),
      line('hub', 'hub-away', { ok: false, ms: 600_000 }),
      line('clock', 'clock-good', { ms: -1_240 }),
      line('guards', 'guards-there', { n: 6, ms: 30_000 }),
      line('policy', 'policy-there', { n: 9, ms: 30_000 }),
    ],
  };
  root = document.body.appendChild(document.createElement('main'));
  root.className = 'settings panel';
});
afterEach(() => {
  render(null, root);
  root.remove();
  language.value = 'zh';
});

const wait = (ms = 20) => new Promise((resolve) => setTimeout(resolve, ms));
async function open() {
  render(<PostPanel api={api} live={signal(null)} staffId="s-1" />, root);
  await wait(60);
}
const find = (id: string) => {
  const found = root.querySelector<HTMLButtonElement>(`[data-testid="${id}"]`);
  if (found === null) throw new Error(`no ${id}`);
  return found;
};
async function press(id: string) {
  find(id).click();
  await wait();
}

it.each(
  languages.flatMap((which) => [[which, 1_080, 1_920, 112] as const, [which, 1_280, 800, 56] as const]),
)('in %s at %d × %d is axe-clean, no wider than the screen, with targets of %d px', async (which, width, height, px) => {
  await page.viewport(width, height);
  language.value = which;
  await open();
  expect(
    await axeFaults(root).then((faults) => faults.filter((fault) => !/page-has-heading-one|heading-order/.test(fault))),
  ).toEqual([]);
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
  for (const button of root.querySelectorAll('button')) {
    expect(button.getBoundingClientRect().height, button.outerHTML).toBeGreaterThanOrEqual(px);
    expect(button.scrollWidth, button.outerHTML).toBeLessThanOrEqual(button.clientWidth + 1);
  }
  if (which === 'en') expect(root.textContent).not.toMatch(/[\u3400-\u9fff]/);
  expect(root.textContent).not.toMatch(/\{\w+\}/);
});

it('puts what failed first, each with its code and what to do, and tests again', async () => {
  await open();
  const lines = [...root.querySelectorAll('[data-testid="test-lines"] li')].map((one) => one.textContent);
  expect(lines.slice(0, 3)).toEqual([
    '失败设备 thermometer-1 测温仪没有接上 E-21查线；改用手持测温枪',
    '失败硬盘空间 只剩 300 MB E-52请技术员腾出空间',
    '失败总台 10 分钟没有应答照常工作；检查网线，再告诉技术员',
  ]);
  expect(lines[3]).toBe('通过设备 reader-1 在线，可以使用');
  expect(find('test-said').textContent).toContain('3 项失败');
  test = { ...test, ok: true, lines: [line('journal', 'writable')] };
  await press('test-again');
  expect(find('test-said').textContent).toContain('全部通过');
  expect(asked.map(({ path }) => path)).toEqual(Array(2).fill('/settings/api/post/self-test'));
});

it('says plainly when the defaults decide', async () => {
  await open();
  expect(find('thresholds').textContent).toContain('第 9 版');
  expect(find('thresholds').textContent).toContain('37.3 ℃');
  render(null, root);
  post = { ...post, policy: { ...post.policy, cameWallMs: null } };
  await open();
  expect(find('thresholds').querySelector('.warning')?.textContent).toContain('默认值');
});

it('writes the log to a stick, and says so when there is none', async () => {
  await open();
  await press('log-export');
  expect(find('log-said').textContent).toBe('没有找到可写的 U 盘，请插入后再试。');
  hasStick = true;
  await press('log-export');
  expect(find('log-said').textContent).toContain('mengang-G03-2026-03-01-0745.jsonl');
});

it('sets the brightness to full steps and not below the least', async () => {
  await open();
  for (let n = 0; n < 5; n += 1) await press('darker');
  expect(asked.filter(({ path }) => path.endsWith('brightness')).map(({ body }) => body)).toEqual(
    [50, 40, 30, 20].map((percent) => ({ percent })),
  );
  expect(find('darker').disabled).toBe(true);
  await press('brighter');
  expect(asked.at(-1)?.body).toEqual({ percent: 30 });
});

it('has no knobs where there is no backlight, and no update where nothing is kept', async () => {
  post = { ...post, backlightPercent: null };
  await open();
  expect(find('light').textContent).toContain('没有可调的背光');
  expect(root.querySelector('[data-testid="darker"]')).toBeNull();
  expect(find('update-now').disabled).toBe(true);
  expect(find('update-said').textContent).toBe(postTexts.t('update-none'));
});

it('has a text for everything that a self-test finds, with the same marks in both languages', () => {
  for (const finding of testFindings) expect(postTexts.has(`say-${finding}`), finding).toBe(true);
  const marks = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([mark]) => mark).sort();
  for (const key of postTexts.keys)
    expect([key, marks(postTexts.tIn('en', key))]).toEqual([key, marks(postTexts.tIn('zh', key))]);
});
