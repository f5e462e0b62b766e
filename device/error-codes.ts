// Sayable error codes of devices (ux.md: E-1x reader, E-2x thermometer, E-3x barrier). Called by bridge-devices.
import type { DeviceState, StatusRole } from '../src/contracts/device-stream.ts';

const tens: Record<StatusRole, number> = { reader: 1, thermometer: 2, barrier: 3, feedback: 3 };
/** The barrier's codes end in 1 to 4, its feedback's in 5 to 8. */
const feedbackFrom = 4;
const units: Record<Exclude<DeviceState, 'online'>, number> = { absent: 1, opening: 2, silent: 3, faulted: 4 };

/** 'E-21' for a thermometer that is not connected; 'E-25' for one without a body offset, 'E-26' while it warms up, 'E-27' when a check barred it; null while all is well. */
export function deviceCode(
  role: StatusRole,
  state: DeviceState,
  lacksOffset: boolean,
  barred: 'device-warm-up' | 'device-barred' | null = null,
): string | null {
  if (state !== 'online') return `E-${tens[role]}${units[state] + (role === 'feedback' ? feedbackFrom : 0)}`;
  if (role !== 'thermometer') return null;
  if (lacksOffset) return 'E-25';
  return barred === null ? null : barred === 'device-warm-up' ? 'E-26' : 'E-27';
}
