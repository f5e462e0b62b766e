// decode and encode as a person calls them: lines of JSON, hex, and one sentence for every mistake.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { decodeTool } from '../../device/cli/decode-tool.ts';
import { encodeTool } from '../../device/cli/encode-tool.ts';
import { lineOfEvent } from '../../device/cli/event-line.ts';
import { noiseBytes, seeded } from './byte-tools.ts';
import { vectorRows } from './vectors.ts';

const folder = mkdtempSync(join(tmpdir(), 'mengang-tools-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Tool = typeof decodeTool;
async function call(tool: Tool, ...argv: string[]) {
  const printed: string[] = [];
  const errors: string[] = [];
  const output = { write: (text: string) => printed.push(text) > 0, once: () => undefined };
  const code = await tool(argv, output, { write: (text) => errors.push(text) });
  const out = printed.join('');
  return { code, lines: out === '' ? [] : out.trimEnd().split('\n'), err: errors.join('') };
}
const decode = (...argv: string[]) => call(decodeTool, ...argv);
const encode = (...argv: string[]) => call(encodeTool, ...argv);

describe('decode', () => {
  test.each([
    ['gy-mcu90614', '5a5a45040c780d19a7', '{"kind":"reading","objectC":31.92,"ambientC":33.53,"bodyC":null}'],
    ['gy-mcu90614', '5A 5A 45 04 0C 78 0D 19 A7', '{"kind":"reading","objectC":31.92,"ambientC":33.53,"bodyC":null}'],
    ['gy-mcu90614', '5a5a45040e100a284d00', '{"kind":"reading","objectC":36,"ambientC":26,"bodyC":null}'],
    ['lu90614', 'feac281e00000000f0', '{"kind":"reading","objectC":null,"ambientC":null,"bodyC":40.3}'],
    ['lu90614', 'feacffff00000000a8', '{"kind":"rejected","reason":"out-of-range"}'],
    ['rdm6300', '0230313030363345394145323503', '{"kind":"tap","uid":"010063E9AE"}'],
    ['rdm6300', '0231303030323646343434323603', '{"kind":"rejected","reason":"checksum"}'],
    ['hid-wedge', '303030363534373838360d', '{"kind":"tap","printed":"0006547886"}'],
    ['line', '33362e350d0a', '{"kind":"reading","objectC":36.5,"ambientC":null,"bodyC":null,"unchecked":true}'],
  ])('%s %s prints %s', async (profile, hex, line) => {
    expect(await decode('--profile', profile, '--hex', hex)).toEqual({ code: 0, lines: [line], err: '' });
  });

  test('every public row of these profiles prints what it should', async () => {
    const rows = vectorRows.filter((row) => row.direction === 'rx');
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) {
      const { code, lines } = await decode('--profile', row.profile, '--hex', row.hex);
      expect(code).toBe(0);
      const values = lines.filter((line) => !line.includes('"rejected"'));
      expect(values.length, row.hex).toBe(row.valid ? 1 : 0);
    }
  });

  test('a repeated frame is printed each time: debounce is not the decoder’s', async () => {
    const hex = '0230313030363345394145323503'.repeat(3);
    expect((await decode('--profile', 'rdm6300', '--hex', hex)).lines).toHaveLength(3);
  });

  test('options may be given again and again, and may hold an equals sign', async () => {
    const options = ['pattern=TO=([0-9.]+)', 'unit=F', 'minC=30', 'maxC=43'].flatMap((pair) => ['--option', pair]);
    const hex = Buffer.from('TO=98.6\n').toString('hex');
    expect((await decode('--profile', 'line', ...options, '--hex', hex)).lines).toEqual([
      '{"kind":"reading","objectC":37,"ambientC":null,"bodyC":null,"unchecked":true}',
    ]);
  });

  test('a capture file is read to its end, in pieces, and a short last frame is told', async () => {
    const file = join(folder, 'capture.bin');
    const frame = Buffer.from('5a5a45040c780d19a7', 'hex');
    writeFileSync(file, Buffer.concat([...Array.from({ length: 20_000 }, () => frame), frame.subarray(0, 5)]));
    const { code, lines } = await decode('--profile', 'gy-mcu90614', '--file', file);
    expect(code).toBe(0);
    expect(lines).toHaveLength(20_001);
    expect(lines.at(-1)).toBe('{"kind":"rejected","reason":"truncated"}');
  });

  test('a slow reader is waited for', async () => {
    const file = join(folder, 'noise.bin');
    writeFileSync(file, noiseBytes(100_000, seeded(1)));
    let waits = 0;
    const output = {
      write: () => false,
      once: (_event: 'drain', listener: () => void) => {
        waits += 1;
        queueMicrotask(listener);
      },
    };
    expect(await decodeTool(['--profile', 'rdm6300', '--file', file], output, { write: () => true })).toBe(0);
    expect(waits).toBeGreaterThan(0);
  });

  test.each([
    [['--hex', '5a']],
    [['--profile', 'nonsense', '--hex', '5a']],
    [['--profile', 'rdm6300']],
    [['--profile', 'rdm6300', '--hex', '5a', '--file', 'x']],
    [['--profile', 'rdm6300', '--hex', '5a5']],
    [['--profile', 'rdm6300', '--hex', '5g']],
    [['--profile', 'rdm6300', '--hex', '']],
    [['--profile', 'rdm6300', '--file', '/nonexistent/capture.bin']],
    [['--profile', 'rdm6300', '--file', '/']],
    [['--profile', 'rdm6300', '--file', '']],
    [['--profile', 'rdm6300', '--option', 'printed', '--hex', '5a']],
    [['--profile', 'rdm6300', '--option', '=x', '--hex', '5a']],
    [['--profile', 'rdm6300', '--option', 'colour=red', '--hex', '5a']],
    [['--profile', 'rdm6300', '--option', 'printed=roman', '--hex', '5a']],
    [['--profile', 'line', '--option', 'pattern=(', '--hex', '5a']],
    [['--profile', 'rdm6300', '--hexx', '5a']],
    [['--profile']],
    [['rdm6300']],
    [[]],
  ])('%j is one sentence in both languages and exit code 2', async (argv) => {
    const { code, lines, err } = await decode(...argv);
    expect(code).toBe(2);
    expect(lines).toEqual([]);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(err).toMatch(/[\u4e00-\u9fff]/);
    expect(err).toMatch(/ \| .*[a-z]/);
  });
});

describe('encode', () => {
  test.each([
    [['--profile', 'lcus', '--command', 'open'], 'a00101a2'],
    [['--profile', 'lcus', '--command', 'close'], 'a00100a1'],
    [['--profile', 'lcus', '--command', 'open', '--channel', '8'], 'a00801a9'],
    [['--profile', 'lcus', '--command', 'open', '--option', 'channel=2'], 'a00201a3'],
    [['--profile', 'gy-mcu90614', '--command', 'query'], 'a515ba'],
    [['--profile', 'lu90614', '--command', 'mode-body'], 'fac5bf'],
  ])('%j prints %s', async (argv, hex) => {
    expect(await encode(...argv)).toEqual({ code: 0, lines: [hex], err: '' });
  });

  test.each([
    [['--profile', 'lcus', '--command', 'open', '--channel', '9']],
    [['--profile', 'lcus', '--command', 'open', '--channel', '0']],
    [['--profile', 'lcus', '--command', 'open', '--channel', 'x']],
    [['--profile', 'lcus', '--command', 'explode']],
    [['--profile', 'lcus']],
    [['--command', 'open']],
    [['--profile', 'rdm6300', '--command', 'open']],
    [['--profile', 'gy-mcu90614', '--command', 'query', '--channel', '1']],
    [['--profile', 'nonsense', '--command', 'open']],
  ])('%j is one sentence in both languages and exit code 2', async (argv) => {
    const { code, lines, err } = await encode(...argv);
    expect(code).toBe(2);
    expect(lines).toEqual([]);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(err).toMatch(/[\u4e00-\u9fff].* \| .*[a-z]/);
  });
});

describe('temperatures as JSON numbers', () => {
  test.each([
    [0, '0'],
    [-5, '-0.05'],
    [-50, '-0.5'],
    [-4_000, '-40'],
    [5, '0.05'],
    [3_650, '36.5'],
    [10_001, '100.01'],
  ])('%i hundredths are %s', (centi, text) => {
    const line = lineOfEvent({ kind: 'reading', objectCenti: centi, ambientCenti: null, bodyCenti: null });
    expect(line).toBe(`{"kind":"reading","objectC":${text},"ambientC":null,"bodyC":null}`);
    expect(JSON.parse(line).objectC).toBe(centi / 100);
  });
});
