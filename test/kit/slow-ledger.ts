// A ledger in memory by the outbox's rules whose reads and receipts take time, one after the other as in IndexedDB, and may
// fail. For tests of the uploader.
import type { Envelope } from '../../src/domain/entry.ts';
import { bornMs } from '../../src/store/ledger-keys.ts';
import type { Clocks } from '../../src/sync/timers.ts';
import type { Batch, Receipt, UploadSource } from '../../src/sync/uploader.ts';

export type SlowLedger = {
  source: UploadSource;
  /** Everything that lies here; outlives a crash of the page. */
  entries: Envelope[];
  waiting: Map<string, { entry: Envelope; referral: boolean }>;
  /** By entry how often it was settled, by `settle` alone. */
  settled: Map<string, number>;
  save(entry: Envelope, referral: boolean): void;
  /** Entries that come back from the journal: older ones, and other writers'. */
  take(entries: readonly Envelope[]): void;
  /** Reads that began. */
  reads(): number;
};

export type SlowLedgerOptions = {
  readMs: number;
  settleMs: number;
  /** Asked at the end of each settling. */
  fails?(): boolean;
};

export function slowLedger(clocks: Clocks, { readMs, settleMs, fails = () => false }: SlowLedgerOptions): SlowLedger {
  const entries: Envelope[] = [];
  const waiting: SlowLedger['waiting'] = new Map();
  const settled = new Map<string, number>();
  let line: Promise<unknown> = Promise.resolve();
  let receipt: Receipt | null = null;
  let fronts = 0;
  let reads = 0;

  function inTurn<T>(ms: number, work: () => T): Promise<T> {
    const turn = line.then(async () => {
      if (ms > 0) await new Promise<void>((done) => clocks.after(ms, done));
      return work();
    });
    line = turn.catch(() => undefined);
    return turn;
  }

  function nextOf(ask: { entriesMax: number; skip: ReadonlySet<string> }, behind?: Batch): Batch | null {
    const inFlight = new Set(behind?.entries);
    const open = [...waiting.values()].filter(({ entry }) => !ask.skip.has(entry.entryId) && !inFlight.has(entry));
    const referral = open.findLast((one) => one.referral)?.entry;
    if (referral !== undefined) return { writerId: referral.writerId, entries: [referral], referral: true };
    const oldest = open.map((one) => one.entry).sort((a, b) => bornMs(a.entryId) - bornMs(b.entryId))[0];
    if (oldest === undefined) return null;
    const same = open.map((one) => one.entry).filter((entry) => entry.writerId === oldest.writerId);
    const batch = same.sort((a, b) => a.seq - b.seq).slice(0, ask.entriesMax);
    return { writerId: oldest.writerId, entries: batch, referral: false };
  }

  return {
    entries,
    waiting,
    settled,
    reads: () => reads,
    save(entry, referral) {
      entries.push(entry);
      waiting.set(entry.entryId, { entry, referral });
      if (referral) fronts++;
    },
    take(back) {
      for (const entry of back) {
        entries.push(entry);
        waiting.set(entry.entryId, { entry, referral: false });
      }
      fronts++;
    },
    source: {
      pendingBatch(ask, behind) {
        reads++;
        return inTurn(readMs, () => nextOf(ask, behind));
      },
      settle: (done, next) =>
        inTurn(settleMs, () => {
          if (fails()) throw new DOMException('full', 'QuotaExceededError');
          for (const { entryId } of done) {
            settled.set(entryId, (settled.get(entryId) ?? 0) + 1);
            waiting.delete(entryId);
          }
          receipt = next;
        }),
      receipted: () => inTurn(0, () => receipt),
      renew: (epoch) =>
        inTurn(0, () => {
          if (receipt !== null && receipt.epoch !== epoch) {
            receipt = null;
            fronts++;
            for (const entry of entries)
              if (!waiting.has(entry.entryId)) waiting.set(entry.entryId, { entry, referral: false });
          }
        }),
      front: () => fronts,
    },
  };
}
