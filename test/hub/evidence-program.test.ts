// The export, the audit and the heads' commands as people run them: what cannot be used is told in one sentence, and what
// proves nothing is not taken for proof.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hubProgram } from '../kit/hub-program.ts';

const [hub, exporter, auditor] = [hubProgram(), hubProgram('export'), hubProgram('audit')];
const days = ['--from', '2020-01-01', '--to', '2020-01-02'];
let folder: string;
let env: Record<string, string>;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mengang-evidence-'));
  env = { STATE_DIR: folder };
  file = join(folder, 'export.jsonl');
  expect((await hub.run(['--head-now'], env)).code).toBe(0);
  expect((await exporter.run([...days, '--out', file], env)).code).toBe(0);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** One line, Chinese first, that names the path. */
const oneSentenceOn = (path: string) =>
  expect.stringMatching(new RegExp(`^\\p{Script=Han}[^\n]*${path}[^\n]*\n$`, 'u'));

test('an export or backup that cannot be written says so in one sentence, and leaves no database running', async () => {
  for (const path of [join(folder, 'none', 'export.jsonl'), folder]) {
    const told = { code: 1, out: '', err: oneSentenceOn(path) };
    const done = [await exporter.run([...days, '--out', path], env), await hub.run(['--backup', path], env)];
    expect(done).toEqual([told, told]);
    // The path alone: no setting of the hub's is to be put right.
    for (const { err } of done) expect(err).not.toMatch(/STATE_DIR|unfinished/);
    await expect(stat(`${path}.unfinished`)).rejects.toThrow('ENOENT');
  }
  await expect(readFile(join(folder, 'postgres', 'postmaster.pid'))).rejects.toThrow('ENOENT');
});

test('a folder in the place of an export or of heads is refused in one sentence', async () => {
  const wrong = { code: 2, out: '', err: oneSentenceOn(folder) };
  expect(await auditor.run(['--export', folder], env)).toEqual(wrong);
  expect(await auditor.run(['--export', file, '--heads', folder], env)).toEqual(wrong);
});

test('heads carried off the machine prove; a file without a head is no proof and is refused', async () => {
  const kept = join(folder, 'kept.jsonl');
  expect((await hub.run(['--heads', kept], env)).code).toBe(0);
  expect((await auditor.run(['--export', file, '--heads', kept], env)).code).toBe(0);
  for (const text of ['', '{', 'a letter\n', '{"kind":"log"}\n']) {
    await writeFile(kept, text);
    const told = { code: 2, out: '', err: oneSentenceOn(kept) };
    expect(await auditor.run(['--export', file, '--heads', kept], env)).toEqual(told);
  }
});

test('heads that cannot be carried to a place name that place, not the heads', async () => {
  const path = join(folder, 'none', 'heads.jsonl');
  expect(await hub.run(['--heads', path], env)).toEqual({ code: 1, out: '', err: oneSentenceOn(path) });
});
