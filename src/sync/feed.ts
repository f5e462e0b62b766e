// The live feed of the hub: resumes from its cursor, notices silence, comes back with jitter. Called by the gate's station.
import { limits as downlinkLimits, type GateEvent, gateEvent } from '../contracts/downlink.ts';
import { backoffMs } from '../domain/backoff.ts';
import { createSseParser } from './sse.ts';
import type { Clocks } from './timers.ts';

export const limits = {
  /** Silence of two and a half heartbeats is a dead line. */
  silenceMs: 2.5 * downlinkLimits.heartbeatMs,
  retry: { baseMs: 1_000, maxMs: 30_000 },
} as const;

export type Feed = { start(): void /** Forget the wait and try now. */; hurry(): void; stop(): void };
export type FeedDeps = {
  fetch: typeof fetch;
  clocks: Clocks;
  random(): number;
  /** Where to resume; null = from now on. */
  cursor(): string | null;
  /** Applies an event; the cursor is kept once this has resolved, so an event is applied at least once. */
  onEvent(event: GateEvent, cursor: string | null): Promise<void>;
  onOpen(): void;
  onLost(why: 'away' | 'not-enrolled'): void;
  onFault(error: unknown): void;
};

export function createFeed(deps: FeedDeps): Feed {
  const { clocks } = deps;
  let attempt = 0;
  let stopped = true;
  let abort = new AbortController();
  let cancelWait = (): void => {};
  let wakeUp: (() => void) | null = null;

  async function listen(): Promise<void> {
    abort = new AbortController();
    let cancelWatch = (): void => {};
    const watch = (): void => {
      cancelWatch();
      cancelWatch = clocks.after(limits.silenceMs, () => abort.abort());
    };
    watch();
    try {
      const cursor = deps.cursor();
      const response = await deps.fetch(
        cursor === null ? '/hub/feed' : `/hub/feed?cursor=${encodeURIComponent(cursor)}`,
        {
          headers: { accept: 'text/event-stream' },
          cache: 'no-store',
          redirect: 'error',
          signal: abort.signal,
        },
      );
      const ours = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
      if (response.status === 401 || response.status === 403) return deps.onLost('not-enrolled');
      if (!response.ok || !ours || response.body === null) return deps.onLost('away');
      deps.onOpen();
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      const parse = createSseParser();
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        watch();
        for (const event of parse(decoder.decode(piece.value, { stream: true }))) await take(event.data, event.id);
      }
      deps.onLost('away');
    } catch (error) {
      if (!(error instanceof TypeError) && !(error instanceof DOMException)) deps.onFault(error);
      deps.onLost('away');
    } finally {
      cancelWatch();
      abort.abort();
    }
  }

  async function take(data: string, id: string | null): Promise<void> {
    const parsed = gateEvent.safeParse(jsonOf(data));
    // A topic of a newer hub or for staff is passed over; what we must know comes with the downlink as well.
    if (!parsed.success) return;
    attempt = 0;
    await deps.onEvent(parsed.data, id);
  }

  async function loop(): Promise<void> {
    while (!stopped) {
      await listen();
      if (stopped) return;
      await new Promise<void>((done) => {
        wakeUp = done;
        cancelWait = clocks.after(backoffMs(attempt++, deps.random, null, limits.retry), done);
      });
      wakeUp = null;
    }
  }

  return {
    start() {
      if (!stopped) return;
      stopped = false;
      void loop();
    },
    hurry() {
      cancelWait();
      wakeUp?.();
    },
    stop() {
      stopped = true;
      cancelWait();
      wakeUp?.();
      abort.abort();
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not this protocol: the schema refuses null.
    return null;
  }
}
