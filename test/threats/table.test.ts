// The table of threats in docs/reliability.md is no promise on paper: every file that it names is there and holds every title
// that it names, and every threat has a row.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../kit/programs.ts';

const text = readFileSync(join(root, 'docs', 'reliability.md'), 'utf8');
const section = text.slice(text.indexOf('\n## Threats'));
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| threat'))
  .map((line) => line.split(/(?<!\\) \| /).map((cell) => cell.replace(/^\| | \|$/g, '')));

/** A path between backticks with the titles behind it, each between double quotes. */
function testsIn(cell: string): { path: string; titles: string[] }[] {
  return [...cell.matchAll(/`([^`]+)`((?:,? "[^"]+")*)/g)].map(([, path = '', titles = '']) => ({
    path,
    titles: [...titles.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? ''),
  }));
}
const named = rows.flatMap(([threat = '', , shown = '']) =>
  testsIn(shown)
    .filter(({ path }) => path.startsWith('test/'))
    .map((one) => ({ threat, ...one })),
);

test('the table has every threat, each with its control and with a test or a word why there is none', () => {
  expect(rows.map(([threat]) => threat).length).toBeGreaterThanOrEqual(12);
  for (const row of rows) {
    expect(row, row[0]).toHaveLength(3);
    expect(
      testsIn(row[2] ?? '').some(({ path }) => path.startsWith('test/')) || /by hand|\*Open\*/.test(row[2] ?? ''),
      row[0],
    ).toBe(true);
  }
});

test.each(named)('$path has the titles that stand for: $threat', ({ path, titles }) => {
  const source = readFileSync(join(root, path), 'utf8');
  expect(titles.length).toBeGreaterThan(0);
  const missing = titles.filter(
    (title) => !new RegExp(`\\b(?:test|it)\\b[\\s\\S]{0,4000}?['\`]${escaped(title)}['\`]`).test(source),
  );
  expect(missing).toEqual([]);
});

function escaped(title: string): string {
  return title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
