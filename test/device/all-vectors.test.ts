// Every public row of bytes, as a person would try it: what a device sends through `decode`, what it is sent out of `encode`, card
// numbers through `convert`, each by the name that the row gives its device. A list kept elsewhere is tried with DEVICE_VECTORS=FILE.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { convertTool } from '../../device/cli/convert-tool.ts';
import { decodeTool } from '../../device/cli/decode-tool.ts';
import { encodeTool } from '../../device/cli/encode-tool.ts';
import { aliases, profiles } from '../../device/drivers/index.ts';
import { osdpRows } from './drivers/osdp/osdp-rows.ts';
import { vectorRows } from './vectors.ts';
import { commands, notMade } from './vectors-commands.ts';
import { cardNumberRows, readerRows } from './vectors-readers.ts';
import { thermometerRows } from './vectors-thermometers.ts';
import { uncovered } from './vectors-uncovered.ts';

const row = z.object({
  device: z.string(),
  direction: z.enum(['rx', 'tx', 'convert']),
  hex: z.string(),
  valid: z.boolean(),
  meaning: z.record(z.string(), z.unknown()),
});
type Row = z.infer<typeof row>;

/** The copies beside this file: 172 rows, as many as the list has. */
const copied = (): Row[] => [
  ...[...vectorRows, ...readerRows, ...thermometerRows].map(({ profile, ...rest }) => ({ device: profile, ...rest })),
  ...osdpRows.map((one) => ({ ...one, valid: true })),
  ...cardNumberRows.map(({ hex, forms }) => ({
    ...{ device: 'card-number', direction: 'convert' as const, hex, valid: true },
    meaning: forms,
  })),
  ...uncovered.flatMap(({ device, rows }) =>
    rows.map(([direction, hex]) => ({ device, direction, hex, valid: true, meaning: {} })),
  ),
];
const file = process.env.DEVICE_VECTORS;
const all = file === undefined ? copied() : z.array(row).parse(JSON.parse(readFileSync(file, 'utf8')));
const isCovered = ({ device }: Row) => profiles.has(aliases.get(device) ?? device);
const received = all.filter((one) => one.direction === 'rx' && isCovered(one));
const sent = all.filter((one) => one.direction === 'tx' && isCovered(one));

async function call(tool: typeof decodeTool, ...argv: string[]): Promise<string[]> {
  const out: string[] = [];
  const err: string[] = [];
  const output = { write: (text: string) => out.push(text) > 0, once: () => undefined };
  expect(await tool(argv, output, { write: (text) => err.push(text) }), err.join('')).toBe(0);
  return out.join('').trimEnd().split('\n');
}
const objects = (lines: readonly string[]) =>
  lines.map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)));

