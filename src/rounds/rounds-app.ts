// From an empty tablet to a running round: one page a browser, sign-in, enrolment by pairing code, then the round. Called by main.tsx.
import { signal } from '@preact/signals';
import { defaultPolicy } from '../domain/policy.ts';
import { roundsTexts } from '../i18n/rounds.ts';
import { createDatabase, StoreError } from '../store/db.ts';
import type { Connect } from '../sync/device-link.ts';
import { enrolPage, makePageKey } from '../sync/page-key.ts';
import type { Clocks } from '../sync/timers.ts';
import type { HubSight } from '../sync/uploader.ts';
import type { Failure } from '../ui/desk/failure.ts';
import type { Tone } from '../ui/tones.ts';
import { createRounds, type Rounds, limits as roundsLimits } from './rounds-controller.ts';
import { type Asked, createRoundsHub, type Staff } from './rounds-hub.ts';
import { createTabletDevices, type TabletDevices } from './tablet-devices.ts';
import { openTabletLedger, type TabletLedger } from './tablet-ledger.ts';
import { createTabletStore, type Tablet } from './tablet-store.ts';

export const lateReasonKeys = ['late-1', 'late-2', 'late-3', 'late-4', 'late-5', 'late-6'] as const;

export type Screen =
  | { at: 'starting' | 'second-page' }
  | { at: 'store-failed'; code: string }
  | { at: 'sign-in'; over: boolean }
  | { at: 'enrol'; name: string }
  | { at: 'round'; rounds: Rounds };
export type RoundsApp = ReturnType<typeof createRoundsApp>;

export type AppDeps = {
  fetch: typeof fetch;
  clocks: Clocks;
  random(): number;
  randomBytes(count: number): Uint8Array;
  databaseName: string;
  /** False in a second page of the same browser: it must not touch the store. */
  lockHeld: boolean;
  /** The bridge's socket where a bridge serves the page; null where the hub does. */
  connectBridge: Connect | null;
  sound(tone: Tone): void;
  onFault(error: unknown): void;
};

