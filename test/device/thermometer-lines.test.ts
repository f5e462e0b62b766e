// The new thermometers played over in-memory cables through the serial line: asked, answered, and never answered for.
import { describe, expect, test } from 'vitest';
import { thermometerOptions } from '../../device/bridge-devices.ts';
import type { DeviceEvent, ProfileOptions } from '../../device/drivers/driver.ts';
import { profileOf } from '../../device/drivers/index.ts';
import { createSerialLine } from '../../device/serial-line.ts';
import { createMemoryPorts } from '../../device/simulator/memory-port.ts';
import { createAnyThermometer } from '../../device/simulator/players/any-thermometer.ts';
import { speeches } from '../../device/simulator/players/thermometer-speech.ts';
import { ascii, bytesOf, seeded } from './byte-tools.ts';
import { createManualClock } from './manual-clock.ts';

const path = '/dev/ttyUSB0';

function rig(name: string, options: ProfileOptions = {}) {
  const clock = createManualClock();
  const ports = createMemoryPorts();
  const far = ports.far(path);
  const events: DeviceEvent[] = [];
  const asked: string[] = [];
  far.onData((bytes) => asked.push(Buffer.from(bytes).toString('hex')));
  const line = createSerialLine({
    deviceId: 'device-1',
    path,
    profile: profileOf(name),
    options,
    openPort: ports.openPort,
    clock,
    random: seeded(5),
    onEvent: (event) => events.push(event),
  });
  line.start();
  const readings = () => events.filter((event) => event.kind === 'reading');
  return { clock, far, line, events, asked, readings };
}

describe.each([...speeches.keys()])('%s', (name) => {
  test('comes online by what it plays and reads what is shown', async () => {
    const { clock, far, line, readings, events } = rig(name);
    const player = createAnyThermometer(name, {
      // On its way for a while, as on a wire.
      write: (bytes) => void clock.setTimer(() => far.write(bytes), 10),
      clock,
      random: seeded(3),
      noiseCenti: 0,
    });
    if (!player) throw new Error(`nobody plays ${name}`);
    far.onData((bytes) => player.receive(bytes));
    player.show(3_530);
    player.start();
    await clock.advance(3_000);
    expect(line.state().state).toBe('online');
    expect(readings().length).toBeGreaterThanOrEqual(4);
    for (const reading of readings()) {
      if (reading.kind !== 'reading') continue;
      expect(reading.objectCenti ?? 3_530).toBe(3_530);
      expect(reading.bodyCenti ?? 3_650).toBe(3_650);
      expect(reading.objectCenti ?? reading.bodyCenti).not.toBeNull();
    }
    expect(events.filter((event) => event.kind === 'rejected')).toEqual([]);
    expect(line.health()).toMatchObject({ unsolicited: 0, unanswered: 0 });
    player.stop();
    line.stop();
  });
});

describe('strict question and answer', () => {
  test('an Optris answer that nobody asked for is no reading', async () => {
    const { clock, far, line, readings } = rig('optris-cs');
    await clock.advance(10);
    await clock.advance(160); // asked, and the time for the answer is over
    far.write(bytesOf('04d3'));
    await clock.advance(35);
    expect(readings()).toEqual([]);
    expect(line.health().unsolicited).toBe(1);
    line.stop();
  });

  test('a late half of one Optris answer is never put together with the next', async () => {
    const { clock, far, readings, asked, line } = rig('optris-cs');
    await clock.advance(10);
    far.write(bytesOf('05'));
    await clock.advance(200);
    expect(asked).toHaveLength(2);
    // The rest of the old answer, then the new one, without a pause: three bytes are no answer.
    far.write(bytesOf('05 05 05'));
    await clock.advance(100);
    expect(readings()).toEqual([]);
    await clock.advance(100);
    far.write(bytesOf('04d3'));
    await clock.advance(40);
    expect(readings()).toEqual([
      { kind: 'reading', objectCenti: 2_350, ambientCenti: null, bodyCenti: null, unchecked: true },
    ]);
    line.stop();
  });

  test('an emissivity is no temperature and a wall below the limits is no silence', async () => {
    const { clock, far, line, readings } = rig('optris-cs', { minC: '5' });
    for (let at = 0; at < 20; at += 1) {
      await clock.advance(10);
      far.write(bytesOf('0402')); // 2.6 degrees
      await clock.advance(190);
    }
    expect(readings()).toEqual([]);
    expect(line.state().state).toBe('online');
    line.stop();
  });

  test('the head temperature of a Raytek is no answer to the question for the target', async () => {
    const { clock, far, line, readings } = rig('raytek-ascii');
    await clock.advance(10);
    far.write(ascii('!I025.1\r\n'));
    far.write(ascii('001!T036.5\r\n'));
    await clock.advance(10);
    expect(readings()).toEqual([]);
    far.write(ascii('!T036.5\r\n'));
    await clock.advance(10);
    expect(readings()).toHaveLength(1);
    line.stop();
  });

  test('a setting and a refusal keep no thermometer alive', async () => {
    const { clock, far, line } = rig('raytek-ascii');
    for (let at = 0; at < 10; at += 1) {
      await clock.advance(300);
      far.write(ascii(at % 2 === 0 ? '!E0.95\r\n' : '*Syntax error\r\n'));
    }
    expect(line.state().state).toBe('silent');
    line.stop();
  });

  test('a Modbus answer without the status, or from another head, is no reading', async () => {
    const { clock, far, line, readings } = rig('calex-pyrominibus');
    await clock.advance(10);
    far.write(bytesOf('010404016e016fda19'));
    await clock.advance(60);
    expect(readings()).toEqual([]);
    await clock.advance(190);
    far.write(bytesOf('010308016e016f00fb00007ff4'));
    await clock.advance(10);
    expect(readings()).toHaveLength(1);
    line.stop();
    const other = rig('calex-pyrominibus', { address: '2' });
    await other.clock.advance(10);
    other.far.write(bytesOf('010308016e016f00fb00007ff4'));
    await other.clock.advance(60);
    expect(other.readings()).toEqual([]);
    other.line.stop();
  });

  test('each set status bit means no reading; those of the sensor show as silence, those of the object do not', async () => {
    const answers = ['010308016e016f00fb0001be34', '010308016e016f00fb0002fe35', '010308016e016f00fb00047e37'];
    for (const [bit, hex] of [...answers, '010308016e016f00fb00087e32', '010308016e016f00fb00107e38'].entries()) {
      const { clock, far, line, events, readings } = rig('calex-pyrominibus');
      for (let at = 0; at < 12; at += 1) {
        await clock.advance(10);
        far.write(bytesOf(hex));
        await clock.advance(240);
      }
      expect(readings(), hex).toEqual([]);
      expect(events[0], hex).toMatchObject({ kind: 'rejected', reason: 'status' });
      expect(line.state().state, hex).toBe(bit < 3 ? 'silent' : 'online');
      line.stop();
    }
  });

  test('a GD60914 is told once a connection to measure singly', async () => {
    const { clock, asked, line } = rig('gd60914', { mode: 'wrist' });
    await clock.advance(1_300);
    expect(asked).toEqual(['a1', 'ac', 'ac', 'ac']);
    line.stop();
  });

  test('the station’s mode is what a GD60914 is asked for, whatever its options say', () => {
    const options = thermometerOptions(
      { mode: 'wrist', options: { minC: '20', mode: 'object' } },
      profileOf('gd60914'),
    );
    expect(options).toEqual({ minC: '20', mode: 'wrist' });
    expect(thermometerOptions({ mode: 'object', options: {} }, profileOf('idc-50'))).toEqual({});
  });
});
