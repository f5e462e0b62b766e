// The clinic board in a real Chromium against a scripted hub: what a nurse sees, presses and hears of.
import { render } from 'preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { bell } from '../../src/clinic/bell.ts';
import { ClinicBoard } from '../../src/clinic/ClinicBoard.tsx';
import { type ClinicController, createClinic } from '../../src/clinic/clinic-controller.ts';
import type { Referral } from '../../src/contracts/clinic.ts';
import { language } from '../../src/i18n/define.ts';
import { aCase, aPassage, caseId } from '../clinic/case.ts';
import { FakeHub } from '../clinic/fake-hub.ts';
import '../../src/clinic/clinic.css';
import { axeFaultsInBoth } from './axe.ts';

let root: HTMLElement;
let clinic: ClinicController;
let hub: FakeHub;
/** Added to the page's clock: time that passes at once. */
let later = 0;
const rings: string[] = [];

const hubNow = () => Date.now();
const card = (n: number) => document.querySelector<HTMLElement>(`[data-testid="card"][data-case="${caseId(n)}"]`);
const inCard = (n: number, testid: string) => card(n)?.querySelector<HTMLElement>(`[data-testid="${testid}"]`);
const find = (testid: string) => document.querySelector<HTMLElement>(`[data-testid="${testid}"]`);
const fresh = (n: number, change: Partial<Referral> = {}) =>
  aCase(n, { receivedAtMs: hubNow(), passageWallMs: hubNow() - 400, ...change });

let presses = 0;
async function press(element: HTMLElement | null | undefined) {
  if (!element) throw new Error('nothing to press');
  // The locator is made of what tells the element apart, the running clock of its card among it: a second later it would find
  // nothing. For this press the element gets a name of its own.
  const name = element.dataset.testid;
  presses += 1;
  element.dataset.testid = `press-${presses}`;
  try {
    await userEvent.click(element);
  } finally {
    if (name === undefined) delete element.dataset.testid;
    else element.dataset.testid = name;
  }
}

async function show(...cases: Referral[]) {
  hub = new FakeHub(() => hubNow() + later, ...cases);
  hub.signedIn = signedIn;
  clinic = createClinic({
    fetch: hub.fetch,
    timers: { set: (run, ms) => setTimeout(run, ms), clear: (timer) => clearTimeout(timer as number) },
    random: () => 0.2,
    monoMs: () => performance.now() + later,
    ring: (ring) => rings.push(ring),
  });
  render(<ClinicBoard clinic={clinic} sound={bell(() => new AudioContext())} />, root);
  clinic.start();
  await vi.waitFor(() => expect(find(signedIn ? 'connection' : 'sign-in')).toBeTruthy());
  if (signedIn) {
    await vi.waitFor(() => expect(hub.live).toBeTruthy());
    hub.send({ topic: 'heartbeat', hubNowMs: hubNow() + later });
    await vi.waitFor(() => expect(find('connection')?.dataset.state).toBe('live'));
  }
}
let signedIn = true;

beforeEach(async () => {
  await page.viewport(1280, 800);
  language.value = 'zh';
  signedIn = true;
  later = 0;
  rings.length = 0;
  root = document.createElement('div');
  document.body.append(root);
});
afterEach(() => {
  clinic.stop();
  render(null, root);
  root.remove();
});

async function expectAccessible() {
  expect(await axeFaultsInBoth(() => document)).toEqual([]);
}

