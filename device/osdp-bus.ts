// One OSDP line over all its connections: comes back by itself when the port is gone, with nothing left of what was asked before,
// and tells what is new. Called by the osdp tool.
import { backoffMs } from '../src/domain/backoff.ts';
import type { Timer } from './clock.ts';
import type { UnitEvent } from './drivers/osdp/control-unit.ts';
import { type BusHealth, type Connection, type LineOptions, openConnection, type Tell } from './osdp-connection.ts';

export const limits = { retryMinMs: 100, retryBaseMs: 400, retryMaxMs: 4_000, unitsMax: 32 } as const;

export type BusOptions = LineOptions & {
  /** [0, 1) */
  random(): number;
  onEvent(address: number, event: UnitEvent): void;
  /** `reason` is null while the port is open. */
  onPort(state: 'open' | 'gone', reason: string | null): void;
};

export type OsdpBus = {
  start(): void;
  stop(): void;
  /** False when the address is not here, its device not online or too much is waiting; `forMs`: how long it may wait. */
  order: Connection['order'];
  health(): Readonly<BusHealth>;
};

/** Throws a RangeError for no unit, too many, or two with one address. */
export function createOsdpBus(options: BusOptions): OsdpBus {
  const { clock } = options;
  const addresses = new Set(options.units.map((unit) => unit.address));
  if (addresses.size === 0 || addresses.size > limits.unitsMax || addresses.size < options.units.length) {
    throw new RangeError('an OSDP line needs 1 to 32 addresses, all different');
  }
  const health: BusHealth = { connects: 0, bytes: 0, rejected: 0, unsolicited: 0, unanswered: 0 };
  /** What was said last of the port and of each device: a port that stays away is told once, not at every attempt. */
  const said = new Map<string, string>();
  const isNews = (of: string, text: string) => {
    if (said.get(of) === text) return false;
    said.set(of, text);
    return true;
  };
  const tell: Tell = (address, events) => {
    for (const event of events) {
      const isOld = event.is === 'state' && !isNews(String(address), `${event.state} ${event.reason}`);
      if (!isOld) options.onEvent(address, event);
    }
  };
  const tellPort = (state: 'open' | 'gone', reason: string | null) => {
    if (isNews('port', `${state} ${reason}`)) options.onPort(state, reason);
  };
  let connection: Connection | null = null;
  let retry: Timer | null = null;
  let attempt = 0;

  const connect = () => {
    retry = null;
    health.connects += 1;
    const mine: Connection = openConnection(options, health, {
      tell,
      onOpen: () => {
        attempt = 0;
        tellPort('open', null);
      },
      onEnd: (reason) => {
        if (connection !== mine) return;
        connection = null;
        tellPort('gone', reason);
        const range = { baseMs: limits.retryBaseMs, maxMs: limits.retryMaxMs };
        retry = clock.setTimer(connect, limits.retryMinMs + backoffMs(attempt, options.random, null, range));
        attempt += 1;
      },
    });
    connection = mine;
  };

  return {
    start: () => {
      if (!connection && !retry) connect();
    },
    stop: () => {
      if (retry) clock.clearTimer(retry);
      retry = null;
      const last = connection;
      connection = null;
      last?.end('stopped');
    },
    order: (...order) => connection?.order(...order) ?? false,
    health: () => health,
  };
}
