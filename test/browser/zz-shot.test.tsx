// The rounds page in a real Chromium against a scripted hub, on a real IndexedDB: keys, cards, paste, lateness, closing, other managers,
// both languages and orientations, axe, sizes.
import axe from 'axe-core';
import { render } from 'preact';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { RoundSheet, SheetRow } from '../../src/contracts/rounds.ts';
import type { Entry, EntryKind } from '../../src/domain/entry.ts';
import { language, languages } from '../../src/i18n/define.ts';
import { listenForKeys } from '../../src/rounds/key-listener.ts';
import { RoundsPage } from '../../src/rounds/RoundsPage.tsx';
import { createRoundsApp, type RoundsApp } from '../../src/rounds/rounds-app.ts';
import { pageClocks } from '../../src/sync/timers.ts';
import '../../src/rounds/rounds.css';

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
const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const times = () => {
  const opensMs = insideMs - 1_800_000;
  return { opensMs, closesMs: opensMs + 7_200_000, reasonFromMs: opensMs + 9_000_000 };
};
const round = { roundDay: '2026-11-24', window: 'early', scope: 'building' } as const;

const hub: typeof fetch = async (input, init) => {
  if (!isUp) throw new TypeError('away');
  const url = new URL(String(input), 'http://hub');
  const head = { contract: 1, hubNowMs: wallMs };
  const staff = { staffId: 's1', name: '王老师', role: 'dorm-manager' };
  switch (url.pathname) {
    case '/hub/session':
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
      const places = ['梅园1号楼', '梅园2号楼', '研究生公寓东区三号楼'].map((one) => ({
        ...{ place: one, figures, percent: 0, closing: null, overdue: false },
      }));
      return answer(200, { ...head, ...round, ...times(), places });
    }
    case '/hub/rounds/sheet': {
      const sheet: RoundSheet = {
        ...{ ...round, place: url.searchParams.get('building') ?? '', ...times(), figures, complete: false },
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
  const result = await axe.run(document.querySelector('.dialog') ?? document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'],
    rules: { 'page-has-heading-one': { enabled: true }, region: { enabled: false } },
  });
  expect(result.violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`)).toEqual([]);
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
  for (const pad of document.querySelectorAll('.pad, .pad-head, .value-notes, .tools'))
    expect(pad.scrollHeight, pad.className).toBeLessThanOrEqual(pad.clientHeight + 1);
  for (const key of document.querySelectorAll('.key'))
    expect(Math.min(key.getBoundingClientRect().width, key.getBoundingClientRect().height)).toBeGreaterThanOrEqual(117);
}

beforeEach(async () => {
  await page.viewport(1280, 800);
  language.value = 'zh';
  people = Array.from({ length: 40 }, (_, n) => row(n));
  isUp = true;
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
    await page.screenshot({ path: `shots-tmp/round-${width}-${one}.png` });
    expect(/\p{Script=Han}/u.test(find('round')?.querySelector('.tools')?.textContent ?? '')).toBe(one === 'zh');
    for (const tool of ['find', 'paste', 'found', 'close', 'keys']) {
      await userEvent.click(find(`tool-${tool}`) as HTMLElement);
      await vi.waitFor(() => expect(find(`panel-${tool}`)).toBeTruthy());
      if (width === 1280) await page.screenshot({ path: `shots-tmp/${tool}-${one}.png` });
      await userEvent.keyboard('{Escape}');
    }
    await userEvent.keyboard('{F7}1');
    await userEvent.keyboard('{Escape}36{Enter}');
  }
});
