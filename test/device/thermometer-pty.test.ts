// Thermometers of every manner of speaking, played over real ptys through serialport: byte-paced as at their baud rate.
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../device/clock.ts';
import type { DeviceEvent } from '../../device/drivers/driver.ts';
import { profileOf } from '../../device/drivers/index.ts';
import { createSerialLine } from '../../device/serial-line.ts';
import { openSerialPort } from '../../device/serial-port.ts';
import { createAnyThermometer } from '../../device/simulator/players/any-thermometer.ts';
import { eventually, pause, ptyPair } from '../kit/pty.ts';
import { seeded } from './byte-tools.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

/** Bits of one byte on the wire: start, eight, stop. */
const bitsOfByte = 10;

async function played(name: string): Promise<DeviceEvent[]> {
  const profile = profileOf(name);
  const cable = await ptyPair();
  cleanUp.push(() => cable.close());
  let sending = Promise.resolve();
  const far = await openSerialPort(cable.pathB, profile.baudRate, {
    data: (bytes) => player?.receive(bytes),
    gone: () => undefined,
  });
  cleanUp.push(() => far.destroy());
  const player = createAnyThermometer(name, {
    write: (bytes) => {
      sending = sending.then(async () => {
        for (const byte of bytes) {
          await far.write(Uint8Array.of(byte));
          await pause((1_000 * bitsOfByte) / profile.baudRate);
        }
      });
    },
    clock: systemClock,
    random: seeded(1),
    noiseCenti: 0,
  });
  if (!player) throw new Error(`nobody plays ${name}`);
  player.show(3_530);
  player.start();
  const events: DeviceEvent[] = [];
  const line = createSerialLine({
    deviceId: name,
    path: cable.pathA,
    profile,
    openPort: openSerialPort,
    clock: systemClock,
    random: () => 0,
    onEvent: (event) => events.push(event),
  });
  line.start();
  const readings = () => events.filter((event) => event.kind === 'reading');
  await eventually(`three readings of ${name}`, () => readings().length >= 3, 15_000);
  player.stop();
  line.stop();
  await sending;
  return readings();
}

test('streamed, framed, checked, textual and frameless answers arrive as what is shown', {
  timeout: 30_000,
}, async () => {
  const names = ['gy-614v', 'aaa5-body', 'calex-pyrominibus', 'raytek-ascii', 'optris-cs', 'gd60914'];
  const all = await Promise.all(names.map(played));
  for (const [at, readings] of all.entries()) {
    for (const reading of readings) {
      if (reading.kind !== 'reading') continue;
      expect([3_530, 3_650], names[at]).toContain(reading.bodyCenti ?? reading.objectCenti);
    }
  }
});
