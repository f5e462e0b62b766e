// Writes one file to the first stick that is mounted and takes it: temp name, synced, renamed, folder synced. Called by settings-post
// for the exported log.
import { randomBytes } from 'node:crypto';
import { lstat, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemDisk } from './disk.ts';

export const limits = {
  /** /media/STICK and /run/media/USER/STICK. */
  depth: 2,
  /** Folders looked at in one folder. */
  folders: 32,
} as const;

export type StickRoots = {
  /** Where sticks are mounted: ['/media', '/run/media']. */
  roots: readonly string[];
  /** Takes any folder for a stick: for tests, which mount nothing. */
  anyFolder?: boolean;
};

export const systemSticks: StickRoots = { roots: ['/media', '/run/media'] };

/** The path of the file on the stick; null when no stick took it. `name` is a plain file name. */
export async function writeToStick(where: StickRoots, name: string, bytes: Buffer): Promise<string | null> {
  const system = (await stat('/')).dev;
  for (const root of where.roots) {
    for (const folder of await mediaBelow(root, system, where.anyFolder ?? false)) {
      const path = await written(folder, name, bytes);
      if (path !== null) return path;
    }
  }
  return null;
}

/** Mount points below `root`, near ones first. */
async function mediaBelow(root: string, system: number, anyFolder: boolean): Promise<string[]> {
  const found: string[] = [];
  let level = [root];
  for (let depth = 1; depth <= limits.depth; depth += 1) {
    const next: string[] = [];
    for (const parent of level) {
      const above = await deviceOf(parent);
      if (above === null) continue;
      for (const folder of await foldersIn(parent)) {
        const device = await deviceOf(folder);
        if (device === null) continue;
        const isMounted = device !== above && device !== system;
        if (isMounted || anyFolder) found.push(folder);
        // Nothing is looked for inside a stick.
        if (!isMounted) next.push(folder);
      }
    }
    level = next;
  }
  return found;
}

/** Real folders alone: a link could lead anywhere. */
async function foldersIn(parent: string): Promise<string[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return names
    .sort()
    .slice(0, limits.folders)
    .map((name) => join(parent, name));
}

/** Null for what is not there, or not for us. */
const deviceOf = (path: string): Promise<number | null> =>
  lstat(path).then(
    ({ dev }) => dev,
    () => null,
  );

/** Null when this folder does not take it (read-only, full, not ours, pulled out): the next one is tried. */
async function written(folder: string, name: string, bytes: Buffer): Promise<string | null> {
  const path = join(folder, name);
  // A new name that nobody can have put a link at; 'wx' follows none.
  const draft = join(folder, `.${name}.${randomBytes(6).toString('hex')}`);
  try {
    const file = await open(draft, 'wx', 0o644);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    await systemDisk.syncFolder(folder);
    return path;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    await rm(draft, { force: true }).catch(() => undefined);
    return null;
  }
}
