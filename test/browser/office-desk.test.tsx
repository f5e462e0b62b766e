// The office's panels in a real Chromium against a scripted hub: orders with companions, a person's sheet, a roster's preview with hostile
// cells, notices. Both languages, two sizes, axe.
import { render } from 'preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { operationsOf, type Role } from '../../hub/roles.ts';
import type { HoldRow } from '../../src/contracts/hold.ts';
import {
  limits,
  type OrderLine,
  type PersonAnswer,
  type PersonLine,
  type RosterPreview,
} from '../../src/contracts/people.ts';
import { language } from '../../src/i18n/define.ts';
import { OfficePage } from '../../src/office/OfficePage.tsx';
import { createOffice, type Office } from '../../src/office/office-state.ts';
import '../../src/office/office.css';
import { axeFaults } from './axe.ts';

const id = (n: number) => `aaaaaaaa-0000-4000-8000-${String(n).padStart(12, '0')}`;
const today = '2020-03-16';
const wang: PersonLine = {
  ...{ personId: '20190301001', name: '王小明', category: '本科生', unit: '计算机学院', room: '3-402' },
  ...{ presence: 'away', gone: false },
};
const li: PersonLine = { ...wang, personId: '4001', name: '李家属', category: '随行家属', room: null };
const order = (given: Partial<OrderLine>): OrderLine => ({
  ...{ orderId: id(1), personId: wang.personId, name: wang.name, unit: wang.unit, order: 'isolation' },
  ...{ beginDay: '2020-03-01', untilDay: '2020-03-15', orderDay: 15, due: true, reason: '途经湖北', by: '办公室' },
  ...{ leadOrderId: null, homeOnCampus: false },
  ...given,
});
const orders = [
  order({}),
  order({ orderId: id(2), order: 'home', due: false, orderDay: 2, untilDay: '2020-03-28' }),
  order({
    orderId: id(3),
    personId: '4001',
    name: '李家属',
    order: 'home',
    due: false,
    orderDay: 2,
    leadOrderId: id(2),
  }),
];
const sheet: PersonAnswer = {
  ...{ contract: 1, today, orders: [order({})], caseOpen: false },
  person: {
    ...{ ...wang, contact: '李老师 8202', host: '', companions: '', homeOnCampus: false, questionsDue: true },
    ...{ whereabouts: '武汉', travel: '', where: { code: 'hubei', since: '2020-02-01', until: null }, version: 7 },
    cards: [{ ref: 'a'.repeat(64), kind: 'uid', tail: 'E9AE' }],
    lost: [{ ref: 'b'.repeat(64), kind: 'printed', tail: '7886', lostMs: 0 }],
    leaves: [{ leaveId: id(9), fromDay: today, toDay: '2020-03-20', reason: '回家', by: '李老师' }],
  },
};
const long = '进入校园请全程佩戴口罩，配合测温，出示本人校园卡。'.repeat(12);
const notice = {
  ...{ noticeId: id(5), zh: { title: '进校请戴口罩', text: long }, en: { title: 'Wear a mask', text: 'Wear a mask.' } },
  ...{ untilDay: '2020-03-20', audience: 'both', publishedMs: 0, by: '办公室', endedMs: null, gates: 3, readers: 12 },
};
const phones = {
  ...{ hotline: '010-5555 1234', psychology: '', psychologyLink: '' },
  ...{ security: '8110', dutyOffice: '8000', studentAffairs: '' },
};
const regions = [
  { zh: '温州', en: 'Wenzhou' },
  { zh: '信阳', en: '' },
];
const waits: HoldRow = {
  ...{ stationId: 'st-1', stationName: '北门 1 道', passageId: id(8), reason: 'return-not-granted', sinceMs: 0 },
  ...{
    name: wang.name,
    personId: wang.personId,
    unit: wang.unit,
    phone: '',
    contact: '李老师 8202',
    purpose: '',
    mayDecide: true,
  },
};
const hostile = '=HYPERLINK("http://x","y")<img src=x onerror=alert(1)>';
const preview: RosterPreview = {
  ...{ contract: 1, encoding: 'gb18030', rows: 50_000, joined: 1, changed: 2, moved: 1, cards: 1, left: 1, faulty: 1 },
  errors: [{ line: 7, zh: '姓名为空：请填写', en: 'name is empty: fill it in' }],
  broken: false,
  lists: {
    joined: [{ personId: '1', name: hostile, from: '', to: '环境学院' }],
    left: [{ personId: '2', name: '离某', from: '环境学院', to: '' }],
    moved: [{ personId: '3', name: '迁某', from: '计算机学院 · 3-402', to: '计算机学院 · 5-101' }],
    cards: [{ personId: '4', name: '卡某', from: '…E9AE', to: '…B2C3' }],
  },
  fingerprint: 'c'.repeat(64),
};

