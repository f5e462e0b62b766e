// The page's ledger in a real IndexedDB: order, marks, receipts, counts by index, and what a lost handle costs.
import { deleteDB, openDB } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Envelope } from '../../../src/domain/entry.ts';
import { createDatabase, type Database, type StoreTrouble } from '../../../src/store/db.ts';
import { bornMs } from '../../../src/store/ledger-keys.ts';
import { limits } from '../../../src/store/ledger-marks.ts';
import { createOutbox, type Outbox, type Waiting } from '../../../src/store/outbox.ts';
import { pageClocks } from '../../../src/sync/timers.ts';
import { chainOf, someWallMs, writerA, writerB } from '../../kit/some-entries.ts';

const ask = { entriesMax: 2_000, bytesMax: 1_048_576, skip: new Set<string>() };
const plain = { referral: false };
let names = 0;
let opened: { db: Database; name: string }[] = [];

function open(name = `outbox-${++names}`): {
  db: Database;
  outbox: Outbox;
  name: string;
  waits: Waiting[];
  troubles: (StoreTrouble | null)[];
} {
  const troubles: (StoreTrouble | null)[] = [];
  const waits: Waiting[] = [];
  const db = createDatabase({ name, after: pageClocks.after, onTrouble: (trouble) => troubles.push(trouble) });
  opened.push({ db, name });
  return {
    db,
    name,
    waits,
    troubles,
    outbox: createOutbox({
      db,
      after: pageClocks.after,
      onChange: (next) => waits.push(next),
      onFault: (error) => {
        throw error;
      },
    }),
  };
}
afterEach(async () => {
  for (const { db } of opened) db.close();
  for (const name of new Set(opened.map((one) => one.name))) await deleteDB(name);
  opened = [];
});
const saveAll = (outbox: Outbox, entries: readonly Envelope[]) =>
  Promise.all(entries.map((entry) => outbox.save(entry, plain)));
const seqs = (entries: readonly Envelope[] | undefined) => entries?.map((one) => one.seq);

