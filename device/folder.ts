// Makes a folder with its parents, one after the other. Called by bridge: Node's own recursive mkdir goes round for ever
// below a file system that refuses names (stateDir "/proc/x").
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Throws the system's error, with its path, when the folder is not there and cannot be made. */
export async function makeFolder(path: string): Promise<void> {
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (there?.isDirectory() === true) return;
  if (there === null && dirname(path) !== path) await makeFolder(dirname(path));
  await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    // Another process may have made it meanwhile; a file in its place is told by the first use.
    if (error.code !== 'EEXIST' || there !== null) throw error;
  });
}
