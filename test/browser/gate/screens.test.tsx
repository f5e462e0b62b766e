// Every screen of the gate in a real Chromium at 1080 × 1920, in both languages: sizes, contrast, nothing cut off, axe-clean.
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import '../../../src/ui/tokens.css';
import '../../../src/gate/gate.css';
import '../../../src/gate/visitors/visitors.css';
import type { EntryBody } from '../../../src/domain/entry.ts';
import type { GateController } from '../../../src/gate/controller-types.ts';
import { mountGate } from '../../../src/gate/GateScreen.tsx';
import type { GateModel, Typed } from '../../../src/gate/model.ts';
import { language, languages } from '../../../src/i18n/define.ts';
import type { Tone } from '../../../src/ui/tones.ts';
import { createFakeStation } from '../../kit/fake-station.ts';
import { modelOf, screens } from '../../kit/gate-models.ts';
import { axeFaults } from '../axe.ts';

const frame = { width: 1_080, height: 1_920 };
let root: HTMLElement;
let wipe = (): void => undefined;

beforeAll(() => page.viewport(frame.width, frame.height));
beforeEach(() => {
  root = document.createElement('div');
  document.body.append(root);
});
afterEach(() => {
  wipe();
  root.remove();
  language.value = 'zh';
});

function paint(model: GateModel) {
  const calls: unknown[] = [];
  const typed: Typed[] = [];
  const opened: string[] = [];
  const tones: Tone[] = [];
  const reported: EntryBody[] = [];
  const note =
    (name: string) =>
    (...args: unknown[]) =>
      void calls.push([name, ...args]);
  const acts: GateController['acts'] = {
    retry: note('retry'),
    leave: note('leave'),
    refuse: note('refuse'),
    noContact: note('no-contact'),
    answer: note('answer'),
    reconnect: note('reconnect'),
    dismiss: note('dismiss'),
    uploadNow: note('upload'),
    undo: note('undo'),
  };
  const guests: ReturnType<GateController['guests']> = {
    passageIdOf: () => '00000000-0000-4000-8000-000000000001',
    caseOf: () => ({ entryId: '00000000-0000-7000-8000-000000000001', caseNo: 'G03-0147' }),
    startPerson: note('person'),
    startVisitor: (card) => card ?? 'guest:1',
    registerVisitor: async (...args) => void calls.push(['register', ...args]),
    startChild: () => true,
    decide: note('decide'),
    startVehicle: note('vehicle'),
    endVehicle: note('vehicle-end'),
  };
  const station = createFakeStation();
  const controller: GateController = {
    model: () => model,
    onChange: () => () => undefined,
    acts,
    typed: (value) => void typed.push(value),
    openByHand: async (reason) => {
      opened.push(reason);
      return 'sent';
    },
    report: async (body) => {
      reported.push(body);
      return 'saved';
    },
    guests: () => guests,
    sound: (tone) => void tones.push(tone),
    idleForMs: () => 0,
  };
  const onLanguage = () => {
    language.value = language.value === 'zh' ? 'en' : 'zh';
  };
  wipe = mountGate(root, { controller, station, onLanguage });
  return { station, calls, typed, opened, tones, reported };
}

const find = (testId: string) => {
  const found = root.querySelector<HTMLElement>(`[data-testid="${testId}"]`);
  if (found === null) throw new Error(`no ${testId} on the screen`);
  return found;
};
const press = async (...testIds: string[]) => {
  for (const testId of testIds) {
    find(testId).click();
    await new Promise((resolve) => setTimeout(resolve));
  }
};
const sizeOf = (element: Element) => Number.parseFloat(getComputedStyle(element).fontSize);
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Everything that stands outside of the screen or is cut off inside of its part. */
function cutOff(): string[] {
  const faults: string[] = [];
  for (const element of root.querySelectorAll('main *')) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || element.closest('.visually-hidden')) continue;
    const name = `${element.tagName} ${element.getAttribute('class')} ${element.textContent?.slice(0, 20)}`;
    if (box.left < -1 || box.top < -1 || box.right > frame.width + 1 || box.bottom > frame.height + 1)
      faults.push(`outside: ${name}`);
    if (element instanceof HTMLButtonElement && element.scrollWidth > element.clientWidth + 1)
      faults.push(`cut: ${name}`);
  }
  const face = root.querySelector('.face');
  if (face) {
    const box = face.getBoundingClientRect();
    for (const child of face.children) {
      const inner = child.getBoundingClientRect();
      if (inner.top < box.top - 1 || inner.bottom > box.bottom + 1)
        faults.push(`over the edge of the face: ${child.textContent}`);
    }
  }
  return faults;
}

