// Every public row of OSDP bytes through the profile: what it means, at every split, glued, in noise; and the frames that we build.
import { describe, expect, test } from 'vitest';
import { lineOfEvent } from '../../../../device/cli/event-line.ts';
import type { DeviceEvent } from '../../../../device/drivers/driver.ts';
import { osdp } from '../../../../device/drivers/osdp/profile.ts';
import { bytesOf, decodeAll, join, noiseBytes, reasonsOf, seeded, valuesOf } from '../../byte-tools.ts';
import { osdpRows } from './osdp-rows.ts';

const decode = (...pieces: Uint8Array[]) => decodeAll(osdp.decoder({}), ...pieces);
const printed = (event: DeviceEvent | undefined) => (event ? JSON.parse(lineOfEvent(event)) : null);
const received = osdpRows.filter((row) => row.direction === 'rx');

/** The fields of a row's meaning as `decode` names them. */
function expectedOf({ device, meaning }: (typeof osdpRows)[number]): Record<string, unknown> {
  const { reply, address, seq, reader, format, bits, data, keys, scb, code } = meaning;
  const fields = { address, seq, reader, format, bits, data, keys, scb, ...(device === 'osdp-sc' ? { code } : {}) };
  const known = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return { ...known, ...(typeof reply === 'string' ? { reply: reply.replace(' (card)', '') } : {}) };
}

