// The devices of one OSDP line as the bridge sees devices: each with a state of its own, what it says, and commands that are sent
// now or not at all. One bus object owns the port. Called by bridge-devices through bridge-osdp.
import type { Clock } from './clock.ts';
import type { OsdpPlace } from './config-osdp.ts';
import type { DeviceEvent } from './drivers/driver.ts';
import type { Command } from './drivers/osdp/commands.ts';
import type { Outcome, UnitEvent } from './drivers/osdp/control-unit.ts';
import { type LineHealth, newHealth, noteEvent } from './line-health.ts';
import type { SendResult } from './line-writes.ts';
import { createOsdpBus } from './osdp-bus.ts';
import { nodeCipher, randomChallenge } from './osdp-crypto.ts';
import type { OpenPort } from './ports.ts';
import type { LineState, LineStatus } from './serial-line.ts';

export const limits = {
  /** Silence over 2 s is device trouble: with the longest wait for a reply before it, it is told in time. */
  offlineMs: 1_700,
  /** What a device must have done before it counts as online: a barrier's OFF. */
  connectMs: 1_000,
} as const;

export type LineDevice = {
  deviceId: string;
  place: OsdpPlace;
  /** Carried out, in this order, each time the device has come online; it is online for others when all are done. */
  onConnect(): readonly Command[];
  onEvent(event: DeviceEvent, atMs: number): void;
  onState(status: LineStatus): void;
};

export type OsdpLine = {
  state(): LineStatus;
  start(): void;
  stop(): void;
  reconnectNow(): void;
  health(): Readonly<LineHealth>;
  /** `sent` = the device said that it is done. Refused unless online; `forMs`: later it is not sent any more. */
  order(command: Command, forMs: number): Promise<SendResult>;
};

export type BusParts = {
  path: string;
  baudRate: number;
  openPort: OpenPort;
  clock: Clock;
  /** [0, 1) */
  random(): number;
};

type Live = { device: LineDevice; status: LineStatus; health: LineHealth; isWanted: boolean; session: number };

/** One line for each device, by its id. Devices with one address are one peripheral: keys and checks are the same. */
export function createOsdpLines(parts: BusParts, devices: readonly LineDevice[]): ReadonlyMap<string, OsdpLine> {
  const { clock } = parts;
  const all: Live[] = devices.map((device) => ({
    device,
    status: { deviceId: device.deviceId, state: 'absent', sinceMs: clock.nowMs(), reason: null },
    health: newHealth(),
    isWanted: false,
    session: 0,
  }));
  const places = new Map(devices.map(({ place }) => [place.address, place]));
  /** Ends of the commands that are under way; each ends with its result, at the latest when the line is gone. */
  const ends = new Map<string, (result: SendResult) => void>();
  let orders = 0;
  let isOpen = false;

  const enter = (live: Live, state: LineState, reason: string | null): void => {
    if (live.status.state === state && live.status.reason === reason) return;
    const sinceMs = live.status.state === state ? live.status.sinceMs : clock.nowMs();
    live.status = { deviceId: live.device.deviceId, state, sinceMs, reason };
    live.device.onState(live.status);
  };

  const send = (address: number, command: Command, forMs: number): Promise<SendResult> => {
    if (!(forMs > 0)) return Promise.resolve('late');
    return new Promise((resolve) => {
      orders += 1;
      const id = String(orders);
      ends.set(id, resolve);
      if (bus.order(address, id, command, forMs)) return;
      ends.delete(id);
      resolve('not-online');
    });
  };

  const greet = async (live: Live): Promise<void> => {
    live.session += 1;
    const { session } = live;
    for (const command of live.device.onConnect()) {
      const result = await send(live.device.place.address, command, limits.connectMs);
      if (session !== live.session) return;
      if (result !== 'sent') return enter(live, 'faulted', `first-command-${result}`);
    }
    enter(live, 'online', null);
  };

  const take = (address: number, event: UnitEvent): void => {
    if (event.is === 'result') {
      const end = ends.get(event.id);
      ends.delete(event.id);
      end?.(resultOf(event.outcome));
      return;
    }
    for (const live of all.filter(({ device, isWanted }) => isWanted && device.place.address === address)) {
      if (event.is === 'event') {
        noteEvent(live.health, event.event);
        live.device.onEvent(event.event, clock.nowMs());
      } else if (event.state === 'online') void greet(live);
      // That the port is gone is told by the port itself, with its reason.
      else if (event.reason === 'line-gone') live.session += 1;
      else {
        live.session += 1;
        enter(live, stateOfReason(event.reason), event.reason);
      }
    }
  };

  const bus = createOsdpBus({
    ...parts,
    units: [...places.values()].map(({ address, key, hasCrc }) => ({
      address,
      hasCrc,
      secure: key === null ? null : { cipher: nodeCipher, key, random: randomChallenge },
      limits: { offlineMs: limits.offlineMs },
    })),
    onEvent: take,
    onPort: (state, reason) => {
      isOpen = state === 'open';
      for (const live of all.filter(({ isWanted }) => isWanted)) {
        live.session += 1;
        if (isOpen) enter(live, 'opening', null);
        else enter(live, stateOfPort(reason ?? ''), reason);
      }
    },
  });

  const lineFor = (live: Live): OsdpLine => ({
    state: () => live.status,
    start: () => {
      if (live.isWanted) return;
      live.isWanted = true;
      enter(live, 'opening', null);
      bus.start();
    },
    stop: () => {
      live.isWanted = false;
      live.session += 1;
      if (!all.some(({ isWanted }) => isWanted)) {
        bus.stop();
        isOpen = false;
      }
      enter(live, 'absent', 'stopped');
    },
    // An open port is left alone: the others on the line live on it, and a mute device is asked anew each second.
    reconnectNow: () => {
      if (isOpen || !live.isWanted) return;
      bus.stop();
      bus.start();
    },
    health: () => {
      const { connects, bytes, unsolicited, unanswered } = bus.health();
      return { ...live.health, connects, bytes, unsolicited, unanswered };
    },
    order: (command, forMs) =>
      live.status.state === 'online' ? send(live.device.place.address, command, forMs) : Promise.resolve('not-online'),
  });
  return new Map(all.map((live) => [live.device.deviceId, lineFor(live)]));
}

function resultOf(outcome: Outcome): SendResult {
  switch (outcome) {
    case 'done':
      return 'sent';
    case 'expired':
      return 'late';
    case 'dropped':
      return 'not-online';
    case 'refused':
    case 'unanswered':
      return 'failed';
    default:
      return outcome satisfies never;
  }
}

/** `faulted`: somebody has to come and look, at the key or the device. Everything else is begun with anew at once. */
function stateOfReason(reason: string | null): LineState {
  if (reason === 'silent') return 'silent';
  return reason === 'key-refused' || reason === 'not-identified' || reason === 'no-capabilities'
    ? 'faulted'
    : 'opening';
}

const portFaults = ['locked', 'permission', 'unsuitable', 'failed', 'open-timeout', 'write-', 'node-check'];
const stateOfPort = (reason: string): LineState =>
  portFaults.some((start) => reason.startsWith(start)) ? 'faulted' : 'absent';
