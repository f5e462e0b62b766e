// A page whose bridge has pruned its journal: it takes back what lies behind the floor, chain checked, and calls nothing a contradiction.
import { expect, test } from 'vitest';
import type { Envelope } from '../../src/domain/entry.ts';
import { createJournalSync } from '../../src/gate/journal-sync.ts';
import { chainOf, writerA } from '../device/journal-kit.ts';

const entries = chainOf(writerA, 60);
const headAt = (seq: number) => {
  const entry = entries[seq - 1];
  if (entry === undefined) throw new Error(`no entry ${seq}`);
  return { writerId: writerA, seq, hash: entry.hash };
};

/** A page whose ledger ends at `has`, and a journal of 60 entries that begins behind `floor`. */
async function compare(has: number, floor: number, foreign = false) {
  const ledger = new Map(entries.slice(0, has).map((entry) => [entry.seq, entry]));
  const end = () => Math.max(0, ...ledger.keys());
  const asked: number[] = [];
  const sync = createJournalSync({
    ledger: {
      ends: () => new Map(end() === 0 ? [] : [[writerA, headAt(end())]]),
      read: async (_writer, fromSeq, limit) => [...ledger.values()].filter(({ seq }) => seq >= fromSeq).slice(0, limit),
      take: async (back: readonly Envelope[]) => {
        for (const entry of back) ledger.set(entry.seq, entry);
        return back.length;
      },
    },
    link: {
      state: () => 'online',
      send: () => true,
      toBridge: (ms) => ms,
      takeBack: async (_writer, fromSeq) => {
        asked.push(fromSeq);
        const from = Math.max(fromSeq, floor + 1);
        return { entries: entries.slice(from - 1, from + 19), done: from + 19 >= 60 };
      },
    },
    clocks: { monoMs: () => 0, wallMs: () => 0, after: () => () => {} },
    isReferral: () => false,
    onTaken: () => {},
    onFault: (error) => {
      throw error;
    },
  });
  const at = foreign ? { seq: floor, hash: 'f'.repeat(64) } : headAt(floor);
  const result = await sync.onHello([{ ...headAt(60), floor: { seq: at.seq, hash: at.hash } }]);
  return { result, asked, seqs: [...ledger.keys()] };
}

test('a page that lost everything goes on behind the floor', async () => {
  const { result, seqs, asked } = await compare(0, 30);
  expect(result).toEqual({ taken: 30, contradicting: [], complete: true });
  expect(seqs).toEqual(Array.from({ length: 30 }, (_, at) => at + 31));
  expect(asked[0]).toBe(31);
});

test('a page that ends below the floor, at it, or above it takes back the rest', async () => {
  for (const [has, taken] of [
    [10, 30],
    [30, 30],
    [45, 15],
    [60, 0],
  ] as const) {
    expect((await compare(has, 30)).result).toEqual({ taken, contradicting: [], complete: true });
  }
});

test('entries that do not follow the floor are a contradiction and are not kept', async () => {
  const { result, seqs } = await compare(0, 30, true);
  expect(result).toMatchObject({ taken: 0, contradicting: [writerA] });
  expect(seqs).toEqual([]);
});
