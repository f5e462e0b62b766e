// Small things that must survive a reload: who this station is, what the hub said last, bars, open cases, counters. Called by
// the gate's station and its parts; parsed again when read back.
import * as z from 'zod/mini';
import { bar, gateDownlink } from '../contracts/downlink.ts';
import { direction } from '../contracts/envelope.ts';
import { visitorDetails } from '../contracts/hold.ts';
import { count, day, listOf, ms, name, text, upTo, uuid } from '../contracts/kit.ts';
import { type Database, StoreError } from './db.ts';
import { type LocalCase, localCase } from './local-case.ts';

export const limits = { visitors: 500 } as const;

export const stationInfo = z.object({
  id: name,
  code: name,
  name,
  campus: name,
  direction,
  clinicPhone: text,
  simulated: z.boolean(),
});
export type StationInfo = z.infer<typeof stationInfo>;

/** What the hub said last, the roster and the bars apart. */
export const hubWord = z.object({
  epoch: name,
  clinic: gateDownlink.shape.clinic,
  campus: gateDownlink.shape.campus,
  phones: gateDownlink.shape.phones,
  regions: gateDownlink.shape.regions,
  notices: gateDownlink.shape.notices,
  policy: gateDownlink.shape.policy,
  asOfWallMs: ms,
  /** The hub's own time then; absent from an older page. */
  hubMs: z.optional(ms),
});
export type HubWord = z.infer<typeof hubWord>;

/** `caseNo`: last number used, null when it is not known (a lost store, before the journal has been read). */
export const counters = z.object({
  day,
  today: count,
  caseNo: z.nullable(count),
  /** Verdicts since whoever is on duty came (`sinceWallMs`, null while nobody is). */
  shift: z.optional(
    z.object({
      sinceWallMs: z.nullable(ms),
      counts: z.object({ admit: count, again: count, refer: count, deny: count, hold: count, trouble: count }),
    }),
  ),
});
export type Counters = z.infer<typeof counters>;

/** The feed's cursor grows with the hub's processes; a longer one than this is not worth keeping (the downlink tells all). */
const cursor = upTo(8_000);

/** Visitors' details until the hub has them. */
const visitors = listOf(visitorDetails, limits.visitors);

const shapes = { info: stationInfo, hubWord, counters, writerId: uuid, cursor, visitors } as const;
export type MetaKey = keyof typeof shapes;
export type MetaValue<K extends MetaKey> = z.infer<(typeof shapes)[K]>;

export type PageState = {
  /** Null when absent or no longer readable. */
  get<K extends MetaKey>(key: K): Promise<MetaValue<K> | null>;
  put<K extends MetaKey>(key: K, value: MetaValue<K>): Promise<void>;
  /** All or a StoreError: with one bar missing, somebody would be admitted past an order. */
  bars(): Promise<z.infer<typeof bar>[]>;
  replaceBars(bars: readonly z.infer<typeof bar>[]): Promise<void>;
  /** Stores one bar (null lifts it) with the feed's cursor. */
  putBar(personId: string, value: z.infer<typeof bar> | null): Promise<void>;
  cases(): Promise<LocalCase[]>;
  putCase(value: LocalCase): Promise<void>;
  dropCase(caseId: string): Promise<void>;
};

export function createPageState(db: Database): PageState {
  return {
    async get(key) {
      const value = await db.read(['meta'], (tx) => tx.objectStore('meta').get(key));
      const parsed = shapes[key].safeParse(value);
      return parsed.success ? (parsed.data as MetaValue<typeof key>) : null;
    },
    put: (key, value) =>
      db.relaxed(['meta'], async (tx) => {
        await tx.objectStore('meta').put(value, key);
      }),
    async bars() {
      const found = z.array(bar).safeParse(await db.read(['bars'], (tx) => tx.objectStore('bars').getAll()));
      if (!found.success) throw new StoreError('E-51', found.error);
      return found.data;
    },
    replaceBars: (bars) =>
      db.relaxed(['bars'], async (tx) => {
        const store = tx.objectStore('bars');
        await Promise.all([store.clear(), ...bars.map((one) => store.put(one))]);
      }),
    putBar: (personId, value) =>
      db.relaxed(['bars'], async (tx) => {
        if (value === null) await tx.objectStore('bars').delete(personId);
        else await tx.objectStore('bars').put(value);
      }),
    cases: async () => readable(localCase, await db.read(['cases'], (tx) => tx.objectStore('cases').getAll())),
    putCase: (value) =>
      db.relaxed(['cases'], async (tx) => {
        await tx.objectStore('cases').put(value);
      }),
    dropCase: (caseId) => db.relaxed(['cases'], (tx) => tx.objectStore('cases').delete(caseId)),
  };
}

/** What can be read; the hub tells the rest again with its next answer. */
function readable<T extends z.ZodMiniType>(shape: T, values: readonly unknown[]): z.infer<T>[] {
  const found: z.infer<T>[] = [];
  for (const value of values) {
    const parsed = shape.safeParse(value);
    if (parsed.success) found.push(parsed.data);
  }
  return found;
}
