// What the uploader reads ahead and settles behind while a batch is on the wire: faster, and nothing lost, twice or out of turn.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UploadRequest } from '../../src/contracts/upload.ts';
import type { Envelope } from '../../src/domain/entry.ts';
import { createUploader, limits, type Uploader } from '../../src/sync/uploader.ts';
import { fakeClocks } from '../kit/fake-clocks.ts';
import { type SlowLedger, type SlowLedgerOptions, slowLedger } from '../kit/slow-ledger.ts';
import { chainOf, someWallMs, writerA, writerB } from '../kit/some-entries.ts';

const wireMs = 40;
type Post = { atMs: number; request: UploadRequest };
type Say = (request: UploadRequest) => Response | null;

const answerTo = (request: UploadRequest, change: { epoch?: string; only?: number } = {}): Response =>
  Response.json({
    contract: 1,
    epoch: change.epoch ?? 'epoch-1',
    hubNowMs: 1,
    watermark: request.entries.at(-1)?.seq ?? 0,
    results: request.entries
      .slice(0, change.only ?? request.entries.length)
      .map(({ entryId, seq }) => ({ entryId, seq, status: 'stored' })),
  });

/** A page with `count` plain entries waiting and a hub that takes `wireMs` for an answer. `say` may answer otherwise; null is silence. */
function drainOf(count: number, options: Partial<SlowLedgerOptions> = {}, say: Say = (request) => answerTo(request)) {
  const clocks = fakeClocks();
  const startMs = clocks.monoMs();
  const ledger = slowLedger(clocks, { readMs: 20, settleMs: 10, ...options });
  const entries = chainOf(writerA, count + 50);
  for (const entry of entries.slice(0, count)) ledger.save(entry, false);
  const posts: Post[] = [];
  const faults: unknown[] = [];
  let inFlight = 0;
  let most = 0;
  const uploader = createUploader({
    source: ledger.source,
    clocks,
    random: () => 0.5,
    fetch: async (_url, init) => {
      const request: UploadRequest = JSON.parse(String(init?.body));
      posts.push({ atMs: clocks.monoMs() - startMs, request });
      most = Math.max(most, ++inFlight);
      await new Promise<void>((done) => clocks.after(wireMs, done));
      inFlight--;
      const answer = say(request);
      if (answer === null) throw new TypeError('cut off');
      return answer;
    },
    onSight: () => undefined,
    onSettled: () => undefined,
    onFault: (error) => faults.push(error),
  });
  const sent = () => posts.map(({ request }) => request.entries.map((one) => one.seq));
  return { clocks, ledger, entries, posts, faults, uploader, sent, mostInFlight: () => most };
}
const batch = limits.batchEntries;
/** First and last seq of each post. */
const ends = (sent: number[][]) => sent.map((seqs) => [seqs[0], seqs.at(-1)]);

