// Which device trouble stands on the screen, with a code to say on the telephone. Pure; called by gate-view.ts.
import type { DeviceStatus } from '../contracts/device-stream.ts';
import type { Reason, SensorState } from '../domain/verdict.ts';
import type { Fault } from './model.ts';
import type { PulseOutcome, StationNow } from './station-types.ts';

/** Codes that the page itself gives; those of devices come with their status. E-3x barrier, E-4x network. */
export const codes = {
  bridge: 'E-40',
  hubAwayLong: 'E-41',
  notEnrolled: 'E-42',
  clock: 'E-61',
  store: 'E-51',
  pulse: { 'barrier-offline': 'E-31', failed: 'E-32', late: 'E-33', refused: 'E-34', 'no-bridge': 'E-40' },
} as const satisfies { pulse: Record<Exclude<PulseOutcome, 'sent'>, string>; [name: string]: unknown };

export type FaultNow = { fault: Fault; code: string | null; deviceId: string | null };
type Bridge = StationNow['bridge'];
const isOnline = (device: DeviceStatus) => device.state === 'online';

/** The best of the infrared thermometers; one that measures by contact stands in for none of them, but for a gate that has no other. */
function thermometerOf(devices: readonly DeviceStatus[]): DeviceStatus | undefined {
  const all = devices.filter((device) => device.role === 'thermometer');
  const infrared = all.filter((device) => device.mode !== 'contact');
  return infrared.find((device) => device.sensor === 'ready' && isOnline(device)) ?? infrared[0] ?? all[0];
}

/** State of the infrared sensor as a decision looks at it: the bridge's word, or lost when there is nobody to ask. */
export function sensorOf(bridge: Bridge, devices: readonly DeviceStatus[]): SensorState {
  if (bridge !== 'online') return 'device-lost';
  const best = thermometerOf(devices);
  if (best?.state === 'silent') return 'device-silent';
  return (best?.state === 'online' && best.sensor) || 'device-lost';
}

const faultOfSensor: Record<Exclude<SensorState, 'ready'>, Fault> = {
  'device-lost': 'thermometer',
  'device-silent': 'device-silent',
  'device-warm-up': 'device-warm-up',
  'device-barred': 'device-barred',
  'no-offset': 'no-offset',
};

/** What to show for a reason of row 2. */
export function faultOfReason(reason: Reason): Fault {
  return reason in faultOfSensor ? faultOfSensor[reason as Exclude<SensorState, 'ready'>] : 'thermometer';
}

/** The one trouble that comes first while nobody stands at the gate; null when all is well. `direction` out needs no sensor. */
export function faultNow(bridge: Bridge, devices: readonly DeviceStatus[], direction: 'in' | 'out'): FaultNow | null {
  if (bridge === 'lost') return { fault: 'bridge', code: codes.bridge, deviceId: null };
  if (bridge !== 'online') return null;
  const readers = devices.filter((device) => device.role === 'reader');
  const reader = readers[0];
  if (reader && !readers.some(isOnline)) {
    return { fault: 'reader', code: reader.code ?? 'E-11', deviceId: reader.deviceId };
  }
  if (direction === 'out') return null;
  const sensor = sensorOf(bridge, devices);
  if (sensor === 'ready') return null;
  const thermometer = thermometerOf(devices);
  return {
    fault: faultOfSensor[sensor],
    code: thermometer?.code ?? 'E-21',
    deviceId: thermometer?.deviceId ?? null,
  };
}

/** A barrier that is configured but not there: people pass, the guard opens. */
export function barrierCode(bridge: Bridge, devices: readonly DeviceStatus[]): string | null {
  if (bridge !== 'online') return null;
  const barriers = devices.filter((device) => device.role === 'barrier');
  const first = barriers[0];
  return first === undefined || barriers.some(isOnline) ? null : (first.code ?? codes.pulse['barrier-offline']);
}
