// The room for people whom a card does not settle, in a real Chromium at 1080 × 1920, in both languages: every view large enough for a
// glove, nothing cut, nothing for axe; and what each of them does.
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import '../../../src/ui/tokens.css';
import '../../../src/gate/gate.css';
import '../../../src/gate/visitors/visitors.css';
import type { RosterRow } from '../../../src/contracts/downlink.ts';
import { language, languages } from '../../../src/i18n/define.ts';
import { createFakeStation, factsOf, wang } from '../../kit/fake-station.ts';
import { modelOf } from '../../kit/gate-models.ts';
import { axeFaults } from '../axe.ts';
import { faultsOf, frame, type Painted, paintGate, wait } from './kit.ts';

let at: Painted | null = null;
beforeAll(() => page.viewport(frame.width, frame.height));
afterEach(() => {
  at?.wipe();
  at = null;
  language.value = 'zh';
});

const shots = import.meta.env.VITE_SHOTS === 'yes';
const long = '信息与电气工程学院自动化系二年级';

function paint(screen: string, campus: 'open' | 'closed' = 'open'): Painted {
  const station = createFakeStation();
  station.set({ signedIn: { staffId: 's-1', name: '赵师傅' }, campus });
  for (let n = 0; n < 14; n++) {
    const row: RosterRow = {
      ...wang,
      personId: `20190100${n}`,
      name: n === 3 ? '欧阳建国' : '张伟',
      unit: long,
      search: '94264934 99 2019',
    };
    station.people.set(`c${n}`, { row, facts: factsOf(row) });
  }
  at = paintGate(modelOf(screen, { card: 'uid:AABB' }), station);
  return at;
}
async function openRoom(painted: Painted, ...presses: string[]): Promise<void> {
  await painted.press(...presses.slice(0, 1));
  for (let tries = 0; tries < 200 && !painted.has('room'); tries++) await wait(20);
  await painted.press(...presses.slice(1));
}
const callsOf = (painted: Painted, name: string) =>
  painted.calls.filter((call) => Array.isArray(call) && call[0] === name);

const toHost = ['surname-王', 'mister', 'next', ...'13800'.split('').map((one) => `keypad-${one}`), 'next'];
const views: Record<string, [screen: string, ...presses: string[]]> = {
  menu: ['idle', 'footer-guests'],
  'seats of a vehicle': ['idle', 'footer-guests', 'menu-vehicle'],
  'find, nothing typed': ['hold, unknown card', 'find'],
  'find, many': ['hold, unknown card', 'find', 'pad-9', 'pad-9'],
  'visitor, name': ['hold, unknown card', 'visitor'],
  'visitor, telephone': ['hold, unknown card', 'visitor', 'surname-王', 'miss', 'next'],
  'visitor, host': ['hold, unknown card', 'visitor', ...toHost],
  'visitor, host found': ['hold, unknown card', 'visitor', ...toHost, 'host-find', 'pad-9', 'pad-4', 'found'],
  'decide by telephone': ['hold, no leave to return', 'decide'],
  'decide, second person': ['hold, no leave to return', 'decide', 'who-1', 'why-papers', 'allow'],
  'decide, PIN': ['hold, no leave to return', 'decide', 'who-1', 'why-papers', 'allow', 'second-s-2'],
  slip: ['refer', 'slip'],
};

describe.each(languages)('in %s', (which) => {
  it.each(Object.entries(views))('%s is whole, large and clean', async (name, [screen, ...presses]) => {
    language.value = which;
    const painted = paint(screen);
    await openRoom(painted, ...presses);
    if (name === 'slip') await expect.poll(() => painted.has('slip-code')).toBe(true);
    await wait(50);
    if (shots) await page.screenshot({ path: `../../../.shots/visitors-${which}-${name.replace(/\W+/g, '-')}.png` });
    expect(faultsOf(painted.root)).toEqual([]);
    expect(await axeFaults(document)).toEqual([]);
  });
});

