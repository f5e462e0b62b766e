// The modules of a QR code as one SVG path. Loaded when a slip is shown.
import { encode } from 'uqr';

export const limits = { version: 25 } as const;

/** Throws when the text does not fit version 25. `size`: modules a side, quiet zone counted. */
export function qrOf(text: string): { size: number; path: string } {
  const { size, data } = encode(text, { ecc: 'L', maxVersion: limits.version, border: 4 });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return { size, path };
}
