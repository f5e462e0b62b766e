// The control unit's side towards one OSDP device: what to send when, what a reply means, when the device is gone. Pure: time and
// randomness come in, frames and events go out. Called by the bus, one object for one device and one connection.
import type { DeviceEvent } from '../driver.ts';
import type { BlockCipher } from './aes.ts';
import type { Command } from './commands.ts';
import { broadcast, type Packet, plainFrame } from './packet.ts';
import { eventOfReply, nak, replyCodes } from './replies.ts';
import { createSecureChannel } from './secure-channel.ts';
import { type Reply, type Sent, type Session, type State, steps } from './steps.ts';

export const limits = {
  pollMs: 50,
  /** Without a reply for so long the device is offline (SIA OSDP). */
  offlineMs: 8_000,
  /** Between attempts to reach a device that is offline. */
  retryMs: 1_000,
  /** After a refused key: libosdp waits 600 s, but then it has gone on in the clear, which is never done here. */
  securityRetryMs: 10_000,
  ordersMax: 16,
} as const;

/** How a command went. `unanswered`: it was sent, whether it was carried out is not known, and it is not sent again. */
export type Outcome = 'done' | 'refused' | 'unanswered' | 'expired' | 'dropped';

export type UnitEvent =
  | { is: 'event'; event: DeviceEvent }
  | { is: 'state'; state: 'online' | 'offline'; secure: boolean; reason: string | null }
  | { is: 'result'; id: string; outcome: Outcome; code: number | null };

export type UnitOptions = {
  /** 0 to 126; 127 speaks to whatever single device is on the line. */
  address: number;
  /** Check of our packets: CRC unless told otherwise. */
  hasCrc?: boolean;
  /** With a key nothing is ever said or believed in the clear once the device is identified. */
  secure: { cipher: BlockCipher; key: Uint8Array; random(): Uint8Array } | null;
  limits?: Partial<Record<keyof typeof limits, number>>;
};

export type ControlUnit = {
  /** When it next wants the line. */
  dueAtMs(): number;
  /** The frame to send now, with what was found out meanwhile; to be followed by `take` or `silent`. */
  begin(nowMs: number): { frame: Uint8Array; events: UnitEvent[] };
  /** What the packet means; null when it is not the reply that is waited for. */
  take(packet: Packet, nowMs: number): UnitEvent[] | null;
  /** No reply came in time. */
  silent(nowMs: number): UnitEvent[];
  /** False when the device is not online or too much is waiting: a command is never kept for later than its time. */
  order(id: string, command: Command, expiresAtMs: number): boolean;
  /** The line is gone: what was asked for is dropped. */
  lost(nowMs: number): UnitEvent[];
};

type Order = { id: string; command: Command; expiresAtMs: number };
type Exchange = { frame: Uint8Array; sequence: number; order: Order | null };

