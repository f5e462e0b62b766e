// A gate page in memory: the project's own station and controller over a simulated IndexedDB, bridge and network. Called by the
// station.
import type { EntryBody } from '../../src/domain/entry.ts';
import { uuidV4 } from '../../src/domain/uuid.ts';
import { createGateController } from '../../src/gate/gate-controller.ts';
import { createStation, type RunningStation } from '../../src/gate/station.ts';
import type { Recorded, SaveState } from '../../src/gate/station-types.ts';
import type { OpenStore } from '../../src/store/db.ts';
import { StoreError } from '../../src/store/db.ts';
import type { Connect } from '../../src/sync/device-link.ts';
import type { Network } from './network.ts';
import type { Life, World } from './world.ts';

export type PageParts = {
  world: World;
  life: Life;
  openStore: OpenStore;
  connect: Connect;
  network: Network;
  stationId: string;
  wallMs(): number;
  /** Sees an upload leave, and its answer come in. */
  onPost(body: string): void;
  onAnswer(text: string): string;
  /** What the screen has said of an entry. */
  onShown(entryId: string, saved: SaveState): void;
  /** An error that is neither the store's nor the network's: a bug. */
  onBug(error: unknown): void;
};

export type SimPage = {
  waiting(): number;
  isLinked(): boolean;
  hurry(): void;
  /** An entry of a kind that no hub knows yet, as a newer page would write it. */
  recordUnknown(): void;
};

export async function startSimPage(parts: PageParts): Promise<SimPage> {
  const { world, life, stationId } = parts;
  const bornMs = world.nowMs;
  const monoMs = () => world.nowMs - bornMs + 100;
  const after = (ms: number, task: () => void) =>
    // As Chromium's setTimeout: whole milliseconds, at least one.
    world.after(Math.max(1, Math.floor(ms)), () => {
      if (!life.dead) task();
    });
  const station = await createStation({
    fetch: fetchOver(parts),
    connect: aliveConnect(parts),
    clocks: { monoMs, wallMs: parts.wallMs, after },
    random: world.random,
    randomBytes: (count) => world.bytes(count),
    lock: { held: true, acquired: Promise.resolve(), release: () => {} },
    databaseName: 'simulated',
    openStore: parts.openStore,
    onFault: (error) => {
      if (life.dead || error instanceof StoreError || (error instanceof DOMException && error.name === 'AbortError'))
        return;
      parts.onBug(error);
    },
  });
  const watched = watchedStation(station, parts);
  createGateController({
    station: watched,
    now: monoMs,
    wallNow: parts.wallMs,
    after: (work, ms) => after(ms, work),
    newId: () => uuidV4(world.bytes(16)),
    sound: () => {},
  });
  return {
    waiting: () => station.state().queue.count,
    isLinked: () => station.state().bridge === 'online',
    hurry: station.hurry,
    recordUnknown() {
      watched.record({ kind: 'of-a-later-version', note: stationId } as unknown as EntryBody);
    },
  };
}

/** Hears what the screen is told of every entry, and says it to the judge. */
function watchedStation(station: RunningStation, { onShown, world, stationId, life }: PageParts): RunningStation {
  const record = (body: EntryBody, open?: { notAfterMs: number }): Recorded => {
    const recorded = station.record(body, open);
    const what = body.kind === 'check' ? `${body.verdict} ${body.reason}` : body.kind;
    world.say(stationId, `${what}: entry ${recorded.entryId}`);
    void recorded.final.then((saved) => {
      if (life.dead) return;
      world.say(stationId, `${saved} on the screen: ${recorded.entryId}`);
      onShown(recorded.entryId, saved);
    });
    return recorded;
  };
  return { ...station, record };
}

/** A killed page hears nothing more from its socket. */
function aliveConnect({ life, connect }: PageParts): Connect {
  return (on) =>
    connect({
      open: () => {
        if (!life.dead) on.open();
      },
      text: (text) => {
        if (!life.dead) on.text(text);
      },
      closed: (code) => {
        if (!life.dead) on.closed(code);
      },
    });
}

const feedMs = 10_000;

/** The bridge's forwarding in one step: 502 where the hub does not answer, a stream of heartbeats for the feed. */
function fetchOver({ network, life, stationId, world, onPost, onAnswer }: PageParts): typeof fetch {
  const send = async (input: string, body: string | null): Promise<unknown> => {
    if (input.startsWith('/hub/feed')) {
      const up = await network.ask(life, stationId, '/hub/downlink?rosterVersion=1', stationId, null);
      if (up === null || up.status !== 200 || up.body.startsWith('<')) return responseOf(502, '', null);
      return responseOf(200, '', 'text/event-stream', streamOf());
    }
    if (body !== null) onPost(body);
    const answer = await network.ask(life, stationId, input, stationId, body);
    if (answer === null) return responseOf(502, '{"error":{"code":"hub-away","zh":"x","en":"x"}}', null);
    return responseOf(answer.status, onAnswer(answer.body), null);
  };
  const streamOf = () => ({
    getReader: () => ({
      async read(): Promise<{ done: boolean; value?: Uint8Array }> {
        await world.pause(feedMs, life);
        if (!network.hub.isUp() || network.weather.down || network.weather.portal) throw new TypeError('cut off');
        const event = { topic: 'heartbeat', hubNowMs: network.hub.nowMs() };
        return { done: false, value: Buffer.from(`id: a.1\ndata: ${JSON.stringify(event)}\n\n`) };
      },
    }),
  });
  return ((input: string, init?: RequestInit) =>
    send(input, typeof init?.body === 'string' ? init.body : null)) as unknown as typeof fetch;
}

function responseOf(status: number, body: string, type: string | null, stream: unknown = null): unknown {
  return {
    status,
    ok: status === 200,
    headers: { get: (name: string) => (name === 'content-type' ? type : null) },
    text: async () => body,
    json: async () => JSON.parse(body),
    body: stream,
  };
}
