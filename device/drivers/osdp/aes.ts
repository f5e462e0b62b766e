// AES-128 in the chained form that OSDP needs, over a cipher of single blocks that is passed in, so that no driver imports one.
// Called by the secure channel.

/** One block of 16 bytes under a key of 16 bytes; device/osdp-crypto.ts has it from Node. */
export type BlockCipher = {
  encrypt(key: Uint8Array, block: Uint8Array): Uint8Array;
  decrypt(key: Uint8Array, block: Uint8Array): Uint8Array;
};

export const blockBytes = 16;
const end = 0x80;

export function encryptChain(cipher: BlockCipher, key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length);
  let before = iv;
  for (let at = 0; at < data.length; at += blockBytes) {
    before = cipher.encrypt(key, xor(data.subarray(at, at + blockBytes), before));
    out.set(before, at);
  }
  return out;
}

export function decryptChain(cipher: BlockCipher, key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length);
  let before = iv;
  for (let at = 0; at < data.length; at += blockBytes) {
    const block = data.subarray(at, at + blockBytes);
    out.set(xor(cipher.decrypt(key, block), before), at);
    before = block;
  }
  return out;
}

/** To whole blocks: 80 and then zeros. Encrypted data always get an end mark, what a MAC covers only when it is not whole. */
export function padded(data: Uint8Array, always: boolean): Uint8Array {
  if (!always && data.length > 0 && data.length % blockBytes === 0) return data;
  const out = new Uint8Array((Math.floor(data.length / blockBytes) + 1) * blockBytes);
  out.set(data);
  out[data.length] = end;
  return out;
}

/** Without the end mark and the zeros; null when there is none. */
export function unpadded(data: Uint8Array): Uint8Array | null {
  let last = data.length - 1;
  while (last >= 0 && data[last] === 0) last -= 1;
  return last >= 0 && data[last] === end ? data.subarray(0, last) : null;
}

export const inverted = (bytes: Uint8Array) => bytes.map((byte) => byte ^ 0xff);
const xor = (a: Uint8Array, b: Uint8Array) => a.map((byte, index) => byte ^ (b[index] ?? 0));

/** In a time that does not depend on where they differ. */
export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  return a.reduce((differs, byte, index) => differs | (byte ^ (b[index] ?? 0)), 0) === 0;
}
