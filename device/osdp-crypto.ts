// The block cipher and the random numbers of OSDP's secure channel, from Node. Passed into the drivers by the osdp tool.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { BlockCipher } from './drivers/osdp/aes.ts';

// Single blocks: the chaining is the protocol's own and stands in drivers/osdp/aes.ts.
const algorithm = 'aes-128-ecb';

export const nodeCipher: BlockCipher = {
  encrypt: (key, block) => createCipheriv(algorithm, key, null).setAutoPadding(false).update(block),
  decrypt: (key, block) => createDecipheriv(algorithm, key, null).setAutoPadding(false).update(block),
};

/** Eight random bytes: a control unit's share of a session's keys. */
export const randomChallenge = (): Uint8Array => Uint8Array.from(randomBytes(8));
