// What a long queue costs a gate: its start, its heap, its passages with the queue standing and draining, and the order in
// which the queue leaves. Called by the soak of the queue and by its short version in test/e2e.
import { setTimeout as sleep } from 'node:timers/promises';
import { pageHeap } from '../tools/heap.ts';
import { type Campus, cardOf, createCampus, objectOf, waitForRoster, waitForScreen } from './campus.ts';
import type { Browser } from './chromium.ts';
import { fillQueue } from './long-queue.ts';
import { until } from './programs.ts';

export const limits = { people: 300, pulseMs: 20_000, drainMs: 1_800_000 } as const;

export type QueueFigures = {
  entries: number;
  /** From launching Chromium to the gate's idle screen with the whole queue counted, median of three starts. */
  startMs: number;
  /** The same with an empty queue: what Chromium, the page and this machine need anyway. */
  emptyStartMs: number;
  /** Largest heap seen after a collection, with the queue standing and while it drained. */
  heapBytes: number;
  /** Median passage (card's bytes to barrier's bytes) against the same gate with an empty queue. */
  standing: number;
  draining: number;
  medians: { empty: number; standing: number; draining: number };
  drainedWhileBusy: number;
  drainSeconds: number;
  newestReferralFirst: boolean;
  storedOnce: boolean;
};

export async function measureQueue(ask: {
  entries: number;
  passages: number;
  perMinute: number;
  everyReferral?: number;
  say: (text: string) => void;
}): Promise<QueueFigures> {
  const campus = await createCampus({ people: limits.people, hz: 100, tapFrames: 1 });
  try {
    const passing = passagesOn(campus, ask.perMinute);
    let gate = await ready(campus);
    campus.rig.look(objectOf(3650));
    await passing(ask.passages >> 2); // warm
    const empty = await passing(ask.passages);
    await until('the queue is empty', async () => (await queued(gate)) === 0, 60_000);
    const emptyStarts: Start[] = [];
    for (let n = 0; n < 3; n++) {
      await gate.close();
      const started = await startGate(campus, 0);
      gate = started.gate;
      emptyStarts.push(started);
    }
    ask.say(`starts with an empty queue: ${emptyStarts.map(toldStart).join(', ')}`);
    await gate.close();

    await campus.hub.stop();
    const queue = await fillQueue(campus, ask.entries, ask.everyReferral);
    ask.say(`filled: ${queue.entries} entries, ${queue.referrals} referrals`);
    const starts: Start[] = [];
    for (let n = 0; n < 3; n++) {
      if (n > 0) await gate.close();
      const started = await startGate(campus, ask.entries);
      gate = started.gate;
      starts.push(started);
    }
    ask.say(`starts: ${starts.map(toldStart).join(', ')}`);
    await passing(ask.passages >> 2);
    const standing = await passing(ask.passages);
    let heapBytes = await pageHeap(gate.page);
    ask.say(
      `standing: ${median(standing).toFixed(1)} ms against ${median(empty).toFixed(1)} ms, heap ${(heapBytes / 1_048_576).toFixed(1)} MB`,
    );

    await campus.startHub().catch((error: unknown) => {
      ask.say(campus.hub.lines.join('\n'));
      throw error;
    });
    const began = performance.now();
    await until('the queue drains', async () => (await stored(campus, queue.writerId)) > 0, 60_000);
    const before = await stored(campus, queue.writerId);
    const draining = await passing(ask.passages);
    const drainedWhileBusy = (await stored(campus, queue.writerId)) - before;
    heapBytes = Math.max(heapBytes, await pageHeap(gate.page));
    ask.say(`draining: ${median(draining).toFixed(1)} ms, ${drainedWhileBusy} entries meanwhile`);
    await until('the queue is empty', async () => (await queued(gate)) === 0, limits.drainMs);
    const drainSeconds = (performance.now() - began) / 1_000;
    heapBytes = Math.max(heapBytes, await pageHeap(gate.page));

    return {
      entries: ask.entries,
      startMs: Math.round(median(starts.map(({ wholeMs }) => wholeMs))),
      emptyStartMs: Math.round(median(emptyStarts.map(({ wholeMs }) => wholeMs))),
      heapBytes,
      standing: ratio(median(standing), median(empty)),
      draining: ratio(median(draining), median(empty)),
      medians: { empty: median(empty), standing: median(standing), draining: median(draining) },
      drainedWhileBusy,
      drainSeconds: Math.round(drainSeconds),
      newestReferralFirst: await leftInOrder(campus, queue.writerId),
      storedOnce: (await stored(campus, queue.writerId)) === ask.entries,
    };
  } finally {
    await campus.close();
  }
}

