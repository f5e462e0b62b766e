// The Modbus drivers against modbus-serial's server over a real pty: values, status bits, refusals, coils and inputs.
import { ServerSerial } from 'modbus-serial';
import { afterEach, describe, expect, test } from 'vitest';
import { commandBytes } from '../../device/drivers/index.ts';
import { eventually, pause, ptyPair } from '../kit/pty.ts';
import { heads, type OwnLine, ownLine } from './modbus-kit.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

type Far = {
  registers: Map<number, number>;
  coils: Map<number, boolean>;
  inputs: Set<number>;
  /** Each write that came. */
  written: [what: string, at: number, value: number | boolean][];
  path: string;
};

/** A foreign slave; a register that it has not is an exception 2. */
async function far(address: number): Promise<Far> {
  const pair = await ptyPair();
  cleanUp.push(() => pair.close());
  const made: Far = { registers: new Map(), coils: new Map(), inputs: new Set(), written: [], path: pair.pathA };
  const read = async (at: number) => {
    const value = made.registers.get(at);
    if (value === undefined) throw Object.assign(new Error('no such register'), { modbusErrorCode: 2 });
    return value;
  };
  const server = new ServerSerial(
    {
      getHoldingRegister: read,
      getInputRegister: read,
      getCoil: async (at: number) => made.coils.get(at) ?? false,
      getDiscreteInput: async (at: number) => made.inputs.has(at),
      setCoil: async (at: number, value: boolean) => {
        made.written.push(['coil', at, value]);
        made.coils.set(at, value);
      },
      setRegister: async (at: number, value: number) => {
        made.written.push(['register', at, value]);
        made.registers.set(at, value);
      },
    },
    { path: pair.pathB, baudRate: 9_600, unitID: address },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('initialized', resolve);
    server.once('error', reject);
  });
  cleanUp.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return made;
}

function own(path: string, name: string, options: Record<string, string> = {}): OwnLine {
  const made = ownLine(path, name, options);
  cleanUp.push(() => made.line.stop());
  return made;
}

describe.each(heads)('$name', ({ name, filtered, emissivity }) => {
  const set = (there: Far, object: [filtered: number, unfiltered: number], sensor: number, status: number) => {
    const values = [...object, sensor, status];
    for (const [at, value] of values.entries()) there.registers.set(filtered + at, value & 0xffff);
  };

  test('reads what is asked for, below zero too, and follows a change', async () => {
    const there = await far(1);
    set(there, [364, 365], 221, 0);
    const one = own(there.path, name);
    expect(await one.next('reading')).toMatchObject({ objectCenti: 3_650, ambientCenti: 2_210 });
    set(there, [-53, -54], -101, 0);
    await eventually('below zero', () =>
      one.events.some(
        (event) => event.kind === 'reading' && event.objectCenti === -540 && event.ambientCenti === -1_010,
      ),
    );
    expect(one.events.filter(({ kind }) => kind === 'rejected')).toEqual([]);
    expect(one.line.state().state).toBe('online');
  });

  test('gives the filtered value when told so, by function 4 and another address', async () => {
    const there = await far(9);
    set(there, [364, 365], 221, 0);
    const one = own(there.path, name, { address: '9', fc: '4', value: 'filtered' });
    expect(await one.next('reading')).toMatchObject({ objectCenti: 3_640 });
  });

  test('an object out of range is no reading but an answer; a failed measurement is silence', {
    timeout: 30_000,
  }, async () => {
    const there = await far(1);
    set(there, [365, 365], 221, 0);
    const one = own(there.path, name);
    await one.next('reading');
    const rejectedWith = async (status: number) => {
      set(there, [365, 365], 221, status);
      expect(await one.next('rejected')).toMatchObject({ reason: 'status' });
      const from = one.events.length;
      await eventually('more answers', () => one.events.length >= from + 2, 10_000);
      expect(one.events.slice(from).map(({ kind }) => kind)).toEqual(['rejected', 'rejected']);
    };
    for (const tooColdOrWarm of [0b01000, 0b10000]) await rejectedWith(tooColdOrWarm);
    expect(one.line.state().state).toBe('online');
    for (const inTrouble of [0b00001, 0b00010, 0b00100]) await rejectedWith(inTrouble);
    await eventually('silent', () => one.line.state().state === 'silent');
    set(there, [365, 366], 221, 0);
    expect(await one.next('reading')).toMatchObject({ objectCenti: 3_660 });
    expect(one.line.state().state).toBe('online');
  });

  test('a register that the head has not is told as a refusal and shows as silence', async () => {
    const there = await far(1);
    there.registers.set(filtered, 365);
    const one = own(there.path, name);
    expect(await one.next('rejected')).toMatchObject({ reason: 'exception' });
    await eventually('silent', () => one.line.state().state === 'silent');
    expect(one.events.filter(({ kind }) => kind === 'reading')).toEqual([]);
  });

  test('emissivity is written where it does not wear, and with `store` where it lasts', async () => {
    const there = await far(1);
    set(there, [364, 365], 221, 0);
    const one = own(there.path, name);
    await one.next('reading');
    expect(await one.ask('set-emissivity', { emissivity: '0.98' })).toMatchObject({
      ...{ kind: 'ack', says: { addr: emissivity + 0x10, value: 9_800 } },
    });
    expect((await one.ask('set-emissivity', { emissivity: '0.95', store: 'true' })).kind).toBe('ack');
    expect(there.written).toEqual([
      ['register', emissivity + 0x10, 9_800],
      ['register', emissivity, 9_500],
    ]);
  });
});

