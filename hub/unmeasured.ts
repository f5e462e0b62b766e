// Passages that nobody was measured for, as the gates' feedback saw them: told live to whoever watches, and listed by the day. Called
// by uploads.ts (in the transaction of the entries) and by the route GET /hub/unmeasured.
import { entry as entrySchema } from '../src/contracts/entry.ts';
import { limits, type UnmeasuredRow } from '../src/contracts/unmeasured.ts';
import { campusDay, startOfDayMs } from '../src/domain/campus-day.ts';
import type { Entry } from '../src/domain/entry.ts';
import type { Db } from './database.ts';
import { type Books, toClinic } from './ledger.ts';
import type { Good } from './upload-rules.ts';

/** One event of the feed for each fresh entry. */
export function tellUnmeasured(books: Books, fresh: readonly Good[], stationId: string): void {
  for (const { envelope, entry } of fresh) {
    const seen = seenIn(entry);
    if (seen === null) continue;
    const { entryId } = envelope;
    books.tell(toClinic, { topic: 'unmeasured', entryId, station: stationId, ...seen, atWallMs: entry.wallMs });
  }
}

/** What security is told of: a passage that nobody was measured for, or somebody who would not be. */
export function seenIn(entry: Entry): Pick<UnmeasuredRow, 'cause' | 'times'> | null {
  if (entry.kind === 'unmeasured-entry') return { cause: entry.cause, times: entry.times };
  return entry.kind === 'check' && entry.reason === 'refused' ? { cause: 'refused', times: 1 } : null;
}

/** What the hub received on this campus day, newest first. */
export async function unmeasuredToday(db: Db, nowMs: number): Promise<UnmeasuredRow[]> {
  const rows = await db.query<{
    entry_id: string;
    bytes: string;
    station_id: string;
    name: string;
    received_ms: number;
  }>(
    `select e.entry_id, e.bytes, e.station_id, s.name, e.received_ms
     from entries e join stations s using (station_id)
     where (e.kind = 'unmeasured-entry' or (e.kind = 'check' and e.bytes like '%"reason":"refused"%')) and e.received_ms >= $1
     order by e.received_ms desc, e.wall_ms desc, e.entry_id limit $2`,
    [startOfDayMs(campusDay(nowMs)), limits.rows],
  );
  return rows.rows.flatMap(({ entry_id: entryId, bytes, station_id: id, name, received_ms: receivedAtMs }) => {
    const entry = entrySchema.parse(JSON.parse(bytes));
    const seen = seenIn(entry);
    if (seen === null) return [];
    const openMs = entry.kind === 'unmeasured-entry' ? entry.openMs : null;
    return [{ entryId, station: { id, name }, ...seen, openMs, atWallMs: entry.wallMs, receivedAtMs }];
  });
}
