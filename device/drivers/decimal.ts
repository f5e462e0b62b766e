// Temperatures from decimal text to integer hundredths of a degree Celsius, without floating point. Called by drivers.
import type { CentiCelsius } from '../../src/domain/reading.ts';

export type Unit = 'C' | 'F';

const decimalText = /^([+-]?)(\d{1,4})(?:[.,](\d{1,4}))?$/;
/** Fractions are brought to ten-thousandths: the longest that `decimalText` takes. */
const scale = 10_000;

/**
 * Hundredths of a degree Celsius, rounded half up; null unless the text is a decimal of up to 4 + 4 digits with `.` or `,`.
 * Every step is a safe integer: at most 9999.9999 F.
 */
export function centiOfText(text: string, unit: Unit): CentiCelsius | null {
  const parts = decimalText.exec(text.trim());
  if (!parts) return null;
  const [, sign, whole = '', fraction = ''] = parts;
  const size = Number(whole) * scale + Number(fraction.padEnd(4, '0'));
  const scaled = sign === '-' ? -size : size;
  return unit === 'C' ? divideHalfUp(scaled, 100) : divideHalfUp((scaled - 32 * scale) * 5, 9 * 100);
}

/** Quotient of two integers, `divisor` > 0, rounded half up. */
export function divideHalfUp(value: number, divisor: number): number {
  const doubled = 2 * value + divisor;
  const by = 2 * divisor;
  const rest = ((doubled % by) + by) % by;
  return (doubled - rest) / by;
}
