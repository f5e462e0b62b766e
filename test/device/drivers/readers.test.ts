// Card readers: every public row of bytes and rows like them, split, glued, amid noise, spoiled in the middle.
import { describe, expect, test } from 'vitest';
import { lineOfEvent } from '../../../device/cli/event-line.ts';
import type { DeviceEvent, ProfileOptions } from '../../../device/drivers/driver.ts';
import { commandBytes, profileOf } from '../../../device/drivers/index.ts';
import { bitsOfData } from '../../../src/domain/wiegand.ts';
import { ascii, bytesOf, decodeAll, join, noiseBytes, reasonsOf, seeded, valuesOf } from '../byte-tools.ts';
import { readerRows } from '../vectors-readers.ts';

const names = ['parallax-28140', 'em-nochecksum', 'cn-multi-reader', 'wiegand26', 'wiegand34', 'pn532-hsu'];
const rows = readerRows.filter(({ profile }) => names.includes(profile));
const received = rows.filter(({ direction }) => direction === 'rx');
const good = received.filter(({ valid }) => valid);
const spoiled = received.filter(({ valid }) => !valid);

const decoderOf = (name: string, options: ProfileOptions = {}) => profileOf(name).decoder(options);
const linesOf = (events: readonly DeviceEvent[]) =>
  events.map((event): Record<string, unknown> => JSON.parse(lineOfEvent(event)));
const tap = (uid: string, printed: string | null, more: object = {}) => ({ kind: 'tap', uid, printed, ...more });

/** What the row means, in the words of `decode`. */
function expectedOf({ meaning }: (typeof rows)[number]): Record<string, unknown> {
  if (meaning.ack) return meaning.reply ? { kind: 'ack', reply: meaning.reply } : { kind: 'ack', ack: true };
  if (meaning.id5) return { kind: 'tap', uid: meaning.id5, unchecked: true };
  if (meaning.uid_be) return { kind: 'tap', uid: meaning.uid_be };
  if (meaning.card_type) {
    return { kind: 'tap', cardType: meaning.card_type, batch: meaning.batch, printed: meaning.printed10 };
  }
  if (meaning.data24) return { kind: 'tap', uid: Number(meaning.data24).toString(16).toUpperCase() };
  return { kind: 'tap', facility: meaning.facility, card: meaning.card };
}

describe.each(good)('$profile $hex', (row) => {
  const bytes = bytesOf(row.hex);
  const whole = decodeAll(decoderOf(row.profile), bytes);

  test('means what its source says', () => {
    expect(reasonsOf(whole)).toEqual([]);
    expect(linesOf(whole).at(-1)).toMatchObject(expectedOf(row));
  });

  test('is the same however it is split, and glued', () => {
    const twice = join(bytes, bytes);
    for (let at = 0; at <= twice.length; at += 1) {
      const events = decodeAll(decoderOf(row.profile), twice.subarray(0, at), twice.subarray(at));
      expect(events, `split at ${at}`).toEqual([...whole, ...whole]);
    }
    const bytewise = [...twice].map((byte) => Uint8Array.of(byte));
    expect(decodeAll(decoderOf(row.profile), ...bytewise)).toEqual([...whole, ...whole]);
  });

  test('is found again right behind its own torn start', () => {
    for (let at = 1; at < bytes.length; at += 1) {
      const decoder = decoderOf(row.profile);
      const torn = decoder.push(bytes.subarray(0, at));
      // Wiegand has no start byte: its reads are told apart by silence.
      if (row.profile.startsWith('wiegand')) torn.push(...decoder.idle());
      const values = valuesOf([...torn, ...decodeAll(decoder, bytes)]);
      expect(values.slice(-whole.length), `torn at ${at}`).toEqual(whole);
      expect(valuesOf(torn).filter(({ kind }) => kind === 'tap')).toEqual([]);
    }
  });
});

