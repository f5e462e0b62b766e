// What the settings page shows of the configured devices: state, counters, the value of this moment, and, while somebody is
// signed in, the cards that were tapped. Called by bridge, answers GET /settings/api/live.
import { type SettingsDevice, type SettingsLive, limits as wire } from '../src/contracts/settings.ts';
import type { Devices, Signal } from './bridge-devices.ts';
import type { Clock } from './clock.ts';
import type { DeviceConfig } from './config.ts';
import { profileOf } from './drivers/index.ts';
import { newHealth } from './line-health.ts';
import { getRoute, ok, type SettingsRoute } from './settings-route.ts';

export const limits = {
  /** Design: silence over 2 s is device trouble, and nothing older is shown. */
  valueMs: 2_000,
  /** A tap is good for learning for so long. */
  tapMs: 10 * 60_000,
  taps: wire.taps,
} as const;

type Sample = Extract<Signal, { type: 'sample' }>;
export type Tap = { n: number; deviceId: string; atMs: number; uid: string | null; printed: string | null };

export type SettingsLiveView = {
  /** Every signal of the devices passes by here. */
  signal(signal: Signal): void;
  /** Forgets all taps. */
  forget(): void;
  /** A tap that is still good, by its number. */
  tap(n: number): Tap | null;
  route: SettingsRoute;
};

export type LiveParts = {
  configs: readonly DeviceConfig[];
  devices: () => Devices;
  clock: Clock;
  /** Taps are kept only then. */
  isOpen: () => boolean;
};

export function createSettingsLive(parts: LiveParts): SettingsLiveView {
  const { clock } = parts;
  const samples = new Map<string, Sample>();
  let taps: Tap[] = [];
  let n = 0;

  const fresh = (): Tap[] => {
    const now = clock.nowMs();
    taps = parts.isOpen() ? taps.filter(({ atMs }) => now - atMs <= limits.tapMs) : [];
    return taps;
  };
  const keep = ({ deviceId, uid, printed, atMs }: Extract<Signal, { type: 'tap' }>): void => {
    if (!parts.isOpen()) return;
    n += 1;
    // The same card once more is no other card: it moves to the end.
    const others = fresh().filter((tap) => tap.deviceId !== deviceId || tap.uid !== uid || tap.printed !== printed);
    taps = [...others, { n, deviceId, atMs, uid, printed }].slice(-limits.taps);
  };

  const deviceOf = (config: DeviceConfig): SettingsDevice[] => {
    const devices = parts.devices();
    const status = devices.statuses().find(({ deviceId }) => deviceId === config.deviceId);
    if (status === undefined) return [];
    const line = devices.lineOf(config.deviceId) ?? devices.osdpLineOf(config.deviceId);
    const sample = samples.get(config.deviceId);
    const ageMs = sample === undefined ? Number.POSITIVE_INFINITY : Math.round(clock.nowMs() - sample.atMs);
    const isLive = sample !== undefined && status.state === 'online' && ageMs <= limits.valueMs;
    return [
      {
        status,
        path: config.path,
        baudRate: config.baudRate,
        reason: line?.state().reason ?? null,
        health: { ...(line?.health() ?? newHealth()) },
        value: isLive
          ? {
              ageMs: Math.max(0, ageMs),
              centiCelsius: sample.centiCelsius,
              rawCentiCelsius: sample.rawCentiCelsius,
              ambientCentiCelsius: sample.ambientCentiCelsius,
              offsetCentiCelsius: sample.offsetCentiCelsius,
            }
          : null,
        canLearn: config.role === 'reader' && Object.hasOwn(profileOf(config.profile).options, 'printed'),
      },
    ];
  };

  return {
    signal: (signal) => {
      if (signal.type === 'sample') samples.set(signal.deviceId, signal);
      else keep(signal);
    },
    forget: () => {
      taps = [];
    },
    tap: (wanted) => fresh().find((tap) => tap.n === wanted) ?? null,
    route: getRoute('/settings/api/live', ({ leftMs }) =>
      ok({
        monoMs: Math.round(clock.nowMs()),
        leftMs,
        devices: parts.configs.flatMap(deviceOf),
        taps: fresh().map(({ atMs, ...tap }) => ({ ...tap, ageMs: Math.max(0, Math.round(clock.nowMs() - atMs)) })),
      } satisfies SettingsLive),
    ),
  };
}
