// The two checks that end an OSDP frame: a CRC of 16 bits, or for old devices a checksum of 8. Called by packet and framing.
// CRC: polynomial 1021, start 1D0F, not reflected, low byte first. Source: SIA OSDP, Annex E; goToMain/libosdp.

const polynomial = 0x1021;
const start = 0x1d0f;

const table = Uint16Array.from({ length: 256 }, (_, high) => {
  let crc = high << 8;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ polynomial : crc << 1;
  return crc & 0xffff;
});

/** 0 to FFFF. */
export function crc16Osdp(bytes: Uint8Array): number {
  let crc = start;
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ (table[(crc >>> 8) ^ byte] ?? 0);
  return crc;
}

/** Two's complement of the sum: all bytes and this one add up to 0. */
export function checksumOsdp(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum = (sum + byte) & 0xff;
  return -sum & 0xff;
}

export const checkBytes = (hasCrc: boolean) => (hasCrc ? 2 : 1);

/** The check of `bytes` as it stands behind them. */
export function checkOf(bytes: Uint8Array, hasCrc: boolean): readonly number[] {
  if (!hasCrc) return [checksumOsdp(bytes)];
  const crc = crc16Osdp(bytes);
  return [crc & 0xff, crc >>> 8];
}

/** Whether the frame (from its start byte, without the mark) ends in the right check. */
export function endsInCheck(frame: Uint8Array, hasCrc: boolean): boolean {
  const at = frame.length - checkBytes(hasCrc);
  return at > 0 && checkOf(frame.subarray(0, at), hasCrc).every((byte, index) => frame[at + index] === byte);
}
