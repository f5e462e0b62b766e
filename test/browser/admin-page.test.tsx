// The page of administrators in a real Chromium against a scripted hub: people, stations and the log of reads, secrets shown once,
// both languages, two sizes of screen, all of it by keyboard.
import { render } from 'preact';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AdminPage } from '../../src/admin/AdminPage.tsx';
import { type Admin, createAdmin } from '../../src/admin/admin-state.ts';
import type { StaffRow, StationRow } from '../../src/contracts/admin.ts';
import { language } from '../../src/i18n/define.ts';
import '../../src/admin/admin.css';
import { axeFaultsInBoth } from './axe.ts';

const atMs = Date.UTC(2020, 2, 1, 2);
const person = (given: Partial<StaffRow>): StaffRow => ({
  ...{ staffId: 'sf-1', name: '王建国', role: 'guard', scopes: [], password: 'none', hasPin: true, cards: ['4379'] },
  ...{ sessions: 0, createdMs: atMs, endedMs: null },
  ...given,
});
const station = (given: Partial<StationRow>): StationRow => ({
  ...{
    stationId: 'st-1',
    code: 'G01',
    name: '北门 1 道',
    campus: 'beijing',
    revokedMs: null,
    keyId: '0123456789abcdef',
  },
  ...{ keySource: 'pairing', lastMs: atMs },
  ...given,
});
const everybody = (): StaffRow[] => [
  person({}),
  person({
    ...{
      staffId: 'sf-2',
      name: '李秀兰',
      role: 'dorm-manager',
      password: 'set',
      hasPin: false,
      cards: [],
      sessions: 1,
    },
    scopes: [
      { kind: 'building', value: '3 号楼' },
      { kind: 'campus', value: 'beijing' },
    ],
  }),
  person({ staffId: 'sf-3', name: '周老师', role: 'counsellor', password: 'once', hasPin: false, cards: [] }),
  person({ staffId: 'sf-9', name: '陈主任', role: 'admin', password: 'set', hasPin: false, cards: [], sessions: 2 }),
  person({ staffId: 'sf-0', name: '赵师傅', hasPin: false, cards: [], endedMs: atMs }),
];

let staff: StaffRow[];
let stations: StationRow[];
let role: string;
let once: boolean;
let isUp: boolean;
let signedIn: boolean;
let asked: { key: string; body: unknown }[];
const refuse = (status: number, code: string, zh: string, en: string) => answer(status, { error: { code, zh, en } });
const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });

