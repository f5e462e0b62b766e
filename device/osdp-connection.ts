// One connection of an OSDP line: gives it to one control unit after the other, waits for each reply, notices when the port is
// gone. Port, framer and control units are made for it and die with it. Called by the bus.
import type { Clock } from './clock.ts';
import type { Command } from './drivers/osdp/commands.ts';
import { type ControlUnit, createControlUnit, type UnitEvent, type UnitOptions } from './drivers/osdp/control-unit.ts';
import { createPacketFramer } from './drivers/osdp/framing.ts';
import { createWrites } from './line-writes.ts';
import { createNamedTimers } from './named-timers.ts';
import { PortError } from './port-error.ts';
import type { OpenPort, Port } from './ports.ts';

export const limits = {
  replyMs: 200,
  /** The line rests between a reply and the next command: two characters at 9600, and some for adapters that turn round. */
  turnMs: 5,
  writeMs: 1_000,
  openMs: 5_000,
  nodeCheckMs: 1_000,
} as const;

/** What is counted over all connections. */
export type BusHealth = { connects: number; bytes: number; rejected: number; unsolicited: number; unanswered: number };

export type LineOptions = {
  path: string;
  baudRate: number;
  openPort: OpenPort;
  clock: Clock;
  /** One for each device on the line, addresses all different. */
  units: readonly UnitOptions[];
  /** Milliseconds to wait for a reply; 200 as libosdp does when not given. */
  replyMs?: number;
};

export type Connection = {
  /** False when the address is not here, its device not online or too much is waiting; `forMs`: how long it may wait. */
  order(address: number, id: string, command: Command, forMs: number): boolean;
  end(reason: string): void;
};

export type Tell = (address: number, events: readonly UnitEvent[]) => void;
export type Ends = { tell: Tell; onOpen(): void; onEnd(reason: string): void };

/** One connection: port, framer and control units are made for it and die with it. */
export function openConnection(options: LineOptions, health: BusHealth, ends: Ends): Connection {
  const { clock } = options;
  const units = options.units.map((unit) => ({ address: unit.address, unit: createControlUnit(unit) }));
  const framer = createPacketFramer();
  const timers = createNamedTimers(clock);
  let port: Port | null = null;
  let isEnded = false;
  let isChecking = false;
  /** Whose reply is waited for. */
  let asked: { address: number; unit: ControlUnit } | null = null;
  /** Who had the line last: among those who are due the others come first. */
  let lastAt = -1;

  const { tell } = ends;
  const end = (reason: string) => {
    if (isEnded) return;
    isEnded = true;
    timers.close();
    port?.destroy();
    writes.failAll();
    for (const { address, unit } of units) tell(address, unit.lost(clock.nowMs()));
    ends.onEnd(reason);
  };
  const writes = createWrites({
    clock,
    onLate: () => end('write-late'),
    onFailed: (reason) => end(`write-failed: ${reason}`),
  });

  /** The one who waits longest past its time; null when nobody is due. */
  const nextUnit = (nowMs: number) => {
    const inTurn = units.map((_, offset) => (lastAt + 1 + offset) % units.length);
    const index = inTurn.find((one) => (units[one]?.unit.dueAtMs() ?? Number.POSITIVE_INFINITY) <= nowMs);
    return index === undefined ? null : index;
  };

  const turn = () => {
    if (isEnded || !port || asked) return;
    const nowMs = clock.nowMs();
    const index = nextUnit(nowMs);
    const next = index === null ? undefined : units[index];
    if (index === null || next === undefined) {
      const waitMs = Math.min(...units.map(({ unit }) => unit.dueAtMs())) - nowMs;
      timers.after('turn', Math.max(1, waitMs), turn);
      return;
    }
    timers.cancel('turn');
    lastAt = index;
    const { frame, events } = next.unit.begin(nowMs);
    asked = next;
    // Bytes from before were not the reply to this.
    refuse(framer.idle());
    void writes.write(port, frame, limits.writeMs);
    timers.after('reply', options.replyMs ?? limits.replyMs, timeOut);
    tell(next.address, events);
  };

  const refuse = (found: ReturnType<typeof framer.idle>) => {
    for (const one of found) {
      if (one.kind === 'rejected') health.rejected += 1;
      else health.unsolicited += 1;
    }
  };
  const take = (found: ReturnType<typeof framer.push>) => {
    for (const one of found) {
      if (isEnded) return;
      if (one.kind === 'rejected') {
        health.rejected += 1;
        continue;
      }
      // Adapters may echo what we say ourselves.
      if (!one.isReply) continue;
      const events = asked?.unit.take(one, clock.nowMs()) ?? null;
      if (!asked || events === null) health.unsolicited += 1;
      else release(asked.address, events);
    }
  };
  const release = (address: number, events: readonly UnitEvent[]) => {
    asked = null;
    timers.cancel('reply');
    tell(address, events);
    timers.after('turn', limits.turnMs, turn);
  };
  const timeOut = () => {
    // A good reply may stand inside what only looked like a longer one.
    take(framer.idle());
    if (!asked || isEnded) return;
    health.unanswered += 1;
    release(asked.address, asked.unit.silent(clock.nowMs()));
  };

  const checkNode = () => {
    timers.after('node', limits.nodeCheckMs, checkNode);
    if (!port || isChecking) return;
    isChecking = true;
    port.stillThere().then(
      (isThere) => {
        isChecking = false;
        if (!isThere) end('unplugged');
      },
      (error: unknown) => end(`node-check: ${messageOf(error)}`),
    );
  };

  const begin = async () => {
    const opened = await options.openPort(options.path, options.baudRate, {
      data: (bytes) => {
        if (isEnded) return;
        health.bytes += bytes.length;
        take(framer.push(bytes));
      },
      gone: end,
    });
    if (isEnded) return opened.destroy();
    port = opened;
    timers.cancel('open');
    ends.onOpen();
    checkNode();
    turn();
  };
  timers.after('open', limits.openMs, () => end('open-timeout'));
  // `begin` rejects only where the port does not open: everything later ends the connection by itself.
  begin().catch((error: unknown) => end(error instanceof PortError ? error.trouble : messageOf(error)));

  return {
    order: (address, id, command, forMs) => {
      const found = units.find((one) => one.address === address);
      const isTaken = found?.unit.order(id, command, clock.nowMs() + forMs) ?? false;
      if (isTaken && !asked) timers.after('turn', limits.turnMs, turn);
      return isTaken;
    },
    end,
  };
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
