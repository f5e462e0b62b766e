// The barrier with every relay board: who ends the pulse, and that it is closed from here whoever does.
import { beforeEach, describe, expect, test } from 'vitest';
import { limits as driveLimits, serialDrive } from '../../device/barrier-drive.ts';
import { limits as barrierLimits, createBarrier } from '../../device/bridge-barrier.ts';
import type { BarrierConfig } from '../../device/config.ts';
import { profileOf, profiles } from '../../device/drivers/index.ts';
import { createSerialLine, type SerialLine } from '../../device/serial-line.ts';
import { createManualClock } from './manual-clock.ts';

const limits = { ...barrierLimits, ...driveLimits };

const configOf = (profile: string, pulseMs: number, channel = 1): BarrierConfig => ({
  role: 'barrier',
  deviceId: 'barrier-1',
  profile,
  path: '/dev/rig/b',
  baudRate: profileOf(profile).baudRate,
  options: {},
  channel,
  pulseMs,
});

let clock = createManualClock();
let sent: { atMs: number; hex: string }[] = [];
beforeEach(() => {
  clock = createManualClock();
  sent = [];
});

/** A real line on a port that writes at once. */
async function barrierOn(config: BarrierConfig) {
  const line: SerialLine = createSerialLine({
    deviceId: config.deviceId,
    path: config.path,
    profile: profileOf(config.profile),
    options: {},
    clock,
    random: () => 0,
    openPort: async () => ({
      write: async (bytes) => void sent.push({ atMs: clock.nowMs(), hex: Buffer.from(bytes).toString('hex') }),
      stillThere: async () => true,
      destroy: () => undefined,
    }),
    onConnect: () => barrier.offFrames(),
    onEvent: () => undefined,
    onState: ({ state }) => barrier.lineChanged(state),
  });
  const barrier = createBarrier(
    serialDrive(config, () => line),
    clock,
  );
  line.start();
  await clock.advance(limits.secondOffMs + 50);
  const connected = sent.map(({ hex }) => hex);
  sent = [];
  return { barrier, line, connected };
}

describe('a pulse that the board times', () => {
  test.each([
    ['modbus-relay-waveshare', 300, 1, '010502000003'],
    ['modbus-relay-waveshare', 5_000, 2, '010502010032'],
    ['hw-667', 1_000, 1, 'cc'],
  ])('%s, %i ms on channel %i, is one command, and OFF comes behind it, never before its end', async (name, pulseMs, channel, begins) => {
    const { barrier, line, connected } = await barrierOn(configOf(name, pulseMs, channel));
    expect(new Set(connected).size, 'only OFF on connect').toBe(1);
    const startMs = clock.nowMs();
    expect(await barrier.pulse(startMs + 1_000)).toBe('sent');
    expect(sent).toHaveLength(1);
    expect(sent[0]?.hex.startsWith(begins)).toBe(true);
    await clock.advance(pulseMs);
    expect(sent).toHaveLength(1);
    await clock.advance(limits.boardMarginMs + limits.secondOffMs + 10);
    expect(sent.slice(1).map(({ hex }) => hex)).toEqual([connected[0], connected[0]]);
    expect(sent[1]?.atMs).toBeGreaterThan(startMs + pulseMs);
    line.stop();
  });
});

describe('a pulse that the board cannot time', () => {
  test.each([
    ['modbus-relay-waveshare', 250, '01050000ff00'],
    ['hw-667', 300, 'aa'],
    ['hw-667', 2_000, 'aa'],
    ['modbus-relay', 300, '01050000ff00'],
    ['modbus-relay-r4', 300, '010500010100'],
    ['lcus', 300, 'a00101a2'],
  ])('%s, %i ms, is ON and OFF from here', async (name, pulseMs, begins) => {
    const { barrier, line, connected } = await barrierOn(configOf(name, pulseMs));
    expect(await barrier.pulse(clock.nowMs() + 1_000)).toBe('sent');
    expect(sent[0]?.hex.startsWith(begins)).toBe(true);
    await clock.advance(pulseMs - 1);
    expect(sent).toHaveLength(1);
    await clock.advance(1);
    expect(sent.slice(1).map(({ hex }) => hex)).toEqual([connected[0]]);
    line.stop();
  });
});

const boards = [...profiles.values()].filter(({ role, commands }) => role === 'barrier' && 'open' in commands);

test.each(
  boards.map(({ name }) => name),
)('%s: OFF first on connect, twice; late and offline pulses send nothing', async (name) => {
  const { barrier, line, connected } = await barrierOn(configOf(name, 1_000));
  expect(connected).toHaveLength(2);
  expect(connected[0]).toBe(connected[1]);
  expect(await barrier.pulse(clock.nowMs() - 1)).toBe('late');
  line.stop();
  expect(await barrier.pulse(clock.nowMs() + 1_000)).toBe('barrier-offline');
  await clock.advance(5_000);
  expect(sent).toEqual([]);
});

test('a stop in the middle of a pulse that the board times sends OFF at once', async () => {
  const { barrier, line, connected } = await barrierOn(configOf('hw-667', 1_000));
  await barrier.pulse(clock.nowMs() + 1_000);
  await clock.advance(100);
  await barrier.stop();
  expect(sent.map(({ hex }) => hex)).toEqual(['cc', connected[0]]);
  line.stop();
});

test('a second pulse is sent again, and OFF waits for the later end', async () => {
  const { barrier, line, connected } = await barrierOn(configOf('modbus-relay-waveshare', 500));
  await barrier.pulse(clock.nowMs() + 1_000);
  await clock.advance(400);
  await barrier.pulse(clock.nowMs() + 1_000);
  await clock.advance(500);
  expect(sent).toHaveLength(2);
  expect(sent[0]?.hex).toBe(sent[1]?.hex);
  await clock.advance(limits.boardMarginMs + 1);
  expect(sent[2]?.hex).toBe(connected[0]);
  line.stop();
});
