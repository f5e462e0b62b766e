// The screen's backlight as Linux shows it below /sys/class/backlight; most touchscreens by HDMI have none. Called by settings-post.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { limits as wire } from '../src/contracts/post.ts';

export const limits = { leastPercent: wire.brightnessLeast, mostPercent: wire.brightnessMost } as const;

export const systemBacklights = '/sys/class/backlight';

export type Backlight = {
  /** As it is now; null when this machine has none. */
  percent(): Promise<number | null>;
  /** `none`: there is no backlight; `denied`: the bridge may not write it. */
  set(percent: number): Promise<'set' | 'none' | 'denied'>;
};

export function createBacklight(root: string): Backlight {
  const find = async (): Promise<{ path: string; most: number; now: number } | null> => {
    const names = await readdir(root).catch(() => []);
    for (const name of names.sort()) {
      const path = join(root, name, 'brightness');
      const most = await numberIn(join(root, name, 'max_brightness'));
      const now = await numberIn(path);
      if (most !== null && now !== null && most > 0) return { path, most, now };
    }
    return null;
  };
  return {
    percent: async () => {
      const found = await find();
      return found === null ? null : Math.min(limits.mostPercent, Math.round((found.now / found.most) * 100));
    },
    set: async (percent) => {
      const found = await find();
      if (found === null) return 'none';
      const bounded = Math.min(limits.mostPercent, Math.max(limits.leastPercent, percent));
      // Upwards: a backlight of seven steps must not fall below the least by rounding.
      const value = Math.min(found.most, Math.ceil((bounded / 100) * found.most));
      try {
        // 'r+': never makes a file. It cuts none off either, so that the line is ended.
        await writeFile(found.path, `${value}\n`, { flag: 'r+' });
        return 'set';
      } catch (error) {
        if (!(error instanceof Error) || !('code' in error)) throw error;
        return 'denied';
      }
    },
  };
}

/** Null for anything but a whole number. */
async function numberIn(path: string): Promise<number | null> {
  const text = await readFile(path, 'latin1').catch(() => '');
  return /^\d{1,9}\s*$/.test(text) ? Number(text) : null;
}
