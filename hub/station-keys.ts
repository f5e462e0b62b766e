// Keys of stations: how an Ed25519 signature is checked, how a key is put on record, ended, and a station revoked. Called by
// enrolment, uploads, the office and the command line.
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Db, Tx } from './database.ts';

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

/** Puts a key on record for a station that has none; answers the one that is good afterwards, which may be another. */
export async function putKey(
  tx: Tx | Db,
  stationId: string,
  publicKey: string,
  source: 'pairing' | 'first-contact',
  nowMs: number,
): Promise<string | null> {
  await tx.query(
    `insert into station_keys (key_id, station_id, public_key, source, created_ms) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [keyIdOf(publicKey), stationId, publicKey, source, nowMs],
  );
  const rows = await tx.query<{ public_key: string }>(
    'select public_key from station_keys where station_id = $1 and ended_ms is null',
    [stationId],
  );
  return rows.rows[0]?.public_key ?? null;
}

/** Ends the good key of a station, so that the next contact or pairing may bring another. False when there was none. */
export async function endKey(db: Db, stationId: string, nowMs: number): Promise<boolean> {
  const done = await db.query('update station_keys set ended_ms = $2 where station_id = $1 and ended_ms is null', [
    stationId,
    nowMs,
  ]);
  return done.rowCount === 1;
}

/** Stops a station's uploads for good; what it sent stays, and it goes on recording. False when there is no such station. */
export async function revokeStation(db: Db, stationId: string, nowMs: number): Promise<boolean> {
  const done = await db.query(
    `with ended as (update station_keys set ended_ms = $2 where station_id = $1 and ended_ms is null)
     update stations set revoked_ms = coalesce(revoked_ms, $2) where station_id = $1`,
    [stationId, nowMs],
  );
  return done.rowCount === 1;
}

export type StationRow = {
  stationId: string;
  code: string;
  name: string;
  campus: string;
  revokedMs: number | null;
  /** null: uploads of this station are not signed. */
  keyId: string | null;
  keySource: string | null;
  lastMs: number | null;
};
export const limits = { stations: 2_000 } as const;

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
