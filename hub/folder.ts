// Makes a folder with its parents, one after the other, makes the names in it last, and writes a file into it as a whole. Called by
// embedded.ts (Node's own recursive mkdir goes round for ever below a file system that refuses names: STATE_DIR=/proc/x), by backups,
// by the export and by the log's key and file.
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
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

/**
 * What `write` puts into a draft beside `path` (0600) lies there whole and on the disk, or not at all: an older file stays as it was,
 * and no draft is left. Answers what `write` answers; throws what it or the file system throws.
 */
export async function writeWholeFile<T>(path: string, write: (file: FileHandle) => Promise<T>): Promise<T> {
  const draft = `${path}.unfinished`;
  const file = await open(draft, 'w', 0o600);
  try {
    let done: T;
    try {
      done = await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    await syncFolder(dirname(path));
    return done;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
