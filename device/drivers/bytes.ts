// Small pure helpers over bytes that several drivers need.

/** Low byte of the sum of all bytes. */
export function sum8(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum = (sum + byte) & 0xff;
  return sum;
}

/** The bytes and their sum8 behind them. */
export function withSum8(...bytes: number[]): Uint8Array {
  return Uint8Array.from([...bytes, sum8(Uint8Array.from(bytes))]);
}

/** Value of one ASCII hex digit, upper or lower case; -1 for any other byte. */
export function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  if (byte >= 0x41 && byte <= 0x46) return byte - 0x41 + 10;
  if (byte >= 0x61 && byte <= 0x66) return byte - 0x61 + 10;
  return -1;
}
