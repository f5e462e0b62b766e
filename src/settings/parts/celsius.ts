// Hundredths of a degree as people read them in settings, both digits shown. Called by the panels.

/** 3653 -> '36.53 ℃'; integers alone. */
export function celsius(centi: number): string {
  const digits = String(Math.abs(centi)).padStart(3, '0');
  return `${centi < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)} \u2103`;
}
