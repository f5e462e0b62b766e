// Pruning a journal: whatever the days, seals, restarts and crashes, nothing unsealed is ever dropped (invariant 4), and the chain goes on.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemDisk } from '../../device/disk.ts';
import { type Journal, openJournal } from '../../device/journal.ts';
import { sealedBy } from '../../device/pruner.ts';
import { campusDay } from '../../src/domain/campus-day.ts';
import { verifyChain } from '../../src/domain/chain.ts';
import type { Envelope } from '../../src/domain/entry.ts';
import { nextEntry, writerA, writerB } from './journal-kit.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mengang-prune-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const day = 86_400_000;
const start = Date.UTC(2020, 2, 1, 2);
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('append' as const), writer: fc.nat(1), n: fc.integer({ min: 1, max: 90 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('days' as const), n: fc.integer({ min: 1, max: 20 }) }) },
  // A seal somewhere in what a writer has, at times with another chain's hash or beyond what is there.
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('seal' as const),
      writer: fc.nat(1),
      part: fc.double({ min: 0, max: 1.2, noNaN: true }),
      wrong: fc.nat(2).map((n) => n === 0),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ do: 'prune' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'restart' as const }) },
  // Power goes between the floor and the removal of the file.
  { weight: 1, arbitrary: fc.constant({ do: 'crash' as const }) },
);

test('nothing unsealed is ever dropped, and what is left is the chain behind the floor', {
  timeout: 120_000,
}, async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (random) => {
      // Two days that are old enough to go stand at the beginning of every run.
      const old = [
        { do: 'append' as const, writer: 0, n: 70 },
        { do: 'days' as const, n: 1 },
        { do: 'append' as const, writer: 0, n: 5 },
        { do: 'days' as const, n: 16 },
      ];
      const steps = [...old, ...random];
      const dir = join(folder, String(run++));
      let nowMs = start;
      let removing = true;
      const disk = { ...systemDisk, remove: async (path: string) => (removing ? systemDisk.remove(path) : undefined) };
      const open = () => openJournal({ dir, wallMs: () => nowMs, report: (told) => expect(told).toBeNull(), disk });
      let journal: Journal = await open();
      const written = new Map<string, Envelope[]>([
        [writerA, []],
        [writerB, []],
      ]);
      const seals = new Map<string, { seq: number; hash: string }>();
      const sealedSeq = new Map<string, number>();
      const prune = () => {
        const writers = [...seals].map(([writerId, sealed]) => ({ writerId, watermark: sealed.seq, sealed }));
        return journal.prune(campusDay(nowMs - 14 * day), sealedBy({ epoch: 'e', writers }));
      };
      for (const one of steps) {
        if (one.do === 'append') {
          const writer = one.writer === 0 ? writerA : writerB;
          const entries = written.get(writer) ?? [];
          for (let i = 0; i < one.n; i++) entries.push(nextEntry(writer, entries.at(-1) ?? null));
          const answers = await Promise.all(entries.slice(-one.n).map((entry) => journal.append(entry)));
          expect(new Set(answers)).toEqual(new Set(['stored']));
        } else if (one.do === 'days') nowMs += one.n * day;
        else if (one.do === 'seal') {
          const writer = one.writer === 0 ? writerA : writerB;
          const entries = written.get(writer) ?? [];
          const seq = Math.ceil(one.part * entries.length);
          const hash = one.wrong ? 'e'.repeat(64) : entries[seq - 1]?.hash;
          if (seq > 0) seals.set(writer, { seq, hash: hash ?? 'd'.repeat(64) });
          if (seq > 0 && !one.wrong && hash !== undefined)
            sealedSeq.set(writer, Math.max(seq, sealedSeq.get(writer) ?? 0));
          await prune();
        } else if (one.do === 'prune') await prune();
        else {
          removing = one.do === 'restart';
          if (one.do === 'crash') await prune();
          removing = true;
          await journal.close();
          journal = await open();
        }
        for (const [writer, entries] of written) {
          const floor = journal.floor(writer);
          const floorSeq = floor?.seq ?? 0;
          expect(floorSeq).toBeLessThanOrEqual(sealedSeq.get(writer) ?? 0);
          const left: Envelope[] = [];
          for (let from = 1; ; from = (left.at(-1)?.seq ?? 0) + 1) {
            const piece = await journal.read(writer, from, 50);
            if (piece.length === 0) break;
            left.push(...piece);
          }
          expect(left).toEqual(entries.slice(floorSeq));
          expect(verifyChain(left, floor ?? undefined)).toBeNull();
          expect(journal.head(writer)?.seq ?? 0).toBe(entries.length);
          if (floor !== null) expect(await journal.hashAt(writer, floorSeq)).toBe(floor.hash);
        }
      }
      await journal.close();
      await rm(dir, { recursive: true, force: true });
    }),
    { numRuns: 50 },
  );
});

test('old sealed days go whole, young and unsealed ones stay, and appending goes on behind the floor', async () => {
  const dir = join(folder, 'days');
  let nowMs = start;
  const open = () => openJournal({ dir, wallMs: () => nowMs, report: () => {} });
  let journal = await open();
  const entries: Envelope[] = [];
  for (let d = 0; d < 20; d++) {
    for (let i = 0; i < 10; i++) {
      entries.push(nextEntry(writerA, entries.at(-1) ?? null));
      await journal.append(entries.at(-1) as Envelope);
    }
    nowMs += day;
  }
  const files = async () => (await readdir(dir)).filter((name) => name.endsWith('.journal')).length;
  expect(await files()).toBe(20);
  const sealAt = (seq: number) =>
    sealedBy({
      epoch: 'e',
      writers: [{ writerId: writerA, watermark: 200, sealed: { seq, hash: entries[seq - 1]?.hash ?? '' } }],
    });
  // Day 3 ends with entry 40: sealed up to 35 only three days may go.
  expect(await journal.prune(campusDay(nowMs - 14 * day), sealAt(35))).toBe(3);
  expect(await journal.prune(campusDay(nowMs - 14 * day), sealAt(200))).toBe(3);
  expect(await files()).toBe(14);
  expect(journal.counts()).toMatchObject({ entries: 140, holes: 0 });
  await journal.close();
  journal = await open();
  expect(journal.floor(writerA)).toEqual({ seq: 60, hash: entries[59]?.hash });
  expect((await journal.read(writerA, 1, 1))[0]?.seq).toBe(61);
  const next = nextEntry(writerA, entries.at(-1) ?? null);
  expect(await journal.append(next)).toBe('stored');
  expect(await journal.append(entries[70] as Envelope)).toBe('duplicate');
  await journal.close();
});
