// The rounds page in a real Chromium against a scripted hub, on a real IndexedDB: keys, cards, paste, lateness, closing, other managers,
// both languages and orientations, axe, sizes.
import { render } from 'preact';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { RoundSheet, SheetRow } from '../../src/contracts/rounds.ts';
import type { Entry, EntryKind } from '../../src/domain/entry.ts';
import { language, languages } from '../../src/i18n/define.ts';
import { listenForKeys } from '../../src/rounds/key-listener.ts';
import { RoundsPage } from '../../src/rounds/RoundsPage.tsx';
import { createRoundsApp, type RoundsApp } from '../../src/rounds/rounds-app.ts';
import type { Connect } from '../../src/sync/device-link.ts';
import { pageClocks } from '../../src/sync/timers.ts';
import { fakeBridge } from '../kit/fake-bridge.ts';
import '../../src/rounds/rounds.css';
import { axeFaultsInBoth } from './axe.ts';

/** 07:00 of a campus day: inside the early window. */
const insideMs = Date.UTC(2026, 10, 23, 23);
const place = '梅园1号楼';
const writerId = 'aaaaaaaa-0000-4000-8000-000000000001';
const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

const state: SheetRow['state'] = {
  ...{ class: 'missing', tenths: null, source: null, stands: null, timing: null, reasonDue: false },
  ...{ unmeasurable: false, alsoBy: [] },
};
function row(n: number, given: Partial<SheetRow> = {}): SheetRow {
  const room = String(401 + Math.floor(n / 4));
  return {
    ...{ personId: `2019${String(n).padStart(4, '0')}`, name: `测试${n}`, pinyin: `ce shi cs${n}`, category: '本科生' },
    ...{ unit: '计算机科学与技术学院', contact: '', cards: [`printed:${String(1_000_000 + n).padStart(10, '0')}`] },
    ...{ floor: '4', room, bed: String((n % 4) + 1), expected: true, excuse: null, watchDay: null, looked: false },
    ...{ caseOpen: false, state, records: [], gate: [] },
    ...given,
  };
}
const figures = {
  ...{ expected: 40, measured: 0, normal: 0, borderline: 0, abnormal: 0, symptoms: 0, absent: 0, missing: 40 },
};

let people: SheetRow[] = [];
let isUp = true;
let wallMs = insideMs;
let received: Entry[] = [];
let database = '';
let version = 1;
let isOnce = false;
let hasNothing = false;
let staffName = '王老师';
let role = 'dorm-manager';
let connectBridge: Connect | null = null;
const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const times = () => {
  const opensMs = insideMs - 1_800_000;
  return { opensMs, closesMs: opensMs + 7_200_000, reasonFromMs: opensMs + 9_000_000 };
};
const round = { roundDay: '2026-11-24', window: 'early', scope: 'building' } as const;
const morning = { roundDay: '2026-11-24', window: 'morning', scope: 'class' } as const;

const hub: typeof fetch = async (input, init) => {
  if (!isUp) throw new TypeError('away');
  const url = new URL(String(input), 'http://hub');
  const head = { contract: 1, hubNowMs: wallMs };
  const staff = { staffId: 's1', name: staffName, role };
  switch (url.pathname) {
    case '/hub/session':
      return answer(200, { ...head, staff: { ...staff, maySetPassword: isOnce } });
    case '/hub/session/password':
      expect(JSON.parse(String(init?.body))).toEqual({ present: null, fresh: 'a lasting password' });
      return answer(200, { ...head, staff });
    case '/hub/station/enrol':
      return answer(200, {
        contract: 1,
        station: { id: 'st-1', code: 'T01', name: '梅园平板', campus: 'beijing' },
        token: 'token-token-token-token',
      });
    case '/hub/station':
      return answer(200, { contract: 1, policy: { version: 3, document: {} } });
    case '/hub/rounds': {
      const ofClass = url.searchParams.get('scope') === 'class';
      const names = hasNothing
        ? []
        : ofClass
          ? ['计科1901班', '环境2002班']
          : ['梅园1号楼', '梅园2号楼', '研究生公寓东区三号楼'];
      const places = names.map((one) => ({
        ...{ place: one, figures, percent: 0, closing: null, overdue: false },
      }));
      return answer(200, { ...head, ...(ofClass ? morning : round), ...times(), places });
    }
    case '/hub/rounds/sheet': {
      const sheet: RoundSheet = {
        ...(url.searchParams.has('class') ? morning : round),
        ...{ place: url.searchParams.get('class') ?? url.searchParams.get('building') ?? '' },
        ...{ ...times(), figures, complete: false },
        ...{ closings: [], found: [], people, next: null },
      };
      const isKnown = url.searchParams.get('since') === String(version);
      return answer(200, { ...head, version: String(version), sheet: isKnown ? null : sheet });
    }
    case '/hub/entries': {
      const batch = JSON.parse(String(init?.body));
      expect(new Headers(init?.headers).get('mengang-signature')).toMatch(/^v1 \S{44} held \S{88}$/);
      received.push(...batch.entries.map((one: { bytes: string }) => JSON.parse(one.bytes)));
      const results = batch.entries.map((one: { entryId: string; seq: number }) => ({ ...one, status: 'stored' }));
      return answer(200, { ...head, epoch: 'e1', watermark: batch.entries.at(-1)?.seq ?? 0, results });
    }
    default:
      return answer(404, {});
  }
};

