// The conversation with one gate page over its WebSocket (docs/protocol.md). Called by bridge-socket for each connection.
import type { RawData, WebSocket } from 'ws';
import { type BridgeMessage, type PageMessage, pageMessage, limits as stream } from '../src/contracts/device-stream.ts';
import { uuid } from '../src/contracts/kit.ts';
import type { Envelope } from '../src/domain/entry.ts';
import { type AdmissionParts, admit } from './bridge-admission.ts';
import type { Devices, Signal } from './bridge-devices.ts';
import type { Clock } from './clock.ts';
import type { Guards } from './guards.ts';
import type { Journal } from './journal.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { PulseBook } from './pulse-book.ts';
import { slipOf } from './slip.ts';
import type { StationKey } from './station-key.ts';

export const limits = {
  /** Signals are dropped while so much waits to be sent. */
  slowBytes: 65_536,
  /** A page that takes nothing for so long is dropped. */
  stuckBytes: 8 * 1_048_576,
  takenBytes: 60_000,
} as const;

export const closeCodes = { unreadable: 4400, secondPage: 4409, contract: 4426, stopping: 1001 } as const;

export type PageParts = {
  hello: () => Extract<BridgeMessage, { type: 'hello' }>;
  admission: AdmissionParts;
  journal: Journal;
  devices: Devices;
  guards: Guards;
  pulseBook: PulseBook;
  key: StationKey;
  clock: Clock;
  metrics: Metrics;
  log: Log;
  /** What the page says of itself in its hello. */
  greeted(end: { writerId: string; seq: number } | null): void;
};

export type PageLink = {
  signal(signal: Signal): void;
  send(message: BridgeMessage): void;
};