describe('a new fever', () => {
  it('stands on the board at once, masked, with value, place and case number, and rings', async () => {
    await show();
    hub.tell(fresh(1));
    await vi.waitFor(() => expect(card(1)?.dataset.state).toBe('raised'));
    for (const part of ['37.5 ℃', '王*', '北门 1 道', 'G01-0001', '发热', '0:0'])
      expect(card(1)?.textContent).toContain(part);
    expect(card(1)?.textContent).not.toContain('王小明');
    expect(rings).toEqual(['quiet']);
  });

  it('shows the full name to who presses it', async () => {
    await show(fresh(1));
    await press(inCard(1, 'name'));
    expect(inCard(1, 'name')?.textContent).toBe('王小明');
  });

  it('of an unknown card is a visitor with a case number', async () => {
    await show(fresh(1, { person: null }));
    await vi.waitFor(() => expect(card(1)?.textContent).toContain('访客/未登记'));
    expect(card(1)?.textContent).toContain('G01-0001');
  });

  it('received late shows its age', async () => {
    await show(fresh(1, { late: true, passageWallMs: hubNow() - 42 * 60_000 }));
    await vi.waitFor(() => expect(card(1)?.textContent).toContain('迟报 42 分'));
    expect(rings).toEqual(['loud']);
  });

  it('unanswered for two minutes is overdue and loud', async () => {
    await show(fresh(1));
    later = 121_000;
    await vi.waitFor(() => expect(card(1)?.textContent).toContain('超时'), 3_000);
    expect(rings.at(-1)).toBe('loud');
  });
});

it('one nurse takes a case from new to cleared with one press for each step', async () => {
  await show(fresh(1));
  await vi.waitFor(() => expect(card(1)).toBeTruthy());
  await press(inCard(1, 'next'));
  await vi.waitFor(() => expect(card(1)?.dataset.state).toBe('acknowledged'));
  expect(card(1)?.textContent).toContain('陈医生 · 护士前往');
  await press(inCard(1, 'next'));
  await vi.waitFor(() => expect(card(1)?.dataset.state).toBe('arrived'));
  await press(inCard(1, 'next'));
  await vi.waitFor(() => expect(find('measure-dialog')).toBeTruthy());
  await userEvent.keyboard('364{Enter}');
  await vi.waitFor(() => expect(card(1)?.dataset.state).toBe('re-measured'));
  await press(inCard(1, 'next'));
  await vi.waitFor(() => expect(find('dispose-dialog')?.textContent).toContain('所有校门恢复通行'));
  await press(document.querySelector<HTMLElement>('input[value="cleared"]'));
  await press(find('confirm'));
  await vi.waitFor(() => expect(card(1)).toBeNull());
  expect(find('closed')?.textContent).toContain('1');
  expect(hub.bodies).toEqual([
    { to: 'acknowledged', how: 'nurse-comes', version: 1 },
    { to: 'arrived', version: 2 },
    { to: 're-measured', centiCelsius: 3640, site: 'axillary', symptoms: [], listedRegion: false, version: 3 },
    { to: 'closed', disposition: 'cleared', version: 4 },
  ]);
});

it.each(['escort', 'fever-clinic'])('%s is one press as well', async (how) => {
  await show(fresh(1));
  await vi.waitFor(() => expect(card(1)).toBeTruthy());
  await press(inCard(1, how));
  await vi.waitFor(() => expect(hub.bodies).toEqual([{ to: 'acknowledged', how, version: 1 }]));
});

it('the re-measure sheet refuses 33.9 and takes keypad, site, symptoms and region', async () => {
  await show(fresh(1, { state: 'arrived', arrivedAtMs: hubNow() }));
  await vi.waitFor(() => expect(card(1)).toBeTruthy());
  await press(inCard(1, 'next'));
  await userEvent.keyboard('339');
  expect(find('measure-dialog')?.textContent).toContain('34.0 到 42.0');
  expect(find('save-measure')?.hasAttribute('disabled')).toBe(true);
  for (const key of ['3', '8', '1'])
    await press([...document.querySelectorAll<HTMLElement>('.keys button')].find((one) => one.textContent === key));
  expect(find('typed')?.textContent).toContain('38.1');
  await press(document.querySelector<HTMLElement>('input[value="ear"]'));
  await press(document.querySelector<HTMLElement>('input[name="dry-cough"]'));
  await press(document.querySelector<HTMLElement>('input[name="listed-region"]'));
  await press(find('save-measure'));
  await vi.waitFor(() =>
    expect(hub.bodies[0]).toMatchObject({
      centiCelsius: 3810,
      site: 'ear',
      symptoms: ['dry-cough'],
      listedRegion: true,
    }),
  );
});

