// The uploader against a scripted hub: only a receipt settles, nothing is lost, nothing blocks.
import { beforeEach, describe, expect, it } from 'vitest';
import type { UploadRequest } from '../../src/contracts/upload.ts';
import type { Envelope } from '../../src/domain/entry.ts';
import { type Batch, createUploader, type HubSight, limits, type Receipt } from '../../src/sync/uploader.ts';
import { type FakeClocks, fakeClocks } from '../kit/fake-clocks.ts';
import { chainOf, writerA } from '../kit/some-entries.ts';

type Scripted = (request: UploadRequest) => Response | Promise<Response>;

const epoch = 'epoch-1';
function answerFor(request: UploadRequest, change: { epoch?: string; only?: number; status?: string } = {}): Response {
  const results = request.entries
    .slice(0, change.only ?? request.entries.length)
    .map(({ entryId, seq }) => ({ entryId, seq, status: change.status ?? 'stored' }));
  return Response.json({
    contract: 1,
    epoch: change.epoch ?? epoch,
    hubNowMs: 1_790_000_009_000,
    watermark: 1,
    results,
  });
}
const refusal = (status: number, headers: Record<string, string> = {}) =>
  Response.json({ error: { code: 'x', zh: 'x', en: 'x' } }, { status, headers });

/** A ledger in memory with the outbox's rules. */
function fakeSource(entries: Envelope[], referrals: ReadonlySet<string> = new Set()) {
  const waiting = new Map(entries.map((entry) => [entry.entryId, entry]));
  let receipt: Receipt | null = null;
  let resent = 0;
  return {
    waiting,
    resent: () => resent,
    source: {
      async pendingBatch(ask: { entriesMax: number; skip: ReadonlySet<string> }): Promise<Batch | null> {
        const open = [...waiting.values()].filter((one) => !ask.skip.has(one.entryId));
        const referral = open.findLast((one) => referrals.has(one.entryId));
        if (referral !== undefined) return { writerId: writerA, entries: [referral], referral: true };
        const batch = open.slice(0, ask.entriesMax);
        return batch.length === 0 ? null : { writerId: writerA, entries: batch, referral: false };
      },
      async settle(settled: readonly Envelope[], next: Receipt) {
        for (const one of settled) waiting.delete(one.entryId);
        receipt = next;
      },
      receipted: async () => receipt,
      async renew(next: string) {
        if (receipt === null || receipt.epoch === next) return;
        receipt = null;
        resent++;
        for (const entry of entries) waiting.set(entry.entryId, entry);
      },
    },
  };
}

