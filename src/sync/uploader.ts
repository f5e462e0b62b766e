// Sends what waits to the hub, one batch in flight, and settles exactly what the hub answered for. Called by the gate's
// station; the network, the clocks and chance are passed in.
import { contractVersion } from '../contracts/kit.ts';
import { limits as uploadLimits } from '../contracts/upload.ts';
import { backoffMs } from '../domain/backoff.ts';
import type { Envelope } from '../domain/entry.ts';
import { type Answer, postEntries } from './post-entries.ts';
import type { Clocks } from './timers.ts';

export const limits = {
  /** More would hold the page's thread, and a card that comes meanwhile, for over a tenth of a second. */
  batchEntries: 400,
  /** While somebody is at the gate: little batches with pauses, so that the page answers and the queue still drains. */
  busyEntries: 20,
  busyPauseMs: 500,
  /** Between two people of a queue: the next one's card must not find the thread, the wire and the disk at a large batch. */
  recentEntries: 30,
  recentMs: 15_000,
  /** After such a batch the line rests, so many times as long as the hub took and `recentRestMs` at most: two of three cards find it idle. */
  recentRest: 2,
  recentRestMs: 2_000,
  /** A new entry shortens a long wait to this at most, so that a dead hub is not called at every card. */
  newEntryWaitMs: 5_000,
  notEnrolledWaitMs: 300_000,
  /** A request slower than this halves the next batch. */
  slowMs: 5_000,
  /** Answers of refusal before a batch is halved to find the entry that causes them. */
  refusalsBeforeHalving: 2,
  skippedMax: 1_000,
  /** A referral that stepped aside goes again after this long, however much waits: what refused it may have been the hub's own trouble. */
  referralAgainMs: 60_000,
} as const;

export type Batch = { writerId: string; entries: Envelope[]; referral: boolean };
export type Receipt = { epoch: string; seq: number };
export type UploadSource = {
  pendingBatch(ask: { entriesMax: number; bytesMax: number; skip: ReadonlySet<string> }): Promise<Batch | null>;
  settle(entries: readonly Envelope[], receipt: Receipt): Promise<void>;
  receipted(writerId: string): Promise<Receipt | null>;
  renew(epoch: string): Promise<void>;
};
export type HubSight = { state: 'online' | 'away' | 'not-enrolled'; offsetMs: number | null };
/** Why the uploader is woken: only `user` goes past a Retry-After. */
export type Wake = 'entry' | 'referral' | 'link' | 'user';

export type Uploader = {
  wake(why: Wake): void;
  setBusy(busy: boolean): void;
  /** The hub's present epoch, also told to a station with nothing to send: in another everything is sent again. */
  hear(epoch: string): Promise<void>;
  stop(): void;
};

export type UploaderDeps = {
  source: UploadSource;
  fetch: typeof fetch;
  clocks: Clocks;
  random(): number;
  onSight(sight: HubSight): void;
  onSettled(entries: readonly Envelope[]): void;
  /** A failure of the store or a bug; the uploader goes on after a wait. */
  onFault(error: unknown): void;
};

