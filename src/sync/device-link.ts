// The WebSocket between this page and its bridge: connects again quickly, drops what has expired or came before, translates
// the bridge's clock. Called by the gate's station and journal-sync, and by the rounds page on a tablet with a bridge.
import {
  type BridgeMessage,
  bridgeMessage,
  limits as deviceLimits,
  type PageMessage,
} from '../contracts/device-stream.ts';
import { contractVersion } from '../contracts/kit.ts';
import { backoffMs } from '../domain/backoff.ts';
import type { Envelope } from '../domain/entry.ts';
import { createBridgeClock } from './bridge-clock.ts';
import type { Clocks } from './timers.ts';

export const limits = {
  reconnect: { baseMs: 250, maxMs: 5_000 },
  pingMs: 1_000,
  /** The bridge answers every ping: this long without a word and the line is dead, though no close came. */
  silenceMs: 4_000,
  answerMs: 5_000,
  /** Close code of a bridge that already serves another page. */
  secondPageCode: 4409,
  secondPageWaitMs: 5_000,
} as const;

type Message<T extends BridgeMessage['type']> = Extract<BridgeMessage, { type: T }>;
export type Hello = Message<'hello'>;
/** `atMs` is translated to the page's clock. */
export type Signal = Message<'sample'> | Message<'tap'>;
export type Word = Message<'device' | 'journaled' | 'not-journaled' | 'pulse'>;
export type LinkState = 'connecting' | 'online' | 'lost' | 'second-page';
export type Socket = { send(text: string): void; close(): void };
export type Connect = (on: { open(): void; text(text: string): void; closed(code: number): void }) => Socket;

export type DeviceLink = {
  state(): LinkState;
  /** False when the line is not up; nothing is ever queued here. */
  send(message: PageMessage): boolean;
  takeBack(writerId: string, fromSeq: number): Promise<{ entries: Envelope[]; done: boolean } | null>;
  /** Null when the bridge did not answer. */
  sign(message: Extract<PageMessage, { type: 'sign-in' | 'sign-out' }>): Promise<Message<'signed'> | null>;
  /** Asks what has one answer of its own; null when the bridge did not answer. */
  ask(make: (id: number) => Extract<PageMessage, { type: 'countersign' | 'slip' }>): Promise<Asked | null>;
  toBridge(pageMs: number): number;
  stop(): void;
};
export type Asked = Message<'countersigned' | 'slip'>;
export type LinkDeps = {
  connect: Connect;
  clocks: Clocks;
  random(): number;
  /** The page's present writer for its hello. */
  writer(): { writerId: string; seq: number; hash: string } | null;
  onState(state: LinkState): void;
  onHello(hello: Hello): void;
  onSignal(signal: Signal): void;
  onWord(word: Word): void;
  onSigned(signed: Message<'signed'>): void;
};

