// Base32 (RFC 4648, section 6, without padding): what a QR code packs tightly and a keyboard scanner types safely. Called for slips.

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function base32Of(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xfff;
    held += 8;
    for (; held >= 5; held -= 5) text += letters[(bits >> (held - 5)) & 31];
  }
  return held === 0 ? text : text + letters[(bits << (5 - held)) & 31];
}

/** The bytes of a base32 text in capitals, or null when it is not exactly what base32Of would have written. */
export function bytesOfBase32(text: string): Uint8Array | null {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const char of text) {
    const value = letters.indexOf(char);
    if (value < 0) return null;
    bits = ((bits << 5) | value) & 0xfff;
    held += 5;
    if (held < 8) continue;
    held -= 8;
    bytes[at++] = (bits >> held) & 0xff;
  }
  return base32Of(bytes) === text ? bytes : null;
}