describe.each(received)('$device $hex', (row) => {
  const bytes = bytesOf(row.hex);
  const isWrong = row.meaning.error !== undefined;

  test('means what its source says', () => {
    const events = decode(bytes);
    expect(events).toHaveLength(1);
    if (isWrong) expect(events).toMatchObject([{ kind: 'rejected', reason: 'security-block' }]);
    else expect(printed(events[0])).toMatchObject(expectedOf(row));
  });

  test('gives the same events however the bytes are split', () => {
    const twice = join(bytes, bytes);
    const whole = decode(twice);
    expect(whole).toHaveLength(2);
    for (let at = 1; at < twice.length; at += 1) {
      expect(decode(twice.subarray(0, at), twice.subarray(at)), `split at ${at}`).toEqual(whole);
    }
    expect(decode(...[...twice].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  test('is not lost behind noise, behind its own torn start, or behind itself with a byte changed', () => {
    const good = decode(bytes)[0];
    const found = (before: Uint8Array) =>
      decode(before, bytes).filter((event) => event.kind !== 'rejected' || event.alive);
    expect(found(Uint8Array.of(0x00, 0xff, 0x53, 0x53))).toEqual([good]);
    // The sum of 8 bits fits every 256th wrong frame by chance: that is why devices should be set to CRC.
    const isStrong = row.hex.startsWith('53') || (Number.parseInt(row.hex.slice(10, 12), 16) & 4) !== 0;
    for (let at = 1; at < bytes.length - 1 && isStrong; at += 1) {
      expect(found(bytes.subarray(0, at)).at(-1), `torn at ${at}`).toEqual(good);
      const bad = Uint8Array.from(bytes);
      bad[at] = (bad[at] ?? 0) ^ 0x40;
      expect(found(bad).at(-1), `changed at ${at}`).toEqual(good);
    }
  });

  test('is refused with any bit changed behind the mark', () => {
    for (let bit = bytes[0] === 0xff ? 8 : 0; bit < bytes.length * 8; bit += 1) {
      const bad = Uint8Array.from(bytes);
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(valuesOf(decode(bad)), `bit ${bit}`).toEqual([]);
    }
  });
});

describe('what a card and a key mean', () => {
  test.each([
    ['ff53e51000075000011a002d00a20089fe', { kind: 'tap', uid: '5A0144', facility: 90, card: 324 }],
    ['ff53e51100065000012200006a83e80081e0', { kind: 'tap', uid: '00D507D0', parity: false }],
    ['ff53e510000550000020003a00127ab6ba', { kind: 'tap', uid: '3A00127A' }],
    ['ff53e50f00075300053132333423f186', { kind: 'keypad', keys: '1234#' }],
    ['ff53e509000541010e8f', { kind: 'rejected', reason: 'nak', code: 1, why: 'check' }],
    ['ff53e50700014080', { kind: 'ack', form: 'checksum' }],
    [
      'ff53e514000445697a009901040302010b0c0d5c7e',
      { kind: 'setting', vendor: '697a00', model: 153, version: 1, serial: 16_909_060, firmware: '11.12.13' },
    ],
    [
      'ff53e5230005460201020401010501010601010801000901000a00010d01011002001398',
      { kind: 'setting', outputs: [1, 2], leds: [1, 1] },
    ],
    // The data of a sealed card are no card as long as nobody has the keys.
    [
      'ff53e51e000f021850275a1b11fcdd3dc3090d49cc95d0dc47f8631770ef96',
      { kind: 'setting', reply: 'RAW', encryptedBytes: 16 },
    ],
  ])('%s', (hex, expected) => {
    expect(printed(decode(bytesOf(hex))[0])).toMatchObject(expected);
  });

  const framed = (code: number, ...data: number[]) => {
    // By hand, without the code under test: checksum form.
    const body = [0x53, 0x81, 7 + data.length, 0, 0x01, code, ...data];
    const sum = body.reduce((total, byte) => total + byte, 0);
    return Uint8Array.from([...body, (0x100 - (sum & 0xff)) & 0xff]);
  };

  test('a Wiegand 26 card with a wrong parity bit is no tap', () => {
    const events = decode(framed(0x50, 0, 1, 26, 0, 0xad, 0x00, 0xa2, 0x00));
    expect(valuesOf(events)).toEqual([]);
    expect(reasonsOf(events)).toEqual(['parity']);
  });

  test.each([
    ['a card with fewer bytes than bits', [0x50, 0, 0, 32, 0, 1, 2, 3]],
    ['a card with more bytes than bits', [0x50, 0, 0, 32, 0, 1, 2, 3, 4, 5]],
    ['a card without bits', [0x50, 0, 0, 0, 0]],
    ['keys fewer than their count', [0x53, 0, 3, 0x31, 0x32]],
    ['no keys at all', [0x53, 0, 0]],
    ['a short identity', [0x45, 1, 2, 3]],
    ['an acknowledgement with data', [0x40, 1]],
    ['a refusal without a code', [0x41]],
  ])('%s is refused', (_name, [code = 0, ...data]) => {
    const events = decode(framed(code, ...data));
    expect(valuesOf(events)).toEqual([]);
    expect(reasonsOf(events)).toEqual(['length']);
  });

  test('star and hash keys, contacts and a formatted card', () => {
    expect(decode(framed(0x53, 0, 3, 0x31, 0x7f, 0x0d))).toMatchObject([{ kind: 'keypad', says: { keys: '1*#' } }]);
    expect(decode(framed(0x49, 1, 0, 1))).toMatchObject([{ kind: 'inputs', says: { inputs: [1, 0, 1] } }]);
    expect(decode(framed(0x48, 1, 0))).toMatchObject([{ kind: 'inputs', says: { tamper: true, powerFailed: false } }]);
    const text = [...'0006547886'].map((char) => char.charCodeAt(0));
    expect(decode(framed(0x51, 0, 0, 10, ...text))).toMatchObject([{ kind: 'tap', uid: null, printed: '0006547886' }]);
    expect(decode(framed(0x79))).toMatchObject([{ kind: 'rejected', reason: 'busy' }]);
    expect(decode(framed(0x7e))).toMatchObject([{ kind: 'rejected', reason: 'unknown-reply' }]);
  });
});

describe('frames that a control unit sends', () => {
  const at = (sequence: number) => ({ address: '101', sequence: String(sequence) });
  const rows: [string, string, Record<string, string>][] = [
    ['537f0d00046e00802500006e38', 'comset', { address: '127', mark: 'no', newAddress: '0', newBaud: '9600' }],
    ['53000900046100c066', 'id', { mark: 'no' }],
    ['537f0c00006e00802500000f', 'comset', { address: '127', mark: 'no', check: 'checksum', newBaud: '9600' }],
    ['5300080000610044', 'id', { mark: 'no', check: 'checksum' }],
    ['ff5365080004606090', 'poll', at(0)],
    ['ff53650900046100d97a', 'id', at(0)],
    ['ff53650900056200ba18', 'capabilities', at(1)],
    ['ff53650800056051a3', 'poll', at(1)],
    ['ff53650d00066a00020a0a01363b', 'buzzer', { ...at(2), onMs: '1000', offMs: '1000' }],
    [
      'ff53651500066b00011401010733362e35204f4ba6a3',
      'text',
      { ...at(2), text: '36.5 OK', seconds: '20', control: '1' },
    ],
    ['ff53650c00076800051e00d855', 'output', { ...at(3), timerMs: '3000' }],
    [
      'ff5365160006690000020505020014000000000000db51',
      'led',
      { ...at(2), color: 'green', onMs: '500', offMs: '500', timerMs: '2000' },
    ],
    ['ff5365160007690000000000000000000101000101447b', 'led', { ...at(3), color: 'red', offColor: '1' }],
    ['ff53650c0007680002000034f0', 'output', { address: '101', seq: '3', control: '2', timer: '0' }],
    ['ff53650c0007680001000064a9', 'output', { ...at(3), channel: '0', control: '1', timerMs: '0' }],
    ['ff536608000560834d', 'poll', { address: '102', sequence: '1' }],
    ['ff537f0800046094d2', 'poll', { address: '127' }],
    ['ff536507000360de', 'poll', { ...at(3), check: 'checksum' }],
    ['ff536513000c03110176bb21f9562f69d53f95c2', 'challenge', { ...at(0), random: 'bb21f9562f69d53f' }],
  ];
  test.each(rows)('%s is %s', (hex, command, options) => {
    expect(Buffer.from(osdp.commands[command]?.(options) ?? []).toString('hex')).toBe(hex);
    // And whoever reads the capture is told the same.
    const says = printed(decode(bytesOf(hex))[0]);
    expect(says).toMatchObject({ kind: 'setting', address: Number(options.address ?? 0) });
    for (const name of ['timerMs', 'onMs', 'text', 'seconds', 'newBaud']) {
      if (options[name] !== undefined && command !== 'led') expect(String(says[name])).toBe(options[name]);
    }
  });

  test('every public command of a captured session can be sent, but for those that no unit should send', () => {
    const built = new Set(rows.map(([hex]) => hex));
    const left = osdpRows.filter((row) => row.direction === 'tx' && row.device === 'osdp' && !built.has(row.hex));
    expect(left.map((row) => row.meaning.case)).toEqual(['unknown command FE', 'OUT too short']);
    for (const row of left) expect(valuesOf(decode(bytesOf(row.hex)))).toEqual([]);
  });

  test.each([
    ['output', { timerMs: '150' }],
    ['output', { timerMs: '99999999' }],
    ['output', { address: '128' }],
    ['output', { sequence: '4' }],
    ['led', { color: 'pink' }],
    ['led', { color: '256' }],
    ['text', { text: '体温' }],
    ['text', { text: '' }],
    ['text', { text: 'x'.repeat(33) }],
    ['text', {}],
    ['comset', { newBaud: '1200' }],
    ['challenge', { random: 'bb21' }],
    ['buzzer', { check: 'none' }],
  ])('%s with %j is refused in words', (command, options) => {
    expect(() => osdp.commands[command]?.(options as Record<string, string>)).toThrow(/[\u4e00-\u9fff].* \| /);
  });
});

test('a frame whose end never comes hides nothing for longer than the pause', () => {
  const decoder = osdp.decoder({});
  const card = bytesOf('ff53e51000075000011a002d00a20089fe');
  // A start and a length of 500 bytes.
  expect(decoder.push(join(bytesOf('ff53e5f40104'), card))).toEqual([]);
  expect(valuesOf(decoder.idle())).toMatchObject([{ kind: 'tap', uid: '5A0144' }]);
  expect(decoder.held()).toBe(0);
});

test('a megabyte of noise makes no tap and holds one frame at most', () => {
  const decoder = osdp.decoder({});
  const random = seeded(7);
  let taps = 0;
  for (let round = 0; round < 1_024; round += 1) {
    const events = decoder.push(noiseBytes(1_024, random));
    taps += valuesOf(events).filter((event) => event.kind === 'tap' || event.kind === 'keypad').length;
    expect(decoder.held()).toBeLessThanOrEqual(513);
  }
  expect(taps).toBe(0);
});
