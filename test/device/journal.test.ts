// The journal's promises on real files: torn tails, damage, duplicates, a full disk, one sync a record.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Disk, systemDisk } from '../../device/disk.ts';
import { type Journal, type JournalOptions, openJournal } from '../../device/journal.ts';
import { lineOf } from '../../device/journal-line.ts';
import type { JournalReport } from '../../device/journal-segments.ts';
import { chainOf, nextEntry, writerA, writerB } from './journal-kit.ts';

let dir = '';
let reports: JournalReport[] = [];
let wallMs = Date.UTC(2020, 2, 1, 2);
const opened: Journal[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mengang-journal-'));
  reports = [];
  wallMs = Date.UTC(2020, 2, 1, 2);
});
afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.close();
  await rm(dir, { recursive: true, force: true });
});

async function start(more: Partial<JournalOptions> = {}): Promise<Journal> {
  const journal = await openJournal({ dir, wallMs: () => wallMs, report: (report) => reports.push(report), ...more });
  opened.push(journal);
  return journal;
}

async function onlyFile(): Promise<string> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.journal'));
  expect(names).toHaveLength(1);
  return join(dir, names[0] ?? '');
}

describe('appending', () => {
  it('gives back after a second start exactly what was stored', async () => {
    const first = await start();
    const a = chainOf(writerA, 200);
    const b = chainOf(writerB, 3);
    for (const envelope of [...a.slice(0, 100), ...b, ...a.slice(100)])
      expect(await first.append(envelope)).toBe('stored');
    await first.close();
    const second = await start();
    expect(await second.read(writerA, 1, 2_000)).toEqual(a);
    expect(await second.read(writerA, 130, 5)).toEqual(a.slice(129, 134));
    expect(await second.read(writerB, 2, 100)).toEqual(b.slice(1));
    expect(second.heads('page').map(({ writerId, seq }) => [writerId, seq])).toEqual([
      [writerA, 200],
      [writerB, 3],
    ]);
    expect(await second.append(nextEntry(writerA, a.at(-1) ?? null))).toBe('stored');
    expect(reports).toEqual([]);
  });

  it('answers duplicate, conflict, gap and hash without writing', async () => {
    const journal = await start();
    const [one, two, three] = chainOf(writerA, 3);
    const other = chainOf(writerA, 1, 'other')[0];
    if (!one || !two || !three || !other) throw new Error('kit');
    expect(await journal.append(one)).toBe('stored');
    const size = (await readFile(await onlyFile())).length;
    expect(await journal.append(one)).toBe('duplicate');
    expect(await journal.append(other)).toBe('conflict');
    expect(await journal.append({ ...one, entryId: three.entryId })).toBe('conflict');
    expect(await journal.append(three)).toBe('gap');
    expect(await journal.append({ ...two, hash: three.hash })).toBe('hash');
    expect(await journal.append({ ...two, bytes: `${two.bytes} ` })).toBe('hash');
    expect((await readFile(await onlyFile())).length).toBe(size);
    expect(await journal.append(two)).toBe('stored');
  });

  it('costs one sync a record when alone, and few when many come at once', async () => {
    const syncs: string[] = [];
    const journal = await start({ disk: spied((what) => what === 'datasync' && syncs.push(what)) });
    const entries = chainOf(writerA, 101);
    const first = entries.shift();
    if (!first) throw new Error('kit');
    expect(await journal.append(first)).toBe('stored');
    expect(syncs).toHaveLength(1);
    const answers = await Promise.all(entries.map((entry) => journal.append(entry)));
    expect(new Set(answers)).toEqual(new Set(['stored']));
    expect(syncs.length).toBeLessThanOrEqual(3);
  });

  it('answers a twin in the same batch once stored, once duplicate', async () => {
    const journal = await start();
    const [one, two] = chainOf(writerA, 2);
    if (!one || !two) throw new Error('kit');
    const answers = await Promise.all([one, two, two, two].map((entry) => journal.append(entry)));
    expect(answers).toEqual(['stored', 'stored', 'duplicate', 'duplicate']);
    expect(journal.counts().entries).toBe(2);
  });

  it('answers only after the sync', async () => {
    const order: string[] = [];
    const journal = await start({ disk: spied((what) => order.push(what)) });
    const [one] = chainOf(writerA, 1);
    if (!one) throw new Error('kit');
    await journal.append(one).then(() => order.push('answer'));
    expect(order).toEqual(['write', 'datasync', 'answer']);
  });

  it('begins a segment each campus day and when one is full, and reads across them', async () => {
    const journal = await start({ segmentBytes: 2_000 });
    const entries = chainOf(writerA, 20);
    for (const [nth, entry] of entries.entries()) {
      if (nth === 10) wallMs = Date.UTC(2020, 2, 1, 16);
      expect(await journal.append(entry)).toBe('stored');
    }
    const names = (await readdir(dir)).sort();
    expect(names).toHaveLength(4);
    expect(names[0]).toBe('000001-2020-03-01.journal');
    expect(names.at(-1)).toMatch(/-2020-03-02\.journal$/);
    expect(await journal.read(writerA, 1, 100)).toEqual(entries);
    await journal.close();
    expect(await (await start()).read(writerA, 1, 100)).toEqual(entries);
  });

  it('keeps its order when the clock jumps 68 years back', async () => {
    const journal = await start();
    const entries = chainOf(writerA, 4);
    for (const [nth, entry] of entries.entries()) {
      wallMs = Date.UTC(nth < 2 ? 2020 : 1952, 2, 1);
      expect(await journal.append(entry)).toBe('stored');
    }
    await journal.close();
    expect(await (await start()).read(writerA, 1, 10)).toEqual(entries);
  });
});

