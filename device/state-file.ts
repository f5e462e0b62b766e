// Small files of the state folder, replaced whole: temp file, fsync, rename; readable by the owner alone. Called by guards
// and by the uploader of the bridge's own entries.
import { dirname } from 'node:path';
import { type Disk, readWhole, systemDisk, writeWhole } from './disk.ts';

/** Replaces `path` by the JSON of `value`; after a crash the old or the new is there, never half of one. */
export async function writeState(path: string, value: unknown, disk: Disk = systemDisk): Promise<void> {
  const draft = `${path}.new`;
  await writeWhole(disk, draft, Buffer.from(JSON.stringify(value)));
  await disk.rename(draft, path);
  await disk.syncFolder(dirname(path));
}

/** What the file holds, unparsed by any schema; undefined when it is not there or not JSON. */
export async function readState(path: string, disk: Disk = systemDisk): Promise<unknown> {
  try {
    return JSON.parse((await readWhole(disk, path)).toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