const hub: typeof fetch = async (input, init) => {
  if (!isUp) throw new TypeError('away');
  const url = String(input);
  const method = init?.method ?? 'GET';
  const body: Record<string, unknown> | null = init?.body ? JSON.parse(String(init.body)) : null;
  asked.push({ key: `${method} ${url}`, body });
  const done = { contract: 1 };
  if (url === '/hub/session') {
    if (method === 'POST') {
      if (body?.password !== 'right')
        return refuse(401, 'wrong-password', '姓名或密码不对。', 'Name or password is wrong.');
      signedIn = true;
    }
    if (method === 'DELETE') signedIn = false;
    const me = { staffId: 'sf-9', name: '陈主任', role, scopes: [], maySetPassword: once };
    return answer(200, { ...done, hubNowMs: atMs, staff: signedIn ? me : null });
  }
  if (!signedIn) return refuse(401, 'not-signed-in', '请先登录。', 'Sign in first.');
  if (url === '/hub/session/password') {
    if (body?.fresh === 'password123') return refuse(422, 'password-common', '这个密码太常见。', 'Too common.');
    once = false;
    staff = staff.map((who) => (who.staffId === 'sf-9' ? { ...who, password: 'set' } : who));
    return answer(200, {
      ...done,
      hubNowMs: atMs,
      staff: { staffId: 'sf-9', name: '陈主任', role, maySetPassword: false },
    });
  }
  if (url === '/hub/admin/staff' && method === 'GET')
    return answer(200, { ...done, hubNowMs: atMs, staff, campuses: ['beijing', 'zhuozhou'] });
  if (url === '/hub/admin/staff') {
    if (staff.some(({ name }) => name === body?.name))
      return refuse(409, 'name-taken', '已有同名的在岗人员。', 'The name is taken.');
    staff = [...staff, person({ ...body, staffId: 'sf-7', password: 'once', hasPin: false, cards: [] })];
    return answer(200, { ...done, staffId: 'sf-7', password: 'abcdefghjkmnpqrstuvw', pin: null });
  }
  const [, staffId, act] = /^\/hub\/admin\/staff\/([\w-]+)(?:\/(\w+))?$/.exec(url) ?? [];
  if (staffId !== undefined) {
    if (act === 'pin') return answer(200, { ...done, staffId, password: null, pin: '739102' });
    if (act === 'password') return answer(200, { ...done, staffId, password: 'abcdefghjkmnpqrstuvw', pin: null });
    if (act === 'end' && staffId === 'sf-9')
      return refuse(409, 'last-admin', '这是最后一名管理员，不能停用。', 'This is the last administrator.');
    if (act === 'end') staff = staff.map((who) => (who.staffId === staffId ? { ...who, endedMs: atMs } : who));
    return answer(200, done);
  }
  if (url === '/hub/office/station-keys') return answer(200, { ...done, stations });
  if (url === '/hub/office/pairing') return answer(200, { ...done, code: '0123456789', expiresMs: atMs + 600_000 });
  if (url.endsWith('/revoke')) stations = stations.map((one) => ({ ...one, revokedMs: atMs }));
  if (url.endsWith('/rename')) stations = stations.map((one) => ({ ...one, name: String(body?.name) }));
  if (url.startsWith('/hub/office/stations/')) return answer(200, done);
  if (url.startsWith('/hub/admin/reads')) {
    const query = new URL(url, 'http://hub').searchParams;
    const older = query.get('before') !== null;
    const nobody = query.get('day') !== null;
    const row = (n: number, what: string) => ({
      ...{ atMs: atMs - n * 1_000, what, target: `018f0000-0000-7000-8000-00000000000${n}` },
      staff: { staffId: 'sf-2', name: '林护士', role: 'nurse' },
    });
    const reads = nobody ? [] : older ? [row(3, 'new-kind')] : [row(1, 'case'), row(2, 'board')];
    return answer(200, { ...done, hubNowMs: atMs, reads, next: older || nobody ? null : 'abc' });
  }
  return answer(404, {});
};

let root: HTMLElement;
let admin: Admin;
const find = (testid: string, within: ParentNode = document) =>
  within.querySelector<HTMLElement>(`[data-testid="${testid}"]`);
const row = (staffId: string) => document.querySelector<HTMLElement>(`[data-staff="${staffId}"]`);
const field = (name: string) => document.querySelector<HTMLInputElement>(`[name="${name}"]`);
async function press(testid: string, within: ParentNode | null = document) {
  const element = within === null ? null : find(testid, within);
  if (!element) throw new Error(`no ${testid}`);
  await userEvent.click(element);
}
async function fill(name: string, text: string) {
  const element = field(name);
  if (!element) throw new Error(`no ${name}`);
  await userEvent.fill(element, text);
}
const said = () => [...document.querySelectorAll('[role="alert"]')].map((one) => one.textContent).join();
async function show() {
  admin = createAdmin({ fetch: hub, every: () => () => {} });
  render(<AdminPage admin={admin} />, root);
  await admin.start();
}
async function expectAccessible() {
  expect(await axeFaultsInBoth(() => document)).toEqual([]);
}
/** Nothing runs out of the screen sideways, and no sheet is higher than the screen. */
function expectToFit() {
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(window.innerWidth);
  for (const sheet of document.querySelectorAll('dialog')) {
    expect(sheet.scrollWidth).toBeLessThanOrEqual(sheet.clientWidth);
    expect(sheet.getBoundingClientRect().height).toBeLessThanOrEqual(window.innerHeight);
  }
}