let sent: { method: string; url: string; body: unknown }[] = [];
let refusal: { status: number; code: string } | null = null;
let role: Role = 'office';
let isUp = true;
let lists = { phones, regions };
let inForce = orders;
let people = [wang, li];
const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const hub: typeof fetch = async (input, init) => {
  if (!isUp) throw new TypeError('away');
  const url = String(input);
  const method = init?.method ?? 'GET';
  if (url === '/hub/session') {
    const staff = { staffId: 's1', name: '办公室', role, may: operationsOf(role) };
    return answer(200, { contract: 1, hubNowMs: 0, staff });
  }
  if (method !== 'GET') {
    const body =
      typeof init?.body === 'string' ? JSON.parse(init.body) : await (init?.body as Blob | undefined)?.text();
    sent.push({ method, url, body });
    if (refusal !== null)
      return answer(refusal.status, { error: { code: refusal.code, zh: '不行，请重试。', en: 'No: try again.' } });
    if (url === '/hub/roster/preview') return answer(200, preview);
    if (url.startsWith('/hub/roster/import')) return answer(200, { ...preview, version: 9 });
    return answer(200, { contract: 1 });
  }
  if (url.startsWith('/hub/people/sheet')) return answer(200, sheet);
  if (url.startsWith('/hub/people')) return answer(200, { contract: 1, people, next: '4001' });
  if (url.startsWith('/hub/office/orders'))
    return answer(200, { contract: 1, today, counts: { inForce: 3, due: 1, ending: 0 }, orders: inForce, next: null });
  if (url === '/hub/holds') return answer(200, { contract: 1, hubNowMs: 60_000, holds: [waits] });
  if (url === '/hub/permits') return answer(200, { contract: 1, permits: [] });
  if (url === '/hub/office/notices')
    return answer(200, { contract: 1, today, stations: 4, staff: 30, notices: [notice], ...lists });
  return answer(404, {});
};

