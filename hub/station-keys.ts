// Keys of stations: how an Ed25519 signature is checked, how a key is put on record, ended, and a station revoked. Called by
// enrolment, uploads, the office and the command line.
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { limits, type StationRow } from '../src/contracts/admin.ts';
import type { Db, Tx } from './database.ts';
import type { Ledger } from './ledger.ts';

/** Id of a public key (base64 of 32 bytes): the first 16 hex digits of the SHA-256 of those bytes. */
export function keyIdOf(publicKey: string): string {
  return createHash('sha256').update(publicKey, 'base64').digest('hex').slice(0, 16);
}

/** True when `signature` (base64) over the UTF-8 of `text` is of this key. A text that is no key has signed nothing. */
export function hasSigned(publicKey: string, text: string, signature: string): boolean {
  const key = keyObject(publicKey);
  return key !== null && verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(signature, 'base64'));
}

function keyObject(publicKey: string): KeyObject | null {
  const bytes = Buffer.from(publicKey, 'base64');
  if (bytes.length !== 32) return null;
  try {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') };
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return null; // 32 bytes that no Ed25519 key may have
  }
}

/** Puts a key on record for a station that has none; tells the one that is good afterwards, which may be another. */
export async function putKey(
  tx: Tx,
  stationId: string,
  publicKey: string,
  source: 'pairing' | 'first-contact',
  nowMs: number,
): Promise<{ good: string | null; isNew: boolean }> {
  const put = await tx.query(
    `insert into station_keys (key_id, station_id, public_key, source, created_ms) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [keyIdOf(publicKey), stationId, publicKey, source, nowMs],
  );
  const rows = await tx.query<{ public_key: string }>(
    'select public_key from station_keys where station_id = $1 and ended_ms is null',
    [stationId],
  );
  return { good: rows.rows[0]?.public_key ?? null, isNew: put.rowCount === 1 };
}

/** Ends the good key of a station, so that the next contact or pairing may bring another. False when there was none. */
export async function endKey(ledger: Ledger, stationId: string, by: string, nowMs: number): Promise<boolean> {
  return ledger.exclusive(async (tx, books) => {
    const station = await stationNow(tx, stationId);
    const keyId = station === null ? null : await endGoodKey(tx, stationId, nowMs);
    if (station === null || keyId === null) return false;
    books.append({ kind: 'station-change', change: 'key-end', stationId, ...station, keyId, by });
    return true;
  });
}

/** Stops a station's uploads for good; what it sent stays, and it goes on recording. False when there is no such station. */
export async function revokeStation(ledger: Ledger, stationId: string, by: string, nowMs: number): Promise<boolean> {
  return ledger.exclusive(async (tx, books) => {
    const station = await stationNow(tx, stationId);
    if (station === null) return false;
    const keyId = await endGoodKey(tx, stationId, nowMs);
    const done = await tx.query('update stations set revoked_ms = $2 where station_id = $1 and revoked_ms is null', [
      stationId,
      nowMs,
    ]);
    if (done.rowCount === 1)
      books.append({ kind: 'station-change', change: 'revoke', stationId, ...station, keyId, by });
    return true;
  });
}

/** Another name for a station; its id and its code, by which people say its cases, stay. False when there is no such station. */
export async function renameStation(ledger: Ledger, stationId: string, name: string, by: string): Promise<boolean> {
  return ledger.exclusive(async (tx, books) => {
    const station = await stationNow(tx, stationId);
    if (station === null) return false;
    const done = await tx.query('update stations set name = $2 where station_id = $1 and name <> $2', [
      stationId,
      name,
    ]);
    if (done.rowCount === 1)
      books.append({ kind: 'station-change', change: 'rename', stationId, ...station, keyId: null, by });
    return true;
  });
}

async function stationNow(tx: Tx, stationId: string): Promise<{ code: string; campus: string } | null> {
  const rows = await tx.query<{ code: string; campus: string }>(
    'select code, campus from stations where station_id = $1 for update',
    [stationId],
  );
  return rows.rows[0] ?? null;
}

async function endGoodKey(tx: Tx, stationId: string, nowMs: number): Promise<string | null> {
  const ended = await tx.query<{ key_id: string }>(
    'update station_keys set ended_ms = $2 where station_id = $1 and ended_ms is null returning key_id',
    [stationId, nowMs],
  );
  return ended.rows[0]?.key_id ?? null;
}

/** All stations with how they are known; those that go on unsigned show no key. */
export async function stationList(db: Db): Promise<StationRow[]> {
  const rows = await db.query<StationRow>(
    `select s.station_id as "stationId", s.code, s.name, s.campus, s.revoked_ms as "revokedMs", k.key_id as "keyId",
       k.source as "keySource",
       (select max(received_ms) from batch_signatures b where b.station_id = s.station_id) as "lastMs"
     from stations s left join station_keys k on k.station_id = s.station_id and k.ended_ms is null
     order by s.created_ms, s.station_id limit $1`,
    [limits.stations],
  );
  return rows.rows;
}
