// The serial line over real serialport and real ptys: the ten findings about Linux, each as a promise.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../device/clock.ts';
import type { DeviceEvent } from '../../device/drivers/driver.ts';
import { profileOf } from '../../device/drivers/index.ts';
import { PortError } from '../../device/port-error.ts';
import { createSerialLine, type LineStatus, type SerialLineOptions } from '../../device/serial-line.ts';
import { openSerialPort } from '../../device/serial-port.ts';
import { rdm6300Frame } from '../../device/simulator/players/reader-speech.ts';
import { gyMcu90614Frame } from '../../device/simulator/players/thermometer-speech.ts';
import { eventually, type PtyDevice, pause, ptyDevice, ptyPair } from '../kit/pty.ts';
import { bytesOf, valuesOf } from './byte-tools.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

const frame = gyMcu90614Frame(3_650, 2_200);
const openCommand = bytesOf('a00101a2');
const off = bytesOf('a00100a1');

async function device(): Promise<PtyDevice> {
  const made = await ptyDevice();
  cleanUp.push(() => made.close());
  return made;
}

function lineOn(path: string, profile: string, more: Partial<SerialLineOptions> = {}) {
  const events: DeviceEvent[] = [];
  const states: LineStatus[] = [];
  const line = createSerialLine({
    deviceId: 'device-1',
    path,
    profile: profileOf(profile),
    openPort: openSerialPort,
    clock: systemClock,
    random: () => 0,
    onEvent: (event) => events.push(event),
    onState: (status) => states.push(status),
    ...more,
  });
  line.start();
  cleanUp.push(() => line.stop());
  const is = (state: string, withinMs?: number) =>
    eventually(`state ${state}`, () => line.state().state === state, withinMs);
  return { line, events, states, is, values: () => valuesOf(events) };
}