let root: HTMLElement;
let office: Office;
const find = (testid: string) => document.querySelector<HTMLElement>(`[data-testid="${testid}"]`);
const all = (testid: string) => [...document.querySelectorAll<HTMLElement>(`[data-testid="${testid}"]`)];
async function press(element: HTMLElement | null | undefined) {
  if (!element) throw new Error('nothing to press');
  await userEvent.click(element);
}
async function type(testid: string, text: string) {
  const field = find(testid);
  if (!field) throw new Error(`no ${testid}`);
  await userEvent.fill(field, text);
}
async function open(tab: string) {
  office = createOffice({ fetch: hub, every: () => () => {}, tab });
  render(<OfficePage office={office} />, root);
  await office.start();
}
async function expectFits() {
  for (const which of ['zh', 'en'] as const) {
    language.value = which;
    for (const [width, height] of [
      [1280, 800],
      [800, 1280],
    ] as const) {
      await page.viewport(width, height);
      await new Promise((resolve) => requestAnimationFrame(resolve));
      expect(document.documentElement.scrollWidth, `${which} at ${width}`).toBeLessThanOrEqual(width);
      const wide = [...root.querySelectorAll<HTMLElement>('button, .field, td, th, h2, p')].filter(
        (one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline',
      );
      expect(wide.map((one) => one.textContent)).toEqual([]);
    }
    expect(await axeFaults(document)).toEqual([]);
  }
  language.value = 'zh';
  await page.viewport(1280, 800);
}

beforeEach(async () => {
  await page.viewport(1280, 800);
  language.value = 'zh';
  sent = [];
  refusal = null;
  isUp = true;
  lists = { phones, regions };
  inForce = orders;
  people = [wang, li];
  role = 'office';
  root = document.createElement('div');
  document.body.append(root);
});
afterEach(() => {
  office.stop();
  render(null, root);
  root.remove();
});

describe('orders', () => {
  it('take so many companions and say so: none chosen before is dropped for one more', async () => {
    const family = Array.from({ length: limits.companions + 1 }, (_, at) => ({ ...li, personId: `5${100 + at}` }));
    await open('orders');
    await type('order-companion-query', 'ljs');
    for (const [at, one] of family.entries()) {
      const full = at < limits.companions ? '' : '随行人员已满 20 人：其余的请另下一份。';
      expect(find('companions-full')?.textContent).toBe(full);
      people = [one];
      await press(find('order-companion-find'));
      await vi.waitFor(() => expect(find('order-companion-person')).toBeTruthy());
      await press(find('order-companion-person'));
    }
    const chosen = all('companion').map((line) => /5\d{3}/.exec(line.textContent ?? '')?.[0]);
    expect(chosen).toEqual(family.slice(0, limits.companions).map(({ personId }) => personId));
    await expectFits();
  });

  it('are given to a person and a companion, in few presses, and say what was refused', async () => {
    await open('orders');
    await vi.waitFor(() => expect(all('order')).toHaveLength(3));
    expect((find('order-begin') as HTMLButtonElement).disabled).toBe(true);
    await type('order-person-query', 'wxm');
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(all('order-person-person')).toHaveLength(2));
    await expectFits();
    await press(all('order-person-person')[0]);
    await type('order-companion-query', 'ljs');
    await press(find('order-companion-find'));
    await vi.waitFor(() => expect(all('order-companion-person')).toHaveLength(2));
    await press(all('order-companion-person')[1]);
    await type('order-reason', '返京');
    refusal = { status: 404, code: 'person-unknown' };
    await press(find('order-begin'));
    await vi.waitFor(() => expect(document.querySelector('[role="alert"]')?.textContent).toBe('不行，请重试。'));
    expect((find('order-reason') as HTMLInputElement).value).toBe('返京');
    refusal = null;
    await press(find('order-begin'));
    await vi.waitFor(() => expect(find('done')?.textContent).toContain('门岗数秒内生效'));
    expect(sent.at(-1)).toEqual({
      method: 'POST',
      url: '/hub/orders',
      body: {
        ...{ change: 'begin', personId: wang.personId, order: 'home', reason: '返京', days: 14, companions: ['4001'] },
      },
    });
  });

  it('end with a reason and a second press, with companions; isolation waits for a nurse', async () => {
    await open('orders');
    await vi.waitFor(() => expect(all('order')).toHaveLength(3));
    const [isolation, home] = all('order');
    expect(isolation?.textContent).toContain('待解除');
    expect(isolation?.querySelector('button')).toBeNull();
    await press(home?.querySelector('button'));
    expect((find('order-end-now') as HTMLButtonElement).disabled).toBe(true);
    await type('end-reason', '期满');
    await expectFits();
    await press(find('order-end-now'));
    expect(sent).toEqual([]);
    await press(find('order-end-now'));
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]?.body).toEqual({
      ...{ change: 'end', personId: wang.personId, order: 'home', reason: '期满', companions: ['4001'] },
    });
  });
});

it('the orders are asked for anew by the button and by the clock, and stay when nobody answers', async () => {
  await open('orders');
  await vi.waitFor(() => expect(all('order')).toHaveLength(3));
  await press(find('order-end'));
  inForce = orders.slice(0, 2);
  await press(find('refresh'));
  await vi.waitFor(() => expect(all('order')).toHaveLength(2));
  isUp = false;
  await office.refresh();
  await vi.waitFor(() => expect(document.querySelector('.say-old')).toBeTruthy());
  expect(all('order')).toHaveLength(2);
});

it('a refused decision or permit is there to be read while who waits is asked for anew', async () => {
  role = 'student-affairs';
  await open('holds');
  refusal = { status: 409, code: 'already-decided' };
  const refused = () => root.querySelector('main .say-bad')?.textContent;
  await vi.waitFor(() => expect(find('hold-allow')).toBeTruthy());
  await press(find('hold-allow'));
  await vi.waitFor(() => expect(refused()).toBe('不行，请重试。'));
  // The panel asks every three seconds, the page every thirty.
  await new Promise((resolve) => setTimeout(resolve, 3_500));
  await office.refresh();
  expect(refused()).toBe('不行，请重试。');
  refusal = null;
  await press(find('hold-allow'));
  await vi.waitFor(() => expect(find('hold-done')?.textContent).toBe('已通知 北门 1 道'));
  expect(refused()).toBeUndefined();
});

