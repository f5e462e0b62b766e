// The line profile: decimal text to hundredths, limits, error words, and lines that a wire can spoil.
import { describe, expect, test } from 'vitest';
import { centiOfText } from '../../../device/drivers/decimal.ts';
import type { ProfileOptions } from '../../../device/drivers/driver.ts';
import { profileOf } from '../../../device/drivers/index.ts';
import { ascii, bytesOf, decodeAll, reasonsOf, valuesOf } from '../byte-tools.ts';

const line = (options: ProfileOptions = {}) => profileOf('line').decoder(options);
const objects = (text: string, options: ProfileOptions = {}) =>
  valuesOf(decodeAll(line(options), ascii(text))).map((event) => (event.kind === 'reading' ? event.objectCenti : null));

describe('decimal text', () => {
  test.each([
    ['36.5', 'C', 3_650],
    ['+36.55', 'C', 3_655],
    ['-0.4', 'C', -40],
    ['36,7', 'C', 3_670],
    ['020.0', 'C', 2_000],
    ['37.245', 'C', 3_725],
    ['37.2449', 'C', 3_724],
    ['0.29', 'C', 29],
    ['-0.005', 'C', 0],
    ['98.6', 'F', 3_700],
    ['32', 'F', 0],
    ['-40', 'F', -4_000],
    ['99.14', 'F', 3_730],
    ['99.1', 'F', 3_728],
  ] as const)('%s %s is %i hundredths', (text, unit, centi) => {
    expect(centiOfText(text, unit)).toBe(centi);
    expect(Object.is(centiOfText(text, unit), -0)).toBe(false);
  });

  test.each([
    '',
    '.',
    '36.',
    '.5',
    '3 6',
    '1e3',
    '0x10',
    '36.5.1',
    '--1',
    '12345',
    'NaN',
    '36.12345',
  ])('%j is no temperature', (text) => expect(centiOfText(text, 'C')).toBeNull());

  test('every hundredth comes back as itself', () => {
    for (let centi = -5_000; centi <= 15_000; centi += 1) {
      const size = Math.abs(centi);
      const text = `${centi < 0 ? '-' : ''}${Math.floor(size / 100)}.${String(size % 100).padStart(2, '0')}`;
      expect(centiOfText(text, 'C') === centi, text).toBe(true);
    }
  });
});