describe('what the uploader reads ahead', () => {
  it('a long queue goes out batch behind batch: reading and settling take no time of their own', async () => {
    const { clocks, ledger, posts, sent, uploader, mostInFlight } = drainOf(3 * batch + 7);
    uploader.wake('link');
    await clocks.pass(1_000);
    expect(posts.map((one) => one.atMs)).toEqual([20, 60, 100, 140]);
    expect(sent().flat()).toEqual(Array.from({ length: 3 * batch + 7 }, (_, at) => at + 1));
    expect(mostInFlight()).toBe(1);
    expect(ledger.waiting.size).toBe(0);
    expect(new Set(ledger.settled.values())).toEqual(new Set([1]));
  });

  it('the hub is told of the receipt before although it is still being written down', async () => {
    const { clocks, posts, uploader } = drainOf(3 * batch, { settleMs: 35 });
    uploader.wake('link');
    await clocks.pass(1_000);
    expect(posts.map(({ request }) => [request.receiptedSeq, request.epoch])).toEqual([
      [0, null],
      [batch, 'epoch-1'],
      [2 * batch, 'epoch-1'],
    ]);
  });

  it.each([25, 45, 59])('a referral that comes %i ms on goes before what was read ahead', async (ms) => {
    const { clocks, ledger, entries, sent, uploader } = drainOf(3 * batch);
    const [fever] = entries.slice(3 * batch);
    if (fever === undefined) throw new Error('no entry');
    uploader.wake('link');
    await clocks.pass(ms);
    ledger.save(fever, true);
    uploader.wake('referral');
    await clocks.pass(1_000);
    expect(ends(sent()).slice(0, 3)).toEqual([
      [1, batch],
      [fever.seq, fever.seq],
      [batch + 1, 2 * batch],
    ]);
    expect(ledger.waiting.size).toBe(0);
  });

  it('older entries that come back from the journal go before what was read ahead', async () => {
    const { clocks, ledger, posts, uploader } = drainOf(2 * batch);
    uploader.wake('link');
    await clocks.pass(50);
    ledger.take(chainOf(writerB, 3, [], someWallMs - 3_600_000));
    uploader.wake('link');
    await clocks.pass(1_000);
    expect(posts.map(({ request }) => request.writerId)).toEqual([writerA, writerB, writerA]);
    expect(ledger.waiting.size).toBe(0);
  });

  it('who comes to the gate finds only a little of it next, and nothing is read ahead until the gate is left alone', async () => {
    const { clocks, ledger, sent, uploader } = drainOf(2 * batch);
    uploader.wake('link');
    await clocks.pass(50);
    expect(ledger.reads()).toBe(2);
    uploader.setBusy(true);
    await clocks.pass(limits.busyPauseMs + 20);
    expect(ends(sent())).toEqual([
      [1, batch],
      [batch + 1, batch + limits.busyEntries],
    ]);
    expect(ledger.reads()).toBe(2);
    await clocks.pass(limits.busyPauseMs + 100);
    expect(sent()[2]).toHaveLength(limits.busyEntries);
    expect(ledger.reads()).toBe(3);
    uploader.setBusy(false);
    await clocks.pass(200);
    expect(sent()[3]).toHaveLength(limits.recentEntries);
    expect(ledger.reads()).toBe(4);
  });

  it('a receipt that could not be written down is told; its entries go again and are settled', async () => {
    let left = 1;
    const { clocks, ledger, faults, sent, uploader } = drainOf(2 * batch, { fails: () => left-- === 1 });
    uploader.wake('link');
    await clocks.pass(10_000);
    expect(faults).toHaveLength(1);
    expect(ends(sent())).toEqual([
      [1, batch],
      [batch + 1, 2 * batch],
      [1, batch],
    ]);
    expect(ledger.waiting.size).toBe(0);
  });

  it('on a disk that stays full it waits longer and longer, one batch at a time', async () => {
    const { clocks, posts, uploader } = drainOf(3 * batch, { fails: () => true });
    uploader.wake('link');
    await clocks.pass(600_000);
    expect(posts.length).toBeLessThan(15);
  });

  it.each<[string, (request: UploadRequest, nth: number) => Response | null]>([
    ['an answer for a part', (request, nth) => answerTo(request, nth === 1 ? { only: 3 } : {})],
    ['no answer', (request, nth) => (nth === 1 ? null : answerTo(request))],
    ['a refusal', (request, nth) => (nth === 1 ? new Response('', { status: 503 }) : answerTo(request))],
    ['another epoch', (request, nth) => answerTo(request, { epoch: nth < 2 ? 'epoch-1' : 'epoch-2' })],
  ])('%s drops what was read ahead, and loses nothing', async (_what, say) => {
    let nth = 0;
    const { clocks, ledger, sent, uploader } = drainOf(3 * batch, {}, (request) => say(request, ++nth));
    uploader.wake('link');
    await clocks.pass(limits.notEnrolledWaitMs + 10_000);
    uploader.wake('link');
    await clocks.pass(1_000);
    expect(ledger.waiting.size).toBe(0);
    expect(new Set(sent().flat()).size).toBe(3 * batch);
  });
});

/** One entry of the plan: what happens after `ms`. */
const step = fc.record({
  ms: fc.integer({ min: 0, max: 70 }),
  what: fc.constantFrom(
    ...([
      'plain',
      'plain',
      'referral',
      'referral',
      'busy',
      'free',
      'journal',
      'epoch',
      'crash',
      'user',
      'lose',
      'part',
    ] as const),
    ...(['refuse', 'full', 'nothing'] as const),
  ),
});

describe('whatever happens meanwhile', () => {
  it('every entry reaches the hub, is settled by a receipt of its own, and a fever never waits behind what was read ahead', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 25 }),
        fc.record({ readMs: fc.integer({ min: 0, max: 50 }), settleMs: fc.integer({ min: 0, max: 60 }) }),
        runPlan,
      ),
      { numRuns: 150 },
    );
  }, 120_000);
});

const stock = { a: chainOf(writerA, 1_000), b: chainOf(writerB, 200, [], someWallMs - 3_600_000) };

