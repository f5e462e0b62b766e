// `--import-rescue FILE`: what a station's bridge wrote by `--rescue` comes in by the rules of an upload, with its signatures. Called
// by cli.ts; a hub may run beside it, and a file may come any number of times.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { contractVersion } from '../src/contracts/kit.ts';
import { type RescueLine, limits as rescueLimits, rescueLine } from '../src/contracts/rescue.ts';
import { type ReceiptStatus, limits as uploadLimits } from '../src/contracts/upload.ts';
import type { StationIdentity } from './auth.ts';
import { type Signed, signedBatch } from './batch-signature.ts';
import { Refusal } from './refusal.ts';
import { receive, type UploadDeps } from './uploads.ts';

export type Imported = Record<ReceiptStatus, number> & {
  station: string;
  entries: number;
  /** Entries whose batch no good key of the station has signed. */
  unsigned: number;
  /** Places that the station itself could not read. */
  damaged: number;
};
export type ImportRefusal = { why: 'missing' | 'unreadable' | 'station-unknown'; detail: string };
type Head = Extract<RescueLine, { kind: 'rescue' }>;
type Whole = { head: Head; sha256: string; damaged: number };

/** Reads the file twice: nothing is stored before all of it has been found whole. Throws what the database throws. */
export async function importRescue(
  deps: UploadDeps,
  path: string,
): Promise<{ ok: true; done: Imported } | { ok: false; refusal: ImportRefusal }> {
  let whole: Whole;
  try {
    whole = await checkWhole(path);
  } catch (error) {
    if (error instanceof RescueUnreadable) return { ok: false, refusal: { why: 'unreadable', detail: error.message } };
    if (error instanceof Error && 'code' in error) {
      return { ok: false, refusal: { why: 'missing', detail: String(error.code) } };
    }
    throw error;
  }
  const { head } = whole;
  const station = await stationNamed(deps, head.station);
  if (station === null) return { ok: false, refusal: { why: 'station-unknown', detail: head.station } };
  const done: Imported = {
    ...{ stored: 0, duplicate: 0, conflict: 0, 'set-aside': 0, entries: 0, unsigned: 0 },
    ...{ station: head.station, damaged: whole.damaged },
  };
  for await (const batch of batchesOf(path)) {
    const { signed, trouble } = await signatureOf(deps, station, batch);
    const answer = await receive(deps, head.station, batch.request, signed);
    for (const { status } of answer.results) done[status] += 1;
    done.entries += answer.results.length;
    if (signed === null) done.unsigned += answer.results.length;
    if (trouble !== null) deps.log.warn({ station: head.station, reason: trouble }, 'a rescued batch is not signed');
  }
  await deps.pool.query(
    `insert into rescues (file_sha256, station_id, made_ms, imported_ms, entries, unsigned) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing`,
    [whole.sha256, head.station, head.madeMs, deps.clock.nowMs(), done.entries, done.unsigned],
  );
  return { ok: true, done };
}

class RescueUnreadable extends Error {}

type Batch = {
  signature: string | null;
  request: { contract: number; writerId: string; receiptedSeq: number; epoch: string | null; entries: unknown[] };
};

/** Lines in order, counted and summed; throws RescueUnreadable at the first that does not fit. */
async function* linesOf(path: string): AsyncGenerator<{ line: RescueLine; sha256: string }> {
  const hash = createHash('sha256');
  const stream = createReadStream(path, { encoding: 'utf8' });
  let number = 0;
  for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    const read = text.length > rescueLimits.lineChars ? null : rescueLine.safeParse(jsonOf(text));
    if (read?.success !== true) throw new RescueUnreadable(`line ${number}`);
    yield { line: read.data, sha256: hash.copy().digest('hex') };
    hash.update(`${text}\n`);
  }
}

async function checkWhole(path: string): Promise<Whole> {
  let head: Head | null = null;
  let open = 0;
  let entries = 0;
  let end: { sha256: string; damaged: number } | null = null;
  for await (const { line, sha256 } of linesOf(path)) {
    if (end !== null || (head === null) !== (line.kind === 'rescue')) throw new RescueUnreadable(line.kind);
    if (line.kind === 'rescue') head = line;
    else if (line.kind === 'entry') {
      if (open === 0) throw new RescueUnreadable('an entry without its batch');
      open -= 1;
      entries += 1;
    } else {
      if (open !== 0) throw new RescueUnreadable('a batch lacks entries');
      if (line.kind === 'batch') open = line.entries;
      if (open > uploadLimits.entries) throw new RescueUnreadable('a batch is too large');
      if (line.kind === 'end') {
        if (line.sha256 !== sha256 || line.entries !== entries) throw new RescueUnreadable('the checksum');
        end = line;
      }
    }
  }
  if (head === null || end === null) throw new RescueUnreadable('the file was cut');
  return { head, sha256: end.sha256, damaged: end.damaged };
}

async function* batchesOf(path: string): AsyncGenerator<Batch> {
  let batch: Batch | null = null;
  for await (const { line } of linesOf(path)) {
    if (line.kind === 'entry') batch?.request.entries.push(line.envelope);
    if (line.kind !== 'batch' && line.kind !== 'end') continue;
    if (batch !== null) yield batch;
    batch =
      line.kind === 'end'
        ? null
        : {
            signature: line.signature,
            // No receipt is claimed: the file says nothing of what this hub should hold.
            request: {
              contract: contractVersion,
              writerId: line.writer,
              receiptedSeq: 0,
              epoch: line.epoch,
              entries: [],
            },
          };
  }
}

/**
 * The signature, held against the station's key by the rules of an upload. A rescue without a good one is stored all the same, since
 * the station may be gone for good, and is counted as unsigned.
 */
async function signatureOf(
  deps: UploadDeps,
  station: StationIdentity & { revoked: boolean },
  batch: Batch,
): Promise<{ signed: Signed | null; trouble: string | null }> {
  if (batch.signature === null) return { signed: null, trouble: 'signature-missing' };
  // Without a key on record the file itself would bring it: only the station, by its token, may do that.
  if (station.publicKey === null) return { signed: null, trouble: station.revoked ? 'station-revoked' : 'no-key' };
  try {
    const nowMs = deps.clock.nowMs();
    return { signed: await signedBatch(deps.ledger, station, batch.request, batch.signature, nowMs), trouble: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { signed: null, trouble: error.code };
  }
}

async function stationNamed(
  deps: UploadDeps,
  stationId: string,
): Promise<(StationIdentity & { revoked: boolean }) | null> {
  const rows = await deps.pool.query<StationIdentity & { revoked: boolean }>(
    `select s.station_id as "stationId", code, name, campus, public_key as "publicKey", revoked_ms is not null as revoked
     from stations s left join station_keys k on k.station_id = s.station_id and k.ended_ms is null where s.station_id = $1`,
    [stationId],
  );
  return rows.rows[0] ?? null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no JSON: the schema says so
  }
}
