// What V8 itself counts (precise block coverage of node:inspector) as the guide of a fuzzer: which input reached code that none had
// reached before. Called by the fuzz program; libraries that do the same bring a binary for a newer C library than Debian 12 has.
import { Session } from 'node:inspector';

export const limits = { sourceChars: 8_388_608, inputs: 256 } as const;

type Range = { startOffset: number; endOffset: number; count: number };
type Covered = { result: { url: string; functions: { ranges: Range[] }[] }[] };

export type Guide = {
  /** True when code of the watched script ran since the last call that had never run before. */
  gained(): boolean;
  /** Characters of source that have run so far. */
  reached(): number;
  close(): void;
};

/** `url`: the script to watch, as V8 names it (a program built into one file: its own import.meta.url). Throws without an inspector. */
export function createCoverageGuide(url: string): Guide {
  const session = new Session();
  session.connect();
  // A session to one's own thread answers before `post` returns.
  const ask = <T>(method: string, params: object = {}): T => {
    let answer: unknown;
    session.post(method, params, (error, result) => {
      if (error !== null) throw new Error(`${method}: ${error.message}`);
      answer = result;
    });
    return answer as T;
  };
  ask('Profiler.enable');
  ask('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const seen = new Uint8Array(limits.sourceChars);
  let reached = 0;

  const mark = (from: number, to: number) => {
    let isNew = false;
    for (let at = from; at < Math.min(to, seen.length); at += 1) {
      if (seen[at] === 1) continue;
      seen[at] = 1;
      reached += 1;
      isNew = true;
    }
    return isNew;
  };

  return {
    gained() {
      let isNew = false;
      const { result } = ask<Covered>('Profiler.takePreciseCoverage');
      for (const script of result) {
        if (script.url !== url) continue;
        if (markScript(script.functions, mark)) isNew = true;
      }
      return isNew;
    },
    reached: () => reached,
    close: () => session.disconnect(),
  };
}

/**
 * Ranges are nested, functions within functions too, and a function that did not run is listed where the one around it ran: the
 * innermost range around a place says whether it ran.
 */
function markScript(functions: readonly { ranges: Range[] }[], mark: (from: number, to: number) => boolean): boolean {
  const ranges = functions
    .flatMap((one) => one.ranges)
    .sort((one, other) => one.startOffset - other.startOffset || other.endOffset - one.endOffset);
  const open: Range[] = [];
  let at = ranges[0]?.startOffset ?? 0;
  let isNew = false;
  const until = (offset: number) => {
    const inner = open.at(-1);
    if (inner !== undefined && inner.count > 0 && mark(at, offset)) isNew = true;
    at = Math.max(at, offset);
  };
  for (const range of ranges) {
    for (let inner = open.at(-1); inner !== undefined && inner.endOffset <= range.startOffset; inner = open.at(-1)) {
      until(inner.endOffset);
      open.pop();
    }
    until(range.startOffset);
    open.push(range);
  }
  for (let inner = open.pop(); inner !== undefined; inner = open.pop()) {
    if (inner.count > 0 && mark(at, inner.endOffset)) isNew = true;
    at = Math.max(at, inner.endOffset);
  }
  return isNew;
}

/** Inputs that reached something new; the oldest leave when there are too many. `child` = a changed copy of one of them. */
export function createCorpus(random: () => number) {
  const kept: Uint8Array[] = [];
  const whole = (max: number) => Math.floor(random() * max);
  return {
    size: () => kept.length,
    keep(input: Uint8Array) {
      kept.push(Uint8Array.from(input));
      if (kept.length > limits.inputs) kept.shift();
    },
    /** Writes a changed copy into `target`, as far as it reaches; false while there is none. */
    child(target: Uint8Array): boolean {
      const parent = kept[whole(kept.length)];
      const other = kept[whole(kept.length)];
      if (parent === undefined || other === undefined) return false;
      target.set(parent.subarray(0, target.length));
      if (random() < 0.3) {
        const from = whole(Math.min(other.length, target.length));
        target.set(other.subarray(from, from + whole(target.length - from)), from);
      }
      for (let times = 1 + whole(16); times > 0; times -= 1) {
        const at = whole(target.length);
        const how = random();
        if (how < 0.4) target[at] = whole(256);
        else if (how < 0.7) target[at] = (target[at] ?? 0) ^ (1 << whole(8));
        else if (how < 0.9) target.copyWithin(at, whole(target.length), whole(target.length));
        else target.fill(whole(256), at, Math.min(target.length, at + whole(32)));
      }
      return true;
    },
  };
}
