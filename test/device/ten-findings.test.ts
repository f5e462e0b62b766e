// The ten findings about devices and serial ports that shaped the device side, each over a real pty. Longer versions of 1 to 3 are in
// serial-line-pty.test.ts and replug.test.ts.
import { symlinkSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../device/clock.ts';
import type { DeviceEvent } from '../../device/drivers/driver.ts';
import { profileOf } from '../../device/drivers/index.ts';
import { createSerialLine, type SerialLineOptions } from '../../device/serial-line.ts';
import { openSerialPort } from '../../device/serial-port.ts';
import { rdm6300Frame } from '../../device/simulator/players/reader-speech.ts';
import { gyMcu90614Frame } from '../../device/simulator/players/thermometer-speech.ts';
import { freePort } from '../kit/programs.ts';
import { eventually, type PtyDevice, pause, ptyDevice } from '../kit/pty.ts';
import { startRig, temperatureFrame, thermometer } from './bridge-kit.ts';
import { ascii, bytesOf, reasonsOf, valuesOf } from './byte-tools.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function device(): Promise<PtyDevice> {
  const made = await ptyDevice();
  cleanUp.push(() => made.close());
  return made;
}

async function on(path: string, profile: string, more: Partial<SerialLineOptions> = {}) {
  const events: DeviceEvent[] = [];
  let opened = 0;
  const line = createSerialLine({
    ...{ deviceId: path, path, profile: profileOf(profile), clock: systemClock, random: () => 0 },
    openPort: async (...args) => {
      const port = await openSerialPort(...args);
      opened += 1;
      return port;
    },
    onEvent: (event) => events.push(event),
    ...more,
  });
  line.start();
  cleanUp.push(() => line.stop());
  await eventually('open', () => opened > 0);
  // The first write to the line follows the opening: values count from then on.
  await pause(100);
  return { line, events, values: () => valuesOf(events), opened: () => opened };
}

test('finding 1: a relay command for an unplugged port is refused, and never comes out after the replug', async () => {
  const relay = await device();
  const { line, opened } = await on(relay.path, 'lcus');
  await relay.unplug();
  expect(await line.send(bytesOf('a00101a2'), { deadlineMs: 200 })).not.toBe('sent');
  await relay.plug();
  await eventually('open again', () => opened() > 1, 10_000);
  await pause(200);
  expect(relay.receivedHex()).toBe('');
});

test('finding 2: a port that is gone costs no processor', async () => {
  const { path, unplug } = await device();
  const { line } = await on(path, 'rdm6300');
  await unplug();
  const before = process.cpuUsage();
  await pause(1_200);
  const { user, system } = process.cpuUsage(before);
  // Reading it again and again takes half a core: 600,000 µs of these 1,200 ms.
  expect(user + system).toBeLessThan(350_000);
  expect(line.state().state).not.toBe('online');
});

test('finding 3: what stood half read before a replug is not continued after it', async () => {
  const sensor = await device();
  const { values, opened } = await on(sensor.path, 'line');
  sensor.write(ascii('36.50\n3'));
  await eventually('the first', () => values().length === 1);
  await sensor.unplug();
  await sensor.plug();
  await eventually('open again', () => opened() > 1, 10_000);
  await pause(200);
  sensor.write(ascii('6.80\n36.70\n'));
  await eventually('the last', () => values().length >= 3);
  expect(values().map((event) => event.kind === 'reading' && event.objectCenti)).toEqual([3_650, 680, 3_670]);
});

test('finding 4: three lines that come at once are three readings', async () => {
  const sensor = await device();
  const { values } = await on(sensor.path, 'line');
  sensor.write(ascii('36.5\n36.6\n36.7\n'));
  await eventually('three', () => values().length === 3);
  expect(values().map((event) => event.kind === 'reading' && event.objectCenti)).toEqual([3_650, 3_660, 3_670]);
});

