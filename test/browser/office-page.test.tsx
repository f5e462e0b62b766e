// The office page in a real Chromium against a scripted hub: faults in plain words, raw bytes on demand, stations, drift.
import { render } from 'preact';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { operationsOf, type Role } from '../../hub/roles.ts';
import type { OfficeFault } from '../../src/contracts/office.ts';
import { language } from '../../src/i18n/define.ts';
import { OfficePage } from '../../src/office/OfficePage.tsx';
import { createOffice, type Office } from '../../src/office/office-state.ts';
import '../../src/office/office.css';
import { axeFaultsInBoth } from './axe.ts';

const writerId = 'aaaaaaaa-0000-4000-8000-000000000001';
const atMs = Date.UTC(2020, 2, 1, 2);
const gate = { id: 'st-1', name: '北门 1 道', campus: 'beijing' };
const fault = (given: Partial<OfficeFault>): OfficeFault => ({
  ...{ kind: 'set-aside', station: gate, writerId, seq: 7, reason: 'characters', atMs, sha256: 'a'.repeat(64) },
  ...given,
});
let faults: OfficeFault[] = [];
let asked: string[] = [];
let isUp = true;
let signedIn = true;
let role: Role = 'office';

const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const hub: typeof fetch = async (input, init) => {
  if (!isUp) throw new TypeError('away');
  const url = String(input);
  asked.push(`${init?.method ?? 'GET'} ${url}`);
  const staff = { staffId: 's1', name: '李老师', role, may: operationsOf(role) };
  if (url === '/hub/session') {
    if (init?.method === 'POST') {
      if (!String(init.body).includes('right')) {
        return answer(401, { error: { code: 'wrong-password', zh: '密码不对。', en: 'The password is wrong.' } });
      }
      signedIn = true;
    }
    if (init?.method === 'DELETE') signedIn = false;
    return answer(200, { contract: 1, hubNowMs: atMs, staff: signedIn ? staff : null });
  }
  if (url === '/hub/office/stations') {
    const counts = { setAside: faults.length, conflicts: 0, chain: 0, gaps: 0 };
    const station = {
      station: gate,
      code: 'G01',
      standing: 'signed',
      writers: 2,
      received: 1_234,
      gaps: 1,
      lastMs: atMs,
    };
    return answer(200, { contract: 1, hubNowMs: atMs, counts, faults, stations: [station] });
  }
  if (url === '/hub/office/drift') {
    const row = {
      ...{ station: gate, site: 'forehead', hourMs: atMs, medianCenti: 3_652, readings: 41, neighboursCenti: 3_622 },
      ...{ neighbours: 2, yesterdayCenti: null, fromNeighboursTenths: 3, fromYesterdayTenths: null, level: 'alarm' },
    };
    return answer(200, { contract: 1, hubNowMs: atMs, rows: [row], instruments: [] });
  }
  if (url.startsWith('/hub/office/raw')) return answer(200, { contract: 1, base64: btoa('{"entryId":"x\\u0000"}') });
  return answer(404, {});
};

let root: HTMLElement;
let office: Office;
const find = (testid: string) => document.querySelector<HTMLElement>(`[data-testid="${testid}"]`);
async function press(testid: string) {
  const element = find(testid);
  if (!element) throw new Error(`no ${testid}`);
  await userEvent.click(element);
}
async function show() {
  office = createOffice({ fetch: hub, every: () => () => {} });
  render(<OfficePage office={office} />, root);
  await office.start();
}
async function expectAccessible() {
  expect(await axeFaultsInBoth(() => document)).toEqual([]);
}

beforeEach(async () => {
  await page.viewport(1280, 800);
  language.value = 'zh';
  faults = [];
  asked = [];
  isUp = true;
  signedIn = true;
  role = 'office';
  root = document.createElement('div');
  document.body.append(root);
});
afterEach(() => {
  office.stop();
  render(null, root);
  root.remove();
});

it('tells each fault with station, place, time and what to do, in both languages, and fits the screen', async () => {
  faults = [
    fault({}),
    fault({ kind: 'gap', seq: 9, reason: 'missing', sha256: null }),
    fault({ seq: 8, reason: 'new-one' }),
  ];
  await show();
  const rows = [...document.querySelectorAll<HTMLElement>('[data-testid="fault"]')];
  expect(rows).toHaveLength(3);
  for (const part of ['搁置', '北门 1 道', 'aaaaaaaa… 第 7 条', '2020-03-01 10:00:00', '含有数据库无法保存的字符'])
    expect(rows[0]?.textContent).toContain(part);
  expect(rows[1]?.querySelector('button')).toBeNull();
  expect(rows[2]?.textContent).toContain('new-one');
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(1280);
  await expectAccessible();
  await press('language');
  await vi.waitFor(() => expect(find('faults-count')?.textContent).toContain('Set aside 3'));
  await expectAccessible();
});

