// A measurement that a gate could not finish, told to the other gates at once, and its end: whoever leaves goes on with it there, not
// anew (protocol.md, At most 3 infrared tries). Called by uploads.ts in the transaction of the entries.
import type { Entry } from '../src/domain/entry.ts';
import { type Books, toOthers } from './ledger.ts';
import type { Good } from './upload-rules.ts';

/** The longest that a policy may remember a try (contracts/policy.ts): what comes later, from a gate that was cut off, concerns nobody. */
export const limits = { toldMs: 7_200_000 } as const;

/** One event of the feed for each such entry, to all stations but its own. */
export function tellTries(books: Books, fresh: readonly Good[], stationId: string, nowMs: number): void {
  for (const { entry } of fresh) {
    const told = triedIn(entry, nowMs);
    if (told !== null) books.tell(toOthers(stationId), { topic: 'measurement', ...told });
  }
}

/** What the other gates must know of this entry; null when it tells of no measurement that began before it or goes on behind it. */
export function triedIn(entry: Entry, nowMs: number) {
  if (entry.kind !== 'check' || entry.personId === null) return null;
  const { personId, tries, verdict, reason, readings, ended, wallMs, hubOffsetMs } = entry;
  const hubMs = wallMs + (hubOffsetMs ?? 0);
  if (nowMs - hubMs > limits.toldMs) return null;
  const reading = readings.at(-1) ?? ended ?? null;
  const byContact = reading?.method === 'contact';
  const told = { personId, hubMs, tries };
  if (verdict === 'again') return { ...told, last: { reason, byContact, site: reading?.site ?? null } };
  // The first infrared value that admits ends what nobody has heard of.
  const isFirst = tries <= (byContact ? 0 : 1);
  return verdict === 'admit' && !isFirst ? { ...told, last: null } : null;
}
