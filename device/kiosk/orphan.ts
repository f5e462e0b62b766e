// Ends a Chromium that outlived its launcher, and takes away the lock it leaves on the profile. Called by kiosk, which holds the
// folder's own lock, before each start.
import { readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';

export const limits = { termMs: 5_000, killMs: 5_000, lookMs: 50 } as const;

const singletons = ['SingletonLock', 'SingletonCookie', 'SingletonSocket'];

/** Resolves with true when a living one had to be ended. Throws when it does not end. */
export async function endOrphan(profileDir: string, wait: (ms: number) => Promise<void>): Promise<boolean> {
  const pid = await holderOf(profileDir);
  const isOurs = async () => pid !== null && (await commandOf(pid)).includes(`--user-data-dir=${profileDir}`);
  let ended = false;
  if (pid !== null && (await isOurs())) {
    ended = true;
    for (const [signal, forMs] of [['SIGTERM', limits.termMs] as const, ['SIGKILL', limits.killMs] as const]) {
      if (!(await isOurs())) break;
      tell(pid, signal);
      for (let waited = 0; waited < forMs && (await isOurs()); waited += limits.lookMs) await wait(limits.lookMs);
    }
    if (await isOurs()) throw new Error(`process ${pid} does not end`);
  }
  // Left by a killed one; where the machine has another name since, Chromium would refuse to start for them.
  for (const name of singletons) await rm(join(profileDir, name), { force: true });
  return ended;
}

/** The process that the profile's lock names: 'host-pid'. */
async function holderOf(profileDir: string): Promise<number | null> {
  const target = await readlink(join(profileDir, 'SingletonLock')).catch(absent);
  const found = /-(\d{1,10})$/.exec(target ?? '');
  return found === null ? null : Number(found[1]);
}

/** The arguments of a living process; none for one that is gone. */
async function commandOf(pid: number): Promise<string[]> {
  return ((await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(absent)) ?? '').split('\0');
}

function tell(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ESRCH') return null;
  throw error;
}
