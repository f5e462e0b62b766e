// What each family of devices does beyond the public rows: signs, modes, variants, cut frames, printed numbers.
import { describe, expect, test } from 'vitest';
import { profileOf } from '../../../device/drivers/index.ts';
import { rdm6300Frame } from '../../../device/simulator/players/reader-speech.ts';
import { gyMcu90614Frame } from '../../../device/simulator/players/thermometer-speech.ts';
import { ascii, bytesOf, decodeAll, join, reasonsOf, valuesOf } from '../byte-tools.ts';

const gy = () => profileOf('gy-mcu90614').decoder({});
const lu = () => profileOf('lu90614').decoder({});
const reading = (objectCenti: number, ambientCenti: number) => ({
  kind: 'reading',
  objectCenti,
  ambientCenti,
  bodyCenti: null,
});
const flipped = (bytes: Uint8Array, at: number) => bytes.map((byte, index) => (index === at ? byte ^ 0x01 : byte));

describe('gy-mcu90614', () => {
  test.each([
    [-1, -4_000],
    [0, 0],
    [32_767, 12_500],
    [-32_768, -1],
    [0x5a5a, 0x0a5a],
    [0x455a, 0x045a],
  ])('reads object %i and ambient %i hundredths, header bytes in the values and all', (object, ambient) => {
    const frame = gyMcu90614Frame(object, ambient);
    expect(decodeAll(gy(), frame, frame)).toEqual([reading(object, ambient), reading(object, ambient)]);
  });

  test.each([0x00, 0x5a, 0xff, 0x45])('a tenth byte %i behind each frame costs nothing', (tenth) => {
    const frame = join(gyMcu90614Frame(3_600, 2_600), Uint8Array.of(tenth));
    expect(decodeAll(gy(), frame, frame, frame)).toEqual([
      reading(3_600, 2_600),
      reading(3_600, 2_600),
      reading(3_600, 2_600),
    ]);
  });

  test('one flipped bit anywhere loses that frame alone', () => {
    const frame = gyMcu90614Frame(3_650, 2_200);
    for (let at = 0; at < frame.length; at += 1) {
      const events = decodeAll(gy(), frame, flipped(frame, at), frame);
      expect(valuesOf(events), `bit in byte ${at}`).toEqual([reading(3_650, 2_200), reading(3_650, 2_200)]);
      expect(reasonsOf(events), `bit in byte ${at}`).toHaveLength(1);
    }
  });

  test('a good frame that begins inside a bad one is found', () => {
    const frame = gyMcu90614Frame(3_700, 2_300);
    for (let cut = 1; cut < frame.length; cut += 1) {
      expect(valuesOf(decodeAll(gy(), frame.subarray(0, cut), frame)), `cut at ${cut}`).toEqual([
        reading(3_700, 2_300),
      ]);
    }
  });

  test('an ambient that the sensor cannot have is no reading, whatever the sum says', () => {
    for (const ambient of [-4_001, 12_501, 0x5a5a, 0x4504, 0x5a45]) {
      const events = decodeAll(gy(), gyMcu90614Frame(3_650, ambient), gyMcu90614Frame(3_650, 2_200));
      expect(valuesOf(events), `${ambient}`).toEqual([reading(3_650, 2_200)]);
    }
  });

  test('a cut frame with a whole one behind it never becomes a third temperature', () => {
    for (let object = 3_400; object < 4_000; object += 1) {
      const frame = gyMcu90614Frame(object, 2_345);
      for (let cut = 1; cut < frame.length; cut += 1) {
        for (const event of decodeAll(gy(), frame.subarray(0, cut), frame)) {
          if (event.kind === 'reading') expect(event.objectCenti).toBe(object);
        }
      }
    }
  });

  test('frames of other boards with the same head are foreign', () => {
    const colour = bytesOf('5a5a450311223362');
    const weather = bytesOf('5a5a450a09c4009a5f10123400102f');
    const events = decodeAll(gy(), colour, weather, gyMcu90614Frame(3_650, 2_200));
    expect(events).toEqual([
      { kind: 'rejected', reason: 'foreign' },
      { kind: 'rejected', reason: 'foreign' },
      reading(3_650, 2_200),
    ]);
  });

  test('a half frame is dropped by silence and is no start for the next bytes', () => {
    const decoder = gy();
    const frame = gyMcu90614Frame(3_650, 2_200);
    expect(decoder.push(frame.subarray(0, 5))).toEqual([]);
    expect(decoder.idle()).toEqual([{ kind: 'rejected', reason: 'truncated' }]);
    expect(decoder.held()).toBe(0);
    expect(valuesOf(decoder.push(frame.subarray(5)))).toEqual([]);
    expect(decoder.idle()).toEqual([]);
    expect(decoder.idle()).toEqual([]);
  });
});

