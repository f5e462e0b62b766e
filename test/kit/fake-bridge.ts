// A bridge behind the page's socket, in memory: journal with the real one's rules, clock of its own, switches for faults.
import type { BridgeMessage, PageMessage } from '../../src/contracts/device-stream.ts';
import { verifyChain } from '../../src/domain/chain.ts';
import type { Envelope } from '../../src/domain/entry.ts';
import type { Connect, Socket } from '../../src/sync/device-link.ts';
import type { Clocks } from '../../src/sync/timers.ts';

export type FakeBridge = {
  connect: Connect;
  /** What the page said, newest last. */
  heard: PageMessage[];
  journal: Map<string, Envelope[]>;
  say(message: BridgeMessage): void;
  monoMs(): number;
  up: boolean;
  /** False: the socket stays open and nothing is answered. */
  answers: boolean;
  /** Refuses to journal, as with a full disk. */
  full: boolean;
  /** Answers `journaled` only when told. */
  slow: boolean;
  bootId: string;
  closeWith(code: number): void;
  connections: number;
};

export const bootA = 'aaaaaaaa-0000-4000-8000-000000000001';
export const bootB = 'bbbbbbbb-0000-4000-8000-000000000002';

export function fakeBridge(clocks: Clocks, aheadMs = 50_000): FakeBridge {
  let page: Parameters<Connect>[0] | null = null;
  const bridge: FakeBridge = {
    heard: [],
    journal: new Map(),
    up: true,
    answers: true,
    full: false,
    slow: false,
    bootId: bootA,
    connections: 0,
    monoMs: () => Math.round(clocks.monoMs() + aheadMs),
    say(message) {
      page?.text(JSON.stringify(message));
    },
    closeWith(code) {
      const gone = page;
      page = null;
      gone?.closed(code);
    },
    connect(on): Socket {
      bridge.connections++;
      clocks.after(1, () => {
        if (!bridge.up) return on.closed(1006);
        page = on;
        on.open();
        if (bridge.answers) bridge.say(hello());
      });
      return {
        send(text) {
          const message: PageMessage = JSON.parse(text);
          bridge.heard.push(message);
          clocks.after(1, () => {
            if (bridge.answers && page === on) answer(message);
          });
        },
        close() {
          if (page === on) page = null;
        },
      };
    },
  };

  function hello(): BridgeMessage {
    const journal = [...bridge.journal.values()].flatMap((entries) => {
      const last = entries.at(-1);
      return last === undefined ? [] : [{ writerId: last.writerId, seq: last.seq, hash: last.hash }];
    });
    return {
      type: 'hello',
      contract: 1,
      bootId: bridge.bootId,
      monoMs: bridge.monoMs(),
      wallMs: Math.round(clocks.wallMs()),
      station: {
        id: 'st-0123456789ab',
        code: 'G01',
        name: 'North',
        campus: 'beijing',
        direction: 'in',
        clinicPhone: '120',
      },
      simulated: true,
      devices: [],
      journal,
      guards: [],
      signedIn: null,
    };
  }

  function answer(message: PageMessage): void {
    if (message.type === 'ping') bridge.say({ type: 'pong', id: message.id, monoMs: bridge.monoMs() });
    if (message.type === 'take-back') {
      const all = (bridge.journal.get(message.writerId) ?? []).filter((one) => one.seq >= message.fromSeq);
      const entries = all.slice(0, message.limit);
      bridge.say({ type: 'taken', id: message.id, entries, done: entries.length === all.length });
    }
    if (message.type === 'append') append(message.envelope, message.open !== null);
  }

  function append(envelope: Envelope, open: boolean): void {
    const { entryId } = envelope;
    const entries = bridge.journal.get(envelope.writerId) ?? [];
    const here = entries[envelope.seq - 1];
    const last = entries.at(-1);
    const follows = verifyChain([envelope], last) === null;
    if (here === undefined && (bridge.full || !follows)) {
      bridge.say({ type: 'not-journaled', entryId, reason: bridge.full ? 'disk full' : 'gap' });
      return;
    }
    if (here !== undefined && here.hash !== envelope.hash) {
      bridge.say({ type: 'not-journaled', entryId, reason: 'other bytes' });
      return;
    }
    if (here === undefined) bridge.journal.set(envelope.writerId, [...entries, envelope]);
    if (bridge.slow) return;
    bridge.say({ type: 'journaled', entryId });
    if (open) bridge.say({ type: 'pulse', entryId, outcome: here === undefined ? 'sent' : 'refused', reason: '' });
  }
  return bridge;
}