describe('outbox', () => {
  it('an entry that was saved is there after a reload, byte for byte, and waits', async () => {
    const first = open();
    const entries = chainOf(writerA, 3);
    await saveAll(first.outbox, entries);
    first.db.close();
    const again = open(first.name);
    await again.outbox.load();
    expect(again.outbox.waiting()).toEqual({ count: 3, oldestWallMs: someWallMs + 1_000 });
    expect(await again.outbox.read(writerA, 1, 10)).toEqual(entries);
    expect(again.outbox.ends().get(writerA)).toEqual({ writerId: writerA, seq: 3, hash: entries[2]?.hash });
    expect((await again.outbox.pendingBatch(ask))?.entries).toEqual(entries);
  });

  it('a receipt removes the mark of that very entry and keeps the entry', async () => {
    const { outbox } = open();
    const entries = chainOf(writerA, 4);
    await saveAll(outbox, entries);
    await outbox.settle(entries.slice(1, 3), { epoch: 'e1', seq: 0 });
    expect(seqs((await outbox.pendingBatch(ask))?.entries)).toEqual([1, 4]);
    expect(outbox.waiting().count).toBe(2);
    expect(await outbox.read(writerA, 1, 10)).toEqual(entries);
    expect(await outbox.receipted(writerA)).toEqual({ epoch: 'e1', seq: 0 });
    await outbox.settle(entries, { epoch: 'e1', seq: 4 });
    expect(outbox.waiting()).toEqual({ count: 0, oldestWallMs: null });
    expect(await outbox.pendingBatch(ask)).toBeNull();
    expect(await outbox.receipted(writerA)).toEqual({ epoch: 'e1', seq: 4 });
  });

  it('a store that version 1 made keeps its entries, and what waited there waits on, referrals first', async () => {
    const name = `outbox-${++names}`;
    const entries = chainOf(writerA, limits.resendChunk * 2 + 50, [7, 9]);
    const old = await openDB(name, 1, {
      upgrade(db) {
        db.createObjectStore('entries', { keyPath: ['writerId', 'seq'] }).createIndex('unsent', 'waits');
        db.createObjectStore('aside', { autoIncrement: true });
        db.createObjectStore('cases', { keyPath: 'caseId' });
        db.createObjectStore('bars', { keyPath: 'personId' });
        db.createObjectStore('roster', { keyPath: 'bucket' });
        db.createObjectStore('meta');
      },
    });
    const tx = old.transaction(['entries', 'meta'], 'readwrite');
    const store = tx.objectStore('entries');
    for (const entry of entries) {
      const waits = [7, 9].includes(entry.seq)
        ? [0, -bornMs(entry.entryId), writerA, entry.seq]
        : [1, writerA, entry.seq];
      void store.put(entry.seq <= 3 ? entry : { ...entry, waits });
    }
    void tx.objectStore('meta').put({ epoch: 'e1', seq: 3 }, `receipted:${writerA}`);
    await tx.done;
    old.close();

    const { outbox } = open(name);
    await outbox.load();
    expect(outbox.waiting()).toEqual({ count: entries.length - 3, oldestWallMs: someWallMs + 4_000 });
    expect(await outbox.receipted(writerA)).toEqual({ epoch: 'e1', seq: 3 });
    const order: (number[] | undefined)[] = [];
    for (let batch = await outbox.pendingBatch(ask); batch !== null; batch = await outbox.pendingBatch(ask)) {
      for (const entry of batch.entries) expect(entry).toEqual(entries[entry.seq - 1]);
      order.push(seqs(batch.entries));
      await outbox.settle(batch.entries, { epoch: 'e1', seq: 0 });
    }
    expect(order.slice(0, 2)).toEqual([[9], [7]]);
    expect(order.slice(2).flat()).toEqual(entries.map((one) => one.seq).filter((n) => n > 3 && n !== 7 && n !== 9));
    expect(outbox.waiting()).toEqual({ count: 0, oldestWallMs: null });
    expect(await outbox.read(writerA, 1, 5)).toEqual(entries.slice(0, 5));
    await outbox.renew('e2');
    expect(outbox.waiting().count).toBe(entries.length);
  });

  it('a dense batch is settled by one range and takes nothing beside it; a batch answered in part keeps the rest', async () => {
    const { outbox, db } = open();
    const entries = chainOf(writerA, 400, [200]);
    await outbox.take(entries, (entry) => entry.seq === 200);
    await outbox.take(chainOf(writerB, 3), () => false);
    const calls: string[] = [];
    const { delete: remove, put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.delete = function (this: IDBObjectStore, query) {
      calls.push('delete');
      return remove.call(this, query);
    };
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, value, key) {
      calls.push(`put ${this.name}`);
      return put.call(this, value, key);
    };
    try {
      const dense = entries.slice(0, 300).filter((one) => one.seq !== 200);
      await outbox.settle(dense, { epoch: 'e1', seq: 199 });
    } finally {
      IDBObjectStore.prototype.delete = remove;
      IDBObjectStore.prototype.put = put;
    }
    expect(calls.sort()).toEqual(['delete', 'put meta']);
    expect(outbox.waiting().count).toBe(104);
    expect(seqs((await outbox.pendingBatch(ask))?.entries)).toEqual([200]);
    // 310 has another identity here, 312 is not answered for.
    const part = entries.slice(300, 350).filter((one) => one.seq !== 312);
    await outbox.settle(
      part.map((one) => (one.seq === 310 ? { ...one, entryId: chainOf(writerB, 1)[0]?.entryId ?? '' } : one)),
      { epoch: 'e1', seq: 199 },
    );
    expect(outbox.waiting().count).toBe(104 - 48);
    await outbox.settle(entries.slice(199, 200), { epoch: 'e1', seq: 311 });
    const left = await db.read(['unsent'], (tx) => tx.objectStore('unsent').getAll());
    expect(left.filter((one) => one.writerId === writerA && one.seq <= 350).map((one) => one.seq)).toEqual([310, 312]);
    expect(left.filter((one) => one.writerId === writerB)).toHaveLength(3);
  });

  it('looks for what waits behind what was settled, where no deleted marks lie, and misses nothing that comes', async () => {
    const { outbox } = open();
    const entries = chainOf(writerA, 7);
    await saveAll(outbox, entries.slice(0, 6));
    await outbox.load();
    const looks = [vi.spyOn(IDBObjectStore.prototype, 'openCursor'), vi.spyOn(IDBObjectStore.prototype, 'getAll')];
    const lowest = () => {
      const ranges = looks.flatMap((look) => look.mock.calls.map(([range]) => range));
      for (const look of looks) look.mockClear();
      const keys = ranges.flatMap((range) =>
        range instanceof IDBKeyRange && Array.isArray(range.lower) ? [range.lower] : [],
      );
      return Math.min(...keys.filter(([group, writer]) => group === 1 && writer === writerA).map((key) => key[2]));
    };
    await outbox.settle(entries.slice(0, 4), { epoch: 'e1', seq: 4 });
    expect(lowest()).toBe(1);
    expect(seqs((await outbox.pendingBatch(ask))?.entries)).toEqual([5, 6]);
    expect(lowest()).toBe(5);
    await outbox.settle(entries.slice(5, 6), { epoch: 'e1', seq: 4 });
    expect(seqs((await outbox.pendingBatch(ask))?.entries)).toEqual([5]);
    await outbox.settle(entries.slice(4, 5), { epoch: 'e1', seq: 6 });
    expect(outbox.waiting().count).toBe(0);
    expect(await outbox.pendingBatch(ask)).toBeNull();
    lowest();
    await saveAll(outbox, entries.slice(6));
    expect(seqs((await outbox.pendingBatch(ask))?.entries)).toEqual([7]);
    expect(lowest()).toBeGreaterThan(4);
    vi.restoreAllMocks();
  });

  it('offers again what a full disk would not let it settle', async () => {
    const { db } = open();
    let isFull = false;
    const relaxed: Database['relaxed'] = (stores, work) =>
      db.relaxed(stores, async (tx) => {
        const result = await work(tx);
        if (isFull) throw new DOMException('full', 'QuotaExceededError');
        return result;
      });
    const outbox = createOutbox({ db: { ...db, relaxed }, after: pageClocks.after, onChange() {}, onFault() {} });
    const entries = chainOf(writerA, 3);
    await saveAll(outbox, entries);
    isFull = true;
    await expect(outbox.settle(entries, { epoch: 'e1', seq: 3 })).rejects.toThrow();
    expect(seqs((await outbox.pendingBatch(ask))?.entries)).toEqual([1, 2, 3]);
    isFull = false;
    await outbox.settle(entries, { epoch: 'e1', seq: 3 });
    expect(await outbox.pendingBatch(ask)).toBeNull();
  });

  it('a receipt for an entry under another identity settles nothing', async () => {
    const { outbox } = open();
    const [entry] = chainOf(writerA, 1);
    if (entry === undefined) throw new Error('no entry');
    await outbox.save(entry, plain);
    await outbox.settle([{ ...entry, entryId: chainOf(writerB, 1)[0]?.entryId ?? '' }], { epoch: 'e1', seq: 1 });
    expect(outbox.waiting().count).toBe(1);
  });

  it('referrals go first, alone, the newest before the older; then the oldest entry', async () => {
    const { outbox } = open();
    const entries = chainOf(writerA, 5, [2, 4]);
    for (const entry of entries) await outbox.save(entry, { referral: entry.seq === 2 || entry.seq === 4 });
    const order: (number[] | undefined)[] = [];
    for (let batch = await outbox.pendingBatch(ask); batch !== null; batch = await outbox.pendingBatch(ask)) {
      order.push(seqs(batch.entries));
      await outbox.settle(batch.entries, { epoch: 'e1', seq: 0 });
    }
    expect(order).toEqual([[4], [2], [1, 3, 5]]);
  });

  it('a batch holds one writer, the one with the oldest entry first, and stops at its bytes and its count', async () => {
    const { outbox } = open();
    await outbox.take(chainOf(writerA, 10, [], someWallMs + 3_600_000), () => false);
    const older = chainOf(writerB, 10);
    await outbox.take(older, () => false);
    const batch = await outbox.pendingBatch(ask);
    expect(batch?.writerId).toBe(writerB);
    expect(seqs(batch?.entries)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(seqs((await outbox.pendingBatch({ ...ask, entriesMax: 3 }))?.entries)).toEqual([1, 2, 3]);
    const small = await outbox.pendingBatch({ ...ask, bytesMax: 2_500 });
    expect(JSON.stringify(small?.entries).length).toBeLessThanOrEqual(2_500);
    expect(small?.entries.length).toBeGreaterThan(1);
    expect(seqs((await outbox.pendingBatch({ ...ask, bytesMax: 10 }))?.entries)).toEqual([1]);
    const skip = new Set(older.slice(0, 9).map((one) => one.entryId));
    expect(seqs((await outbox.pendingBatch({ ...ask, skip }))?.entries)).toEqual([10]);
  });

  it('a gap in the sequence is a bug and is thrown, not stored', async () => {
    const { outbox } = open();
    const [, second] = chainOf(writerA, 2);
    if (second === undefined) throw new Error('no entry');
    expect(() => outbox.save(second, plain)).toThrow(RangeError);
    expect(await outbox.read(writerA, 1, 10)).toEqual([]);
  });

  it('an entry whose write failed keeps its place: it is written before any later one', async () => {
    const { db, outbox } = open();
    const entries = chainOf(writerA, 3);
    const strict = db.strict;
    const order: number[] = [];
    let fails = true;
    db.strict = (stores, work) => {
      if (fails && stores[0] === 'entries') return Promise.reject(new DOMException('full', 'QuotaExceededError'));
      return strict(stores, work);
    };
    const [first, second, third] = entries;
    if (first === undefined || second === undefined || third === undefined) throw new Error('no entries');
    await expect(outbox.save(first, plain)).rejects.toThrow('full');
    await expect(outbox.save(second, plain)).rejects.toThrow('full');
    expect(outbox.failing()).toBe(true);
    // The hub is told all the same, from memory.
    expect(seqs((await outbox.pendingBatch(ask))?.entries)).toEqual([1, 2]);
    await outbox.settle([first], { epoch: 'e1', seq: 1 });
    fails = false;
    await (outbox.save(third, plain) as Promise<void>).then(() => order.push(3));
    expect(order).toEqual([3]);
    expect(await outbox.read(writerA, 1, 10)).toEqual(entries);
    expect(outbox.waiting().count).toBe(2);
    expect(seqs((await outbox.pendingBatch(ask))?.entries)).toEqual([2, 3]);
  });

  it('a receipt that comes while the entry is being written is not forgotten', async () => {
    const { outbox } = open();
    const [entry] = chainOf(writerA, 1, [1]);
    if (entry === undefined) throw new Error('no entry');
    const saved = outbox.save(entry, { referral: true });
    await outbox.settle([entry], { epoch: 'e1', seq: 1 });
    await saved;
    await expect.poll(() => outbox.waiting().count).toBe(0);
    expect(await outbox.pendingBatch(ask)).toBeNull();
  });

  it('entries taken back are unsent, once, and what contradicts is set aside', async () => {
    const { db, outbox } = open();
    const entries = chainOf(writerA, 6, [5]);
    await saveAll(outbox, entries.slice(0, 2));
    expect(await outbox.take(entries, (entry) => entry.seq === 5)).toBe(4);
    expect(await outbox.take(entries, (entry) => entry.seq === 5)).toBe(0);
    expect(outbox.waiting().count).toBe(6);
    expect(seqs((await outbox.pendingBatch(ask))?.entries)).toEqual([5]);
    const [other] = chainOf(writerA, 1, [1]);
    if (other === undefined) throw new Error('no entry');
    expect(await outbox.take([other], () => true)).toBe(0);
    expect(await db.read(['aside'], (tx) => tx.objectStore('aside').count())).toBe(1);
    expect(await outbox.read(writerA, 1, 10)).toEqual(entries);
  });

  it('what cannot be read back is set aside and counted, and the rest goes on', async () => {
    const { db, outbox } = open();
    const entries = chainOf(writerA, 3);
    await saveAll(outbox, entries);
    await db.strict(['entries'], async (tx) => {
      const store = tx.objectStore('entries');
      const record = await store.get([writerA, 2]);
      if (record !== undefined) await store.put({ ...record, hash: 'flipped' });
    });
    expect(seqs((await outbox.pendingBatch(ask))?.entries)).toEqual([1, 3]);
    expect(await db.read(['aside'], (tx) => tx.objectStore('aside').count())).toBe(1);
    expect(outbox.waiting().count).toBe(2);
    expect(await db.read(['entries'], (tx) => tx.objectStore('entries').count())).toBe(3);
  });

  it('a hub restored from a backup gets everything again', async () => {
    const { outbox } = open();
    const entries = chainOf(writerA, limits.resendChunk + 7);
    await outbox.take(entries, () => false);
    await outbox.settle(entries, { epoch: 'e1', seq: entries.length });
    expect(outbox.waiting().count).toBe(0);
    await outbox.renew('e1');
    expect(outbox.waiting().count).toBe(0);
    await outbox.renew('e2');
    expect(outbox.waiting().count).toBe(entries.length);
    expect((await outbox.pendingBatch(ask))?.entries).toHaveLength(entries.length);
  });

  it('a store deleted under the page is opened anew, and an entry is saved all the same', async () => {
    const { outbox, name, troubles } = open();
    const entries = chainOf(writerA, 2);
    await saveAll(outbox, entries.slice(0, 1));
    await deleteDB(name);
    await saveAll(outbox, entries.slice(1));
    expect(await outbox.read(writerA, 2, 1)).toEqual(entries.slice(1));
    expect(troubles).toEqual([]);
  });

  it('a transaction that never settles is given up after 5 s, and the second attempt saves', async () => {
    let hang = true;
    const troubles: (StoreTrouble | null)[] = [];
    const name = `outbox-${++names}`;
    const db = createDatabase({
      name,
      after: (_ms, task) => pageClocks.after(50, task),
      onTrouble: (one) => troubles.push(one),
    });
    opened.push({ db, name });
    const kept = await db.strict(['meta'], async (tx) => {
      if (hang) {
        hang = false;
        // Keeps the transaction alive without end, as a full disk did.
        for (const endMs = performance.now() + 500; performance.now() < endMs; ) await tx.objectStore('meta').get('x');
      }
      await tx.objectStore('meta').put(7, 'kept');
      return tx.objectStore('meta').get('kept');
    });
    expect(kept).toBe(7);
    expect(troubles).toEqual([]);
  });

  it('10,000 entries: opened and counted by the ends without reading one, each append one strict transaction, memory not filled', async () => {
    const first = open();
    const entries = chainOf(writerA, 10_001);
    for (let at = 0; at < 10_000; at += 500) await first.outbox.take(entries.slice(at, at + 500), () => false);
    await first.outbox.settle(entries.slice(0, 100), { epoch: 'e1', seq: 100 });
    first.db.close();
    const again = open(first.name);
    const whole = vi.spyOn(IDBObjectStore.prototype, 'getAll');
    const keys = vi.spyOn(IDBObjectStore.prototype, 'getAllKeys');
    await again.outbox.load();
    expect(whole).not.toHaveBeenCalled();
    expect(keys.mock.calls.map(([, most]) => most)).toEqual([limits.counted]);
    vi.restoreAllMocks();
    expect(again.outbox.waiting()).toEqual({ count: 9_900, oldestWallMs: someWallMs + 101_000 });
    const seen: string[] = [];
    const transaction = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (this: IDBDatabase, stores, mode, options) {
      if (mode === 'readwrite') seen.push(options?.durability ?? 'default');
      return transaction.call(this, stores, mode, options);
    };
    try {
      await saveAll(again.outbox, entries.slice(10_000));
    } finally {
      IDBDatabase.prototype.transaction = transaction;
    }
    expect(seen).toEqual(['strict']);
    const batch = await again.outbox.pendingBatch(ask);
    expect(batch?.entries[0]?.seq).toBe(101);
    expect(JSON.stringify(batch?.entries).length).toBeLessThanOrEqual(ask.bytesMax);
    expect(batch?.entries.length).toBeGreaterThan(1_000);
  });
});
