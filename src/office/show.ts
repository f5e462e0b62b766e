// How instants and temperatures stand in the office's tables. Called by the components.

export { clockText, shortClock, timeText } from '../ui/desk/instants.ts';

/** Hundredths of a degree Celsius as '36.52 ℃'. */
export function degrees(centi: number): string {
  return `${(centi / 100).toFixed(2)} ℃`;
}

/** A difference in tenths of a degree as '+0.3 ℃'. */
export function tenthsText(tenths: number): string {
  return `${tenths > 0 ? '+' : ''}${(tenths / 10).toFixed(1)} ℃`;
}
