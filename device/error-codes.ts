// Sayable error codes of devices (ux.md: E-1x reader, E-2x thermometer, E-3x barrier). Called by bridge-devices.
import type { DeviceRole, DeviceState } from '../src/contracts/device-stream.ts';

const tens: Record<DeviceRole, number> = { reader: 1, thermometer: 2, barrier: 3 };
const units: Record<Exclude<DeviceState, 'online'>, number> = { absent: 1, opening: 2, silent: 3, faulted: 4 };

/** 'E-21' for a thermometer that is not connected; 'E-25' for one without a body offset; null while all is well. */
export function deviceCode(role: DeviceRole, state: DeviceState, lacksOffset: boolean): string | null {
  if (state !== 'online') return `E-${tens[role]}${units[state]}`;
  return role === 'thermometer' && lacksOffset ? 'E-25' : null;
}
