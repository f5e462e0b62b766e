// What the page's profile was last opened with, and whether another Chromium or other flags may open it now. Called by kiosk.
import { stat } from 'node:fs/promises';
import * as z from 'zod/mini';
import { readState, writeState } from '../state-file.ts';

/** `alone`: Chromium may hold entries that the bridge's journal does not, since it was last seen without the bridge. */
const stampShape = z.object({ version: z.string(), flags: z.string(), alone: z.boolean() });
export type Stamp = z.infer<typeof stampShape>;

/** null: no stamp yet. `unreadable`: there is one, and nobody knows what it said. */
export async function readStamp(path: string): Promise<Stamp | 'unreadable' | null> {
  const raw = await readState(path);
  if (raw === undefined) return (await isThere(path)) ? 'unreadable' : null;
  const read = stampShape.safeParse(raw);
  return read.success ? read.data : 'unreadable';
}

export const writeStamp = (path: string, stamp: Stamp): Promise<void> => writeState(path, stamp);

/** What the bridge says of the entries of its pages: null where it could not find out. */
export type Standing = { unsent: number | null; unjournaled: number };

export type Judgement =
  | { may: 'start' }
  /** Another version or other flags: the bridge has to be asked first. */
  | { may: 'ask'; what: 'version' | 'flags' | 'unknown' };

/** Whether this Chromium may open the profile as it is, without anybody being asked. */
export function judgeStamp(
  stamp: Stamp | 'unreadable' | null,
  now: Pick<Stamp, 'version' | 'flags'>,
  hasProfile: boolean,
): Judgement {
  if (stamp === 'unreadable') return { may: 'ask', what: 'unknown' };
  if (stamp === null) return hasProfile ? { may: 'ask', what: 'unknown' } : { may: 'start' };
  if (stamp.version !== now.version) return { may: 'ask', what: 'version' };
  return stamp.flags === now.flags ? { may: 'start' } : { may: 'ask', what: 'flags' };
}

export type Doubt = 'bridge-away' | 'hub-away' | 'unsent' | 'alone';

/** Why a changed Chromium may not open the profile; null when everything in it lies at the hub as well. */
export function doubtOf(stamp: Stamp | 'unreadable' | null, standing: Standing | null): Doubt | null {
  if (standing === null) return 'bridge-away';
  // A page whose last word was not heard by the bridge may hold entries that only it knows.
  if (stamp === null || stamp === 'unreadable' || stamp.alone || standing.unjournaled > 0) return 'alone';
  if (standing.unsent === null) return 'hub-away';
  return standing.unsent > 0 ? 'unsent' : null;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
