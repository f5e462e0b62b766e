// A measurement that a gate could not finish, told to the other gates at once, and its end: whoever leaves goes on with it there, not
// anew (protocol.md, At most 3 infrared tries). Called by uploads.ts in the transaction of the entries.
import type { Entry } from '../src/domain/entry.ts';
import { triedIn } from '../src/domain/tried.ts';
import { type Books, toOthers } from './ledger.ts';
import type { Good } from './upload-rules.ts';

/** The longest that a policy may remember a try (contracts/policy.ts): what comes later, from a gate that was cut off, concerns nobody. */
export const limits = { toldMs: 7_200_000 } as const;

/** One event of the feed for each such entry, to all stations but its own. */
export function tellTries(books: Books, fresh: readonly Good[], stationId: string, nowMs: number): void {
  for (const { entry } of fresh) {
    const told = toldOf(entry, nowMs);
    if (told !== null) books.tell(toOthers(stationId), { topic: 'measurement', ...told });
  }
}

/** What the other gates must know of this entry now, null when nothing; `hubMs` by the hub's clock. */
export function toldOf(entry: Entry, nowMs: number) {
  if (entry.kind !== 'check') return null;
  const hubMs = entry.wallMs + (entry.hubOffsetMs ?? 0);
  const told = nowMs - hubMs > limits.toldMs ? null : triedIn(entry);
  return told && { ...told, hubMs };
}
