// The simulator's page in a real Chromium against a scripted server.
import { render } from 'preact';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { SimulatorLive, SimulatorState } from '../../src/contracts/simulator.ts';
import { language } from '../../src/i18n/define.ts';
import { SimulatorPage } from '../../src/simulator/SimulatorPage.tsx';
import { openSimulator, type SimulatorLink } from '../../src/simulator/simulator-link.ts';
import '../../src/ui/tokens.css';
import '../../src/simulator/simulator.css';
import { axeFaults } from './axe.ts';

const live: SimulatorLive = {
  bodyCenti: null,
  objectCenti: 2_200,
  ambientCenti: 2_200,
  offsetCenti: 120,
  cables: (['thermometer', 'reader', 'barrier'] as const).map((role) => ({
    role,
    path: `/simulated/${role}`,
    plugged: role !== 'reader',
  })),
  muted: false,
  networkUp: true,
  passing: 0,
  barrier: {
    open: false,
    opened: 1,
    bytes: [
      { wallMs: Date.UTC(2026, 10, 24), hex: 'a00101a2' },
      { wallMs: Date.UTC(2026, 10, 24) + 300, hex: 'a00100a1' },
    ],
  },
};
const whole: SimulatorState = {
  ports: 'pty',
  gateUrl: 'http://localhost:7411/',
  clinicUrl: 'http://localhost:7400/clinic',
  unknownUid: '0A0B0C0D0E',
  people: Array.from({ length: 60 }, (_, n) => ({
    personId: `T${n}`,
    name: `张${n}`,
    category: '本科生',
    unit: n % 2 ? '环境学院' : '计算机学院',
    uid: `01006300${String(n).padStart(2, '0')}`,
    barred: n === 1,
  })),
  live,
};
let root: HTMLElement;
let asked: [string, unknown][];
let answer: () => Response;
let source: { onmessage: ((event: MessageEvent<string>) => void) | null; onerror: (() => void) | null; close(): void };
let link: SimulatorLink;
const find = (testid: string) => document.querySelector<HTMLElement>(`[data-testid="${testid}"]`);
const press = async (element: HTMLElement | null | undefined) => {
  if (!element) throw new Error('nothing to press');
  await userEvent.click(element);
};

beforeEach(async () => {
  await page.viewport(1280, 800);
  language.value = 'zh';
  asked = [];
  answer = () => new Response('{}');
  root = document.createElement('div');
  document.body.append(root);
  source = { onmessage: null, onerror: null, close() {} };
  link = openSimulator({
    fetch: async (path, init) => {
      if (init?.method !== 'POST') return new Response(JSON.stringify(whole));
      asked.push([String(path), JSON.parse(String(init.body))]);
      return answer();
    },
    events: () => source as unknown as EventSource,
  });
  render(<SimulatorPage link={link} />, root);
  await vi.waitFor(() => expect(find('pass')).toBeTruthy());
});
afterEach(() => {
  link.stop();
  render(null, root);
  root.remove();
});

it('a chosen person passes with the dialled temperature in one press', async () => {
  await press(document.querySelector<HTMLElement>('input[value="T3"]'));
  await press([...document.querySelectorAll<HTMLElement>('.presets button')][2]);
  await press(find('pass'));
  expect(asked).toEqual([['/api/pass', { personId: 'T3', bodyC: 37.3 }]]);
});

it('the card nobody knows is tapped by its number', async () => {
  await press(document.querySelector<HTMLElement>('input[value=""]'));
  await press(find('tap'));
  expect(asked).toEqual([['/api/tap', { uid: '0A0B0C0D0E' }]]);
});

it('cables, network and silence are switches', async () => {
  for (const testid of ['plug-reader', 'plug-thermometer', 'cut', 'mute']) await press(find(testid));
  expect(asked).toEqual([
    ['/api/plug', { role: 'reader', plugged: true }],
    ['/api/plug', { role: 'thermometer', plugged: false }],
    ['/api/network', { up: false }],
    ['/api/mute', { muted: true }],
  ]);
});

it('the barrier and the lens follow the live state', async () => {
  expect(find('bytes')?.textContent).toContain('A0 01 01 A2');
  source.onmessage?.(
    new MessageEvent('message', {
      data: JSON.stringify({ ...live, bodyCenti: 3_650, objectCenti: 3_530, barrier: { ...live.barrier, open: true } }),
    }),
  );
  await vi.waitFor(() => expect(find('barrier')?.dataset.open).toBe('true'));
  expect(find('lens')?.textContent).toContain('36.5 ℃');
  expect(find('lens')?.textContent).toContain('35.30');
});

it('a refusal and a dead server are said in words', async () => {
  answer = () =>
    new Response(JSON.stringify({ error: { code: 'x', zh: '没有这个人。', en: 'Nobody.' } }), { status: 404 });
  await press(find('tap'));
  await vi.waitFor(() => expect(document.querySelector('[role="alert"]')?.textContent).toBe('没有这个人。'));
  source.onerror?.();
  await vi.waitFor(() => expect(document.body.textContent).toContain('模拟器没有应答'));
});

it.each(['zh', 'en'] as const)('has no accessibility fault and fits 1280x800 in %s', async (which) => {
  language.value = which;
  await vi.waitFor(() =>
    expect(document.querySelector('h1')?.textContent).toBe(which === 'zh' ? '模拟器' : 'Simulator'),
  );
  expect(await axeFaults(document)).toEqual([]);
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(1280);
  for (const one of document.querySelectorAll('section'))
    expect(one.getBoundingClientRect().bottom).toBeLessThanOrEqual(800);
});