describe('lu90614', () => {
  const frame = (kind: number, whole: number, part: number, filler = 0) => {
    const bytes = [0xfe, kind, whole, part, 0, 0, filler, 0];
    return Uint8Array.from([...bytes, bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0)]);
  };

  test('hundredths are hundredths: 24 05 is 36.05', () => {
    expect(decodeAll(lu(), frame(0xac, 0x24, 0x05))).toEqual([
      { kind: 'reading', objectCenti: null, ambientCenti: null, bodyCenti: 3_605 },
    ]);
    expect(decodeAll(lu(), frame(0xaa, 0x24, 0x05))).toEqual([
      { kind: 'reading', objectCenti: 3_605, ambientCenti: null, bodyCenti: null },
    ]);
  });

  test.each([
    [0xff, 0xff],
    [0xff, 0x00],
    [0x24, 100],
    [0x24, 0xff],
  ])('%i %i is no temperature, but the board lives', (whole, part) => {
    expect(decodeAll(lu(), frame(0xac, whole, part))).toEqual([
      { kind: 'rejected', reason: 'out-of-range', alive: true },
    ]);
  });

  test('an unknown kind or a filler that is not zero is refused although the sum is right', () => {
    expect(valuesOf(decodeAll(lu(), frame(0xab, 0x24, 0x05), frame(0xaa, 0x24, 0x05, 1)))).toEqual([]);
    expect(valuesOf(decodeAll(lu(), frame(0xaa, 0x24, 0x05, 1), frame(0xaa, 0x24, 0x05)))).toHaveLength(1);
  });
});

describe('readers of EM4100 cards', () => {
  const rdm = (options = {}) => profileOf('rdm6300').decoder(options);
  const good = rdm6300Frame('010063E9AE');

  test('the printed number is the four last bytes as ten digits, unless the options say none', () => {
    expect(decodeAll(rdm(), good)).toEqual([{ kind: 'tap', uid: '010063E9AE', printed: '0006547886' }]);
    expect(decodeAll(rdm({ printed: 'none' }), good)).toEqual([{ kind: 'tap', uid: '010063E9AE', printed: null }]);
    expect(decodeAll(rdm(), rdm6300Frame('FFFFFFFFFF'))).toEqual([
      { kind: 'tap', uid: 'FFFFFFFFFF', printed: '4294967295' },
    ]);
  });

  test('lower-case digits are the same card', () => {
    expect(decodeAll(rdm(), ascii('\x02010063e9ae25\x03'))).toEqual(decodeAll(rdm(), good));
  });

  test.each([
    ['a character that is no digit', '\x02010063E9AG25\x03', 'digit'],
    ['a character just outside the digits', '\x020100:3E9AE25\x03', 'digit'],
    ['a wrong sum', '\x02010063E9AE26\x03', 'checksum'],
    ['no end', '\x02010063E9AE25\x04', 'length'],
    ['a frame that begins anew', '\x02010063\x02', 'length'],
  ])('%s is refused and the next frame is read', (_name, text, reason) => {
    const events = decodeAll(rdm(), ascii(text), good);
    expect(valuesOf(events)).toHaveLength(1);
    expect(reasonsOf(events)[0]).toBe(reason);
  });

  test('frames of a sibling are not read', () => {
    const id12 = ascii('\x020C000621A58E\r\n\x03');
    expect(valuesOf(decodeAll(rdm(), id12))).toEqual([]);
    expect(valuesOf(decodeAll(profileOf('id-12la').decoder({}), good))).toEqual([]);
  });

  test('an EM-18 number that breaks off is dropped by silence', () => {
    const decoder = profileOf('em-18').decoder({});
    expect(decoder.push(ascii('4500C5D1E9B'))).toEqual([]);
    expect(decoder.idle()).toEqual([{ kind: 'rejected', reason: 'truncated' }]);
    expect(valuesOf(decoder.push(ascii('4500C5D1E9B8')))).toHaveLength(1);
  });

  test('a bad EM-18 number with a good one glued behind it gives the good one, never a rotation of it', () => {
    const card = '4500C5D1E9B8';
    for (let at = 0; at < card.length; at += 1) {
      const bad = [...card].map((char, index) => (index === at ? (char === 'A' ? 'B' : 'A') : char)).join('');
      for (const cut of [1, 2, 5, 6, 11, 12]) {
        const events = decodeAll(profileOf('em-18').decoder({}), ascii(bad.slice(0, cut) + card));
        const uids = valuesOf(events).map((event) => (event.kind === 'tap' ? event.uid : null));
        if (cut > at) expect(uids, `${bad} cut at ${cut}`).toEqual(['4500C5D1E9']);
      }
    }
  });

  test('an EM-18 number with a wrong sum is one refusal', () => {
    expect(decodeAll(profileOf('em-18').decoder({}), ascii('4500C5D1E9B9'))[0]).toEqual({
      kind: 'rejected',
      reason: 'checksum',
    });
  });
});

describe('hid-wedge', () => {
  const wedge = () => profileOf('hid-wedge').decoder({});
  test.each([
    ['0006547886\r', '0006547886'],
    ['0006547886\r\n', '0006547886'],
    ['080,35121\n', '080,35121'],
    ['010063E9AE\r', '010063E9AE'],
  ])('%j is the number %s', (keys, printed) => {
    expect(decodeAll(wedge(), ascii(keys))).toEqual([{ kind: 'tap', uid: null, printed }]);
  });

  test.each(['123\r', '00065x47886\r', `${'1'.repeat(41)}\r`, '0006547886'])('%j is no card', (keys) => {
    const events = decodeAll(wedge(), ascii(keys));
    expect(valuesOf(events)).toEqual([]);
    expect(reasonsOf(events)).toHaveLength(1);
  });
});
