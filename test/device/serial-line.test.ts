// The serial line over in-memory cables and a clock of our own: states, liveness, reconnects, writes, polling.
import { describe, expect, test } from 'vitest';
import type { DeviceEvent } from '../../device/drivers/driver.ts';
import { profileOf } from '../../device/drivers/index.ts';
import type { OpenPort } from '../../device/ports.ts';
import { createSerialLine, type LineStatus, type SerialLineOptions } from '../../device/serial-line.ts';
import { createMemoryPorts } from '../../device/simulator/memory-port.ts';
import { rdm6300Frame } from '../../device/simulator/players/reader-speech.ts';
import { gyMcu90614Frame } from '../../device/simulator/players/thermometer-speech.ts';
import { bytesOf, seeded, valuesOf } from './byte-tools.ts';
import { createManualClock, settle } from './manual-clock.ts';

const path = '/dev/ttyUSB0';
const frame = gyMcu90614Frame(3_650, 2_200);
const open = bytesOf('a00101a2');
const close = bytesOf('a00100a1');

function rig(profile: string, more: Partial<SerialLineOptions> = {}, plugged = true) {
  const clock = createManualClock();
  const ports = createMemoryPorts();
  const far = ports.far(path);
  if (!plugged) far.plugged(false);
  const events: { event: DeviceEvent; atMs: number }[] = [];
  const states: LineStatus[] = [];
  const received: string[] = [];
  const opens: boolean[] = [];
  far.onData((bytes) => received.push(Buffer.from(bytes).toString('hex')));
  far.onOpen((isOpen) => opens.push(isOpen));
  const line = createSerialLine({
    deviceId: 'device-1',
    path,
    profile: profileOf(profile),
    openPort: ports.openPort,
    clock,
    random: seeded(5),
    onEvent: (event, atMs) => events.push({ event, atMs }),
    onState: (status) => states.push(status),
    ...more,
  });
  line.start();
  const values = () => valuesOf(events.map(({ event }) => event));
  /** A frame each 100 ms for so long. */
  const stream = async (forMs: number, bytes = frame) => {
    for (let atMs = 0; atMs < forMs; atMs += 100) {
      far.write(bytes);
      await clock.advance(100);
    }
  };
  return { clock, far, line, events, states, received, opens, values, stream };
}

