// What the page of administrators knows and does: staff, stations, the log of reads, and the secret that is told once. Called by
// main.tsx and the components.
import { type Signal, signal } from '@preact/signals';
import type * as z from 'zod/mini';
import {
  type CardsRequest,
  doneAnswer,
  type NewStaffRequest,
  pairingAnswer,
  type ReadRow,
  readsAnswer,
  type StaffAnswer,
  type StaffRow,
  type StationRow,
  secretAnswer,
  staffAnswer,
  stationsAnswer,
} from '../contracts/admin.ts';
import { createDeskSession, type DeskSession, type Failure } from '../sync/desk-session.ts';

export const limits = { everyMs: 30_000, readsShown: 1_000 } as const;

export const tabs = ['people', 'stations', 'reads'] as const;
export type Tab = (typeof tabs)[number];
export type ReadsFilter = { staff: string; day: string };
/** What is shown once: whose it is, and until when it is good (null: until it is changed). */
export type Once = { what: 'password' | 'pin' | 'code'; name: string; secret: string; expiresMs: number | null };
export type NewPairing = { name: string; campus: string; code: string };

export type Admin = Pick<
  DeskSession,
  'session' | 'isOver' | 'isAway' | 'refused' | 'signIn' | 'signOut' | 'setPassword'
> & {
  tab: Signal<Tab>;
  people: Signal<StaffAnswer | null>;
  stations: Signal<readonly StationRow[] | null>;
  reads: Signal<{ rows: readonly ReadRow[]; next: string | null } | null>;
  filter: Signal<ReadsFilter>;
  once: Signal<Once | null>;
  /** Hub clock of the last answer. */
  hubNowMs: Signal<number | null>;
  /** Whether this role changes anything here; the hub decides all the same. */
  mayManage(): boolean;
  start(): Promise<void>;
  stop(): void;
  refresh(): Promise<void>;
  show(tab: Tab): Promise<void>;
  /** The first page of the log by the filter; each is logged at the hub. */
  readLog(filter: ReadsFilter): Promise<void>;
  readMore(): Promise<void>;
  /** The acts answer null when done, and why not otherwise; what they tell once stands in `once`. */
  create(who: NewStaffRequest): Promise<Failure | null>;
  change(staffId: string, who: NewStaffRequest): Promise<Failure | null>;
  resetPassword(who: StaffRow): Promise<Failure | null>;
  setPin(who: StaffRow, pin: string): Promise<Failure | null>;
  setCards(staffId: string, cards: CardsRequest['cards']): Promise<Failure | null>;
  end(staffId: string): Promise<Failure | null>;
  pair(place: NewPairing): Promise<Failure | null>;
  rename(stationId: string, name: string): Promise<Failure | null>;
  revoke(stationId: string): Promise<Failure | null>;
};

