// Wires the station behind the gate's screens: the page's store, the link to the bridge, the link to the hub. Called by the
// gate's main; faked in tests of the controller (station-types.ts).
import type { DeviceStatus } from '../contracts/device-stream.ts';
import { gatePolicyOf } from '../contracts/policy.ts';
import { campusDay } from '../domain/campus-day.ts';
import type { EntryBody, EntryHead, Envelope } from '../domain/entry.ts';
import { possibleDays } from '../domain/order-day.ts';
import type { GatePolicy } from '../domain/policy.ts';
import { verdicts } from '../domain/verdict.ts';
import { createDatabase, type OpenStore, StoreError, type StoreTrouble } from '../store/db.ts';
import { createOutbox, type Marks } from '../store/outbox.ts';
import type { PageLock } from '../store/page-lock.ts';
import { createPageState, type HubWord, type StationInfo } from '../store/page-state.ts';
import { createRosterCache } from '../store/roster-cache.ts';
import { type Connect, createDeviceLink, type Hello, type Signal, type Word } from '../sync/device-link.ts';
import type { Clocks } from '../sync/timers.ts';
import type { HubSight } from '../sync/uploader.ts';
import { createVisitorPost } from '../sync/visitor-post.ts';
import { limits as caseLimits, caseOf, createCaseBook } from './case-book.ts';
import { createCaseNumbers } from './case-numbers.ts';
import { createClockWatch } from './clock-watch.ts';
import { createFactsDesk } from './facts-desk.ts';
import { createHubDesk } from './hub-desk.ts';
import { type Compared, createJournalSync } from './journal-sync.ts';
import { checkOf, leftOpen, limits as readLimits } from './read-back.ts';
import { createRecorder } from './recorder.ts';
import { createFace, notRecorded, subscribe } from './station-face.ts';
import type { GateSample, GateTap, HubTold, Station } from './station-types.ts';

export const limits = { watchMs: 1_000, compareMs: 5_000 } as const;

/** `hurry`: the network may be back, forget the waits. */
export type RunningStation = Station & { hurry(): void; stop(): void };

export type StationDeps = {
  fetch: typeof fetch;
  connect: Connect;
  clocks: Clocks;
  random(): number;
  randomBytes(count: number): Uint8Array;
  lock: PageLock;
  /** Name of the database; its origin is the bridge's frozen address. */
  databaseName: string;
  openStore?: OpenStore;
  onFault(error: unknown): void;
};

/**
 * Resolves once the page's store has been read (or has failed to be: it then says so in `storage`). A second page resolves at
 * once to a station that records nothing; main reloads it when `lock.acquired` resolves.
 */
