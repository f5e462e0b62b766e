// The pruner beside its hub's word: keeps the answer, drops only what it can check, and an older hub prunes nothing; the signer knows
// what lies below the floor.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBatchSigner } from '../../device/batch-signer.ts';
import { readHoldings } from '../../device/holdings.ts';
import { openJournal } from '../../device/journal.ts';
import { silentLog } from '../../device/log.ts';
import { createPruner, sealedBy } from '../../device/pruner.ts';
import { stationKey } from '../../device/station-key.ts';
import { chainOf, writerA } from './journal-kit.ts';
import { createManualClock } from './manual-clock.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mengang-pruner-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const day = 86_400_000;
const entries = chainOf(writerA, 40);
/** Ten entries a day, the last day 20 days ago. */
async function journalIn(name: string) {
  let nowMs = Date.UTC(2020, 2, 1, 2);
  const journal = await openJournal({ dir: join(folder, name, 'journal'), wallMs: () => nowMs, report: () => {} });
  for (const entry of entries) {
    await journal.append(entry);
    if (entry.seq % 10 === 0) nowMs += day;
  }
  nowMs += 20 * day;
  return { journal, wallMs: () => nowMs, stateDir: join(folder, name) };
}
const hubOf = (status: number, sealed: { seq: number; hash: string } | null) => ({
  askWhole: async () => ({
    status,
    retryAfterMs: null,
    body: Buffer.from(
      JSON.stringify({ contract: 1, epoch: 'e', hubNowMs: 1, writers: [{ writerId: writerA, watermark: 40, sealed }] }),
    ),
  }),
});

test.each([
  ['a seal of the journal’s own hash', 200, { seq: 25, hash: entries[24]?.hash ?? '' }, 20],
  ['a seal of another chain', 200, { seq: 25, hash: 'f'.repeat(64) }, 0],
  ['a seal beyond the journal', 200, { seq: 400, hash: 'f'.repeat(64) }, 0],
  ['no seal', 200, null, 0],
  ['a hub of the contract before', 404, null, 0],
])('%s prunes what it may', async (name, status, sealed, floor) => {
  const { journal, wallMs, stateDir } = await journalIn(name);
  const clock = createManualClock();
  const pruner = createPruner({
    ...{ stateDir, journal, wallMs, clock, log: silentLog, random: () => 0.5 },
    hub: hubOf(status, sealed),
  });
  pruner.start();
  await pruner.stop();
  expect(journal.floor(writerA)?.seq ?? 0).toBe(floor);
  expect(journal.counts().entries).toBe(40 - floor);
  expect((await readHoldings(stateDir))?.writers.length ?? 0).toBe(status === 200 ? 1 : 0);
  await journal.close();
});

test('what is sent again from below the floor is passed on, never called held; another end at the floor is refused', async () => {
  const { journal, wallMs, stateDir } = await journalIn('signer');
  await journal.prune(
    new Date(wallMs() - 14 * day).toISOString().slice(0, 10),
    sealedBy({
      epoch: 'e',
      writers: [{ writerId: writerA, watermark: 40, sealed: { seq: 30, hash: entries[29]?.hash ?? '' } }],
    }),
  );
  expect(journal.floor(writerA)?.seq).toBe(30);
  const signer = createBatchSigner({ key: await stationKey(stateDir), stationId: 'st-000000000000', journal });
  const sign = (batch: readonly unknown[]) =>
    signer.sign(
      Buffer.from(JSON.stringify({ contract: 1, writerId: writerA, receiptedSeq: 0, epoch: null, entries: batch })),
    );
  const holdingOf = async (batch: readonly unknown[]) => {
    const signing = await sign(batch);
    return signing.kind === 'signed' ? Object.values(signing.headers)[0]?.split(' ')[2] : signing.kind;
  };
  expect(await holdingOf(entries.slice(0, 20))).toBe('passed-on');
  expect(await holdingOf(entries.slice(20, 40))).toBe('held');
  expect(await holdingOf([{ ...entries[29], hash: 'e'.repeat(64) }])).toBe('contradicts');
  await journal.close();
});