test('finding 5: a megabyte without a line end is read in linear time, and the next line is found', {
  timeout: 60_000,
}, async () => {
  const sensor = await device();
  const { line, values } = await on(sensor.path, 'line');
  const costOf = async (bytes: number) => {
    const until = line.health().bytes + bytes;
    const before = process.cpuUsage();
    for (let left = bytes; left > 0; left -= 4_096) sensor.write(new Uint8Array(4_096).fill(0x35));
    await eventually('read', () => line.health().bytes >= until, 30_000);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  await costOf(262_144);
  const small = await costOf(262_144);
  // A quadratic reader would be at 16.
  expect((await costOf(1_048_576)) / Math.max(small, 10_000)).toBeLessThan(10);
  sensor.write(ascii('\n36.5\n'));
  await eventually('the line behind it', () => values().length === 1);
});

test('finding 6: 34.5 and 36.9 come as the module said them, raw and derived apart', async () => {
  const sensor = await device();
  const rig = await startRig(await freePort(), [{ ...thermometer, path: sensor.path }], openSerialPort);
  cleanUp.push(() => rig.stop());
  const page = await rig.page();
  cleanUp.push(() => page.close());
  for (const raw of [3_450, 3_690]) {
    const feed = setInterval(() => sensor.write(temperatureFrame(raw, 2_200)), 50);
    const sample = await page.next('sample', ({ rawCentiCelsius }) => rawCentiCelsius === raw);
    clearInterval(feed);
    expect(sample).toMatchObject({ centiCelsius: raw + 120, offsetCentiCelsius: 120, ambientCentiCelsius: 2_200 });
  }
});

test('finding 7: a weather board and a colour sensor with the same head are foreign', async () => {
  const sensor = await device();
  const { events, values } = await on(sensor.path, 'gy-mcu90614');
  sensor.write(bytesOf('5a5a450311223362 5a5a450a09c4009a5f10123400102f'));
  sensor.write(gyMcu90614Frame(3_650, 2_200));
  await eventually('the thermometer', () => values().length === 1);
  expect(reasonsOf(events)).toContain('foreign');
});

test('finding 8: 24 05 is 36.05 of an LU90614, 24 07 is 36.7 of an IDC-50', async () => {
  const [lu, idc] = [await device(), await device()];
  const asked = await on(lu.path, 'lu90614');
  const streamed = await on(idc.path, 'idc-50');
  await eventually('asked', () => lu.receivedHex().includes('facac4'));
  // An answer counts only while its question is open.
  const answering = setInterval(() => lu.write(bytesOf('feac240500000000d3')), 50);
  cleanUp.push(() => clearInterval(answering));
  idc.write(bytesOf('aa5506240730'));
  await eventually('both', () => asked.values().length > 0 && streamed.values().length > 0);
  expect(asked.values()[0]).toMatchObject({ bodyCenti: 3_605 });
  expect(streamed.values()[0]).toMatchObject({ bodyCenti: 3_670 });
});

test('finding 9: a card is its raw bytes; its printed number is only what the options declare', async () => {
  for (const [printed, expected] of [
    ['none', null],
    ['dec10', '0006547886'],
    ['d3_5', '099,59822'],
  ] as const) {
    const reader = await device();
    const { values } = await on(reader.path, 'rdm6300', { options: { printed } });
    reader.write(rdm6300Frame('010063E9AE'));
    await eventually('tap', () => values().length === 1);
    expect(values()[0]).toMatchObject({ uid: '010063E9AE', printed: expected });
  }
});

test('finding 10: two boards alike are told apart by the path they are plugged in at', async () => {
  const [left, right] = [await device(), await device()];
  // As udev makes by-path: a link that says where, whatever the node behind it is called.
  const links = [`${left.path}-by-path`, `${right.path}-by-path`] as const;
  symlinkSync(left.path, links[0]);
  symlinkSync(right.path, links[1]);
  const first = await on(links[0], 'rdm6300');
  const second = await on(links[1], 'rdm6300');
  await left.unplug();
  await right.unplug();
  await right.plug();
  await left.plug();
  await eventually('both again', () => first.opened() > 1 && second.opened() > 1, 15_000);
  await pause(200);
  left.write(rdm6300Frame('0000000001'));
  right.write(rdm6300Frame('0000000002'));
  await eventually('both taps', () => first.values().length > 0 && second.values().length > 0);
  expect(first.values()[0]).toMatchObject({ uid: '0000000001' });
  expect(second.values()[0]).toMatchObject({ uid: '0000000002' });
});
