// The simulator's players speak bytes that the real decoders read, over cables that behave like cables.
import { describe, expect, test } from 'vitest';
import { profileOf } from '../../../device/drivers/index.ts';
import { createMemoryPorts } from '../../../device/simulator/memory-port.ts';
import { createAnyReader } from '../../../device/simulator/players/any-reader.ts';
import { createAnyRelay } from '../../../device/simulator/players/any-relay.ts';
import { createAnyThermometer } from '../../../device/simulator/players/any-thermometer.ts';
import { rdm6300Frame } from '../../../device/simulator/players/reader-speech.ts';
import { bytesOf, decodeAll, join, reasonsOf, seeded } from '../byte-tools.ts';
import { createManualClock, settle } from '../manual-clock.ts';

function there<Player>(player: Player | null): Player {
  if (!player) throw new Error('nobody plays it');
  return player;
}

describe('players', () => {
  test('the thermometer streams what is before it, a little noise around it, and the wall when nobody is', async () => {
    const clock = createManualClock();
    const sent: Uint8Array[] = [];
    const player = there(
      createAnyThermometer('gy-mcu90614', { write: (bytes) => sent.push(bytes), clock, random: seeded(1) }),
    );
    player.start();
    player.start();
    await clock.advance(1_000);
    player.show(3_660);
    await clock.advance(1_000);
    player.stop();
    await clock.advance(1_000);
    const events = decodeAll(profileOf('gy-mcu90614').decoder({}), ...sent);
    expect(reasonsOf(events)).toEqual([]);
    const objects = events.map((event) => (event.kind === 'reading' ? (event.objectCenti ?? 0) : 0));
    expect(objects).toHaveLength(20);
    for (const value of objects.slice(0, 10)) expect(Math.abs(value - 2_200)).toBeLessThanOrEqual(4);
    for (const value of objects.slice(10)) expect(Math.abs(value - 3_660)).toBeLessThanOrEqual(4);
    expect(new Set(objects.slice(10)).size).toBeGreaterThan(1);
    expect(clock.armed()).toBe(0);
  });

  test('the thermometer answers a query with one frame', () => {
    const sent: Uint8Array[] = [];
    const player = there(
      createAnyThermometer('gy-mcu90614', {
        write: (bytes) => sent.push(bytes),
        clock: createManualClock(),
        random: () => 0.5,
      }),
    );
    player.receive(bytesOf('00a515'));
    expect(sent).toEqual([]);
    player.receive(bytesOf('ba'));
    expect(sent).toHaveLength(1);
  });

  test('a card gives its frame again and again while it lies, then no more', async () => {
    const clock = createManualClock();
    const sent: Uint8Array[] = [];
    const player = there(
      createAnyReader('rdm6300', { write: (bytes) => sent.push(bytes), clock, frames: 3, everyMs: 60 }),
    );
    player.present('010063E9AE');
    await clock.advance(10_000);
    expect(sent).toHaveLength(3);
    expect(Buffer.from(sent[0] ?? []).toString('hex')).toBe('0230313030363345394145323503');
    player.present('010063E9AE');
    player.stop();
    await clock.advance(10_000);
    expect(sent).toHaveLength(4);
    expect(() => player.present('xyz')).toThrow(RangeError);
    expect(clock.armed()).toBe(0);
  });

  test('the relay moves its coil by whole commands only and tells what it heard', async () => {
    const clock = createManualClock();
    const relay = there(createAnyRelay('lcus', { clock, channels: 1 }));
    const moves: string[] = [];
    relay.onChange((channel, on) => moves.push(`${channel}${on ? '+' : '-'}`));
    relay.receive(bytesOf('a00101'));
    expect(relay.coils()).toEqual([false]);
    relay.receive(bytesOf('a2'));
    await clock.advance(79);
    relay.receive(bytesOf('a00100a1')); // the board is deaf for 80 ms after ON
    expect(relay.coils()).toEqual([true]);
    await clock.advance(221);
    relay.receive(join(bytesOf('a00101a3'), bytesOf('a00100a1')));
    expect(moves).toEqual(['1+', '1-']);
    expect(relay.log().map(({ hex }) => hex)).toEqual(['a00101a2', 'a00100a1', 'a00100a1']);
    expect(relay.strayBytes()).toBe(4);
  });
});

describe('cables in memory', () => {
  const path = '/dev/ttyUSB0';
  const rig = () => {
    const ports = createMemoryPorts();
    const heard: string[] = [];
    const gone: string[] = [];
    const handlers = {
      data: (bytes: Uint8Array) => void heard.push(Buffer.from(bytes).toString('hex')),
      gone: (reason: string) => void gone.push(reason),
    };
    return { ports, far: ports.far(path), heard, gone, handlers };
  };

  test('bytes for a port that nobody has open are lost', async () => {
    const { ports, far, heard, handlers } = rig();
    expect(far.write(rdm6300Frame('010063E9AE'))).toBe(false);
    await ports.openPort(path, 9_600, handlers);
    await settle();
    expect(heard).toEqual([]);
    expect(far.write(bytesOf('01'))).toBe(true);
    await settle();
    expect(heard).toEqual(['01']);
  });

  test('a pulled cable is told once; a silent pull is told by nobody but the node', async () => {
    const { ports, far, gone, handlers } = rig();
    await ports.openPort(path, 9_600, handlers);
    far.plugged(false);
    await settle();
    expect(gone).toEqual(['unplugged']);
    await expect(ports.openPort(path, 9_600, handlers)).rejects.toMatchObject({ trouble: 'absent' });
    far.plugged(true);
    const second = await ports.openPort(path, 9_600, handlers);
    far.plugged(false, { silent: true });
    await settle();
    expect(gone).toEqual(['unplugged']);
    expect(await second.stillThere()).toBe(false);
    await expect(second.write(bytesOf('01'))).rejects.toMatchObject({ trouble: 'failed' });
  });

  test('a handle from before a replug is dead, a new one is not locked by it', async () => {
    const { ports, far, heard, handlers } = rig();
    const first = await ports.openPort(path, 9_600, handlers);
    far.plugged(false, { silent: true });
    far.plugged(true);
    expect(far.write(bytesOf('01'))).toBe(false);
    expect(await first.stillThere()).toBe(false);
    const second = await ports.openPort(path, 9_600, handlers);
    first.destroy();
    expect(far.isOpen()).toBe(true);
    far.write(bytesOf('02'));
    await settle();
    expect(heard).toEqual(['02']);
    await expect(ports.openPort(path, 9_600, handlers)).rejects.toMatchObject({ trouble: 'locked' });
    second.destroy();
    second.destroy();
    expect(far.isOpen()).toBe(false);
  });

  test('what hangs in a port when it is dropped never reaches the device', async () => {
    const { ports, far, handlers } = rig();
    const received: string[] = [];
    far.onData((bytes) => received.push(Buffer.from(bytes).toString('hex')));
    const port = await ports.openPort(path, 9_600, handlers);
    await port.write(bytesOf('01'));
    far.stalled(true);
    void port.write(bytesOf('02')).catch(() => undefined);
    port.destroy();
    far.stalled(false);
    await settle();
    expect(received).toEqual(['01']);
  });
});