export function createAdmin(deps: { fetch: typeof fetch; every(ms: number, task: () => void): () => void }): Admin {
  const desk = createDeskSession(deps);
  const { session, isOver, isAway, refused, ask } = desk;
  const tab = signal<Tab>('people');
  const people = signal<StaffAnswer | null>(null);
  const stations = signal<readonly StationRow[] | null>(null);
  const reads = signal<{ rows: readonly ReadRow[]; next: string | null } | null>(null);
  const filter = signal<ReadsFilter>({ staff: '', day: '' });
  const once = signal<Once | null>(null);
  const hubNowMs = signal<number | null>(null);
  let stop = (): void => {};

  const roleNow = () => {
    const now = session.value;
    return now === null || now === 'signed-out' ? null : now.role;
  };

  async function refresh(): Promise<void> {
    if (roleNow() !== 'admin' && roleNow() !== 'auditor') return;
    const seen = await ask('/hub/admin/staff', staffAnswer);
    if (seen === null) return;
    people.value = seen;
    hubNowMs.value = seen.hubNowMs;
    refused.value = null;
    stations.value = (await ask('/hub/office/station-keys', stationsAnswer))?.stations ?? stations.value;
  }

  async function readPage(before: string | null): Promise<void> {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(filter.value)) if (value !== '') query.set(key, value);
    if (before !== null) query.set('before', before);
    const asked = filter.value;
    const page = await ask(`/hub/admin/reads?${query}`, readsAnswer);
    // The filter was changed meanwhile: its own answer comes.
    if (page === null || asked !== filter.value) return;
    const earlier = before === null ? [] : (reads.value?.rows ?? []);
    reads.value = { rows: [...earlier, ...page.reads], next: page.next };
  }

  /** Does it, then shows the lists as they stand. */
  async function act<Schema extends z.ZodMiniType>(
    path: string,
    schema: Schema,
    method: 'POST' | 'PUT',
    body: unknown,
    told: (value: z.infer<Schema>) => void = () => {},
  ): Promise<Failure | null> {
    const done = await desk.act(path, schema, method, body);
    if (!done.ok) return done.failure;
    told(done.value);
    await refresh();
    return null;
  }
  const staffPath = (staffId: string, more = '') => `/hub/admin/staff/${encodeURIComponent(staffId)}${more}`;
  const stationPath = (stationId: string, more: string) =>
    `/hub/office/stations/${encodeURIComponent(stationId)}/${more}`;
  const tellOf = (name: string) => (secret: z.infer<typeof secretAnswer>) => {
    if (secret.password !== null) once.value = { what: 'password', name, secret: secret.password, expiresMs: null };
    if (secret.pin !== null) once.value = { what: 'pin', name, secret: secret.pin, expiresMs: null };
  };

  return {
    ...{ session, isOver, isAway, refused, tab, people, stations, reads, filter, once, hubNowMs, refresh },
    mayManage: () => roleNow() === 'admin',
    async start() {
      await desk.recognise();
      stop = deps.every(limits.everyMs, () => void refresh());
      await refresh();
    },
    stop: () => stop(),
    async signIn(name, password) {
      const failure = await desk.signIn(name, password);
      if (failure === null) await refresh();
      return failure;
    },
    async setPassword(present, fresh) {
      const failure = await desk.setPassword(present, fresh);
      // One's own row says how one may sign in.
      if (failure === null) await refresh();
      return failure;
    },
    async signOut() {
      await desk.signOut();
      people.value = null;
      stations.value = null;
      reads.value = null;
      once.value = null;
      tab.value = 'people';
      filter.value = { staff: '', day: '' };
    },
    async show(next) {
      tab.value = next;
      if (next === 'reads' && reads.value === null) await readPage(null);
    },
    async readLog(next) {
      filter.value = next;
      await readPage(null);
    },
    async readMore() {
      const next = reads.value?.next ?? null;
      if (next !== null) await readPage(next);
    },
    create: (who) => act('/hub/admin/staff', secretAnswer, 'POST', who, tellOf(who.name)),
    change: (staffId, who) => act(staffPath(staffId), doneAnswer, 'PUT', who),
    resetPassword: (who) => act(staffPath(who.staffId, '/password'), secretAnswer, 'POST', {}, tellOf(who.name)),
    setPin: (who, pin) =>
      act(staffPath(who.staffId, '/pin'), secretAnswer, 'POST', { pin: pin === '' ? null : pin }, tellOf(who.name)),
    setCards: (staffId, cards) => act(staffPath(staffId, '/cards'), doneAnswer, 'PUT', { cards }),
    end: (staffId) => act(staffPath(staffId, '/end'), doneAnswer, 'POST', {}),
    pair: ({ name, campus, code }) =>
      act(
        '/hub/office/pairing',
        pairingAnswer,
        'POST',
        { name, campus, ...(code === '' ? {} : { code }) },
        (made) => (once.value = { what: 'code', name, secret: made.code, expiresMs: made.expiresMs }),
      ),
    rename: (stationId, name) => act(stationPath(stationId, 'rename'), doneAnswer, 'POST', { name }),
    revoke: (stationId) => act(stationPath(stationId, 'revoke'), doneAnswer, 'POST', {}),
  };
}