describe('noise and spoiled frames', () => {
  const framed = good.filter(({ profile }) => !profile.startsWith('wiegand'));
  test.each(framed)('$profile $hex is found with noise before, between and behind', (row) => {
    const noise = bytesOf('00 ff 13 5a fe 02 80 0a 02 fe aa');
    const bytes = bytesOf(row.hex);
    const expected = valuesOf(decodeAll(decoderOf(row.profile), bytes));
    const events = decodeAll(decoderOf(row.profile), noise, bytes, noise, noise, bytes, noise);
    expect(valuesOf(events)).toEqual([...expected, ...expected]);
  });

  test.each(spoiled)('$profile $hex makes no tap and does not swallow the good one behind it', (row) => {
    const events = decodeAll(decoderOf(row.profile), bytesOf(row.hex));
    expect(valuesOf(events)).toEqual([]);
    expect(reasonsOf(events)).toEqual(['parity']);
    const next = bytesOf('2d00a200');
    expect(valuesOf(decodeAll(decoderOf(row.profile), bytesOf(row.hex), next))).toHaveLength(1);
  });

  test.each(['cn-multi-reader', 'pn532-hsu'])('%s: one wrong bit anywhere loses that frame alone', (name) => {
    const row = good.filter(({ profile }) => profile === name).at(0);
    const bytes = name === 'pn532-hsu' ? card4 : bytesOf(row?.hex ?? '');
    const [expected] = decodeAll(decoderOf(name), bytes);
    for (let bit = 0; bit < (bytes.length - (name === 'pn532-hsu' ? 1 : 0)) * 8; bit += 1) {
      const wrong = bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      const values = valuesOf(decodeAll(decoderOf(name), bytes, wrong, bytes));
      expect(values.length, `bit ${bit}`).toBe(2);
      expect(values).toEqual([expected, expected]);
    }
  });

  test('a megabyte of noise in pieces with silences is no card for framed readers', () => {
    const noise = noiseBytes(1_048_576, seeded(11));
    for (const name of ['parallax-28140', 'em-nochecksum', 'cn-multi-reader', 'pn532-hsu', 'hex-line']) {
      const decoder = decoderOf(name);
      const events: DeviceEvent[] = [];
      for (let at = 0; at < noise.length; at += 4_001) {
        events.push(...decoder.push(noise.subarray(at, at + 4_001)), ...decoder.idle());
      }
      expect(valuesOf(events), name).toEqual([]);
    }
  });
});

describe('a thousand frames with one byte in a hundred wrong, lost or doubled', () => {
  const frames: [string, Uint8Array][] = [
    ['rdm6300', ascii('\u0002010063E9AE25\u0003')],
    ['id-12la', ascii('\u00020C000621A58E\r\n\u0003')],
    ['em-18', ascii('4500C5D1E9B8')],
    ['cn-multi-reader', bytesOf('020a0206008e6d5db003')],
    ['pn532-hsu', bytesOf('0000ff0cf4d54b010100040804fb0ee20bd800')],
  ];
  test.each(frames)('%s gives its card or nothing, and the next good frame is not lost', (name, frame) => {
    const random = seeded(99);
    const [expected] = decodeAll(decoderOf(name), frame);
    const decoder = decoderOf(name);
    let faulty = 0;
    for (let round = 0; round < 1_000; round += 1) {
      const sent = [...frame].flatMap((byte) => {
        if (random() >= 0.01) return [byte];
        const fault = Math.floor(random() * 3);
        return fault === 0 ? [] : fault === 1 ? [byte, byte] : [byte ^ (1 + Math.floor(random() * 255))];
      });
      const isWhole = Buffer.from(frame).equals(Uint8Array.from(sent));
      // The pause between two presentations: without a start byte nothing else tells frames apart.
      const values = valuesOf([...decoder.push(Uint8Array.from(sent)), ...decoder.idle()]);
      for (const value of values) expect(value, `round ${round}`).toEqual(expected);
      if (isWhole) expect(values, `round ${round}`).toHaveLength(1);
      else faulty += 1;
    }
    expect(faulty).toBeGreaterThan(50);
  });
});