/** Takes over a fresh socket: says hello, then answers. */
export function servePage(socket: WebSocket, parts: PageParts): PageLink {
  const { clock, metrics, log } = parts;
  let isGreeted = false;

  const send = (message: BridgeMessage): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > limits.stuckBytes) {
      log.warn({ event: 'page-stuck' });
      socket.terminate();
      return;
    }
    socket.send(JSON.stringify(message));
  };

  const append = async (envelope: Envelope, notAfterMs: number | null): Promise<void> => {
    const { entryId } = envelope;
    const { pulse } = await admit(parts.admission, envelope, notAfterMs, (answer) => {
      metrics.appends(answer);
      if (answer === 'stored' || answer === 'duplicate') return send({ type: 'journaled', entryId });
      log.error({ event: 'not-journaled', reason: answer, entryId });
      send({ type: 'not-journaled', entryId, reason: answer });
    });
    if (pulse === null) return;
    metrics.pulses(pulse.outcome);
    if (pulse.outcome !== 'sent') log.warn({ event: 'no-pulse', state: pulse.outcome, reason: pulse.reason, entryId });
    send({ type: 'pulse', entryId, ...pulse });
  };

  const takeBack = async (asked: Extract<PageMessage, { type: 'take-back' }>): Promise<void> => {
    const { id, writerId, fromSeq } = asked;
    const found = await parts.journal.read(writerId, fromSeq, Math.min(asked.limit, stream.takeBackEntries));
    const entries: Envelope[] = [];
    let size = 0;
    for (const envelope of found) {
      size += JSON.stringify(envelope).length;
      if (entries.length > 0 && size > limits.takenBytes) break;
      entries.push(envelope);
    }
    const last = entries.at(-1)?.seq ?? 0;
    const end = parts.journal.head(writerId)?.seq ?? 0;
    send({ type: 'taken', id, entries, done: entries.length === 0 || last >= end });
  };

  const countersign = async (asked: Extract<PageMessage, { type: 'countersign' }>): Promise<void> => {
    const { error, retryInMs } = await parts.guards.prove(asked.staffId, asked.pin);
    if (error === null) parts.pulseBook.signed(asked.staffId, asked.passageId);
    send({ type: 'countersigned', id: asked.id, error, retryInMs });
  };

  /** What changed between this side's hello and the page's own was told to nobody: without this a gate shows it until the next change. */
  const tellChanges = (): void => {
    const now = parts.hello();
    const before = new Map(told.devices.map((status) => [status.deviceId, JSON.stringify(status)]));
    for (const status of now.devices) {
      if (before.get(status.deviceId) !== JSON.stringify(status)) send({ type: 'device', status });
    }
    const who = ({ signedIn, posts }: typeof now) => JSON.stringify([signedIn, posts]);
    if (who(now) === who(told)) return;
    send({ type: 'signed', signedIn: now.signedIn, posts: parts.guards.posts(), error: null, retryInMs: 0 });
  };

  const answer = async (message: PageMessage): Promise<void> => {
    switch (message.type) {
      case 'hello':
        isGreeted = true;
        tellChanges();
        parts.greeted(message.writer);
        return;
      case 'ping':
        return send({ type: 'pong', id: message.id, monoMs: Math.round(clock.nowMs()) });
      case 'append':
        return append(message.envelope, message.open?.notAfterMs ?? null);
      case 'stamp':
        return parts.devices.stamp(message.printed);
      case 'take-back':
        return takeBack(message);
      case 'sign-in':
        return send({
          type: 'signed',
          ...(await parts.guards.signIn(message.staffId, message.pin, message.roster, message.byCard)),
          posts: parts.guards.posts(),
        });
      case 'countersign':
        return countersign(message);
      case 'slip':
        return send({ type: 'slip', id: message.id, slip: await slipOf(parts.journal, parts.key, message.entryId) });
      case 'sign-out':
        await parts.guards.signOut(message.roster);
        return send({
          type: 'signed',
          signedIn: parts.guards.signedIn(),
          posts: parts.guards.posts(),
          error: null,
          retryInMs: 0,
        });
      case 'reconnect':
        return parts.devices.reconnect(message.deviceId);
      default:
        return message satisfies never;
    }
  };

  socket.on('message', (data, isBinary) => {
    const raw = isBinary ? undefined : jsonOf(data);
    const parsed = pageMessage.safeParse(raw);
    if (!parsed.success) return unreadable(raw);
    if (!isGreeted && parsed.data.type !== 'hello') return socket.close(closeCodes.unreadable, 'hello first');
    answer(parsed.data).catch((error: unknown) => {
      log.error({ event: 'answer-failed', state: parsed.data.type, reason: error instanceof Error ? error.name : '' });
    });
  });

  /** An entry that is out of shape gets its answer, so that the page shows it as not saved; anything else ends the talk. */
  const unreadable = (raw: unknown): void => {
    const entryId = isGreeted ? entryIdOf(raw) : null;
    if (entryId !== null) {
      metrics.appends('malformed');
      send({ type: 'not-journaled', entryId, reason: 'malformed' });
      return;
    }
    log.warn({ event: 'unreadable-message' });
    const hasOldContract = typeof raw === 'object' && raw !== null && Reflect.get(raw, 'type') === 'hello';
    if (hasOldContract) socket.close(closeCodes.contract, 'another contract: reload the page');
    else socket.close(closeCodes.unreadable, 'unreadable message');
  };

  const told = parts.hello();
  send(told);
  return {
    send: (message) => {
      if (isGreeted) send(message);
    },
    signal: (signal) => {
      if (!isGreeted) return;
      if (socket.bufferedAmount > limits.slowBytes || clock.nowMs() > signal.expiresAtMs) metrics.dropped(signal.type);
      else send(signal);
    },
  };
}

function entryIdOf(raw: unknown): string | null {
  if (typeof raw !== 'object' || raw === null || Reflect.get(raw, 'type') !== 'append') return null;
  const envelope: unknown = Reflect.get(raw, 'envelope');
  if (typeof envelope !== 'object' || envelope === null) return null;
  const parsed = uuid.safeParse(Reflect.get(envelope, 'entryId'));
  return parsed.success ? parsed.data : null;
}

function jsonOf(data: RawData): unknown {
  try {
    return JSON.parse(data.toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