describe('after a crash', () => {
  it('cuts the last record at every byte where a power cut may have torn it, and goes on', async () => {
    const journal = await start();
    const entries = chainOf(writerA, 3);
    for (const entry of entries) await journal.append(entry);
    await journal.close();
    const path = await onlyFile();
    const whole = await readFile(path);
    const last = lineOf(entries[2] ?? nextEntry(writerA, null));
    for (let kept = 0; kept < last.length; kept++) {
      reports = [];
      await writeFile(path, whole.subarray(0, whole.length - last.length + kept));
      const again = await start();
      expect(again.heads('page')[0]?.seq).toBe(2);
      expect(reports.map(({ kind }) => kind)).toEqual(kept === 0 ? [] : ['torn-tail']);
      if (kept % 37 === 0) {
        const third = entries[2];
        if (third) expect(await again.append(third)).toBe('stored');
        await again.close();
        expect(await readFile(path)).toEqual(whole);
      }
      await again.close();
    }
  });

  it('cuts a tail of zeros longer than any record', async () => {
    const journal = await start();
    for (const entry of chainOf(writerA, 3)) await journal.append(entry);
    await journal.close();
    const path = await onlyFile();
    const whole = await readFile(path);
    await writeFile(path, Buffer.concat([whole, Buffer.alloc(3_000_000)]));
    const again = await start();
    expect(again.heads('page')[0]?.seq).toBe(3);
    expect(reports).toEqual([{ kind: 'torn-tail', file: expect.any(String), offset: whole.length, bytes: 3_000_000 }]);
    expect(await readFile(path)).toEqual(whole);
  });

  it('keeps a file with a flipped bit in the middle, names the entry, and takes it again from the other copy', async () => {
    const journal = await start();
    const entries = chainOf(writerA, 5);
    for (const entry of entries) await journal.append(entry);
    await journal.close();
    const path = await onlyFile();
    const damaged = await readFile(path);
    const at = damaged.indexOf(entries[2]?.hash ?? '') + 100;
    damaged[at] = (damaged[at] ?? 0) ^ 0x04;
    await writeFile(path, damaged);
    const again = await start();
    expect(reports).toEqual([
      {
        kind: 'damaged',
        file: expect.any(String),
        line: 3,
        offset: expect.any(Number),
        entryId: entries[2]?.entryId,
        after: `${writerA}/2`,
      },
    ]);
    expect((await readFile(path)).subarray(0, damaged.length)).toEqual(damaged);
    expect(again.counts()).toMatchObject({ entries: 4, holes: 1 });
    expect(await again.read(writerA, 1, 10)).toEqual(entries.slice(0, 2));
    expect(await again.read(writerA, 3, 10)).toEqual(entries.slice(3));
    const third = entries[2];
    if (!third) throw new Error('kit');
    expect(await again.append({ ...third, bytes: `${third.bytes} ` })).toBe('conflict');
    expect(await again.append(third)).toBe('stored');
    expect(await again.read(writerA, 1, 10)).toEqual(entries);
    expect(await again.append(third)).toBe('duplicate');
    await again.close();
    const after = await start();
    expect(await after.read(writerA, 1, 10)).toEqual(entries);
    expect(after.counts()).toMatchObject({ entries: 5, holes: 0 });
  });

  it('keeps the bytes of a last record that was whole but does not hold', async () => {
    const journal = await start();
    for (const entry of chainOf(writerA, 2)) await journal.append(entry);
    await journal.close();
    const path = await onlyFile();
    const damaged = await readFile(path);
    damaged[damaged.length - 20] = (damaged[damaged.length - 20] ?? 0) ^ 1;
    await writeFile(path, damaged);
    const again = await start();
    expect(again.heads('page')[0]?.seq).toBe(1);
    const aside = (await readdir(dir)).find((name) => name.startsWith('cut-'));
    const kept = await readFile(join(dir, aside ?? ''));
    expect(damaged.subarray(damaged.length - kept.length)).toEqual(kept);
  });
});

