// Gives every entry its identity, sequence and hash once, and offers it to the page's store and the bridge's journal at the
// same time. Called by the station.

import { campusDay } from '../domain/campus-day.ts';
import type { Entry, EntryBody, EntryHead, Envelope, WriterStartBody } from '../domain/entry.ts';
import { uuidV4, uuidV7 } from '../domain/uuid.ts';
import { envelopeOf } from '../store/envelope-of.ts';
import type { Marks } from '../store/outbox.ts';
import type { Clocks } from '../sync/timers.ts';
import type { Offered } from './journal-sync.ts';
import type { PulseOutcome, SaveState } from './station-types.ts';
import { joinCopies } from './two-copies.ts';

type End = { writerId: string; seq: number; hash: string };
export type Written = {
  envelope: Envelope;
  entry: Entry;
  /** The page's copy alone: true when durable, false when it failed and is tried again. */
  page: Promise<boolean>;
  first: Promise<SaveState>;
  final: Promise<SaveState>;
  pulse: Promise<PulseOutcome | null>;
};

export type Recorder = {
  /** `marks` are written with the entry, in the same transaction; made from its id. */
  write(
    body: EntryBody,
    marks: (head: EntryHead, entryId: string) => Marks,
    open: { notAfterMs: number } | null,
  ): Written;
  /** The present writer's end; null before the first. */
  end(): End | null;
  /** The journal and the page agree about the present writer: it may go on behind `ledgerEnd`. */
  trust(ledgerEnd: End): void;
  /** Starts a writer of its own: the store was lost, is new, or cannot be compared. */
  begin(cause: WriterStartBody['cause'], before: string | null): void;
  /** False until the present writer was compared or begun in this session. */
  trusted(): boolean;
};

export function createRecorder(deps: {
  save(entry: Envelope, marks: Marks): Promise<void> | false;
  offer(entry: Envelope, open: { notAfterMs: number } | null): Offered;
  /** Writer that this store went on with last time, with its end. */
  last: End | null;
  clocks: Clocks;
  randomBytes(count: number): Uint8Array;
  head(): Pick<EntryHead, 'station' | 'hubOffsetMs' | 'onDuty'>;
}): Recorder {
  const { clocks } = deps;
  let writerId = deps.last?.writerId ?? null;
  let end: End | null = deps.last;
  let trusted = false;

  function headNow(): EntryHead {
    const wallMs = Math.round(clocks.wallMs());
    return { v: 1, ...deps.head(), wallMs, monoMs: Math.round(clocks.monoMs()), day: campusDay(wallMs) };
  }

  function append(
    writer: string,
    body: EntryBody,
    marksOf: (head: EntryHead, entryId: string) => Marks,
    open: { notAfterMs: number } | null,
  ): Written {
    const head = headNow();
    const entryId = uuidV7(head.wallMs, deps.randomBytes(10));
    const marks = marksOf(head, entryId);
    const entry: Entry = { ...head, ...body };
    const envelope = envelopeOf(entryId, writer, end, entry);
    // First into the page's line (in memory), so that the journal's side can read it from there after a lost line.
    const saved = deps.save(envelope, marks);
    if (saved === false) {
      // Full: the entry gets no sequence, and the screen says that it is not saved.
      const none = Promise.resolve<SaveState>('none');
      const page = Promise.resolve(false);
      return {
        envelope,
        entry,
        page,
        first: none,
        final: none,
        pulse: Promise.resolve(open === null ? null : 'refused'),
      };
    }
    end = { writerId: writer, seq: envelope.seq, hash: envelope.hash };
    const { journaled, pulse } = deps.offer(envelope, open);
    const page = saved.then(
      () => true,
      // Why is told by the store itself; here it is a copy that is not there yet.
      () => false,
    );
    return { envelope, entry, page, ...joinCopies(page, journaled, clocks.after), pulse };
  }

  function begin(cause: WriterStartBody['cause'], before: string | null): string {
    const fresh = uuidV4(deps.randomBytes(16));
    writerId = fresh;
    end = null;
    trusted = true;
    append(
      fresh,
      { kind: 'writer-start', cause, before },
      () => ({ referral: false, meta: [['writerId', fresh]] }),
      null,
    );
    return fresh;
  }

  return {
    write(body, marks, open) {
      // Not compared with the journal yet: going on with the old sequence could give one number to two entries.
      const writer = trusted && writerId !== null ? writerId : begin('not-comparable', writerId);
      return append(writer, body, marks, open);
    },
    end: () => end,
    trusted: () => trusted,
    trust(ledgerEnd) {
      // What came back from the journal may lie behind what the store knew.
      if (trusted || ledgerEnd.writerId !== writerId) return;
      end = ledgerEnd;
      trusted = true;
    },
    begin,
  };
}
