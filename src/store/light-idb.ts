// The part of idb that the page's store uses: the build of the gate page puts it in idb's place (vite.config.ts), and the
// browser tests of the store run upon it. Requests become promises, a transaction has `done`; cursors stand where they open.

type Callbacks = { upgrade(db: unknown): void; blocking(): void; terminated(): void };

export async function openDB(name: string, version: number, callbacks: Callbacks): Promise<unknown> {
  const request = indexedDB.open(name, version);
  request.addEventListener('upgradeneeded', () => callbacks.upgrade(wrap(request.result)));
  const db = await answerOf(request);
  request.result.addEventListener('close', callbacks.terminated);
  request.result.addEventListener('versionchange', callbacks.blocking);
  return db;
}

function answerOf(request: IDBRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(wrap(request.result)));
    request.addEventListener('error', () => reject(request.error));
  });
}

function endOf(tx: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = () => reject(tx.error ?? new DOMException('AbortError', 'AbortError'));
    tx.addEventListener('complete', () => resolve());
    tx.addEventListener('error', failed);
    tx.addEventListener('abort', failed);
  });
}

/** A database, transaction, store or index whose methods answer with promises; anything else as it is. */
function wrap(value: unknown): unknown {
  if (value instanceof IDBRequest) return answerOf(value);
  const isTransaction = value instanceof IDBTransaction;
  if (
    !isTransaction &&
    !(value instanceof IDBDatabase || value instanceof IDBObjectStore || value instanceof IDBIndex)
  ) {
    return value;
  }
  const done = isTransaction ? endOf(value) : undefined;
  return new Proxy(value, {
    get(target, name) {
      if (name === 'done') return done;
      const member: unknown = Reflect.get(target, name);
      if (!(member instanceof Function)) return member;
      return (...given: unknown[]) => wrap(member.apply(target, given));
    },
  });
}
