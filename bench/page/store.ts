// Row "store": one record made durable in the browser, ours beside what users would pick instead. Called by main.ts.
import Dexie from 'dexie';
import { openDB } from 'idb';
import PouchDB from 'pouchdb-browser';
import { createRxDatabase } from 'rxdb';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { QueueStore } from 'workbox-background-sync/lib/QueueStore.js';
import { StorableRequest } from 'workbox-background-sync/StorableRequest.js';
import { createDatabase } from '../../src/store/db.ts';
import { createOutbox } from '../../src/store/outbox.ts';
import { pageClocks } from '../../src/sync/timers.ts';
import { type Contestant, contest, timed } from './contest.ts';
import { createChain } from './entries.ts';

const limits = { records: 10, rounds: 30, slowRounds: 10 } as const;

const thrown = (error: unknown): never => {
  throw error;
};

/** Records a round, one after the other: a gate saves one person at a time. */
export async function storeRow() {
  const chain = createChain('st-000000000000');
  const record = () => chain.next();
  const each = (save: () => Promise<unknown>) => () =>
    timed(limits.records, async () => {
      for (let n = 0; n < limits.records; n++) await save();
    });

  const raw = await openDB('bench-raw', 1, {
    upgrade: (db) => void db.createObjectStore('records', { keyPath: 'entryId' }),
  });
  const rawPut = async (durability: 'strict' | 'relaxed') => {
    const tx = raw.transaction('records', 'readwrite', { durability });
    await Promise.all([tx.store.put(record()), tx.done]);
  };

  const outbox = createOutbox({
    db: createDatabase({
      name: 'bench-ours',
      after: pageClocks.after,
      onTrouble: (trouble) => trouble && thrown(trouble),
    }),
    after: pageClocks.after,
    onChange: () => undefined,
    onFault: thrown,
  });
  await outbox.load();
  const own = createChain('st-000000000000');

  const dexieOf = (name: string, options?: { chromeTransactionDurability: 'strict' }) => {
    const db = new Dexie(name, options);
    db.version(1).stores({ records: 'entryId' });
    return db.table('records');
  };
  const dexieStrict = dexieOf('bench-dexie-strict', { chromeTransactionDurability: 'strict' });
  const dexie = dexieOf('bench-dexie');

  const pouch = new PouchDB('bench-pouch', { auto_compaction: false });
  const queue = new QueueStore('bench');
  const rx = await createRxDatabase({ name: 'bench-rx', storage: getRxStorageDexie() });
  const text = { type: 'string' } as const;
  await rx.addCollections({
    records: {
      schema: {
        version: 0,
        primaryKey: 'entryId',
        type: 'object',
        properties: {
          entryId: { ...text, maxLength: 40 },
          writerId: text,
          seq: { type: 'integer' },
          hash: text,
          bytes: text,
        },
        required: ['entryId', 'bytes'],
      },
    },
  });

  const contestants: Contestant[] = [
    { name: 'raw IndexedDB, strict', run: each(() => rawPut('strict')) },
    {
      name: 'Mengang',
      run: each(async () => {
        const saved = outbox.save(own.next(), { referral: false });
        if (saved === false) throw new Error('the outbox is full');
        await saved;
      }),
    },
    {
      name: 'workbox-background-sync',
      run: each(async () => {
        const request = new Request('/hub/entries', { method: 'POST', body: JSON.stringify(record()) });
        const stored = await StorableRequest.fromRequest(request);
        await queue.pushEntry({ requestData: stored.toObject(), timestamp: Date.now() });
      }),
    },
    { name: 'Dexie, strict', run: each(() => dexieStrict.add(record())) },
    { name: 'Dexie, default', run: each(() => dexie.add(record())) },
    {
      name: 'PouchDB',
      rounds: limits.slowRounds,
      run: each(() => pouch.put({ _id: crypto.randomUUID(), ...record() })),
    },
    {
      name: 'RxDB on Dexie',
      rounds: limits.slowRounds,
      run: each(() => rx.collections.records?.insert(record()) ?? thrown('no collection')),
    },
    { name: 'raw IndexedDB, relaxed', run: each(() => rawPut('relaxed')) },
  ];
  return contest(contestants, limits.rounds);
}
