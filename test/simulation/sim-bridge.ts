// A bridge process in memory: the project's own journal, writer, uploader and conversation with the page over a simulated disk,
// clock and network; only serial ports and sockets are stand-ins. Called by the station.
import type { WebSocket } from 'ws';
import { createBatchSigner } from '../../device/batch-signer.ts';
import { servePage } from '../../device/bridge-page.ts';
import { createOwnUploader } from '../../device/bridge-uploader.ts';
import { createOwnWriter } from '../../device/bridge-writer.ts';
import type { Clock } from '../../device/clock.ts';
import type { Disk } from '../../device/disk.ts';
import type { HubClient } from '../../device/http-hub.ts';
import { type Journal, openJournal } from '../../device/journal.ts';
import { silentLog } from '../../device/log.ts';
import type { Metrics } from '../../device/metrics.ts';
import type { StationKey } from '../../device/station-key.ts';

import type { BridgeMessage, DeviceStatus } from '../../src/contracts/device-stream.ts';
import { contractVersion } from '../../src/contracts/kit.ts';
import { emptyMemory } from '../../src/domain/pulse-memory.ts';
import { uuidV4 } from '../../src/domain/uuid.ts';
import type { Connect, Socket } from '../../src/sync/device-link.ts';
import type { Network } from './network.ts';
import type { Life, World } from './world.ts';

export const folder = '/state';
export const journalFolder = '/state/journal';

export type BridgeParts = {
  world: World;
  life: Life;
  disk: Disk;
  network: Network;
  stationId: string;
  code: string;
  wallMs(): number;
  /** Told when the barrier moves, with the entry that moved it. */
  onPulse(entryId: string): void;
};

export type SimBridge = {
  journal: Journal;
  connect: Connect;
  /** A value of the thermometer, or a card. */
  signal(signal: { type: 'tap'; uid: string } | { type: 'sample'; centiCelsius: number }): void;
  /** The machine's sockets close: what a killed process leaves to its page. */
  dropPage(): void;
};

const thermometer: DeviceStatus = {
  deviceId: 't1',
  role: 'thermometer',
  profile: 'simulated',
  state: 'online',
  sinceMs: 0,
  code: null,
  sensor: 'ready',
  site: 'forehead',
  mode: 'forehead',
};
const others: DeviceStatus[] = (['reader', 'barrier'] as const).map((role) => ({
  ...thermometer,
  deviceId: role,
  role,
  sensor: null,
  site: null,
  mode: null,
}));

