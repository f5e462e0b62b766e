// Entries on their way into the ledger: one strict transaction each, in order; one that failed is tried again before any later
// one. Called by outbox.
import type { Envelope } from '../domain/entry.ts';
import type { Database, StoreName, WriteTx } from './db.ts';
import { mark } from './ledger-keys.ts';
import type { LocalCase } from './local-case.ts';

export const limits = { unsavedEntries: 20_000, retryMs: 2_000 } as const;

/** What is written in the same transaction as the entry, so that it costs no fsync of its own. */
export type Marks = { referral: boolean; case?: LocalCase; meta?: readonly [key: string, value: unknown][] };
export type Unsaved = { entry: Envelope; marks: Marks; settled: boolean };
type Waiting = Unsaved & { tried: boolean; done(): void; failed(error: unknown): void };

export type AppendQueue = {
  /** Resolves when durable, rejects when the write failed; false when there is no room. */
  push(entry: Envelope, marks: Marks): Promise<void> | false;
  /** Not written yet, oldest first. */
  unsaved(): readonly Unsaved[];
  failing(): boolean;
  /** The hub has answered for these before they were written. Answers the ids that are in line here. */
  settle(entryIds: ReadonlySet<string>): Set<string>;
  /** What the hub answered counts for nothing any more. */
  unsettle(): void;
};

export function createAppendQueue(deps: {
  db: Database;
  after(ms: number, task: () => void): () => void;
  /** `waits`: written with its mark; `settled`: its receipt came while it was being written. */
  onWritten(entry: Envelope, waits: boolean, settled: boolean): void;
}): AppendQueue {
  const { db } = deps;
  const line: Waiting[] = [];
  let writing = false;
  let failing = false;
  let cancelRetry = (): void => {};

  async function write(): Promise<void> {
    if (writing) return;
    writing = true;
    cancelRetry();
    try {
      for (let next = line[0]; next !== undefined; next = line[0]) {
        const { entry, marks } = next;
        const waits = !next.settled;
        await db.strict(storesOf(marks), (tx) => append(tx, entry, waits, marks, isRepeat(next)));
        failing = false;
        line.shift();
        next.done();
        deps.onWritten(entry, waits, next.settled);
      }
    } catch (error) {
      failing = true;
      for (const one of line) one.failed(error);
      cancelRetry = deps.after(limits.retryMs, () => void write());
    } finally {
      writing = false;
    }
  }

  return {
    push(entry, marks) {
      if (line.length >= limits.unsavedEntries) return false;
      const durable = new Promise<void>((done, failed) => {
        line.push({ entry, marks, settled: false, tried: false, done, failed });
      });
      void write();
      return durable;
    },
    unsaved: () => line,
    failing: () => failing,
    settle(entryIds) {
      const here = new Set<string>();
      for (const one of line) {
        if (!entryIds.has(one.entry.entryId)) continue;
        one.settled = true;
        here.add(one.entry.entryId);
      }
      return here;
    },
    unsettle() {
      for (const one of line) one.settled = false;
    },
  };
}

function storesOf(marks: Marks): StoreName[] {
  const stores: StoreName[] = ['entries', 'unsent'];
  if (marks.case !== undefined) stores.push('cases');
  if (marks.meta !== undefined && marks.meta.length > 0) stores.push('meta');
  return stores;
}

function isRepeat(waiting: { tried: boolean }): boolean {
  const repeat = waiting.tried;
  waiting.tried = true;
  return repeat;
}

/**
 * `add` refuses a sequence that is taken. A repeat may find its own first attempt in its place, which is fine; other bytes
 * there are a bug and throw a RangeError.
 */
async function append(tx: WriteTx, entry: Envelope, waits: boolean, marks: Marks, repeat: boolean): Promise<void> {
  const ledger = tx.objectStore('entries');
  const here = repeat ? await ledger.get([entry.writerId, entry.seq]) : undefined;
  if (here !== undefined && here.hash !== entry.hash) throw new RangeError(`seq ${entry.seq} is taken by other bytes`);
  const writes: Promise<unknown>[] = here === undefined ? [ledger.add(entry)] : [];
  if (here === undefined && waits) writes.push(mark(tx, entry, marks.referral));
  if (marks.case !== undefined) writes.push(tx.objectStore('cases').put(marks.case));
  for (const [key, value] of marks.meta ?? []) writes.push(tx.objectStore('meta').put(value, key));
  await Promise.all(writes);
}
