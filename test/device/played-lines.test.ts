// Every thermometer and card reader, played over a real pty at its real baud rate with one wrong byte in a tenth of the frames: the
// short version of `npm run soak:devices`, which takes a thousand frames at one in a hundred and the pace of the device.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../device/clock.ts';
import type { DeviceEvent } from '../../device/drivers/driver.ts';
import { openInputPort } from '../../device/input-port.ts';
import type { LineHealth } from '../../device/line-health.ts';
import { createSerialLine } from '../../device/serial-line.ts';
import { openSerialPort } from '../../device/serial-port.ts';
import { ptyCable } from '../../device/simulator/pty-cable.ts';
import {
  askedEvery,
  checkedProfiles,
  createPlayedLine,
  fastestHz,
  isUncovered,
  judge,
  lateness,
  limitsOf,
  linedProfiles,
  type PlayedFrame,
  uncheckedProfiles,
  valueIn,
} from '../kit/played-line.ts';
import { eventually, pause } from '../kit/pty.ts';

const frames = 100;
/**
 * Beside what the sender sees of its own pauses, a machine with other tests on it pauses between two bytes on the way as well. A decoder
 * that loses the frame behind a damaged one loses about ten. The soak of the devices, alone on its machine, allows none.
 */
const pausesMax = 3;
/** Ten times the share of the soak: a hundred frames shall hold some. */
const flip = 0.1;

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

/** Ptys that are there, and lines that are open. */
const cabled = new Set<string>();
const opened = new Set<string>();

async function played(
  name: string,
): Promise<{ sent: readonly PlayedFrame[]; events: DeviceEvent[]; late: number; health: Readonly<LineHealth> }> {
  const folder = mkdtempSync(join(tmpdir(), 'mengang-played-'));
  cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
  const cable = await ptyCable(folder, 'device');
  cleanUp.push(() => cable.close());
  // A line that hears nothing for long begins anew: none is opened before all can be.
  cabled.add(name);
  await eventually('all ptys are there', () => cabled.size === linedProfiles.length, 60_000);
  const own = fastestHz(name);
  const device = createPlayedLine({
    ...{ profile: name, frames, faults: { flip }, seed: 20_261_124 },
    // Readers keep the pause that their frames are told apart by.
    rateHz: own !== null && own < 10 && limitsOf[name] === undefined && name !== 'idc-50' ? own : 14,
    write: (bytes) => cable.write(bytes),
  });
  cleanUp.push(() => device.stop());
  cable.onData((bytes) => device.receive(bytes));
  const events: DeviceEvent[] = [];
  let isOpen = false;
  const profile = askedEvery(name, 160);
  const line = createSerialLine({
    ...{ deviceId: name, path: cable.path, profile, clock: systemClock, random: () => 0 },
    openPort: async (...args) => {
      const port = await (name === 'hid-evdev' ? openInputPort : openSerialPort)(...args);
      isOpen = true;
      return port;
    },
    onEvent: (event) => events.push(event),
  });
  line.start();
  cleanUp.push(() => line.stop());
  await eventually(`${name} is open`, () => isOpen, 20_000);
  // All begin together: starting the programs behind the ptys holds everything up, also in the middle of a frame.
  opened.add(name);
  await eventually('all are open', () => opened.size === linedProfiles.length, 30_000);
  await pause(200);
  const sent = await device.play();
  await pause(Math.max(300, 2 * profile.idleMs));
  const late = lateness(name, line.health(), sent, device.stalled()) + pausesMax;
  return { sent, events, late, health: line.health() };
}

test('a hundred frames each at real baud: nothing from a damaged frame, nothing lost behind it', {
  timeout: 120_000,
}, async () => {
  const all = await Promise.all(linedProfiles.map(async (name) => ({ name, ...(await played(name)) })));
  for (const { name, sent, events, late, health } of all) {
    expect(sent, name).toHaveLength(frames);
    const judged = judge(sent, events);
    expect(judged.damaged, name).toBeGreaterThan(2);
    expect(judged.missing, `${name}: good frames without a value; ${JSON.stringify(health)}`).toBeLessThanOrEqual(late);
    if (checkedProfiles.includes(name)) {
      expect(judged.wrong, `${name}: values that no frame said`).toEqual([]);
      for (const frame of judged.harmless) {
        expect(isUncovered(name, frame), `${name} read ${Buffer.from(frame.bytes).toString('hex')}`).toBe(true);
      }
    }
    for (const event of events) {
      if (event.kind !== 'reading' && event.kind !== 'tap') continue;
      expect(event.unchecked ?? false, `${name} is marked`).toBe(uncheckedProfiles.includes(name));
      const [min, max] = limitsOf[name] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
      if (event.kind !== 'reading') continue;
      expect(valueIn(event), name).toBeGreaterThanOrEqual(min);
      expect(valueIn(event), name).toBeLessThanOrEqual(max);
    }
  }
});

test('every profile is one or the other, or says why', () => {
  const others = ['hid-evdev', 'hid-wedge'];
  expect([...checkedProfiles, ...uncheckedProfiles, ...others].sort()).toEqual([...linedProfiles].sort());
});
