// UTF-8 for the domain, which has no TextEncoder. Called by canonical-json, chain and whoever hashes text.

/** UTF-8 bytes of `text`. Throws a RangeError on a lone surrogate: it has no UTF-8 form, and a replacement would change an entry. */
export function utf8Of(text: string): Uint8Array {
  if (!isWellFormed(text)) throw new RangeError('lone surrogate');
  const bytes = new Uint8Array(text.length * 3);
  let at = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    const more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    // The first byte tells by its leading ones how many follow; each of those carries six bits.
    bytes[at++] = more === 0 ? code : (0xf0 << (3 - more)) | (code >> (6 * more));
    for (let rest = more - 1; rest >= 0; rest--) bytes[at++] = 0x80 | ((code >> (6 * rest)) & 63);
  }
  return bytes.slice(0, at);
}

/** True when `text` holds no lone surrogate: with the u flag a pair is one character, and only half a pair matches. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