export async function startSimBridge(parts: BridgeParts): Promise<SimBridge> {
  const { world, life, network, stationId, disk } = parts;
  const bornMs = world.nowMs;
  const nowMs = () => world.nowMs - bornMs + 1_000;
  const clock: Clock = {
    nowMs,
    setTimer: (run, delayMs) => ({
      id: world.after(delayMs, () => {
        if (!life.dead) run();
      }),
    }),
    clearTimer: ({ id }) => (id as () => void)(),
  };
  const journal = await openJournal({
    dir: journalFolder,
    wallMs: parts.wallMs,
    report: (told) => world.say(stationId, `journal: ${told.kind}`),
    disk,
  });
  const hub: HubClient = {
    ask: () => Promise.reject(new Error('not simulated')),
    askWhole: async ({ path, body }) => {
      const answer = await network.ask(life, stationId, path, stationId, body?.toString('utf8') ?? null);
      if (answer === null) throw new Error('no answer in time');
      return { status: answer.status, body: Buffer.from(answer.body), retryAfterMs: null };
    },
    close: () => {},
  };
  const random = world.random;
  const uploader = await createOwnUploader({
    ...{ stateDir: folder, hub, journal, clock, wallMs: parts.wallMs, random, log: silentLog, disk },
    signer: createBatchSigner({ key: standIn, stationId, journal }),
    onHub: () => {},
  });
  createOwnWriter({
    append: (envelope) => journal.append(envelope),
    ...{ stationId, clock, wallMs: parts.wallMs, randomBytes: (count) => world.bytes(count), log: silentLog },
    hubOffsetMs: uploader.hubOffsetMs,
    onDuty: () => null,
    onStored: uploader.wake,
  });
  uploader.start();

  const bootId = uuidV4(world.bytes(16));
  const page: { current: Wire | null } = { current: null };
  let signals = 0;
  const hello = (): Extract<BridgeMessage, { type: 'hello' }> => ({
    type: 'hello',
    contract: contractVersion,
    bootId,
    monoMs: Math.round(nowMs()),
    wallMs: Math.round(parts.wallMs()),
    station: { id: stationId, code: parts.code, name: stationId, campus: 'c', direction: 'in', clinicPhone: '1' },
    simulated: true,
    devices: [thermometer, ...others],
    journal: journal.heads('page'),
    guards: [],
    signedIn: null,
  });
  const append: Journal['append'] = (envelope) => {
    lastAppended = envelope.entryId;
    return journal.append(envelope);
  };
  let lastAppended = '';
  const admission = (entryId: () => string) => ({
    append,
    barrier: {
      pulse: async () => {
        parts.onPulse(entryId());
        return 'sent' as const;
      },
      offFrames: () => [],
      lineChanged: () => {},
      stop: async () => {},
    },
    bounds: () => ({ direction: 'in' as const, signedIn: [] }),
    stationId,
    clock,
  });

  return {
    journal,
    connect: (on) => {
      const wire = new Wire(world, life, on);
      world.after(0.5, () => {
        if (life.dead || wire.isClosed) return on.closed(1006);
        page.current?.terminate();
        page.current = wire;
        on.open();
        // The pulse belongs to the entry that this very connection appended last before it.
        const link = servePage(wire as unknown as WebSocket, {
          hello,
          admission: admission(() => lastAppended),
          journal,
          devices: { stamp: () => {}, reconnect: () => {} } as never,
          guards: { list: () => [], signedIn: () => null } as never,
          pulseBook: { memory: () => emptyMemory, stored: () => {}, signed: () => {} },
          key: standIn,
          clock,
          metrics: quiet,
          log: silentLog,
          greeted: () => {},
        });
        wire.link = link;
      });
      return wire.pageEnd();
    },
    signal(heard) {
      const atMs = Math.round(nowMs());
      const head = { n: signals++, atMs, expiresAtMs: atMs + 2_000, deviceId: heard.type === 'tap' ? 'reader' : 't1' };
      page.current?.link?.signal(
        heard.type === 'tap'
          ? { ...head, type: 'tap', uid: heard.uid, printed: null }
          : {
              ...head,
              type: 'sample',
              centiCelsius: heard.centiCelsius,
              rawCentiCelsius: heard.centiCelsius,
              ambientCentiCelsius: 2_200,
              offsetCentiCelsius: 0,
              site: 'forehead',
              mode: 'forehead',
              single: false,
            },
      );
    },
    dropPage() {
      page.current?.terminate();
      page.current = null;
    },
  };
}

/** Signatures are the audit's affair; here a batch only passes through the signer's own rules. */
const standIn = { publicKey: 'p', sign: () => 's' } as unknown as StationKey;

const quiet = { appends() {}, pulses() {}, dropped() {}, signals() {}, rejected() {} } as unknown as Metrics;

/** A WebSocket between a page and its bridge: in order, half a millisecond each way, gone at once when either end is. */
class Wire {
  readonly OPEN = 1;
  readonly bufferedAmount = 0;
  readyState = 1;
  link: ReturnType<typeof servePage> | null = null;
  readonly #world: World;
  readonly #life: Life;
  readonly #page: Parameters<Connect>[0];
  readonly #heard: ((data: Buffer, isBinary: boolean) => void)[] = [];

  constructor(world: World, life: Life, page: Parameters<Connect>[0]) {
    this.#world = world;
    this.#life = life;
    this.#page = page;
  }

  get isClosed(): boolean {
    return this.readyState !== this.OPEN;
  }

  on(event: string, heard: (data: Buffer, isBinary: boolean) => void): void {
    if (event === 'message') this.#heard.push(heard);
  }

  send(text: string): void {
    if (this.#life.dead) return;
    this.#world.after(0.5, () => {
      if (!this.isClosed) this.#page.text(text);
    });
  }

  close(code: number): void {
    if (this.isClosed) return;
    this.readyState = 3;
    this.#world.after(0.5, () => this.#page.closed(code));
  }

  terminate(): void {
    this.close(1006);
  }

  pageEnd(): Socket {
    return {
      send: (text) => {
        this.#world.after(0.5, () => {
          if (this.isClosed || this.#life.dead) return;
          for (const heard of this.#heard) heard(Buffer.from(text), false);
        });
      },
      close: () => {
        this.readyState = 3;
      },
    };
  }
}