describe('a disk in trouble', () => {
  it('answers disk-full, keeps what it has, leaves no torn record, and goes on by itself', async () => {
    let room = true;
    const journal = await start({ disk: failing(() => (room ? null : 'ENOSPC'), 'write') });
    const [one, two, three] = chainOf(writerA, 3);
    if (!one || !two || !three) throw new Error('kit');
    expect(await journal.append(one)).toBe('stored');
    room = false;
    expect(await journal.append(two)).toBe('disk-full');
    expect(await journal.append(two)).toBe('disk-full');
    expect(await journal.append(three)).toBe('gap');
    expect(await journal.read(writerA, 1, 10)).toEqual([one]);
    room = true;
    expect(await journal.append(two)).toBe('stored');
    expect(await journal.append(three)).toBe('stored');
    await journal.close();
    reports = [];
    expect(await (await start()).read(writerA, 1, 10)).toEqual([one, two, three]);
    expect(reports).toEqual([]);
  });

  it('never acknowledges a record whose sync failed, and trusts that file no further', async () => {
    let broken = false;
    const journal = await start({ disk: failing(() => (broken ? 'EIO' : null), 'datasync') });
    const [one, two] = chainOf(writerA, 2);
    if (!one || !two) throw new Error('kit');
    await journal.append(one);
    broken = true;
    expect(await journal.append(two)).toBe('failed');
    broken = false;
    expect(await journal.append(two)).toBe('stored');
    expect((await readdir(dir)).length).toBe(2);
    await journal.close();
    reports = [];
    const again = await start();
    expect(await again.read(writerA, 1, 10)).toEqual([one, two]);
    expect(reports).toEqual([]);
  });

  it('goes on by itself after a new segment could be made and its name not be synced', async () => {
    let full = false;
    const syncFolder = (folder: string) =>
      full ? Promise.reject(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })) : systemDisk.syncFolder(folder);
    const journal = await start({ disk: { ...systemDisk, syncFolder } });
    const [one, two] = chainOf(writerA, 2);
    if (!one || !two) throw new Error('kit');
    expect(await journal.append(one)).toBe('stored');
    wallMs += 86_400_000;
    full = true;
    expect(await journal.append(two)).toBe('disk-full');
    expect(await journal.append(two)).toBe('disk-full');
    full = false;
    expect(await journal.append(two)).toBe('stored');
    await journal.close();
    reports = [];
    expect(await (await start()).read(writerA, 1, 10)).toEqual([one, two]);
    expect(reports).toEqual([]);
  });
});

/** Files whose writes and syncs are told to `heard` before they happen. */
function spied(heard: (what: 'write' | 'datasync') => unknown) {
  return wrapped(async (what, run) => {
    heard(what);
    return run();
  });
}

/** Files that fail with `code()` in the named call; a failing write leaves half of its bytes behind. */
function failing(code: () => string | null, call: 'write' | 'datasync') {
  return wrapped(async (what, run, half) => {
    const failure = what === call ? code() : null;
    if (failure === null) return run();
    await half();
    throw Object.assign(new Error(failure), { code: failure });
  });
}

type Wrap = (what: 'write' | 'datasync', run: () => Promise<unknown>, half: () => Promise<unknown>) => Promise<unknown>;

function wrapped(wrap: Wrap): Disk {
  return {
    ...systemDisk,
    async open(path, flags) {
      const file = await systemDisk.open(path, flags);
      return {
        read: file.read.bind(file),
        truncate: file.truncate.bind(file),
        stat: file.stat.bind(file),
        close: file.close.bind(file),
        write: (bytes, offset, length, position) =>
          wrap(
            'write',
            () => file.write(bytes, offset, length, position),
            () => file.write(bytes, offset, length >> 1, position),
          ) as Promise<{ bytesWritten: number }>,
        datasync: async () => {
          await wrap(
            'datasync',
            () => file.datasync(),
            async () => undefined,
          );
        },
      };
    },
  };
}