let root: HTMLElement;
let app: RoundsApp;
let stopKeys: () => void;
let tones: string[] = [];
const find = (testid: string) => document.querySelector<HTMLElement>(`[data-testid="${testid}"]`);
const findAll = (testid: string) => [...document.querySelectorAll<HTMLElement>(`[data-testid="${testid}"]`)];
const at = () => find('bed-line')?.dataset.person;
const text = (testid: string) => find(testid)?.textContent ?? '';

async function open() {
  tones = [];
  app = createRoundsApp({
    fetch: hub,
    clocks: { ...pageClocks, wallMs: () => wallMs },
    random: Math.random,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    databaseName: database,
    lockHeld: true,
    connectBridge,
    sound: (tone) => tones.push(tone),
    onFault: (error) => console.error(error),
  });
  stopKeys = listenForKeys(window, () => (app.screen.value.at === 'round' ? app.screen.value.rounds : null));
  render(<RoundsPage app={app} />, root);
  await app.start();
}
function close() {
  app.stop();
  stopKeys();
  render(null, root);
}
async function enrolled() {
  await open();
  await vi.waitFor(() => expect(find('enrol')).toBeTruthy());
  await userEvent.fill(document.querySelector('[name="code"]') as HTMLElement, '0123456789');
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(find('bed-line')).toBeTruthy());
}
/** Real key events without waits between them. */
async function type(keys: string) {
  await userEvent.keyboard(keys.replace(/(\d)\|/g, '$1{Enter}'));
}
const entriesOf = <Kind extends EntryKind>(kind: Kind) =>
  received.filter((entry): entry is Extract<Entry, { kind: Kind }> => entry.kind === kind);
const valuesOf = () => entriesOf('round-mark').map(({ personId, reading }) => [personId, reading?.centiCelsius]);
/** The whole page, or the dialog alone when one is open. */
async function expectAccessible() {
  expect(await axeFaultsInBoth(() => document.querySelector('.dialog') ?? document)).toEqual([]);
}
/** Nothing is cut off or pushed out of the screen, and every target is at least 54 px (9 mm on a 10.1 inch tablet). */
function expectFits() {
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(window.innerWidth);
  expect(document.documentElement.scrollHeight).toBeLessThanOrEqual(window.innerHeight);
  for (const button of document.querySelectorAll('button')) {
    const box = button.getBoundingClientRect();
    const name = `${button.dataset.testid ?? ''} ${button.textContent}`;
    expect(Math.min(box.width, box.height), name).toBeGreaterThanOrEqual(54);
    if (!button.closest('.top')) expect(button.scrollWidth, name).toBeLessThanOrEqual(button.clientWidth + 1);
    if (!button.closest('.top')) expect(button.scrollHeight, name).toBeLessThanOrEqual(button.clientHeight + 1);
  }
  for (const pad of document.querySelectorAll('.pad, .value-notes, .tools'))
    expect(pad.scrollHeight, pad.className).toBeLessThanOrEqual(pad.clientHeight + 1);
  for (const key of document.querySelectorAll('.key'))
    expect(Math.min(key.getBoundingClientRect().width, key.getBoundingClientRect().height)).toBeGreaterThanOrEqual(117);
}

