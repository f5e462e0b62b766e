// The bridge signs only what its journal holds: over a real journal and a real key in a state folder.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBatchSigner } from '../../device/batch-signer.ts';
import { type Journal, openJournal } from '../../device/journal.ts';
import { type StationKey, stationKey } from '../../device/station-key.ts';
import { hasSigned } from '../../hub/station-keys.ts';
import { batchEnd, batchText } from '../../src/domain/evidence.ts';
import { chainOf, writerA } from '../kit/some-entries.ts';

let dir: string;
let journal: Journal;
let key: StationKey;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mengang-signer-'));
  journal = await openJournal({ dir: join(dir, 'journal'), wallMs: Date.now, report: () => undefined });
  key = await stationKey(dir);
});
afterEach(async () => {
  await journal.close();
  await rm(dir, { recursive: true });
});

const sign = (entries: readonly unknown[]) =>
  createBatchSigner({ key, stationId: 'st-1', journal }).sign(
    Buffer.from(JSON.stringify({ contract: 1, writerId: writerA, receiptedSeq: 0, epoch: 'e', entries })),
  );

test('the key is made once and readable by its owner alone', async () => {
  expect((await stationKey(dir)).publicKey).toBe(key.publicKey);
  expect((await stat(join(dir, 'station-key.json'))).mode & 0o777).toBe(0o600);
});

test('what the journal lacks is written there first, then signed as held', async () => {
  const entries = chainOf(writerA, 3);
  const done = await sign(entries);
  expect(journal.head(writerA)?.seq).toBe(3);
  if (done.kind !== 'signed') throw new Error(done.kind);
  const [version, publicKey, holding, signature = ''] = (done.headers['mengang-signature'] ?? '').split(' ');
  expect([version, publicKey, holding]).toEqual(['v1', key.publicKey, 'held']);
  const end = batchEnd(writerA, entries);
  const text = batchText({ station: 'st-1', epoch: 'e', writer: writerA, end, holding: 'held' });
  expect(hasSigned(key.publicKey, text, signature)).toBe(true);
});

test('other bytes in a place that the journal holds are never signed', async () => {
  for (const entry of chainOf(writerA, 3)) await journal.append(entry);
  const other = chainOf(writerA, 4, [2]);
  expect(await sign(other.slice(0, 3))).toEqual({ kind: 'contradicts', seq: 3 });
  expect(await sign(other.slice(3))).toEqual({ kind: 'contradicts', seq: 4 });
  expect(journal.head(writerA)?.seq).toBe(3);
});

test('what cannot follow in a journal that lost what came before is passed on, and says so', async () => {
  const done = await sign(chainOf(writerA, 5).slice(3));
  if (done.kind !== 'signed') throw new Error(done.kind);
  expect(done.headers['mengang-signature']).toContain(' passed-on ');
});

test('a closed journal signs nothing that it does not hold', async () => {
  await journal.close();
  expect(await sign(chainOf(writerA, 1))).toEqual({ kind: 'journal-away', full: false });
  journal = await openJournal({ dir: join(dir, 'journal'), wallMs: Date.now, report: () => undefined });
});