it('the re-measure sheet names the listed regions, when there are any', async () => {
  await show(fresh(1, { state: 'arrived', arrivedAtMs: hubNow() }));
  await vi.waitFor(() => expect(card(1)).toBeTruthy());
  await press(inCard(1, 'next'));
  await vi.waitFor(() => expect(hub.asked.at(-1)).toBe('GET /hub/notices'));
  expect(find('regions')).toBeNull();
  await userEvent.keyboard('{Escape}');
  hub.regions = Array.from({ length: 60 }, (_, n) => ({ zh: `地区${n}`, en: n === 0 ? 'Region zero' : '' }));
  await press(inCard(1, 'next'));
  await vi.waitFor(() => expect(find('regions')?.textContent).toContain('通报地区名单（60 个）'));
  await press(find('regions')?.querySelector('summary'));
  expect(find('regions')?.textContent).toContain('地区0\u00a0· 地区1\u00a0· ');
  const dialog = find('measure-dialog');
  expect(dialog?.scrollWidth).toBeLessThanOrEqual(dialog?.clientWidth ?? 0);
  await expectAccessible();
  language.value = 'en';
  await vi.waitFor(() => expect(find('regions')?.textContent).toContain('Region zero\u00a0· 地区1'));
});

it('cleared is not offered after a high reading; observed carries its days', async () => {
  const reMeasured = {
    atMs: hubNow(),
    centiCelsius: 3820,
    site: 'axillary' as const,
    symptoms: [],
    listedRegion: false,
  };
  await show(fresh(1, { state: 're-measured', reMeasured }));
  await vi.waitFor(() => expect(card(1)).toBeTruthy());
  await press(inCard(1, 'next'));
  expect(document.querySelector('input[value="cleared"]')).toBeNull();
  await press(document.querySelector<HTMLElement>('input[value="observed"]'));
  expect(find('days')?.textContent).toBe('14');
  await press(document.querySelector<HTMLElement>('[aria-label="少一天"]'));
  await press(find('confirm'));
  await vi.waitFor(() =>
    expect(hub.bodies[0]).toEqual({ to: 'closed', disposition: 'observed', days: 13, version: 1 }),
  );
});

it('the second nurse sees who was quicker', async () => {
  await show(fresh(1));
  await vi.waitFor(() => expect(card(1)).toBeTruthy());
  hub.beforeTransition = () =>
    hub.referrals.set(
      caseId(1),
      fresh(1, {
        version: 2,
        state: 'acknowledged',
        acknowledgedBy: '刘医生',
        acknowledgedAtMs: hubNow(),
        how: 'escort',
      }),
    );
  await press(inCard(1, 'next'));
  await vi.waitFor(() => expect(inCard(1, 'notice')?.textContent).toContain('刘医生已接报'));
  expect(card(1)?.dataset.state).toBe('acknowledged');
});

it('what the hub did not get stays undone and says so', async () => {
  await show(fresh(1));
  await vi.waitFor(() => expect(card(1)).toBeTruthy());
  hub.up = false;
  await press(inCard(1, 'next'));
  await vi.waitFor(() => expect(inCard(1, 'notice')?.textContent).toContain('没有提交成功'));
  expect(card(1)?.dataset.state).toBe('raised');
  expect(inCard(1, 'next')?.hasAttribute('disabled')).toBe(false);
});