beforeEach(async () => {
  await page.viewport(1280, 800);
  language.value = 'zh';
  staff = everybody();
  stations = [
    station({}),
    station({ stationId: 'st-2', code: 'G02', name: '东门', keyId: null, keySource: null, lastMs: null }),
  ];
  role = 'admin';
  [once, isUp, signedIn] = [false, true, true];
  asked = [];
  root = document.createElement('div');
  document.body.append(root);
});
afterEach(() => {
  admin.stop();
  render(null, root);
  root.remove();
});

it.each([
  [1280, 800],
  [800, 1280],
])('fits at %i by %i on every tab and sheet, in both languages, and axe finds nothing', async (width, height) => {
  await page.viewport(width, height);
  await show();
  for (const tongue of ['zh', 'en'] as const) {
    language.value = tongue;
    for (const tab of ['people', 'stations', 'reads']) {
      await press(`tab-${tab}`);
      await vi.waitFor(() => expect(find(tab)).toBeTruthy());
      expectToFit();
      await expectAccessible();
    }
    await press('tab-stations');
    for (const sheet of ['pair', 'rename', 'revoke']) {
      await press(sheet);
      expectToFit();
      await expectAccessible();
      await press('cancel');
    }
    await press('tab-people');
    for (const [sheet, whom] of [
      ['edit', 'sf-2'],
      ['pin', 'sf-1'],
      ['cards', 'sf-1'],
      ['password', 'sf-3'],
      ['end', 'sf-2'],
    ] as const) {
      await press(sheet, row(whom));
      expectToFit();
      await expectAccessible();
      await press('cancel');
    }
  }
});

it('shows who works here with role, scopes and sign-in; a search by name, role or building finds them', async () => {
  await show();
  expect(document.querySelectorAll('[data-testid="person"]')).toHaveLength(4);
  for (const part of ['李秀兰', '宿舍管理员', '宿舍楼 3 号楼', '密码已设', '已登录 1 处'])
    expect(row('sf-2')?.textContent).toContain(part);
  expect(row('sf-1')?.textContent).toContain('PIN 已设 · 卡 …4379');
  expect(row('sf-3')?.textContent).toContain('尚未设范围');
  for (const [query, ids] of [
    ['3 号楼', ['sf-2']],
    ['保卫', ['sf-1']],
    ['周', ['sf-3']],
    ['sf-9', ['sf-9']],
    ['nobody', []],
  ] as const) {
    await fill('query', query);
    await vi.waitFor(() =>
      expect(
        [...document.querySelectorAll<HTMLElement>('[data-testid="person"]')].map((one) => one.dataset.staff),
      ).toEqual(ids),
    );
  }
  await fill('query', '');
  await userEvent.click(field('with-ended') as HTMLElement);
  await vi.waitFor(() => expect(row('sf-0')?.textContent).toContain('已停用 2020-03-01 10:00:00'));
  expect(find('end', row('sf-0') as HTMLElement)).toBeNull();
});

it('adds a dorm manager by keyboard alone; the one-time password stands once, with a warning, and is gone', async () => {
  await show();
  find('add')?.focus();
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(find('person-dialog')).toBeTruthy());
  field('person-name')?.focus();
  await userEvent.keyboard('孙梅{Tab}');
  expect(document.activeElement).toBe(document.querySelector('[name="role"]'));
  await userEvent.selectOptions(document.querySelector('[name="role"]') as HTMLElement, 'dorm-manager');
  expect(find('person-dialog')?.textContent).toContain('没有范围就什么也看不到');
  await userEvent.keyboard('{Tab}{Tab}7 号楼{Enter}');
  await vi.waitFor(() => expect(find('remove-scope')?.textContent).toContain('宿舍楼 7 号楼'));
  find('act')?.focus();
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(find('secret')?.textContent).toBe('abcdefghjkmnpqrstuvw'));
  expect(find('once')?.textContent).toContain('关闭后再也看不到');
  expectToFit();
  await expectAccessible();
  expect(asked.find(({ key }) => key === 'POST /hub/admin/staff')?.body).toEqual({
    name: '孙梅',
    role: 'dorm-manager',
    scopes: [{ kind: 'building', value: '7 号楼' }],
  });
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(find('once')).toBeNull());
  expect(document.body.textContent).not.toContain('abcdefghjkmnpqrstuvw');
  expect(row('sf-7')?.textContent).toContain('一次性密码未使用');
});

