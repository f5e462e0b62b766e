// The office's regions under the travel question, in a real Chromium at 1080 × 1920: legible, never cut off, all of them within
// reach of a touch without scrolling, beside chips and stripes too.
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import '../../../src/ui/tokens.css';
import '../../../src/gate/gate.css';
import '../../../src/gate/visitors/visitors.css';
import { limits, type Region } from '../../../src/contracts/region.ts';
import type { Chip, GateModel } from '../../../src/gate/model.ts';
import { language, languages } from '../../../src/i18n/define.ts';
import { modelOf, mostRegions, someRegions } from '../../kit/gate-models.ts';
import { axeFaults } from '../axe.ts';
import { faultsOf, frame, type Painted, paintGate, wait } from './kit.ts';

let at: Painted | null = null;
beforeAll(() => page.viewport(frame.width, frame.height));
afterEach(() => {
  at?.wipe();
  at = null;
  language.value = 'zh';
});

const chip = (mark: string): Chip => ({ card: mark, kind: 'again', mark, forMs: 125_000, caseState: null });
/** As much beside the lane as a screen can hold. */
const crowd: Partial<GateModel> = {
  chips: ['A', 'B', 'C', 'D'].map(chip),
  stripes: [
    { tone: 'amber', key: 'stripe.restored', params: { code: 'E-55' } },
    { tone: 'dark', key: 'stripe.offline', params: { n: 128, waitsMs: 9_000_000, ageMs: 9_000_000 } },
    { tone: 'dark', key: 'stripe.clock', params: { code: 'E-61' } },
  ],
};
const short: Region[] = Array.from({ length: limits.regions }, (_, n) => ({
  zh: `某某市${n + 10}`,
  en: `Somewhere ${n + 10}`,
}));
const asked = (regions: readonly Region[], more: Partial<GateModel> = {}) => {
  const model = modelOf('hold, questions', more);
  if (model.screen.name !== 'hold') throw new Error('no questions');
  return { ...model, screen: { ...model.screen, regions } };
};
const sizeOf = (element: Element | null) => Number.parseFloat(getComputedStyle(element ?? document.body).fontSize);

/** Names that the screenful shows as a whole. */
function namesSeen(root: HTMLElement): string[] {
  const box = root.querySelector('.pages')?.getBoundingClientRect();
  if (box === undefined) throw new Error('no list');
  const seen = [...root.querySelectorAll('.pages > span > span')].filter((one) => {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    return left >= box.left - 1 && right <= box.right + 1 && top >= box.top - 1 && bottom <= box.bottom + 1;
  });
  return seen.map((one) => one.textContent?.trim() ?? '');
}

/** But for the names of the other screenfuls, which lie beside this one and are not painted. */
const faultsOfPage = (root: HTMLElement) => faultsOf(root).filter((fault) => !fault.startsWith('outside: SPAN null'));

describe('the regions under the travel question', () => {
  it('are not there while the office lists none', () => {
    at = paintGate(asked([]));
    expect(at.has('regions')).toBe(false);
    expect(at.root.querySelector('.questions')?.children).toHaveLength(4);
  });

  it('stand there in both languages, the language in front larger, with a name that has no English in Chinese', async () => {
    at = paintGate(asked(someRegions));
    const told = () => [...(at?.root.querySelectorAll<HTMLElement>('.names') ?? [])];
    expect(told().map((one) => [one.lang, one.textContent])).toEqual([
      ['zh-CN', '武汉\u00a0· 黄冈\u00a0· 温州\u00a0· 境外某地'],
      ['en', 'Wuhan\u00a0· Huanggang\u00a0· Wenzhou\u00a0· 境外某地'],
    ]);
    expect(told().map(sizeOf)).toEqual([40, 32]);
    expect(at.find('regions').textContent).toContain('全部 4 个');
    await at.press('footer-language');
    await wait(20);
    expect(told().map((one) => [one.lang, sizeOf(one)])).toEqual([
      ['en', 40],
      ['zh-CN', 32],
    ]);
  });

  it('stand there once when none has an English name', () => {
    at = paintGate(asked([{ zh: '武汉', en: '' }]));
    expect(at.root.querySelectorAll('.names')).toHaveLength(1);
  });

  it.each(
    languages,
  )('at their most and beside a crowd cut nothing off in %s, and the answers stay in reach', async (which) => {
    language.value = which;
    at = paintGate(asked(mostRegions, crowd));
    await wait(30);
    expect(faultsOf(at.root)).toEqual([]);
    expect(await axeFaults(document)).toEqual([]);
    await at.press('regions');
    await wait(20);
    expect(faultsOfPage(at.root)).toEqual([]);
    expect(await axeFaults(document)).toEqual([]);
    for (const answer of ['answer-clear', 'answer-symptom', 'answer-region', 'refuse'])
      expect(at.has(answer), answer).toBe(true);
  });

  it.each(
    languages.flatMap(
      (which) =>
        [
          ['60 short names', which, short, {}, 3],
          ['60 of 40 characters beside a crowd', which, mostRegions, crowd, 15],
          ['four names', which, someRegions, {}, 1],
        ] as const,
    ),
  )('%s in %s are all seen by touching on, without scrolling', async (_what, which, regions, more, mostTouches) => {
    language.value = which;
    at = paintGate(asked(regions, more));
    const names = regions.map((one) => one[which] || one.zh);
    const seen = new Set<string>();
    let touches = 0;
    await at.press('regions');
    for (; at.has('regions-all') && touches < 40; touches++) {
      await wait(20);
      for (const name of namesSeen(at.root)) seen.add(name);
      expect(faultsOfPage(at.root)).toEqual([]);
      await at.press('regions-all');
      await wait(20);
    }
    expect(names.filter((name) => !seen.has(name))).toEqual([]);
    expect(touches).toBeLessThanOrEqual(mostTouches);
    expect(at.has('regions')).toBe(true);
  });
});
