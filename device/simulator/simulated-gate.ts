// A gate's devices played in bytes: thermometer, reader and barrier on their cables, and what a person does in front of
// them. Called by start, simulator-http and tests.
import type { DeviceRole } from '../../src/contracts/device-stream.ts';
import { type SimulatorLive, limits as shown } from '../../src/contracts/simulator.ts';
import type { Clock } from '../clock.ts';
import type { Cable } from './cable.ts';
import { createAnyReader } from './players/any-reader.ts';
import { createAnyRelay } from './players/any-relay.ts';
import { createAnyThermometer } from './players/any-thermometer.ts';

/** Milliseconds: how long a person stands there, how long the lane is empty afterwards; people who may wait. */
export const limits = { standMs: 1_500, gapMs: 400, passesWaiting: 50 } as const;

export type Cables = Readonly<Record<DeviceRole, Cable>>;
export type SimulatedGate = {
  live(): Omit<SimulatorLive, 'networkUp'>;
  /** Called after every change. */
  onChange(listener: () => void): () => void;
  /** Ten hex digits. */
  tap(uid: string): void;
  /** A body value in hundredths of a degree; null = nobody. */
  showBody(centi: number | null): void;
  /** What the lens itself sees. */
  showObject(centi: number | null): void;
  plug(role: DeviceRole, plugged: boolean): Promise<void>;
  mute(muted: boolean): void;
  /** One person: taps, stands there for 1.5 s, goes. Resolves when the lane is empty; null when too many wait. */
  pass(uid: string, bodyCenti: number): Promise<void> | null;
  close(): Promise<void>;
};

export type GateParts = {
  cables: Cables;
  clock: Clock;
  random(): number;
  wallMs(): number;
  /** What the bridge is configured to add to an object value. */
  offsetCenti: number;
  ambientCenti: number;
};

export function createSimulatedGate(parts: GateParts): SimulatedGate {
  const { cables, clock, random, offsetCenti, ambientCenti } = parts;
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const thermometer = played(
    createAnyThermometer('gy-mcu90614', {
      write: cables.thermometer.write,
      clock,
      random,
      ambientCenti,
      noiseCenti: 0,
    }),
  );
  const reader = played(createAnyReader('rdm6300', { write: cables.reader.write, clock }));
  const relay = played(createAnyRelay('lcus', { clock, channels: 1 }));
  const startedWallMs = parts.wallMs() - clock.nowMs();
  let objectCenti: number | null = null;
  let muted = false;
  let opened = 0;
  let passing = 0;
  let lane = Promise.resolve();

  cables.thermometer.onData(thermometer.receive);
  cables.barrier.onData((bytes) => {
    relay.receive(bytes);
    changed();
  });
  relay.onChange((_channel, on) => {
    if (on) opened += 1;
  });
  thermometer.start();

  const show = (centi: number | null) => {
    objectCenti = centi;
    thermometer.show(centi);
    changed();
  };
  const showBody = (centi: number | null) => show(centi === null ? null : centi - offsetCenti);
  const wait = (ms: number) => new Promise<void>((resolve) => clock.setTimer(resolve, ms));

  return {
    live: () => ({
      bodyCenti: objectCenti === null ? null : objectCenti + offsetCenti,
      objectCenti: objectCenti ?? ambientCenti,
      ambientCenti,
      offsetCenti,
      cables: (['thermometer', 'reader', 'barrier'] as const).map((role) => ({
        role,
        path: cables[role].path,
        plugged: cables[role].plugged(),
      })),
      muted,
      passing,
      barrier: {
        open: relay.coils()[0] ?? false,
        opened,
        bytes: relay
          .log()
          .slice(-shown.bytesShown)
          .map((line) => ({ wallMs: Math.round(startedWallMs + line.atMs), hex: line.hex })),
      },
    }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tap: (uid) => reader.present(uid),
    showBody,
    showObject: show,
    async plug(role, plugged) {
      await cables[role].plug(plugged);
      changed();
    },
    mute(value) {
      muted = value;
      if (value) thermometer.stop();
      else thermometer.start();
      changed();
    },
    pass(uid, bodyCenti) {
      if (passing >= limits.passesWaiting) return null;
      passing += 1;
      changed();
      lane = lane.then(async () => {
        reader.present(uid);
        showBody(bodyCenti);
        await wait(limits.standMs);
        showBody(null);
        await wait(limits.gapMs);
        passing -= 1;
        changed();
      });
      return lane;
    },
    async close() {
      thermometer.stop();
      reader.stop();
      relay.stop();
      await Promise.all(Object.values(cables).map((cable) => cable.close()));
    },
  };
}

function played<Player>(player: Player | null): Player {
  if (player === null) throw new Error('nobody plays this device');
  return player;
}