type Start = { wholeMs: number; pageMs: number };
const toldStart = ({ wholeMs, pageMs }: Start) =>
  `${wholeMs.toFixed(0)} ms (from the page's first request on ${pageMs.toFixed(0)})`;

/** Launches Chromium with the gate and waits for its idle screen and a queue of at least `entries`. */
async function startGate(campus: Campus, entries: number): Promise<Start & { gate: Browser }> {
  const began = performance.now();
  const gate = await campus.openGate();
  await waitForScreen(gate, 'idle', 120_000);
  await until('the queue is counted', async () => (await queued(gate)) >= entries, 120_000);
  const wholeMs = performance.now() - began;
  return { gate, wholeMs, pageMs: await gate.page.evaluate(() => performance.now()) };
}

async function ready(campus: Campus): Promise<Browser> {
  const gate = await campus.openGate();
  await waitForScreen(gate, 'idle');
  await waitForRoster(gate);
  return gate;
}

/** Milliseconds from the card's bytes to the barrier's bytes, one person after the other at `perMinute`. */
function passagesOn(campus: Campus, perMinute: number): (count: number) => Promise<number[]> {
  let person = 0;
  return async (count) => {
    const times: number[] = [];
    for (let n = 0; n < count; n++) {
      const due = performance.now() + 60_000 / perMinute;
      person += 1;
      times.push(await passOnce(campus, (person % limits.people) + 1));
      await sleep(Math.max(0, due - performance.now()));
    }
    return times;
  };
}

function passOnce(campus: Campus, n: number): Promise<number> {
  return new Promise((done, failed) => {
    const start = performance.now();
    let heard = '';
    const timer = setTimeout(() => failed(new Error(`card ${n}: the barrier did not move in time`)), limits.pulseMs);
    const stop = campus.rig.barrier.onBytes((bytes) => {
      heard += bytes.toString('hex');
      if (!heard.includes('a00101a2')) return;
      clearTimeout(timer);
      stop();
      done(performance.now() - start);
    });
    campus.rig.tap(cardOf(n).uid);
  });
}

async function queued(gate: Browser): Promise<number> {
  return Number((await gate.page.locator('[data-testid="queue"]').innerText()).replace(/\D/g, ''));
}

async function stored(campus: Campus, writerId: string): Promise<number> {
  const rows = await campus.query<{ n: string }>('select count(*) n from entries where writer_id = $1', [writerId]);
  return Number(rows[0]?.n);
}

/** Referrals came before everything else, the newest first; the rest from the oldest on, request by request. */
async function leftInOrder(campus: Campus, writerId: string): Promise<boolean> {
  const rows = await campus.query<{ seq: string; raises: boolean }>(
    'select seq, case_id is not null as raises from entries where writer_id = $1 order by received_ms, seq',
    [writerId],
  );
  const referrals = rows.findIndex(({ raises }) => !raises);
  const front = rows.slice(0, referrals).map(({ seq }) => Number(seq));
  const back = rows.slice(referrals);
  const isFalling = front.every((seq, at) => at === 0 || seq < (front[at - 1] ?? 0));
  const isRising = back.every(({ seq }, at) => at === 0 || Number(seq) > Number(back[at - 1]?.seq));
  return front.length > 0 && isFalling && isRising && back.every(({ raises }) => !raises);
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const ratio = (now: number, before: number) => Number((now / before).toFixed(3));
