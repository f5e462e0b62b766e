// What the sensors themselves can measure, in hundredths of a degree: a frame that says more passed its sum by chance (a lost
// byte and the head of the next frame do, once in 256 times). Called by the drivers of checksummed thermometers.
import type { CentiCelsius } from '../../../src/domain/reading.ts';

/** MLX90614 and MLX90615 data sheets, the wider of the two. */
export const sensorRange = {
  ambient: { min: -4_000, max: 12_500 },
  object: { min: -7_000, max: 38_220 },
} as const;

export function isObject(centi: CentiCelsius): boolean {
  return centi >= sensorRange.object.min && centi <= sensorRange.object.max;
}

export function isAmbient(centi: CentiCelsius): boolean {
  return centi >= sensorRange.ambient.min && centi <= sensorRange.ambient.max;
}