describe('ten digits without a check', () => {
  test.each([
    ['parallax-28140', '\n0F0184F07A\r', '0025489530'],
    ['em-nochecksum', '\u0002010EA58A83\r\n\u0003', '0245729923'],
  ])('%s says that nothing checked them', (name, text, printed) => {
    const uid = text.replace(/[^0-9A-F]/g, '');
    expect(decodeAll(decoderOf(name), ascii(text))).toEqual([tap(uid, printed, { unchecked: true })]);
  });

  test.each([
    ['parallax-28140', '\n0F0184F07\r'],
    ['parallax-28140', '\n0F0184F07AB\r'],
    ['parallax-28140', '\n0F0184F0ZA\r'],
    ['parallax-28140', '0F0184F07A\r'],
    ['em-nochecksum', '\u0002010EA58A83\u0003'],
    ['em-nochecksum', '\u0002010EA58A8325\r\n\u0003'],
  ])('%s %j is no card', (name, text) => {
    expect(valuesOf(decodeAll(decoderOf(name), ascii(text)))).toEqual([]);
  });
});

describe('the printed number', () => {
  const rdm = '\u0002010063E9AE25\u0003';
  test.each([
    [{}, '0006547886'],
    [{ printed: 'none' }, null],
    [{ printed: 'd3_5' }, '099,59822'],
    [{ printed: 'dec8_6H' }, '06547886'],
    [{ printed: 'hex' }, '010063E9AE'],
  ])('is the declared conversion: %o gives %j', (options, printed) => {
    expect(decodeAll(decoderOf('rdm6300', options), ascii(rdm))).toEqual([tap('010063E9AE', printed)]);
  });

  test.each([
    'rdm6300',
    'parallax-28140',
    'cn-multi-reader',
    'hex-line',
    'pn532-hsu',
    'wiegand26',
  ])('%s refuses a conversion that there is not, and lists those there are', (name) => {
    expect(() => decoderOf(name, { printed: 'guess' })).toThrow(/dec10.*d3_5.*none/);
  });
});

describe('cn-multi-reader', () => {
  const framed = (...inner: number[]) =>
    Uint8Array.of(
      0x02,
      ...inner,
      inner.reduce((xor, byte) => xor ^ byte, 0),
      0x03,
    );
  test('a Mifare card has no printed number before one is declared', () => {
    const mifare = framed(0x0a, 0x01, 0x00, 0x56, 0x30, 0xf0, 0x09);
    expect(decodeAll(decoderOf('cn-multi-reader'), mifare)).toEqual([
      tap('005630F009', null, { also: { cardType: 'Mifare' } }),
    ]);
    expect(decodeAll(decoderOf('cn-multi-reader', { printed: 'dec10_reversed' }), mifare)).toMatchObject([
      { printed: '0166735958' },
    ]);
  });

  test('another length, kind or end is no card', () => {
    for (const inner of [
      [0x0b, 0x02, 6, 0, 0x8e, 0x6d, 0x5d],
      [0x0a, 0x03, 6, 0, 0x8e, 0x6d, 0x5d],
    ]) {
      expect(valuesOf(decodeAll(decoderOf('cn-multi-reader'), framed(...inner)))).toEqual([]);
    }
    const open = framed(0x0a, 0x02, 6, 0, 0x8e, 0x6d, 0x5d).map((byte, at) => (at === 9 ? 0x04 : byte));
    expect(valuesOf(decodeAll(decoderOf('cn-multi-reader'), open))).toEqual([]);
  });
});

