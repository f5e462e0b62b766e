// Pairing codes: ten digits, ten minutes, five tries that a restart does not give back, good for one place. Called by the
// command line, the office and POST /hub/station/enrol.
import { randomBytes, randomInt } from 'node:crypto';
import type { EnrolAnswer, EnrolRequest } from '../src/contracts/evidence.ts';
import { contractVersion } from '../src/contracts/kit.ts';
import { possessionText } from '../src/domain/evidence.ts';
import { latestEndMs } from './auth.ts';
import type { Pool, Tx } from './database.ts';
import type { Ledger } from './ledger.ts';
import { Refusal } from './refusal.ts';
import { addStation, hashSecret, type NewStation, secretFits, tokenHash } from './staff.ts';
import { hasSigned, keyIdOf, putKey } from './station-keys.ts';

export const limits = { codeMs: 600_000, tries: 5, open: 20 } as const;

export type Place = { name: string; campus: string; code: string | null };
type Open = {
  pairing_id: string;
  code_hash: string;
  name: string;
  campus: string;
  station_code: string | null;
  redeemed_key: string | null;
  made_by: string;
};

/** Makes a code for this place; an older one for the same place ends. The code is told once and stored as argon2id. */
export async function makePairing(
  ledger: Ledger,
  place: Place,
  madeBy: string,
  nowMs: number,
): Promise<{ code: string; expiresMs: number }> {
  const code = String(randomInt(10 ** 10)).padStart(10, '0');
  const codeHash = await hashSecret(code);
  const expiresMs = nowMs + limits.codeMs;
  await ledger.exclusive(async (tx, books) => {
    await tx.query('delete from pairings where expires_ms <= $1 or expires_ms > $2 or (name = $3 and campus = $4)', [
      nowMs,
      latestEndMs(nowMs, limits.codeMs),
      place.name,
      place.campus,
    ]);
    const open = await tx.query<{ count: number }>('select count(*) as count from pairings');
    if ((open.rows[0]?.count ?? 0) >= limits.open) throw new Refusal(429, 'too-many-pairings', [], 600);
    await tx.query(
      `insert into pairings (pairing_id, code_hash, name, campus, station_code, made_by, created_ms, expires_ms)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [randomBytes(8).toString('hex'), codeHash, place.name, place.campus, place.code, madeBy, nowMs, expiresMs],
    );
    const { code: stationCode, campus } = place;
    const told = { stationId: null, code: stationCode, campus, keyId: null, by: madeBy };
    books.append({ kind: 'station-change', change: 'pairing', ...told });
  });
  return { code, expiresMs };
}

/** Redeems a code: the station is made (or its key found again) and its token told once. Throws a Refusal otherwise. */
export async function redeem(
  { pool, ledger }: { pool: Pool; ledger: Ledger },
  request: EnrolRequest,
  nowMs: number,
): Promise<EnrolAnswer> {
  const { code, publicKey, proof, place } = request;
  if (!hasSigned(publicKey, possessionText('enrol', code, publicKey), proof)) throw new Refusal(403, 'signature-wrong');
  const open = await countTry(pool, nowMs);
  let found: Open | undefined;
  for (const pairing of open) if (await secretFits(pairing.code_hash, code)) found = pairing;
  if (found === undefined) throw new Refusal(403, 'pairing-wrong');
  const pairing = found;
  // Told only to who knows the code; the try stays counted.
  if (place !== null && (pairing.name !== place.name || pairing.campus !== place.campus))
    throw new Refusal(403, 'pairing-place', [`${pairing.name} (${pairing.campus})`]);
  return ledger.exclusive(async (tx, books) => {
    const taken = await tx.query(
      `update pairings set redeemed_ms = coalesce(redeemed_ms, $3), redeemed_key = $2
       where pairing_id = $1 and (redeemed_key is null or redeemed_key = $2)`,
      [pairing.pairing_id, publicKey, nowMs],
    );
    if (taken.rowCount === 0) throw new Refusal(403, 'pairing-wrong');
    // A right code takes back what it was counted for at the others.
    await tx.query('update pairings set tries = greatest(0, tries - 1) where pairing_id = any($1)', [
      open.map(({ pairing_id }) => pairing_id),
    ]);
    const answer = await enrol(tx, pairing, publicKey, nowMs);
    const { id: stationId, code: stationCode, campus } = answer.station;
    const told = { stationId, code: stationCode, campus, keyId: keyIdOf(publicKey), by: pairing.made_by };
    books.append({ kind: 'station-change', change: 'enrol', ...told });
    return answer;
  });
}

/** Counts a try at every open pairing and commits that, before any code is looked at: guesses at the same time count too. */
async function countTry(pool: Pool, nowMs: number): Promise<Open[]> {
  const counted = await pool.query<Open>(
    `update pairings set tries = tries + 1 where expires_ms > $1 and expires_ms <= $2 and tries < $3
     returning pairing_id, code_hash, name, campus, station_code, redeemed_key, made_by`,
    [nowMs, latestEndMs(nowMs, limits.codeMs), limits.tries],
  );
  return counted.rows;
}

async function enrol(tx: Tx, pairing: Open, publicKey: string, nowMs: number): Promise<EnrolAnswer> {
  const known = await tx.query<{ station_id: string; code: string; ended_ms: number | null }>(
    'select station_id, s.code, k.ended_ms from station_keys k join stations s using (station_id) where public_key = $1',
    [publicKey],
  );
  const before = known.rows[0];
  if (before !== undefined && before.ended_ms !== null) throw new Refusal(409, 'key-ended');
  const token = randomBytes(32).toString('base64url');
  const { name, campus } = pairing;
  if (before !== undefined) {
    // The same key comes back, to a new place or after a lost answer: the station keeps its id and its writers.
    const code = pairing.station_code ?? before.code;
    await tx.query('insert into campuses (campus) values ($1) on conflict do nothing', [campus]);
    await tx.query('update stations set token_sha256 = $2, name = $3, campus = $4, code = $5 where station_id = $1', [
      before.station_id,
      tokenHash(token),
      name,
      campus,
      code,
    ]);
    return { contract: contractVersion, station: { id: before.station_id, code, name, campus }, token };
  }
  const { stationId, code } = await addStation(tx, { name, campus, code: pairing.station_code, token }, nowMs);
  await putKey(tx, stationId, publicKey, 'pairing', nowMs);
  return { contract: contractVersion, station: { id: stationId, code, name, campus }, token };
}

/** Enrols a station by its token, without a code: on the command line, and for the demonstration. */
export async function enrolByHand(
  ledger: Ledger,
  station: Parameters<typeof addStation>[1],
  by: string,
  nowMs: number,
): Promise<NewStation> {
  return ledger.exclusive(async (tx, books) => {
    const added = await addStation(tx, station, nowMs);
    const { stationId, code } = added;
    books.append({ kind: 'station-change', change: 'enrol', stationId, code, campus: station.campus, keyId: null, by });
    return added;
  });
}
