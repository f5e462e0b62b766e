// What may be done to a round, and what it is made of: keys are taken at once and in order (round-keys.ts, round-entries.ts), the hub is
// asked behind them (round-poll.ts), and where the round stood is kept. Called by rounds-app.ts, the key listener and the components.
import { batch, type ReadonlySignal } from '@preact/signals';
import { policyOf } from '../contracts/policy.ts';
import type { Reading } from '../domain/reading.ts';
import type { RoundScope } from '../domain/round.ts';
import type { Clocks } from '../sync/timers.ts';
import type { HubSight } from '../sync/uploader.ts';
import type { Tone } from '../ui/tones.ts';
import { pastedRows, limits as pasteLimits } from './pasted-column.ts';
import type { Bed } from './round-book.ts';
import { createRoundEntries } from './round-entries.ts';
import { factsOf } from './round-facts.ts';
import { firstKeys, type KeyInput, pressed } from './round-keys.ts';
import { createRoundPoll } from './round-poll.ts';
import { createRoundSignals } from './round-signals.ts';
import type { RoundsHub, Staff } from './rounds-hub.ts';
import type { TabletLedger } from './tablet-ledger.ts';
import type { TabletStore } from './tablet-store.ts';

export const limits = {
  tickMs: 5_000,
  /** Without network the manager who signed in last goes on for so long: a day's two rounds and the night between. */
  staffMs: 36 * 3_600_000,
  noteChars: 200,
  /** So long a reading of the thermometer waits for Enter. A guess: a name is read out and looked for in less. */
  readingMs: 60_000,
} as const;

export type Rounds = ReturnType<typeof createRounds>;

export type RoundsDeps = {
  hub: RoundsHub;
  store: TabletStore;
  /** Opened once the tablet is enrolled. */
  ledger: TabletLedger;
  token: string;
  clocks: Clocks;
  staff: Staff;
  /** Chinese texts of the reasons for a late entry: they are kept in the entry as they are shown. */
  lateReasons: readonly string[];
  waiting: ReadonlySignal<{ count: number; unsaved: number; failing: boolean }>;
  sight: ReadonlySignal<HubSight['state'] | null>;
  sound(tone: Tone): void;
  /** The session is over and the hub says so. */
  onSignedOut(): void;
  onFault(error: unknown): void;
};

