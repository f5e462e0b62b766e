// The rehearse program itself, built as it ships: lines in on standard input, lines out, the exit code.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';

const source = fileURLToPath(new URL('../../device/cli/rehearse.ts', import.meta.url));
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mengang-rehearse-'));
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: source,
      outDir: folder,
      target: 'node20',
      rollupOptions: { output: { entryFileNames: 'rehearse.mjs' } },
    },
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function ran(input: string): Promise<{ lines: string[]; code: number | null; errors: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(folder, 'rehearse.mjs')]);
    let out = '';
    let errors = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ lines: out.split('\n').filter((line) => line !== ''), code, errors }));
    child.stdin.end(input);
  });
}

const example =
  '{"name":"x","policy":{},"ambientC":22,"baselineC":null,"people":{"card-1":{"known":true,"order":null}},"events":[{"atMs":0,"tap":"card-1"},{"atMs":900,"samplesC":[36.5,36.5,36.6],"site":"forehead"}]}';
const answer =
  '{"name":"x","verdicts":[{"atMs":900,"card":"card-1","verdict":"admit","reason":"normal","shownC":"36.5"}]}';

test('the example of the manual gives the answer of the manual, with exit code 0', async () => {
  expect(await ran(`${example}\n`)).toEqual({ lines: [answer], code: 0, errors: '' });
  expect(await ran(example)).toEqual({ lines: [answer], code: 0, errors: '' });
});

test('a bad line is told in its place, the others are answered, and the exit code is 2', async () => {
  const { lines, code, errors } = await ran(
    `${example}\n{"name":"bad","policy":{"feverC":39},"events":[]}\n\nzz\n${example}\n`,
  );
  expect(lines).toEqual([
    answer,
    '{"name":"bad","error":"policy.feverC must be at most 38."}',
    '{"name":null,"error":"The line is not JSON; write one scenario a line."}',
    answer,
  ]);
  expect([code, errors]).toEqual([2, '']);
});

test('thousands of lines are answered in order', async () => {
  const many = Array.from({ length: 3_000 }, (_, i) => example.replace('"x"', `"n${i}"`)).join('\n');
  const { lines, code } = await ran(many);
  expect(code).toBe(0);
  expect(lines.map((line) => JSON.parse(line).name)).toEqual(Array.from({ length: 3_000 }, (_, i) => `n${i}`));
});
