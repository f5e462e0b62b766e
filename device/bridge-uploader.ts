// Brings the bridge's own entries to the hub, those of earlier processes included, and keeps what was receipted. Called by bridge.
import { join } from 'node:path';
import * as z from 'zod/mini';
import { contractVersion, count, name, uuid } from '../src/contracts/kit.ts';
import { type UploadRequest, uploadAnswer } from '../src/contracts/upload.ts';
import { backoffMs } from '../src/domain/backoff.ts';
import type { BatchSigner } from './batch-signer.ts';
import type { Clock, Timer } from './clock.ts';
import { type Disk, systemDisk } from './disk.ts';
import type { HubClient } from './http-hub.ts';
import type { Journal } from './journal.ts';
import type { Log } from './log.ts';
import { readState, writeState } from './state-file.ts';

/**
 * `notEnrolledMs`: a hub that does not know this station, or revoked it, is asked that seldom. `helloMs`: after so long without a
 * word a station with nothing to send tells its receipts, so that a restored hub hears of its loss.
 */
export const limits = { everyMs: 15_000, batch: 500, notEnrolledMs: 300_000, helloMs: 300_000 } as const;

/** Highest seq of each writer up to which every entry has its receipt, in `epoch`. */
const receiptState = z.object({ epoch: z.nullable(name), receipted: z.record(uuid, count) });

export type UploaderParts = {
  stateDir: string;
  hub: HubClient;
  journal: Journal;
  signer: BatchSigner;
  clock: Clock;
  wallMs: () => number;
  random: () => number;
  log: Log;
  onHub: (reached: boolean) => void;
  /** Instead of the machine's own. */
  disk?: Disk;
};

export type OwnUploader = {
  /** Last known (hub clock - station clock), ms. */
  hubOffsetMs(): number | null;
  start(): void;
  /** A new entry only shortens the wait, and only when the hub was not away. */
  wake(): void;
  stop(): Promise<void>;
};

export async function createOwnUploader(parts: UploaderParts): Promise<OwnUploader> {
  const path = join(parts.stateDir, 'receipts.json');
  const disk = parts.disk ?? systemDisk;
  const stored = receiptState.safeParse(await readState(path, disk));
  let { epoch, receipted } = stored.success ? stored.data : { epoch: null, receipted: {} };
  let offsetMs: number | null = null;
  let heardMs = Number.NEGATIVE_INFINITY;
  let failures = 0;
  let timer: Timer | null = null;
  let running: Promise<void> = Promise.resolve();
  const stopping = new AbortController();

  /** Up to where nothing is to be sent: receipted, or given up by the journal since the hub had sealed it in some epoch. */
  const doneTo = (writerId: string): number =>
    Math.max(receipted[writerId] ?? 0, parts.journal.floor(writerId)?.seq ?? 0);

  /** Sends one batch; answers whether there is more to do at once. Throws when nothing was settled. */
  const sendOne = async (): Promise<boolean> => {
    const due = parts.journal.heads('process').find(({ writerId, seq }) => seq > doneTo(writerId));
    const isSilent = parts.clock.nowMs() - heardMs >= limits.helloMs;
    const head = due ?? (isSilent ? parts.journal.heads('process').at(-1) : undefined);
    if (head === undefined) return false;
    const { writerId } = head;
    const from = doneTo(writerId);
    const entries = due === undefined ? [] : await parts.journal.read(writerId, from + 1, limits.batch);
    const receiptedSeq = receipted[writerId] ?? 0;
    const request: UploadRequest = { contract: contractVersion, writerId, receiptedSeq, epoch, entries };
    const body = Buffer.from(JSON.stringify(request));
    const signing = await parts.signer.sign(body);
    if (signing.kind !== 'signed') throw new Error(`not signed: ${signing.kind}`);
    const sentAtMs = parts.wallMs();
    const answer = await parts.hub.askWhole({
      method: 'POST',
      path: '/hub/entries',
      headers: { 'content-type': 'application/json', ...signing.headers },
      body,
      signal: stopping.signal,
    });
    parts.onHub(true);
    if (answer.status !== 200) throw new HubRefused(answer.status, answer.retryAfterMs);
    const parsed = uploadAnswer.parse(JSON.parse(answer.body.toString('utf8')));
    heardMs = parts.clock.nowMs();
    offsetMs = Math.round(parsed.hubNowMs - (sentAtMs + parts.wallMs()) / 2);
    if (epoch !== parsed.epoch) {
      // Another epoch: the hub may have been restored from a backup, so every receipt counts anew.
      const isFirst = epoch === null;
      epoch = parsed.epoch;
      if (!isFirst) {
        receipted = {};
        await writeState(path, { epoch, receipted }, disk);
        return true;
      }
    }
    if (due === undefined) return false;
    const settled = new Set(parsed.results.map(({ entryId }) => entryId));
    let seq = from;
    for (const entry of entries) {
      if (!settled.has(entry.entryId)) break;
      seq = entry.seq;
    }
    if (seq === from) throw new Error('nothing settled');
    receipted = { ...receipted, [writerId]: seq };
    await writeState(path, { epoch, receipted }, disk);
    return true;
  };

  const round = async (): Promise<void> => {
    timer = null;
    let retryAfterMs: number | null = null;
    let enrolled = true;
    try {
      while (!stopping.signal.aborted && (await sendOne())) failures = 0;
      failures = 0;
    } catch (error) {
      if (stopping.signal.aborted) return;
      if (!(error instanceof HubRefused)) parts.onHub(false);
      else {
        retryAfterMs = error.retryAfterMs;
        enrolled = error.status !== 401 && error.status !== 403;
      }
      failures += 1;
      if (failures === 1) parts.log.warn({ event: 'own-entries-wait', reason: reasonOf(error) });
    }
    if (stopping.signal.aborted) return;
    const backMs = failures === 0 ? limits.everyMs : backoffMs(failures, parts.random, retryAfterMs ?? 1_000);
    const waitMs = enrolled ? backMs : limits.notEnrolledMs;
    timer = parts.clock.setTimer(begin, waitMs);
  };
  const begin = (): void => {
    running = round();
  };

  return {
    hubOffsetMs: () => offsetMs,
    start: begin,
    wake: () => {
      if (timer === null || failures > 0 || stopping.signal.aborted) return;
      parts.clock.clearTimer(timer);
      begin();
    },
    stop: async () => {
      stopping.abort();
      if (timer !== null) parts.clock.clearTimer(timer);
      await running;
    },
  };
}

class HubRefused extends Error {
  readonly status: number;
  readonly retryAfterMs: number | null;
  constructor(status: number, retryAfterMs: number | null) {
    super(`status ${status}`);
    this.name = 'HubRefused';
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error ? String(error.code) : error.name === 'ZodError' ? 'not this protocol' : error.message;
}
