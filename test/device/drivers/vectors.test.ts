// Every public row of bytes through the driver of its profile, and rows like them.
import { describe, expect, test } from 'vitest';
import type { DeviceEvent } from '../../../device/drivers/driver.ts';
import { commandBytes, profileOf } from '../../../device/drivers/index.ts';
import { ascii, bytesOf, decodeAll, join, reasonsOf, valuesOf } from '../byte-tools.ts';
import { type VectorRow, vectorRows } from '../vectors.ts';

const received = vectorRows.filter((row) => row.direction === 'rx');
const valid = received.filter((row) => row.valid);
const decoderOf = (row: VectorRow) => profileOf(row.profile).decoder({});
const centi = (value: unknown) => (typeof value === 'number' ? Math.round(value * 100) : null);

function expectedOf({ profile, meaning }: VectorRow): DeviceEvent {
  if (profileOf(profile).role === 'thermometer') {
    return {
      kind: 'reading',
      objectCenti: centi(meaning.object_c),
      ambientCenti: centi(meaning.ambient_c),
      bodyCenti: centi(meaning.body_c),
    };
  }
  if (profile === 'hid-wedge') return { kind: 'tap', uid: null, printed: String(meaning.printed10) };
  const uid = String(meaning.id5);
  const printed = String(meaning.printed10 ?? String(Number.parseInt(uid.slice(2), 16)).padStart(10, '0'));
  return { kind: 'tap', uid, printed };
}

