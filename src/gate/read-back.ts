// What this gate reads back of its own entries: cases that it raised, and measurements that it left off, which go on after a new start
// as they do at the gates that the hub told of them. Called by the station with the newest of its ledger and with what the journal gave back.
import { type CheckMark, checkMark, triedMark } from '../contracts/envelope.ts';
import type { Envelope } from '../domain/entry.ts';
import { triedIn } from '../domain/tried.ts';
import type { HubTold } from './station-types.ts';

/** Half an hour of a surge, the time for which a policy remembers a try. */
export const limits = { entries: 750 } as const;

type Reader<T> = { safeParse(value: unknown): { success: boolean; data?: T } };

/** Null for any other entry and for bytes that this page cannot read. */
function readAs<T>(reader: Reader<T>, { bytes }: Envelope): T | null {
  try {
    return reader.safeParse(JSON.parse(bytes)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The check inside an envelope. */
export const checkOf = (envelope: Envelope): CheckMark | null => readAs(checkMark, envelope);

/** `offsetMs`: what the hub's clock is ahead of this page's, as far as that is known. */
export function leftOpen(envelopes: readonly Envelope[], offsetMs: number): HubTold[] {
  return envelopes.flatMap((envelope): HubTold[] => {
    const mark = readAs(triedMark, envelope);
    const told = mark && triedIn(mark);
    return told ? [{ topic: 'measurement', ...told, hubMs: mark.wallMs + offsetMs }] : [];
  });
}
