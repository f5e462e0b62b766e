// What the registers of a Modbus infrared head mean. Called by modbus-answer and the modbus-infrared drivers.
import type { DeviceEvent, Says } from '../driver.ts';

export type RegisterMap = {
  average: number;
  min: number;
  max: number;
  filtered: number;
  unfiltered: number;
  sensor: number;
  status: number;
  emissivity: number;
  /** Written instead of `emissivity` when writing often: not kept over a power cut. */
  emissivityUnstored: number;
};

export type Which = 'unfiltered' | 'filtered';

/** The measured values lie side by side from the average on; the unstored emissivity 16 above the stored one. */
export function mapFrom(average: number, emissivity: number): RegisterMap {
  return {
    average,
    min: average + 1,
    max: average + 2,
    filtered: average + 3,
    unfiltered: average + 4,
    sensor: average + 5,
    status: average + 6,
    emissivity,
    emissivityUnstored: emissivity + 0x10,
  };
}

/** Bits of the status: 0 the measurement failed, 1 and 2 the sensor is too cold or warm, 3 and 4 the object is. */
const objectBits = 0b11000;

/** `values` begin at register `address`; each is tenths of a degree, signed, but the status and the emissivity. */
export function eventOfRegisters(
  values: readonly number[],
  address: number,
  map: RegisterMap,
  which: Which,
): DeviceEvent {
  const at = (register: number) => values[register - address] ?? null;
  const tenths = (register: number) => {
    const value = at(register);
    return value === null ? null : value > 0x7fff ? value - 0x10000 : value;
  };
  const status = at(map.status);
  if (status !== null && status !== 0) {
    // Too cold or too warm an object is an answer; a sensor in trouble is not, and must show as silence.
    return { kind: 'rejected', reason: 'status', alive: (status & ~objectBits) === 0 };
  }
  const [filtered, unfiltered, sensor] = [tenths(map.filtered), tenths(map.unfiltered), tenths(map.sensor)];
  const object = which === 'filtered' ? (filtered ?? unfiltered) : (unfiltered ?? filtered);
  if (object === null && sensor === null) return settingOf(at(map.emissivity));
  const also: Says = {
    ...named('object_filtered_c', filtered),
    ...named('average_c', tenths(map.average)),
    ...named('min_c', tenths(map.min)),
    ...named('max_c', tenths(map.max)),
    ...(status === null ? {} : { status }),
  };
  return {
    kind: 'reading',
    objectCenti: object === null ? null : object * 10,
    ambientCenti: sensor === null ? null : sensor * 10,
    bodyCenti: null,
    also,
  };
}

const named = (name: string, tenths: number | null): Says =>
  tenths === null ? {} : { [name]: { digits: tenths, decimals: 1 } };

function settingOf(emissivity: number | null): DeviceEvent {
  return emissivity === null
    ? { kind: 'rejected', reason: 'unknown-register', alive: true }
    : { kind: 'setting', says: { emissivity: { digits: emissivity, decimals: 4 } } };
}