export function createUploader(deps: UploaderDeps): Uploader {
  const { source, clocks } = deps;
  const skip = new Set<string>();
  let referralAgainAtMs = Number.POSITIVE_INFINITY;
  let referralsAside: string[] = [];
  let entriesMax: number = limits.batchEntries;
  let bytesMax: number = uploadLimits.bytes;
  let attempt = 0;
  let refusals = 0;
  let floorMs = 0;
  let dueMs = Number.POSITIVE_INFINITY;
  let cancel = (): void => {};
  let running = false;
  let again: Wake | null = null;
  let busy = false;
  let recentUntilMs = Number.NEGATIVE_INFINITY;
  let stopped = false;
  let known: string | null = null;
  let renewal: Promise<void> = Promise.resolve();

  /** Moves the next attempt to at most `ms` from now; never before what a Retry-After asked for. */
  function within(ms: number): void {
    if (stopped || running) return;
    const due = Math.max(clocks.monoMs() + ms, floorMs);
    if (due >= dueMs) return;
    cancel();
    dueMs = due;
    cancel = clocks.after(Math.max(0, due - clocks.monoMs()), () => void round());
  }

  function wake(why: Wake): void {
    if (running) {
      again = again === 'referral' || again === 'user' ? again : why;
      return;
    }
    if (why === 'user') floorMs = 0;
    if (why === 'link' || why === 'user') skip.clear();
    const waits = why === 'entry' && attempt > 0;
    within(waits ? deps.random() * limits.newEntryWaitMs : 0);
  }

  const isRecent = () => clocks.monoMs() < recentUntilMs;

  function mostNow(): number {
    if (busy) return limits.busyEntries;
    return isRecent() ? limits.recentEntries : limits.batchEntries;
  }

  /** Milliseconds between two batches; a referral is followed at once by what waits behind it. */
  function restMs(batch: Batch, tookMs: number): number {
    if (batch.referral) return 0;
    if (busy) return limits.busyPauseMs;
    return isRecent() ? Math.min(limits.recentRestMs, limits.recentRest * tookMs) : 0;
  }

  /** One batch; then the next at once, after a pause, or after a wait. */
  async function round(): Promise<void> {
    if (running || stopped) return;
    running = true;
    dueMs = Number.POSITIVE_INFINITY;
    let waitMs: number | null = null;
    try {
      waitMs = await sendNext();
    } catch (error) {
      deps.onFault(error);
      waitMs = backoffMs(attempt++, deps.random);
    } finally {
      running = false;
    }
    if (waitMs !== null) within(waitMs);
    const woken = again;
    again = null;
    if (woken !== null) wake(woken);
  }

  /** Milliseconds until the next batch; null when nothing waits. */
  async function sendNext(): Promise<number | null> {
    if (clocks.monoMs() >= referralAgainAtMs) {
      for (const id of referralsAside.splice(0)) skip.delete(id);
      referralAgainAtMs = Number.POSITIVE_INFINITY;
    }
    const batch = await source.pendingBatch({
      entriesMax: Math.min(entriesMax, mostNow()),
      bytesMax,
      skip,
    });
    if (batch === null) {
      if (skip.size === 0) return null;
      // Only what was refused is left: offered again after the longest wait (a referral sooner), never forgotten.
      skip.clear();
      entriesMax = 1;
      return Math.min(limits.notEnrolledWaitMs, Math.max(0, referralAgainAtMs - clocks.monoMs()));
    }
    const receipted = await source.receipted(batch.writerId);
    const began = clocks.monoMs();
    const asked = known;
    const answer = await postEntries(deps.fetch, clocks, {
      contract: contractVersion,
      writerId: batch.writerId,
      receiptedSeq: receipted?.seq ?? 0,
      epoch: receipted?.epoch ?? null,
      entries: batch.entries,
    });
    // Given before the hub was restored, and late: it settles nothing.
    if (answer.kind === 'receipts' && asked !== known && answer.epoch !== known) return 0;
    return take(answer, batch, clocks.monoMs() - began);
  }

  /** Resolves when everything is marked again. Known from the first moment: an answer of the epoch before is late from then on. */
  function hear(epoch: string): Promise<void> {
    if (epoch === known) return renewal;
    const before = known;
    known = epoch;
    renewal = source.renew(epoch).catch((error: unknown) => {
      known = before;
      renewal = Promise.resolve();
      throw error;
    });
    return renewal;
  }

  async function take(answer: Answer, batch: Batch, tookMs: number): Promise<number> {
    switch (answer.kind) {
      case 'receipts': {
        deps.onSight({ state: 'online', offsetMs: answer.offsetMs });
        await hear(answer.epoch);
        const settled = batch.entries.filter((entry) => answer.receipts.get(entry.entryId) === entry.seq);
        await source.settle(settled, { epoch: answer.epoch, seq: answer.watermark });
        if (settled.length > 0) deps.onSettled(settled);
        for (const entry of batch.entries) if (!settled.includes(entry)) skipped(entry, batch);
        refusals = 0;
        floorMs = 0;
        if (settled.length === 0) return backoffMs(attempt++, deps.random);
        attempt = 0;
        grow(tookMs);
        return restMs(batch, tookMs);
      }
      case 'not-enrolled':
        deps.onSight({ state: 'not-enrolled', offsetMs: null });
        attempt++;
        return limits.notEnrolledWaitMs;
      case 'too-large':
        halve(batch);
        return 0;
      case 'refused':
        deps.onSight({ state: 'away', offsetMs: null });
        if (++refusals >= limits.refusalsBeforeHalving) halve(batch);
        return wait(answer.retryAfterMs);
      case 'away':
        deps.onSight({ state: 'away', offsetMs: null });
        if (answer.slow) entriesMax = Math.max(1, batch.entries.length >> 1);
        return wait(answer.retryAfterMs);
      default:
        return answer satisfies never;
    }
  }

  function wait(retryAfterMs: number | null): number {
    const ms = backoffMs(attempt++, deps.random, retryAfterMs);
    floorMs = retryAfterMs === null ? 0 : clocks.monoMs() + backoffMs(0, () => 0, retryAfterMs);
    return ms;
  }

  /** A batch of one that is refused steps aside for those behind it. */
  function halve(batch: Batch): void {
    const only = batch.entries.length === 1 ? batch.entries[0] : undefined;
    if (only === undefined) entriesMax = Math.max(1, batch.entries.length >> 1);
    else skipped(only, batch);
  }

  function skipped(entry: Envelope, { referral }: Batch): void {
    const oldest = skip.values().next().value;
    if (skip.size >= limits.skippedMax && oldest !== undefined) skip.delete(oldest);
    skip.add(entry.entryId);
    if (!referral) return;
    referralsAside = [...referralsAside, entry.entryId].slice(-limits.skippedMax);
    referralAgainAtMs = Math.min(referralAgainAtMs, clocks.monoMs() + limits.referralAgainMs);
  }

  function grow(tookMs: number): void {
    const next = tookMs > limits.slowMs ? entriesMax >> 1 : entriesMax * 2;
    entriesMax = Math.min(limits.batchEntries, Math.max(1, next));
    bytesMax = uploadLimits.bytes;
  }

  return {
    wake,
    setBusy(next) {
      if (busy && !next) recentUntilMs = clocks.monoMs() + limits.recentMs;
      busy = next;
      if (!busy && attempt === 0) within(0);
    },
    async hear(epoch) {
      if (epoch === known) return;
      await hear(epoch);
      wake('link');
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}