describe('the age of the board', () => {
  it('is amber after 25 s of silence and grey with the telephone after two minutes', async () => {
    await show(fresh(1));
    expect(find('connection')?.textContent).toMatch(/实时 · 心跳 \d 秒前/);
    hub.up = false;
    later = 26_000;
    await vi.waitFor(() => expect(find('banner')?.textContent).toMatch(/数据停在 \d\d:\d\d:\d\d/), 3_000);
    expect(find('connection')?.dataset.state).toBe('stale');
    later = 121_000;
    await vi.waitFor(() => expect(find('connection')?.dataset.state).toBe('dark'), 3_000);
    expect(find('banner')?.textContent).toContain('李老师 8120');
    await expectAccessible();
  });
});

describe('who passed unmeasured', () => {
  const passage = (n: number, change: Parameters<typeof aPassage>[1] = {}) =>
    aPassage(n, { atWallMs: hubNow(), receivedAtMs: hubNow(), ...change });

  it('stands in a quiet stripe at once, with place, cause and time, and rings nothing', async () => {
    await show(fresh(1));
    expect(find('unmeasured')).toBeNull();
    hub.tellUnmeasured(passage(1, { atWallMs: Date.UTC(2026, 10, 24, 0, 15) }));
    await vi.waitFor(() => expect(find('unmeasured')?.textContent).toContain('今日未测体温通过 1 次'));
    expect(find('unmeasured')?.textContent).toContain('08:15 北门 1 道 · 强行通过');
    expect(rings).toEqual(['quiet']);
    await expectAccessible();
  });

  it.each(['zh', 'en'] as const)('lists the day in %s, newest first, with what is not known', async (which) => {
    language.value = which;
    await show();
    hub.tellUnmeasured(passage(1, { receivedAtMs: hubNow() - 30 * 3_600_000 }));
    hub.tellUnmeasured(passage(2, { cause: 'tailgated', times: 4, atWallMs: hubNow() - 42 * 60_000 }));
    hub.tellUnmeasured(passage(3, { cause: 'held-open', openMs: 65_000, station: { id: 'st-2', name: '东门 2 道' } }));
    await vi.waitFor(() => expect(find('unmeasured')?.textContent).toContain('2'));
    await press(find('unmeasured-all'));
    const rows = [...document.querySelectorAll<HTMLElement>('[data-testid="unmeasured-row"]')];
    // What the hub received yesterday is no longer today's.
    expect(rows.map(({ dataset }) => dataset.cause)).toEqual(['held-open', 'tailgated']);
    expect(rows[0]?.textContent).toContain('东门 2 道');
    expect(rows[0]?.textContent).toContain('1:05');
    expect(rows[1]?.textContent).toContain(which === 'zh' ? '尾随通过（4 次）' : 'followed somebody through (4 times)');
    expect(rows[1]?.textContent).toContain(which === 'zh' ? '迟报 42 分' : 'Late 42 min');
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(1280);
    await expectAccessible();
    await userEvent.keyboard('{Escape}');
    await vi.waitFor(() => expect(find('unmeasured-drawer')).toBeNull());
  });

  it('says when the list cannot be read, tries again, and stops no case meanwhile', async () => {
    await show();
    hub.unmeasuredStatus = 500;
    hub.tellUnmeasured(passage(1));
    await vi.waitFor(() => expect(find('unmeasured')?.textContent).toContain('暂时读不到'));
    hub.tell(fresh(1));
    await vi.waitFor(() => expect(card(1)?.dataset.state).toBe('raised'));
    hub.unmeasuredStatus = 200;
    await vi.waitFor(() => expect(find('unmeasured')?.textContent).toContain('强行通过'), 8_000);
  });
});