it('a person’s sheet shows no temperature, and changes presence, leave and cards', async () => {
  await open('people');
  await type('find-query', 'wxm');
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(all('find-person')).toHaveLength(2));
  expect(find('find-more')).toBeTruthy();
  await press(all('find-person')[0]);
  await vi.waitFor(() => expect(find('sheet')).toBeTruthy());
  expect(find('sheet')?.textContent).not.toMatch(/℃|\d\d\.\d/);
  await expectFits();
  await userEvent.selectOptions(find('presence') as HTMLElement, 'granted');
  await press(find('state-save'));
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({ method: 'PUT', url: '/hub/people/sheet', body: { version: 7, presence: 'granted' } });
  await press(find('card-lost'));
  await press(find('card-lost'));
  await vi.waitFor(() => expect(sent.at(-1)?.body).toMatchObject({ change: 'lost', ref: 'a'.repeat(64) }));
  await vi.waitFor(() => expect(find('leave-reason')).toBeTruthy());
  await type('leave-reason', '看病');
  await press(find('leave-approve'));
  await vi.waitFor(() =>
    expect(sent.at(-1)?.body).toMatchObject({ change: 'approve', fromDay: today, toDay: today, reason: '看病' }),
  );
});

it('a person is found, opened and worked on by keyboard alone', async () => {
  await open('people');
  find('find-query')?.focus();
  await userEvent.keyboard('wxm{Enter}');
  await vi.waitFor(() => expect(all('find-person')).toHaveLength(2));
  await userEvent.keyboard('{Tab}{Tab}{Enter}');
  await vi.waitFor(() => expect(find('sheet')).toBeTruthy());
  expect(document.activeElement).toBe(find('find-query'));
  await userEvent.keyboard('{Tab}{Tab}');
  expect(document.activeElement).toBe(find('presence'));
});

it('who may only look sees orders and a sheet, and can press nothing in them', async () => {
  role = 'campus-lead';
  await open('orders');
  await vi.waitFor(() => expect(all('order')).toHaveLength(3));
  expect(find('order-form')).toBeNull();
  expect(all('order-end')).toEqual([]);
  expect(all('order').map((one) => one.lastElementChild?.textContent)).toEqual([
    '由卫生所护士解除',
    '由办公室或卫生所解除',
    '由办公室或卫生所解除',
  ]);
  await expectFits();
  await press(find('tab-people'));
  await type('find-query', 'wxm');
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(all('find-person')).toHaveLength(2));
  await press(all('find-person')[0]);
  await vi.waitFor(() => expect(find('sheet')?.textContent).toContain('您的岗位在此只能查看。'));
  // What stands there is still seen.
  expect((find('presence') as HTMLSelectElement).value).toBe('away');
  expect(find('sheet')?.textContent).toContain('E9AE');
  for (const one of find('sheet')?.querySelectorAll('input, select, button') ?? [])
    expect(one.matches(':disabled'), one.outerHTML).toBe(true);
  await expectFits();
  expect(sent).toEqual([]);
});

it('a nurse may end all three orders, isolation too', async () => {
  role = 'nurse';
  await open('orders');
  await vi.waitFor(() => expect(all('order-end')).toHaveLength(3));
});

it('a roster is previewed with its differences as text, and imported only when confirmed', async () => {
  await open('roster');
  const input = find('roster-file') as HTMLInputElement;
  const files = new DataTransfer();
  files.items.add(new File(['学号,姓名\n'], '名单.csv'));
  input.files = files.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
  await vi.waitFor(() => expect((find('roster-preview') as HTMLButtonElement).disabled).toBe(false));
  await press(find('roster-preview'));
  await vi.waitFor(() => expect(find('roster-counts')?.textContent).toContain('50000'));
  expect(sent.map(({ url }) => url)).toEqual(['/hub/roster/preview']);
  expect(find('roster-errors')?.textContent).toContain('第 7 行');
  await press(find('roster-joined')?.querySelector('summary'));
  expect(find('roster-joined')?.textContent).toContain(hostile);
  expect(root.querySelector('img')).toBeNull();
  await expectFits();
  expect((find('roster-import') as HTMLButtonElement).disabled).toBe(true);
  await press(find('accept-valid'));
  await press(find('roster-import'));
  expect(sent).toHaveLength(1);
  await press(find('roster-import'));
  await vi.waitFor(() => expect(find('done')?.textContent).toContain('已导入'));
  const url = new URL(sent.at(-1)?.url ?? '', 'http://hub');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    ...{ file: '名单.csv', fingerprint: 'c'.repeat(64), acceptValidRows: 'yes' },
  });
});