describe('uploader', () => {
  let clocks: FakeClocks;
  let sent: UploadRequest[];
  let sights: HubSight[];
  let faults: unknown[];
  let settledIds: string[];
  beforeEach(() => {
    clocks = fakeClocks();
    sent = [];
    sights = [];
    faults = [];
    settledIds = [];
  });

  function uploaderOn(source: ReturnType<typeof fakeSource>['source'], script: Scripted, random = () => 0.5) {
    const uploader = createUploader({
      source,
      clocks,
      random,
      fetch: async (_url, init) => {
        const request: UploadRequest = JSON.parse(String(init?.body));
        sent.push(request);
        return script(request);
      },
      onSight: (sight) => sights.push(sight),
      onSettled: (entries) => settledIds.push(...entries.map((one) => one.entryId)),
      onFault: (error) => faults.push(error),
    });
    return uploader;
  }

  it('sends what waits in order and settles every receipted entry once', async () => {
    const entries = chainOf(writerA, 5);
    const { source, waiting } = fakeSource(entries);
    uploaderOn(source, answerFor).wake('link');
    await clocks.pass(0);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.entries.map((one) => one.seq)).toEqual([1, 2, 3, 4, 5]);
    expect(waiting.size).toBe(0);
    expect(settledIds).toEqual(entries.map((one) => one.entryId));
    expect(sights.at(-1)).toEqual({ state: 'online', offsetMs: 1_790_000_009_000 - clocks.wallMs() });
  });

  it.each(['stored', 'duplicate', 'conflict', 'set-aside'])('a receipt of %s settles', async (status) => {
    const { source, waiting } = fakeSource(chainOf(writerA, 2));
    uploaderOn(source, (request) => answerFor(request, { status })).wake('link');
    await clocks.pass(0);
    expect(waiting.size).toBe(0);
  });

  it('an answer that was lost settles nothing, and the same entries go again', async () => {
    const { source, waiting } = fakeSource(chainOf(writerA, 3));
    let lost = true;
    uploaderOn(source, (request) => {
      if (!lost) return answerFor(request, { status: 'duplicate' });
      lost = false;
      throw new TypeError('network');
    }).wake('link');
    await clocks.pass(0);
    expect(waiting.size).toBe(3);
    expect(sights.at(-1)?.state).toBe('away');
    await clocks.pass(1_000);
    expect(sent.map((one) => one.entries.length)).toEqual([3, 3]);
    expect(waiting.size).toBe(0);
  });

  it.each<[string, () => Response]>([
    ['a captive portal with 200', () => new Response('<html>login</html>')],
    ['JSON that is not this protocol', () => Response.json({ ok: true })],
    [
      'an older contract than the one before',
      () => Response.json({ contract: -1, epoch, hubNowMs: 1, watermark: 9, results: [] }),
    ],
  ])('%s settles nothing', async (_name, stranger) => {
    const { source, waiting } = fakeSource(chainOf(writerA, 3));
    uploaderOn(source, stranger).wake('link');
    await clocks.pass(0);
    expect(waiting.size).toBe(3);
    expect(sights.at(-1)?.state).toBe('away');
  });

  it.each([400, 401, 403, 404, 413, 429, 500, 502, 503, 507])('HTTP %i never loses an entry', async (status) => {
    const { source, waiting } = fakeSource(chainOf(writerA, 4));
    uploaderOn(source, () => refusal(status)).wake('link');
    await clocks.pass(60_000);
    expect(waiting.size).toBe(4);
    expect(faults).toEqual([]);
    // Tried again, and not in a storm.
    expect(sent.length).toBeLessThan(60);
  });

  it('receipts for entries that were not in the batch, or with another seq, settle nothing', async () => {
    const entries = chainOf(writerA, 2);
    const { source, waiting } = fakeSource(entries);
    uploaderOn(source, () =>
      Response.json({
        contract: 1,
        epoch,
        hubNowMs: 1,
        watermark: 2,
        results: [
          { entryId: entries[0]?.entryId, seq: 2, status: 'stored' },
          { entryId: 'somebody-else', seq: 1, status: 'stored' },
        ],
      }),
    ).wake('link');
    await clocks.pass(0);
    expect(waiting.size).toBe(2);
    expect(settledIds).toEqual([]);
  });

  it('partial receipts settle exactly those, and the rest goes again', async () => {
    const { source, waiting } = fakeSource(chainOf(writerA, 4));
    let first = true;
    uploaderOn(source, (request) => {
      const answer = answerFor(request, first ? { only: 3 } : {});
      first = false;
      return answer;
    }).wake('link');
    await clocks.pass(0);
    expect([...waiting.values()].map((one) => one.seq)).toEqual([4]);
    await clocks.pass(limits.notEnrolledWaitMs);
    expect(waiting.size).toBe(0);
    expect(sent.map((one) => one.entries.map((entry) => entry.seq))).toEqual([[1, 2, 3, 4], [4]]);
  });

  it('halves on 413 until the batch passes', async () => {
    const { source, waiting } = fakeSource(chainOf(writerA, 8));
    uploaderOn(source, (request) => (request.entries.length > 2 ? refusal(413) : answerFor(request))).wake('link');
    await clocks.pass(10);
    expect(sent.slice(0, 3).map((one) => one.entries.length)).toEqual([8, 4, 2]);
    expect(waiting.size).toBe(0);
  });

  it('an entry that the hub fails on does not block those behind it', async () => {
    const { source, waiting } = fakeSource(chainOf(writerA, 6));
    uploaderOn(source, (request) =>
      request.entries.some((one) => one.seq === 2) ? refusal(500) : answerFor(request),
    ).wake('link');
    await clocks.pass(120_000);
    expect([...waiting.values()].map((one) => one.seq)).toEqual([2]);
  });

  it('a fever that the hub failed on is offered again within a minute, however long the queue behind it is', async () => {
    const entries = chainOf(writerA, 400, [400]);
    const fever = entries.at(-1)?.entryId ?? '';
    const { source, waiting } = fakeSource(entries, new Set([fever]));
    let ill = true;
    const uploader = uploaderOn(source, (request) =>
      ill && request.entries[0]?.entryId === fever ? refusal(500) : answerFor(request),
    );
    uploader.setBusy(true);
    uploader.wake('link');
    await clocks.pass(4_000);
    const refused = sent.filter((one) => one.entries[0]?.entryId === fever).length;
    expect(refused).toBe(limits.refusalsBeforeHalving);
    ill = false;
    // Somebody is at the gate all the time: the queue goes out by the twenty, and more comes than goes.
    for (let ms = 0; ms < limits.referralAgainMs; ms += 1_000) {
      for (const entry of entries.slice(0, 100)) waiting.set(entry.entryId, entry);
      await clocks.pass(1_000);
    }
    expect(waiting.has(fever)).toBe(false);
  });

  it('an entry too large by itself steps aside, stays, and is offered again later', async () => {
    const { source, waiting } = fakeSource(chainOf(writerA, 3));
    uploaderOn(source, (request) =>
      request.entries.some((one) => one.seq === 1) ? refusal(413) : answerFor(request),
    ).wake('link');
    await clocks.pass(1_000);
    expect([...waiting.values()].map((one) => one.seq)).toEqual([1]);
    const before = sent.length;
    await clocks.pass(limits.notEnrolledWaitMs + 1_000);
    expect(sent.length).toBeGreaterThan(before);
    expect(sent.at(-1)?.entries.map((one) => one.seq)).toEqual([1]);
  });

  it.each([401, 403])('%i says not enrolled, keeps everything and stops asking', async (status) => {
    const { source, waiting } = fakeSource(chainOf(writerA, 3));
    const uploader = uploaderOn(source, () => refusal(status));
    uploader.wake('link');
    await clocks.pass(0);
    expect(sights.at(-1)?.state).toBe('not-enrolled');
    await clocks.pass(limits.notEnrolledWaitMs - 1);
    expect(sent).toHaveLength(1);
    expect(waiting.size).toBe(3);
    uploader.wake('user');
    await clocks.pass(0);
    expect(sent).toHaveLength(2);
  });

  it('honours Retry-After, even when a new entry or the link would hurry it', async () => {
    const { source } = fakeSource(chainOf(writerA, 3));
    const uploader = uploaderOn(source, () => refusal(503, { 'retry-after': '30' }));
    uploader.wake('link');
    await clocks.pass(0);
    uploader.wake('referral');
    uploader.wake('link');
    await clocks.pass(29_999);
    expect(sent).toHaveLength(1);
    await clocks.pass(1);
    expect(sent).toHaveLength(2);
  });

  it('waits with full jitter: between nothing and the doubled ceiling', async () => {
    const { source } = fakeSource(chainOf(writerA, 1));
    uploaderOn(
      source,
      () => refusal(502),
      () => 0.999,
    ).wake('link');
    const gaps: number[] = [];
    await clocks.pass(0);
    for (let i = 0; i < 4; i++) {
      const [wait] = clocks.waits();
      gaps.push(wait ?? -1);
      await clocks.pass(wait ?? 0);
    }
    expect(gaps).toEqual([999, 1_998, 3_996, 7_992]);
  });

  it('a new entry only shortens a long wait; a dead hub is not called at every card', async () => {
    const { source } = fakeSource(chainOf(writerA, 1));
    const uploader = uploaderOn(
      source,
      () => refusal(502),
      () => 0.999,
    );
    uploader.wake('link');
    await clocks.pass(200_000);
    const before = sent.length;
    for (let i = 0; i < 20; i++) {
      uploader.wake('entry');
      await clocks.pass(100);
    }
    expect(sent.length - before).toBeLessThanOrEqual(1);
    await clocks.pass(limits.newEntryWaitMs);
    expect(sent.length).toBeGreaterThan(before);
  });

  it('a referral goes first, alone, at once, even in the middle of a long wait', async () => {
    const entries = chainOf(writerA, 10, [7, 9]);
    const fevers = new Set([7, 9].map((seq) => entries[seq - 1]?.entryId ?? ''));
    const { source, waiting } = fakeSource(entries, fevers);
    let up = false;
    const uploader = uploaderOn(
      source,
      (request) => (up ? answerFor(request) : refusal(502)),
      () => 0.999,
    );
    uploader.wake('link');
    await clocks.pass(100_000);
    up = true;
    const before = sent.length;
    uploader.wake('referral');
    await clocks.pass(0);
    expect(
      sent
        .slice(before)
        .map((one) => one.entries.map((entry) => entry.seq))
        .slice(0, 2),
    ).toEqual([[9], [7]]);
    expect(waiting.size).toBe(0);
  });

  it('yields while somebody is at the gate: little batches with pauses, and still drains', async () => {
    const { source, waiting } = fakeSource(chainOf(writerA, 50));
    const uploader = uploaderOn(source, answerFor);
    uploader.setBusy(true);
    uploader.wake('link');
    await clocks.pass(0);
    expect(sent.map((one) => one.entries.length)).toEqual([limits.busyEntries]);
    await clocks.pass(limits.busyPauseMs);
    expect(sent).toHaveLength(2);
    uploader.setBusy(false);
    await clocks.pass(0);
    expect(waiting.size).toBe(0);
  });

  it('keeps its batches small between two people, and sends large ones when nobody has come for a while', async () => {
    const { source, waiting } = fakeSource(chainOf(writerA, 2 * limits.batchEntries));
    let held: (() => void) | null = null;
    const uploader = uploaderOn(source, async (request) => {
      await new Promise<void>((done) => {
        held = done;
      });
      return answerFor(request);
    });
    const answerNow = async (ms: number) => {
      await clocks.pass(ms);
      held?.();
      await clocks.pass(0);
    };
    uploader.setBusy(true);
    uploader.setBusy(false);
    uploader.wake('link');
    await answerNow(0);
    await answerNow(0);
    await answerNow(limits.recentMs);
    // The third answer took fifteen seconds, which halves the next batch.
    expect(sent.map((one) => one.entries.length)).toEqual([
      ...Array(3).fill(limits.recentEntries),
      limits.batchEntries / 2,
    ]);
    expect(waiting.size).toBeLessThan(2 * limits.batchEntries);
  });

  it('rests no longer than its bound behind a hub that is slow', async () => {
    const { source } = fakeSource(chainOf(writerA, 4 * limits.recentEntries));
    const tookMs = limits.recentRestMs;
    const uploader = uploaderOn(source, async (request) => {
      await new Promise<void>((done) => clocks.after(tookMs, done));
      return answerFor(request);
    });
    uploader.setBusy(true);
    uploader.setBusy(false);
    uploader.wake('link');
    await clocks.pass(tookMs + limits.recentRestMs - 1);
    expect(sent).toHaveLength(1);
    await clocks.pass(1);
    expect(sent).toHaveLength(2);
  });

  it('rests between two people for twice as long as a batch took, but not behind a referral', async () => {
    const entries = chainOf(writerA, 4 * limits.recentEntries, [9]);
    const { source } = fakeSource(entries, new Set([entries[8]?.entryId ?? '']));
    const tookMs = 100;
    const uploader = uploaderOn(source, async (request) => {
      await new Promise<void>((done) => clocks.after(tookMs, done));
      return answerFor(request);
    });
    uploader.setBusy(true);
    uploader.setBusy(false);
    uploader.wake('link');
    await clocks.pass(tookMs);
    expect(sent.map((one) => one.entries.length)).toEqual([1, limits.recentEntries]);
    await clocks.pass(tookMs + limits.recentRest * tookMs - 1);
    expect(sent).toHaveLength(2);
    await clocks.pass(1);
    expect(sent).toHaveLength(3);
  });

  it('never has two batches in flight', async () => {
    const { source } = fakeSource(chainOf(writerA, 3));
    let inFlight = 0;
    let most = 0;
    const uploader = uploaderOn(source, async (request) => {
      most = Math.max(most, ++inFlight);
      await new Promise<void>((done) => clocks.after(100, done));
      inFlight--;
      return answerFor(request, { only: 1 });
    });
    for (let i = 0; i < 5; i++) uploader.wake('user');
    await clocks.pass(50);
    for (let i = 0; i < 5; i++) uploader.wake('referral');
    await clocks.pass(2_000);
    expect(most).toBe(1);
  });

  it('a hub with a new epoch is sent everything again', async () => {
    const entries = chainOf(writerA, 3);
    const { source, waiting, resent } = fakeSource(entries);
    let now = epoch;
    const uploader = uploaderOn(source, (request) => answerFor(request, { epoch: now }));
    uploader.wake('link');
    await clocks.pass(0);
    expect(waiting.size).toBe(0);
    now = 'epoch-2';
    const [late] = chainOf(writerA, 1, [], 1_790_000_500_000);
    if (late !== undefined) waiting.set(late.entryId, late);
    uploader.wake('entry');
    await clocks.pass(0);
    expect(resent()).toBe(1);
    expect(waiting.size).toBe(0);
    expect(sent.at(-1)?.entries).toHaveLength(3);
  });

  it.each([
    ['late', false],
    ['while everything is being marked again', true],
  ])('a station with nothing to send is told of a new epoch, and an answer of the one before that comes %s settles nothing', async (_when, slowly) => {
    const entries = chainOf(writerA, 3);
    const { source: fast, waiting, resent } = fakeSource(entries);
    let marked = () => {};
    const source = {
      ...fast,
      async renew(next: string) {
        await fast.renew(next);
        if (slowly && next === 'epoch-2')
          await new Promise<void>((done) => {
            marked = done;
          });
      },
    };
    let late = () => {};
    let holds = false;
    const uploader = createUploader({
      source,
      clocks,
      random: () => 0.5,
      fetch: async (_url, init) => {
        const request: UploadRequest = JSON.parse(String(init?.body));
        sent.push(request);
        if (!holds) return answerFor(request, { epoch: sent.length > 2 ? 'epoch-2' : epoch });
        await new Promise<void>((done) => {
          late = done;
        });
        return answerFor(request);
      },
      onSight: (sight) => sights.push(sight),
      onSettled: () => {},
      onFault: (error) => faults.push(error),
    });
    await uploader.hear(epoch);
    await clocks.pass(0);
    expect(waiting.size).toBe(0);
    const [fresh] = chainOf(writerA, 1, [], 1_790_000_500_000);
    if (fresh !== undefined) waiting.set(fresh.entryId, fresh);
    holds = true;
    uploader.wake('entry');
    await clocks.pass(0);
    const hearing = uploader.hear('epoch-2');
    if (!slowly) await hearing;
    await clocks.pass(0);
    expect(resent()).toBe(1);
    expect(waiting.size).toBe(4);
    holds = false;
    late();
    await clocks.pass(0);
    marked();
    await hearing;
    await clocks.pass(0);
    expect(sent[2]?.entries).toHaveLength(4);
    expect(waiting.size).toBe(0);
    expect(resent()).toBe(1);
    expect(faults).toEqual([]);
  });

  it('a request without an answer is given up after 30 s and tried again smaller', async () => {
    const { source, waiting } = fakeSource(chainOf(writerA, 4));
    let hang = true;
    const uploader = createUploader({
      source,
      clocks,
      random: () => 0.5,
      fetch: (_url, init) => {
        const request: UploadRequest = JSON.parse(String(init?.body));
        sent.push(request);
        if (!hang) return Promise.resolve(answerFor(request));
        hang = false;
        return new Promise((_, reject) =>
          init?.signal?.addEventListener('abort', () => reject(new DOMException('x', 'AbortError'))),
        );
      },
      onSight: (sight) => sights.push(sight),
      onSettled: () => {},
      onFault: (error) => faults.push(error),
    });
    uploader.wake('link');
    await clocks.pass(29_999);
    expect(sent).toHaveLength(1);
    await clocks.pass(10_000);
    expect(sent[1]?.entries).toHaveLength(2);
    expect(waiting.size).toBe(0);
  });

  it('a store that fails is told, and the uploader goes on after a wait', async () => {
    const { source, waiting } = fakeSource(chainOf(writerA, 1));
    let broken = true;
    const uploader = uploaderOn(
      { ...source, pendingBatch: (ask) => (broken ? Promise.reject(new Error('disk')) : source.pendingBatch(ask)) },
      answerFor,
    );
    uploader.wake('link');
    await clocks.pass(0);
    expect(faults).toHaveLength(1);
    broken = false;
    await clocks.pass(1_000);
    expect(waiting.size).toBe(0);
  });
});
