// Sayable error codes of devices (ux.md: E-1x reader, E-2x thermometer, E-3x barrier). Called by bridge-devices.
import type { DeviceRole, DeviceState } from '../src/contracts/device-stream.ts';

const tens: Record<DeviceRole, number> = { reader: 1, thermometer: 2, barrier: 3 };
const units: Record<Exclude<DeviceState, 'online'>, number> = { absent: 1, opening: 2, silent: 3, faulted: 4 };

/** 'E-21' for a thermometer that is not connected; 'E-25' for one without a body offset, 'E-26' while it warms up, 'E-27' when a check barred it; null while all is well. */
export function deviceCode(
  role: DeviceRole,
  state: DeviceState,
  lacksOffset: boolean,
  barred: 'device-warm-up' | 'device-barred' | null = null,
): string | null {
  if (state !== 'online') return `E-${tens[role]}${units[state]}`;
  if (role !== 'thermometer') return null;
  if (lacksOffset) return 'E-25';
  return barred === null ? null : barred === 'device-warm-up' ? 'E-26' : 'E-27';
}
