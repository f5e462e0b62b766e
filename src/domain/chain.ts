// The hash chain of one writer's entries: how a hash is made and where a chain first breaks. Called by every writer, by the
// bridge's journal and by the hub's ledger.
import type { Envelope } from './entry.ts';
import { hexOf, sha256 } from './sha256.ts';
import { utf8Of } from './utf8.ts';

/** What stands before seq 1: SHA-256 of the UTF-8 of the writerId, lower-case hex. */
export function genesisHash(writerId: string): string {
  return hexOf(sha256(utf8Of(writerId)));
}

/** Hash of an entry: SHA-256 over the previous hash (32 raw bytes) and the UTF-8 of `bytes`. Throws on a hash that is not 64 hex digits. */
export function hashOf(previousHashHex: string, bytes: string): string {
  const body = utf8Of(bytes);
  const input = new Uint8Array(32 + body.length);
  input.set(hashBytes(previousHashHex));
  input.set(body, 32);
  return hexOf(sha256(input));
}

/** Where a chain goes on: the last entry that is known to be good. */
export type ChainEnd = { seq: number; hash: string };

export type ChainFault = { index: number; entryId: string; seq: number; fault: 'writer' | 'seq' | 'hash' | 'text' };

/**
 * Checks entries of one writer in order, from seq 1 or from behind `from`. Answers null when all hold, else the first bad
 * entry with what is wrong: another writer, a gap or repeat in `seq`, bytes that have no UTF-8, or a hash that does not follow.
 */
export function verifyChain(
  envelopes: readonly Pick<Envelope, 'entryId' | 'writerId' | 'seq' | 'hash' | 'bytes'>[],
  from?: ChainEnd,
): ChainFault | null {
  const first = envelopes[0];
  if (first === undefined) return null;
  let seq = from?.seq ?? 0;
  let hash = from?.hash ?? genesisHash(first.writerId);
  for (const [index, envelope] of envelopes.entries()) {
    const bad = (fault: ChainFault['fault']): ChainFault => ({
      index,
      entryId: envelope.entryId,
      seq: envelope.seq,
      fault,
    });
    if (envelope.writerId !== first.writerId) return bad('writer');
    if (envelope.seq !== seq + 1) return bad('seq');
    const expected = hashOrNull(hash, envelope.bytes);
    if (expected === null) return bad('text');
    if (envelope.hash !== expected) return bad('hash');
    seq = envelope.seq;
    hash = expected;
  }
  return null;
}

/** Null when the text cannot be hashed because it holds a lone surrogate: a value here, since stored bytes may be damaged. */
function hashOrNull(previous: string, bytes: string): string | null {
  try {
    return hashOf(previous, bytes);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function hashBytes(hashHex: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/.test(hashHex)) throw new TypeError('a hash is 64 lower-case hex digits');
  const bytes = new Uint8Array(32);
  for (let i = 0; i < 32; i++) bytes[i] = Number.parseInt(hashHex.slice(i * 2, i * 2 + 2), 16);
  return bytes;
}
