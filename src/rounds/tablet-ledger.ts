// The tablet's own records: written here first, sent to the hub at once, and told apart by whether the hub has answered. Called by
// the controller.
import * as z from 'zod/mini';
import { entry as entrySchema } from '../contracts/entry.ts';
import type { Entry, EntryBody, Envelope } from '../domain/entry.ts';
import type { Database } from '../store/db.ts';
import { createOutbox, type Waiting } from '../store/outbox.ts';
import { type PageKey, signingFetch } from '../sync/page-key.ts';
import type { Clocks } from '../sync/timers.ts';
import { createUploader, type HubSight } from '../sync/uploader.ts';
import { createTabletRecorder } from './tablet-recorder.ts';
import { limits as storeLimits, type TabletStore } from './tablet-store.ts';

export const limits = {
  /** Own entries kept at hand, the newest: several rounds of a large building. */
  own: 6_000,
  /** Entries read back a request. */
  chunk: 1_000,
  unsent: 20_000,
  /** What is kept at hand is not older: a round and the one before it. */
  ageMs: 2 * 86_400_000,
  /** A smaller change of the offset is not written down. */
  offsetStepMs: 1_000,
} as const;

/** One entry of this tablet, as it was written. */
export type Own = { envelope: Pick<Envelope, 'entryId' | 'writerId' | 'seq'>; entry: Entry; atMs: number };

export type TabletLedger = {
  /** Entries of this tablet, oldest first. */
  own(): readonly Own[];
  /** Not yet answered for by the hub. */
  isUnsent(entryId: string): boolean;
  /**
   * Null when it was not taken at all (no room). `saved` is false when the write failed: it stays first in line and is tried
   * again; meanwhile it lies in memory alone.
   */
  write(body: EntryBody, raisesCase: boolean): { own: Own; saved: Promise<boolean> } | null;
  /** (hub clock - this clock) as any answer of the hub tells it: it goes into every entry from here on. */
  hearHub(offsetMs: number): void;
  hurry(): void;
  stop(): void;
};

const rounds = new Set<string>([
  'round-mark',
  'absence',
  'round-undo',
  'found-unregistered',
  'round-close',
  'contact-reading',
]);

export type LedgerDeps = {
  db: Database;
  store: TabletStore;
  station: { id: string; token: string; key: PageKey };
  /** Of the calls as a station. */
  credentials: RequestCredentials;
  fetch: typeof fetch;
  clocks: Clocks;
  random(): number;
  randomBytes(count: number): Uint8Array;
  staffId(): string | null;
  /** `unsaved`: entries that are not durable here yet; `failing`: the store refuses them for now. */
  onWaiting(waiting: Waiting & { unsaved: number; failing: boolean }): void;
  onSight(sight: HubSight): void;
  /** Something was answered for by the hub. */
  onSettled(): void;
  onFault(error: unknown): void;
};

/** Throws a StoreError when the store cannot be read. */
export async function openTabletLedger(deps: LedgerDeps): Promise<TabletLedger> {
  const { db, clocks, onFault } = deps;
  // Without network at the start: what was known last.
  let hubOffsetMs = await deps.store.get('hubOffset');
  let unsaved = 0;
  let failed = 0;
  const outbox = createOutbox({
    db,
    after: clocks.after,
    onChange(waiting) {
      // The store writes again: what had failed is durable now, or will be before anything later.
      if (!outbox.failing()) [unsaved, failed] = [unsaved - failed, 0];
      deps.onWaiting({ ...waiting, unsaved, failing: outbox.failing() });
    },
    onFault,
  });
  await outbox.load();
  const writers = (await deps.store.get('writers')) ?? [];
  const unsent = await unsentIds(db);
  const own = await readOwn();

  async function readOwn(): Promise<Own[]> {
    const found: Own[] = [];
    const sinceMs = clocks.wallMs() - limits.ageMs;
    for (const writerId of writers) {
      const last = outbox.ends().get(writerId)?.seq ?? 0;
      for (let seq = Math.max(1, last - limits.own); seq <= last; seq += limits.chunk) {
        for (const envelope of await outbox.read(writerId, seq, limits.chunk)) {
          const entry = entryOf(envelope.bytes);
          if (entry !== null && rounds.has(entry.kind) && entry.wallMs >= sinceMs) found.push(ownOf(envelope, entry));
        }
      }
    }
    return found.sort((a, b) => a.entry.wallMs - b.entry.wallMs).slice(-limits.own);
  }

  const recorder = createTabletRecorder({
    save: outbox.save,
    writers,
    writersMax: storeLimits.writers,
    clocks,
    randomBytes: deps.randomBytes,
    head: () => ({ station: deps.station.id, hubOffsetMs, onDuty: deps.staffId() }),
  });
  const uploader = createUploader({
    source: outbox,
    fetch: signingFetch(
      deps.fetch,
      { stationId: deps.station.id, token: deps.station.token, key: deps.station.key },
      deps.credentials,
    ),
    clocks,
    random: deps.random,
    onSight(sight) {
      if (sight.offsetMs !== null) hearHub(sight.offsetMs);
      deps.onSight(sight);
    },
    onSettled(entries) {
      for (const { entryId } of entries) unsent.delete(entryId);
      deps.onSettled();
    },
    onFault,
  });
  uploader.wake('link');

  function hearHub(offsetMs: number): void {
    const isNews = hubOffsetMs === null || Math.abs(offsetMs - hubOffsetMs) > limits.offsetStepMs;
    hubOffsetMs = offsetMs;
    if (isNews) deps.store.put('hubOffset', offsetMs).catch(onFault);
  }

  return {
    hearHub,
    own: () => own,
    isUnsent: (entryId) => unsent.has(entryId),
    write(body, raisesCase) {
      const { envelope, head, saved } = recorder.write(body, { referral: raisesCase });
      if (saved === false) return null;
      const one = ownOf(envelope, { ...head, ...body });
      own.push(one);
      if (own.length > limits.own) own.shift();
      unsent.add(envelope.entryId);
      const tell = () => deps.onWaiting({ ...outbox.waiting(), unsaved, failing: outbox.failing() });
      unsaved++;
      tell();
      uploader.wake(raisesCase ? 'referral' : 'entry');
      return {
        own: one,
        saved: saved.then(
          () => {
            unsaved--;
            tell();
            // What is durable only now could not be sent before.
            uploader.wake(raisesCase ? 'referral' : 'entry');
            return true;
          },
          () => {
            failed++;
            tell();
            return false;
          },
        ),
      };
    },
    hurry: () => uploader.wake('link'),
    stop: () => uploader.stop(),
  };
}

function ownOf({ entryId, writerId, seq }: Envelope, entry: Entry): Own {
  return { envelope: { entryId, writerId, seq }, entry, atMs: entry.wallMs + (entry.hubOffsetMs ?? 0) };
}

/** Null for what a later version wrote, or what cannot be read: the hub judges that for itself. */
function entryOf(bytes: string): Entry | null {
  try {
    const parsed = entrySchema.safeParse(JSON.parse(bytes));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

async function unsentIds(db: Database): Promise<Set<string>> {
  const marks: unknown = await db.read(['unsent'], (tx) => tx.objectStore('unsent').getAll(null, limits.unsent));
  const ids = z.array(z.object({ entryId: z.string() })).safeParse(marks);
  return new Set(ids.success ? ids.data.map((one) => one.entryId) : []);
}