it('fetches raw bytes only when asked, by keyboard as well', async () => {
  faults = [fault({})];
  await show();
  expect(asked.some((one) => one.includes('/raw'))).toBe(false);
  find('raw')?.focus();
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() =>
    expect((find('raw-text') as HTMLTextAreaElement | null)?.value).toBe('{"entryId":"x\\u0000"}'),
  );
  expect(asked.at(-1)).toBe(`GET /hub/office/raw?kind=set-aside&writer=${writerId}&seq=7&sha256=${'a'.repeat(64)}`);
  await expectAccessible();
  await press('raw');
  await vi.waitFor(() => expect(find('raw-text')).toBeNull());
});

it('shows stations and drift as tables', async () => {
  await show();
  expect(find('faults-none')).toBeTruthy();
  await press('tab-stations');
  await vi.waitFor(() => expect(find('stations')?.textContent).toContain('1234'));
  expect(find('station')?.textContent).toContain('有签名');
  await expectAccessible();
  await press('tab-drift');
  await vi.waitFor(() => expect(find('drift-row')?.textContent).toContain('36.52 ℃'));
  for (const part of ['+0.3 ℃', '请检查测温仪']) expect(find('drift-row')?.textContent).toContain(part);
  await expectAccessible();
  // An age is of what is shown: the next tab's answer is not of the time of this one's.
  expect(find('as-of')?.textContent).toContain('10:00');
  await press('tab-people');
  await vi.waitFor(() => expect(find('people')).toBeTruthy());
  expect(find('as-of')).toBeNull();
});

it('says what a wrong password and a hub that is away mean, and keeps what it showed', async () => {
  signedIn = false;
  faults = [fault({})];
  await show();
  await expectAccessible();
  await userEvent.fill(document.querySelector('[name="name"]') as HTMLElement, '李老师');
  await userEvent.fill(document.querySelector('[name="password"]') as HTMLElement, 'wrong');
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(document.querySelector('[role="alert"]')?.textContent).toBe('密码不对。'));
  await userEvent.fill(document.querySelector('[name="password"]') as HTMLElement, 'right');
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(find('faults')).toBeTruthy());
  isUp = false;
  await press('refresh');
  await vi.waitFor(() => expect(document.querySelector('[role="alert"]')?.textContent).toContain('连不上总台'));
  expect(find('faults')).toBeTruthy();
  isUp = true;
  await press('refresh');
  await vi.waitFor(() => expect(document.querySelector('[role="alert"]')).toBeNull());
  await press('sign-out');
  await vi.waitFor(() => expect(find('sign-in')).toBeTruthy());
  expect(root.textContent).not.toContain('北门');
});

const tabsShown = () =>
  [...document.querySelectorAll<HTMLElement>('[data-testid^="tab-"]')].map((one) => one.dataset.testid?.slice(4));

it('shows a nurse the tabs of a nurse, and thermometers without asking for faults', async () => {
  role = 'nurse';
  await show();
  await vi.waitFor(() => expect(tabsShown()).toEqual(['people', 'orders', 'drift']));
  // The address named the tab of faults.
  expect(office.tab.value).toBe('faults');
  expect(find('people')).toBeTruthy();
  await press('tab-drift');
  await vi.waitFor(() => expect(find('drift-row')?.textContent).toContain('36.52 ℃'));
  expect(find('as-of')?.textContent).toContain('10:00');
  expect(asked.filter((one) => one.includes('/hub/office/'))).toEqual(['GET /hub/office/drift']);
  expect(document.querySelector('[role="alert"]')).toBeNull();
  await expectAccessible();
});

it('tells a guard, in both languages, that there is nothing to do here, and lets them leave', async () => {
  role = 'guard';
  await show();
  expect(tabsShown()).toEqual([]);
  expect(find('no-tab')?.textContent).toBe('您的岗位在这里没有要办的事：请用您岗位的页面，或请管理员调整岗位。');
  await expectAccessible();
  await press('language');
  await vi.waitFor(() => expect(find('no-tab')?.textContent).toContain('Your role has nothing to do here'));
  expect(asked).toEqual(['GET /hub/session']);
  await press('sign-out');
  await vi.waitFor(() => expect(find('sign-in')).toBeTruthy());
});