beforeEach(async () => {
  await page.viewport(1280, 800);
  language.value = 'zh';
  people = Array.from({ length: 40 }, (_, n) => row(n));
  isUp = true;
  isOnce = false;
  hasNothing = false;
  staffName = '王老师';
  role = 'dorm-manager';
  connectBridge = null;
  wallMs = insideMs;
  received = [];
  version++;
  database = `rounds-${crypto.randomUUID()}`;
  root = document.createElement('div');
  document.body.append(root);
});
afterEach(() => {
  close();
  root.remove();
});

it('takes three digits and Enter a bed, and every entry reaches the hub signed, in order', async () => {
  await enrolled();
  expect(at()).toBe('20190000');
  expect(text('missing')).toBe('未测 40 / 40');
  await type('364|365|366|367|368|');
  expect(at()).toBe('20190005');
  expect(text('missing')).toBe('未测 35 / 40');
  await vi.waitFor(() =>
    expect(valuesOf()).toEqual([
      ['20190000', 3640],
      ['20190001', 3650],
      ['20190002', 3660],
      ['20190003', 3670],
      ['20190004', 3680],
    ]),
  );
  expect(entriesOf('round-mark')[0]).toMatchObject({
    ...{ ...round, place, by: 's1', station: 'st-1', onDuty: 's1', policyVersion: 3, room: '401' },
    reading: { manual: true, typedBy: 's1', method: 'infrared', site: 'forehead' },
  });
  await vi.waitFor(() => expect(find('connection')?.dataset.unsent).toBe('0'));
  expect(tones).toEqual(['tick', 'tick', 'tick', 'tick', 'tick']);
});

it('a round without network loses nothing through a reload, and says what is not at the hub yet', async () => {
  await enrolled();
  isUp = false;
  await type('364|365|');
  await vi.waitFor(() => expect(text('connection')).toContain('尚未到总台：3'));
  close();
  await open();
  await vi.waitFor(() => expect(at()).toBe('20190002'));
  expect(text('missing')).toBe('未测 38 / 40');
  expect(text('connection')).toContain('离线运行');
  wallMs += 1_000;
  await type('366|');
  isUp = true;
  app.hurry();
  await vi.waitFor(() => expect(valuesOf().map(([, value]) => value)).toEqual([3640, 3650, 3660]), 10_000);
  await vi.waitFor(() => expect(find('connection')?.dataset.unsent).toBe('0'));
});

it('a fever refers at once, names the room-mates and asks for a contact reading; low is asked again', async () => {
  await enrolled();
  await type('349|');
  expect(at()).toBe('20190000');
  expect(text('refusal')).toContain('低于 35.0');
  await type('376|');
  expect(at()).toBe('20190001');
  expect(tones).toEqual(['again', 'refer']);
  expect(text('second-due')).toContain('401-1 测试0');
  expect(text('second-due')).toContain('同室：测试1、测试2、测试3');
  await userEvent.keyboard('{F9}');
  await type('378|');
  await vi.waitFor(() => expect(entriesOf('contact-reading')).toHaveLength(1));
  expect(entriesOf('contact-reading')[0]).toMatchObject({
    personId: '20190000',
    reading: { centiCelsius: 3780, method: 'contact', site: 'axillary' },
  });
  expect(find('second-due')).toBeNull();
});

it('a card leads to its bed, / finds by initials, F keys tell absences, Ctrl+Z takes back with an entry', async () => {
  await enrolled();
  // A reader sends a key each few milliseconds, whatever the machine is doing.
  for (const key of [...'0001000007', 'Enter'])
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  await vi.waitFor(() => expect(at()).toBe('20190007'));
  await type('/');
  await vi.waitFor(() => expect(document.activeElement?.getAttribute('name')).toBe('find'));
  await type('cs12{Enter}');
  expect(at()).toBe('20190012');
  await userEvent.keyboard('{F2}{F4}{F6}');
  await vi.waitFor(() =>
    expect(entriesOf('absence').map((one) => one.reason)).toEqual(['leave', 'not-in-room', 'at-clinic']),
  );
  await userEvent.keyboard('{Control>}z{/Control}');
  expect(at()).toBe('20190014');
  await vi.waitFor(() => expect(entriesOf('round-undo')).toHaveLength(1));
  expect(text('missing')).toBe('未测 38 / 40');
});

