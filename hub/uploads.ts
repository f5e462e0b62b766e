// Receives a batch of one writer: each entry stored once, in the transaction that also raises its cases, and answered
// only after the commit. Called by the route POST /hub/entries.
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { contractVersion } from '../src/contracts/kit.ts';
import type { ReceiptStatus, UploadAnswer } from '../src/contracts/upload.ts';
import { inTransaction, type Pool, type Tx } from './database.ts';
import type { Books, Clock, Ledger } from './ledger.ts';
import { answerQuestions } from './questions.ts';
import { addEvidence, raiseCases } from './referrals.ts';
import { type Judged, judge } from './upload-check.ts';
import { type Good, storeBatch } from './upload-store.ts';

export type Batch = { writerId: string; receiptedSeq: number; epoch: string | null; entries: readonly unknown[] };
export type UploadDeps = { pool: Pool; ledger: Ledger; clock: Clock; log: Logger };

/** Stores what is new and answers for every entry, in the order of the batch. Throws what the database throws: then nothing is stored. */
export async function receive(deps: UploadDeps, stationId: string, batch: Batch): Promise<UploadAnswer> {
  const judged = batch.entries.map((raw) => judge(raw, batch.writerId, stationId));
  const work = (tx: Tx, books: Books | null) => store(deps, tx, books, stationId, batch, judged);
  const stored = judged.some(rings)
    ? await deps.ledger.exclusive(work)
    : await inTransaction(deps.pool, (tx) => work(tx, null));
  if (stored.newEpoch)
    deps.log.warn({ station: stationId, epoch: stored.answer.epoch }, 'restored from a backup: new epoch');
  await answerQuestions(deps.ledger, deps.pool, stored.fresh);
  return stored.answer;
}

/** Entries that change a case, and so need the feed. */
function rings(item: Judged): boolean {
  return item.ok && (item.entry.kind === 'contact-reading' || (item.entry.kind === 'check' && item.entry.raisesCase));
}

async function store(
  deps: UploadDeps,
  tx: Tx,
  books: Books | null,
  stationId: string,
  batch: Batch,
  judged: readonly Judged[],
): Promise<{ answer: UploadAnswer; fresh: Good[]; newEpoch: boolean }> {
  const nowMs = deps.clock.nowMs();
  const { epoch, newEpoch } = await epochFor(tx, batch);
  const { statuses, fresh, watermark } = await storeBatch(tx, { stationId, writerId: batch.writerId, nowMs, judged });
  if (books !== null) {
    await raiseCases(tx, books, fresh, stationId, nowMs);
    await addEvidence(tx, books, fresh);
  }
  const results = judged.map((item, index) => {
    const status: ReceiptStatus = statuses[index] ?? 'set-aside';
    const place = item.ok ? item.envelope : item;
    const head = { entryId: place.entryId, seq: place.seq, status };
    const reason = status === 'set-aside' ? (item.ok ? 'hash' : item.reason) : undefined;
    return reason === undefined ? head : { ...head, reason };
  });
  return { answer: { contract: contractVersion, epoch, hubNowMs: nowMs, watermark, results }, fresh, newEpoch };
}

/** A receipt of this epoch that the database does not know: it was restored from a backup, and a new epoch begins. */
async function epochFor(tx: Tx, batch: Batch): Promise<{ epoch: string; newEpoch: boolean }> {
  const read = await tx.query<{ epoch: string; known: boolean }>(
    `select epoch, exists (select 1 from entries where writer_id = $1 and seq = $2)
       or exists (select 1 from set_aside where writer_id = $1 and seq = $2)
       or exists (select 1 from conflicts where writer_id = $1 and seq = $2) as known
     from meta`,
    [batch.writerId, batch.receiptedSeq],
  );
  const row = read.rows[0];
  if (row === undefined) throw new Error('the hub has no meta row');
  if (batch.receiptedSeq === 0 || row.known || batch.epoch !== row.epoch) return { epoch: row.epoch, newEpoch: false };
  const fresh = randomBytes(8).toString('hex');
  const changed = await tx.query('update meta set epoch = $1 where epoch = $2', [fresh, row.epoch]);
  if (changed.rowCount === 1) return { epoch: fresh, newEpoch: true };
  const now = await tx.query<{ epoch: string }>('select epoch from meta');
  return { epoch: now.rows[0]?.epoch ?? fresh, newEpoch: false };
}