export async function createStation(deps: StationDeps): Promise<RunningStation> {
  const { clocks, onFault } = deps;
  const face = createFace();
  if (!deps.lock.held) {
    face.set({ storage: { state: 'second-page', code: 'E-54' }, bridge: 'second-page' });
    return notRecorded(face, deps.lock.release);
  }

  const open = deps.openStore === undefined ? {} : { open: deps.openStore };
  const db = createDatabase({ name: deps.databaseName, after: clocks.after, onTrouble, ...open });
  const state = createPageState(db);
  const roster = createRosterCache(db);
  const cases = createCaseBook((all) => face.set({ cases: all }));
  const outbox = createOutbox({
    db,
    after: clocks.after,
    onChange: (queue) => face.set({ queue }),
    onFault,
  });
  const watch = createClockWatch(clocks);

  let loaded = false;
  /** The latest time of the hub that the store remembers: today is no day before it. */
  let floorMs: number | null = null;
  let restored = 0;
  let contradicting = false;
  /** Measurements that the ledger ends with, for the lane. */
  let leftAtStart: HubTold[] = [];
  const leftHere = (envelopes: readonly Envelope[]) => leftOpen(envelopes, watch.hubOffsetMs() ?? 0);
  let trouble: StoreTrouble | null = null;
  function onTrouble(next: StoreTrouble | null): void {
    trouble = next;
    tellStorage();
  }
  function tellStorage(): void {
    const code = trouble ?? (contradicting ? 'E-56' : restored > 0 ? 'E-55' : null);
    const state = code === null ? 'ok' : code === 'E-55' ? 'restored' : 'failing';
    face.set({ storage: { state, code } });
  }

  const stored = await readStore();
  async function readStore() {
    try {
      await outbox.load();
      for (const one of await state.cases()) cases.add(one);
      const found = {
        info: await state.get('info'),
        counters: await state.get('counters'),
        writerId: await state.get('writerId'),
        word: await state.get('hubWord'),
        cursor: await state.get('cursor'),
        bars: await state.bars(),
      };
      if (found.writerId !== null) leftAtStart = leftHere(await newestOf(found.writerId));
      // Last: whoever is on the roster may be admitted, so the bars must be known before.
      await roster.load();
      loaded = true;
      return found;
    } catch (error) {
      // The gate works on with the journal as its one copy and knows nobody; `storage` says so.
      if (!(error instanceof StoreError)) throw error;
      onTrouble(error.trouble);
      return { info: null, counters: null, writerId: null, word: null, cursor: null, bars: [] };
    }
  }
  async function newestOf(writerId: string): Promise<Envelope[]> {
    const { seq } = outbox.ends().get(writerId) ?? { seq: 0 };
    return outbox.read(writerId, Math.max(1, seq - readLimits.entries + 1), readLimits.entries);
  }
  let latest: Hello | null = null;
  let reading = false;
  /** The store answers again after it could not be read at the start. */
  async function readLate(): Promise<void> {
    if (reading) return;
    reading = true;
    const late = await readStore().finally(() => {
      reading = false;
    });
    hub.restoreBars(late.bars);
    leftAtStart.forEach(tell);
    hub.uploader.wake('link');
    if (late.word !== null && face.state().hub.lastSeenWallMs === null) onWord(late.word);
    tellRoster();
  }
  const wasEmpty = loaded && outbox.ends().size === 0;
  face.set({ info: stored.info });
  const numbers = createCaseNumbers(stored.counters, clocks.wallMs);

  const link = createDeviceLink({
    connect: deps.connect,
    clocks,
    random: deps.random,
    writer: () => recorder.end(),
    onState(next) {
      face.set({ bridge: next });
      if (next !== 'online') journal.onLost();
    },
    onHello: greeted,
    onSignal: passOn,
    onWord: hear,
    onSigned: (signed) => {
      if (signed.error === null) tellPosts(signed);
    },
  });
  const journal = createJournalSync({
    ledger: outbox,
    link,
    clocks,
    isReferral: (envelope) => checkOf(envelope)?.raisesCase ?? false,
    onTaken,
    onFault,
  });
  const recorder = createRecorder({
    save: outbox.save,
    offer: journal.offer,
    last: (stored.writerId === null ? undefined : outbox.ends().get(stored.writerId)) ?? null,
    clocks,
    randomBytes: deps.randomBytes,
    head: () => ({
      station: face.state().info?.id ?? 'st-unknown',
      hubOffsetMs: watch.hubOffsetMs(),
      onDuty: face.state().posts.duty?.staffId ?? null,
    }),
  });

  const told = new Set<(event: HubTold) => void>();
  const tell = (event: HubTold): void => {
    for (const listener of told) listener(event);
  };
  const visitors = createVisitorPost({ fetch: deps.fetch, state, onFault });
  const hub = createHubDesk({
    fetch: deps.fetch,
    clocks,
    random: deps.random,
    outbox,
    state,
    roster,
    cases,
    bars: stored.bars,
    cursor: stored.cursor,
    word: stored.word,
    onSight,
    onWord,
    onRoster: tellRoster,
    onTold: tell,
    onFault,
  });
  const facts = createFactsDesk({
    roster,
    bars: hub.bars,
    caseOpen: cases.openFor,
    direction: () => face.state().info?.direction ?? 'in',
    days: () => possibleDays(watch.sight(floorMs)),
    onFault,
  });

  const taps = new Set<(tap: GateTap) => void>();
  const guardCards = new Set<(staffId: string) => void>();
  const samples = new Set<(sample: GateSample) => void>();

  if (stored.word !== null) onWord(stored.word);
  tellRoster();
  tellToday();
  tellStorage();
  let cancelWatch = (): void => {};
  function watchOn(): void {
    cancelWatch = clocks.after(limits.watchMs, () => {
      lookAtClock();
      tellToday();
      // On the watch, not at once: a store of which one part can be read and another never must not be read without a pause.
      if (trouble === null && !loaded) readLate().catch(onFault);
      watchOn();
    });
  }
  watchOn();

  function lookAtClock(): void {
    const jumpMs = watch.look();
    if (jumpMs !== null) recorder.write({ kind: 'clock-jump', jumpMs }, () => ({ referral: false }), null);
    face.set({ clockUnsure: watch.unsure() });
  }

  function tellToday(): void {
    const today = numbers.today(campusDay(clocks.wallMs()));
    const counts = numbers.shift(sinceDuty());
    const known = face.state().shiftCounts;
    const same = verdicts.every((verdict) => counts[verdict] === known[verdict]);
    face.set({ todayCount: today, shiftCounts: same ? known : counts });
  }

  function sinceDuty(): number | null {
    return face.state().posts.duty?.sinceWallMs ?? null;
  }

  /** A bridge of before knows the duty post alone. */
  function tellPosts({ posts, signedIn }: Pick<Hello, 'posts' | 'signedIn'>): void {
    const now = posts ?? { duty: signedIn && { ...signedIn, sinceWallMs: 0 }, prevention: null };
    face.set({ posts: now, signedIn: now.duty ?? now.prevention });
    tellToday();
  }

  function tellRoster(): void {
    face.set({ roster: { ...roster.state(), ready: roster.state().version > 0 } });
  }

  function onSight(sight: HubSight): void {
    if (sight.offsetMs !== null) watch.hearHub(sight.offsetMs);
    if (sight.state === 'online') visitors.wake();
    const seen = sight.state === 'online' ? clocks.wallMs() : face.state().hub.lastSeenWallMs;
    face.set({
      hub: { state: sight.state, lastSeenWallMs: seen, offsetMs: watch.hubOffsetMs() },
      clockUnsure: watch.unsure(),
    });
  }

  function onWord(word: HubWord): void {
    floorMs = Math.max(word.hubMs ?? 0, floorMs ?? 0) || null;
    face.set({
      campus: word.campus.mode,
      clinic: word.clinic,
      notices: word.notices ?? [],
      phones: word.phones ?? face.state().phones,
      regions: word.regions ?? face.state().regions,
      policy: usable(word) ?? face.state().policy,
    });
  }

  /** A policy that breaks its own bounds is not followed: the last good one stays in force. */
  function usable(word: HubWord): GatePolicy | null {
    try {
      return gatePolicyOf(word.policy.document, word.policy.version);
    } catch (error) {
      onFault(error);
      return null;
    }
  }

  function greeted(hello: Hello): void {
    const info: StationInfo = { ...hello.station, simulated: hello.simulated };
    const { clinic } = face.state();
    const { devices, guards } = hello;
    tellPosts(hello);
    face.set({
      info,
      devices,
      guards,
      clinic: clinic.phone === '' ? { ...clinic, phone: info.clinicPhone } : clinic,
    });
    state.put('info', info).catch(onFault);
    hub.hurry();
    const before = hello.journal.at(-1)?.writerId ?? null;
    const last = recorder.end()?.writerId ?? null;
    // Nothing to compare on either side, or nothing left on ours: a writer of our own begins at once and tells the hub why.
    if (!recorder.trusted() && last === null && loaded) {
      recorder.begin(wasEmpty && before !== null ? 'store-lost' : 'first', before);
      if (before === null) numbers.settle();
    }
    latest = hello;
    compare(hello, last);
  }

  /** Again when the store could not take back what the journal holds: a full disk gets room without a new hello. */
  function compare(hello: Hello, last: string | null): void {
    const again = (error: unknown): void => {
      onFault(error);
      clocks.after(limits.compareMs, () => {
        if (hello === latest && link.state() === 'online') compare(hello, last);
      });
    };
    journal.onHello(hello.journal).then((compared) => settleComparison(compared, last), again);
  }

  function settleComparison(compared: Compared, last: string | null): void {
    restored += compared.taken;
    if (compared.contradicting.length > 0) contradicting = true;
    tellStorage();
    const end = last === null ? undefined : outbox.ends().get(last);
    if (end !== undefined && compared.complete && !compared.contradicting.includes(end.writerId)) recorder.trust(end);
    if (compared.complete) numbers.settle();
    if (compared.taken > 0) hub.uploader.wake('link');
  }

  function onTaken(envelopes: readonly Envelope[]): void {
    leftHere(envelopes).forEach(tell);
    for (const envelope of envelopes) {
      const entry = checkOf(envelope);
      const raised = entry === null ? null : caseOf(entry, envelope.entryId);
      if (raised === null) continue;
      numbers.seen(raised.caseNo);
      const recent = clocks.wallMs() - raised.wallMs < caseLimits.namelessMs;
      if (raised.personId === null && !recent) continue;
      // Until the hub has answered for it, this person is barred here.
      cases.add(raised);
      state.putCase(raised).catch(onFault);
    }
  }

  function passOn(heard: Signal): void {
    if (heard.type === 'tap') {
      const { staffId } = heard;
      if (staffId !== undefined && guardCards.size > 0) for (const listener of guardCards) listener(staffId);
      else for (const listener of taps) listener({ atMs: heard.atMs, uid: heard.uid, printed: heard.printed });
    } else {
      const { type: _type, n: _n, expiresAtMs: _expiresAtMs, ...sample } = heard;
      for (const listener of samples) listener(sample);
    }
  }

  function hear(word: Word): void {
    if (word.type === 'journaled') journal.onJournaled(word.entryId);
    else if (word.type === 'not-journaled') journal.onNotJournaled(word.entryId);
    else if (word.type === 'pulse') journal.onPulse(word.entryId, word.outcome);
    else face.set({ devices: withStatus(face.state().devices, word.status) });
  }

  function record(body: EntryBody, open?: { notAfterMs: number }): ReturnType<Station['record']> {
    lookAtClock();
    let full: EntryBody = body;
    const urgent = asksTheHub(body);
    let meta: Marks['meta'] = [];
    if (body.kind === 'check') {
      const next = numbers.next(
        campusDay(clocks.wallMs()),
        { raises: body.raisesCase, verdict: body.verdict, sinceWallMs: sinceDuty() },
        face.state().info?.code ?? 'G',
      );
      full = { ...body, caseNo: next.caseNo };
      meta = [['counters', next.counters]];
    }
    const marks = (head: EntryHead, entryId: string): Marks => {
      const raised = caseOf({ ...head, ...full }, entryId);
      return raised === null ? { referral: urgent, meta } : { referral: true, case: raised, meta };
    };
    const written = recorder.write(full, marks, open ?? null);
    const raised = caseOf(written.entry, written.envelope.entryId);
    // Barred here at once, whatever becomes of the copies.
    if (raised !== null) cases.add(raised);
    tellToday();
    // A referral is sent as soon as one copy lies anywhere, the rest from the page's disk.
    if (raised !== null || urgent) written.first.then(() => hub.uploader.wake('referral'), onFault);
    else written.page.then(() => hub.uploader.wake('entry'), onFault);
    return {
      entryId: written.envelope.entryId,
      caseNo: raised?.caseNo ?? null,
      first: written.first,
      final: written.final,
      pulse: written.pulse,
    };
  }

  return {
    state: face.state,
    onChange: face.onChange,
    ...facts,
    onTap: (listener) => subscribe(taps, listener),
    onSample: (listener) => subscribe(samples, listener),
    onGuardCard: (listener) => subscribe(guardCards, listener),
    stampPrinted: (printed) => void link.send({ type: 'stamp', printed }),
    record,
    async signIn(staffId, pin, roster, byCard) {
      const signed = await link.sign({ type: 'sign-in', staffId, pin, roster, byCard });
      return signed === null
        ? { error: 'no-bridge', retryInMs: 0 }
        : { error: signed.error, retryInMs: signed.retryInMs };
    },
    async countersign(staffId, pin, passageId) {
      const said = await link.ask((id) => ({ type: 'countersign', id, passageId, staffId, pin }));
      return said?.type === 'countersigned' ? said : { error: 'no-bridge', retryInMs: 0 };
    },
    async slipOf(entryId) {
      const said = await link.ask((id) => ({ type: 'slip', id, entryId }));
      return said?.type === 'slip' ? said.slip : null;
    },
    onTold(listener) {
      leftAtStart.forEach(listener);
      return subscribe(told, listener);
    },
    keepVisitor: visitors.keep,
    signOut: (roster) => void link.send({ type: 'sign-out', roster }),
    reconnect: (deviceId) => void link.send({ type: 'reconnect', deviceId }),
    setBusy: hub.uploader.setBusy,
    uploadNow: () => hub.uploader.wake('user'),
    hurry: hub.hurry,
    stop() {
      cancelWatch();
      hub.stop();
      link.stop();
      db.close();
      deps.lock.release();
    },
  };
}

/** What somebody at the hub is to decide while the person stands here, and what ends that. */
function asksTheHub(body: EntryBody): boolean {
  if (body.kind !== 'check') return body.kind === 'visitor' || body.kind === 'override';
  return body.verdict === 'hold' && body.reason !== 'questions-due' && body.reason !== 'unknown-card';
}

function withStatus(devices: readonly DeviceStatus[], status: DeviceStatus): DeviceStatus[] {
  const known = devices.some((one) => one.deviceId === status.deviceId);
  return known ? devices.map((one) => (one.deviceId === status.deviceId ? status : one)) : [...devices, status];
}