describe('the sign-in', () => {
  it('refuses with the hub’s sentence, then opens the board', async () => {
    signedIn = false;
    await show(fresh(1));
    await userEvent.fill(page.getByLabelText('姓名或账号'), '陈医生');
    await userEvent.fill(page.getByLabelText('密码'), 'wrong');
    await press(document.querySelector<HTMLElement>('button[type="submit"]'));
    await vi.waitFor(() => expect(find('sign-in')?.textContent).toContain('姓名或密码不对'));
    await expectAccessible();
    await userEvent.fill(page.getByLabelText('密码'), 'secret');
    await press(document.querySelector<HTMLElement>('button[type="submit"]'));
    await vi.waitFor(() => expect(card(1)).toBeTruthy());
  });

  it('comes back when the session is over and loses no card', async () => {
    await show(fresh(1));
    await vi.waitFor(() => expect(card(1)).toBeTruthy());
    hub.signedIn = false;
    await press(inCard(1, 'next'));
    await vi.waitFor(() => expect(find('sign-in')?.textContent).toContain('登录已过期'));
    expect(clinic.state.value.referrals.size).toBe(1);
  });
});

it('who does not come is closed before arrival, and goes on when coming after all', async () => {
  await show(fresh(1, { state: 'acknowledged', how: 'escort', acknowledgedBy: '陈医生', acknowledgedAtMs: hubNow() }));
  await vi.waitFor(() => expect(card(1)).toBeTruthy());
  await press(inCard(1, 'other'));
  expect(document.querySelector('input[value="observed"]')).toBeNull();
  await press(document.querySelector<HTMLElement>('input[value="not-reached"]'));
  await press(find('confirm'));
  await vi.waitFor(() => expect(card(1)).toBeNull());
  await press(find('closed'));
  await press(find('came'));
  await vi.waitFor(() => expect(hub.bodies.at(-1)).toEqual({ to: 'arrived', version: 2 }));
});

it('a nurse sets a password of her own', async () => {
  await show();
  await press(find('password'));
  await userEvent.fill(page.getByLabelText('现在的密码'), 'wrong');
  await userEvent.fill(page.getByLabelText('新密码', { exact: true }), 'a-long-new-one');
  await userEvent.fill(page.getByLabelText('再输入一次新密码'), 'another');
  await press(find('save-password'));
  await vi.waitFor(() => expect(find('password-dialog')?.textContent).toContain('两次输入的新密码不同'));
  await userEvent.fill(page.getByLabelText('再输入一次新密码'), 'a-long-new-one');
  await press(find('save-password'));
  await vi.waitFor(() => expect(find('password-dialog')?.textContent).toContain('现在的密码不对'));
  await userEvent.fill(page.getByLabelText('现在的密码'), 'secret');
  await press(find('save-password'));
  await vi.waitFor(() => expect(find('password-dialog')?.textContent).toContain('新密码已保存'));
  expect(hub.bodies.at(-1)).toEqual({ present: 'secret', fresh: 'a-long-new-one' });
  await expectAccessible();
});

describe('sound', () => {
  it('muted shows the crossed bell and who muted, and rings nothing', async () => {
    await show();
    await press(find('mute'));
    expect(find('mute')?.textContent).toContain('陈医生 已静音');
    hub.tell(fresh(1, { shownTenths: 391, reason: 'urgent' }));
    await vi.waitFor(() => expect(card(1)).toBeTruthy());
    expect(rings).toEqual([]);
    await press(find('mute'));
    await vi.waitFor(() => expect(rings).toEqual(['loud']));
  });
});

