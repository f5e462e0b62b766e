// The page's IndexedDB: its stores, and transactions that are opened anew when the browser lost the database. Called by
// outbox, roster-cache and page-state.
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import type { Bar } from '../contracts/downlink.ts';
import type { Envelope } from '../domain/entry.ts';
import type { LocalCase } from './local-case.ts';

/** `settleMs`: reliability.md, The page: on a full disk a transaction may never settle at all. */
export const limits = { settleMs: 5_000, copyChunk: 1_000 } as const;

/** Schema changes only add: an older page must still find its stores. */
const schemaVersion = 2;

/** Sort key of what waits for a receipt: [0, -bornMs, writerId, seq] for a referral, [1, writerId, seq] for the rest. */
export type Waits = [0, number, string, number] | [1, string, number];
/** Which entry waits: the ledger itself is never rewritten for a receipt. */
export type Mark = Pick<Envelope, 'entryId' | 'writerId' | 'seq'>;
/** An entry as it lies here; `waits` is left from version 1, where the mark lay in the entry. */
export type StoredEntry = Envelope & { waits?: Waits };

interface Schema extends DBSchema {
  entries: { key: [string, number]; value: StoredEntry; indexes: { unsent: IDBValidKey } };
  /** A sparse index of the ledger, kept as a store: a whole batch is settled by one range. */
  unsent: { key: Waits; value: Mark };
  /** What could not be read, or contradicted an entry that lay here: kept raw and counted, never sent, never deleted. */
  aside: { key: number; value: { reason: string; raw: unknown } };
  cases: { key: string; value: LocalCase };
  bars: { key: string; value: Bar };
  roster: { key: string; value: { bucket: string; text: string } };
  meta: { key: string; value: unknown };
}
export type StoreName = 'entries' | 'unsent' | 'aside' | 'cases' | 'bars' | 'roster' | 'meta';
/** Only the stores named when it was opened are in reach. */
export type WriteTx = IDBPTransaction<Schema, StoreName[], 'readwrite'>;
export type ReadTx = IDBPTransaction<Schema, StoreName[], 'readonly'>;

/** E-51 the store does not answer, E-52 the disk is full, E-53 a newer version of the page holds the store. */
export type StoreTrouble = 'E-51' | 'E-52' | 'E-53';

export type Database = {
  /** Commits with an fsync before it resolves. `work` may run twice: it must be harmless to repeat. */
  strict<T>(stores: StoreName[], work: (tx: WriteTx) => Promise<T>): Promise<T>;
  /** For what may be lost in a power cut and comes back by itself: receipts, cursors, what the hub tells again. */
  relaxed<T>(stores: StoreName[], work: (tx: WriteTx) => Promise<T>): Promise<T>;
  read<T>(stores: StoreName[], work: (tx: ReadTx) => Promise<T>): Promise<T>;
  close(): void;
};

type Begin<T> = (db: IDBPDatabase<Schema>, begun: { tx: WriteTx | ReadTx | null }) => Promise<T>;

export type OpenStore = typeof openDB<Schema>;
export type DatabaseDeps = {
  name: string;
  /** Instead of idb's `openDB`: the simulation's store, which forgets what was not synced. */
  open?: OpenStore;
  after(ms: number, task: () => void): () => void;
  /** Told after every change between well (null) and trouble. */
  onTrouble(trouble: StoreTrouble | null): void;
};

export class StoreError extends Error {
  override name = 'StoreError';
  readonly trouble: StoreTrouble;
  constructor(trouble: StoreTrouble, cause: unknown) {
    super(`the page's store failed (${trouble})`, { cause });
    this.trouble = trouble;
  }
}

