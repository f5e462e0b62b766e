// convert as a person calls it: one JSON object with every printed form, and one sentence for every mistake.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { convertTool } from '../../device/cli/convert-tool.ts';
import { conversions } from '../../src/domain/card-number.ts';
import { cardNumberRows } from './vectors-readers.ts';

async function convert(...argv: string[]) {
  const printed: string[] = [];
  const errors: string[] = [];
  const output = { write: (text: string) => printed.push(text) > 0, once: () => undefined };
  const code = await convertTool(argv, output, { write: (text) => errors.push(text) });
  return { code, out: printed.join(''), err: errors.join('') };
}

test.each(cardNumberRows)('$hex prints every form that its source prints', async ({ hex, forms }) => {
  const { code, out, err } = await convert('--uid', hex);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(out)).toMatchObject({ uid: hex.toUpperCase(), ...forms });
});

test.each([
  [['--uid', '56'], /3 .*16/],
  [['--uid', '5630F0091'], /3 .*16/],
  [['--uid', 'card'], /3 .*16/],
  [[], /--uid/],
  [['--card', '5630F009'], /--card/],
])('%j is refused with one sentence and nothing printed', async (argv, sentence) => {
  const { code, out, err } = await convert(...argv);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(sentence);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
});

test('the table of printed numbers in docs/devices.md is what convert prints', async () => {
  const page = readFileSync(new URL('../../docs/devices.md', import.meta.url), 'utf8');
  const lines = page.split('\n');
  const head = lines.findIndex((line) => line.startsWith('| `printed` |'));
  const table = lines.slice(head, lines.indexOf('', head)).map((line) => line.split('|').map((cell) => cell.trim()));
  const uids = table[0]?.slice(3, 5) ?? [];
  expect(uids).toHaveLength(2);
  const told = new Set<string>();
  for (const [, names = '', , ...cells] of table.slice(2)) {
    const forms = [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    for (const name of forms) told.add(name);
    for (const [at, uid] of uids.entries()) {
      const printed: unknown = JSON.parse((await convert('--uid', uid)).out);
      const expected = forms.map((name) => Reflect.get(Object(printed), name) ?? '–').join(', ');
      expect(cells[at], `${names} of ${uid}`).toBe(expected);
    }
  }
  expect([...told].toSorted()).toEqual([...conversions].toSorted());
});
