// What the office types becomes the list of regions, or one sentence says what is wrong in which line.
import { describe, expect, it } from 'vitest';
import { regionsRequest } from '../../src/contracts/list-request.ts';
import { limits } from '../../src/contracts/region.ts';
import { carriedOver, linesOf, readLines } from '../../src/office/region-lines.ts';

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
    expect(regionsRequest.safeParse({ ...read, was: list }).success).toBe(true);
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

describe('two offices at one list', () => {
  const of = (...names: string[]) => names.map((name) => ({ zh: name.slice(0, 2), en: name.slice(2) }));
  it.each([
    ['each adds one', of('武汉', '温州'), of('武汉', '信阳'), of('武汉', '信阳', '温州')],
    ['one takes out, one adds', of(), of('武汉', '信阳'), of('信阳')],
    ['one adds, the other takes out', of('武汉', '温州'), of(), of('温州')],
    ['each takes out', of(), of(), of()],
    ['both add the same', of('武汉', '信阳x'), of('武汉', '信阳y'), of('武汉', '信阳x')],
    ['one names it in English, the other adds', of('武汉Wuhan'), of('武汉', '信阳'), of('武汉Wuhan', '信阳')],
    ['one names it in English, the other takes it out', of('武汉Wuhan'), of(), of('武汉Wuhan')],
    ['nothing was typed', of('武汉'), of('信阳'), of('信阳')],
  ])('%s', (_what, mine, now, both) => {
    expect(carriedOver(of('武汉'), mine, now)).toEqual(both);
  });
});