it('shows a pasted column row by row before anything is entered; a formula stays text', async () => {
  await enrolled();
  const data = new DataTransfer();
  data.setData('text/plain', '体温\n36.4\n=HYPERLINK("http://x")\n37.6\n20190009\t36.5');
  window.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data }));
  await vi.waitFor(() => expect(findAll('paste-row')).toHaveLength(5));
  expect(findAll('paste-row').map((one) => one.innerText.replace(/\s+/g, ' ').trim())).toEqual([
    '体温 不是体温，不登记',
    '36.4 401-1 测试0 36.4 登记',
    '=HYPERLINK("http://x") 401-2 测试1 不是体温，不登记',
    '37.6 401-3 测试2 37.6 登记并报卫生所',
    '20190009 36.5 403-2 测试9 36.5 登记',
  ]);
  expect(document.querySelector('.dialog a')).toBeNull();
  await expectAccessible();
  expect(received).toEqual([]);
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(valuesOf()).toHaveLength(3));
  expect(at()).toBe('20190001');
});

it('tells what another manager entered beside what stands, and overwrites nothing in silence', async () => {
  const record = (n: number, name: string, tenths: number): SheetRow['records'][number] => ({
    ...{ entryId: uuid(n), writerId, seq: n, receivedMs: insideMs + n, atMs: insideMs + 720_000, is: 'mark', tenths },
    ...{ by: { staffId: name, name }, byHand: true, symptoms: [], reason: null, note: '', untilDay: null },
    ...{ lateReason: null, undone: false },
  });
  people[0] = row(0, { records: [record(1, '李老师', 369)] });
  people[1] = row(1, { gate: [{ entryId: uuid(9), station: '北门', atMs: insideMs, tenths: 365 }] });
  await enrolled();
  expect(text('missing')).toBe('未测 38 / 40');
  await userEvent.click(find('only-missing') as HTMLElement);
  await userEvent.click(document.querySelector('[data-room="401"]') as HTMLElement);
  await userEvent.keyboard('{ArrowUp}{ArrowUp}{ArrowUp}{ArrowUp}{ArrowUp}');
  expect(at()).toBe('20190000');
  await type('364|');
  expect(at()).toBe('20190001');
  expect(find('detail')?.textContent).toContain('门 07:00 36.5');
  await userEvent.keyboard('{ArrowUp}');
  expect(text('standing')).toContain('王老师 07:00 登记：36.4');
  expect(text('also-by')).toContain('李老师 07:12 也登记：36.9');
});

it('half an hour after the window an entry waits for a reason, which goes into it', async () => {
  wallMs = insideMs + 7_300_000;
  await enrolled();
  expect(text('over')).toBe('已超时 32 分');
  await type('364|');
  await vi.waitFor(() => expect(find('panel-late')).toBeTruthy());
  await expectAccessible();
  await type('b');
  await vi.waitFor(() => expect(entriesOf('round-mark')).toHaveLength(1));
  expect(entriesOf('round-mark')[0]).toMatchObject({ lateReason: '学生晚归', personId: '20190000' });
  await userEvent.keyboard('{ArrowUp}');
});

it('the closing names everybody missing with a reason, and A4 shows the whole round', async () => {
  people = people.slice(0, 4);
  await enrolled();
  await type('364|365|');
  await userEvent.click(find('tool-close') as HTMLElement);
  expect(findAll('missing-row').map((one) => one.querySelector('span')?.textContent)).toEqual([
    '401-3 测试2',
    '401-4 测试3',
  ]);
  await expectAccessible();
  expectFits();
  const first = findAll('missing-row')[0]?.querySelectorAll('button')[2];
  await userEvent.click(first as HTMLElement);
  const print = vi.spyOn(window, 'print').mockImplementation(() => undefined);
  await userEvent.click(find('print') as HTMLElement);
  await vi.waitFor(() => expect(print).toHaveBeenCalledOnce());
  expect(text('print-sheet')).toContain('401-1 测试0 36.4');
  print.mockRestore();
  await userEvent.click(find('close-now') as HTMLElement);
  await vi.waitFor(() => expect(entriesOf('round-close')).toHaveLength(1));
  expect(entriesOf('round-close')[0]).toMatchObject({
    figures: { expected: 4, measured: 2, missing: 2 },
    missing: [
      { personId: '20190002', reason: 'out' },
      { personId: '20190003', reason: 'unknown' },
    ],
  });
});