export function createControlUnit(options: UnitOptions): ControlUnit {
  const bounds = { ...limits, ...options.limits };
  let state: State = 'identify';
  let session: Session = newSession();
  /** The number of the last command; null = the next one begins anew with 0. */
  let sequence: number | null = null;
  /** Sent and not answered yet. */
  let exchange: Exchange | null = null;
  let orders: Order[] = [];
  let dueAtMs = Number.NEGATIVE_INFINITY;
  let repliedAtMs: number | null = null;
  let said: string | null = null;

  function newSession(): Session {
    const { secure } = options;
    const channel = secure ? createSecureChannel(secure.cipher, secure.key, secure.random()) : null;
    return { channel, serverCryptogram: null };
  }

  const tell = (now: 'online' | 'offline', reason: string | null): UnitEvent[] => {
    const text = `${now} ${reason}`;
    if (said === text) return [];
    said = text;
    return [{ is: 'state', state: now, secure: session.channel?.isOpen() ?? false, reason }];
  };
  const result = (order: Order, outcome: Outcome, code: number | null = null): UnitEvent => ({
    is: 'result',
    id: order.id,
    outcome,
    code,
  });

  /** Begins anew with number 0, new keys and nothing that was asked for before. */
  const giveUp = (reason: string, nowMs: number, waitMs: number): UnitEvent[] => {
    const open = exchange?.order ? [result(exchange.order, 'unanswered')] : [];
    const dropped = orders.map((order) => result(order, 'dropped'));
    exchange = null;
    orders = [];
    sequence = null;
    state = 'identify';
    session = newSession();
    repliedAtMs = null;
    dueAtMs = nowMs + waitMs;
    return [...open, ...dropped, ...tell('offline', reason)];
  };

  const dropExpired = (nowMs: number): UnitEvent[] => {
    const expired = orders.filter((order) => nowMs >= order.expiresAtMs);
    orders = orders.filter((order) => nowMs < order.expiresAtMs);
    return expired.map((order) => result(order, 'expired'));
  };

  const frameOfSent = ({ code, data, security }: Sent, number: number): Uint8Array => {
    const head = {
      address: options.address,
      isReply: false,
      sequence: number,
      hasCrc: options.hasCrc ?? true,
      hasMark: true,
    };
    if (session.channel?.isOpen()) return session.channel.seal(head, code, data);
    return plainFrame({ ...head, security }, code, data);
  };

  /** The reply in the clear, or why the session is over. */
  const opened = (packet: Packet): Reply | string => {
    const { channel } = session;
    if (!channel?.isOpen()) {
      // Without a session nobody can tell what a sealed reply says; blocks of the handshake belong into the handshake.
      const isHandshake = state === 'challenge' || state === 'cryptogram';
      if (packet.mac || (packet.security && !isHandshake)) return 'sealed-without-session';
      return { packet, code: packet.code, data: packet.data };
    }
    // A device that forgot the session says so in the clear; anything else in the clear is not believed at all.
    if (!packet.mac) return packet.code === replyCodes.nak ? 'session-refused' : 'reply-in-the-clear';
    const data = channel.unseal(packet);
    return data === null ? 'wrong-mac' : { packet, code: packet.code, data };
  };

  const isOurs = (packet: Packet) =>
    packet.isReply && (packet.address === options.address || options.address === broadcast);
  const isBusy = ({ code, data, security }: Packet) =>
    code === replyCodes.busy && data.length === 0 && security === null;

  const online = (reply: Reply, order: Order | null): UnitEvent[] => {
    const { address } = reply.packet;
    const event = eventOfReply(reply.code, reply.data, { address, seq: reply.packet.sequence });
    const isNak = reply.code === replyCodes.nak;
    if (order && isNak) return [result(order, 'refused', reply.data[0] ?? null)];
    const done = order ? [result(order, 'done')] : [];
    // The answer to a poll without news says nothing.
    if (event.kind === 'ack') return done;
    return [...done, { is: 'event', event }];
  };

  const silent = (nowMs: number): UnitEvent[] => {
    dueAtMs = nowMs + bounds.pollMs;
    // The same frame again, with the same number: the device repeats its reply, it does not carry it out twice.
    if (repliedAtMs !== null && nowMs - repliedAtMs < bounds.offlineMs) return [];
    return giveUp('silent', nowMs, bounds.retryMs);
  };

  return {
    dueAtMs: () => dueAtMs,
    begin(nowMs) {
      const events = dropExpired(nowMs);
      const late = exchange?.order;
      // To repeat it now would be to carry it out too late.
      if (late && nowMs >= late.expiresAtMs) events.push(...giveUp('command-unanswered', nowMs, 0));
      if (exchange === null) {
        const order = state === 'online' ? (orders.shift() ?? null) : null;
        const sent = order ? { ...order.command, security: null } : steps[state].send(session);
        sequence = sequence === null ? 0 : (sequence % 3) + 1;
        exchange = { frame: frameOfSent(sent, sequence), sequence, order };
      }
      return { frame: exchange.frame, events };
    },
    take(packet, nowMs) {
      if (exchange === null || !isOurs(packet)) return null;
      if (isBusy(packet) && (packet.sequence === 0 || packet.sequence === exchange.sequence)) {
        // The same command again, later; a device that is busy for 8 s is as good as gone.
        return silent(nowMs);
      }
      if (packet.sequence !== exchange.sequence) return null;
      const reply = opened(packet);
      if (typeof reply === 'string') return giveUp(reply, nowMs, bounds.pollMs);
      if (reply.code === replyCodes.nak && reply.data[0] === nak.sequence) {
        return giveUp('sequence', nowMs, bounds.pollMs);
      }
      const step = steps[state];
      if (!step.isFine(reply, session)) {
        return giveUp(step.otherwise, nowMs, step.isSecurity ? bounds.securityRetryMs : bounds.retryMs);
      }
      const { order } = exchange;
      exchange = null;
      repliedAtMs = nowMs;
      dueAtMs = nowMs + bounds.pollMs;
      if (state === 'online') return online(reply, order);
      state = step.next(session);
      const event = eventOfReply(reply.code, reply.data, { address: packet.address, seq: packet.sequence });
      const news: UnitEvent[] = event.kind === 'setting' ? [{ is: 'event', event }] : [];
      return steps[state] === steps.online ? [...news, ...tell('online', null)] : news;
    },
    silent,
    order(id, command, expiresAtMs) {
      if (state !== 'online' || orders.length >= bounds.ordersMax) return false;
      orders.push({ id, command, expiresAtMs });
      dueAtMs = Number.NEGATIVE_INFINITY;
      return true;
    },
    lost: (nowMs) => giveUp('line-gone', nowMs, 0),
  };
}
