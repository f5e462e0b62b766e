// The Modbus drivers against a slave of libmodbus, and mbpoll (libmodbus too) as the master of our played devices, over real ptys.
// Skipped by name where Debian's package mbpoll, which brings the library, is not installed.
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../device/clock.ts';
import { openSerialPort } from '../../device/serial-port.ts';
import { createPlayedDevice } from '../../device/simulator/players/played-device.ts';
import { portCable } from '../../device/simulator/port-cable.ts';
import { root } from '../kit/programs.ts';
import { eventually, ptyPair } from '../kit/pty.ts';
import { heads, ownLine } from './modbus-kit.ts';

const hasMbpoll = spawnSync('mbpoll', ['-V'], { stdio: 'ignore' }).error === undefined;
const hasLibrary =
  spawnSync('python3', ['-c', "import ctypes; ctypes.CDLL('libmodbus.so.5')"], { stdio: 'ignore' }).status === 0;

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

/** mbpoll once as master of a device of ours; what it read and how it ended. */
async function mbpoll(path: string, args: readonly string[], write: readonly number[] = []) {
  const all = ['-m', 'rtu', '-b', '9600', '-P', 'none', '-0', '-1', ...args, path, ...write.map(String)];
  return new Promise<{ ok: boolean; values: number[] }>((resolve) => {
    execFile('mbpoll', all, { timeout: 20_000 }, (error, stdout) => {
      const values = [...stdout.matchAll(/^\[\d+\]:\s+(-?\d+)/gm)].map(([, value]) => Number(value));
      resolve({ ok: error === null, values });
    });
  });
}

/** A device of ours played on a pty; the path that a foreign master opens. */
async function played(profile: string, objectCenti: number | null = null) {
  const pair = await ptyPair();
  cleanUp.push(() => pair.close());
  const cable = await portCable(pair.pathB, 9_600, openSerialPort, () => undefined);
  cleanUp.push(() => cable.close());
  const moved: unknown[] = [];
  const device = createPlayedDevice(profile, {
    ...{ write: cable.write, clock: systemClock, random: () => 0.5, wallMs: () => 0, ambientCenti: -1_230 },
    ...{ noiseCenti: 0, rateHz: null, address: 0, scbk: null },
    onNews: ({ channel, on }) => moved.push([channel, on]),
  });
  if (!device) throw new Error(`nobody plays ${profile}`);
  cable.onData(device.receive);
  device.start();
  device.show(objectCenti);
  cleanUp.push(() => device.stop());
  return { path: pair.pathA, moved };
}

describe.skipIf(!hasMbpoll)('mbpoll as master of a played device', () => {
  const from = (table: '0' | '1' | '3' | '4', first: number, count: number, address = 1) => [
    ...['-a', String(address), '-t', table, '-r', String(first), '-c', String(count)],
  ];

  test.each(heads)('$name: what was measured, its status and its emissivity', async ({
    name,
    filtered,
    emissivity,
  }) => {
    const { path } = await played(name, 3_650);
    // Filtered, unfiltered, sensor as 16 bits, status.
    const { values } = await mbpoll(path, from('4', filtered, 4));
    expect(values.map((value) => value & 0xffff)).toEqual([365, 365, 0x1_0000 - 123, 0]);
    expect((await mbpoll(path, from('3', filtered - 3, 7))).values).toHaveLength(7);
    expect((await mbpoll(path, from('4', filtered + 1, 1))).values).toEqual([365]);
    expect((await mbpoll(path, from('4', emissivity, 1))).values).toEqual([9_800]);
    expect((await mbpoll(path, [...from('4', filtered, 4, 2), '-o', '0.3'])).ok).toBe(false);
  });

  test('standard and Waveshare relays: coils are written and read back', async () => {
    for (const profile of ['modbus-relay', 'modbus-relay-waveshare']) {
      const { path, moved } = await played(profile);
      expect((await mbpoll(path, ['-a', '1', '-t', '0', '-r', '2'], [1])).ok).toBe(true);
      expect((await mbpoll(path, from('0', 0, 8))).values).toEqual([0, 0, 1, 0, 0, 0, 0, 0]);
      expect((await mbpoll(path, ['-a', '1', '-t', '0', '-r', '2'], [0])).ok).toBe(true);
      expect(moved).toEqual([
        [3, true],
        [3, false],
      ]);
    }
  });

  test('R4 tells its address, and refuses the ON of the standard, which is none of its own', async () => {
    const { path, moved } = await played('modbus-relay-r4');
    expect((await mbpoll(path, from('4', 0x4000, 1))).values).toEqual([1]);
    expect((await mbpoll(path, ['-a', '1', '-t', '0', '-r', '2'], [1])).ok).toBe(false);
    expect(moved).toEqual([]);
  });
});

