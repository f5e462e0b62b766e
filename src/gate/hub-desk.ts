// The station's side of the hub: uploader, downlink and feed, and what their words change in the page's memory and store.
// Called by the station.
import { type Bar, limits as downlinkLimits, type GateEvent } from '../contracts/downlink.ts';
import type { Envelope } from '../domain/entry.ts';
import type { Outbox } from '../store/outbox.ts';
import type { HubWord, PageState } from '../store/page-state.ts';
import type { RosterCache } from '../store/roster-cache.ts';
import { createDownlink, type Word } from '../sync/downlink.ts';
import { createFeed } from '../sync/feed.ts';
import type { Clocks } from '../sync/timers.ts';
import { createUploader, type HubSight, type Uploader } from '../sync/uploader.ts';
import type { CaseBook } from './case-book.ts';
import type { HubTold } from './station-types.ts';

export const limits = {
  /** Feed events kept while an answer is on its way; more, and the answer is asked for anew. */
  replayed: 1_000,
  /** Without a word from the hub for this long it counts as away. */
  awayMs: 2.5 * downlinkLimits.heartbeatMs,
} as const;

export type HubDesk = {
  bars(): ReadonlyMap<string, Bar>;
  /** Bars that could only be read late; what the hub has said meanwhile is newer. */
  restoreBars(stored: readonly Bar[]): void;
  uploader: Pick<Uploader, 'wake' | 'setBusy'>;
  /** The network may be back: try everything now. */
  hurry(): void;
  stop(): void;
};

export function createHubDesk(deps: {
  fetch: typeof fetch;
  clocks: Clocks;
  random(): number;
  outbox: Outbox;
  state: PageState;
  roster: RosterCache;
  cases: CaseBook;
  bars: readonly Bar[];
  cursor: string | null;
  word: HubWord | null;
  onSight(sight: HubSight): void;
  onWord(word: HubWord): void;
  onRoster(): void;
  /** Somebody decided at the hub on who is held here, or another gate measured somebody; may be told more than once. */
  onTold(event: HubTold): void;
  onFault(error: unknown): void;
}): HubDesk {
  const { clocks, state, roster, cases, onFault } = deps;
  let bars = new Map(deps.bars.map((bar) => [bar.personId, bar]));
  let cursor = deps.cursor;
  let word = deps.word;
  let heard = false;
  let sinceAsk: GateEvent[] = [];
  let deliveredAtAsk = new Set<string>();

  const uploader = createUploader({
    source: deps.outbox,
    fetch: deps.fetch,
    clocks,
    random: deps.random,
    onSight: deps.onSight,
    onSettled: (entries: readonly Envelope[]) => {
      const changed = cases.delivered(entries.map((entry) => entry.entryId));
      Promise.all(changed.map((one) => state.putCase(one))).catch(onFault);
    },
    onFault,
  });

  const downlink = createDownlink({
    fetch: deps.fetch,
    clocks,
    random: deps.random,
    rosterVersion: roster.asks,
    async applyRoster(people, done) {
      const changed = people.length > 0 || done?.version !== roster.state().version;
      if (changed) await roster.apply(people, done);
      else if (done !== null) roster.touch(done.asOfWallMs);
      deps.onRoster();
    },
    async replaceRoster(people, done) {
      await roster.replace(people, done);
      deps.onRoster();
    },
    onAsk() {
      sinceAsk = [];
      deliveredAtAsk = new Set([...cases.all().values()].filter((one) => one.delivered).map((one) => one.caseId));
    },
    async onWord(said: Word) {
      heard = true;
      const { bars: all, offsetMs, ...rest } = said;
      deps.onSight({ state: 'online', offsetMs });
      const missed = sinceAsk;
      sinceAsk = [];
      bars = new Map(all.map((bar) => [bar.personId, bar]));
      keepWord({ ...rest, asOfWallMs: clocks.wallMs(), hubMs: clocks.wallMs() + offsetMs });
      // What the feed said while the answer was on its way is newer than the answer.
      for (const event of missed) applyInMemory(event);
      const closed = cases.reconcile(bars, deliveredAtAsk);
      await state.replaceBars([...bars.values()]);
      await uploader.hear(said.epoch);
      if (word !== null) await state.put('hubWord', word);
      for (const caseId of closed) await state.dropCase(caseId);
    },
    onFault,
  });

  const feed = createFeed({
    fetch: deps.fetch,
    clocks,
    random: deps.random,
    cursor: () => cursor,
    onOpen() {
      downlink.hint();
      uploader.wake('link');
    },
    async onEvent(event, at) {
      if (event.topic === 'heartbeat') {
        deps.onSight({ state: 'online', offsetMs: event.hubNowMs - clocks.wallMs() });
      } else {
        if (sinceAsk.length < limits.replayed) sinceAsk.push(event);
        else downlink.hint();
        // In memory first: a store in trouble must not keep a bar from the lane.
        applyInMemory(event);
      }
      const firstCursor = cursor === null && at !== null;
      if (at !== null) cursor = at;
      if (firstCursor && event.topic === 'heartbeat') await state.put('cursor', at).catch(onFault);
      // A store in trouble must not cut the feed; bars and cases are told again as a whole with the next answer.
      if (event.topic !== 'heartbeat') await keep(event, at).catch(onFault);
    },
    onLost(why) {
      deps.onSight({ state: why, offsetMs: null });
    },
    onFault,
  });

  function keepWord(next: HubWord): void {
    word = next;
    deps.onWord(next);
  }

  function applyInMemory(event: GateEvent): void {
    switch (event.topic) {
      case 'bar':
        if (event.bar === null) bars.delete(event.personId);
        else bars.set(event.personId, event.bar);
        break;
      case 'campus':
        if (word !== null) keepWord({ ...word, campus: { mode: event.mode } });
        break;
      case 'roster':
        if (event.version !== roster.state().version) downlink.hint();
        break;
      case 'policy':
        if (event.version !== word?.policy.version) downlink.hint();
        break;
      case 'notices':
        downlink.hint();
        break;
      case 'decision':
      case 'measurement':
        deps.onTold(event);
        break;
      case 'case':
      case 'heartbeat':
        break;
      default:
        event satisfies never;
    }
  }

  /** Bars, campus and cases as the feed told them, for the next start. */
  async function keep(event: GateEvent, at: string | null): Promise<void> {
    if (event.topic === 'case') {
      const now = cases.hear(event);
      if (now === 'closed') await state.dropCase(event.caseId);
      else if (now !== null) await state.putCase(now);
    }
    if (event.topic === 'bar') await state.putBar(event.personId, event.bar);
    if (event.topic === 'campus' && word !== null) await state.put('hubWord', word);
    if (at !== null) await state.put('cursor', at);
  }

  feed.start();
  downlink.hint();
  uploader.wake('link');
  return {
    bars: () => bars,
    restoreBars(stored) {
      if (!heard) bars = new Map([...stored.map((bar): [string, Bar] => [bar.personId, bar]), ...bars]);
    },
    uploader,
    hurry() {
      feed.hurry();
      downlink.hint();
      uploader.wake('link');
    },
    stop() {
      feed.stop();
      downlink.stop();
      uploader.stop();
    },
  };
}
