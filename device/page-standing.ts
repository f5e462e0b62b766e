// Whether everything the journal holds of the pages lies at the hub, and brings there what does not: for the kiosk, before another
// Chromium may open the page's profile. Called by bridge.
import { contractVersion } from '../src/contracts/kit.ts';
import { type UploadAnswer, type UploadRequest, uploadAnswer } from '../src/contracts/upload.ts';
import type { Envelope } from '../src/domain/entry.ts';
import type { BatchSigner } from './batch-signer.ts';
import type { HubClient } from './http-hub.ts';
import type { Journal } from './journal.ts';
import type { Log } from './log.ts';

export const limits = {
  batch: 500,
  batchBytes: 900_000,
  /** Batches of one call; the kiosk asks again. */
  batches: 40,
  writers: 1_000,
} as const;

export type PageEnd = { writerId: string; seq: number };
/** `unsent`: entries of pages that the hub has not answered for, holes included; null: the hub could not be asked. */
export type PageStanding = { unsent: number | null; unjournaled: number };

export type PageKeeper = {
  /** What a page said of itself in its hello. */
  greeted(end: PageEnd | null): void;
  /** Entries that the page has told of and the journal does not hold (yet). */
  unjournaled(): number;
  /** Asks the hub, sends what it lacks, signed, as the journal holds it; calls at the same time share one round. */
  settle(): Promise<PageStanding>;
};

export function createPageKeeper(parts: {
  journal: Pick<Journal, 'heads' | 'head' | 'read'>;
  hub: HubClient;
  signer: BatchSigner;
  log: Log;
}): PageKeeper {
  const { journal, hub, signer, log } = parts;
  let end: PageEnd | null = null;
  let running: Promise<PageStanding> | null = null;

  const unjournaled = (): number => (end === null ? 0 : Math.max(0, end.seq - (journal.head(end.writerId)?.seq ?? 0)));

  const post = async (writerId: string, entries: Envelope[]): Promise<UploadAnswer> => {
    // No receipts are claimed: they are the page's, and only the page can tell the hub's epoch by them.
    const request: UploadRequest = { contract: contractVersion, writerId, receiptedSeq: 0, epoch: null, entries };
    const body = Buffer.from(JSON.stringify(request));
    const signing = await signer.sign(body);
    if (signing.kind !== 'signed') throw new Error(`not signed: ${signing.kind}`);
    const headers = { 'content-type': 'application/json', ...signing.headers };
    const answer = await hub.askWhole({ method: 'POST', path: '/hub/entries', headers, body });
    if (answer.status !== 200) throw new Error(`status ${answer.status}`);
    return uploadAnswer.parse(JSON.parse(answer.body.toString('utf8')));
  };

  const round = async (): Promise<PageStanding> => {
    let unsent = 0;
    let batches = 0;
    const heads = journal.heads('page');
    for (const { writerId, seq } of heads.slice(-limits.writers)) {
      let settled = (await post(writerId, [])).watermark;
      while (settled < seq && batches++ < limits.batches) {
        const entries = bounded(await journal.read(writerId, settled + 1, limits.batch));
        // A hole of the journal that the hub lacks as well: only the page may have that entry.
        if (entries[0]?.seq !== settled + 1) break;
        const answered = new Set((await post(writerId, entries)).results.map(({ entryId }) => entryId));
        const before = settled;
        for (const entry of entries) {
          if (entry.seq !== settled + 1 || !answered.has(entry.entryId)) break;
          settled = entry.seq;
        }
        if (settled === before) break;
      }
      unsent += Math.max(0, seq - settled);
    }
    if (heads.length > limits.writers) return { unsent: null, unjournaled: unjournaled() };
    return { unsent, unjournaled: unjournaled() };
  };

  return {
    greeted: (told) => {
      end = told;
    },
    unjournaled,
    settle: () => {
      running ??= round()
        .catch((error: unknown): PageStanding => {
          const reason = error instanceof Error ? ('code' in error ? String(error.code) : error.message) : 'unknown';
          log.warn({ event: 'pages-not-settled', reason: reason.slice(0, 200) });
          return { unsent: null, unjournaled: unjournaled() };
        })
        .finally(() => {
          running = null;
        });
      return running;
    },
  };
}

/** As many from the front as fit the hub's megabyte. */
function bounded(entries: Envelope[]): Envelope[] {
  let bytes = 0;
  const fits = entries.findIndex((entry, nth) => {
    bytes += Buffer.byteLength(JSON.stringify(entry));
    return nth > 0 && bytes > limits.batchBytes;
  });
  return fits === -1 ? entries : entries.slice(0, fits);
}