it('finds by keys of the screen and of the keyboard, six a page, and begins the passage of who is picked', async () => {
  const painted = paint('hold, unknown card');
  await openRoom(painted, 'find', 'pad-9');
  expect(painted.root.querySelectorAll('[data-testid="found"]')).toHaveLength(0);
  await painted.key('KeyZ', 'z');
  expect(painted.find('find-digits').textContent).toBe('99');
  expect(painted.root.querySelectorAll('[data-testid="found"]')).toHaveLength(6);
  await painted.press('pad-more', 'pad-more');
  expect(painted.root.querySelectorAll('[data-testid="found"]')).toHaveLength(2);
  await painted.press('found');
  expect(callsOf(painted, 'person')).toEqual([['person', '2019010012', 'uid:AABB']]);
  expect(painted.has('room')).toBe(false);
});

it('tells on the key of a child what it does, and above the keys only what is wrong', async () => {
  const painted = paint('idle');
  await openRoom(painted, 'footer-guests');
  expect(painted.find('menu-child').textContent).toBe('无卡儿童跟随刚才的大人测温');
  expect(painted.root.querySelector('.note')?.textContent).toBe('');
});

it('registers a visitor with the approval of the hub, or of a second guard whose PIN is right', async () => {
  for (const second of [false, true]) {
    const painted = paint('hold, unknown card');
    await openRoom(painted, 'visitor', ...toHost, 'host-find', 'pad-9', 'pad-4', 'found', 'purpose-repair', 'next');
    if (!second) await painted.press('approve-hub');
    else {
      await painted.press(
        'approve-second',
        'second-s-2',
        ...'1111'.split('').map((one) => `keypad-${one}`),
        'keypad-enter',
      );
      await wait(20);
      expect(callsOf(painted, 'register')).toEqual([]);
      await painted.press(...'1357'.split('').map((one) => `keypad-${one}`), 'keypad-enter');
    }
    await wait(20);
    const [call] = callsOf(painted, 'register');
    expect(call).toEqual([
      'register',
      'uid:AABB',
      expect.objectContaining({ name: '王先生', phone: '13800', hostUnit: long, purpose: 'repair' }),
      second ? 's-2' : null,
    ]);
    painted.wipe();
  }
});

it('says that a closed campus has no visitors, and begins nothing', async () => {
  const painted = paint('hold, unknown card', 'closed');
  await openRoom(painted, 'visitor');
  expect(painted.has('no-visitors')).toBe(true);
  expect(painted.has('visitor-name')).toBe(false);
});

it('lets in by telephone only with a second PIN; turns back without one', async () => {
  const painted = paint('hold, no leave to return');
  await openRoom(painted, 'decide', 'who-1', 'why-medical', 'turn-back');
  expect(callsOf(painted, 'decide')).toEqual([
    ['decide', 'uid:AABB', { allow: false, decidedBy: '辅导员', second: null, note: 'medical' }],
  ]);
  await openRoom(
    painted,
    'decide',
    'who-1',
    'why-medical',
    'allow',
    'second-s-2',
    ...'1357'.split('').map((one) => `keypad-${one}`),
    'keypad-enter',
  );
  await wait(20);
  expect(callsOf(painted, 'decide').at(-1)).toEqual([
    'decide',
    'uid:AABB',
    { allow: true, decidedBy: '辅导员', second: 's-2', note: 'medical' },
  ]);
  expect(painted.station.countersigned).toHaveLength(1);
});

it('shows the slip with its number and code, and says what to do without the device box', async () => {
  const painted = paint('refer');
  await openRoom(painted, 'slip');
  await expect.poll(() => painted.has('slip-code')).toBe(true);
  expect(painted.find('slip-code').dataset.text).toBe('MENGANG1ABCDEF');
  expect(painted.find('slip-sheet').textContent).toContain('G03-0147');
  painted.wipe();
  const alone = paint('refer');
  alone.station.slip = null;
  await openRoom(alone, 'slip');
  await wait(100);
  expect(alone.has('slip-code')).toBe(false);
});