export function createRoundsApp(deps: AppDeps) {
  const { clocks } = deps;
  const screen = signal<Screen>({ at: deps.lockHeld ? 'starting' : 'second-page' });
  /** The hub was away when somebody wanted to sign out. */
  const staysSignedIn = signal(false);
  const waiting = signal({ count: 0, unsaved: 0, failing: false });
  const sight = signal<HubSight['state'] | null>(null);
  /** A one-time password is used up: a lasting one must be set now. */
  const mustSetPassword = signal(false);
  const db = createDatabase({ name: deps.databaseName, after: clocks.after, onTrouble: () => undefined });
  const store = createTabletStore(db);
  const hub = createRoundsHub({ fetch: deps.fetch, clocks });
  let staff: Staff | null = null;
  let tablet: Tablet | null = null;
  let ledger: TabletLedger | null = null;
  let rounds: Rounds | null = null;
  /** From the first round on; null without a bridge. */
  const devices = signal<TabletDevices | null>(null);

  /** To whatever is missing next. */
  async function goOn(): Promise<void> {
    if (staff === null) {
      screen.value = { at: 'sign-in', over: false };
      return;
    }
    if (tablet === null) {
      screen.value = { at: 'enrol', name: staff.name };
      return;
    }
    ledger ??= await openLedger(tablet);
    rounds?.stop();
    rounds = createRounds({
      ...{ hub, store, ledger, clocks, staff, waiting, sight, sound: deps.sound, onFault: deps.onFault },
      token: tablet.token,
      lateReasons: lateReasonKeys.map((key) => roundsTexts.tIn('zh', key)),
      onSignedOut: () => undefined,
    });
    const started = rounds.start();
    screen.value = { at: 'round', rounds };
    devices.value ??= openDevices();
    await started;
  }

  function openDevices(): TabletDevices | null {
    if (deps.connectBridge === null) return null;
    // Under the sheet for a new password, or before a sign-in, lies no round that could take a reading.
    const roundNow = () => (screen.value.at === 'round' && !mustSetPassword.value ? screen.value.rounds : null);
    return createTabletDevices({
      ...{ connect: deps.connectBridge, clocks, random: deps.random },
      policy: () => rounds?.policy.value ?? defaultPolicy,
      onReading: (reading) => roundNow()?.press({ on: 'reading', reading }),
      onCard: (cards) => roundNow()?.press({ on: 'card', cards }),
    });
  }

  function openLedger({ station, token, key }: Tablet): Promise<TabletLedger> {
    return openTabletLedger({
      ...{ db, store, clocks, fetch: deps.fetch, random: deps.random, randomBytes: deps.randomBytes },
      station: { id: station.id, token, key },
      // The bridge asks its own page for the cookie that it gave; the hub is told no session either way.
      credentials: deps.connectBridge === null ? 'omit' : 'same-origin',
      staffId: () => staff?.staffId ?? null,
      onWaiting: ({ count, unsaved, failing }) => {
        waiting.value = { count, unsaved, failing };
      },
      onSight: ({ state }) => {
        sight.value = state;
      },
      onSettled: () => rounds?.settled(),
      onFault: deps.onFault,
    });
  }

  async function remember(who: Staff): Promise<void> {
    mustSetPassword.value = who.once === true;
    await store.put('staff', { staffId: who.staffId, name: who.name, role: who.role, atMs: clocks.wallMs() });
  }

  async function begin(): Promise<void> {
    tablet = await store.tablet();
    // What lies here from before goes to the hub whoever signs in next.
    if (tablet !== null) ledger = await openLedger(tablet);
    const kept = await store.get('staff');
    const session = await hub.session();
    if (session.ok) staff = session.data;
    else if (kept !== null && clocks.wallMs() - kept.atMs < roundsLimits.staffMs) staff = kept;
    if (session.ok && staff !== null) await remember(staff);
    await goOn();
  }

  return {
    ...{ screen, staysSignedIn, waiting, sight, mustSetPassword, devices },
    async start(): Promise<void> {
      if (!deps.lockHeld) return;
      try {
        await begin();
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        screen.value = { at: 'store-failed', code: error.trouble };
      }
    },
    async signIn(name: string, password: string): Promise<Failure | null> {
      const answer = await hub.signIn(name, password);
      if (!answer.ok || answer.data === null) return failureOf(answer);
      staysSignedIn.value = false;
      staff = answer.data;
      await remember(staff);
      await goOn();
      return null;
    },
    async setPassword(present: string | null, fresh: string): Promise<Failure | null> {
      const answer = await hub.setPassword(present, fresh);
      return answer.ok ? null : failureOf(answer);
    },
    signInAgain(): void {
      screen.value = { at: 'sign-in', over: true };
    },
    async signOut(): Promise<void> {
      const answer = await hub.signOut();
      staysSignedIn.value = !answer.ok && answer.why === 'away';
      if (staysSignedIn.value) return;
      rounds?.stop();
      rounds = null;
      staff = null;
      await store.forgetPeople();
      screen.value = { at: 'sign-in', over: false };
    },
    async enrol(code: string): Promise<Failure | null> {
      let key = await store.pendingKey();
      try {
        key ??= await makePageKey();
      } catch {
        // The one reason that Chromium gives: it does not know Ed25519 yet.
        const { tIn } = roundsTexts;
        return { why: 'refused', sentence: { zh: tIn('zh', 'no-ed25519'), en: tIn('en', 'no-ed25519') } };
      }
      // Kept first: should the answer get lost, the same key may ask again.
      await store.keepPendingKey(key);
      const answer = await enrolPage(deps.fetch, clocks, key, code);
      if (!answer.ok) return answer.why === 'away' ? { why: 'unreached' } : { why: 'refused', sentence: answer.why };
      tablet = { station: answer.station, token: answer.token, publicKey: key.publicKey, key };
      await store.keepTablet(tablet);
      await goOn();
      return null;
    },
    /** Something lies in this page alone, so that a reload would lose it: a value begun, an open panel, an entry not written yet. */
    isHalfEntered(): boolean {
      if (waiting.value.unsaved > 0) return true;
      if (screen.value.at !== 'round') return false;
      const { typed, panel } = screen.value.rounds.keys.value;
      return typed !== '' || panel !== 'none';
    },
    hurry(): void {
      ledger?.hurry();
      rounds?.hurry();
    },
    stop(): void {
      devices.value?.stop();
      ledger?.stop();
      rounds?.stop();
      db.close();
    },
  };
}

function failureOf(answer: Asked<unknown>): Failure {
  return !answer.ok && answer.why === 'refused' ? { why: 'refused', sentence: answer.sentence } : { why: 'unreached' };
}