describe.each(['zh', 'en'] as const)('the full board in %s', (which) => {
  const full = () => [
    ...[1, 2, 3, 4, 5].map((n) => fresh(n, { receivedAtMs: hubNow() - n * 40_000 })),
    ...[6, 7, 8].map((n) =>
      fresh(n, { state: 'acknowledged', how: 'nurse-comes', acknowledgedBy: '陈医生', acknowledgedAtMs: hubNow() }),
    ),
    ...[9, 10, 11].map((n) =>
      fresh(n, { state: 'arrived', how: 'escort', acknowledgedBy: '陈医生', arrivedAtMs: hubNow() }),
    ),
    ...[12, 13, 14].map((n) =>
      fresh(n, {
        state: 're-measured',
        how: 'escort',
        acknowledgedBy: '陈医生',
        reMeasured: { atMs: hubNow(), centiCelsius: 3640, site: 'axillary', symptoms: [], listedRegion: false },
      }),
    ),
  ];

  it('fits three whole cards a column at 1280x800, the rest behind a count', async () => {
    language.value = which;
    await show(...full());
    await vi.waitFor(() => expect(document.querySelectorAll('[data-testid="card"]').length).toBe(12));
    expect(find('more')?.textContent).toBe(which === 'zh' ? '＋2' : '+2');
    for (const one of document.querySelectorAll('[data-testid="card"]')) {
      const box = one.getBoundingClientRect();
      expect(box.bottom).toBeLessThanOrEqual(800);
      expect(box.top).toBeGreaterThanOrEqual(0);
      expect(one.scrollWidth).toBeLessThanOrEqual(one.clientWidth);
    }
    // 9 mm at 0.170 mm/px is what a finger needs (ux.md, design tokens).
    for (const next of document.querySelectorAll('[data-testid="next"]'))
      expect(next.getBoundingClientRect().height).toBeGreaterThanOrEqual(54);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(1280);
    // Overdue come first.
    expect(document.querySelector<HTMLElement>('[data-column="raised"] [data-testid="card"]')?.dataset.case).toBe(
      caseId(5),
    );
    await press(find('more'));
    expect(document.querySelectorAll('[data-testid="card"]').length).toBe(14);
  });

  it.each([
    [1280, 800],
    [1024, 768],
    [640, 400],
    [390, 844],
  ])('every button can be reached at %ix%i, muted, as on a zoomed page', async (width, height) => {
    await page.viewport(width, height);
    language.value = which;
    await show(...full());
    await vi.waitFor(() => expect(document.querySelectorAll('[data-testid="card"]').length).toBe(12));
    find('mute')?.click();
    await vi.waitFor(() => expect(find('mute')?.getAttribute('aria-pressed')).toBe('true'));
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
    for (const button of root.querySelectorAll('button')) {
      button.scrollIntoView({ block: 'center', inline: 'center' });
      const { left, right, top, bottom } = button.getBoundingClientRect();
      const name = button.dataset.testid ?? '';
      expect([left >= 0, top >= 0, right <= width, bottom <= height], name).toEqual([true, true, true, true]);
      const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      expect(button.contains(hit), name).toBe(true);
    }
    // What only a program could have scrolled is out of a finger's reach.
    expect(root.querySelector('.board')?.scrollLeft).toBe(0);
    for (const n of [9, 12]) {
      inCard(n, 'next')?.click();
      await vi.waitFor(() => expect(document.querySelector('dialog')).toBeTruthy());
      const sheet = document.querySelector('dialog');
      expect(sheet?.scrollWidth, `sheet of card ${n}`).toBeLessThanOrEqual(sheet?.clientWidth ?? 0);
      await userEvent.keyboard('{Escape}');
      await vi.waitFor(() => expect(document.querySelector('dialog')).toBeNull());
    }
  });

  it('has no accessibility fault, sheets included', async () => {
    language.value = which;
    await show(...full());
    await vi.waitFor(() => expect(document.querySelectorAll('[data-testid="card"]').length).toBe(12));
    await expectAccessible();
    await press(inCard(9, 'next'));
    await expectAccessible();
    await userEvent.keyboard('{Escape}');
    await vi.waitFor(() => expect(find('measure-dialog')).toBeNull());
    await press(inCard(12, 'next'));
    await expectAccessible();
    await userEvent.keyboard('{Escape}');
    await press(find('closed'));
    await expectAccessible();
  });

  it('switches its language', async () => {
    language.value = which;
    await show();
    await press(find('language'));
    expect(document.querySelector('h1')?.textContent).toBe(which === 'zh' ? 'Clinic board' : '卫生所接报台');
  });
});