async function runPlan(
  plan: { ms: number; what: string }[],
  slow: { readMs: number; settleMs: number },
): Promise<void> {
  const clocks = fakeClocks();
  let epoch = 1;
  let trouble: 'lose' | 'part' | 'refuse' | null = null;
  let full = false;
  const fails = () => {
    const now = full;
    full = false;
    return now;
  };
  const ledger = slowLedger(clocks, { ...slow, fails });
  const fevers = new Map<string, number>();
  /** By epoch and entry how often the hub has answered for it. */
  const receipts = new Map<string, number>();
  const rows = new Map<string, Envelope>();
  /** What a post was wrong about: thrown there, it would be one more failure of the network. */
  const wrong: string[] = [];
  let inFlight = 0;
  let answeredAtMs = clocks.monoMs();
  let nextA = 900;
  let nextB = 0;
  for (const entry of stock.a.slice(0, nextA)) ledger.save(entry, false);

  function startPage(): Uploader {
    let dead = false;
    const uploader = createUploader({
      source: sourceUntil(ledger, () => dead),
      clocks,
      random: () => 0.5,
      fetch: async (_url, init) => {
        if (dead) return new Promise(() => undefined);
        const request: UploadRequest = JSON.parse(String(init?.body));
        if (++inFlight !== 1) wrong.push(`${inFlight} in flight`);
        // Alone and at once: a fever that was there when the answer before came is not overtaken.
        const isFever = request.entries.length === 1 && fevers.has(request.entries[0]?.entryId ?? '');
        for (const [id, savedAtMs] of fevers)
          if (!isFever && savedAtMs < answeredAtMs && ledger.waiting.get(id)?.referral && !skips.has(id))
            wrong.push(`a fever of ${savedAtMs} waits at ${clocks.monoMs()}`);
        const seqs = request.entries.map((one) => one.seq);
        if (seqs.some((seq, at) => seq < (seqs[at - 1] ?? 0))) wrong.push(`not in order: ${seqs}`);
        await new Promise<void>((done) => clocks.after(wireMs, done));
        if (dead) return new Promise(() => undefined);
        inFlight--;
        answeredAtMs = clocks.monoMs();
        const now = trouble;
        trouble = null;
        if (now === 'refuse') for (const { entryId } of request.entries) skips.add(entryId);
        if (now === 'refuse') return Response.json({ error: { code: 'x', zh: 'x', en: 'x' } }, { status: 500 });
        for (const entry of request.entries) rows.set(entry.entryId, entry);
        if (now === 'lose') throw new TypeError('cut off');
        const only = now === 'part' ? Math.ceil(request.entries.length / 2) : request.entries.length;
        for (const { entryId } of request.entries.slice(0, only))
          receipts.set(entryId, (receipts.get(entryId) ?? 0) + 1);
        for (const { entryId } of request.entries.slice(only)) skips.add(entryId);
        return answerTo(request, { epoch: `epoch-${epoch}`, only });
      },
      onSight: () => undefined,
      onSettled: () => undefined,
      onFault: (error) => expect(error).toBeInstanceOf(DOMException),
    });
    stopPage = () => {
      dead = true;
      inFlight = 0;
      uploader.stop();
    };
    uploader.wake('link');
    return uploader;
  }
  /** What the uploader may have put aside because it was refused or not answered for. */
  const skips = new Set<string>();
  let stopPage = (): void => undefined;
  let uploader = startPage();

  for (const { ms, what } of plan) {
    await clocks.pass(ms);
    if (what === 'plain' || what === 'referral') {
      const entry = stock.a[nextA++];
      if (entry === undefined) continue;
      if (what === 'referral') fevers.set(entry.entryId, clocks.monoMs());
      ledger.save(entry, what === 'referral');
      uploader.wake(what === 'referral' ? 'referral' : 'entry');
    } else if (what === 'busy' || what === 'free') uploader.setBusy(what === 'busy');
    else if (what === 'journal') {
      ledger.take(stock.b.slice(nextB, nextB + 20));
      nextB += 20;
      uploader.wake('link');
    } else if (what === 'epoch') {
      epoch++;
      fevers.clear();
    } else if (what === 'crash') {
      stopPage();
      skips.clear();
      uploader = startPage();
    } else if (what === 'user') uploader.wake('user');
    else if (what === 'full') full = true;
    else if (what !== 'nothing') trouble = what as 'lose' | 'part' | 'refuse';
  }
  full = false;
  trouble = null;
  uploader.setBusy(false);
  for (let round = 0; round < 40 && ledger.waiting.size > 0; round++) {
    await clocks.pass(60_000);
    // A large answer is read in more turns than the clocks wait for.
    await new Promise((done) => setImmediate(done));
    uploader.wake('user');
  }
  await clocks.pass(60_000);
  expect(wrong).toEqual([]);
  expect(ledger.waiting.size).toBe(0);
  for (const entry of ledger.entries) expect(rows.get(entry.entryId)).toEqual(entry);
  for (const [id, times] of ledger.settled) expect(times).toBeLessThanOrEqual(receipts.get(id) ?? 0);
}

/** What a page that was killed still does to its store: nothing that had not begun. */
function sourceUntil({ source }: SlowLedger, isDead: () => boolean): SlowLedger['source'] {
  const never = new Promise<never>(() => undefined);
  return {
    pendingBatch: (ask, behind) => (isDead() ? never : source.pendingBatch(ask, behind)),
    settle: (entries, receipt) => (isDead() ? never : source.settle(entries, receipt)),
    receipted: (writerId) => (isDead() ? never : source.receipted(writerId)),
    renew: (epoch) => (isDead() ? never : source.renew(epoch)),
    front: source.front,
  };
}