describe('a thermometer', () => {
  test('is online by its first value, not by its open port', async () => {
    const { clock, far, line } = rig('gy-mcu90614');
    await clock.advance(10);
    expect(line.state()).toMatchObject({ state: 'opening', reason: null });
    far.write(frame);
    await clock.advance(1);
    expect(line.state()).toMatchObject({ state: 'online', deviceId: 'device-1' });
  });

  test('tells each value with the instant of its arrival', async () => {
    const { clock, far, events } = rig('gy-mcu90614');
    await clock.advance(10);
    far.write(frame);
    await clock.advance(5);
    expect(events).toEqual([
      { event: { kind: 'reading', objectCenti: 3_650, ambientCenti: 2_200, bodyCenti: null }, atMs: 1_010 },
    ]);
  });

  test('is silent just over 2 s after its last value, and not a moment before', async () => {
    const { clock, far, line } = rig('gy-mcu90614');
    await clock.advance(10);
    far.write(frame);
    await clock.advance(1_999);
    expect(line.state().state).toBe('online');
    await clock.advance(2);
    expect(line.state()).toMatchObject({ state: 'silent', sinceMs: 3_010, reason: 'no-value' });
    far.write(frame);
    await clock.advance(1);
    expect(line.state()).toMatchObject({ state: 'online', reason: null });
  });

  test('that sends nothing but refused bytes is silent', async () => {
    const { clock, line, stream, values } = rig('gy-mcu90614');
    await clock.advance(10);
    await stream(500);
    const bad = frame.map((byte, at) => (at === 8 ? byte ^ 1 : byte));
    await stream(2_100, bad);
    expect(line.state().state).toBe('silent');
    expect(line.health().rejected.checksum).toBeGreaterThan(10);
    expect(values()).toHaveLength(5);
  });

  test('that never said a value is silent 2 s after it was opened, and stays so while it is opened anew', async () => {
    const { clock, states, opens } = rig('gy-mcu90614');
    await clock.advance(60_000);
    expect(states.map(({ state }) => state)).toEqual(['opening', 'silent']);
    expect(opens.filter(Boolean).length).toBeGreaterThan(3);
  });

  test('pulled without a word is absent within 2 s, and its port is closed', async () => {
    const { clock, far, line, stream, opens } = rig('gy-mcu90614');
    await stream(1_000);
    far.plugged(false, { silent: true });
    await clock.advance(1_100);
    expect(line.state()).toMatchObject({ state: 'absent' });
    expect(opens).toEqual([true, false]);
  });

  test('replugged so fast that nobody saw it gone is opened anew', async () => {
    const { clock, far, line, stream } = rig('gy-mcu90614');
    await stream(1_000);
    far.plugged(false, { silent: true });
    far.plugged(true);
    await clock.advance(3_000);
    await stream(1_000);
    expect(line.state().state).toBe('online');
    expect(line.health().connects).toBe(2);
  });

  test('two halves of two connections are never joined', async () => {
    const { clock, far, line, values } = rig('line', { options: { pattern: 'TO=([0-9.]+)' } });
    await clock.advance(10);
    far.write(Uint8Array.from(Buffer.from('TO=3')));
    await clock.advance(5);
    far.plugged(false);
    await clock.advance(5);
    far.plugged(true);
    await clock.advance(6_000);
    expect(line.health().connects).toBeGreaterThan(1);
    far.write(Uint8Array.from(Buffer.from('6.80\nTO=36.70\n')));
    await clock.advance(5);
    expect(values()).toMatchObject([{ objectCenti: 3_670 }]);
  });

  test('a half frame before a pause is not continued after it', async () => {
    const { clock, far, values, events } = rig('gy-mcu90614');
    await clock.advance(10);
    far.write(frame.subarray(0, 4));
    await clock.advance(200);
    far.write(frame.subarray(4));
    await clock.advance(200);
    expect(values()).toEqual([]);
    expect(events.map(({ event }) => event)).toContainEqual({ kind: 'rejected', reason: 'truncated' });
  });
});

describe('a query-mode thermometer', () => {
  const answer = bytesOf('feac281e00000000f0');

  test('is asked again and again, and its answers are values', async () => {
    const { clock, far, line, received, values } = rig('lu90614');
    far.onData(() => far.write(answer));
    await clock.advance(3_000);
    expect(received.every((hex) => hex === 'facac4')).toBe(true);
    expect(received.length).toBeGreaterThanOrEqual(10);
    expect(values()).toHaveLength(received.length);
    expect(line.state().state).toBe('online');
    expect(line.health()).toMatchObject({ unsolicited: 0, unanswered: 0 });
  });

  test('what nobody asked for is no answer', async () => {
    const { clock, far, line, values } = rig('lu90614');
    far.onData(() => {
      far.write(answer);
      far.write(answer);
    });
    await clock.advance(900);
    expect(values()).toHaveLength(line.health().frames);
    expect(line.health().unsolicited).toBe(line.health().frames);
  });

  test('an answer after the timeout is too late', async () => {
    const { clock, far, line, values } = rig('lu90614');
    far.onData(() => void clock.setTimer(() => far.write(answer), 250));
    await clock.advance(5_000);
    expect(values()).toEqual([]);
    expect(line.health().unsolicited).toBeGreaterThan(5);
    expect(line.health().unanswered).toBeGreaterThan(5);
    expect(line.state().state).toBe('silent');
  });

  test('out of range is no value, but the instrument lives', async () => {
    const { clock, far, line, values } = rig('lu90614');
    far.onData(() => far.write(bytesOf('feacffff00000000a8')));
    await clock.advance(5_000);
    expect(values()).toEqual([]);
    expect(line.state().state).toBe('online');
    expect(line.health().rejected['out-of-range']).toBeGreaterThan(10);
  });

  test('a dead one is silent after 2 s however often it is asked', async () => {
    const { clock, line } = rig('lu90614');
    await clock.advance(2_100);
    expect(line.state().state).toBe('silent');
  });
});

