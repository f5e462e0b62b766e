// A pasted column is looked at before it is entered: whose value, which value, what is wrong; formulas stay text.
import { expect, it } from 'vitest';
import { findPeople } from '../../src/rounds/find-people.ts';
import { limits, pastedRows, tenthsIn } from '../../src/rounds/pasted-column.ts';

const beds = [
  { personId: '2019001', name: '王一', room: '101', pinyin: 'wang yi wy' },
  { personId: '2019002', name: '李二', room: '101', pinyin: 'li er le' },
  { personId: '2019003', name: '王一', room: '102', pinyin: 'wang yi wy' },
];
const rows = (text: string) => pastedRows(text, beds, beds).rows.map((row) => [row.personId, row.tenths, row.state]);

it.each([
  ['36.4', 364],
  ['364', 364],
  ['36.40', 364],
  ['36.4°C', 364],
  ['36.4 C', 364],
  ['37.25', null],
  ['36', null],
  ['=36.4', null],
  ['=HYPERLINK("http://x","36.4")', null],
  ['+364', null],
  ['2019001', null],
  ['', null],
])('%s reads as %s', (cell, tenths) => expect(tenthsIn(cell)).toBe(tenths));

it('takes beds in order, leaves out the bed of an empty line, and none for a heading', () => {
  expect(rows('体温\n36.4\n\n３６．６℃\n')).toEqual([
    [null, null, 'no-value'],
    ['2019001', 364, 'good'],
    ['2019002', null, 'no-value'],
    ['2019003', 366, 'good'],
  ]);
});

it('believes a student number or an unambiguous name over the order, and shows whoever comes twice', () => {
  expect(rows('2019003\t王一\t36.5\n李二\t36.6\n2019003\t36.7')).toEqual([
    ['2019003', 365, 'good'],
    ['2019002', 366, 'good'],
    ['2019003', 367, 'twice'],
  ]);
  expect(rows('王一\t36.5')).toEqual([['2019001', 365, 'good']]);
});

it('shows rows beyond the last bed, and cuts what is far too long', () => {
  expect(rows('36.1\n36.2\n36.3\n36.4').at(-1)).toEqual([null, 364, 'no-person']);
  const many = pastedRows(
    Array(limits.rows + 3)
      .fill('36.5')
      .join('\n'),
    beds,
    beds,
  );
  expect(many.rows).toHaveLength(limits.rows);
  expect(many.cut).toBe(3);
  const formula = pastedRows(`=cmd|'/c calc'!A0\t36.4`, beds, beds).rows[0];
  expect(formula).toMatchObject({ text: "=cmd|'/c calc'!A0 36.4", tenths: 364 });
});

it('finds by initials, name, student number and room, those that begin so first', () => {
  const found = (text: string) => findPeople(beds, text).map((one) => one.personId);
  expect(found('wy')).toEqual(['2019001', '2019003']);
  expect(found('王')).toEqual(['2019001', '2019003']);
  expect(found('wangy')).toEqual(['2019001', '2019003']);
  expect(found('9002')).toEqual(['2019002']);
  expect(found('102')).toEqual(['2019003']);
  expect(found(' ')).toEqual([]);
});