/** A field of a meaning, as the line of `decode` has it. */
const fieldOf: Readonly<Record<string, (value: unknown) => Readonly<Record<string, unknown>>>> = {
  object_c: (objectC) => ({ objectC }),
  object: (objectC) => ({ objectC }),
  ambient_c: (ambientC) => ({ ambientC }),
  body_c: (bodyC) => ({ bodyC }),
  temperature_c: (bodyC) => ({ bodyC }),
  id5: (uid) => ({ uid }),
  uid_be: (uid) => ({ uid }),
  data24: (data) => ({ uid: Number(data).toString(16).toUpperCase() }),
  printed10: (printed) => ({ printed }),
  card_type: (cardType) => ({ cardType }),
  error: (error) => ({ error: String(error).replace(/ \(.*/, '') }),
  reply: (reply) => ({ reply: String(reply).replace(' (card)', '') }),
};
const asItIs =
  'keys emissivity object_filtered_c status timestamp type address range_max facility card batch ack echo coils inputs'
    .concat(' seq reader format bits data form scb code relay on coil')
    .split(' ');
/** What a row tells its reader and no line says. */
const beside = 'scale note rule unit mode baud event case expect target flags context scbk'.split(' ');

function meant({ meaning, device }: Row): Record<string, unknown> {
  const fields = Object.entries(meaning).map(([name, value]) => {
    const field = fieldOf[name];
    if (field) return field(value);
    if (asItIs.includes(name)) return { [name]: value };
    if (beside.includes(name)) return {};
    throw new Error(`a row of ${device} says '${name}', and nobody knows what that is in a line`);
  });
  return Object.assign({}, ...fields);
}

/** What kind of line a meaning is. */
function kindOf({ device, meaning }: Row, says: Record<string, unknown>): string {
  if (['objectC', 'ambientC', 'bodyC'].some((name) => typeof says[name] === 'number')) return 'reading';
  if (['uid', 'printed', 'facility'].some((name) => name in says)) return 'tap';
  if (device.startsWith('osdp')) {
    const { reply } = meaning;
    const isTried = 'case' in meaning;
    if (meaning.scb === 'SCS_18') return 'setting';
    if (String(reply).startsWith('RAW')) return 'tap';
    if (reply === 'KEYPAD') return 'keypad';
    if (reply === 'NAK' || String(meaning.expect).startsWith('NAK')) return 'rejected';
    return reply === 'ACK' || meaning.code === '0x40' || isTried ? 'ack' : 'setting';
  }
  if ('coils' in says || 'inputs' in says) return 'inputs';
  return 'ack' in says || 'echo' in says || 'reply' in says || 'error' in says ? 'ack' : 'setting';
}

describe('the list', () => {
  test('is whole', () => expect(all).toHaveLength(172));

  test('has no row without a profile but those that are listed with a reason', () => {
    const left = all.filter((one) => !isCovered(one) && one.device !== 'card-number');
    const known = uncovered.flatMap(({ device, rows }) =>
      rows.map(([direction, hex]) => `${device} ${direction} ${hex}`),
    );
    expect(left.map(({ device, direction, hex }) => `${device} ${direction} ${hex}`)).toEqual(known);
    for (const { device, why } of uncovered) expect(why.length, device).toBeGreaterThan(20);
  });
});

describe('decode', () => {
  const isWrong = (one: Row) => !one.valid || (one.device === 'osdp' && 'error' in one.meaning);
  test.each(received.filter((one) => !isWrong(one)))('$device $hex says what its row means', async (one) => {
    const says = meant(one);
    const declared = 'printed' in says && 'uid' in says ? ['--option', 'printed=dec10'] : [];
    const lines = objects(await call(decodeTool, '--profile', one.device, ...declared, '--hex', one.hex));
    // A board may acknowledge before it answers.
    expect(lines.at(-1)).toMatchObject(says);
    for (const line of lines) expect(line.kind).toBe(kindOf(one, says));
    expect(lines).toHaveLength(one.hex.startsWith('0000ff00ff00') && one.hex.length > 12 ? 2 : 1);
  });

  test.each(received.filter(isWrong))('$device $hex is refused', async (one) => {
    const lines = objects(await call(decodeTool, '--profile', one.device, '--hex', one.hex));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines)
      expect(line).toMatchObject({ kind: 'rejected', reason: expect.stringMatching(/^[a-z-]+$/) });
  });

  test.each(sent)('$device $hex, which is sent, is no reading and no tap', async (one) => {
    for (const line of objects(await call(decodeTool, '--profile', one.device, '--hex', one.hex))) {
      expect(['reading', 'tap', 'keypad', 'inputs']).not.toContain(line.kind);
    }
  });
});

describe('encode', () => {
  const made = new Map(commands.map(([device, hex, ...how]) => [`${device} ${hex}`, how]));
  test.each(sent.filter(({ device, hex }) => !notMade.has(`${device} ${hex}`)))('makes $device $hex', async (one) => {
    const [command = '', ...options] = made.get(`${one.device} ${one.hex}`) ?? [];
    const argv = ['--profile', one.device, '--command', command, ...options.flatMap((pair) => ['--option', pair])];
    expect(await call(encodeTool, ...argv)).toEqual([one.hex]);
  });

  test('is excused only from rows that there are', () => {
    const rows = new Set(sent.map(({ device, hex }) => `${device} ${hex}`));
    for (const name of notMade.keys()) expect(rows.has(name), name).toBe(true);
  });
});

test.each(
  all.filter(({ device }) => device === 'card-number'),
)('convert prints all that $hex is printed as', async (one) => {
  const { note: _note, rule: _rule, ...forms } = one.meaning;
  expect(objects(await call(convertTool, '--uid', one.hex))).toMatchObject([forms]);
});
