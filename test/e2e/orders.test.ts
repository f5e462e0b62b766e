// Orders given at the office, as two gates obey them: one on the network, one whose network was cut before. Real hub, two bridges on
// ptys, two gate pages and the office page in Chromium.
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ByteRig, createByteRig } from '../kit/byte-rig.ts';
import { type Campus, cardOf, createCampus, objectOf, waitForRoster, waitForScreen } from '../kit/campus.ts';
import { type Browser, openChromium } from '../kit/chromium.ts';
import { freePort, type Program, runProgram, startProgram, until } from '../kit/programs.ts';

const lasting = 'quiet-harbour-7219';
const wallCenti = 2_200;
let campus: Campus;
let near: Browser;
let far: Browser;
let office: Browser;
let farRig: ByteRig;
let farBridge: Program;
let cable: { port: number; cut(): Promise<void> };

/** A cable to the hub that can be pulled out. */
async function layCable(hubUrl: string): Promise<typeof cable> {
  const sockets = new Set<Socket>();
  const { hostname, port } = new URL(hubUrl);
  const server: Server = createServer((from) => {
    const to = connect(Number(port), hostname);
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the cable has no port');
  return {
    port: address.port,
    async cut() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

beforeAll(async () => {
  campus = await createCampus();
  const { folder, hubUrl } = campus;
  const hubDoes = async (...args: string[]) =>
    (await runProgram('hub', args, { STATE_DIR: join(folder, 'hub'), NODE_ENV: 'production' })).output;
  const token = /token is shown this once: (\S+)/.exec(
    await hubDoes('--add-station', '南门一道', '--campus', 'beijing', '--code', 'G07'),
  )?.[1];
  const password =
    /one-time password of .*: (\S+)/.exec(await hubDoes('--add-staff', 'desk', '--role', 'office'))?.[1] ?? '';
  // A one-time password is for one sign-in: a lasting one is set as its owner would.
  const headers = { origin: hubUrl, 'content-type': 'application/json' };
  const signedIn = await fetch(`${hubUrl}/hub/session`, {
    ...{ method: 'POST', headers, body: JSON.stringify({ name: 'desk', password }) },
  });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const set = await fetch(`${hubUrl}/hub/session/password`, {
    ...{ method: 'POST', headers: { ...headers, cookie }, body: JSON.stringify({ present: null, fresh: lasting }) },
  });
  expect(set.status).toBe(200);
  cable = await layCable(hubUrl);
  mkdirSync(join(folder, 'far-ports'));
  farRig = await createByteRig(join(folder, 'far-ports'));
  const port = await freePort();
  const configFile = join(folder, 'far.config.json');
  const thermometer = { role: 'thermometer', profile: 'gy-mcu90614', path: farRig.thermometer.path, baudRate: 9600 };
  writeFileSync(
    configFile,
    JSON.stringify({
      ...{ port, hubUrl: `http://127.0.0.1:${cable.port}`, stationToken: token, stateDir: join(folder, 'far') },
      station: { name: '南门一道', campus: 'beijing', code: 'G07', clinicPhone: '8120' },
      devices: [
        { ...thermometer, site: 'forehead', bodyOffsetC: 1.2 },
        { role: 'reader', profile: 'rdm6300', path: farRig.reader.path },
        { role: 'barrier', profile: 'lcus', path: farRig.barrier.path, channel: 1, pulseMs: 300 },
      ],
    }),
  );
  farBridge = startProgram('bridge', ['--config', configFile]);
  const farUrl = `http://localhost:${port}/`;
  await until('the far bridge answers', () =>
    fetch(`${farUrl}healthz`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  near = await campus.openGate();
  far = await openChromium(join(folder, 'far-profile'));
  await far.page.goto(farUrl);
  office = await openChromium(join(folder, 'office-profile'), { width: 1280, height: 800 });
  await office.page.goto(`${hubUrl}/office#orders`);
  await office.page.locator('[data-testid="sign-in"] [name="name"]').fill('desk');
  await office.page.locator('[data-testid="sign-in"] [name="password"]').fill(lasting);
  await office.page.keyboard.press('Enter');
  await Promise.all([waitForRoster(near), waitForRoster(far)]);
}, 240_000);
afterAll(async () => {
  await office?.close();
  await far?.close();
  await farBridge?.stop();
  await farRig?.close();
  await campus?.close();
});

/** The office puts this person of the roster under home observation; answers when the hub has said yes. */
async function putUnderOrder(n: number): Promise<number> {
  const { page } = office;
  const personId = `T${String(n).padStart(5, '0')}`;
  await page.locator('[data-testid="order-person-query"]').fill(personId);
  await page.locator('[data-testid="order-person-find"]').click();
  await page.locator(`[data-testid="order-person-person"][data-person="${personId}"]`).click();
  await page.locator('[data-testid="order-reason"]').fill('返京');
  const pressedMs = performance.now();
  await page.locator('[data-testid="order-begin"]').click();
  await page.locator(`[data-testid="order"][data-person="${personId}"]`).waitFor();
  return pressedMs;
}
const bytesOf = (rig: ByteRig) => rig.barrier.receivedHex();

it('refuses within 5 s on the network, from what it had where the cable was pulled, and admits there whom it could not know of', async () => {
  await putUnderOrder(1);
  // Both gates know of the first order: then one loses its network.
  campus.rig.look(objectOf(3650));
  farRig.look(objectOf(3650));
  campus.rig.tap(cardOf(1).uid);
  await waitForScreen(near, 'deny');
  farRig.tap(cardOf(1).uid);
  await waitForScreen(far, 'deny');
  await cable.cut();
  await until(
    'the far gate knows that its hub is away',
    async () => (await far.page.locator('[data-testid="hub"]').getAttribute('data-state')) === 'away',
  );

  // Nobody's forehead: a card that came a moment before the order did would be measured and admitted, as it should.
  campus.rig.look(wallCenti);
  const pressedMs = await putUnderOrder(2);
  campus.rig.tap(cardOf(2).uid);
  await near.page.locator('main[data-screen="deny"][data-reason="order-home"]').waitFor();
  const seconds = (performance.now() - pressedMs) / 1_000;
  console.info(`an order given at the office was obeyed at the gate ${seconds.toFixed(2)} s after it was pressed`);
  expect(bytesOf(campus.rig)).not.toContain('a00101');

  // Also after a new start of the page without the network.
  await far.page.reload();
  await waitForScreen(far, 'idle');
  farRig.tap(cardOf(1).uid);
  await far.page.locator('main[data-screen="deny"][data-reason="order-home"]').waitFor();
  expect(bytesOf(farRig)).not.toContain('a00101');
  farRig.tap(cardOf(2).uid);
  await waitForScreen(far, 'admit');
  campus.rig.look(objectOf(3650));
});

it('asks at the gate for the regions that the office has just listed, and refers who was there', async () => {
  const { page } = office;
  await page.locator('[data-testid="tab-notices"]').click();
  await page.locator('[data-testid="regions-text"]').fill('武汉 | Wuhan\n境外某地');
  const pressedMs = performance.now();
  await page.locator('[data-testid="regions-save"]').click();
  // Whose home observation has ended is asked before the gate admits again.
  await page.locator('[data-testid="tab-orders"]').click();
  await page.locator('[data-testid="order"][data-person="T00002"] [data-testid="order-end"]').click();
  await page.locator('[data-testid="end-reason"]').fill('期满');
  for (const _once of ['asks', 'does']) await page.locator('[data-testid="order-end-now"]').click();
  await page.locator('[data-testid="order"][data-person="T00002"]').waitFor({ state: 'detached' });

  const asked = near.page.locator('main[data-screen="hold"] [data-testid="regions"]');
  await until('the gate asks for the regions', async () => {
    campus.rig.tap(cardOf(2).uid);
    return asked.waitFor({ timeout: 500 }).then(
      () => true,
      () => false,
    );
  });
  const seconds = (performance.now() - pressedMs) / 1_000;
  console.info(`regions listed at the office stood at the gate ${seconds.toFixed(2)} s after they were saved`);
  for (const name of ['武汉', '境外某地', 'Wuhan']) expect(await asked.innerText()).toContain(name);
  await near.page.locator('[data-testid="answer-region"]').click();
  await waitForScreen(near, 'refer');
  expect(bytesOf(campus.rig)).not.toContain('a00101');
});
