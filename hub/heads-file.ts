// The file of heads: every leaf and every signed head as JSON lines, only ever appended to, made to be carried off the
// machine. What the database lost in a restore stays here. Called by heads.ts and the command line.

import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type HeadsFileLine, headsFileLine } from '../src/contracts/evidence.ts';
import type { Pool } from './database.ts';
import { headsOf, leavesOf } from './heads.ts';

export const headsFileOf = (folder: string): string => join(folder, 'heads.jsonl');

/** Where each log stands in the file: leaves and heads that it holds. */
type Standing = Map<string, { leaves: number; number: number }>;

/** Appends what the file lacks and syncs it. A line that a power cut tore off is completed by what follows. */
export async function bringFileUpToDate(pool: Pool, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = headsFileOf(folder);
  const { standing, whole } = await standingOf(path);
  const logs = await pool.query<{ log: string; epoch: string; createdMs: number }>(
    'select log_id as log, epoch, created_ms as "createdMs" from head_logs order by created_ms, log_id',
  );
  const file = await open(path, 'a', 0o600);
  try {
    const write = (line: HeadsFileLine) => file.writeFile(`${JSON.stringify(line)}\n`);
    if (!whole) await file.writeFile('\n');
    let written = false;
    for (const { log, epoch, createdMs } of logs.rows) {
      const there = standing.get(log);
      let leaves = there?.leaves ?? 0;
      for (const head of await headsOf(pool, log, there?.number ?? 0)) {
        if (there === undefined && leaves === 0 && head.number === 1)
          await write({ kind: 'log', log, epoch, createdMs });
        if (head.size > leaves) {
          let n = leaves;
          for await (const leaf of leavesOf(pool, log, leaves)) {
            if (n >= head.size) break;
            await write({ kind: 'leaf', log, n, leaf });
            n += 1;
          }
          leaves = n;
        }
        await write(head);
        written = true;
      }
    }
    if (written) await file.sync();
  } finally {
    await file.close();
  }
}

async function standingOf(path: string): Promise<{ standing: Standing; whole: boolean }> {
  const standing: Standing = new Map();
  let whole = true;
  for await (const { line, torn } of headsFileLines(path)) {
    if (line === null) {
      whole = !torn;
      continue;
    }
    const there = standing.get(line.log) ?? { leaves: 0, number: 0 };
    standing.set(line.log, there);
    if (line.kind === 'leaf') there.leaves = Math.max(there.leaves, line.n + 1);
    if (line.kind === 'head') there.number = Math.max(there.number, line.number);
  }
  return { standing, whole };
}

/** Lines of a file of heads, null for one that cannot be read (`torn`: the last). A missing file has none. */
export async function* headsFileLines(path: string): AsyncGenerator<{ line: HeadsFileLine | null; torn: boolean }> {
  const stream = createReadStream(path, { encoding: 'utf8' });
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  let held: string | null = null;
  try {
    for await (const text of lines) {
      if (held !== null) yield { line: parsed(held), torn: false };
      held = text === '' ? null : text;
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    return;
  }
  if (held === null) return;
  const line = parsed(held);
  yield { line, torn: line === null };
}

function parsed(text: string): HeadsFileLine | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null; // a torn line: what it said is written again
  }
  const read = headsFileLine.safeParse(value);
  return read.success ? read.data : null;
}