it.each([
  [1280, 800],
  [800, 1280],
])('a class teacher has the own classes by name, enters, and closes the morning check, at %ix%i', async (width, height) => {
  await page.viewport(width, height);
  role = 'class-teacher';
  // 08:00: inside the morning check.
  wallMs = insideMs + 3_600_000;
  people = Array.from({ length: 6 }, (_, n) =>
    // One and the same room number in two buildings, and one who lives outside.
    row(n, { floor: '', room: n === 5 ? '' : `梅园${1 + (n % 2)}号楼 401-${n + 1}`, bed: null }),
  );
  await enrolled();
  expect(find('scope-building')).toBeNull();
  expect(findAll('place').map((one) => one.querySelector('strong')?.textContent)).toEqual(['计科1901班', '环境2002班']);
  expect(find('round')?.querySelector('.top')?.textContent).toContain('晨检');
  expect(findAll('tile').map((one) => one.querySelector('.tile-room')?.textContent)).toEqual(
    people.map(({ name }) => name),
  );
  expect(text('bed-line')).toBe('20190000 测试0');
  await type('364|');
  await userEvent.keyboard('{F4}');
  await type('376|');
  expect(text('second-due')).toContain('20190002 测试2');
  expect(text('second-due')).toContain('同室人员随处置单报卫生所');
  expect(text('missing')).toBe('未测 3 / 6');
  expect(text('act-F4')).toContain('未到');
  expectFits();
  await expectAccessible();
  await userEvent.click(find('tool-close') as HTMLElement);
  expect(findAll('missing-row').map((one) => one.querySelector('span')?.textContent)).toEqual([
    '20190003 测试3',
    '20190004 测试4',
    '20190005 测试5',
  ]);
  const second = findAll('missing-row')[1]?.querySelectorAll('button')[1];
  expect(second?.textContent).toBe('联系不上');
  await userEvent.click(second as HTMLElement);
  expectFits();
  await expectAccessible();
  await userEvent.click(find('close-now') as HTMLElement);
  await vi.waitFor(() => expect(entriesOf('round-close')).toHaveLength(1));
  const here = { ...morning, place: '计科1901班' };
  // The fever goes before what was entered before it.
  expect(valuesOf().sort()).toEqual([
    ['20190000', 3640],
    ['20190002', 3760],
  ]);
  const first = entriesOf('round-mark').find(({ personId }) => personId === '20190000');
  expect(first).toMatchObject({ ...here, room: '梅园1号楼 401-1' });
  expect(entriesOf('absence')[0]).toMatchObject({ ...here, personId: '20190001', reason: 'not-in-room' });
  expect(entriesOf('round-close')[0]).toMatchObject({
    ...here,
    figures: { expected: 6, measured: 2, absent: 1, missing: 3 },
    missing: [
      { personId: '20190003', reason: 'unknown' },
      { personId: '20190004', reason: 'no-answer' },
      { personId: '20190005', reason: 'unknown' },
    ],
  });
});

it('who follows up both kinds turns from one to the other, and never sees the places of the one left', async () => {
  role = 'student-affairs';
  wallMs = insideMs + 3_600_000;
  await enrolled();
  const names = () => findAll('place').map((one) => one.querySelector('strong')?.textContent);
  for (const [to, first] of [
    ['class', '计科1901班'],
    ['building', '梅园1号楼'],
    ['class', '计科1901班'],
  ] as const) {
    // Turned while the answer for the other kind may be on its way.
    app.hurry();
    await userEvent.click(find(`scope-${to}`) as HTMLElement);
    await vi.waitFor(() => expect(names()[0]).toBe(first), 10_000);
    await vi.waitFor(() => expect(find('round')?.querySelector('h1')?.textContent).toBe(first));
  }
});

it('keeps who was found unregistered, without a name field', async () => {
  await enrolled();
  await userEvent.click(find('tool-found') as HTMLElement);
  await expectAccessible();
  await userEvent.fill(document.querySelector('[name="room"]') as HTMLElement, '402');
  await userEvent.fill(document.querySelector('[name="value"]') as HTMLElement, '366');
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(entriesOf('found-unregistered')).toHaveLength(1));
  expect(entriesOf('found-unregistered')[0]).toMatchObject({ room: '402', reading: { centiCelsius: 3660 } });
});

it('who signed in by mistake on a tablet without a code can sign out again; without the hub they are told why not', async () => {
  await open();
  await vi.waitFor(() => expect(find('enrol')).toBeTruthy());
  expect(find('sign-out')?.textContent).toBe(`${staffName} · 退出`);
  await expectAccessible();
  isUp = false;
  await userEvent.click(find('sign-out') as HTMLElement);
  await vi.waitFor(() => expect(find('enrol')?.textContent).toContain('暂时不能退出'));
  isUp = true;
  await userEvent.click(find('sign-out') as HTMLElement);
  await vi.waitFor(() => expect(find('sign-in')).toBeTruthy());
});

