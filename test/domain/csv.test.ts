// Exported cells are text: no spreadsheet takes one for a formula, and reading the file gives back what was written.
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvText, guarded } from '../../src/domain/csv.ts';

it.each([
  ['=HYPERLINK("http://x","y")', true],
  ['+1+1', true],
  ['-2+3', true],
  ['@SUM(A1)', true],
  ['  =1', true],
  ['\t=1', true],
  ['\r=1', true],
  ['＝1+1', true],
  ['\ufeff=1', true],
  ['张三', false],
  ['3-402', false],
  ['0006547886', false],
  ["'=1", false],
  ['', false],
])('guards %j: %s', (cell, isGuarded) => expect(guarded(cell)).toBe(isGuarded ? `'${cell}` : cell));

it('writes a byte order mark, CRLF and numbers as numbers', () =>
  expect(
    csvText([
      ['学号', 'n'],
      ['=1', -3],
      [null, 'a,"b"\n'],
    ]),
  ).toBe('\ufeff学号,n\r\n"\'=1",-3\r\n,"a,""b""\n"\r\n'));

it('reads back as it was written, each cell harmless', () => {
  const cell = fc.oneof(fc.string(), fc.constantFrom('=', '+1', '-1', '@x', '"', "'", '\n=1', ';=1', '\t', ''));
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 4 }), (rows) => {
      const back: string[][] = parse(csvText(rows), { bom: true, relax_column_count: true, record_delimiter: '\r\n' });
      expect(back).toEqual(rows.map((row) => row.map(guarded)));
      for (const one of back.flat()) expect(/^\s*[=+\-@]/.test(one)).toBe(false);
    }),
  );
});