describe('line', () => {
  test('a reading says that nothing vouches for it', () => {
    expect(decodeAll(line(), ascii('36.5\r\n'))).toEqual([
      { kind: 'reading', objectCenti: 3_650, ambientCenti: null, bodyCenti: null, unchecked: true },
    ]);
    expect(decodeAll(line({ value: 'body' }), ascii('36.5\r\n'))).toEqual([
      { kind: 'reading', objectCenti: null, ambientCenti: null, bodyCenti: 3_650, unchecked: true },
    ]);
  });

  test.each([
    '36.5\n36.6\n',
    '36.5\r36.6\r',
    '36.5\r\n36.6\r\n',
    '\r\n\r\n36.5\n\n36.6\r\n',
  ])('lines end with LF, CR or both: %j', (text) => expect(objects(text)).toEqual([3_650, 3_660]));

  test.each([
    ['!T020.0\r\n', { pattern: '!T([0-9.]+)' }, 2_000],
    ['!001T=99.9\r\n', { pattern: '!\\d*T=([0-9.]+)' }, 9_990],
    ['OS534; E:95; IR:73; CF:0; FF:1\n', { pattern: 'IR:\\s*(-?\\d+)', unit: 'F' }, 2_278],
    ['TO=36.80,TA=22.10\n', { pattern: 'TO=([-+0-9.]+),' }, 3_680],
    ['  1.5\r\n', {}, 150],
    ['-11.2\r\n', {}, -1_120],
    ['121.1\r\n', {}, 12_110],
    ['T body = 36.71 \xb0C\n', { pattern: '= *(\\d+\\.\\d+)' }, 3_671],
    ['36.71 \xe2\x84\x83\n', { pattern: '(\\d+\\.\\d+)' }, 3_671],
    ['36.71\xa1\xe6\n', { pattern: '(\\d+\\.\\d+)' }, 3_671],
    ['37\n', { pattern: '^(\\d+)$' }, 3_700],
  ] as const)('%j with %o', (text, options, centi) => {
    expect(objects(text, options)).toEqual([centi]);
  });

  test('limits are inclusive, and in degrees Celsius whatever the unit', () => {
    const limits = { minC: '30', maxC: '43' };
    expect(objects('30.0\n43.00\n', limits)).toEqual([3_000, 4_300]);
    expect(reasonsOf(decodeAll(line(limits), ascii('29.99\n43.01\n')))).toEqual(['out-of-range', 'out-of-range']);
    expect(objects('98.6\n', { ...limits, unit: 'F' })).toEqual([3_700]);
    expect(objects('36.6\n', { ...limits, unit: 'F' })).toEqual([]);
  });

  test('an error word makes no reading, even beside a number', () => {
    expect(reasonsOf(decodeAll(line(), ascii('Err.1\r\nErr.3\r\n')))).toEqual(['error-word', 'error-word']);
    const options = { pattern: '(\\d+\\.\\d)', errors: 'LOW BAT|OL,HI' };
    expect(reasonsOf(decodeAll(line(options), ascii('36.5 low bat\n36.5 OL\n36.5 Hi\n')))).toEqual([
      'error-word',
      'error-word',
      'error-word',
    ]);
    expect(objects('36.5\n', options)).toEqual([3_650]);
  });

  test.each([
    ['136.5\n', '([0-9]{2}\\.[0-9])'],
    ['36.55\n', '(\\d+\\.\\d)'],
    ['-36.5\n', '(\\d+\\.\\d)'],
    ['\xb36.5\n', '(\\d+\\.\\d)'],
    ['36.5.5\n', '(\\d+\\.\\d)'],
    ['3\x006.5\n', '(\\d+\\.\\d)'],
  ])('%j is no reading by %s: the number goes on outside of it', (text, pattern) => {
    expect(objects(text, { pattern })).toEqual([]);
  });

  test('a noise byte spoils its own line only', () => {
    expect(objects('36.5\xe2\n36.6\n')).toEqual([3_660]);
    expect(valuesOf(decodeAll(line(), bytesOf('b3 b6 2e b5 0a')))).toEqual([]);
  });

  test('an unfinished line is dropped by silence and never joined to the next', () => {
    const decoder = line({ pattern: 'TO=([0-9.]+)' });
    expect(decoder.push(ascii('TO=3'))).toEqual([]);
    expect(decoder.idle()).toEqual([{ kind: 'rejected', reason: 'truncated' }]);
    expect(valuesOf(decoder.push(ascii('6.80\n')))).toEqual([]);
  });

  test('a line without end is one refusal and holds 256 bytes', () => {
    const decoder = line();
    for (let round = 0; round < 50; round += 1) {
      expect(decoder.push(ascii('3'.repeat(1_000)))).toEqual([]);
      expect(decoder.held()).toBeLessThanOrEqual(256);
    }
    expect(decoder.push(ascii('\n36.5\n'))).toEqual([
      { kind: 'rejected', reason: 'overflow' },
      expect.objectContaining({ objectCenti: 3_650 }),
    ]);
  });

  test.each([
    [{ pattern: '(' }],
    [{ pattern: '\\d+' }],
    [{ pattern: '(\\d+)\\.(\\d+)' }],
    [{ pattern: '((?:\\d+)+)x' }],
    [{ pattern: '(?:a|a)*(\\d)' }],
    [{ pattern: '(\\d+)\\1' }],
    [{ pattern: '(?=\\d)(\\d)' }],
    [{ pattern: '.*.*.*.*.*(\\d)x' }],
    [{ pattern: '(\\d+)\\d+\\d+\\d+\\d+x' }],
    [{ pattern: `(${'a'.repeat(200)})` }],
    [{ unit: 'K' }],
    [{ minC: 'low' }],
    [{ minC: '40', maxC: '30' }],
    [{ value: 'ambient' }],
    [{ patern: '(\\d)' }],
  ])('%o is refused with a sentence in both languages', (options) => {
    expect(() => line(options as ProfileOptions)).toThrow(RangeError);
    expect(() => line(options as ProfileOptions)).toThrow(/[\u4e00-\u9fff].* \| .*[.]$/);
  });

  test('a pattern with many honest repeats is taken', () => {
    const pattern = '^\\s*T\\s*=\\s*([+-]?\\d+\\.\\d+)\\s*C?\\s*$';
    expect(objects(' T = 36.5 C \n', { pattern })).toEqual([3_650]);
  });
});
