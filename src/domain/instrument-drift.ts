// Drift of a gate: its hourly median against its neighbours' and its own of the day before, in integers. Called by the hub.
import type { Policy } from './policy.ts';
import { type CentiCelsius, medianOf, type Tenths, tenthsOf } from './reading.ts';

export const limits = { readingsMin: 10 } as const;

export type DriftLevel = 'quiet' | 'shown' | 'alarm';

/** Median of [value, how often] rows in any order; null below readingsMin. Of an even count the middle two, half up. */
export function medianOfCounts(rows: readonly (readonly [CentiCelsius, number])[]): CentiCelsius | null {
  const total = rows.reduce((sum, [, count]) => sum + count, 0);
  if (total < limits.readingsMin) return null;
  const sorted = [...rows].sort(([a], [b]) => a - b);
  const at = (index: number): CentiCelsius => {
    let passed = 0;
    for (const [value, count] of sorted) {
      passed += count;
      if (index < passed) return value;
    }
    throw new Error('medianOfCounts: no such place');
  };
  return medianOf([at((total - 1) >> 1), at(total >> 1)]);
}

/** Median of the neighbours' medians: each gate has one voice. null without a neighbour. */
export function neighboursMedian(medians: readonly CentiCelsius[]): CentiCelsius | null {
  return medians.length === 0 ? null : medianOf(medians);
}

/** mine - other in tenths, rounded half away from zero, so that a gate and its neighbour are told the same distance. */
export function apartTenths(mine: CentiCelsius, other: CentiCelsius): Tenths {
  const size = tenthsOf(Math.abs(mine - other));
  return mine < other ? -size || 0 : size;
}

/** How loud a distance is: 0.3 is shown, 0.5 is an alarm (policy values), whichever way it goes. */
export function driftLevel(
  differences: readonly (Tenths | null)[],
  policy: Pick<Policy, 'driftShownTenths' | 'driftAlarmTenths'>,
): DriftLevel {
  const most = Math.max(0, ...differences.map((one) => Math.abs(one ?? 0)));
  if (most >= policy.driftAlarmTenths) return 'alarm';
  return most >= policy.driftShownTenths ? 'shown' : 'quiet';
}
