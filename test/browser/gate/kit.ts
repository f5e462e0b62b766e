// A painted gate for the tests of its panels: a fake station, every act and report noted, and what may be wrong with a screen.
// Called by test/browser/gate.
import type { EntryBody } from '../../../src/domain/entry.ts';
import type { GateController } from '../../../src/gate/controller-types.ts';
import { mountGate } from '../../../src/gate/GateScreen.tsx';
import type { GateModel, Typed } from '../../../src/gate/model.ts';
import { language } from '../../../src/i18n/define.ts';
import { createFakeStation, type FakeStation } from '../../kit/fake-station.ts';

export const frame = { width: 1_080, height: 1_920 };
export type Painted = {
  root: HTMLElement;
  station: FakeStation;
  calls: unknown[];
  reported: EntryBody[];
  typed: Typed[];
  find(testId: string): HTMLElement;
  has(testId: string): boolean;
  press(...testIds: string[]): Promise<void>;
  hold(testId: string, ms: number): Promise<void>;
  key(code: string, key?: string): Promise<void>;
  wipe(): void;
};

export const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What is reported is kept as soon as `kept` is. */
export function paintGate(
  model: GateModel,
  station = createFakeStation(),
  kept: Promise<unknown> = Promise.resolve(),
): Painted {
  const root = document.createElement('div');
  document.body.append(root);
  const calls: unknown[] = [];
  const reported: EntryBody[] = [];
  const typed: Typed[] = [];
  /** Whatever acts there are: each call is noted by its name. */
  const acts = new Proxy({} as GateController['acts'], {
    get:
      (_target, name) =>
      (...args: unknown[]) =>
        void calls.push([name, ...args]),
  });
  const note =
    (name: string) =>
    (...args: unknown[]) =>
      void calls.push([name, ...args]);
  const guests: ReturnType<GateController['guests']> = {
    passageIdOf: () => '00000000-0000-4000-8000-000000000001',
    caseOf: () => ({ entryId: '00000000-0000-7000-8000-000000000001', caseNo: 'G03-0147' }),
    startPerson: note('person'),
    startVisitor: (card) => card ?? 'guest:1',
    registerVisitor: async (...args) => note('register')(...args),
    startChild: () => true,
    decide: note('decide'),
    startVehicle: note('vehicle'),
    endVehicle: note('vehicle-end'),
  };
  const controller: GateController = {
    model: () => model,
    onChange: () => () => undefined,
    acts,
    typed: (value) => void typed.push(value),
    openByHand: async () => 'sent',
    report: async (body) => {
      reported.push(body);
      await kept;
      return 'saved';
    },
    guests: () => guests,
    sound: (tone) => void calls.push(['sound', tone]),
    idleForMs: () => 0,
  };
  const onLanguage = () => {
    language.value = language.value === 'zh' ? 'en' : 'zh';
  };
  const unmount = mountGate(root, { controller, station, onLanguage });
  const find = (testId: string) => {
    const found = root.querySelector<HTMLElement>(`[data-testid="${testId}"]`);
    if (found === null) throw new Error(`no ${testId} on the screen`);
    return found;
  };
  return {
    ...{ root, station, calls, reported, typed, find },
    has: (testId) => root.querySelector(`[data-testid="${testId}"]`) !== null,
    async press(...testIds) {
      for (const testId of testIds) {
        find(testId).click();
        await wait(0);
      }
    },
    async hold(testId, ms) {
      find(testId).dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
      await wait(ms);
      find(testId).dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));
    },
    async key(code, key = code) {
      const event = new KeyboardEvent('keydown', { code, key, bubbles: true, cancelable: true });
      (document.activeElement ?? document.body).dispatchEvent(event);
      await wait(0);
    },
    wipe() {
      unmount();
      root.remove();
    },
  };
}

/** Everything that stands outside of the screen, is cut off, is too small for a glove, or too small to be read. */
export function faultsOf(root: HTMLElement): string[] {
  const faults: string[] = [];
  for (const element of root.querySelectorAll<HTMLElement>('main *')) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || element.closest('.visually-hidden')) continue;
    const name = `${element.tagName} ${element.getAttribute('class')} ${element.textContent?.slice(0, 24)}`;
    if (box.left < -1 || box.top < -1 || box.right > frame.width + 1 || box.bottom > frame.height + 1)
      faults.push(`outside: ${name}`);
    if (element.matches('button, a, input')) {
      if (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)
        faults.push(`cut: ${name}`);
      if (Math.min(box.width, box.height) < 112) faults.push(`${Math.min(box.width, box.height)} px: ${name}`);
      if (element.classList.contains('button-primary') && !element.closest('.keys') && box.height < 168)
        faults.push(`primary of ${box.height} px: ${name}`);
    }
    const size = Number.parseFloat(getComputedStyle(element).fontSize);
    if (size < 28) faults.push(`text of ${size} px: ${name}`);
  }
  for (const part of root.querySelectorAll('.panel, .face, .actions')) {
    if (part.scrollHeight > part.clientHeight + 1) faults.push(`overflows: ${part.className}`);
    const footer = root.querySelector('.footer')?.getBoundingClientRect().top ?? frame.height;
    if (part.getBoundingClientRect().bottom > footer + 1) faults.push(`under the footer: ${part.className}`);
  }
  return faults;
}
