// Changes one reader's `printed` in gate.config.json, and nothing else: a backup first, the whole file judged anew, then replaced in
// one step. Called by settings-learn, when a person asked for it.
import { createHash } from 'node:crypto';
import { chmod, copyFile, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Profiles, parseConfig } from './config.ts';
import { systemDisk } from './disk.ts';

export type ConfigFile = {
  /** The file's SHA-256 and the device's entry with the new conversion; null when the file cannot be changed from here. */
  draft(deviceId: string, printed: string): Promise<{ sha: string; entry: string } | null>;
  /** The backup's path; 'changed' when the file is no longer the one that was judged, 'unwritable' when it cannot be changed. */
  write(deviceId: string, printed: string, sha: string): Promise<{ backup: string } | 'changed' | 'unwritable'>;
};

const shaOf = (text: string) => createHash('sha256').update(text).digest('hex');

export function createConfigFile(path: string, profiles: Profiles, wallMs: () => number): ConfigFile {
  const changed = async (deviceId: string, printed: string) => {
    const text = await readFile(path, 'utf8');
    const judged = parseConfig(text, path, profiles);
    const raw: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    const devices: unknown = typeof raw === 'object' && raw !== null ? Reflect.get(raw, 'devices') : null;
    if (!judged.ok || !Array.isArray(devices)) return null;
    const device: unknown = devices[judged.config.devices.findIndex((one) => one.deviceId === deviceId)];
    if (typeof device !== 'object' || device === null) return null;
    const options: unknown = Reflect.get(device, 'options');
    Reflect.set(device, 'options', { ...(typeof options === 'object' ? options : {}), printed });
    const after = `${JSON.stringify(raw, null, 2)}\n`;
    return parseConfig(after, path, profiles).ok
      ? { sha: shaOf(text), entry: JSON.stringify(device, null, 2), after }
      : null;
  };
  return {
    draft: async (deviceId, printed) => {
      const made = await changed(deviceId, printed).catch(unusable);
      return made === null ? null : { sha: made.sha, entry: made.entry };
    },
    write: async (deviceId, printed, sha) => {
      const made = await changed(deviceId, printed).catch(unusable);
      if (made === null) return 'unwritable';
      if (made.sha !== sha) return 'changed';
      const backup = `${path}.${new Date(wallMs()).toISOString().replace(/[:.]/g, '-')}.bak`;
      const { mode } = await stat(path);
      await copyFile(path, backup);
      await chmod(backup, mode & 0o777);
      const draft = `${path}.new`;
      const file = await open(draft, 'w', mode & 0o777);
      try {
        await file.writeFile(made.after);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, path);
      await systemDisk.syncFolder(dirname(path));
      return { backup };
    },
  };
}

/** A file that was moved, may not be read or is no JSON any more is not written from here. */
function unusable(error: unknown): null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof SyntaxError || ['ENOENT', 'EACCES', 'EPERM', 'EROFS'].includes(code)) return null;
  throw error;
}
