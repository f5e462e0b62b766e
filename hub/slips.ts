// A case that came on paper: the QR code of a slip, scanned at the clinic while no network reached the gate. The station's signature
// stands for its upload, which later raises nothing again. Called by POST /hub/slips.
import { inflateRawSync } from 'node:zlib';
import * as z from 'zod/mini';
import { contractVersion, limits as kit, sha256Hex, uuid } from '../src/contracts/kit.ts';
import type { Entry, Envelope } from '../src/domain/entry.ts';
import { readSlip, slipStatement } from '../src/domain/slip.ts';
import { readEntry } from './entry-reader.ts';
import type { Clock, Ledger } from './ledger.ts';
import { raiseCases } from './referrals.ts';
import { Refusal } from './refusal.ts';
import { hasSigned } from './station-keys.ts';

/** The entry, two ids, a hash and the marks of JSON. */
export const limits = { contentBytes: kit.entryBytes + 1_024 } as const;

const content = z.tuple([uuid, uuid, z.int().check(z.gte(1)), sha256Hex, z.string()]);
type Check = Extract<Entry, { kind: 'check' }>;

/** Raises the case of this slip, once. Refuses what cannot be read and what no good key of the station has signed. */
export async function takeSlip(
  ledger: Ledger,
  clock: Clock,
  typed: string,
): Promise<{ contract: number; caseId: string; caseNo: string; isNew: boolean }> {
  const read = readSlip(typed);
  const found = read === null ? null : unpack(read.packed);
  if (read === null || found === null) throw new Refusal(422, 'slip-unreadable');
  const { envelope, entry } = found;
  return ledger.exclusive(async (tx, books) => {
    const keys = await tx.query<{ public_key: string }>(
      `select public_key from station_keys join stations using (station_id)
       where station_id = $1 and ended_ms is null and revoked_ms is null`,
      [entry.station],
    );
    const key = keys.rows[0]?.public_key;
    const signature = Buffer.from(read.signature).toString('base64');
    if (key === undefined || !hasSigned(key, slipStatement(read.packed), signature))
      throw new Refusal(422, 'slip-unsigned');
    const caseNo = async () =>
      (await tx.query<{ case_no: string }>('select case_no from referrals where case_id = $1', [envelope.entryId]))
        .rows[0]?.case_no;
    const there = await caseNo();
    if (there === undefined) await raiseCases(tx, books, [{ envelope, entry }], entry.station, clock.nowMs());
    const isNew = there === undefined;
    return { contract: contractVersion, caseId: envelope.entryId, caseNo: there ?? (await caseNo()) ?? '', isNew };
  });
}

/** The check in the packed bytes, or null. Its readings may be thinned out, so its hash is told and not computed. */
function unpack(packed: Uint8Array): { envelope: Envelope; entry: Check } | null {
  try {
    const text = inflateRawSync(packed, { maxOutputLength: limits.contentBytes }).toString('utf8');
    const parsed = content.safeParse(JSON.parse(text));
    if (!parsed.success) return null;
    const [entryId, writerId, seq, hash, bytes] = parsed.data;
    const entry = readEntry(JSON.parse(bytes), bytes);
    if (entry?.kind !== 'check' || !entry.raisesCase) return null;
    return { envelope: { entryId, writerId, seq, hash, bytes }, entry };
  } catch (error) {
    // No deflate, too large, or no JSON: damaged on its way through paper and scanner.
    if (error instanceof SyntaxError || error instanceof RangeError || (error instanceof Error && 'code' in error))
      return null;
    throw error;
  }
}
