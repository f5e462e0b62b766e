// Fetches what the hub tells a station (roster changes page by page, bars, policy, campus, clinic) and hands it on whole.
// Called by the gate's station at every hello of the hub, on the feed's hints, and every ten minutes.
import { type GateDownlink, gateDownlink, type RosterRow } from '../contracts/downlink.ts';
import { backoffMs } from '../domain/backoff.ts';
import type { Clocks } from './timers.ts';

export const limits = {
  requestMs: 30_000,
  everyMs: 600_000,
  /** 5,000 people a page: far above any campus; a hub that never ends its pages is stopped here. */
  pages: 100,
  retry: { baseMs: 1_000, maxMs: 300_000 },
} as const;

export type Word = Omit<GateDownlink, 'contract' | 'roster' | 'hubNowMs'> & { offsetMs: number };
export type DownlinkDeps = {
  fetch: typeof fetch;
  clocks: Clocks;
  random(): number;
  rosterVersion(): number;
  /** One page of changes; `done` on the last. */
  applyRoster(people: readonly RosterRow[], done: { version: number; asOfWallMs: number } | null): Promise<void>;
  replaceRoster(people: readonly RosterRow[], done: { version: number; asOfWallMs: number }): Promise<void>;
  /** Told just before the request whose answer `onWord` will carry: what the feed says from here on is newer. */
  onAsk(): void;
  onWord(word: Word): Promise<void>;
  onFault(error: unknown): void;
};
export type Downlink = { /** Fetch soon; several calls make one fetch. */ hint(): void; stop(): void };

export function createDownlink(deps: DownlinkDeps): Downlink {
  const { clocks } = deps;
  let cancel = (): void => {};
  let running = false;
  let hinted = false;
  let attempt = 0;
  let stopped = false;

  async function run(): Promise<void> {
    if (running || stopped) return;
    running = true;
    hinted = false;
    cancel();
    let waitMs: number = limits.everyMs;
    try {
      if (await fetchAll()) attempt = 0;
      else waitMs = backoffMs(attempt++, deps.random, null, limits.retry);
    } catch (error) {
      deps.onFault(error);
      waitMs = backoffMs(attempt++, deps.random, null, limits.retry);
    } finally {
      running = false;
    }
    if (stopped) return;
    cancel = clocks.after(hinted && attempt === 0 ? 0 : waitMs, () => void run());
  }

  /** False when the hub is away or answers something else: what was known stays in force. */
  async function fetchAll(): Promise<boolean> {
    const version = deps.rosterVersion();
    const all: RosterRow[] = [];
    let after: string | null = null;
    for (let page = 0; page < limits.pages; page++) {
      deps.onAsk();
      const got = await fetchPage(version, after);
      if (got === null) return false;
      const { answer, offsetMs } = got;
      const { roster } = answer;
      const done = roster.next === null ? { version: roster.version, asOfWallMs: clocks.wallMs() } : null;
      if (roster.full) {
        all.push(...roster.people);
        if (done !== null) await deps.replaceRoster(all, done);
      } else {
        await deps.applyRoster(roster.people, done);
      }
      after = roster.next;
      if (after === null) {
        const { contract: _contract, roster: _roster, hubNowMs: _hubNowMs, ...word } = answer;
        await deps.onWord({ ...word, offsetMs });
        return true;
      }
    }
    throw new RangeError(`the roster has more than ${limits.pages} pages`);
  }

  async function fetchPage(
    version: number,
    after: string | null,
  ): Promise<{ answer: GateDownlink; offsetMs: number } | null> {
    const stop = new AbortController();
    const cancelLimit = clocks.after(limits.requestMs, () => stop.abort());
    const query = `rosterVersion=${version}${after === null ? '' : `&after=${encodeURIComponent(after)}`}`;
    const askedAtMs = clocks.wallMs();
    try {
      const response = await deps.fetch(`/hub/downlink?${query}`, {
        cache: 'no-store',
        redirect: 'error',
        signal: stop.signal,
      });
      const parsed = response.ok ? gateDownlink.safeParse(await response.json()) : null;
      if (parsed?.success !== true) return null;
      const offsetMs = parsed.data.hubNowMs - Math.round((askedAtMs + clocks.wallMs()) / 2);
      return { answer: parsed.data, offsetMs };
    } catch {
      // Away, cut off or not JSON: all the same to us, and tried again.
      return null;
    } finally {
      cancelLimit();
    }
  }

  return {
    hint() {
      hinted = true;
      if (!running) void run();
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}
