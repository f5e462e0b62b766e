// The version of the roster: one more for every change, in the order of the commits. Called by whatever changes people, and where
// an epoch begins.
import type { Db } from './database.ts';

/** Jumped over, so that no version of the roster is used twice for different content. */
const step = 1_000_000;

/** What changes in meta when the hub was restored: the epoch ($1), and with it every roster that a station holds is asked for whole. */
export const epochBegins = `epoch = $1, roster_version = roster_version + ${step}, roster_floor = roster_version + ${step}`;

/** Takes the next version; the row stays locked until the commit, so no lower version ever appears after a higher one. */
export async function nextRosterVersion(tx: Db): Promise<number> {
  const row = await tx.query<{ roster_version: number }>(
    'update meta set roster_version = roster_version + 1 returning roster_version',
  );
  const version = row.rows[0]?.roster_version;
  if (version === undefined) throw new Error('the hub has no meta row');
  return version;
}