it('who came with a one-time password is asked for a lasting one, and no key of it falls into the round', async () => {
  isOnce = true;
  await open();
  await vi.waitFor(() => expect(find('password-dialog')).toBeTruthy());
  await expectAccessible();
  for (const name of ['fresh', 'repeated'])
    await userEvent.fill(document.querySelector(`[name="${name}"]`) as HTMLElement, 'a lasting password');
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(document.querySelector('.say-good')).toBeTruthy());
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(find('password-dialog')).toBeNull());
  expect(find('enrol')).toBeTruthy();
});

it('on a tablet with a bridge a card leads to its bed and the thermometer fills its value, with its source', async () => {
  const bridge = fakeBridge(pageClocks);
  connectBridge = bridge.connect;
  await enrolled();
  const sight = () => find('thermometer')?.dataset.state;
  await vi.waitFor(() => expect(bridge.heard[0]).toMatchObject({ type: 'hello', writer: null }));
  // This bridge has no thermometer yet: nothing is said of one.
  await vi.waitFor(() => expect(find('thermometer')).toBeNull());
  let n = 0;
  const now = () => ({ n: ++n, atMs: bridge.monoMs(), expiresAtMs: bridge.monoMs() + 2_000 });
  const say = (sensor: 'ready' | 'device-warm-up') =>
    bridge.say({
      type: 'device',
      status: {
        ...{ deviceId: 'thermometer-1', role: 'thermometer', profile: 'played', state: 'online', sinceMs: 0 },
        ...{ code: sensor === 'ready' ? null : 'E-23', sensor, site: 'forehead', mode: 'forehead' },
      },
    });
  const measure = (...values: number[]) => {
    for (const centiCelsius of values)
      bridge.say({
        ...{ type: 'sample', ...now(), deviceId: 'thermometer-1', centiCelsius, rawCentiCelsius: centiCelsius },
        ...{ ambientCentiCelsius: 2200, offsetCentiCelsius: 0, site: 'forehead', mode: 'forehead', single: false },
      });
  };
  const tap = (printed: string) =>
    bridge.say({ type: 'tap', ...now(), deviceId: 'reader-1', uid: '04A1B2C3', printed });

  say('device-warm-up');
  await vi.waitFor(() => expect(sight()).toBe('not-ready'));
  expect(text('thermometer')).toContain('E-23');
  measure(3650, 3650, 3650);
  expect(text('value')).toBe('--.-');

  say('ready');
  await vi.waitFor(() => expect(sight()).toBe('ready'));
  expect(text('thermometer')).toContain('模拟');
  tap('0001000007');
  await vi.waitFor(() => expect(at()).toBe('20190007'));
  measure(3640, 3660, 3650);
  await vi.waitFor(() => expect(text('value')).toBe('36.5'));
  expect(text('measured')).toContain('测温仪测得');
  expect(received).toHaveLength(0);
  expectFits();
  await expectAccessible();
  await userEvent.keyboard('{Enter}');
  expect(at()).toBe('20190008');
  expect(text('value')).toBe('--.-');
  await vi.waitFor(() => expect(entriesOf('round-mark')).toHaveLength(1));
  expect(entriesOf('round-mark')[0]).toMatchObject({
    ...{ personId: '20190007', by: 's1' },
    reading: {
      ...{ centiCelsius: 3650, manual: false, typedBy: null, deviceId: 'thermometer-1', method: 'infrared' },
      ...{ site: 'forehead', mode: 'forehead' },
    },
  });
  expect(entriesOf('round-mark')[0]?.reading?.samples.map(([, , value]) => value)).toEqual([3640, 3660, 3650]);

  // The face goes on standing there: it is not the next one's.
  measure(3650, 3650, 3650);
  expect(text('value')).toBe('--.-');
  // A card of nobody here, then a fever at the next one's bed.
  tap('0009999999');
  await vi.waitFor(() => expect(text('refusal')).toContain('这张卡不是本楼的'));
  tap('0001000009');
  measure(3760, 3760, 3760);
  await vi.waitFor(() => expect(text('value')).toBe('37.6'));
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(text('second-due')).toContain('测试9'));
  await userEvent.click(document.querySelector('[data-testid="second-due"] button') as HTMLElement);
  tap('0001000009');
  expect(find('detail')?.textContent).toContain('37.6（测温仪）');

  bridge.closeWith(4409);
  await vi.waitFor(() => expect(sight()).toBe('second-page'));
  await type('364|');
  await vi.waitFor(() => expect(entriesOf('round-mark')).toHaveLength(3));
  expect(entriesOf('round-mark')[2]).toMatchObject({ reading: { manual: true, deviceId: 'keypad' } });
});

