// Relay boards: every public command can be made, every public answer is understood, and nothing else is.
import { describe, expect, test } from 'vitest';
import { lineOfEvent } from '../../../device/cli/event-line.ts';
import type { DeviceEvent } from '../../../device/drivers/driver.ts';
import { commandBytes, profileOf } from '../../../device/drivers/index.ts';
import { withCrc16Modbus } from '../../../device/drivers/modbus-crc.ts';
import { bytesOf, decodeAll, join, noiseBytes, reasonsOf, seeded, valuesOf } from '../byte-tools.ts';
import { readerRows } from '../vectors-readers.ts';

const rows = readerRows.filter(({ profile }) => profile === 'hw-667' || profile.startsWith('modbus-relay'));
const answers = rows.filter(({ direction }) => direction === 'rx');

const commands: [string, string, Record<string, string>, string][] = [
  ['hw-667', 'open', {}, 'aa'],
  ['hw-667', 'close', {}, 'bb'],
  ['hw-667', 'pulse', {}, 'cc'],
  ['modbus-relay', 'open', {}, '01050000ff008c3a'],
  ['modbus-relay', 'close', {}, '010500000000cdca'],
  ['modbus-relay', 'open', { channel: '2' }, '01050001ff00ddfa'],
  ['modbus-relay', 'close', { channel: '2' }, '0105000100009c0a'],
  ['modbus-relay', 'read', {}, '0101000000083dcc'],
  ['modbus-relay-r4', 'open', {}, '0105000101009d9a'],
  ['modbus-relay-r4', 'open', { channel: '2' }, '0105000201006d9a'],
  ['modbus-relay-r4', 'close', {}, '0105000100009c0a'],
  ['modbus-relay-r4', 'set-address', { newAddress: '1' }, '0006400000015c1b'],
  ['modbus-relay-r4', 'read-address', {}, '000340000001901b'],
  ['modbus-relay-lc', 'read', {}, 'ff02000000086c12'],
  ['modbus-relay-waveshare', 'pulse', { pulseMs: '700' }, '0105020000078db0'],
  ['modbus-relay-waveshare', 'pulse', { pulseMs: '650' }, '0105020000078db0'],
];

test.each(commands)('%s %s %o is %s', (name, command, options, hex) => {
  expect(Buffer.from(commandBytes(profileOf(name), command, options)).toString('hex')).toBe(hex);
});

test('every documented command row is one that encode can make', () => {
  const made = new Set(commands.map(([name, , , hex]) => `${name} ${hex}`));
  const sent = rows.filter(({ direction }) => direction === 'tx');
  expect(sent.length).toBeGreaterThan(10);
  for (const { profile, hex } of sent) expect(made.has(`${profile} ${hex}`), `${profile} ${hex}`).toBe(true);
});

test.each([
  ['modbus-relay', 'open', { channel: '0' }],
  ['modbus-relay', 'open', { channel: '33' }],
  ['modbus-relay', 'open', { address: '0' }],
  ['modbus-relay', 'open', { address: '256' }],
  ['modbus-relay-waveshare', 'pulse', { pulseMs: '50' }],
  ['modbus-relay-waveshare', 'pulse', { pulseMs: '5001' }],
  ['modbus-relay-r4', 'set-address', { newAddress: '248' }],
])('%s %s %o is refused, by the command and by the configuration', (name, command, options) => {
  expect(() => commandBytes(profileOf(name), command, options)).toThrow(RangeError);
  expect(() => profileOf(name).decoder(options)).toThrow(RangeError);
});

