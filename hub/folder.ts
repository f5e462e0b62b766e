// Makes a folder with its parents, one after the other, and makes the names in it last. Called by embedded.ts (Node's own recursive
// mkdir goes round for ever below a file system that refuses names: STATE_DIR=/proc/x), by backups and by the log's key and file.
import { mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Throws the system's error, with its path, when the folder is not there and cannot be made. */
export async function makeFolder(path: string): Promise<void> {
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (there?.isDirectory() === true) return;
  if (there === null && dirname(path) !== path) await makeFolder(dirname(path));
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    // Another process may have made it meanwhile; a file in its place is told by the first use.
    if (error.code !== 'EEXIST' || there !== null) throw error;
  });
}

/** Until then a new name or a rename in this folder may be gone after a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
