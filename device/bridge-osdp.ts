// OSDP devices of the station: which line each is on, what it is told when it comes online, and what its events mean. Called by
// bridge-devices.
import type { Verdict } from '../src/domain/verdict.ts';
import { osdpOff } from './barrier-drive.ts';
import type { DeviceConfig } from './config.ts';
import type { OsdpPlace } from './config-osdp.ts';
import type { DeviceEvent } from './drivers/driver.ts';
import { commandOf } from './drivers/osdp/commands.ts';
import { osdpTap } from './drivers/osdp/taps.ts';
import { createKeypad } from './keypad-taps.ts';
import { type BusParts, createOsdpLines, type LineDevice, type OsdpLine } from './osdp-lines.ts';
import { limits as signLimits, signsOf } from './osdp-signs.ts';
import type { LineStatus } from './serial-line.ts';

export const limits = {
  /** Between two questions for the inputs; a device that tells changes by itself is heard within a poll. */
  inputsEveryMs: 150,
  inputsForMs: 1_000,
} as const;

export type OnOsdp = DeviceConfig & { osdp: OsdpPlace };
export const isOnOsdp = (config: DeviceConfig): config is OnOsdp => config.osdp !== undefined;

export type OsdpHooks = Omit<BusParts, 'path' | 'baudRate'> & {
  onEvent(config: OnOsdp, event: DeviceEvent, atMs: number): void;
  onContact(deviceId: string, isClosed: boolean, atMs: number): void;
  onState(status: LineStatus): void;
};

export type OsdpStation = {
  lines: ReadonlyMap<string, OsdpLine>;
  /** Lamp and tone at every OSDP reader that is online; what cannot be shown in time is not shown. */
  show(verdict: Verdict): void;
};

export function createOsdpStation(configs: readonly OnOsdp[], hooks: OsdpHooks): OsdpStation {
  const byPath = new Map<string, OnOsdp[]>();
  for (const config of configs) byPath.set(config.path, [...(byPath.get(config.path) ?? []), config]);
  const lines = new Map<string, OsdpLine>();
  for (const [path, onPath] of byPath) {
    const { baudRate } = onPath[0] ?? { baudRate: 0 };
    const devices = onPath.map((config) => deviceFor(config, hooks, () => lines.get(config.deviceId) ?? null));
    for (const [id, line] of createOsdpLines({ ...hooks, path, baudRate }, devices)) lines.set(id, line);
  }
  const readers = configs.filter(({ role }) => role === 'reader');
  return {
    lines,
    show: (verdict) => {
      for (const { deviceId } of readers) {
        for (const command of signsOf(verdict)) void lines.get(deviceId)?.order(command, signLimits.forMs);
      }
    },
  };
}

const askInputs = commandOf('input-status', {});

function deviceFor(config: OnOsdp, hooks: OsdpHooks, lineOf: () => OsdpLine | null): LineDevice {
  const { deviceId, osdp: place } = config;
  const keypad = createKeypad();
  const ask = (): void => {
    const line = lineOf();
    if (config.role !== 'feedback' || line?.state().state !== 'online') return;
    void line.order(askInputs, limits.inputsForMs).then(() => hooks.clock.setTimer(ask, limits.inputsEveryMs));
  };
  return {
    deviceId,
    place,
    onConnect: () => (config.role === 'barrier' ? [osdpOff(config)] : config.role === 'feedback' ? [askInputs] : []),
    onState: (status) => {
      if (status.state !== 'online') keypad.forget();
      hooks.onState(status);
      if (status.state === 'online') ask();
    },
    onEvent: (event, atMs) => {
      if (event.kind === 'tap' && config.role === 'reader') hooks.onEvent(config, osdpTap(event, config.options), atMs);
      else if (event.kind === 'keypad' && config.role === 'reader') {
        for (const printed of keypad.press(String(event.says.keys), atMs)) {
          hooks.onEvent(config, { kind: 'tap', uid: null, printed }, atMs);
        }
      } else if (event.kind === 'inputs' && config.role === 'feedback') {
        const { inputs } = event.says;
        const state = Array.isArray(inputs) ? inputs[config.input - 1] : undefined;
        if (typeof state === 'number') hooks.onContact(deviceId, state !== 0, atMs);
      } else if (event.kind === 'rejected') hooks.onEvent(config, event, atMs);
    },
  };
}
