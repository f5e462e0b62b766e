// What a port hears of bytes that were sent at another speed: the line sampled bit by bit as a UART does. A pseudo-terminal has no
// speed, so this is how a wrong baud rate is played. Called by wire.

/** Bits of the idle line behind the bytes, so that the last one ends. */
const restBits = 24;

/** `slower`: how many times longer a sent bit is than a heard one (2 = half the speed). Bytes without a stop bit vanish, as Linux has it. */
export function heardAt(bytes: Uint8Array, slower: number): Uint8Array {
  const line: number[] = [];
  for (const byte of bytes) {
    line.push(0);
    for (let bit = 0; bit < 8; bit += 1) line.push((byte >> bit) & 1);
    line.push(1);
  }
  for (let rest = 0; rest < restBits; rest += 1) line.push(1);
  const levelAt = (heardBit: number) => line[Math.floor(heardBit / slower)] ?? 1;
  const heard: number[] = [];
  const end = (bytes.length * 10 + restBits) * slower;
  for (let at = 0; at + 10 <= end; ) {
    if (levelAt(at) === 1) {
      at += 1;
      continue;
    }
    let byte = 0;
    // In the middle of each bit.
    for (let bit = 0; bit < 8; bit += 1) byte |= levelAt(at + bit + 1.5) << bit;
    if (levelAt(at + 9.5) === 1) heard.push(byte);
    at += 10;
    // A break holds the line low: nothing begins before it is high again.
    while (at < end && levelAt(at - 0.5) === 0 && levelAt(at) === 0) at += 1;
  }
  return Uint8Array.from(heard);
}
