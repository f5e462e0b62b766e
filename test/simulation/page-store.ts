// The page's IndexedDB in memory behind idb's own surface, as far as src/store uses it: transactions one after another, a commit
// that takes time, `strict` that survives a power cut and `relaxed` that may not. Called by the simulated page as its `openStore`.
import type { OpenStore } from '../../src/store/db.ts';
import { type Bounds, type Key, SimKeyRange, SimTable } from './page-tables.ts';
import type { Life, World } from './world.ts';

Reflect.set(globalThis, 'IDBKeyRange', SimKeyRange);

type Undo = () => void;
type Mode = 'readonly' | 'readwrite';

/** What lies in one profile; outlives the pages that open it. */
export class SimProfile {
  readonly #world: World;
  tables = new Map<string, SimTable>();
  /** Committed but not synced, oldest first: how each is taken back. */
  unsynced: Undo[][] = [];
  /** Transactions that have not ended: a kill takes them back. */
  readonly running = new Set<SimTransaction>();
  /** 'quota': commits fail; 'hang': they never settle (measured on a full disk). */
  trouble: 'none' | 'quota' | 'hang' = 'none';

  constructor(world: World) {
    this.#world = world;
  }

  /** The browser was killed: what was under way is as if it had never been, or is there as a whole. */
  kill(): void {
    for (const one of this.running) one.die(this.#world.chance(0.3));
    this.running.clear();
  }

  cutPower(): void {
    const kept = this.#world.whole(0, this.unsynced.length);
    for (const undo of this.unsynced.splice(kept).reverse()) for (const one of undo.reverse()) one();
    this.unsynced = [];
  }

  lose(): void {
    this.tables = new Map();
    this.unsynced = [];
  }

  opener(life: Life): OpenStore {
    const open = async (_name: string, _version?: number, hooks?: { upgrade?: (db: never, from: number) => void }) => {
      await this.#world.pause(this.#world.between(1, 8), life);
      if (this.tables.size === 0) hooks?.upgrade?.(this.#schema() as never, 0);
      return new SimHandle(this.#world, this, life);
    };
    return open as unknown as OpenStore;
  }

  #schema() {
    return {
      createObjectStore: (name: string, options: { keyPath?: string | string[]; autoIncrement?: boolean } = {}) => {
        const table = new SimTable(options.keyPath ?? null);
        this.tables.set(name, table);
      },
    };
  }
}

class SimHandle {
  readonly #world: World;
  readonly #profile: SimProfile;
  readonly #life: Life;
  /** The end of the line of transactions: each begins when the one before has ended. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(world: World, profile: SimProfile, life: Life) {
    this.#world = world;
    this.#profile = profile;
    this.#life = life;
  }

  close(): void {}

  transaction(_stores: string[], mode: Mode, options: { durability?: 'strict' | 'relaxed' } = {}): SimTransaction {
    const strict = options.durability === 'strict';
    const made = new SimTransaction(this.#world, this.#profile, this.#life, { mode, strict, begin: this.#last });
    this.#last = made.ended;
    return made;
  }
}

class SimTransaction {
  readonly done: Promise<void>;
  readonly ended: Promise<void>;
  readonly #profile: SimProfile;
  readonly #begun: Promise<void>;
  #undo: Undo[] = [];
  #state: 'open' | 'done' | 'aborted' = 'open';
  #finish: (error?: unknown) => void = () => {};

  constructor(
    world: World,
    profile: SimProfile,
    life: Life,
    { mode, strict, begin }: { mode: Mode; strict: boolean; begin: Promise<unknown> },
  ) {
    this.#profile = profile;
    this.#begun = begin.then(() => undefined);
    profile.running.add(this);
    this.done = new Promise((done, failed) => {
      this.#finish = (error) => {
        if (error === undefined) return done();
        // As an event of its own: a request's own error is heard before it.
        world.after(0.01, () => {
          if (!life.dead) failed(error);
        });
      };
    });
    this.ended = this.done.catch(() => undefined);
    void this.#begun.then(() => {
      const ms = mode === 'readonly' ? world.between(0.1, 0.6) : strict ? world.between(0.5, 4) : world.between(0.2, 1);
      world.after(ms, () => {
        if (!life.dead) this.#commit(strict);
      });
    });
  }

  /** As the next start finds it. */
  die(isWritten: boolean): void {
    if (this.#state !== 'open') return;
    if (isWritten && this.#undo.length > 0) this.#profile.unsynced.push(this.#undo);
    else for (const one of this.#undo.reverse()) one();
    this.#state = 'aborted';
  }

  abort(): void {
    if (this.#state !== 'open') throw new DOMException('not active', 'InvalidStateError');
    this.#rollBack(new DOMException('aborted', 'AbortError'));
  }

  objectStore(name: string) {
    return this.#surface(() => this.#table(name));
  }

  #table(name: string): SimTable {
    const table = this.#profile.tables.get(name);
    if (table === undefined) throw new DOMException(name, 'NotFoundError');
    return table;
  }

  /** A request: waits for its turn, then answers at once. */
  async #ask<T>(work: () => T): Promise<T> {
    await this.#begun;
    if (this.#state !== 'open') throw new DOMException('the transaction has ended', 'TransactionInactiveError');
    return work();
  }

  #surface(table: () => SimTable) {
    const range = (query: Bounds | Key | null | undefined) => table().find(query ?? null);
    const change = <T>(work: (at: SimTable) => { undo: Undo; key: T }) =>
      this.#ask(() => {
        const { undo, key } = work(table());
        this.#undo.push(undo);
        return key;
      });
    const cursor = (query?: Bounds | null, direction?: string) =>
      this.#ask(() => {
        const rows = range(query);
        const row = direction === 'prev' ? rows.at(-1) : rows[0];
        return row === undefined ? null : { key: row.key, primaryKey: row.key, value: row.value };
      });
    return {
      get: (key: Key) => this.#ask(() => table().get(key)),
      getAll: (query?: Bounds | null, count?: number) =>
        this.#ask(() =>
          range(query)
            .slice(0, count ?? Number.POSITIVE_INFINITY)
            .map((row) => row.value),
        ),
      getAllKeys: (query?: Bounds | null, count?: number) =>
        this.#ask(() =>
          range(query)
            .slice(0, count ?? Number.POSITIVE_INFINITY)
            .map((row) => row.key),
        ),
      count: () => this.#ask(() => range(null).length),
      add: (value: object, key?: Key) => change((at) => at.write(value, key ?? null, true)),
      put: (value: unknown, key?: Key) => change((at) => at.write(value, key ?? null, false)),
      delete: (query: Bounds | Key) => change((at) => at.remove(query)),
      clear: () => change((at) => at.clear()),
      openCursor: cursor,
      openKeyCursor: cursor,
    };
  }

  #commit(strict: boolean): void {
    if (this.#state !== 'open') return;
    const writes = this.#undo.length > 0;
    if (writes && this.#profile.trouble === 'hang') return;
    if (writes && this.#profile.trouble === 'quota') {
      this.#rollBack(new DOMException('full', 'QuotaExceededError'));
      return;
    }
    this.#state = 'done';
    this.#profile.running.delete(this);
    if (writes) this.#profile.unsynced.push(this.#undo);
    if (strict) this.#profile.unsynced = [];
    this.#finish();
  }

  #rollBack(error: DOMException): void {
    this.#state = 'aborted';
    this.#profile.running.delete(this);
    for (const one of this.#undo.reverse()) one();
    this.#undo = [];
    this.#finish(error);
  }
}