it('says why nothing was saved, keeps what was typed, and saves when it is put right', async () => {
  await show();
  await press('add');
  await fill('person-name', '王建国');
  await press('act');
  await vi.waitFor(() => expect(said()).toContain('已有同名的在岗人员。'));
  isUp = false;
  await press('act');
  await vi.waitFor(() => expect(said()).toContain('连不上总台，没有保存'));
  isUp = true;
  expect(field('person-name')?.value).toBe('王建国');
  await fill('person-name', '王建国（东门）');
  await press('act');
  await vi.waitFor(() => expect(find('secret')).toBeTruthy());
});

it('a role that changes drops the scopes that mean nothing to it', async () => {
  await show();
  await press('edit', row('sf-2'));
  await userEvent.selectOptions(document.querySelector('[name="role"]') as HTMLElement, 'counsellor');
  await press('act');
  await vi.waitFor(() => expect(find('person-dialog')).toBeNull());
  expect(asked.find(({ key }) => key === 'PUT /hub/admin/staff/sf-2')?.body).toEqual({
    name: '李秀兰',
    role: 'counsellor',
    scopes: [{ kind: 'campus', value: 'beijing' }],
  });
});

it('renews a PIN and cards, resets a password, ends a person, and cannot end the last administrator', async () => {
  await show();
  await press('pin', row('sf-1'));
  await press('act');
  await vi.waitFor(() => expect(find('secret')?.textContent).toBe('739102'));
  await press('told');
  expect(asked.find(({ key }) => key.endsWith('/pin'))?.body).toEqual({ pin: null });
  await press('cards', row('sf-1'));
  await fill('card-0', '0012,34567');
  await press('add-card');
  await userEvent.selectOptions(
    document.querySelectorAll('[data-testid="cards-dialog"] select')[1] as HTMLElement,
    'uid',
  );
  await fill('card-1', '04A31B7F');
  await press('act');
  await vi.waitFor(() => expect(find('cards-dialog')).toBeNull());
  expect(asked.find(({ key }) => key.endsWith('/cards'))?.body).toEqual({
    cards: [
      { kind: 'printed', number: '0012,34567' },
      { kind: 'uid', number: '04A31B7F' },
    ],
  });
  await press('password', row('sf-3'));
  await press('act');
  await vi.waitFor(() => expect(find('secret')).toBeTruthy());
  await press('told');
  expect(find('password', row('sf-9') as HTMLElement)).toBeNull();
  await press('end', row('sf-9'));
  await press('act');
  await vi.waitFor(() => expect(said()).toContain('最后一名管理员'));
  await press('cancel');
  await press('end', row('sf-3'));
  await press('act');
  await vi.waitFor(() => expect(row('sf-3')).toBeNull());
});

it('says what to do on the first day, when there is no station, and otherwise that nothing fits', async () => {
  const before = stations;
  stations = [];
  await show();
  await press('tab-stations');
  await vi.waitFor(() => expect(find('none')?.textContent).toContain('请按“配对新站点”'));
  stations = before;
  await press('refresh');
  await vi.waitFor(() => expect(find('stations')).toBeTruthy());
  await fill('query', 'zzz');
  await vi.waitFor(() => expect(find('none')?.textContent).toBe('没有符合的条目。'));
});

it('pairs, renames and revokes a station; the pairing code stands once with its time', async () => {
  await show();
  await press('tab-stations');
  await press('pair');
  await fill('station-name', '西门 2 道');
  await fill('campus', 'beijing');
  await press('act');
  await vi.waitFor(() => expect(find('secret')?.textContent).toBe('0123456789'));
  expect(find('once')?.textContent).toContain('10:10:00');
  await press('told');
  expect(asked.find(({ key }) => key === 'POST /hub/office/pairing')?.body).toEqual({
    name: '西门 2 道',
    campus: 'beijing',
  });
  const first = () => document.querySelector<HTMLElement>('[data-station="st-1"]');
  await press('rename', first());
  await fill('station-name', '北门');
  await press('act');
  // The former name begins with the new one: the buttons bear it until the page is painted anew.
  await vi.waitFor(() => expect(first()?.textContent).not.toContain('1 道'));
  await press('revoke', first());
  expect(find('revoke-dialog')?.textContent).toContain('记录仍留在站点');
  await press('act');
  await vi.waitFor(() => expect(first()?.textContent).toContain('已撤销'));
});

