// Receives a batch of one writer: each entry stored once, in the transaction that also raises its cases, and answered
// only after the commit. Called by the route POST /hub/entries.
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { contractVersion } from '../src/contracts/kit.ts';
import type { ReceiptStatus, UploadAnswer } from '../src/contracts/upload.ts';
import { keepSignature, type Signed } from './batch-signature.ts';
import { inTransaction, type Pool, sqlStateOf, type Tx } from './database.ts';
import { noteHolds } from './holds.ts';
import type { Books, Clock, Ledger } from './ledger.ts';
import { answerQuestions } from './questions.ts';
import { addEvidence, raiseCases } from './referrals.ts';
import { mayRaiseFromRound, raiseRoundCases } from './round-cases.ts';
import { keepRounds } from './round-marks.ts';
import { tellTries, toldOf } from './tries.ts';
import { seenIn, tellUnmeasured } from './unmeasured.ts';
import { type Judged, judge } from './upload-check.ts';
import { epochFor, type Good, type Shelf, storeBatch } from './upload-rules.ts';
import { shelfOf } from './upload-store.ts';

/** SQLSTATE: an id or a place is taken, of which the try knew nothing. */
const uniqueViolation = '23505';

export type Batch = { writerId: string; receiptedSeq: number; epoch: string | null; entries: readonly unknown[] };
export type UploadDeps = { pool: Pool; ledger: Ledger; clock: Clock; log: Logger };

/** What a batch is received with: PostgreSQL in the hub, a store in memory in the simulation. */
export type Desk = {
  nowMs(): number;
  newEpoch(): string;
  /** Runs `work` once more when the storage asks for it, and resolves only after the commit. `rings`: it tells the feed. */
  transaction<T>(
    rings: boolean,
    work: (shelf: Shelf, cases: (heard: readonly Good[], stored: readonly Good[]) => Promise<void>) => Promise<T>,
  ): Promise<T>;
};
export type Received = { answer: UploadAnswer; fresh: Good[]; newEpoch: boolean };

/** Stores what is new and answers for every entry, in the order of the batch. Throws what the database throws: then nothing is stored. */
export async function receive(
  deps: UploadDeps,
  stationId: string,
  batch: Batch,
  signed: Signed | null = null,
): Promise<UploadAnswer> {
  const received = await receiveAt(deskOf(deps, stationId, batch.writerId, signed), stationId, batch);
  if (received.newEpoch)
    deps.log.warn({ station: stationId, epoch: received.answer.epoch }, 'restored from a backup: new epoch');
  await answerQuestions(deps.ledger, deps.pool, received.fresh);
  return received.answer;
}

/** The same over any desk: judged, stored and answered by the rules alone. */
export async function receiveAt(desk: Desk, stationId: string, batch: Batch): Promise<Received> {
  const judged = batch.entries.map((raw) => judge(raw, batch.writerId, stationId));
  const nowMs = desk.nowMs();
  return desk.transaction(
    judged.some((item) => rings(item, nowMs)),
    async (shelf, cases) => {
      const { epoch, newEpoch } = await epochFor(shelf, batch, desk.newEpoch);
      const { statuses, fresh, refused, watermark, foreign } = await storeBatch(shelf, batch.writerId, judged);
      // A fever is told also where its entry contradicts another: the case is raised once, whatever the auditor finds.
      await cases([...fresh, ...refused.filter(raisesCase)], fresh);
      const results = judged.map((item, index) => resultOf(item, statuses[index] ?? 'set-aside', foreign));
      return { answer: { contract: contractVersion, epoch, hubNowMs: nowMs, watermark, results }, fresh, newEpoch };
    },
  );
}

function resultOf(item: Judged, status: ReceiptStatus, foreign: boolean): UploadAnswer['results'][number] {
  const place = item.ok ? item.envelope : item;
  const head = { entryId: place.entryId, seq: place.seq, status };
  if (status !== 'set-aside') return head;
  return { ...head, reason: foreign ? 'foreign' : item.ok ? 'hash' : item.reason };
}

const raisesCase = (good: Good): boolean =>
  (good.entry.kind === 'check' && good.entry.raisesCase) || mayRaiseFromRound(good);

/** Entries that change a case or are told at once, and so need the feed. */
function rings(item: Judged, nowMs: number): boolean {
  if (!item.ok) return false;
  const { entry } = item;
  return (
    entry.kind === 'contact-reading' || seenIn(entry) !== null || toldOf(entry, nowMs) !== null || raisesCase(item)
  );
}

function deskOf(deps: UploadDeps, stationId: string, writerId: string, signed: Signed | null): Desk {
  const nowMs = deps.clock.nowMs();
  return {
    nowMs: () => nowMs,
    newEpoch: () => randomBytes(8).toString('hex'),
    async transaction(ringing, work) {
      const place = { stationId, writerId, nowMs, signed: signed !== null };
      const run = (careful: boolean) => async (tx: Tx, books: Books | null) => {
        const done = await work(shelfOf(tx, { ...place, careful }), async (heard, stored) => {
          await keepRounds(tx, stored, stationId, nowMs);
          await noteHolds(tx, stored, stationId, nowMs);
          if (books === null) return;
          await raiseCases(tx, books, heard, stationId, nowMs);
          await raiseRoundCases(tx, books, heard, stationId, nowMs);
          await addEvidence(tx, books, heard);
          tellUnmeasured(books, heard, stationId);
          tellTries(books, stored, stationId, nowMs);
        });
        if (signed !== null) await keepSignature(tx, place, signed);
        return done;
      };
      const attempt = (careful: boolean) =>
        ringing ? deps.ledger.exclusive(run(careful)) : inTransaction(deps.pool, (tx) => run(careful)(tx, null));
      try {
        return await attempt(false);
      } catch (error) {
        if (sqlStateOf(error) !== uniqueViolation) throw error;
        return attempt(true);
      }
    },
  };
}
