// kill -9 of a process that appends: everything it was told to be stored is there, once, and the chain holds; two starts after each.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openJournal } from '../../device/journal.ts';
import { LockedError, lockFolder } from '../../device/journal-lock.ts';
import { verifyChain } from '../../src/domain/chain.ts';
import { writerA } from './journal-kit.ts';

let dir = '';
let program = '';

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mengang-kill-'));
  const input = fileURLToPath(new URL('../kit/journal-child.ts', import.meta.url));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: input,
      outDir: join(dir, 'program'),
      target: 'node20',
      rollupOptions: { output: { entryFileNames: 'child.mjs' } },
    },
    ssr: { noExternal: true },
  });
  program = join(dir, 'program', 'child.mjs');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Runs the child on `journal` and kills it as soon as it has printed this many lines, however fast the disk is; answers its lines. */
function runAndKill(journal: string, lines: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, journal, writerA], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (part: Buffer) => {
      out += part.toString();
      if (out.split('\n').length > lines) child.kill('SIGKILL');
    });
    child.once('error', reject);
    child.once('close', () => resolve(out.split('\n').slice(1, -1)));
  });
}

describe('kill -9', () => {
  it('loses no acknowledged entry in 8 kills of a busy writer, and repeats none', async () => {
    const journalDir = join(dir, 'journal');
    await mkdir(journalDir);
    const acknowledged = new Map<number, string>();
    for (let round = 0; round < 8; round++) {
      for (const line of await runAndKill(journalDir, 15 + round * 7)) {
        const [answer, seq, hash = ''] = line.split(' ');
        expect(answer).toBe('stored');
        acknowledged.set(Number(seq), hash);
      }
      for (const start of ['first', 'second']) {
        const reports: string[] = [];
        const journal = await openJournal({
          dir: journalDir,
          wallMs: Date.now,
          report: ({ kind }) => reports.push(kind),
        });
        const end = journal.head(writerA)?.seq ?? 0;
        const kept = [];
        while (kept.length < end) kept.push(...(await journal.read(writerA, kept.length + 1, 2_000)));
        expect(verifyChain(kept)).toBeNull();
        for (const [seq, hash] of acknowledged) expect(kept[seq - 1]?.hash).toBe(hash);
        expect(reports.filter((kind) => kind !== 'torn-tail')).toEqual([]);
        if (start === 'second') expect(reports).toEqual([]);
        await journal.close();
      }
    }
    expect(acknowledged.size).toBeGreaterThan(100);
  });
});

describe('the lock', () => {
  it('refuses a second holder and names the first', async () => {
    const folder = await mkdtemp(join(dir, 'lock-'));
    const release = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toThrow(LockedError);
    await expect(lockFolder(folder)).rejects.toMatchObject({ pid: process.pid });
    await release();
    await (await lockFolder(folder))();
  });

  it('is taken over from a killed process, from a reused process number and from a torn file', async () => {
    const folder = await mkdtemp(join(dir, 'lock-'));
    await runAndKill(folder, 10);
    await (await lockFolder(folder))();
    for (const text of [`{"pid":${process.pid},"startedAt":"another-boot:1"}`, '', '{"pid":4']) {
      await writeFile(join(folder, 'lock'), text);
      await (await lockFolder(folder))();
    }
  });
});
