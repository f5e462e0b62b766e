// Copies the page's databases aside before somebody's order to open them with another Chromium. Called by kiosk.
import { cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Copies that may lie there: each is an operator's own order, and they never go by themselves. */
export const limits = { copies: 20 } as const;

/** Where the copy lies; null when there was nothing to copy. Throws when it cannot be made: then nothing is opened. */
export async function setAside(profileDir: string, keptDir: string, nowMs: number): Promise<string | null> {
  await mkdir(keptDir, { recursive: true, mode: 0o700 });
  if ((await readdir(keptDir)).length >= limits.copies) throw new Error(`${keptDir}: ${limits.copies} copies already`);
  const target = join(keptDir, `IndexedDB-${nowMs}`);
  try {
    await cp(join(profileDir, 'Default', 'IndexedDB'), target, { recursive: true, errorOnExist: true, force: false });
    return target;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