describe('a reader', () => {
  test('may be quiet for hours and is online', async () => {
    const { clock, far, line, values } = rig('rdm6300');
    await clock.advance(10);
    expect(line.state().state).toBe('online');
    await clock.advance(3_600_000);
    expect(line.state()).toMatchObject({ state: 'online', sinceMs: 1_000 });
    far.write(rdm6300Frame('010063E9AE'));
    await clock.advance(1);
    expect(values()).toEqual([{ kind: 'tap', uid: '010063E9AE', printed: '0006547886' }]);
  });

  test('pulled without a word is absent after the next look at its node', async () => {
    const { clock, far, line } = rig('rdm6300');
    await clock.advance(10);
    far.plugged(false, { silent: true });
    await clock.advance(1_001);
    expect(line.state()).toMatchObject({ state: 'absent' });
  });
});

describe('a barrier', () => {
  const barrier = (more: Partial<SerialLineOptions> = {}, plugged = true) =>
    rig('lcus', { onConnect: () => [close], ...more }, plugged);

  test('hears OFF first on every connect, before it is online', async () => {
    const { clock, far, line, received, states } = barrier();
    await clock.advance(10);
    expect(received).toEqual(['a00100a1']);
    expect(states.map(({ state }) => state)).toEqual(['opening', 'online']);
    far.plugged(false);
    await clock.advance(10);
    expect(line.state()).toMatchObject({ state: 'absent', reason: 'unplugged' });
    far.plugged(true);
    await clock.advance(6_000);
    expect(received).toEqual(['a00100a1', 'a00100a1']);
  });

  test('an OFF that cannot leave keeps the line offline', async () => {
    const { clock, far, line, states } = rig('lcus', { onConnect: () => [close] }, false);
    far.stalled(true);
    far.plugged(true);
    await clock.advance(20_000);
    expect(states.map(({ state }) => state)).not.toContain('online');
    expect(states).toContainEqual(expect.objectContaining({ state: 'faulted', reason: 'write-late' }));
    far.stalled(false);
    await clock.advance(6_000);
    expect(line.state().state).toBe('online');
  });

  test('a command is sent now or refused: nothing waits for a connection', async () => {
    const { clock, far, line, received } = barrier({}, false);
    await clock.advance(50);
    expect(await line.send(open, { deadlineMs: 1_000 })).toBe('not-online');
    far.plugged(true);
    await clock.advance(20_000);
    expect(received).toEqual(['a00100a1']);
    expect(await line.send(open, { deadlineMs: 1_000 })).toBe('sent');
    expect(received).toEqual(['a00100a1', 'a00101a2']);
  });

  test('a deadline that has passed sends nothing', async () => {
    const { clock, line, received } = barrier();
    await clock.advance(10);
    expect(await line.send(open, { deadlineMs: 0 })).toBe('late');
    expect(await line.send(open, { deadlineMs: -5 })).toBe('late');
    expect(await line.send(open, { deadlineMs: Number.NaN })).toBe('late');
    expect(received).toEqual(['a00100a1']);
  });

  test('a command that a stuck device does not take in time never reaches it', async () => {
    const { clock, far, line, received } = barrier();
    await clock.advance(10);
    far.stalled(true);
    const sending = line.send(open, { deadlineMs: 300 });
    await clock.advance(301);
    expect(await sending).toBe('late');
    expect(line.state()).toMatchObject({ state: 'faulted', reason: 'write-late' });
    far.stalled(false);
    await clock.advance(20_000);
    expect(received).toEqual(['a00100a1', 'a00100a1']);
    expect(line.health().lateWrites).toBe(1);
  });

  test('a command in flight when the cable is pulled fails and is not sent again', async () => {
    const { clock, far, line, received } = barrier();
    await clock.advance(10);
    far.stalled(true);
    const sending = line.send(open, { deadlineMs: 5_000 });
    far.plugged(false);
    await clock.advance(10);
    expect(await sending).toBe('failed');
    far.stalled(false);
    far.plugged(true);
    await clock.advance(20_000);
    expect(received).toEqual(['a00100a1', 'a00100a1']);
  });

  test('a device that hangs cannot pile up commands', async () => {
    const { clock, far, line } = barrier();
    await clock.advance(10);
    far.stalled(true);
    const sending = Array.from({ length: 40 }, () => line.send(open, { deadlineMs: 500 }));
    await clock.advance(600);
    const results = await Promise.all(sending);
    expect(results.filter((result) => result === 'late').length).toBe(1);
    expect(results.filter((result) => result === 'failed').length).toBe(39);
  });

  test('what the board answers is counted and believed by nobody', async () => {
    const { clock, far, values } = barrier();
    await clock.advance(10);
    far.write(bytesOf('a00101a2'));
    await clock.advance(10);
    expect(values()).toEqual([]);
  });
});