it('notices are published and taken down, and telephone numbers saved', async () => {
  await open('notices');
  await vi.waitFor(() => expect(find('notice')?.textContent).toContain('门岗 3/4 · 已读 12 人'));
  await expectFits();
  await type('notice-title', '封闭管理');
  await type('notice-text', '今日起封闭管理。');
  await press(find('notice-publish'));
  await vi.waitFor(() =>
    expect(sent.at(-1)?.body).toMatchObject({ zh: { title: '封闭管理' }, en: null, audience: 'both' }),
  );
  await vi.waitFor(() => expect(find('done')?.textContent).toBe('已发布。'));
  await type('phone-security', '8111');
  await press(find('phones-save'));
  await vi.waitFor(() =>
    expect(sent.at(-1)).toMatchObject({
      method: 'PUT',
      body: { phones: { ...phones, security: '8111' }, was: phones },
    }),
  );
  await press(find('notice-end'));
  await press(find('notice-end'));
  await vi.waitFor(() => expect(sent.at(-1)?.url).toBe(`/hub/office/notices/${id(5)}/end`));
});

it('the forms of the notices are no wider than a small screen', async () => {
  await page.viewport(390, 844);
  await open('notices');
  await vi.waitFor(() => expect(find('regions-form')).toBeTruthy());
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(390);
});

it('the list of regions is typed one a line, says what is wrong in which line, and loses nothing that was typed', async () => {
  await open('notices');
  await vi.waitFor(() => expect(find('regions-text')).toBeTruthy());
  const text = () => (find('regions-text') as HTMLTextAreaElement).value;
  expect(text()).toBe('温州 | Wenzhou\n信阳');
  const wrong = '温州｜Wenzhou\n\n信阳\n温州';
  await type('regions-text', wrong);
  expect(find('regions-fault')?.textContent).toBe('');
  await press(find('regions-save'));
  await vi.waitFor(() => expect(find('regions-fault')?.textContent).toBe('第 4 行“温州”前面已有，请删去一行。'));
  await expectFits();
  expect([sent, text()]).toEqual([[], wrong]);
  const good = '温州｜Wenzhou\n\n信阳\n境外某地\tSomewhere abroad';
  await type('regions-text', good);
  expect(find('regions-fault')?.textContent).toBe('');
  refusal = { status: 503, code: 'hub-busy' };
  await press(find('regions-save'));
  await vi.waitFor(() => expect(document.querySelector('.say-bad[role="alert"]')?.textContent).toBe('不行，请重试。'));
  expect(text()).toBe(good);
  refusal = null;
  await press(find('regions-save'));
  await vi.waitFor(() => expect(find('done')?.textContent).toBe('已保存 3 个地区，门岗数秒内更新。'));
  expect(sent.at(-1)).toEqual({
    method: 'PUT',
    url: '/hub/office/regions',
    body: { regions: [...regions, { zh: '境外某地', en: 'Somewhere abroad' }], was: regions },
  });
  expect(text()).toBe('温州 | Wenzhou\n信阳\n境外某地 | Somewhere abroad');
});

it('regions and numbers that somebody else changed meanwhile: both changes stand in the form, and are saved once looked at', async () => {
  await open('notices');
  await vi.waitFor(() => expect(find('regions-text')).toBeTruthy());
  await type('regions-text', '信阳\n黄冈');
  await type('phone-security', '8111');
  lists = { phones: { ...phones, hotline: '120' }, regions: [...regions, { zh: '随州', en: '' }] };
  refusal = { status: 409, code: 'list-moved' };
  await press(find('regions-save'));
  await vi.waitFor(() => expect(find('regions-fault')?.textContent).toBe('您的改动已并进现在的内容，请核对后再保存。'));
  expect((find('regions-text') as HTMLTextAreaElement).value).toBe('信阳\n随州\n黄冈');
  await press(find('phones-save'));
  await vi.waitFor(() => expect(find('phones-moved')?.textContent).toBe('您的改动已并进现在的内容，请核对后再保存。'));
  expect((find('phone-hotline') as HTMLInputElement).value).toBe('120');
  expect((find('phone-security') as HTMLInputElement).value).toBe('8111');
  expect(document.querySelector('.say-bad[role="alert"]')?.textContent).toBe('不行，请重试。');
  await expectFits();
  refusal = null;
  await press(find('phones-save'));
  await vi.waitFor(() => expect(find('done')?.textContent).toBe('已保存。'));
  expect(sent.at(-1)?.body).toEqual({ phones: { ...lists.phones, security: '8111' }, was: lists.phones });
  await press(find('regions-save'));
  await vi.waitFor(() => expect(find('done')?.textContent).toContain('已保存 3 个地区'));
  expect(sent.at(-1)?.body).toEqual({
    regions: ['信阳', '随州', '黄冈'].map((zh) => ({ zh, en: '' })),
    was: lists.regions,
  });
  expect(find('regions-fault')?.textContent).toBe('');
});
