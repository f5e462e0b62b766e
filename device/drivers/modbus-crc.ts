// The check of Modbus RTU frames: CRC-16, polynomial A001 (reflected 8005), start FFFF, low byte first on the wire. Called by
// the Modbus thermometers and relays.

const polynomial = 0xa001;
const start = 0xffff;
/** Bytes of the check behind every frame. */
export const crcBytes = 2;

/** The 16-bit check of all bytes, 0..65535. */
export function crc16Modbus(bytes: Uint8Array): number {
  let crc = start;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
  }
  return crc;
}

/** The bytes and their check behind them. */
export function withCrc16Modbus(...bytes: number[]): Uint8Array {
  const crc = crc16Modbus(Uint8Array.from(bytes));
  return Uint8Array.from([...bytes, crc & 0xff, crc >>> 8]);
}

/** Whether the last two bytes are the check of those before; false for fewer than three bytes. */
export function endsInCrc16Modbus(frame: Uint8Array): boolean {
  if (frame.length <= crcBytes) return false;
  const at = frame.length - crcBytes;
  const crc = crc16Modbus(frame.subarray(0, at));
  return frame[at] === (crc & 0xff) && frame[at + 1] === crc >>> 8;
}
