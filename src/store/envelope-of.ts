// The one place where an entry becomes bytes with a place in its writer's chain. Called by the gate's recorder and by the rounds'.
import { canonicalJson } from '../domain/canonical-json.ts';
import { genesisHash, hashOf } from '../domain/chain.ts';
import type { Entry, Envelope } from '../domain/entry.ts';

/** The next entry of this writer behind `end` (null before the first). */
export function envelopeOf(
  entryId: string,
  writerId: string,
  end: { seq: number; hash: string } | null,
  entry: Entry,
): Envelope {
  const bytes = canonicalJson(entry);
  return {
    entryId,
    writerId,
    seq: (end?.seq ?? 0) + 1,
    hash: hashOf(end?.hash ?? genesisHash(writerId), bytes),
    bytes,
  };
}