const chip = (mark: string) => ({ card: mark, kind: 'again', mark, forMs: 125_000, caseState: null }) as const;
const everyScreen = languages.flatMap((which) => Object.keys(screens).map((name) => [name, which] as const));

describe('the gate at 1080 × 1920', () => {
  it.each(everyScreen)('paints "%s" in %s: nothing cut off, targets large enough, axe-clean', async (name, which) => {
    language.value = which;
    const model = modelOf(name);
    paint(model);
    await wait(150);
    const main = root.querySelector('main');
    expect(main?.dataset.screen).toBe(model.screen.name);
    expect(main?.dataset.reason).toBe(model.reason ?? '');
    expect(main?.dataset.saved).toBe(model.saved);
    expect(cutOff()).toEqual([]);
    for (const button of root.querySelectorAll('button')) {
      const box = button.getBoundingClientRect();
      expect(Math.min(box.width, box.height), button.textContent ?? '').toBeGreaterThanOrEqual(112);
      if (button.classList.contains('button-primary')) expect(box.height).toBeGreaterThanOrEqual(168);
    }
    expect(await axeFaults(document)).toEqual([]);
  });

  it.each(
    everyScreen,
  )('paints "%s" in %s under stripes and beside chips: nothing cut off or covered', async (name, which) => {
    language.value = which;
    const chips = ['A', 'B', 'C', 'D'].map(chip);
    const stripes: GateModel['stripes'] = [
      { tone: 'amber', key: 'stripe.restored', params: { code: 'E-55' } },
      { tone: 'dark', key: 'stripe.offline', params: { n: 128, waitsMs: 9_000_000, ageMs: 9_000_000 } },
      { tone: 'dark', key: 'stripe.clock', params: { code: 'E-61' } },
    ];
    for (const crowd of [{ stripes: stripes.slice(1, 2) }, { chips }, { stripes }, { chips, stripes }]) {
      wipe();
      paint(modelOf(name, crowd));
      await wait(20);
      expect(cutOff(), Object.keys(crowd).join()).toEqual([]);
    }
  });

  it.each([
    ['idle', '请刷卡'],
    ['admit', '请通行'],
    ['deny', '暂缓通行'],
    ['measuring', '测温中'],
  ])('writes the verdict of %s with 168 px', (name, word) => {
    paint(modelOf(name));
    expect(find('verdict').textContent).toBe(word);
    expect(sizeOf(find('verdict'))).toBe(168);
  });

  it('writes five characters with 150 px and the temperature with 300 px', () => {
    paint(modelOf('refer'));
    expect(find('verdict').textContent).toBe('请旁边稍候');
    expect(sizeOf(find('verdict'))).toBe(150);
    wipe();
    paint(modelOf('admit'));
    expect(find('shown').textContent).toBe('36.5');
    expect(sizeOf(find('shown'))).toBe(300);
  });

  it('keeps labels at 28 px or more', () => {
    for (const name of Object.keys(screens)) {
      paint(modelOf(name));
      for (const element of root.querySelectorAll('main p, main span, main h1, main button')) {
        if (element.closest('.visually-hidden')) continue;
        expect(sizeOf(element), `${name}: ${element.textContent}`).toBeGreaterThanOrEqual(28);
      }
      wipe();
    }
  });

  it.each([
    'refer',
    'deny',
    'hold, unknown card',
    'not saved',
  ])('shows bystanders of "%s" neither name nor number, and the guard who holds the button for 5 s', async (name) => {
    paint(modelOf(name));
    expect(root.textContent).not.toMatch(/王小明|37\.6/);
    const button = find('reveal');
    button.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
    await wait(100);
    button.dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));
    await wait(600);
    expect(root.textContent).not.toMatch(/王小明/);
    button.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
    await wait(600);
    expect(find('private').textContent).toMatch(/王小明 · 37\.6/);
    await wait(5_100);
    expect(root.textContent).not.toMatch(/王小明/);
  });

  it('says the verdict to a screen reader and in the title, and marks the language', async () => {
    paint(modelOf('admit'));
    await wait(20);
    expect(find('spoken').textContent).toBe('请通行');
    expect(document.title).toContain('请通行');
    expect(document.documentElement.lang).toBe('zh-CN');
    await press('footer-language');
    await wait(20);
    expect(find('spoken').textContent).toBe('Go');
    expect(document.documentElement.lang).toBe('en');
  });

  it('shows case number and timer of a chip as a whole, of somebody who has waited for an hour too', async () => {
    const waiting = { ...chip('G03-0147'), kind: 'refer', forMs: 5_999_000 } as const;
    paint(modelOf('idle', { chips: ['A', 'B', 'C'].map((card) => ({ ...waiting, card })) }));
    await wait(20);
    const told = [...root.querySelectorAll<HTMLElement>('.chip span span')];
    expect(told.map(({ textContent }) => textContent)).toEqual(Array(3).fill('G03-0147 99:59'));
    for (const one of told) expect(one.scrollWidth).toBeLessThanOrEqual(one.clientWidth);
  });

  it('shows who waits aside as chips with a timer, and a page for more than three', async () => {
    const { calls } = paint(modelOf('idle', { chips: ['A', 'B', 'C', 'D'].map(chip) }));
    const chips = () => [...root.querySelectorAll('[data-testid="chip"]')].map((one) => one.textContent);
    expect(chips()).toEqual(['待复测A 2:05', '待复测B 2:05']);
    await press('chips-more');
    expect(chips()).toEqual(['待复测C 2:05', '待复测D 2:05']);
    await press('chip');
    expect(calls).toEqual([['retry', 'C']]);
    for (const one of root.querySelectorAll('.chip'))
      expect(one.getBoundingClientRect().height).toBeGreaterThanOrEqual(112);
    expect(await axeFaults(document)).toEqual([]);
  });

  it('says what is degraded in words, with the count and the age', () => {
    paint(
      modelOf('idle', {
        stripes: [
          { tone: 'dark', key: 'stripe.offline', params: { n: 128, waitsMs: 2 * 86_400_000, ageMs: 3 * 3_600_000 } },
        ],
        header: { ...modelOf('idle').header, hub: 'away', queue: 128 },
      }),
    );
    expect(find('stripe').textContent).toBe('离线运行 · 待上传 128（最早 2 天前） · 名册 3 小时前');
    expect(find('hub').dataset.state).toBe('away');
    expect(find('queue').textContent).toBe('128');
    expect(getComputedStyle(find('hub').querySelector('i') ?? document.body).borderRadius).toBe('0px');
  });

  it('takes 364 as 36.4 from a named guard only', async () => {
    const { typed } = paint(modelOf('again'));
    await press('handheld', 'guard-s-1', 'keypad-2', 'keypad-5', 'keypad-8', 'keypad-0', 'keypad-enter');
    await wait(20);
    expect(cutOff()).toEqual([]);
    expect(await axeFaults(document)).toEqual([]);
    await press('keypad-3', 'keypad-6', 'keypad-4');
    expect(find('typed').textContent).toBe('36.4');
    await press('site-wrist', 'keypad-enter');
    expect(typed).toEqual([{ tenths: 364, site: 'wrist', method: 'infrared', card: 'uid:010063E9AE' }]);
    expect(find('verdict').textContent).toBe('请再测一次');
  });

  it('does not take a value outside of the range, and says which it takes', async () => {
    const { typed, station, tones } = paint(modelOf('again'));
    station.set({ signedIn: { staffId: 's-1', name: '赵师傅' } });
    await press('handheld', 'keypad-3', 'keypad-3', 'keypad-9', 'keypad-enter');
    expect(typed).toEqual([]);
    expect(find('keypad').textContent).toContain('请输入 34.0 到 42.0');
    expect(tones).toEqual(['again']);
  });

  it('says so when the PIN is wrong', async () => {
    paint(modelOf('idle'));
    await press('footer-shift', 'guard-s-2', 'keypad-1', 'keypad-1', 'keypad-1', 'keypad-1', 'keypad-enter');
    await wait(20);
    expect(find('shift-note').textContent).toBe('PIN 不对');
  });

  it('opens by hand after a reason and a hold of one second', async () => {
    const { station, opened } = paint(modelOf('idle'));
    station.set({ signedIn: { staffId: 's-1', name: '赵师傅' } });
    await press('footer-opening');
    expect(find('opening-hold')).toHaveProperty('disabled', true);
    await press('reason-ambulance');
    find('opening-hold').dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
    await wait(800);
    expect(opened).toEqual([]);
    await wait(300);
    expect(opened).toEqual(['ambulance']);
    expect(find('opening-state').textContent).toBe('已开闸');
    expect(cutOff()).toEqual([]);
    expect(await axeFaults(document)).toEqual([]);
  });
});
