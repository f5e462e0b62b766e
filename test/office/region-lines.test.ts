// What the office types becomes the list of regions, or one sentence says what is wrong in which line.
import { describe, expect, it } from 'vitest';
import { limits } from '../../src/contracts/region.ts';
import { regionsRequest } from '../../src/contracts/region-request.ts';
import { linesOf, readLines } from '../../src/office/region-lines.ts';

const list = [
  { zh: '武汉', en: 'Wuhan' },
  { zh: '境外 某地', en: '' },
];

describe('the typed list', () => {
  it.each([
    ['as it is shown again', linesOf(list)],
    ['with a full-width bar and blanks', '  武汉｜ Wuhan \r\n\r\n境外 某地｜'],
    ['of two columns of a spreadsheet', '武汉\tWuhan\n境外 某地\t\n'],
    ['with what a chat puts between', '\ufeff武汉\u200b|Wuhan\n\u200b\n境外 某地'],
  ])('%s is the list', (_how, typed) => {
    const read = readLines(typed);
    expect(read).toEqual({ regions: list });
    expect(regionsRequest.safeParse(read).success).toBe(true);
  });

  it('may be empty', () => expect(readLines(' \n\n | \n')).toEqual({ regions: [] }));

  const long = '省'.repeat(limits.nameChars);
  it.each([
    ['武汉|Wuhan|x', { why: 'parts', line: 1, name: '武汉' }],
    ['武汉\n|Wuhan', { why: 'nameless', line: 2, name: 'Wuhan' }],
    [`\n${long}\n${long}省`, { why: 'long', line: 3, name: `${long}省` }],
    [`武汉 | ${'x'.repeat(limits.nameChars + 1)}`, { why: 'long', line: 1, name: '武汉' }],
    ['武\u0007汉', { why: 'characters', line: 1, name: '武\u0007汉' }],
    ['武汉\n\n武汉 | Wuhan', { why: 'twice', line: 3, name: '武汉' }],
    [
      Array.from({ length: limits.regions + 1 }, (_, n) => `地区${n}`).join('\n'),
      { why: 'many', count: limits.regions + 1 },
    ],
  ])('%j says what is wrong', (typed, fault) => expect(readLines(typed)).toEqual({ fault }));

  it('of 60 names of 40 characters is taken', () => {
    const typed = Array.from({ length: limits.regions }, (_, n) => String(n).padStart(limits.nameChars, '省')).join(
      '\n',
    );
    expect(readLines(typed)).toMatchObject({ regions: { length: limits.regions } });
  });
});
