// Which device trouble is shown, and what a decision is told of the sensor.
import { describe, expect, it } from 'vitest';
import { barrierCode, faultNow, sensorOf } from '../../src/gate/faults.ts';
import { barrier, reader, thermometer } from '../kit/fake-station.ts';

describe('device trouble', () => {
  it('is the sensor of nobody while the bridge is away', () => {
    expect(sensorOf('lost', [thermometer])).toBe('device-lost');
    expect(sensorOf('connecting', [thermometer])).toBe('device-lost');
    expect(sensorOf('online', [])).toBe('device-lost');
  });

  it.each([
    [{ state: 'online', sensor: 'ready' }, 'ready'],
    [{ state: 'silent', sensor: 'ready' }, 'device-silent'],
    [{ state: 'silent', sensor: 'device-silent' }, 'device-silent'],
    [{ state: 'absent', sensor: 'device-lost' }, 'device-lost'],
    [{ state: 'faulted', sensor: 'device-lost' }, 'device-lost'],
    [{ state: 'online', sensor: 'no-offset' }, 'no-offset'],
    [{ state: 'online', sensor: 'device-warm-up' }, 'device-warm-up'],
    [{ state: 'online', sensor: null }, 'device-lost'],
  ] as const)('tells %j as %s', (status, sensor) => {
    expect(sensorOf('online', [{ ...thermometer, ...status }])).toBe(sensor);
  });

  it('asks the infrared sensor where there is one: a contact thermometer on a cable stands in for none', () => {
    const contact = { ...thermometer, deviceId: 'thermometer-2', site: 'axillary', mode: 'contact' } as const;
    const warming = { ...thermometer, sensor: 'device-warm-up' } as const;
    expect(sensorOf('online', [contact, warming])).toBe('device-warm-up');
    expect(sensorOf('online', [contact])).toBe('ready');
  });

  it('shows the reader before the thermometer, with the code of the device', () => {
    const devices = [
      { ...thermometer, state: 'absent', sensor: 'device-lost', code: 'E-22' },
      { ...reader, state: 'absent', code: 'E-12' },
    ] as const;
    expect(faultNow('online', devices, 'in')).toMatchObject({ fault: 'reader', code: 'E-12' });
    expect(faultNow('online', devices.slice(0, 1), 'in')).toMatchObject({ fault: 'thermometer', code: 'E-22' });
  });

  it('asks for no thermometer on the way out', () => {
    expect(faultNow('online', [{ ...thermometer, state: 'absent', sensor: 'device-lost' }], 'out')).toBeNull();
  });

  it('names a configured barrier that is away, and no barrier where there is none', () => {
    expect(barrierCode('online', [thermometer])).toBeNull();
    expect(barrierCode('online', [barrier])).toBeNull();
    expect(barrierCode('online', [{ ...barrier, state: 'absent', code: null }])).toBe('E-31');
  });
});
