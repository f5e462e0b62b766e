// Virtual time, seeded chance and the trace of one simulated run: everything that waits, waits here. Called by every part of
// the simulation; two runs of one seed make the same trace.
import { seededRandom } from '../tools/seeded.ts';

export const limits = { events: 200_000, traceLines: 20_000 } as const;

type Task = { atMs: number; order: number; run: () => void; cancelled: boolean };

/** One process or machine: what it had under way is not heard of again once it is dead. */
export type Life = { dead: boolean };

export class World {
  nowMs = 0;
  readonly random: () => number;
  /** Every line that a person needs to follow the run; hashed as it grows. */
  readonly trace: string[] = [];
  #hash = 0x811c9dc5;
  #order = 0;
  #events = 0;
  readonly #heap: Task[] = [];

  constructor(seed: number) {
    this.random = seededRandom(seed * 2_654_435_761);
  }

  /** Runs `task` once after `ms`; answers how to call it off. */
  after(ms: number, run: () => void): () => void {
    // Whole microseconds: a sum of fractions must not end in a wait that moves no clock.
    const atMs = Math.ceil((this.nowMs + Math.max(0.001, ms)) * 1_000) / 1_000;
    const task: Task = { atMs, order: this.#order++, run, cancelled: false };
    this.#push(task);
    return () => {
      task.cancelled = true;
    };
  }

  /** Resolves after `ms` unless `life` has ended by then: then never. */
  pause(ms: number, life: Life): Promise<void> {
    return new Promise((done) => {
      this.after(ms, () => {
        if (!life.dead) done();
      });
    });
  }

  say(who: string, what: string): void {
    const line = `${(this.nowMs / 1_000).toFixed(3).padStart(10)} s  ${who.padEnd(16)} ${what}`;
    if (this.trace.length < limits.traceLines) this.trace.push(line);
    for (let i = 0; i < line.length; i++) this.#hash = Math.imul(this.#hash ^ line.charCodeAt(i), 0x01000193);
  }

  /** FNV-1a of the whole trace and the number of events: equal for equal runs. */
  traceHash(): string {
    return `${(this.#hash >>> 0).toString(16).padStart(8, '0')}-${this.#events}`;
  }

  /** Runs what is due until `untilMs`, letting every promise settle between two events. */
  async run(untilMs: number): Promise<void> {
    for (let next = this.#heap[0]; next !== undefined && next.atMs <= untilMs; next = this.#heap[0]) {
      this.#pop();
      if (next.cancelled) continue;
      if (++this.#events > limits.events) throw new Error('the run does not come to rest');
      this.nowMs = next.atMs;
      next.run();
      await settled();
    }
    this.nowMs = untilMs;
  }

  between(low: number, high: number): number {
    return low + this.random() * (high - low);
  }

  whole(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  pick<T>(of: readonly [T, ...T[]]): T {
    return of[Math.floor(this.random() * of.length)] ?? of[0];
  }

  bytes(count: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.from({ length: count }, () => Math.floor(this.random() * 256));
  }

  #push(task: Task): void {
    const heap = this.#heap;
    let at = heap.push(task) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || !isBefore(task, parent)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = task;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const left = heap[child];
      if (left === undefined) break;
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, left)) child++;
      const smaller = heap[child];
      if (smaller === undefined || !isBefore(smaller, last)) break;
      heap[at] = smaller;
      at = child;
    }
    heap[at] = last;
  }
}

/** A turn of the real event loop: every microtask has run by then. Nothing real is ever waited for, so the order is fixed. */
function settled(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}

function isBefore(a: Task, b: Task): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
