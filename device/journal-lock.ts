// One process only on a state folder: a lock file that names its owner, taken over when the owner is dead. Called by journal.
import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const limits = { tries: 5 } as const;

/** Who holds the lock: a process number alone may have been given to another program since. */
type Owner = { pid: number; startedAt: string };

export class LockedError extends Error {
  readonly pid: number;
  constructor(pid: number) {
    super(`held by process ${pid}`);
    this.name = 'LockedError';
    this.pid = pid;
  }
}

/** Takes the lock of `dir` or throws a LockedError that names the process; the answer releases it. */
export async function lockFolder(dir: string): Promise<() => Promise<void>> {
  const path = join(dir, 'lock');
  const mine: Owner = { pid: process.pid, startedAt: await startOf(process.pid) };
  const text = JSON.stringify(mine);
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, text, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < limits.tries; attempt++) {
      if (await linked(draft, path)) return () => release(path, text);
      const found = await readOrNull(path);
      if (found === null) continue;
      const owner = ownerOf(found);
      if (owner !== null && (await isAlive(owner))) throw new LockedError(owner.pid);
      await takeAway(path, found);
    }
    throw new LockedError(ownerOf((await readOrNull(path)) ?? '')?.pid ?? 0);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Moves a dead owner's lock aside; puts it back when, in between, a living process had taken its place. */
async function takeAway(path: string, expected: string): Promise<void> {
  const aside = `${path}.dead.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if ((await readOrNull(aside)) !== expected) await linked(aside, path);
  await rm(aside, { force: true });
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function release(path: string, text: string): Promise<void> {
  if ((await readOrNull(path)) === text) await rm(path, { force: true });
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function ownerOf(text: string): Owner | null {
  const match = /^\{"pid":(\d{1,10}),"startedAt":"([^"]*)"\}$/.exec(text);
  return match === null ? null : { pid: Number(match[1]), startedAt: match[2] ?? '' };
}

async function isAlive(owner: Owner): Promise<boolean> {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
    if (codeOf(error) !== 'EPERM') throw error;
  }
  const started = await startOf(owner.pid);
  return started === '' || owner.startedAt === '' || started === owner.startedAt;
}

/** When a process began, in the kernel's words with the boot it belongs to; '' where the system does not tell. */
async function startOf(pid: number): Promise<string> {
  const stat = await readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return '';
  const boot = (await readOrNull('/proc/sys/kernel/random/boot_id')) ?? '';
  // Field 22, counted behind the name in parentheses, which may itself hold spaces.
  return `${boot.trim()}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
