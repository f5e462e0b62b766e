// The clinic's live feed: fetch streaming of /hub/feed, resumed from its cursor, watched by a timer, reconnected with full
// jitter. Run by clinic-controller; the hub's side is docs/protocol.md.
import { type FeedEvent, limits as feed, feedEvent } from '../contracts/downlink.ts';
import { createSseParser, type SseEvent } from '../sync/sse.ts';

/** Silence of 2.5 heartbeats means a dead line; waits between attempts grow to half a minute, a nurse is waiting. */
export const limits = { silenceMs: 2.5 * feed.heartbeatMs, retryBaseMs: 1_000, retryMaxMs: 30_000 } as const;

export type Timers = { set(run: () => void, afterMs: number): unknown; clear(timer: unknown): void };
export type FeedDeps = { fetch: typeof fetch; timers: Timers; random(): number };
export type FeedHandlers = {
  /** Loads the whole board and gives the cursor to go on from; rejects when that is not possible now. */
  snapshot(): Promise<string>;
  /** One event; when it rejects the event is asked for again after a reconnect. */
  event(event: FeedEvent): Promise<void>;
  link(connected: boolean): void;
  /** The session is over: the feed has stopped. */
  expired(): void;
};
export type ClinicFeed = { stop(): void /** Try now instead of waiting. */; nudge(): void };

export class SessionOver extends Error {}

/** Runs until stopped or the session is over. */
export function openClinicFeed(deps: FeedDeps, handlers: FeedHandlers): ClinicFeed {
  let stopped = false;
  let cursor: string | null = null;
  let attempt = 0;
  let current: AbortController | null = null;
  let endWait: (() => void) | null = null;

  const wait = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = deps.timers.set(() => endWait?.(), ms);
      endWait = () => {
        deps.timers.clear(timer);
        endWait = null;
        resolve();
      };
    });

  const take = async (message: SseEvent) => {
    const parsed = feedEvent.safeParse(json(message.data));
    // A topic of a later contract: nothing this board knows to do with it, but the cursor moves on.
    if (parsed.success) await handlers.event(parsed.data);
    if (message.id !== null) cursor = message.id;
    attempt = 0;
  };

  const connect = async () => {
    const abort = new AbortController();
    current = abort;
    let watchdog: unknown = null;
    const watch = () => {
      deps.timers.clear(watchdog);
      watchdog = deps.timers.set(() => abort.abort(), limits.silenceMs);
    };
    try {
      watch();
      cursor ??= await orAborted(handlers.snapshot(), abort.signal);
      const answer = await orAborted(
        deps.fetch(`/hub/feed?cursor=${encodeURIComponent(cursor)}`, {
          headers: { accept: 'text/event-stream' },
          cache: 'no-store',
          signal: abort.signal,
        }),
        abort.signal,
      );
      if (answer.status === 401 || answer.status === 403) throw new SessionOver();
      if (answer.status >= 400 && answer.status < 500) {
        // A cursor that this hub does not know (restored, other epoch): begin again with the whole board.
        cursor = null;
        return;
      }
      const type = answer.headers.get('content-type') ?? '';
      if (!answer.ok || !answer.body || !type.startsWith('text/event-stream')) return;
      const parse = createSseParser();
      const decoder = new TextDecoder();
      const reader = answer.body.getReader();
      handlers.link(true);
      for (;;) {
        const part = await orAborted(reader.read(), abort.signal);
        if (part.done) return;
        for (const message of parse(decoder.decode(part.value, { stream: true }))) {
          watch();
          await orAborted(take(message), abort.signal);
        }
      }
    } finally {
      deps.timers.clear(watchdog);
      abort.abort();
    }
  };

  const run = async () => {
    while (!stopped) {
      try {
        await connect();
      } catch (error) {
        if (error instanceof SessionOver && !stopped) {
          stopped = true;
          handlers.link(false);
          handlers.expired();
          return;
        }
        // Any other end of a connection has one answer: wait and connect again; the connection line tells the nurse.
      }
      if (stopped) return;
      handlers.link(false);
      await wait(deps.random() * Math.min(limits.retryMaxMs, limits.retryBaseMs * 2 ** attempt));
      attempt = Math.min(attempt + 1, 10);
    }
  };
  void run();

  return {
    stop() {
      stopped = true;
      current?.abort();
      endWait?.();
    },
    nudge: () => endWait?.(),
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Ends with the promise or, whatever the network does, with the abort. */
function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(new Error('aborted'));
    if (signal.aborted) aborted();
    signal.addEventListener('abort', aborted, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted));
  });
}