/** Opens lazily; nothing is touched before the first transaction. */
export function createDatabase(deps: DatabaseDeps): Database {
  let handle: Promise<IDBPDatabase<Schema>> | null = null;
  let trouble: StoreTrouble | null = null;

  function drop(): void {
    const dropped = handle;
    handle = null;
    // A handle that never opened has nothing to close: whoever awaited it was told why.
    dropped?.then(
      (db) => db.close(),
      () => undefined,
    );
  }

  function open(): Promise<IDBPDatabase<Schema>> {
    handle ??= (deps.open ?? openDB<Schema>)(deps.name, schemaVersion, {
      upgrade(db, from, _to, tx) {
        db.createObjectStore('unsent');
        if (from === 1) void copyMarks(tx).catch(() => abort(tx));
        else {
          db.createObjectStore('entries', { keyPath: ['writerId', 'seq'] });
          db.createObjectStore('aside', { autoIncrement: true });
          db.createObjectStore('cases', { keyPath: 'caseId' });
          db.createObjectStore('bars', { keyPath: 'personId' });
          db.createObjectStore('roster', { keyPath: 'bucket' });
          db.createObjectStore('meta');
        }
      },
      blocking: drop,
      terminated: drop,
    });
    return handle;
  }

  async function attempt<T>(begin: Begin<T>): Promise<T> {
    const begun: { tx: WriteTx | ReadTx | null } = { tx: null };
    let cancel = (): void => {};
    const limit = new Promise<never>((_, reject) => {
      cancel = deps.after(limits.settleMs, () => {
        reject(new DOMException('not settled', 'TimeoutError'));
        // Else it would hold its stores against the second attempt, and might commit after it.
        if (begun.tx !== null) abort(begun.tx);
      });
    });
    try {
      return await Promise.race([open().then((db) => begin(db, begun)), limit]);
    } finally {
      cancel();
    }
  }

  function tell(next: StoreTrouble | null): void {
    if (next === trouble) return;
    trouble = next;
    deps.onTrouble(next);
  }

  async function run<T>(begin: Begin<T>): Promise<T> {
    try {
      const result = await attempt(begin).catch((error: unknown) => {
        if (!mendedByReopening(error)) throw error;
        drop();
        return attempt(begin);
      });
      tell(null);
      return result;
    } catch (error) {
      const found = troubleOf(error);
      if (found === null) throw error;
      drop();
      tell(found);
      throw new StoreError(found, error);
    }
  }

  async function settle<T, Tx extends WriteTx | ReadTx>(
    begun: { tx: WriteTx | ReadTx | null },
    tx: Tx,
    work: (tx: Tx) => Promise<T>,
  ): Promise<T> {
    begun.tx = tx;
    const body = work(tx).catch((error: unknown) => {
      abort(tx);
      throw error;
    });
    const [result] = await Promise.all([body, tx.done]);
    return result;
  }

  return {
    strict: (stores, work) =>
      run((db, begun) => settle(begun, db.transaction(stores, 'readwrite', { durability: 'strict' }) as WriteTx, work)),
    relaxed: (stores, work) =>
      run((db, begun) =>
        settle(begun, db.transaction(stores, 'readwrite', { durability: 'relaxed' }) as WriteTx, work),
      ),
    read: (stores, work) => run((db, begun) => settle(begun, db.transaction(stores, 'readonly') as ReadTx, work)),
    close: drop,
  };
}

/** From version 1, a chunk at a time; what lies in the entries stays there. A failure leaves version 1 as it was. */
async function copyMarks(tx: IDBPTransaction<Schema, StoreName[], 'versionchange'>): Promise<void> {
  const marked = tx.objectStore('entries').index('unsent');
  for (let from: Waits | undefined = [0, Number.NEGATIVE_INFINITY, '', 0]; from !== undefined; ) {
    const records: StoredEntry[] = await marked.getAll(IDBKeyRange.lowerBound(from, true), limits.copyChunk);
    for (const { entryId, writerId, seq, waits } of records)
      void tx.objectStore('unsent').put({ entryId, writerId, seq }, waits);
    from = records.at(-1)?.waits;
  }
}

function abort(tx: { abort(): void }): void {
  try {
    tx.abort();
  } catch (error) {
    // The failed request has aborted it already: what was wanted.
    if (nameOf(error) !== 'InvalidStateError') throw error;
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : '';
}

function mendedByReopening(error: unknown): boolean {
  return ['InvalidStateError', 'UnknownError', 'TimeoutError', 'AbortError', 'NotFoundError'].includes(nameOf(error));
}

/** Null for a bug of ours, which is thrown on as it is. */
function troubleOf(error: unknown): StoreTrouble | null {
  const name = nameOf(error);
  if (name === 'QuotaExceededError') return 'E-52';
  if (name === 'VersionError') return 'E-53';
  return mendedByReopening(error) || name === 'DataCloneError' || name === 'SecurityError' ? 'E-51' : null;
}
