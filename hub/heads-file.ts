// The file of heads: every leaf and every signed head as JSON lines, only ever appended to, made to be carried off the
// machine. What the database lost in a restore stays here. Called by heads.ts and the command line.

import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type HeadsFileLine, headsFileLine } from '../src/contracts/evidence.ts';
import type { Pool } from './database.ts';
import { syncFolder } from './folder.ts';
import { headsOf, leavesOf } from './heads.ts';

export const headsFileOf = (folder: string): string => join(folder, 'heads.jsonl');

/** Where each log stands in the file: leaves and heads that it holds. */
type Standing = Map<string, { leaves: number; number: number }>;

/** Appends what the file lacks and syncs it. A line that a power cut tore off stays as it is; what it said is written again. */
export async function bringFileUpToDate(pool: Pool, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = headsFileOf(folder);
  const standing = await standingOf(path);
  const logs = await pool.query<{ log: string; epoch: string; createdMs: number }>(
    'select log_id as log, epoch, created_ms as "createdMs" from head_logs order by created_ms, log_id',
  );
  const file = await open(path, 'a', 0o600);
  try {
    const write = (line: HeadsFileLine) => file.writeFile(`${JSON.stringify(line)}\n`);
    if (await endsInMidLine(path)) await file.writeFile('\n');
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
    if (written && standing.size === 0) await syncFolder(folder);
  } finally {
    await file.close();
  }
}

async function standingOf(path: string): Promise<Standing> {
  const standing: Standing = new Map();
  for await (const line of headsFileLines(path)) {
    if (line === null) continue;
    const there = standing.get(line.log) ?? { leaves: 0, number: 0 };
    standing.set(line.log, there);
    if (line.kind === 'leaf') there.leaves = Math.max(there.leaves, line.n + 1);
    if (line.kind === 'head') there.number = Math.max(there.number, line.number);
  }
  return standing;
}

async function endsInMidLine(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size === 0) return false;
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] !== 10;
  } finally {
    await file.close();
  }
}

/** Lines of a file of heads, null for one that cannot be read. A missing file has none. */
export async function* headsFileLines(path: string): AsyncGenerator<HeadsFileLine | null> {
  const stream = createReadStream(path, { encoding: 'utf8' });
  try {
    for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (text !== '') yield parsed(text);
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
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
