// Small files of the state folder, replaced whole: temp file, fsync, rename; readable by the owner alone. Called by guards
// and by the uploader of the bridge's own entries.
import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './journal-segments.ts';

/** Replaces `path` by the JSON of `value`; after a crash the old or the new is there, never half of one. */
export async function writeState(path: string, value: unknown): Promise<void> {
  const draft = `${path}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(value));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  await syncFolder(dirname(path));
}

/** What the file holds, unparsed by any schema; undefined when it is not there or not JSON. */
export async function readState(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
