// What the rounds page keeps in its own IndexedDB beside the ledger: who this tablet is, who works with it, the last sheets, where
// the round stood. Everything is parsed again when it is read back. Called by the page's main and the controller.
import * as z from 'zod/mini';
import { day, ms, name, text, uuid } from '../contracts/kit.ts';
import { policyDocument } from '../contracts/policy.ts';
import { roundScope, roundSheet, roundWindow } from '../contracts/rounds.ts';
import type { Database } from '../store/db.ts';
import type { PageKey } from '../sync/page-key.ts';

export const limits = {
  /** Sheets kept for a day without network; a manager has a few buildings. */
  sheets: 8,
  /** Writers whose entries are read back at a start: one a page load. */
  writers: 40,
} as const;

const station = z.object({ id: name, code: name, name, campus: name });
const identity = z.object({ station, token: name, publicKey: name });
const staff = z.object({ staffId: name, name: text, role: z.optional(name), atMs: ms });
const place = z.object({ scope: roundScope, place: text, personId: z.nullable(name), onlyDue: z.boolean() });
const policy = z.object({ version: z.int(), document: policyDocument });
const keptSheet = z.object({ asOfMs: ms, sheet: roundSheet });
/** What a late entry is for, and of which round; it is not asked again after a reload. */
const lateReason = z.object({ roundDay: day, window: roundWindow, reason: text });
const writers = z.array(uuid).check(z.maxLength(limits.writers));
const language = z.enum(['zh', 'en']);

/** (hub clock - this clock) as last heard, milliseconds. */
const hubOffset = ms;

const shapes = { hubOffset, staff, place, policy, lateReason, writers, language } as const;
export type Kept = { [Key in keyof typeof shapes]: z.infer<(typeof shapes)[Key]> };
export type Tablet = z.infer<typeof identity> & { key: PageKey };
export type KeptSheet = z.infer<typeof keptSheet>;

export type TabletStore = {
  get<Key extends keyof Kept>(key: Key): Promise<Kept[Key] | null>;
  put<Key extends keyof Kept>(key: Key, value: Kept[Key] | null): Promise<void>;
  /** Null before this tablet was enrolled. */
  tablet(): Promise<Tablet | null>;
  /** Strict: a token that is told once must be there after a power cut. */
  keepTablet(tablet: Tablet): Promise<void>;
  /** A key that was made and perhaps put on record, of which the answer was lost. */
  pendingKey(): Promise<PageKey | null>;
  keepPendingKey(key: PageKey): Promise<void>;
  sheets(): Promise<KeptSheet[]>;
  /** Replaces what is kept of the same place; the oldest of too many goes. */
  keepSheet(sheet: KeptSheet): Promise<void>;
  /** Signing out takes all names from the tablet; what waits for the hub holds none. */
  forgetPeople(): Promise<void>;
};

export function createTabletStore(db: Database): TabletStore {
  const read = (key: string) => db.read(['meta'], (tx) => tx.objectStore('meta').get(key));
  const write = (key: string, value: unknown) =>
    db.relaxed(['meta'], async (tx) => {
      if (value === null) await tx.objectStore('meta').delete(key);
      else await tx.objectStore('meta').put(value, key);
    });

  async function sheets(): Promise<KeptSheet[]> {
    const value: unknown = await read('sheets');
    const found: KeptSheet[] = [];
    for (const one of Array.isArray(value) ? value : []) {
      const parsed = keptSheet.safeParse(one);
      if (parsed.success) found.push(parsed.data);
    }
    return found;
  }

  return {
    async get(key) {
      const parsed = shapes[key].safeParse(await read(`rounds:${key}`));
      return parsed.success ? (parsed.data as Kept[typeof key]) : null;
    },
    put: (key, value) => write(`rounds:${key}`, value),
    async tablet() {
      const value: unknown = await read('tablet');
      const known = identity.safeParse(value);
      const key = keyOf(value);
      return known.success && key !== null ? { ...known.data, key } : null;
    },
    keepTablet: ({ key, ...rest }) =>
      db.strict(['meta'], async (tx) => {
        await tx.objectStore('meta').put({ ...rest, privateKey: key.privateKey }, 'tablet');
      }),
    async pendingKey() {
      return keyOf(await read('pendingKey'));
    },
    keepPendingKey: (key) =>
      db.strict(['meta'], async (tx) => {
        await tx.objectStore('meta').put(key, 'pendingKey');
      }),
    sheets,
    async keepSheet(fresh) {
      const same = (one: KeptSheet) => one.sheet.scope === fresh.sheet.scope && one.sheet.place === fresh.sheet.place;
      const others = (await sheets()).filter((one) => !same(one)).sort((a, b) => b.asOfMs - a.asOfMs);
      await write('sheets', [fresh, ...others.slice(0, limits.sheets - 1)]);
    },
    async forgetPeople() {
      await write('sheets', null);
      await write('rounds:staff', null);
      await write('rounds:place', null);
    },
  };
}

function keyOf(value: unknown): PageKey | null {
  if (typeof value !== 'object' || value === null || !('privateKey' in value) || !('publicKey' in value)) return null;
  const { privateKey, publicKey } = value;
  return privateKey instanceof CryptoKey && typeof publicKey === 'string' ? { privateKey, publicKey } : null;
}
