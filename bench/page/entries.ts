// Entries as a gate makes them, 395 bytes of JSON each, in one unbroken chain. Called by the rows that store and drain.
import { canonicalJson } from '../../src/domain/canonical-json.ts';
import { genesisHash, hashOf } from '../../src/domain/chain.ts';
import type { Entry, Envelope } from '../../src/domain/entry.ts';
import { uuidV4, uuidV7 } from '../../src/domain/uuid.ts';

const random = (count: number) => crypto.getRandomValues(new Uint8Array(count));

/** A writer of `station` whose entries follow each other. */
export function createChain(station: string): { writerId: string; next(): Envelope } {
  const writerId = uuidV4(random(16));
  let seq = 0;
  let hash = genesisHash(writerId);
  return {
    writerId,
    next() {
      const wallMs = Date.now();
      // `left` is the smallest entry with a person and a card; its readings stay empty.
      const entry: Entry = {
        v: 1,
        station,
        hubOffsetMs: 0,
        onDuty: null,
        wallMs,
        monoMs: Math.round(performance.now()),
        day: '2026-11-24',
        kind: 'left',
        passageId: uuidV4(random(16)),
        personId: 'p-000123',
        card: { uid: '010063E9AE', printed: null },
        readings: [],
      };
      const bytes = canonicalJson(entry);
      hash = hashOf(hash, bytes);
      return { entryId: uuidV7(wallMs, random(10)), writerId, seq: ++seq, hash, bytes };
    },
  };
}
