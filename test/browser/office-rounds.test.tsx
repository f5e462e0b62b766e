// The office's panel of rounds in a real Chromium: missing by building and college, who closed late, names to copy.
import { render } from 'preact';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { MissingAnswer } from '../../src/contracts/rounds.ts';
import { language } from '../../src/i18n/define.ts';
import { createOffice, type Office } from '../../src/office/office-state.ts';
import { Rounds } from '../../src/office/Rounds.tsx';
import '../../src/office/office.css';
import { axeFaults } from './axe.ts';

const atMs = Date.UTC(2020, 2, 1, 2);
const figures = {
  expected: 320,
  measured: 311,
  normal: 309,
  borderline: 0,
  abnormal: 1,
  symptoms: 1,
  absent: 6,
  missing: 3,
};
const closing = {
  ...{ entryId: 'aaaaaaaa-0000-4000-8000-000000000001', by: { staffId: 's2', name: '孙宿管' }, atMs: atMs - 3_600_000 },
  ...{ late: true, lateReason: '停电', figures, missing: 2 },
};
const person = (personId: string, name: string, unit: string, room: string): MissingAnswer['people'][number] => ({
  ...{ personId, name, unit, contact: '刘辅导员 8201', place: '3 号楼', room, bed: '2', reason: 'no-answer' },
});
const full: MissingAnswer = {
  ...{ contract: 1, hubNowMs: atMs, roundDay: '2020-03-01', window: 'early', scope: 'building' },
  ...{ opensMs: atMs - 12_600_000, closesMs: atMs - 5_400_000, reasonFromMs: atMs - 3_600_000, figures },
  byUnit: [
    { name: '计算机科学与技术学院', expected: 200, missing: 2 },
    { name: '环境学院', expected: 120, missing: 1 },
  ],
  byPlace: [
    { name: '5 号楼', expected: 160, missing: 1, closing: null, overdue: true },
    { name: '3 号楼', expected: 160, missing: 2, closing, overdue: false },
  ],
  people: [
    person('1', '张三', '计算机科学与技术学院', '402'),
    person('2', '李四', '计算机科学与技术学院', '403'),
    person('3', '王五', '环境学院', '404'),
  ],
};
let told: MissingAnswer = full;
let asked: string[] = [];
const hub: typeof fetch = async (input) => {
  asked.push(String(input));
  return new Response(JSON.stringify(told), { status: 200 });
};

let root: HTMLElement;
let office: Office;
const find = (testid: string) => document.querySelector<HTMLElement>(`[data-testid="${testid}"]`);
async function show() {
  office = createOffice({ fetch: hub, every: () => () => {} });
  render(
    <main>
      <h1>x</h1>
      <Rounds office={office} />
    </main>,
    root,
  );
  await vi.waitFor(() => expect(find('round-figures') ?? find('rounds-none')).not.toBeNull());
}
async function expectAccessible() {
  expect(await axeFaults(document)).toEqual([]);
}

beforeEach(async () => {
  await page.viewport(1280, 800);
  language.value = 'zh';
  told = full;
  asked = [];
  root = document.createElement('div');
  document.body.append(root);
});
afterEach(() => {
  render(null, root);
  root.remove();
  vi.restoreAllMocks();
});

it('names what is overdue first, who closed late and why, and fits the screen in both languages', async () => {
  await show();
  const rows = [...document.querySelectorAll<HTMLElement>('[data-testid="round-place"]')];
  expect(rows[0]?.textContent).toContain('时段已过，未结束');
  for (const part of ['孙宿管', '迟', '迟报原因：停电']) expect(rows[1]?.textContent).toContain(part);
  expect(find('round-units')?.textContent).toContain('计算机科学与技术学院');
  expect(find('round-people')?.textContent).toContain('敲门无人应');
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(1280);
  await expectAccessible();
  language.value = 'en';
  await vi.waitFor(() => expect(find('round-figures')?.textContent).toContain('missing 3'));
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(1280);
  await expectAccessible();
});

it('copies the names of one college for a group chat, and shows them where copying is not allowed', async () => {
  const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  await show();
  await userEvent.selectOptions(find('round-unit') as HTMLElement, '环境学院');
  await userEvent.click(find('round-copy') as HTMLElement);
  await vi.waitFor(() => expect(write).toHaveBeenCalled());
  expect(write.mock.calls[0]?.[0]).toBe('2020-03-01 早测 未测 1 人\n环境学院（1 人）：王五（3 号楼 404-2）');
  write.mockRejectedValue(new DOMException('no', 'NotAllowedError'));
  await userEvent.selectOptions(find('round-unit') as HTMLElement, '');
  await userEvent.click(find('round-copy') as HTMLElement);
  await vi.waitFor(() =>
    expect(document.querySelector('textarea')?.value).toContain('张三（3 号楼 402-2）、李四（3 号楼 403-2）'),
  );
  expect(document.body.textContent).not.toMatch(/\d\d\.\d/);
});

it('asks for the day and window that are chosen, the morning check by class', async () => {
  await show();
  expect(asked).toEqual(['/hub/rounds/missing?']);
  await userEvent.click(find('round-late') as HTMLElement);
  await vi.waitFor(() => expect(asked.at(-1)).toBe('/hub/rounds/missing?day=2020-03-01&window=late'));
  told = { ...full, window: 'morning', scope: 'class', byPlace: [], byUnit: [], people: [] };
  await userEvent.click(find('round-morning') as HTMLElement);
  await vi.waitFor(() => expect(asked.at(-1)).toBe('/hub/rounds/missing?day=2020-03-01&window=morning&scope=class'));
  await vi.waitFor(() => expect(find('rounds-none')).not.toBeNull());
});
