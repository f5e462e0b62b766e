// Chained entries of a writer for tests of the stores, the journal's other side and the upload.
import { canonicalJson } from '../../src/domain/canonical-json.ts';
import { genesisHash, hashOf } from '../../src/domain/chain.ts';
import type { CheckBody, Entry, Envelope, StoredReading } from '../../src/domain/entry.ts';
import { uuidV7 } from '../../src/domain/uuid.ts';

export const writerA = '0a0a0a0a-0000-4000-8000-00000000000a';
export const writerB = '0b0b0b0b-0000-4000-8000-00000000000b';
export const someWallMs = 1_790_000_000_000;

export function checkBody(change: Partial<CheckBody> = {}): CheckBody {
  return {
    kind: 'check',
    passageId: '11111111-1111-4111-8111-111111111111',
    direction: 'in',
    card: { uid: '010063E9AE', printed: null },
    personId: 'p-1',
    verdict: 'admit',
    reason: 'normal',
    shownTenths: 365,
    raisesCase: false,
    caseNo: null,
    readings: [],
    tries: 1,
    policyVersion: 0,
    ambientTenths: 220,
    baselineTenths: null,
    rosterVersion: 1,
    orderDay: null,
    ...change,
  };
}

/** A low forehead by infrared, unless told otherwise. */
export const readingOf = (change: Partial<StoredReading> = {}): StoredReading => ({
  ...{ centiCelsius: 3_450, site: 'forehead', mode: 'forehead', method: 'infrared', manual: false, typedBy: null },
  ...{ deviceId: 'thermometer-1', offsetCentiCelsius: 0, ageMs: 0, samples: [] },
  ...change,
});

export const feverBody = (change: Partial<CheckBody> = {}): CheckBody =>
  checkBody({ verdict: 'refer', reason: 'fever', shownTenths: 373, raisesCase: true, ...change });

/** `count` entries from seq 1, a second apart; those whose seq is in `fevers` raise a case. */
export function chainOf(
  writerId: string,
  count: number,
  fevers: readonly number[] = [],
  startMs = someWallMs,
): Envelope[] {
  const entries: Envelope[] = [];
  let hash = genesisHash(writerId);
  for (let seq = 1; seq <= count; seq++) {
    const wallMs = startMs + seq * 1_000;
    const body = fevers.includes(seq) ? feverBody({ caseNo: `G01-${String(seq).padStart(4, '0')}` }) : checkBody();
    const entry: Entry = {
      v: 1,
      station: 'st-0123456789ab',
      wallMs,
      monoMs: seq,
      hubOffsetMs: null,
      day: '2026-09-21',
      onDuty: null,
      ...body,
    };
    const bytes = canonicalJson(entry);
    hash = hashOf(hash, bytes);
    const tail = new Uint8Array(10);
    new DataView(tail.buffer).setUint32(0, seq);
    new DataView(tail.buffer).setUint32(4, Number.parseInt(writerId.slice(0, 8), 16));
    entries.push({ entryId: uuidV7(wallMs, tail), writerId, seq, hash, bytes });
  }
  return entries;
}
