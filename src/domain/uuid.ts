// UUIDs (RFC 9562) from a clock and random bytes that are passed in. Called by writers for entryId (v7) and writerId (v4).
import { hexOf } from './sha256.ts';

/** Time-ordered UUID: 48 bits of `wallMs` (milliseconds since 1970), then 10 random bytes. Throws on a time outside 48 bits. */
export function uuidV7(wallMs: number, random10: Uint8Array): string {
  if (!Number.isSafeInteger(wallMs) || wallMs < 0 || wallMs >= 2 ** 48) throw new RangeError('wallMs outside 48 bits');
  if (random10.length !== 10) throw new RangeError('10 random bytes are needed');
  const bytes = new Uint8Array(16);
  for (let i = 0, rest = wallMs; i < 6; i++, rest = Math.floor(rest / 256)) bytes[5 - i] = rest % 256;
  bytes.set(random10, 6);
  return spell(bytes, 7);
}

/** Random UUID from 16 random bytes. */
export function uuidV4(random16: Uint8Array): string {
  if (random16.length !== 16) throw new RangeError('16 random bytes are needed');
  return spell(random16.slice(), 4);
}

function spell(bytes: Uint8Array, version: 4 | 7): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return hexOf(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