/** A slave of libmodbus; what it said of its coils after each request. */
async function slave(address: number, given: object) {
  const pair = await ptyPair();
  cleanUp.push(() => pair.close());
  const script = join(root, 'test', 'kit', 'libmodbus-slave.py');
  const child: ChildProcess = spawn('python3', [script, pair.pathB, String(address), JSON.stringify(given)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanUp.push(() => child.kill('SIGKILL'));
  const said: string[] = [];
  if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
  await eventually('libmodbus is ready', () => said.includes('ready'), 20_000);
  const coils = () => (said.at(-1)?.startsWith('{') ? JSON.parse(said.at(-1) ?? '').coils : null);
  return { path: pair.pathA, coils, requests: () => said.length - 1 };
}

function own(path: string, name: string, options: Record<string, string> = {}) {
  const made = ownLine(path, name, options);
  cleanUp.push(() => made.line.stop());
  return made;
}

describe.skipIf(!hasLibrary)('a slave of libmodbus asked by our drivers', () => {
  test.each(heads)('$name: values, and a status that is no reading', { timeout: 30_000 }, async ({
    name,
    filtered,
  }) => {
    const at = (status: number) => ({
      registers: { [filtered]: 364, [filtered + 1]: 365, [filtered + 2]: 0x1_0000 - 15, [filtered + 3]: status },
    });
    const sound = await slave(1, at(0));
    const one = own(sound.path, name);
    expect(await one.next('reading')).toMatchObject({ objectCenti: 3_650, ambientCenti: -150 });
    const input = await slave(7, at(0b01000));
    const other = own(input.path, name, { address: '7', fc: '4' });
    expect(await other.next('rejected')).toMatchObject({ reason: 'status', alive: true });
    await eventually('more answers', () => other.events.length > 3, 10_000);
    expect(other.events.some(({ kind }) => kind === 'reading')).toBe(false);
  });

  test('standard relay: ON, read back, OFF; a coil that is not there is a refusal', async () => {
    const there = await slave(1, { coils: 8 });
    const one = own(there.path, 'modbus-relay', { channel: '3' });
    expect(await one.ask('open')).toMatchObject({ kind: 'ack', says: { coil: 2, on: true } });
    await eventually('the coil is on', () => `${there.coils()}` === '2');
    expect(await one.ask('read')).toMatchObject({ kind: 'inputs', says: { coils: [0, 0, 1, 0, 0, 0, 0, 0] } });
    expect(await one.ask('close')).toMatchObject({ kind: 'ack', says: { coil: 2, on: false } });
    await eventually('the coil is off', () => `${there.coils()}` === '');
    expect(await one.ask('open', { channel: '9' })).toMatchObject({ kind: 'rejected', reason: 'exception-2' });
  });

  test('LC inputs, at an address that libmodbus can have', async () => {
    const there = await slave(17, { inputs: [0, 5] });
    const one = own(there.path, 'modbus-relay-lc', { address: '17' });
    expect(await one.ask('read')).toMatchObject({ kind: 'inputs', says: { inputs: [1, 6] } });
  });

  test('what R4 and Waveshare say beside the standard arrives whole and is refused by the standard', async () => {
    const there = await slave(1, { coils: 0x0220 });
    const r4 = own(there.path, 'modbus-relay-r4');
    // Exception 3: a sound frame with a value that the standard has not. A wrong check would have had no answer at all.
    expect(await r4.ask('open')).toMatchObject({ kind: 'rejected', reason: 'exception-3', alive: true });
    expect(await r4.ask('close')).toMatchObject({ kind: 'ack', says: { relay: 1, on: false } });
    r4.line.stop();
    const waveshare = own(there.path, 'modbus-relay-waveshare', { pulseMs: '700' });
    expect(await waveshare.ask('pulse')).toMatchObject({ kind: 'rejected', reason: 'exception-3', alive: true });
    expect(await waveshare.ask('open')).toMatchObject({ kind: 'ack', says: { coil: 0, on: true } });
  });
});
