// Whether a folder takes a file to the disk and how much room is left, within a bounded time: a dying disk does not answer at all.
// Called by the self-test.
import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';

export const limits = { answerMs: 3_000 } as const;

/** No journal's name, and one that a later probe writes over after a power cut. */
const probeName = 'self-test.tmp';

export type ProbeResult = 'written' | 'full' | 'failed';
export type DiskProbe = {
  /** Writes a file, syncs it, takes it away. */
  write(folder: string): Promise<ProbeResult>;
  /** For who is not root; null when it cannot be told. */
  freeBytes(folder: string): Promise<number | null>;
};

export const systemProbe: DiskProbe = {
  write: (folder) => inTime(written(join(folder, probeName)), 'failed'),
  freeBytes: (folder) =>
    inTime(
      statfs(folder).then(
        ({ bavail, bsize }) => bavail * bsize,
        () => null,
      ),
      null,
    ),
};

async function written(path: string): Promise<ProbeResult> {
  try {
    const file = await open(path, 'w', 0o600);
    try {
      await file.writeFile('mengang\n');
      await file.sync();
    } finally {
      await file.close();
    }
    await rm(path, { force: true });
    return 'written';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    return code === 'ENOSPC' || code === 'EDQUOT' ? 'full' : 'failed';
  }
}

/** The work itself cannot be called off: what comes too late is dropped. */
function inTime<T>(work: Promise<T>, late: T): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(late), limits.answerMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