describe('relays', () => {
  test('standard: ON and OFF reach the coil of the channel, and reading them back shows it', async () => {
    const there = await far(1);
    const one = own(there.path, 'modbus-relay', { channel: '3' });
    expect(await one.ask('open')).toMatchObject({ kind: 'ack', says: { echo: true, coil: 2, on: true } });
    expect(await one.ask('read')).toMatchObject({ kind: 'inputs', says: { coils: [0, 0, 1, 0, 0, 0, 0, 0] } });
    expect(await one.ask('close')).toMatchObject({ kind: 'ack', says: { echo: true, coil: 2, on: false } });
    expect(there.written).toEqual([
      ['coil', 2, true],
      ['coil', 2, false],
    ]);
  });

  test('R4: relays from 1 with a value of its own, and its address in register 4000', async () => {
    const there = await far(1);
    there.registers.set(0x4000, 1);
    const one = own(there.path, 'modbus-relay-r4', { channel: '4' });
    expect(await one.ask('open')).toMatchObject({ kind: 'ack', says: { echo: true, relay: 4, on: true } });
    expect(await one.ask('close')).toMatchObject({ kind: 'ack', says: { echo: true, relay: 4, on: false } });
    // 0100 is no ON of the standard: the foreign server takes it for OFF, at the right coil.
    expect(there.written).toEqual([
      ['coil', 4, false],
      ['coil', 4, false],
    ]);
  });

  test('LC: the closed inputs by number, at its address 255', async () => {
    const there = await far(255);
    there.inputs.add(0).add(2).add(7);
    const one = own(there.path, 'modbus-relay-lc');
    expect(await one.ask('read')).toMatchObject({ kind: 'inputs', says: { inputs: [1, 3, 8] } });
  });

  test('Waveshare: flash-on at coil 0200 and up carries its time in tenths of a second', async () => {
    const there = await far(1);
    const one = own(there.path, 'modbus-relay-waveshare', { channel: '2', pulseMs: '700' });
    expect(await one.ask('pulse')).toMatchObject({ kind: 'ack', says: { echo: true, coil: 1, pulseMs: 700 } });
    expect(there.written).toEqual([['coil', 0x0201, false]]);
    expect(await one.ask('open')).toMatchObject({ kind: 'ack', says: { coil: 1, on: true } });
    expect(there.coils.get(1)).toBe(true);
  });

  test('nobody at this address: no answer, and none is made up', async () => {
    const there = await far(2);
    const one = own(there.path, 'modbus-relay', { address: '5' });
    await eventually('online', () => one.line.state().state === 'online');
    const open = commandBytes(one.profile, 'open', { address: '5' });
    expect(await one.line.send(open, { deadlineMs: 1_000 })).toBe('sent');
    await pause(500);
    expect(one.events).toEqual([]);
    expect(there.written).toEqual([]);
  });
});
