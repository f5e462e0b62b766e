// The signature over an uploaded batch: read from its header, held against the station's key, stored with the batch. Called by
// POST /hub/entries.
import * as z from 'zod/mini';
import { holding, publicKey, signature } from '../src/contracts/evidence.ts';
import { type BatchEnd, batchEnd, batchText, type Holding } from '../src/domain/evidence.ts';
import type { StationIdentity } from './auth.ts';
import { prepared, type Tx } from './database.ts';
import type { Ledger } from './ledger.ts';
import { Refusal } from './refusal.ts';
import { hasSigned, keyIdOf, putKey } from './station-keys.ts';

/** What the header says: 'v1 <public key> <held|passed-on> <signature>', key and signature in base64. */
const header = z.tuple([z.literal('v1'), publicKey, holding, signature]);

export type Signed = { keyId: string; holding: Holding; signature: string; epoch: string | null; end: BatchEnd };
type Batch = { writerId: string; epoch: string | null; entries: readonly unknown[] };

/**
 * The signature of this batch; null when the station has no key and sends none. The first good signature of a station that
 * has only a token puts its key on record. Throws a Refusal (403) when the key on record has not signed exactly this.
 */
export async function signedBatch(
  ledger: Ledger,
  station: StationIdentity,
  batch: Batch,
  text: string | undefined,
  nowMs: number,
): Promise<Signed | null> {
  if (text === undefined) {
    if (station.publicKey !== null) throw new Refusal(403, 'signature-missing');
    return null;
  }
  const read = header.safeParse(text.split(' '));
  if (!read.success) throw new Refusal(403, 'signature-wrong');
  const [, key, held, made] = read.data;
  const { writerId: writer, epoch } = batch;
  const end = batchEnd(writer, batch.entries);
  const statement = batchText({ station: station.stationId, epoch, writer, end, holding: held });
  if (!hasSigned(key, statement, made)) throw new Refusal(403, 'signature-wrong');
  const good = station.publicKey ?? (await firstKey(ledger, station, key, nowMs));
  if (good !== key) throw new Refusal(403, 'key-foreign');
  return { keyId: keyIdOf(key), holding: held, signature: made, epoch, end };
}

/** Puts the key on record with its entry; answers the one that is good afterwards. */
function firstKey(ledger: Ledger, station: StationIdentity, key: string, nowMs: number): Promise<string | null> {
  const { stationId, code, campus } = station;
  return ledger.exclusive(async (tx, books) => {
    const { good, isNew } = await putKey(tx, stationId, key, 'first-contact', nowMs);
    const keyId = keyIdOf(key);
    if (isNew)
      books.append({ kind: 'station-change', change: 'first-key', stationId, code, campus, keyId, by: stationId });
    return good;
  });
}

const keepStatement = prepared(
  'keep-signature',
  `insert into batch_signatures (writer_id, seq, key_id, holding, hash, station_id, epoch, signature, received_ms)
   select writer_id, $2, $3, $4, $5, $6, $7, $8, $9 from writers where writer_id = $1 and owner_id = $6
   on conflict do nothing`,
);

/** Keeps the signature beside the entries it covers, in their transaction; only of who owns the writer. A repeat changes nothing. */
export async function keepSignature(
  tx: Tx,
  place: { writerId: string; stationId: string; nowMs: number },
  signed: Signed,
): Promise<void> {
  const { keyId, end, epoch } = signed;
  if (end.seq === 0) return;
  await tx.query(keepStatement, [
    place.writerId,
    end.seq,
    keyId,
    signed.holding,
    end.hash,
    place.stationId,
    epoch,
    signed.signature,
    place.nowMs,
  ]);
}