export function createDeviceLink(deps: LinkDeps): DeviceLink {
  const { clocks } = deps;
  const clock = createBridgeClock();
  const pings = new Map<number, number>();
  const takes = new Map<number, (answer: Message<'taken'> | null) => void>();
  const asked = new Map<number, (answer: Asked | null) => void>();
  let signs: ((answer: Message<'signed'> | null) => void)[] = [];
  let socket: Socket | null = null;
  let state: LinkState = 'connecting';
  let bootId: string | null = null;
  let lastN = -1;
  let attempt = 0;
  let ids = 0;
  let heardMs = 0;
  let stopped = false;
  let cancelTimer = (): void => {};

  function become(next: LinkState): void {
    if (state === next) return;
    state = next;
    deps.onState(next);
  }

  function connect(): void {
    heardMs = clocks.monoMs();
    const mine: Socket = deps.connect({
      open: () => {},
      text: (text) => {
        if (socket === mine) hear(text);
      },
      closed: (code) => {
        if (socket === mine) lost(code);
      },
    });
    socket = mine;
    watch();
  }

  /** Pings while the line is up, and notices when nothing comes back. */
  function watch(): void {
    cancelTimer();
    cancelTimer = clocks.after(limits.pingMs, () => {
      if (clocks.monoMs() - heardMs >= limits.silenceMs) {
        lost(0);
        return;
      }
      if (state === 'online') {
        // Unanswered pings of a slow line are forgotten, oldest first.
        if (pings.size >= 8) pings.clear();
        pings.set(++ids, clocks.monoMs());
        send({ type: 'ping', id: ids });
      }
      watch();
    });
  }

  function lost(code: number): void {
    const gone = socket;
    socket = null;
    gone?.close();
    cancelTimer();
    pings.clear();
    for (const answer of takes.values()) answer(null);
    takes.clear();
    for (const answer of [...asked.values(), ...signs]) answer(null);
    asked.clear();
    signs = [];
    if (stopped) return;
    const second = code === limits.secondPageCode;
    become(second ? 'second-page' : 'lost');
    const waitMs = second ? limits.secondPageWaitMs : backoffMs(attempt++, deps.random, null, limits.reconnect);
    cancelTimer = clocks.after(waitMs, connect);
  }

  function hear(text: string): void {
    heardMs = clocks.monoMs();
    const message = messageOf(text);
    if (message?.type === 'hello') greet(message);
    else if (message !== null && state === 'online') take(message);
  }

  function take(message: Exclude<BridgeMessage, Hello>): void {
    switch (message.type) {
      case 'sample':
      case 'tap':
        signal(message);
        break;
      case 'pong': {
        const sentMs = pings.get(message.id);
        pings.delete(message.id);
        if (sentMs !== undefined) clock.trip(sentMs, heardMs, message.monoMs);
        break;
      }
      case 'taken':
        takes.get(message.id)?.(message);
        takes.delete(message.id);
        break;
      case 'countersigned':
      case 'slip':
        asked.get(message.id)?.(message);
        asked.delete(message.id);
        break;
      case 'signed':
        signs.shift()?.(message);
        deps.onSigned(message);
        break;
      case 'device':
      case 'journaled':
      case 'not-journaled':
      case 'pulse':
        deps.onWord(message);
        break;
      default:
        message satisfies never;
    }
  }

  function greet(hello: Hello): void {
    // Numbers of signals begin anew with a bridge process, and only then.
    if (hello.bootId !== bootId) lastN = -1;
    bootId = hello.bootId;
    attempt = 0;
    clock.greet(hello.monoMs, heardMs);
    const writer = deps.writer();
    state = 'online';
    send({
      type: 'hello',
      contract: contractVersion,
      writer: writer && { writerId: writer.writerId, seq: writer.seq, hash: writer.hash },
    });
    deps.onState('online');
    deps.onHello(hello);
  }

  /** Perishable: out of order, repeated or expired, and it is as if it had never come. */
  function signal(message: Signal): void {
    if (message.n <= lastN) return;
    lastN = message.n;
    if (clocks.monoMs() > clock.toPage(message.expiresAtMs)) return;
    deps.onSignal({ ...message, atMs: clock.toPage(message.atMs) });
  }

  function send(message: PageMessage): boolean {
    if (state !== 'online' || socket === null) return false;
    socket.send(JSON.stringify(message));
    return true;
  }

  connect();
  return {
    state: () => state,
    send,
    takeBack(writerId, fromSeq) {
      const id = ++ids;
      return new Promise((answer) => {
        const cancel = clocks.after(limits.answerMs, () => {
          takes.delete(id);
          answer(null);
        });
        takes.set(id, (taken) => {
          cancel();
          answer(taken && { entries: taken.entries, done: taken.done });
        });
        if (send({ type: 'take-back', id, writerId, fromSeq, limit: deviceLimits.takeBackEntries })) return;
        takes.get(id)?.(null);
        takes.delete(id);
      });
    },
    sign(message) {
      return new Promise((answer) => {
        const cancel = clocks.after(limits.answerMs, () => done(null));
        const done = (signed: Message<'signed'> | null): void => {
          cancel();
          signs = signs.filter((one) => one !== done);
          answer(signed);
        };
        signs.push(done);
        if (!send(message)) done(null);
      });
    },
    ask(make) {
      const id = ++ids;
      return new Promise((answer) => {
        const cancel = clocks.after(limits.answerMs, () => done(null));
        const done = (said: Asked | null): void => {
          cancel();
          asked.delete(id);
          answer(said);
        };
        asked.set(id, done);
        if (!send(make(id))) done(null);
      });
    },
    toBridge: clock.toBridge,
    stop() {
      stopped = true;
      lost(0);
    },
  };
}

/** Null for what is not a message of ours: counted by nobody, trusted by nobody. */
function messageOf(text: string): BridgeMessage | null {
  try {
    const parsed = bridgeMessage.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The page's own WebSocket to its own origin. */
export const pageSocket: Connect = (on) => {
  const url = new URL('/device', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url);
  socket.onopen = () => on.open();
  socket.onmessage = (event: MessageEvent<unknown>) => {
    if (typeof event.data === 'string') on.text(event.data);
  };
  socket.onclose = (event) => on.closed(event.code);
  return { send: (text) => socket.send(text), close: () => socket.close() };
};