describe.each(answers)('$profile $hex', ({ profile, hex, meaning }) => {
  const bytes = bytesOf(hex);
  const decoder = () => profileOf(profile).decoder({});
  const [expected] = decodeAll(decoder(), bytes);

  test('means what its source says', () => {
    const events = decodeAll(decoder(), bytes);
    expect(events).toHaveLength(1);
    expect(JSON.parse(lineOfEvent(events[0] as DeviceEvent))).toMatchObject({
      kind: 'echo' in meaning ? 'ack' : 'inputs',
      ...meaning,
    });
  });

  test('is the same however it is split, glued, or surrounded by noise', () => {
    const twice = join(bytes, bytes);
    for (let at = 0; at <= twice.length; at += 1) {
      const events = decodeAll(decoder(), twice.subarray(0, at), twice.subarray(at));
      expect(events, `split at ${at}`).toEqual([expected, expected]);
    }
    expect(decodeAll(decoder(), ...[...twice].map((byte) => Uint8Array.of(byte)))).toEqual([expected, expected]);
    const noise = bytesOf('00 5a 13 a0 fe 77');
    expect(valuesOf(decodeAll(decoder(), noise, bytes, noise, bytes, noise))).toEqual([expected, expected]);
  });

  test('with one wrong bit it is nothing, and the good one behind it is not lost', () => {
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const wrong = bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect(valuesOf(decodeAll(decoder(), wrong, bytes)), `bit ${bit}`).toEqual([expected]);
    }
  });

  test('cut short and followed by silence it is nothing', () => {
    for (let at = 1; at < bytes.length; at += 1) {
      expect(valuesOf(decodeAll(decoder(), bytes.subarray(0, at)))).toEqual([]);
    }
  });
});

const told = (profile: string, ...bytes: number[]) =>
  decodeAll(profileOf(profile).decoder({}), withCrc16Modbus(...bytes));

test('an answer from another address is not this board’s', () => {
  expect(valuesOf(told('modbus-relay', 2, 5, 0, 0, 0xff, 0))).toEqual([]);
  expect(valuesOf(told('modbus-relay-r4', 2, 5, 0, 1, 1, 0))).toEqual([]);
  const decoder = profileOf('modbus-relay').decoder({ address: '2' });
  expect(valuesOf(decodeAll(decoder, withCrc16Modbus(2, 5, 0, 0, 0xff, 0)))).toHaveLength(1);
});

test('a refusal of the board is told with its code, and is no acknowledgement', () => {
  const events = told('modbus-relay', 1, 0x85, 2);
  expect(valuesOf(events)).toEqual([]);
  expect(reasonsOf(events)).toEqual(['exception-2']);
  expect(events).toMatchObject([{ alive: true }]);
});

test('ON of one family is no answer of another', () => {
  expect(valuesOf(told('modbus-relay', 1, 5, 0, 1, 0x01, 0x00))).toEqual([]);
  expect(valuesOf(told('modbus-relay-r4', 1, 5, 0, 1, 0xff, 0x00))).toEqual([]);
});

test('Waveshare repeats its timed pulse with the length, and R4 tells its address', () => {
  expect(told('modbus-relay-waveshare', 1, 5, 2, 0, 0, 7)).toEqual([
    { kind: 'ack', says: { echo: true, coil: 0, pulseMs: 700 } },
  ]);
  expect(told('modbus-relay-r4', 9, 3, 2, 0, 9)).toEqual([{ kind: 'setting', says: { address: 9 } }]);
  expect(valuesOf(told('modbus-relay-r4', 8, 3, 2, 0, 9))).toEqual([]);
});

test('inputs are numbered from 1, several at once, over two bytes', () => {
  expect(told('modbus-relay-lc', 255, 2, 2, 0b1000_0010, 0b1)).toEqual([
    { kind: 'inputs', says: { inputs: [2, 8, 9] } },
  ]);
});

test('a megabyte of noise says nothing, and memory stays one frame', () => {
  const noise = noiseBytes(1_048_576, seeded(7));
  for (const name of ['modbus-relay', 'modbus-relay-r4', 'modbus-relay-lc', 'modbus-relay-waveshare', 'hw-667']) {
    const decoder = profileOf(name).decoder({});
    const events: DeviceEvent[] = [];
    for (let at = 0; at < noise.length; at += 997) {
      events.push(...decoder.push(noise.subarray(at, at + 997)));
      expect(decoder.held()).toBeLessThanOrEqual(13);
    }
    expect(valuesOf(events), name).toEqual([]);
  }
});
