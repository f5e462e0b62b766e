// Gives every entry of the tablet its identity, place and hash, once, and puts it into the page's store in that order. There is no
// journal to compare with, so each load of the page begins a writer of its own with its first entry. Called by the ledger.
import { campusDay } from '../domain/campus-day.ts';
import type { EntryBody, EntryHead, Envelope } from '../domain/entry.ts';
import { uuidV4, uuidV7 } from '../domain/uuid.ts';
import { envelopeOf } from '../store/envelope-of.ts';
import type { Marks } from '../store/outbox.ts';
import type { Clocks } from '../sync/timers.ts';

export type Written = {
  envelope: Envelope;
  head: EntryHead;
  /** Resolves when it is durable here; false when there is no room and it was not taken at all. */
  saved: Promise<void> | false;
};

export function createTabletRecorder(deps: {
  save(entry: Envelope, marks: Marks): Promise<void> | false;
  /** Writers of this store before, oldest first. */
  writers: readonly string[];
  writersMax: number;
  clocks: Clocks;
  randomBytes(count: number): Uint8Array;
  head(): Pick<EntryHead, 'station' | 'hubOffsetMs' | 'onDuty'>;
}): { write(body: EntryBody, marks: Marks): Written } {
  const { clocks } = deps;
  let writerId: string | null = null;
  let end: { seq: number; hash: string } | null = null;

  function append(writer: string, body: EntryBody, marks: Marks): Written {
    const wallMs = Math.round(clocks.wallMs());
    const monoMs = Math.round(clocks.monoMs());
    const head: EntryHead = { v: 1, ...deps.head(), wallMs, monoMs, day: campusDay(wallMs) };
    const entryId = uuidV7(wallMs, deps.randomBytes(10));
    const envelope = envelopeOf(entryId, writer, end, { ...head, ...body });
    const saved = deps.save(envelope, marks);
    if (saved !== false) end = { seq: envelope.seq, hash: envelope.hash };
    return { envelope, head, saved };
  }

  return {
    write(body, marks) {
      if (writerId === null) {
        const before = deps.writers.at(-1) ?? null;
        const fresh = uuidV4(deps.randomBytes(16));
        const kept = [...deps.writers, fresh].slice(-deps.writersMax);
        const started = append(
          fresh,
          { kind: 'writer-start', cause: before === null ? 'first' : 'not-comparable', before },
          { referral: false, meta: [['rounds:writers', kept]] },
        );
        if (started.saved === false) return started;
        // Its failure is told by the store, and it is tried again before any later entry.
        started.saved.catch(() => undefined);
        writerId = fresh;
      }
      return append(writerId, body, marks);
    },
  };
}
