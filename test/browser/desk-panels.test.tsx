// The settings' panels for sound, keys, paper and codes, and the office's tab of the gates' desks, in a real Chromium in both
// languages.
import { signal } from '@preact/signals';
import axe from 'axe-core';
import { render } from 'preact';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import type { GateDeskAnswer } from '../../src/contracts/gate-desk.ts';
import { defaultHandKeys, handKeysName } from '../../src/domain/hand-keys.ts';
import { language, languages } from '../../src/i18n/define.ts';
import { officeGateTexts } from '../../src/i18n/office-gates.ts';
import { deskTexts } from '../../src/i18n/settings-desk.ts';
import { GateDesk } from '../../src/office/GateDesk.tsx';
import type { Office } from '../../src/office/office-state.ts';
import { CodesPanel } from '../../src/settings/panels/CodesPanel.tsx';
import { PaperPanel, rowOf } from '../../src/settings/panels/PaperPanel.tsx';
import { SoundPanel } from '../../src/settings/panels/SoundPanel.tsx';
import { createSettingsApi } from '../../src/settings/settings-api.ts';
import { soundName } from '../../src/ui/sound-settings.ts';
import '../../src/ui/tokens.css';
import '../../src/settings/settings.css';

let root: HTMLElement;
let asked: { path: string; body: { batchId: string; rows: object[] } }[] = [];
let isUp = true;
const api = createSettingsApi(async (path, init) => {
  asked.push({ path, body: JSON.parse(String(init.body)) });
  if (!isUp) throw new TypeError('away');
  return Response.json({ saved: 1, cases: 1 });
});

beforeEach(() => {
  asked = [];
  isUp = true;
  root = document.body.appendChild(document.createElement('main'));
  root.className = 'settings panel';
});
afterEach(() => {
  render(null, root);
  root.remove();
  language.value = 'zh';
  localStorage.clear();
  sessionStorage.clear();
});