describe('coming back', () => {
  test('waits between tries are jittered, grow, and stay under 5 s', async () => {
    const { clock, line } = rig('rdm6300', {}, false);
    await clock.advance(60_000);
    const first = line.health().connects;
    expect(first).toBeGreaterThan(12);
    expect(first).toBeLessThan(120);
    await clock.advance(600_000);
    expect(line.health().connects - first).toBeGreaterThan(600_000 / 4_100);
    expect(line.state()).toMatchObject({ state: 'absent', reason: 'absent' });
  });

  test('reconnect now does not wait, and leaves a healthy line alone', async () => {
    const { clock, far, line } = rig('rdm6300', { random: () => 0.999 }, false);
    await clock.advance(30_000);
    far.plugged(true);
    line.reconnectNow();
    await clock.advance(1);
    expect(line.state().state).toBe('online');
    const { connects } = line.health();
    line.reconnectNow();
    await clock.advance(10);
    expect(line.health().connects).toBe(connects);
  });

  test('a port held by another program is faulted with that reason', async () => {
    const ports = createMemoryPorts();
    ports.far(path);
    await ports.openPort(path, 9_600, { data: () => undefined, gone: () => undefined });
    const { clock, line } = rig('rdm6300', { openPort: ports.openPort });
    await clock.advance(10);
    expect(line.state()).toMatchObject({ state: 'faulted', reason: 'locked' });
  });

  test('an open that never ends is given up, and its port is dropped when it comes after all', async () => {
    let dropped = 0;
    let finish: () => void = () => undefined;
    const openPort: OpenPort = () =>
      new Promise((resolve) => {
        finish = () =>
          resolve({
            write: () => Promise.resolve(),
            destroy: () => {
              dropped += 1;
            },
            stillThere: () => Promise.resolve(true),
          });
      });
    const { clock, line } = rig('rdm6300', { openPort });
    await clock.advance(5_001);
    expect(line.state()).toMatchObject({ state: 'faulted', reason: 'open-timeout' });
    finish();
    await settle();
    expect(dropped).toBe(1);
  });

  test('a stopped line has no timer, no port and no more events, and may start again', async () => {
    const { clock, far, line, stream, values, opens } = rig('gy-mcu90614');
    await stream(500);
    line.stop();
    expect(clock.armed()).toBe(0);
    expect(opens).toEqual([true, false]);
    const before = values().length;
    far.write(frame);
    await clock.advance(60_000);
    expect(values()).toHaveLength(before);
    expect(line.state()).toMatchObject({ state: 'absent', reason: 'stopped' });
    line.start();
    await clock.advance(1);
    await stream(300);
    expect(line.state().state).toBe('online');
  });

  test('a line that is stopped by what it just told leaves no timer behind', async () => {
    const { clock, far, line } = rig('gy-mcu90614', { onEvent: () => line.stop() });
    await clock.advance(10);
    far.write(frame);
    await clock.advance(1);
    expect(line.state()).toMatchObject({ state: 'absent', reason: 'stopped' });
    expect(clock.armed()).toBe(0);
  });

  test('wrong options are said when the line is made, not when it connects', () => {
    expect(() => rig('rdm6300', { options: { printed: 'roman' } })).toThrow(RangeError);
  });
});