describe('wiegand', () => {
  test('bits as text, a line or a silence behind them, are the same card', () => {
    const decoder = decoderOf('wiegand26', { form: 'text' });
    const bits = '00101101000000001010001000';
    const card = tap('5A0144', null, { unchecked: true, also: { facility: 90, card: 324 } });
    expect(decodeAll(decoder, ascii(`${bits}\r\n`), ascii(bits))).toEqual([card, card]);
    for (const wrong of [`${bits}0`, bits.slice(1), `1${bits.slice(1)}`, `${bits.slice(0, 9)}x${bits.slice(9)}`]) {
      expect(valuesOf(decodeAll(decoder, ascii(wrong))), wrong).toEqual([]);
    }
  });

  test('34 bits keep all 32 as the uid and claim no facility', () => {
    const bytes = bytesOf('2b187804c0');
    expect(decodeAll(decoderOf('wiegand34'), bytes)).toEqual([tap('5630F009', null, { unchecked: true })]);
    expect(decodeAll(decoderOf('wiegand34', { printed: 'd5_5' }), bytes)).toEqual([
      tap('5630F009', '22064,61449', { unchecked: true }),
    ]);
  });

  test('a thousand reads come through one by one, each with one wrong bit between', () => {
    const random = seeded(3);
    for (let round = 0; round < 1_000; round += 1) {
      const data = Uint8Array.from([0, 0, 0], () => Math.floor(random() * 256));
      const bits = bitsOfData(data).padEnd(32, '0');
      const bytes = Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
      const flip = Math.floor(random() * 26);
      const wrong = bytes.map((byte, at) => (at === flip >> 3 ? byte ^ (0x80 >> (flip & 7)) : byte));
      const values = valuesOf(decodeAll(decoderOf('wiegand26'), bytes, wrong, bytes));
      expect(values).toHaveLength(2);
      expect(values).toMatchObject([{ uid: Buffer.from(data).toString('hex').toUpperCase() }, {}]);
    }
  });

  test('bytes that cannot be Wiegand are nothing until a silence', () => {
    const decoder = decoderOf('wiegand26');
    expect(decoder.push(bytesOf('2d00a2ff'))).toEqual([{ kind: 'rejected', reason: 'noise' }]);
    expect(decoder.push(bytesOf('2d00a200'))).toEqual([]);
    expect(decoder.idle()).toEqual([]);
    expect(valuesOf(decoder.push(bytesOf('2d00a200')))).toHaveLength(1);
  });
});

/** devices/facts.md 2.3: ATQA 0004, SAK 08, UID FB0EE20B. */
const card4 = bytesOf('0000ff0cf4d54b0101000408 04fb0ee20bd800');

/** An answer of the board, built by the data sheet and not by the driver. */
function answer(...data: number[]): Uint8Array {
  const body = [0xd5, ...data];
  const sum = body.reduce((total, byte) => total + byte, 0);
  return Uint8Array.of(0, 0, 0xff, body.length, (256 - body.length) & 255, ...body, (256 - (sum & 255)) & 255, 0);
}

describe('pn532-hsu', () => {
  test.each([
    ['wake', {}, '55550000000000000000000000000000ff03fdd414011700'],
    ['poll', {}, '0000ff04fcd44a0100e100'],
    ['read-block', {}, '0000ff05fbd440013004b700'],
    ['firmware', {}, '0000ff02fed4022a00'],
  ])('%s %o is %s', (command, options, hex) => {
    expect(Buffer.from(commandBytes(profileOf('pn532-hsu'), command, options)).toString('hex')).toBe(hex);
  });

  test('every documented command row is one that encode can make', () => {
    const made = ['wake', 'poll', 'read-block'].map((command) =>
      Buffer.from(commandBytes(profileOf('pn532-hsu'), command, {})).toString('hex'),
    );
    const sent = rows.filter(({ direction }) => direction === 'tx').map(({ hex }) => hex);
    expect(sent.toSorted()).toEqual(made.toSorted());
  });

  test('is woken on every connect', () => {
    expect(profileOf('pn532-hsu').startCommands).toEqual(['wake']);
  });

  test('an acknowledged question and its card are an ack and a tap', () => {
    expect(decodeAll(decoderOf('pn532-hsu', { printed: 'dec10_reversed' }), bytesOf('0000ff00ff00'), card4)).toEqual([
      { kind: 'ack', says: { ack: true } },
      tap('FB0EE20B', '0199364347', { also: { atqa: '0004', sak: 8, random: false } }),
    ]);
  });

  test('cards of seven and ten bytes are whole', () => {
    for (const length of [7, 10]) {
      const uid = Array.from({ length }, (_unused, at) => 0x10 + at);
      const events = decodeAll(decoderOf('pn532-hsu'), answer(0x4b, 1, 1, 0, 0x44, 0, length, ...uid));
      expect(events).toMatchObject([{ kind: 'tap', uid: Buffer.from(uid).toString('hex').toUpperCase() }]);
    }
  });

  test('a uid that a phone makes up is told as such and has no printed number', () => {
    const events = decodeAll(decoderOf('pn532-hsu', { printed: 'dec10' }), answer(0x4b, 1, 1, 0, 4, 8, 4, 8, 1, 2, 3));
    expect(events).toMatchObject([{ uid: '08010203', printed: null, also: { random: true } }]);
  });

  test.each([
    ['no card', answer(0x4b, 0), 'no-card'],
    ['two cards', answer(0x4b, 2, 1, 0, 4, 8, 4, 1, 2, 3, 4, 2, 0, 4, 8, 4, 5, 6, 7, 8), 'several-cards'],
    ['a uid of five bytes', answer(0x4b, 1, 1, 0, 4, 8, 5, 1, 2, 3, 4, 5), 'format'],
    ['a uid that is cut short', answer(0x4b, 1, 1, 0, 4, 8, 7, 1, 2, 3, 4), 'format'],
    ['an error of the board', bytesOf('0000ff01ff7f8100'), 'board-error'],
    ['its own command come back', bytesOf('0000ff04fcd44a0100e100'), 'foreign'],
  ])('%s is no tap', (_name, bytes, reason) => {
    const events = decodeAll(decoderOf('pn532-hsu'), bytes);
    expect(valuesOf(events)).toEqual([]);
    expect(reasonsOf(events)).toContain(reason);
    expect(decodeAll(decoderOf('pn532-hsu'), bytes, card4).at(-1)).toMatchObject({ kind: 'tap', uid: 'FB0EE20B' });
  });
});