describe('over real ptys', () => {
  test('a tap and a stream arrive whole, one byte at a time or many frames at once', async () => {
    const reader = await device();
    const { is, values } = lineOn(reader.path, 'rdm6300');
    await is('online');
    const card = rdm6300Frame('010063E9AE');
    for (const byte of card) {
      reader.write(Uint8Array.of(byte));
      await pause(1);
    }
    await eventually('one tap', () => values().length === 1);
    reader.write(Uint8Array.from(Buffer.concat(Array.from({ length: 200 }, () => card))));
    await eventually('all taps', () => values().length === 201);
    expect(values()[200]).toEqual({ kind: 'tap', uid: '010063E9AE', printed: '0006547886' });
  });

  test('a command from before the replug never comes out after it', async () => {
    const relay = await device();
    const { line, is } = lineOn(relay.path, 'lcus', { onConnect: () => [off] });
    await is('online');
    expect(await line.send(openCommand, { deadlineMs: 500 })).toBe('sent');
    await eventually('first command', () => relay.receivedHex() === 'a00100a1a00101a2');
    await relay.unplug();
    // Whether or not the loss is noticed yet, the command must not be kept.
    expect(['not-online', 'failed', 'late']).toContain(await line.send(openCommand, { deadlineMs: 200 }));
    await is('absent');
    expect(await line.send(openCommand, { deadlineMs: 200 })).toBe('not-online');
    await relay.plug();
    await is('online', 10_000);
    await pause(300);
    expect(relay.receivedHex()).toBe('a00100a1a00101a2a00100a1');
    expect(await line.send(openCommand, { deadlineMs: 500 })).toBe('sent');
    await eventually('new command', () => relay.receivedHex().endsWith('a00100a1a00101a2'));
  });

  test('the two halves of a line on both sides of a replug are no reading', async () => {
    const thermometer = await device();
    const { line, is, values } = lineOn(thermometer.path, 'line', { options: { pattern: 'TO=([0-9.]+)' } });
    thermometer.write(Uint8Array.from(Buffer.from('\n')));
    await pause(300);
    thermometer.write(Uint8Array.from(Buffer.from('TO=36.50\nTO=3')));
    await is('online');
    await thermometer.unplug();
    await is('absent');
    await thermometer.plug();
    await eventually('reopened', () => line.state().state === 'opening', 10_000);
    await pause(300);
    thermometer.write(Uint8Array.from(Buffer.from('6.80\nTO=36.70\n')));
    await is('online');
    expect(values()).toMatchObject([{ objectCenti: 3_650 }, { objectCenti: 3_670 }]);
  });

  test('an unplugged thermometer is trouble within 2 s, and no processor is burnt meanwhile', async () => {
    const thermometer = await device();
    const { line, is } = lineOn(thermometer.path, 'gy-mcu90614');
    await pause(300);
    thermometer.write(frame);
    await is('online');
    await thermometer.unplug();
    await eventually('trouble', () => line.state().state !== 'online', 2_100);
    const before = process.cpuUsage();
    await pause(1_500);
    const { user, system } = process.cpuUsage(before);
    // A hung-up tty that is read again and again takes half a core: 750,000 µs of these 1,500 ms.
    expect(user + system).toBeLessThan(400_000);
    await thermometer.plug();
    await pause(300);
    const feed = setInterval(() => thermometer.write(frame), 100);
    cleanUp.push(() => clearInterval(feed));
    await is('online', 10_000);
  });

  test('a device that stops reading: the write is late, the port is dropped, nothing comes out later', async () => {
    const relay = await device();
    const { line, is } = lineOn(relay.path, 'lcus', { onConnect: () => [off] });
    await is('online');
    await eventually('OFF', () => relay.receivedHex() === 'a00100a1');
    relay.freeze();
    // Fill the buffer of the kernel, so that nothing more can leave.
    const filler = new Uint8Array(1_048_576).fill(0x55);
    const filling = line.send(filler, { deadlineMs: 1_000 });
    const sending = line.send(openCommand, { deadlineMs: 300 });
    expect(await sending).toBe('late');
    expect(['late', 'failed']).toContain(await filling);
    expect(line.state()).toMatchObject({ state: 'faulted', reason: 'write-late' });
    relay.thaw();
    await is('online', 10_000);
    await pause(300);
    expect(relay.receivedHex()).not.toContain('a00101a2');
    expect(relay.receivedHex().endsWith('a00100a1')).toBe(true);
  });

  test('five replugs in a row end online and leave no port behind', async () => {
    const reader = await device();
    const { is, values } = lineOn(reader.path, 'rdm6300');
    await is('online');
    const openFiles = () => readdirSync('/proc/self/fd').length;
    const before = openFiles();
    for (let round = 0; round < 5; round += 1) {
      await reader.unplug();
      await is('absent');
      await reader.plug();
      await is('online', 10_000);
    }
    await pause(200);
    reader.write(rdm6300Frame('010063E9AE'));
    await eventually('tap', () => values().length === 1);
    expect(openFiles()).toBeLessThanOrEqual(before + 3);
  });
});

describe('what will not open says why', () => {
  const ignore = { data: () => undefined, gone: () => undefined };
  const troubleOf = async (path: string) => {
    try {
      const port = await openSerialPort(path, 9_600, ignore);
      port.destroy();
      return 'opened';
    } catch (error) {
      return error instanceof PortError ? error.trouble : String(error);
    }
  };

  test('a missing path is absent, a plain file is unsuitable', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mengang-port-'));
    cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'file');
    writeFileSync(file, 'no port');
    expect(await troubleOf(join(folder, 'none'))).toBe('absent');
    expect(await troubleOf(file)).toBe('unsuitable');
  });

  test('a port that another opener holds is locked, and free again after destroy', async () => {
    const pair = await ptyPair();
    cleanUp.push(() => pair.close());
    const first = await openSerialPort(pair.pathA, 9_600, ignore);
    expect(await troubleOf(pair.pathA)).toBe('locked');
    first.destroy();
    first.destroy();
    await pause(100);
    expect(await troubleOf(pair.pathA)).toBe('opened');
    await expect(first.write(off)).rejects.toThrow(/closed port/);
  });

  test('bytes pass both ways through a pair of ends', async () => {
    const pair = await ptyPair();
    cleanUp.push(() => pair.close());
    const heard: number[] = [];
    const near = await openSerialPort(pair.pathA, 9_600, ignore);
    const far = await openSerialPort(pair.pathB, 9_600, { ...ignore, data: (bytes) => void heard.push(...bytes) });
    cleanUp.push(
      () => near.destroy(),
      () => far.destroy(),
    );
    await near.write(off);
    await eventually('bytes', () => heard.length === 4);
    expect(await near.stillThere()).toBe(true);
  });
});
