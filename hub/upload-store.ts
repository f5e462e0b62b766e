// The shelf of upload-rules.ts on PostgreSQL, inside the caller's transaction: entries, set-asides, conflicts, chain faults and
// the writer's watermark. Called by uploads.ts.
import type { Tx } from './database.ts';
import { int8Array, textArray, uuidArray } from './pg-arrays.ts';
import { epochBegins } from './roster-version.ts';
import { rawText, sha256Of } from './upload-check.ts';
import type { AsideItem, Conflict, Good, Shelf, StoredRow } from './upload-rules.ts';
import { statements } from './upload-sql.ts';

/**
 * `signed`: the station has signed this batch, and so owns its writer if nobody does yet. `careful`: one try has shown
 * that an id or a place of it is taken.
 */
type Place = { stationId: string; writerId: string; nowMs: number; signed: boolean; careful: boolean };

/** One writer's places; every statement runs on `tx`. */
export function shelfOf(tx: Tx, place: Place): Shelf {
  const { writerId, stationId, nowMs } = place;
  let topSeq = Number.POSITIVE_INFINITY;
  return {
    async lockWriter() {
      const row = await tx.query<{ watermark: number; top_seq: number; owner_id: string | null }>(
        statements.lockWriter,
        [writerId, stationId, place.signed ? stationId : null, nowMs],
      );
      const owner = row.rows[0]?.owner_id ?? null;
      const foreign = owner !== null && owner !== stationId;
      topSeq = row.rows[0]?.top_seq ?? 0;
      return { watermark: row.rows[0]?.watermark ?? 0, topSeq, foreign };
    },
    async hashesAt(seqs) {
      const values = [writerId, seqs];
      return (await tx.query<{ seq: number; hash: string | null }>(statements.hashesAt, values)).rows;
    },
    async heldWithoutEntry(seqs) {
      const values = [writerId, seqs];
      return (await tx.query<{ seq: number; aside: string | null }>(statements.heldWithoutEntry, values)).rows;
    },
    insertEntries: (items) =>
      insertEntries(tx, place, items, !place.careful && items.every(({ envelope }) => envelope.seq > topSeq)),
    async storedLike(seqs, entryIds) {
      return (await tx.query<StoredRow>(statements.storedLike, [writerId, seqs, entryIds])).rows;
    },
    keepAside: (items) => keepAside(tx, place, items),
    keepConflicts: (items) => keepConflicts(tx, place, items),
    async flagChainFault(seq) {
      await tx.query(statements.flagChainFault, [writerId, seq, nowMs]);
    },
    async endOfRun(seq) {
      const run = await tx.query<{ top: number | null }>(statements.endOfRun, [writerId, seq]);
      return run.rows[0]?.top ?? seq;
    },
    async saveWriter(watermark, topSeq) {
      await tx.query(statements.saveWriter, [writerId, watermark, topSeq]);
    },
    async standing(seq) {
      const read = await tx.query<{ epoch: string; occupied: boolean }>(statements.standing, [writerId, seq]);
      const row = read.rows[0];
      if (row === undefined) throw new Error('the hub has no meta row');
      return row;
    },
    async changeEpoch(from, to) {
      const changed = await tx.query(`update meta set ${epochBegins} where epoch = $2`, [to, from]);
      if (changed.rowCount === 1) return to;
      const now = await tx.query<{ epoch: string }>('select epoch from meta');
      return now.rows[0]?.epoch ?? from;
    },
  };
}

/**
 * Answers the seqs that are new. `isFresh`: nothing stands at these places, so that only an id may be taken, which does not happen by
 * itself: the plain statement then fails with 23505 (unique_violation), and the caller runs everything again, `careful`. Asking the
 * server to look first, and to name what it stored, takes it half as long again.
 */
async function insertEntries(tx: Tx, place: Place, items: readonly Good[], isFresh: boolean): Promise<Set<number>> {
  if (items.length === 0) return new Set();
  const envelopes = items.map(({ envelope }) => envelope);
  const seqs = envelopes.map(({ seq }) => seq);
  const values = [
    place.writerId,
    place.stationId,
    place.nowMs,
    int8Array(seqs),
    uuidArray(envelopes.map(({ entryId }) => entryId)),
    textArray(envelopes.map(({ hash }) => hash)),
    textArray(envelopes.map(({ bytes }) => bytes)),
    textArray(items.map(({ entry }) => entry.kind)),
    uuidArray(items.map(caseIdOf)),
    int8Array(items.map(({ entry }) => entry.wallMs)),
  ];
  if (isFresh) {
    await tx.query(statements.insertEntries, values);
    return new Set(seqs);
  }
  const stored = await tx.query<{ seq: number }>(statements.insertNewOfEntries, values);
  return new Set(stored.rows.map(({ seq }) => seq));
}

/** The case that this entry raises or belongs to. */
function caseIdOf({ envelope, entry }: Good): string | null {
  if (entry.kind === 'contact-reading') return entry.caseId;
  return entry.kind === 'check' && entry.raisesCase ? envelope.entryId : null;
}

async function keepAside(tx: Tx, place: Place, items: readonly AsideItem[]): Promise<void> {
  for (const item of items) {
    await tx.query(
      `insert into set_aside (writer_id, seq, raw_sha256, entry_id, hash, raw, reason, station_id, received_ms)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
      [
        place.writerId,
        item.seq,
        sha256Of(item.raw),
        item.entryId,
        item.hash,
        Buffer.from(item.raw),
        item.reason,
        place.stationId,
        place.nowMs,
      ],
    );
  }
}

async function keepConflicts(tx: Tx, place: Place, items: readonly Conflict[]): Promise<void> {
  for (const { envelope, against } of items) {
    const raw = rawText(envelope);
    await tx.query(
      `insert into conflicts (writer_id, seq, raw_sha256, entry_id, hash, raw, against, station_id, received_ms)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
      [
        place.writerId,
        envelope.seq,
        sha256Of(raw),
        envelope.entryId,
        envelope.hash,
        Buffer.from(raw),
        against,
        place.stationId,
        place.nowMs,
      ],
    );
  }
}