it.each([
  [1280, 800],
  [800, 1280],
])('fits %ix%i in both languages, with targets for a thumb, and axe finds nothing', async (width, height) => {
  await page.viewport(width, height);
  people[2] = row(2, { watchDay: 3, name: '欧阳上官测试', unit: '马克思主义学院暨思想政治理论教学部' });
  people[5] = row(5, { looked: true });
  people[6] = row(6, { excuse: 'away' });
  await enrolled();
  await type('376|36{Enter}');
  for (const one of languages) {
    language.value = one;
    await vi.waitFor(() => expect(text('only-missing')).toBe(one === 'zh' ? '只看未测' : 'Only missing'));
    await vi.waitFor(() => expect(find('refusal')?.textContent).toContain(one === 'zh' ? '三位' : 'three digits'));
    expectFits();
    await expectAccessible();
    expect(/\p{Script=Han}/u.test(find('round')?.querySelector('.tools')?.textContent ?? '')).toBe(one === 'zh');
    for (const tool of ['find', 'paste', 'found', 'close', 'keys']) {
      await userEvent.click(find(`tool-${tool}`) as HTMLElement);
      await vi.waitFor(() => expect(find(`panel-${tool}`)).toBeTruthy());
      expectFits();
      await expectAccessible();
      await userEvent.keyboard('{Escape}');
    }
    await userEvent.keyboard('{F7}1');
    expectFits();
    await expectAccessible();
    await userEvent.keyboard('{Escape}36{Enter}');
  }
});

it.each([
  [1280, 720],
  [1024, 768],
  [640, 400],
  [390, 844],
])('every key and button can be reached at %ix%i, as on a zoomed page or under a browser’s bars', async (width, height) => {
  await page.viewport(width, height);
  await enrolled();
  for (const one of languages) {
    language.value = one;
    await vi.waitFor(() => expect(text('only-missing')).toBe(one === 'zh' ? '只看未测' : 'Only missing'));
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
    for (const button of find('round')?.querySelectorAll('button') ?? []) {
      button.scrollIntoView({ block: 'center' });
      const { left, right, top, bottom } = button.getBoundingClientRect();
      const name = button.dataset.testid ?? '';
      expect(Math.min(left, top), name).toBeGreaterThanOrEqual(0);
      expect([right <= width, bottom <= height], name).toEqual([true, true]);
      const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      expect(button.contains(hit), name).toBe(true);
    }
    // Without scrolling where there is room for the whole round.
    if (width < 1000) continue;
    scrollTo(0, 0);
    for (const key of ['key-back', 'key-0', 'key-enter'])
      expect(find(key)?.getBoundingClientRect().bottom, key).toBeLessThanOrEqual(height);
  }
});

it.each([
  'dorm-manager',
  'class-teacher',
])('a %s without anything to measure is told whom to ask, and can sign out under any name', async (one) => {
  hasNothing = true;
  role = one;
  staffName = '欧阳上官司马诸葛东方慕容皇甫尉迟公孙轩辕令狐钟离宇文';
  await open();
  await vi.waitFor(() => expect(find('enrol')).toBeTruthy());
  await userEvent.fill(document.querySelector('[name="code"]') as HTMLElement, '0123456789');
  await userEvent.keyboard('{Enter}');
  const kind = one === 'class-teacher' ? '班级' : '楼栋';
  await vi.waitFor(() => expect(text('no-sheet')).toMatch(new RegExp(`^没有分给您的${kind}，.*请联系管理员。$`)));
  expect(text('connection')).toContain('在线');
  const button = find('sign-out') as HTMLElement;
  const end = document.createRange();
  end.selectNode(button.lastChild as Node);
  expect(end.toString()).toContain('退出');
  expect(end.getBoundingClientRect().right).toBeLessThanOrEqual(button.getBoundingClientRect().right);
});