describe.each(valid)('$profile $hex', (row) => {
  const bytes = bytesOf(row.hex);
  const expected = expectedOf(row);

  test('means what its source says', () => {
    expect(valuesOf(decodeAll(decoderOf(row), bytes))).toEqual([expected]);
  });

  test('gives the same events however the bytes are split', () => {
    const whole = decodeAll(decoderOf(row), bytes, bytes);
    const twice = join(bytes, bytes);
    for (let at = 1; at < twice.length; at += 1) {
      expect(decodeAll(decoderOf(row), twice.subarray(0, at), twice.subarray(at)), `split at ${at}`).toEqual(whole);
    }
    expect(decodeAll(decoderOf(row), ...[...twice].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  test('is found glued, a hundred times', () => {
    const many = join(...Array.from({ length: 100 }, () => bytes));
    expect(valuesOf(decodeAll(decoderOf(row), many))).toEqual(Array.from({ length: 100 }, () => expected));
  });

  test('is found again right behind its own torn start', () => {
    // The tenth byte of the -TW board belongs to nothing: nine are whole.
    const whole = row.profile.startsWith('gy-mcu90614') ? 9 : bytes.length;
    for (let at = 1; at < whole; at += 1) {
      const decoder = decoderOf(row);
      const torn = decoder.push(bytes.subarray(0, at));
      // Formats without a start byte are told apart by silence alone.
      if (['em-18', 'hid-wedge'].includes(row.profile)) torn.push(...decoder.idle());
      expect(valuesOf([...torn, ...decodeAll(decoder, bytes)]), `torn at ${at}`).toEqual([expected]);
    }
  });
});

describe('rows that are wrong', () => {
  test.each(received.filter((row) => !row.valid))('$profile $hex makes no reading and no tap', (row) => {
    const events = decodeAll(decoderOf(row), bytesOf(row.hex));
    expect(valuesOf(events)).toEqual([]);
    expect(reasonsOf(events).length).toBeGreaterThan(0);
  });

  test.each(received.filter((row) => !row.valid))('$profile $hex does not swallow the good frame behind it', (row) => {
    const good = valid.find((other) => other.profile === row.profile);
    if (!good) throw new Error(`no good row of ${row.profile}`);
    expect(valuesOf(decodeAll(decoderOf(row), bytesOf(row.hex), bytesOf(good.hex)))).toEqual([expectedOf(good)]);
  });

  test('a relay answers nothing that is believed', () => {
    for (const row of vectorRows.filter((other) => other.profile === 'lcus')) {
      const events = decodeAll(profileOf('lcus').decoder({}), bytesOf(row.hex), bytesOf(row.hex));
      expect(events).toEqual([{ kind: 'rejected', reason: 'not-read' }]);
    }
  });
});

describe('noise around frames', () => {
  const framed = valid.filter((row) => !['em-18', 'hid-wedge'].includes(row.profile));
  test.each(framed)('$profile $hex is found with noise before, between and behind', (row) => {
    const noise = bytesOf('00 ff 13 5a fe 02 80 5a 5a 02 fe aa');
    const bytes = bytesOf(row.hex);
    const events = decodeAll(decoderOf(row), noise, bytes, noise, noise, bytes, noise);
    expect(valuesOf(events)).toEqual([expectedOf(row), expectedOf(row)]);
  });

  test('EM-18 characters are found between bytes that are no digits', () => {
    const card = ascii('4500C5D1E9B8');
    const events = decodeAll(profileOf('em-18').decoder({}), ascii('\r\n'), card, ascii('xyz'), card, ascii('\r\n'));
    expect(valuesOf(events)).toHaveLength(2);
  });

  test('a long run of noise is one event, not a flood', () => {
    const noise = new Uint8Array(10_000).fill(0x11);
    for (const name of ['gy-mcu90614', 'lu90614', 'rdm6300', 'id-12la', 'em-18']) {
      expect(profileOf(name).decoder({}).push(noise), name).toEqual([{ kind: 'rejected', reason: 'noise' }]);
    }
  });
});

describe('commands', () => {
  const commands: [string, string, Record<string, string>, string][] = [
    ['gy-mcu90614', 'query', {}, 'a515ba'],
    ['gy-mcu90614', 'stream', {}, 'a545ea'],
    ['gy-mcu90614', 'stream-on-start', {}, 'a551f6'],
    ['gy-mcu90614', 'baud-9600', {}, 'a5ae53'],
    ['gy-mcu90614', 'baud-115200', {}, 'a5af54'],
    ['lu90614', 'measure', {}, 'facac4'],
    ['lu90614', 'mode-body', {}, 'fac5bf'],
    ['lu90614', 'mode-object', {}, 'fac6c0'],
    ['lcus', 'open', {}, 'a00101a2'],
    ['lcus', 'close', {}, 'a00100a1'],
    ['lcus', 'open', { channel: '8' }, 'a00801a9'],
    ['lcus', 'close', { channel: '2' }, 'a00200a2'],
  ];
  test.each(commands)('%s %s %o is %s', (name, command, options, hex) => {
    expect(Buffer.from(commandBytes(profileOf(name), command, options)).toString('hex')).toBe(hex);
  });

  test('every documented command row is one that encode can make', () => {
    const made = new Set(commands.map(([name, , , hex]) => `${name} ${hex}`));
    const sent = vectorRows.filter((row) => row.direction === 'tx' && row.valid);
    expect(sent.length).toBeGreaterThan(5);
    for (const row of sent) expect(made.has(`${row.profile} ${row.hex}`), `${row.profile} ${row.hex}`).toBe(true);
    for (const row of vectorRows.filter((other) => other.direction === 'tx' && !other.valid)) {
      expect(made.has(`${row.profile} ${row.hex}`)).toBe(false);
    }
  });

  test.each(['0', '9', '-1', '1.5', '', 'one', '99999999999'])('channel %j is refused with a sentence', (channel) => {
    expect(() => commandBytes(profileOf('lcus'), 'open', { channel })).toThrow(/1.*8/);
  });

  test('an unknown profile, command or option names the known ones', () => {
    expect(() => profileOf('nonsense')).toThrow(/gy-mcu90614.*lcus/);
    expect(() => profileOf('constructor')).toThrow(RangeError);
    expect(() => commandBytes(profileOf('lcus'), 'explode', {})).toThrow(/open.*close/);
    expect(() => commandBytes(profileOf('lcus'), 'toString', {})).toThrow(RangeError);
    expect(() => profileOf('rdm6300').decoder({ prnted: 'dec10' })).toThrow(/printed/);
    expect(() => profileOf('rdm6300').decoder({ printed: 'dec8' })).toThrow(/dec10.*none/);
    expect(() => profileOf('gy-mcu90614').decoder({ x: '1' })).toThrow(RangeError);
  });
});
