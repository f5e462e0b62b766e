// Entries in a chain for the journal's tests: small, valid, one writer at a time.
import { canonicalJson } from '../../src/domain/canonical-json.ts';
import { genesisHash, hashOf } from '../../src/domain/chain.ts';
import type { Envelope } from '../../src/domain/entry.ts';

const wallMs = Date.UTC(2020, 2, 1, 2);

/** The next entry behind `before` (the writer's first without it). */
export function nextEntry(writerId: string, before: Envelope | null, reason = 'x'): Envelope {
  const seq = (before?.seq ?? 0) + 1;
  const bytes = canonicalJson({
    v: 1,
    station: 'st-000000000000',
    wallMs: wallMs + seq,
    monoMs: seq,
    hubOffsetMs: null,
    day: '2020-03-01',
    onDuty: null,
    kind: 'manual-opening',
    by: 'g1',
    reason,
  });
  const entryId = `01700000-0000-7000-8000-${writerId.slice(0, 4)}${String(seq).padStart(8, '0')}`;
  return { entryId, writerId, seq, hash: hashOf(before?.hash ?? genesisHash(writerId), bytes), bytes };
}

export function chainOf(writerId: string, length: number, reason?: string): Envelope[] {
  const entries: Envelope[] = [];
  for (let i = 0; i < length; i++) entries.push(nextEntry(writerId, entries.at(-1) ?? null, reason));
  return entries;
}

export const writerA = 'aaaaaaaa-0000-4000-8000-000000000001';
export const writerB = 'bbbbbbbb-0000-4000-8000-000000000002';
