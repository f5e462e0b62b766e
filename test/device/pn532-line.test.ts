// A PN532 on a serial line: woken on every connect, asked again and again, believed only when asked.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeviceEvent } from '../../device/drivers/driver.ts';
import { profileOf } from '../../device/drivers/index.ts';
import type { PortHandlers } from '../../device/ports.ts';
import { createSerialLine, type SerialLine } from '../../device/serial-line.ts';
import { bytesOf } from './byte-tools.ts';
import { createManualClock, settle } from './manual-clock.ts';

const wake = '55550000000000000000000000000000ff03fdd414011700';
const poll = '0000ff04fcd44a0100e100';
const ack = bytesOf('0000ff00ff00');
const card = bytesOf('0000ff0cf4d54b010100040804fb0ee20bd800');

let clock = createManualClock();
let handlers: PortHandlers | null = null;
let written: string[] = [];
let events: DeviceEvent[] = [];
let line: SerialLine;

beforeEach(async () => {
  clock = createManualClock();
  handlers = null;
  written = [];
  events = [];
  line = createSerialLine({
    deviceId: 'reader-1',
    path: '/dev/rig/r',
    profile: profileOf('pn532-hsu'),
    clock,
    random: () => 0,
    openPort: async (_path, _baudRate, given) => {
      handlers = given;
      return {
        write: async (bytes) => void written.push(Buffer.from(bytes).toString('hex')),
        stillThere: async () => true,
        destroy: () => undefined,
      };
    },
    onEvent: (event) => events.push(event),
  });
  line.start();
  await settle();
});
afterEach(() => line.stop());

const taps = () => events.filter(({ kind }) => kind === 'tap');

test('it is woken first, then asked for a card every 300 ms', async () => {
  expect(written).toEqual([wake, poll]);
  await clock.advance(900);
  expect(written).toEqual([wake, poll, poll, poll, poll]);
});

test('it is woken again on the next connection, before any question', async () => {
  await clock.advance(100);
  written = [];
  handlers?.gone('unplugged');
  await clock.advance(600);
  expect(written.slice(0, 2)).toEqual([wake, poll]);
});

test('a card is taken once for each question, and not without one', async () => {
  handlers?.data(ack);
  handlers?.data(card);
  expect(taps()).toMatchObject([{ uid: 'FB0EE20B' }]);
  handlers?.data(card);
  expect(taps()).toHaveLength(1);
  expect(line.health().unsolicited).toBe(1);
  await clock.advance(300);
  handlers?.data(card);
  expect(taps()).toHaveLength(2);
});

test('a question that was acknowledged is not unanswered: there is no card', async () => {
  handlers?.data(ack);
  await clock.advance(290);
  expect(line.health().unanswered).toBe(0);
  await clock.advance(300);
  expect(line.health().unanswered).toBe(1);
});

test('a card that comes after its question has ended is not taken', async () => {
  handlers?.data(ack);
  await clock.advance(285);
  handlers?.data(card);
  expect(taps()).toEqual([]);
  expect(line.health().unsolicited).toBe(1);
});
