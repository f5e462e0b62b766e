// convert as a person calls it: one JSON object with every printed form, and one sentence for every mistake.
import { expect, test } from 'vitest';
import { convertTool } from '../../device/cli/convert-tool.ts';
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