describe('hex-line', () => {
  const uidsOf = (text: string, options: ProfileOptions = {}) =>
    valuesOf(decodeAll(decoderOf('hex-line', options), ascii(text))).map((event) =>
      event.kind === 'tap' ? event.uid : event,
    );

  test.each([
    ['5630F009\r\n', {}, ['5630F009']],
    ['\u00025630f009\u0003', {}, ['5630F009']],
    ['5630F009\r\n04A1B2C3D4E5F6\r\n', {}, ['5630F009', '04A1B2C3D4E5F6']],
    ['09F03056\r\n', { order: 'reversed' }, ['5630F009']],
    ['ME5630F009;', { strip: 'ME', delimiters: '3B' }, ['5630F009']],
    ['010063E9AE\r', { minDigits: '10', maxDigits: '10' }, ['010063E9AE']],
    ['5630F009\r', { case: 'upper' }, ['5630F009']],
    ['5630f009\r', { case: 'upper' }, []],
    ['5630F009\r', { case: 'lower' }, []],
    ['5630F009', {}, []],
    ['5630F0\r', {}, []],
    ['5630F00\r', {}, []],
    ['04A1B2C3D4\r', {}, []],
    ['5630F0099\r', { maxDigits: '9' }, []],
    ['5630 F009\r', {}, []],
    ['5630F00G\r', {}, []],
    ['XX5630F009\r', { strip: 'ME' }, []],
    [`${'0'.repeat(65)}\r`, {}, []],
  ])('%j with %o is %j', (text, options, uids) => {
    expect(uidsOf(text, options)).toEqual(uids);
  });

  test('marks its cards unchecked and prints what was declared', () => {
    const events = decodeAll(decoderOf('hex-line', { printed: 'dec10_reversed' }), ascii('5630F009\r\n'));
    expect(events).toEqual([tap('5630F009', '0166735958', { unchecked: true })]);
  });

  test('is the same for any split, and a spoiled line does not swallow the next', () => {
    const bytes = ascii('5630F009\r\nnoise\r\n\xff\xfe09F03056\r\n0B3E3636\r\n');
    const whole = decodeAll(decoderOf('hex-line'), bytes);
    expect(valuesOf(whole)).toHaveLength(2);
    for (let at = 1; at < bytes.length; at += 1) {
      expect(decodeAll(decoderOf('hex-line'), bytes.subarray(0, at), bytes.subarray(at))).toEqual(whole);
    }
  });

  test.each([
    [{ delimiters: '0' }, /delimiters/],
    [{ delimiters: '' }, /delimiters/],
    [{ delimiters: '00'.repeat(9) }, /delimiters/],
    [{ minDigits: '5' }, /minDigits/],
    [{ maxDigits: '21' }, /maxDigits/],
    [{ minDigits: '14', maxDigits: '8' }, /swap/],
    [{ order: 'backward' }, /forward/],
    [{ case: 'mixed' }, /upper/],
    [{ strip: '\u0007' }, /strip/],
  ])('%o is refused with a sentence', (options, sentence) => {
    expect(() => decoderOf('hex-line', options)).toThrow(sentence);
  });
});