it('shows who read what, by reader and day, page after page; asks for none before the tab is opened', async () => {
  await show();
  expect(asked.some(({ key }) => key.includes('/reads'))).toBe(false);
  await press('tab-reads');
  await vi.waitFor(() => expect(document.querySelectorAll('[data-testid="read"]')).toHaveLength(2));
  for (const part of ['林护士', '卫生所医护', '一张处置单', '2020-03-01 09:59:59'])
    expect(find('reads')?.textContent).toContain(part);
  await press('more');
  await vi.waitFor(() => expect(document.querySelectorAll('[data-testid="read"]')).toHaveLength(3));
  expect(find('reads')?.textContent).toContain('new-kind');
  await userEvent.selectOptions(document.querySelector('[name="reads-staff"]') as HTMLElement, 'sf-2');
  await vi.waitFor(() => expect(asked.at(-1)?.key).toBe('GET /hub/admin/reads?staff=sf-2'));
  await fill('reads-day', '2020-03-01');
  await vi.waitFor(() => expect(asked.at(-1)?.key).toBe('GET /hub/admin/reads?staff=sf-2&day=2020-03-01'));
  await vi.waitFor(() => expect(find('none')).toBeTruthy());
});

it('an auditor looks and changes nothing; another role is told whom to ask', async () => {
  role = 'auditor';
  await show();
  expect(find('people')).toBeTruthy();
  for (const act of ['add', 'edit', 'end', 'pin']) expect(find(act)).toBeNull();
  await press('tab-stations');
  await vi.waitFor(() => expect(find('stations')).toBeTruthy());
  for (const act of ['pair', 'rename', 'revoke']) expect(find(act)).toBeNull();
  role = 'nurse';
  await press('sign-out');
  await vi.waitFor(() => expect(find('sign-in')).toBeTruthy());
  expect(document.body.textContent).not.toContain('王建国');
  await fill('name', '林护士');
  await fill('password', 'right');
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(find('not-yours')).toBeTruthy());
  expect(asked.at(-1)?.key).toBe('POST /hub/session');
});

it('who signed in with a one-time password is asked for a lasting one at once; a weak one is refused in words', async () => {
  once = true;
  // A one-time password that was used opens nothing again until there is a lasting one.
  const oneself = staff.find(({ staffId }) => staffId === 'sf-9') as StaffRow;
  oneself.password = 'none';
  await show();
  expect(row('sf-9')?.textContent).toContain('不能登录');
  await vi.waitFor(() => expect(find('password-dialog')).toBeTruthy());
  expect(field('present')).toBeNull();
  await expectAccessible();
  await fill('fresh', 'password123');
  await fill('repeated', 'password123');
  await press('save-password');
  await vi.waitFor(() => expect(said()).toContain('这个密码太常见。'));
  await fill('fresh', 'geese over the lake');
  await fill('repeated', 'geese over the lake');
  await press('save-password');
  await vi.waitFor(() => expect(said()).toContain('新密码已保存'));
  expect(asked.findLast(({ key }) => key === 'POST /hub/session/password')?.body).toEqual({
    present: null,
    fresh: 'geese over the lake',
  });
  // One's own row tells it at once.
  await vi.waitFor(() => expect(row('sf-9')?.textContent).not.toContain('不能登录'));
});

it('a session that ended says so at the sign-in; a hub that is away keeps what was shown', async () => {
  await show();
  isUp = false;
  await press('refresh');
  await vi.waitFor(() => expect(said()).toContain('连不上总台，显示的内容可能已过时'));
  expect(find('people')).toBeTruthy();
  isUp = true;
  signedIn = false;
  await press('refresh');
  await vi.waitFor(() => expect(find('sign-in')?.textContent).toContain('登录已过期'));
});
