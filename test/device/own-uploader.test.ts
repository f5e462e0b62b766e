// The bridge's own entries on their way to the hub: what the journal has given up must not stop what comes behind it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createOwnUploader } from '../../device/bridge-uploader.ts';
import { createOwnWriter } from '../../device/bridge-writer.ts';
import { systemClock } from '../../device/clock.ts';
import type { HubClient } from '../../device/http-hub.ts';
import { type Journal, openJournal } from '../../device/journal.ts';
import { silentLog } from '../../device/log.ts';
import type { UploadAnswer, UploadRequest } from '../../src/contracts/upload.ts';
import type { Envelope } from '../../src/domain/entry.ts';

const dayMs = 86_400_000;
let stateDir: string;
let wallMs = Date.UTC(2020, 2, 1, 2);
let journal: Journal;
let epoch = 'a';
/** What the hub holds in this epoch: 'writer/seq'. */
let held = new Set<string>();
let claims: number[] = [];

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'mengang-own-'));
  journal = await openJournal({ dir: join(stateDir, 'journal'), wallMs: () => wallMs, report: () => {} });
});
afterEach(async () => {
  await journal.close();
  await rm(stateDir, { recursive: true, force: true });
});

const hub: HubClient = {
  ask: () => Promise.reject(new Error('unused')),
  askWhole: async ({ body }) => {
    const request = JSON.parse(String(body)) as UploadRequest & { entries: Envelope[] };
    const { writerId, receiptedSeq } = request;
    if (request.epoch === epoch) claims.push(receiptedSeq);
    // As the hub does: a receipt of this epoch that it does not know begins another one.
    if (receiptedSeq > 0 && request.epoch === epoch && !held.has(`${writerId}/${receiptedSeq}`)) epoch += '!';
    for (const { seq } of request.entries) held.add(`${writerId}/${seq}`);
    const results = request.entries.map(({ entryId, seq }) => ({ entryId, seq, status: 'stored' as const }));
    const answer: UploadAnswer = { contract: 1, epoch, hubNowMs: wallMs, watermark: 0, results };
    return { status: 200, body: Buffer.from(JSON.stringify(answer)), retryAfterMs: null };
  },
  close: () => {},
};

/** A process of the bridge that writes so many entries beside its beginning. */
async function life(entries: number): Promise<string> {
  const writer = createOwnWriter({
    append: (envelope) => journal.append(envelope),
    ...{ stationId: 'st-1', clock: systemClock, wallMs: () => wallMs, log: silentLog },
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    hubOffsetMs: () => null,
    onDuty: () => null,
    onStored: () => {},
  });
  for (let i = 0; i < entries; i++) writer.write({ kind: 'clock-jump', jumpMs: 5_000 });
  await writer.stop();
  return writer.writerId;
}

async function upload(): Promise<void> {
  const uploader = await createOwnUploader({
    ...{ stateDir, hub, journal, clock: systemClock, wallMs: () => wallMs, random: () => 0, log: silentLog },
    signer: { sign: async () => ({ kind: 'signed', headers: {} }) },
    onHub: () => {},
  });
  uploader.start();
  await new Promise((resolve) => setTimeout(resolve, 150));
  await uploader.stop();
}

test('a restored hub gets what the journal still holds, also where all of an older process was given up', async () => {
  const old = await life(2);
  wallMs += dayMs;
  const split = await life(1);
  await upload();
  expect(held.size).toBe(5);
  wallMs += 20 * dayMs;
  const now = await life(3);
  expect(await journal.prune('2020-03-02', async () => true)).toBe(1);
  for (const restart of [false, true]) {
    if (restart) {
      await journal.close();
      journal = await openJournal({ dir: join(stateDir, 'journal'), wallMs: () => wallMs, report: () => {} });
    }
    epoch = `restored ${restart}`;
    held = new Set();
    claims = [];
    await upload();
    expect([...held].sort()).toEqual(
      [`${split}/1`, `${split}/2`, ...[1, 2, 3, 4].map((seq) => `${now}/${seq}`)].sort(),
    );
    expect(epoch).toBe(`restored ${restart}`);
  }
  expect(journal.head(old)?.seq).toBe(3);
});
