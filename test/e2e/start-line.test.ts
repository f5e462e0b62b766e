// What a newcomer does after `npm start`: the gate, the clinic's board and the simulator side by side, over in-memory ports
// as on a machine with nothing but Node.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { simulatorState } from '../../src/contracts/simulator.ts';
import { waitForScreen } from '../kit/campus.ts';
import { type Browser, openChromium } from '../kit/chromium.ts';
import { freePort, type Program, startProgram, until } from '../kit/programs.ts';

let folder: string;
let demo: Program;
let gate: Browser;
let clinic: Browser;
let addresses: {
  gate: string;
  clinic: string;
  simulator: string;
  accounts: { role: string; name: string; password?: string; pin?: string }[];
};

const state = async () => simulatorState.parse(await (await fetch(new URL('/api/state', addresses.simulator))).json());
const post = (path: string, body: unknown) =>
  fetch(new URL(path, addresses.simulator), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const free = async (nth: number) => {
  const person = (await state()).people.filter(({ barred }) => !barred)[nth];
  if (!person) throw new Error('no such person');
  return person;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mengang-start-line-'));
  demo = startProgram('start', [], {
    STATE_DIR: join(folder, 'state'),
    SIMULATED_PORTS: 'memory',
    GATE_PORT: String(await freePort()),
    HUB_PORT: String(await freePort()),
    SIMULATOR_PORT: String(await freePort()),
  });
  addresses = JSON.parse(await demo.line(/^\{"gate"/));
  gate = await openChromium(join(folder, 'gate'));
  await gate.page.goto(addresses.gate);
  await waitForScreen(gate, 'idle');
  await until(
    'the roster is on the gate',
    async () => Number(await gate.page.locator('main').getAttribute('data-people')) > 0,
  );
});
afterAll(async () => {
  await clinic?.close();
  await gate?.close();
  await demo?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('says 请刷卡, and admits a normal person with barrier bytes', async () => {
  expect(await gate.page.locator('[data-testid="verdict"]').innerText()).toBe('请刷卡');
  const person = await free(0);
  // Answered when the person has gone on; the screen is looked at meanwhile.
  const passing = post('/api/pass', { personId: person.personId, bodyC: 36.5 });
  await waitForScreen(gate, 'admit');
  expect(await gate.page.locator('[data-testid="verdict"]').innerText()).toBe('请通行');
  expect((await passing).ok).toBe(true);
  const bytes = await until('bytes of the barrier', async () => {
    const { barrier } = (await state()).live;
    const hex = barrier.bytes.map((one) => one.hex.replaceAll(' ', '').toLowerCase()).join('');
    return hex.includes('a00101a2a00100a1') ? barrier : null;
  });
  expect(bytes.opened).toBe(1);
});

it('draws its icons, and the three dots move while it measures', async () => {
  const drawn = await gate.page
    .locator('svg.icon use')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width));
  expect(drawn.length).toBeGreaterThan(0);
  expect(Math.min(...drawn)).toBeGreaterThan(0);
  const { personId, uid } = await free(2);
  await post('/api/tap', { uid });
  await waitForScreen(gate, 'measuring');
  const dots = gate.page.locator('svg[data-icon="dots"]');
  const first = await dots.screenshot();
  await until('the dots look different', async () => !(await dots.screenshot()).equals(first));
  await post('/api/pass', { personId, bodyC: 36.5 });
  await waitForScreen(gate, 'idle', 30_000);
}, 60_000);

it('refers 37.3 without barrier bytes; the printed nurse sees it and her answer comes back to the gate', async () => {
  const nurse = addresses.accounts.find(({ role }) => role === 'nurse');
  if (!nurse?.password) throw new Error('no nurse was printed');
  clinic = await openChromium(join(folder, 'clinic'), { width: 1280, height: 800 });
  await clinic.page.goto(addresses.clinic);
  await clinic.page.locator('[data-testid="sign-in"] input').first().fill(nurse.name);
  await clinic.page.locator('[data-testid="sign-in"] input[type="password"]').fill(nurse.password);
  await clinic.page.keyboard.press('Enter');
  await clinic.page.locator('[data-testid="connection"][data-state="live"]').waitFor();

  const before = (await state()).live.barrier.opened;
  const passing = post('/api/pass', { personId: (await free(1)).personId, bodyC: 37.3 });
  await waitForScreen(gate, 'refer');
  await passing;
  expect(await gate.page.locator('[data-testid="verdict"]').innerText()).toBe('请旁边稍候');
  const card = clinic.page.locator('[data-testid="card"][data-state="raised"]');
  await card.waitFor();
  await card.locator('[data-testid="next"]').click();
  await gate.page.locator('[data-testid="case-state"][data-state="acknowledged"]').waitFor();
  expect((await state()).live.barrier.opened).toBe(before);
});

it('goes on with the network cut, and empties its queue when it is back', async () => {
  await post('/api/network', { up: false });
  await until(
    'the gate knows',
    async () => (await gate.page.locator('[data-testid="hub"]').getAttribute('data-state')) === 'away',
    40_000,
  );
  const passing = post('/api/pass', { personId: (await free(0)).personId, bodyC: 36.6 });
  await waitForScreen(gate, 'admit');
  await passing;
  await until('one waits', async () => (await gate.page.locator('[data-testid="queue"]').innerText()) === '1');
  await post('/api/network', { up: true });
  await until('none waits', async () => (await gate.page.locator('[data-testid="queue"]').innerText()) === '0', 60_000);
});