const find = (id: string) => {
  const found = root.querySelector<HTMLElement>(`[data-testid="${id}"]`);
  if (found === null) throw new Error(`no ${id}`);
  return found;
};
const wait = (ms = 10) => new Promise((resolve) => setTimeout(resolve, ms));
async function press(...ids: string[]) {
  for (const id of ids) {
    find(id).click();
    await wait();
  }
}
async function type(id: string, text: string) {
  const field = find(id) as HTMLInputElement;
  field.value = text;
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  await wait();
}
async function faults(width: number): Promise<string[]> {
  const { violations } = await axe.run(root, {
    rules: {
      region: { enabled: false },
      'page-has-heading-one': { enabled: false },
      'heading-order': { enabled: false },
    },
  });
  const wide = document.documentElement.scrollWidth > width ? [`${document.documentElement.scrollWidth} px wide`] : [];
  const small = [...root.querySelectorAll('button, a, input')]
    .map((one) => one.getBoundingClientRect())
    .filter((box) => box.width > 0 && box.height < (width === 1_080 ? 112 : 40))
    .map((box) => `${box.height} px high`);
  return [
    ...wide,
    ...small,
    ...violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 120)}`)),
  ];
}

const props = { api, live: signal(null), staffId: 's-1' };
const panels = { sound: () => <SoundPanel />, paper: () => <PaperPanel {...props} />, codes: () => <CodesPanel /> };
const sizes = [
  [1_080, 1_920],
  [1_280, 800],
] as const;

describe('settings', () => {
  it.each(
    languages.flatMap((which) =>
      sizes.flatMap(([width, height]) => Object.keys(panels).map((name) => [name, which, width, height] as const)),
    ),
  )('"%s" in %s at %d × %d is axe-clean and no wider than the screen', async (name, which, width, height) => {
    await page.viewport(width, height);
    language.value = which;
    render(panels[name as keyof typeof panels](), root);
    await wait(30);
    expect(await faults(width)).toEqual([]);
    if (which === 'en') expect(root.textContent).not.toMatch(/[\u3400-\u9fff]/);
  });

  it('say every text in both languages with the same marks', () => {
    for (const texts of [deskTexts, officeGateTexts]) {
      const { tIn } = texts as typeof deskTexts;
      for (const key of texts.keys as typeof deskTexts.keys) {
        const marks = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([mark]) => mark).sort();
        expect([key, marks(tIn('en', key))]).toEqual([key, marks(tIn('zh', key))]);
        expect(tIn('en', key), key).not.toMatch(/[\u3400-\u9fff]/);
      }
    }
  });

  it('keep loudness and the two keys in the browser, and refuse one key for both', async () => {
    render(panels.sound(), root);
    await type('dayPercent', '70');
    await type('nightPercent', '20');
    expect(localStorage.getItem(soundName)).toBe('70 20');
    await press('keys-acknowledge');
    dispatchEvent(new KeyboardEvent('keydown', { code: 'F9', cancelable: true }));
    await wait();
    expect(localStorage.getItem(handKeysName)).toBe(`F9 ${defaultHandKeys[1]}`);
    await press('keys-next');
    dispatchEvent(new KeyboardEvent('keydown', { code: 'F9', cancelable: true }));
    await wait();
    expect(find('keys-said').dataset.bad).toBe('true');
    expect(localStorage.getItem(handKeysName)).toBe(`F9 ${defaultHandKeys[1]}`);
    await press('keys-reset');
    expect(localStorage.getItem(handKeysName)).toBe(defaultHandKeys.join(' '));
  });
});

describe('a row of paper', () => {
  // 09:00 in Beijing.
  const now = Date.UTC(2026, 10, 24, 1);
  const draft = {
    daysAgo: 0,
    time: '0745',
    number: 'T001',
    value: '365',
    method: 'infrared',
    result: 'passed',
  } as const;
  it.each([
    [{}, Date.UTC(2026, 10, 23, 23, 45), 365],
    [{ time: '7:45', value: '36.5' }, Date.UTC(2026, 10, 23, 23, 45), 365],
    [{ time: '2330', daysAgo: 1 as const }, Date.UTC(2026, 10, 23, 15, 30), 365],
    [{ time: '0900' }, now, 365],
  ])('of %j is read', (change, atWallMs, tenths) => {
    expect(rowOf({ ...draft, ...change }, now)).toMatchObject({ atWallMs, tenths, number: 'T001' });
  });
  it.each([
    [{ time: '0901' }],
    [{ time: '2400' }],
    [{ time: '0760' }],
    [{ time: '' }],
    [{ value: '339' }],
    [{ value: '421' }],
    [{ value: '36' }],
    [{ number: '' }],
    [{ number: '张三' }],
  ])('of %j is refused', (change) => {
    expect(rowOf({ ...draft, ...change }, now)).toBeNull();
  });

  it('is collected, removed, saved in one go, and sent with the same id after a lost answer', async () => {
    render(panels.paper(), root);
    await type('paper-time', '9999');
    await press('paper-add');
    expect(find('paper-said').dataset.bad).toBe('true');
    for (const number of ['T001', 'T002']) {
      await press('paper-yesterday');
      await type('paper-time', '0745');
      await type('paper-number', number);
      await type('paper-value', '381');
      await press('paper-contact', 'paper-turned-back', 'paper-add');
    }
    await press('paper-remove');
    expect(find('paper-rows').textContent).toContain('T00238.1接触式劝返');
    isUp = false;
    await press('paper-save');
    expect(find('paper-said').dataset.bad).toBe('true');
    isUp = true;
    await press('paper-save');
    expect(find('paper-said').textContent).toBe('已保存 1 行，其中 1 行已上报卫生所');
    expect(asked.map(({ path }) => path)).toEqual(['/settings/api/paper', '/settings/api/paper']);
    expect(asked[1]?.body).toEqual(asked[0]?.body);
    expect(asked[0]?.body.rows).toMatchObject([
      { number: 'T002', tenths: 381, method: 'contact', result: 'turned-back' },
    ]);
  });
});

it('rows of paper that were typed outlive another tab, for who typed them alone, until they are saved', async () => {
  const again = async (staffId: string) => {
    render(null, root);
    render(<PaperPanel {...props} staffId={staffId} />, root);
    await wait();
    return root.querySelector('[data-testid="paper-rows"]')?.textContent ?? '';
  };
  expect(await again('s-1')).toBe('');
  await press('paper-yesterday');
  await type('paper-time', '0745');
  await type('paper-number', 'T001');
  await type('paper-value', '365');
  await press('paper-add');
  isUp = false;
  await press('paper-save');
  expect(await again('s-2')).toBe('');
  expect(await again('s-1')).toContain('T00136.5');
  isUp = true;
  await press('paper-save');
  expect(find('paper-said').textContent).toBe('已保存 1 行，其中 1 行已上报卫生所');
  // The same sheet, should the first one have arrived after all.
  expect(asked.at(-1)?.body).toEqual(asked.at(-2)?.body);
  expect(await again('s-1')).toBe('');
});

describe('the office’s tab of the gates’ desks', () => {
  const station = { id: 'st-1', name: '北门 1 道' };
  const entryId = '00000000-0000-7000-8000-000000000001';
  const desk: GateDeskAnswer = {
    ...{ contract: 1, hubNowMs: 1 },
    supplies: [{ entryId, station, item: 'mask', atWallMs: 1, receivedAtMs: 1 }],
    handovers: [
      {
        entryId,
        station,
        roster: 'duty',
        from: null,
        to: '钱师傅',
        passages: 120,
        cases: 2,
        notes: ['crowded', 'new'],
        atWallMs: 1,
      },
    ],
  };
  const office = (answer: GateDeskAnswer) => ({ turn: signal(0), ask: async () => answer }) as unknown as Office;

  it.each(languages)('shows shortages and handovers in %s', async (which) => {
    await page.viewport(1_280, 800);
    language.value = which;
    render(<GateDesk office={office(desk)} />, root);
    await wait(30);
    expect(find('supplies').textContent).toContain(officeGateTexts.tIn(which, 'item-mask'));
    expect(find('handovers').textContent).toContain('→ 钱师傅');
    expect(find('handovers').textContent).toContain(`${officeGateTexts.tIn(which, 'note-crowded')} · new`);
    expect(await faults(1_280)).toEqual([]);
  });
});
