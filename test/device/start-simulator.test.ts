import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../device/clock.ts';
import type { DeviceEvent } from '../../device/drivers/driver.ts';
import { rdm6300 } from '../../device/drivers/readers/em4100.ts';
import { gyMcu90614 } from '../../device/drivers/thermometers/gy-mcu90614.ts';
import { memoryCable } from '../../device/simulator/cable.ts';
import { createMemoryPorts } from '../../device/simulator/memory-port.ts';
import { createSimulatedGate, type SimulatedGate } from '../../device/simulator/simulated-gate.ts';
import { createSimulator } from '../../device/simulator/simulator.ts';
import { type SimulatorServer, startSimulatorServer } from '../../device/simulator/simulator-http.ts';
import { simulatorState } from '../../src/contracts/simulator.ts';
import { freePort, until } from '../kit/programs.ts';

const person = {
  personId: 'T1',
  name: '王小明',
  category: '本科生',
  unit: '计算机学院',
  uid: '010063E9AE',
  barred: false,
};
let gate: SimulatedGate;
let server: SimulatorServer | null;
let pages: string;
let url: string;
let up: boolean;
/** What a bridge with the real drivers would hear. */
let heard: DeviceEvent[];
const objects = () => heard.flatMap((event) => (event.kind === 'reading' ? [event.objectCenti] : []));
const taps = () => heard.flatMap((event) => (event.kind === 'tap' ? [event.uid] : []));

beforeEach(async () => {
  const ports = createMemoryPorts();
  const at = (name: string) => memoryCable(ports, `/simulated/${name}`);
  const cables = { thermometer: at('thermometer'), reader: at('reader'), barrier: at('barrier') };
  heard = [];
  for (const [path, profile] of [
    ['/simulated/thermometer', gyMcu90614],
    ['/simulated/reader', rdm6300],
  ] as const) {
    const decoder = profile.decoder({});
    await ports.openPort(path, 9_600, { data: (bytes) => heard.push(...decoder.push(bytes)), gone: () => {} });
  }
  gate = createSimulatedGate({
    cables,
    clock: systemClock,
    random: () => 0.5,
    wallMs: () => Date.now(),
    offsetCenti: 120,
    ambientCenti: 2_200,
  });
  up = true;
  const network = {
    isUp: () => up,
    setUp: (value: boolean) => {
      up = value;
    },
  };
  const simulator = createSimulator({
    gate,
    network,
    people: async () => [person],
    ports: 'memory',
    gateUrl: 'http://localhost:1/',
    clinicUrl: 'http://localhost:2/clinic',
  });
  pages = mkdtempSync(join(tmpdir(), 'mengang-pages-'));
  mkdirSync(join(pages, 'src', 'simulator'), { recursive: true });
  writeFileSync(join(pages, 'src', 'simulator', 'simulator.html'), '<p>page</p>');
  const port = await freePort();
  server = await startSimulatorServer(port, pages, simulator);
  url = `http://localhost:${port}`;
});
afterEach(async () => {
  await server?.stop();
  await gate.close();
  rmSync(pages, { recursive: true });
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

describe('what the devices say', () => {
  it('with nobody there the thermometer sees the wall', async () => {
    await until('frames', () => objects().length >= 3);
    expect(new Set(objects())).toEqual(new Set([2_200]));
  });

  it('36.5 dialled is 35.30 in the bytes of an object thermometer with an offset of 1.2', async () => {
    expect((await post('/api/temperature', { bodyC: 36.5 })).status).toBe(200);
    await until('the face', () => objects().at(-1) === 3_530);
    await post('/api/temperature', { bodyC: null });
    await until('the wall', () => objects().at(-1) === 2_200);
  });

  it('one person passing is a tap and 1.5 s of a face, then the wall again', async () => {
    expect((await post('/api/pass', { personId: 'T1', bodyC: 37.3 })).status).toBe(200);
    expect(new Set(taps())).toEqual(new Set(['010063E9AE']));
    const faces = objects().filter((centi) => centi === 3_610).length;
    expect(faces).toBeGreaterThanOrEqual(10);
    await until('the wall', () => objects().at(-1) === 2_200);
  });

  it('an unplugged cable carries nothing, a muted thermometer says nothing', async () => {
    await post('/api/plug', { role: 'reader', plugged: false });
    await post('/api/tap', { uid: '0A0B0C0D0E' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(taps()).toEqual([]);
    await post('/api/mute', { muted: true });
    const before = objects().length;
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(objects().length).toBeLessThanOrEqual(before + 1);
  });
});

describe('the state', () => {
  it('has the people, the dial, the cables, the network and the barrier, as its contract says', async () => {
    await post('/api/network', { up: false });
    const state = simulatorState.parse(await (await fetch(`${url}/api/state`)).json());
    expect(state.people).toEqual([person]);
    expect(state.live).toMatchObject({
      networkUp: false,
      bodyCenti: null,
      muted: false,
      barrier: { open: false, bytes: [] },
    });
  });

  it('is told live', async () => {
    const stream = await fetch(`${url}/api/events`);
    const reader = stream.body?.getReader();
    await reader?.read();
    await post('/api/temperature', { bodyC: 38.2 });
    const next = await reader?.read();
    expect(new TextDecoder().decode(next?.value)).toContain('"bodyCenti":3820');
    await reader?.cancel();
  });
});

describe('who may ask', () => {
  it.each<[string, () => Promise<Response>, number]>([
    ['another page', () => post('/api/tap', { personId: 'T1' }, { origin: 'http://evil.example' }), 403],
    ['a form of another site', () => fetch(`${url}/api/tap`, { method: 'POST', body: 'personId=T1' }), 415],
    ['its own page', () => post('/api/tap', { personId: 'T1' }, { origin: url }), 200],
    ['a person nobody knows', () => post('/api/tap', { personId: 'nobody' }), 404],
    ['a body that is too large', () => post('/api/tap', { personId: 'x'.repeat(5_000) }), 413],
    ['a temperature that is none', () => post('/api/pass', { personId: 'T1', bodyC: 'hot' }), 400],
    ['an action that is none', () => post('/api/explode', {}), 404],
    ['a file outside of the pages', () => fetch(`${url}/assets/..%2f..%2fpackage.json`), 404],
  ])('%s', async (_name, ask, status) => expect((await ask()).status).toBe(status));

  it('a rebound host name is misdirected', async () => {
    const { request } = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      request(url, { headers: { host: 'evil.example' } }, (answer) => resolve(answer.statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(421);
  });
});