export function createRounds(deps: RoundsDeps) {
  const { hub, store, ledger, clocks, staff, onFault } = deps;
  const round = createRoundSignals({ ledger, staff, nowMs: clocks.wallMs() });
  const { scopes, scope, place, places, noPlaces, held, keys, onlyDue, now, key, at, book, shown, reasons, pasted } =
    round;
  let hubOffsetMs = 0;
  let stopped = false;
  let cancelExpiry = (): void => {};

  const { act } = createRoundEntries({
    ...{ round, ledger, clocks, staffId: staff.staffId, sound: deps.sound, onFault },
  });
  const { poll, hurry, stop } = createRoundPoll({
    ...{ round, hub, store, token: deps.token, clocks, hearClock, choose, onSignedOut: deps.onSignedOut, onFault },
  });

  function press(input: KeyInput): void {
    batch(() => {
      const before = keys.value;
      const step = pressed(before, input, factsOf(round, deps.lateReasons));
      keys.value = step.state;
      for (const effect of step.effects) act(effect);
      if (step.state.reading !== before.reading) waitFor(step.state.reading);
      if (step.state.at !== before.at) keepPlace();
      if (step.state.lateReason !== before.lateReason) keepReason(step.state.lateReason);
    });
  }

  /** A reading that nobody enters is the face of a while ago. */
  function waitFor(reading: Reading | null): void {
    cancelExpiry();
    if (reading !== null) cancelExpiry = clocks.after(limits.readingMs, () => press({ on: 'expire' }));
  }

  function keepPlace(): void {
    const here = key.value;
    if (here === null) return;
    store
      .put('place', { scope: here.scope, place: here.place, personId: keys.value.at, onlyDue: onlyDue.value })
      .catch(onFault);
  }

  function keepReason(reason: string | null): void {
    const here = key.value;
    if (here === null) return;
    const { roundDay, window } = here;
    store.put('lateReason', reason === null ? null : { roundDay, window, reason }).catch(onFault);
  }

  async function choose(next: string, nextScope: RoundScope): Promise<void> {
    if (place.value === next && scope.value === nextScope) return;
    const before = scope.value;
    const kept = (await store.sheets()).find((one) => one.sheet.place === next && one.sheet.scope === nextScope);
    // Turned to the other kind of round while the store was read: that is the later wish.
    if (scope.value !== before) return;
    batch(() => {
      scope.value = nextScope;
      place.value = next;
      held.value = kept === undefined ? null : { sheet: kept.sheet, version: null, asOfMs: kept.asOfMs };
      keys.value = { ...firstKeys, lateReason: keys.value.lateReason };
      reasons.value = new Map();
      round.goToFirst();
    });
    keepPlace();
    hurry();
  }

  function hearClock(offsetMs: number | null): void {
    if (offsetMs === null) return;
    ledger.hearHub(offsetMs);
    const isJump = Math.abs(offsetMs - hubOffsetMs) > limits.tickMs;
    hubOffsetMs = offsetMs;
    if (isJump) now.value = clocks.wallMs() + offsetMs;
  }

  function tick(): void {
    if (stopped) return;
    const before = round.roundName.value;
    now.value = clocks.wallMs() + hubOffsetMs;
    if (round.roundName.value !== before) {
      // The next round begins: nothing of the one before is carried over.
      keys.value = { ...firstKeys };
      reasons.value = new Map();
      round.goToFirst();
      hurry();
    }
    clocks.after(limits.tickMs, tick);
  }

  return {
    ...{ staff, waiting: deps.waiting, sight: deps.sight, lateReasons: deps.lateReasons },
    ...{ scopes, scope, place, places, noPlaces, held, keys, onlyDue, now, key, at, book, shown, reasons, pasted },
    ...{ bed: round.bed, how: round.how, times: round.times, timing: round.timing, policy: round.policy },
    ...{ isAway: round.isAway, sessionOver: round.sessionOver, refused: round.refused, trouble: round.trouble },
    ...{ notices: round.notices, found: round.found },
    press,
    choose,
    hurry,
    /** Told to the hub; when that fails, the notice is shown again. */
    async readNotice(noticeId: string): Promise<void> {
      round.notices.value = round.notices.value.filter((one) => one.noticeId !== noticeId);
      await hub.readNotice(noticeId);
    },
    /** Reads what was kept, then asks the hub. */
    async start(): Promise<void> {
      const kept = { policy: await store.get('policy'), place: await store.get('place') };
      hearClock(await store.get('hubOffset'));
      if (kept.policy !== null) round.policy.value = policyOf(kept.policy.document, kept.policy.version);
      const sheets = await store.sheets();
      // Somebody else may have signed in since then.
      const wanted = kept.place !== null && scopes.includes(kept.place.scope) ? kept.place : null;
      const sheet = sheets.find((one) => one.sheet.place === wanted?.place && one.sheet.scope === wanted.scope);
      const lateReason = await store.get('lateReason');
      batch(() => {
        if (wanted !== null) {
          scope.value = wanted.scope;
          place.value = wanted.place;
          onlyDue.value = wanted.onlyDue;
        }
        if (sheet !== undefined) held.value = { sheet: sheet.sheet, version: null, asOfMs: sheet.asOfMs };
        const isThis = lateReason !== null && `${lateReason.roundDay} ${lateReason.window}` === round.roundName.value;
        keys.value = { ...firstKeys, at: wanted?.personId ?? null, lateReason: isThis ? lateReason.reason : null };
        if (at.value === null || !book.value?.byId.has(at.value)) round.goToFirst();
      });
      clocks.after(limits.tickMs, tick);
      await poll();
    },
    /** An own entry was answered for, or the like: the screen's counts move. */
    settled(): void {
      round.own.value = [...ledger.own()];
    },
    setOnlyDue(next: boolean): void {
      onlyDue.value = next;
      keepPlace();
    },
    async setScope(next: RoundScope): Promise<void> {
      if (scope.value === next) return;
      batch(() => {
        scope.value = next;
        place.value = null;
        held.value = null;
        places.value = [];
        noPlaces.value = false;
        keys.value = firstKeys;
      });
      hurry();
    },
    /** What was pasted is shown row by row; nothing is entered before it is confirmed. */
    paste(text: string): void {
      const here = book.value;
      if (here === null || text.trim() === '') return;
      const from = shown.value.findIndex((one) => one.row.personId === at.value);
      pasted.value = pastedRows(
        text.slice(0, pasteLimits.pasteChars),
        shown.value.slice(Math.max(0, from)).map(pasteBed),
        here.beds.map(pasteBed),
      );
      press({ on: 'open', panel: 'paste' });
    },
    stop(): void {
      stopped = true;
      cancelExpiry();
      stop();
    },
  };
}

const pasteBed = ({ row }: Bed) => ({ personId: row.personId, name: row.name });
