// The rounds page's state and what may be done to it: who works, which building, which bed, what was entered and what of it the hub
// has. Keys are taken at once and in order; everything slow (store, network) goes on behind them. Called by main.tsx and the components.
import { batch, computed, type ReadonlySignal, signal } from '@preact/signals';
import type { NoticesAnswer } from '../contracts/notice.ts';
import { policyOf } from '../contracts/policy.ts';
import { limits as contractLimits, type RoundSheet, type RoundsAnswer } from '../contracts/rounds.ts';
import { storedReadingOf } from '../domain/check-body.ts';
import { defaultPolicy, type Policy } from '../domain/policy.ts';
import type { Reading } from '../domain/reading.ts';
import { type MissingReason, type RoundKey, type RoundSymptom, roundSymptoms } from '../domain/round.ts';
import { raiseOf } from '../domain/round-raise.ts';
import { valueClass } from '../domain/round-value.ts';
import { roundAt, type Timing, timingOf, type WindowTimes, windowTimes } from '../domain/round-window.ts';
import type { Clocks } from '../sync/timers.ts';
import type { HubSight } from '../sync/uploader.ts';
import type { Tone } from '../ui/tones.ts';
import { type Pasted, pastedRows, limits as pasteLimits } from './pasted-column.ts';
import { type Bed, type Book, makeBook, tileOf } from './round-book.ts';
import { firstKeys, type KeyEffect, type KeyFacts, type KeyInput, type KeyState, pressed } from './round-keys.ts';
import {
  absenceBody,
  type Context,
  closeBody,
  foundBody,
  type How,
  lowsOf,
  markBody,
  secondBody,
  symptomsBody,
  undoBody,
  type Wanted,
} from './round-writer.ts';
import type { RoundsHub, Sentence, Staff } from './rounds-hub.ts';
import { scopesOf } from './scopes.ts';
import type { Own, TabletLedger } from './tablet-ledger.ts';
import type { TabletStore } from './tablet-store.ts';

export const limits = {
  /** With the hub away the sheet is asked for less often than `contractLimits.pollMs`. */
  awayPollMs: 5_000,
  placesEveryMs: 10_000,
  policyEveryMs: 600_000,
  noticesEveryMs: 60_000,
  tickMs: 5_000,
  /** Without network the manager who signed in last goes on for so long: a day's two rounds and the night between. */
  staffMs: 36 * 3_600_000,
  noteChars: 200,
  /** So long a reading of the thermometer waits for Enter. A guess: a name is read out and looked for in less. */
  readingMs: 60_000,
} as const;

export type Place = RoundsAnswer['places'][number];
export type Found = { room: string; note: string; tenths: number | null };
export type Trouble = 'no-room';

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

type Held = { sheet: RoundSheet; version: string | null; asOfMs: number };

export function createRounds(deps: RoundsDeps) {
  const { hub, store, ledger, clocks } = deps;
  const policy = signal<Policy>(defaultPolicy);
  const hubOffsetMs = signal(0);
  const now = signal(clocks.wallMs());
  const scopes = scopesOf(deps.staff.role);
  const scope = signal<RoundKey['scope']>(scopes[0] ?? 'building');
  const place = signal<string | null>(null);
  const places = signal<readonly Place[]>([]);
  const held = signal<Held | null>(null);
  /** A new list with every own entry and every receipt: the book is made anew. */
  const own = signal<readonly Own[]>([...ledger.own()]);
  const keys = signal<KeyState>(firstKeys);
  const onlyDue = signal(true);
  const how = signal<How>('infrared');
  const isAway = signal(false);
  const sessionOver = signal(false);
  const refused = signal<Sentence | null>(null);
  const trouble = signal<Trouble | null>(null);
  /** Of the office, not yet read by this manager. */
  const notices = signal<NoticesAnswer['notices']>([]);
  const pasted = signal<Pasted | null>(null);
  const found = signal<Found>({ room: '', note: '', tenths: null });
  const reasons = signal<ReadonlyMap<string, MissingReason>>(new Map());
  let stopped = false;
  let cancelPoll = (): void => {};
  let cancelExpiry = (): void => {};
  let polling = false;
  let placesDueMs = 0;
  let policyDueMs = 0;
  let noticesDueMs = 0;

  /** Which round it is now, as text: signals compare by identity. */
  const roundName = computed(() => {
    const windows = scope.value === 'class' ? (['morning'] as const) : (['early', 'late'] as const);
    const { roundDay, window } = roundAt(now.value, windows, policy.value);
    return `${roundDay} ${window}`;
  });
  const key = computed<RoundKey | null>(() => {
    if (place.value === null) return null;
    const [roundDay = '', window = 'early'] = roundName.value.split(' ') as [string, RoundKey['window']];
    return { roundDay, window, scope: scope.value, place: place.value };
  });
  const times = computed<WindowTimes>(() => {
    const [roundDay = '', window = 'early'] = roundName.value.split(' ') as [string, RoundKey['window']];
    return windowTimes(roundDay, window, policy.value);
  });
  const timing = computed<Timing>(() => timingOf(now.value, times.value));

  const book = computed<Book | null>(() => {
    const at = key.value;
    const have = held.value;
    if (at === null || have === null || have.sheet.place !== at.place || have.sheet.scope !== at.scope) return null;
    const isSame = have.sheet.roundDay === at.roundDay && have.sheet.window === at.window;
    // A new round without the hub: the same residents, nothing entered yet.
    const rows = isSame ? have.sheet.people : have.sheet.people.map((row) => ({ ...row, records: [], gate: [] }));
    return makeBook({
      rows,
      sheet: isSame ? have.sheet : null,
      key: at,
      own: own.value,
      isUnsent: ledger.isUnsent,
      staffName: (staffId) => (staffId === deps.staff.staffId ? deps.staff.name : staffId),
      times: times.value,
      policy: policy.value,
    });
  });
  const at = computed(() => keys.value.at);
  const bed = computed<Bed | null>(() => (at.value === null ? null : (book.value?.byId.get(at.value) ?? null)));
  const shown = computed(() => shownOf(book.value, onlyDue.value, at.value));

  function factsNow(): KeyFacts {
    const here = book.value;
    const due = here?.secondDue ?? [];
    return {
      beds: shown.value.map((one) => ({ personId: one.row.personId, room: tileOf(one) })),
      isDue: (personId) => here?.byId.get(personId)?.isDue ?? false,
      onlyDue: onlyDue.value,
      judge: judged,
      byCard: (cards) => cardHolder(here, cards),
      needsReason: timing.value === 'very-late',
      undo: here?.undo ?? null,
      secondDue: due.map(({ personId }) => personId),
      symptoms: roundSymptoms,
      lateReasons: deps.lateReasons,
    };
  }

  function judged(tenths: number, byHand: boolean): ReturnType<KeyFacts['judge']> {
    const value = valueClass(tenths, policy.value);
    if (value === 'abnormal') return tenths >= policy.value.urgentTenths ? 'urgent' : 'fever';
    // The second low value by hand is a referral like a fever: this person cannot be measured here.
    const lows = bed.value === null ? 0 : lowsOf(bed.value, policy.value);
    return value === 'low' && raiseOf({ tenths, byHand, symptoms: [] }, lows, policy.value) ? 'fever' : value;
  }

  function context(): Context | null {
    const round = key.value;
    if (round === null) return null;
    const lateReason = timing.value === 'very-late' ? keys.value.lateReason : null;
    return { key: round, by: deps.staff.staffId, policy: policy.value, lateReason, how: how.value };
  }

  function write({ body, raisesCase }: Wanted): void {
    const written = ledger.write(body, raisesCase);
    own.value = [...ledger.own()];
    if (written === null) {
      trouble.value = 'no-room';
      deps.sound('fault');
      return;
    }
    written.saved
      .then((isSaved) => {
        // The line in red stands as long as the store refuses; it tries again by itself.
        if (!isSaved) deps.sound('fault');
      })
      .catch(deps.onFault);
  }

  function act(effect: KeyEffect): void {
    if (effect.do === 'tone') {
      deps.sound(effect.tone);
      return;
    }
    const with_ = context();
    if (with_ === null) return;
    const bedOf = (personId: string) => book.value?.byId.get(personId);
    switch (effect.do) {
      case 'mark': {
        const one = bedOf(effect.personId);
        if (one !== undefined) write(markBody(one, effect.tenths, with_, evidenceOf(effect.reading)));
        break;
      }
      case 'symptoms': {
        const one = bedOf(effect.personId);
        const named = roundSymptoms.filter((symptom): symptom is RoundSymptom => effect.symptoms.includes(symptom));
        if (one !== undefined) write(symptomsBody(one, named, with_));
        break;
      }
      case 'absence': {
        const one = bedOf(effect.personId);
        if (one !== undefined) write(absenceBody(one, effect.reason, with_));
        break;
      }
      case 'second': {
        const due = book.value?.secondDue.find(({ personId }) => personId === effect.personId);
        if (due === undefined) break;
        write(secondBody(due.personId, due.caseId, effect.tenths, with_, evidenceOf(effect.reading)));
        break;
      }
      case 'undo': {
        const undo = book.value?.undo;
        if (undo?.entryId === effect.entryId) write(undoBody(undo.entryId, undo.personId, with_));
        break;
      }
      case 'confirm':
        confirm(effect.panel, with_);
        break;
      default:
        effect satisfies never;
    }
  }

  const evidenceOf = (reading: Reading | undefined) => reading && storedReadingOf(reading, clocks.monoMs());

  function confirm(panel: KeyState['panel'], with_: Context): void {
    if (panel === 'paste') enterPasted(with_);
    if (panel === 'found') {
      write(foundBody(found.value, with_));
      const isHot = found.value.tenths !== null && valueClass(found.value.tenths, policy.value) === 'abnormal';
      deps.sound(isHot ? 'refer' : 'tick');
      found.value = { room: '', note: '', tenths: null };
    }
    if (panel === 'close' && book.value !== null) {
      const missing = book.value.beds
        .filter((one) => one.isDue)
        .map(({ row: { personId } }) => ({ personId, reason: reasons.value.get(personId) ?? ('unknown' as const) }));
      write(closeBody(book.value.figures, missing, with_));
      deps.sound('tick');
    }
  }

  function enterPasted(with_: Context): void {
    let isHot = false;
    for (const { personId, tenths, state } of pasted.value?.rows ?? []) {
      if (state !== 'good' || personId === null || tenths === null) continue;
      const one = book.value?.byId.get(personId);
      if (one === undefined || valueClass(tenths, policy.value) === 'invalid') continue;
      const wanted = markBody(one, tenths, with_);
      isHot ||= wanted.raisesCase;
      write(wanted);
    }
    pasted.value = null;
    deps.sound(isHot ? 'refer' : 'tick');
    goToFirst();
  }

  function press(input: KeyInput): void {
    batch(() => {
      const before = keys.value;
      const step = pressed(before, input, factsNow());
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
    const round = key.value;
    if (round === null) return;
    store
      .put('place', { scope: round.scope, place: round.place, personId: keys.value.at, onlyDue: onlyDue.value })
      .catch(deps.onFault);
  }

  function keepReason(reason: string | null): void {
    const round = key.value;
    if (round === null) return;
    const { roundDay, window } = round;
    store.put('lateReason', reason === null ? null : { roundDay, window, reason }).catch(deps.onFault);
  }

  /** To the first bed that is due when nobody, or somebody who is not there, is at hand. */
  function goToFirst(): void {
    const here = book.value;
    if (here === null) return;
    const stays = at.value !== null && here.byId.has(at.value) && (here.byId.get(at.value)?.isDue ?? false);
    if (stays) return;
    const first = here.beds.find((one) => one.isDue) ?? here.beds[0];
    if (first !== undefined && keys.value.typed === '') keys.value = { ...keys.value, at: first.row.personId };
  }

  async function choose(next: string, nextScope: RoundKey['scope']): Promise<void> {
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
      goToFirst();
    });
    keepPlace();
    hurry();
  }

  function heardOf(answer: { ok: boolean; why?: string }): boolean {
    if (answer.ok) {
      isAway.value = false;
      sessionOver.value = false;
      return true;
    }
    isAway.value = answer.why === 'away';
    if (answer.why === 'signed-out') {
      sessionOver.value = true;
      deps.onSignedOut();
    }
    return false;
  }

  function hearClock(offsetMs: number | null): void {
    if (offsetMs === null) return;
    ledger.hearHub(offsetMs);
    const isJump = Math.abs(offsetMs - hubOffsetMs.value) > limits.tickMs;
    hubOffsetMs.value = offsetMs;
    if (isJump) now.value = clocks.wallMs() + offsetMs;
  }

  async function askPlaces(): Promise<void> {
    const asked = scope.value;
    const answer = await hub.places(asked);
    // Turned to the other kind of round meanwhile: these are not its places.
    if (scope.value !== asked) return;
    if (!heardOf(answer) || !answer.ok) {
      if (!answer.ok && answer.why === 'refused') refused.value = answer.sentence;
      return;
    }
    placesDueMs = clocks.monoMs() + limits.placesEveryMs;
    batch(() => {
      refused.value = null;
      hearClock(answer.hubOffsetMs);
      places.value = answer.data.places;
    });
    const known = answer.data.places.some((one) => one.place === place.value);
    const first = answer.data.places[0];
    if (!known && first !== undefined) await choose(first.place, asked);
  }

  async function askSheet(): Promise<void> {
    const round = key.value;
    if (round === null) return;
    const have = held.value?.sheet;
    const isSame = have !== undefined && have.roundDay === round.roundDay && have.window === round.window;
    const answer = await hub.sheet(round, isSame ? (held.value?.version ?? null) : null);
    if (!answer.ok) {
      heardOf(answer);
      if (answer.why === 'refused') refused.value = answer.sentence;
      return;
    }
    heardOf(answer);
    if (key.value?.place !== round.place || key.value.scope !== round.scope) return;
    const asOfMs = clocks.wallMs();
    const { sheet, version } = answer.data;
    batch(() => {
      hearClock(answer.hubOffsetMs);
      if (sheet === null) {
        if (held.value !== null) held.value = { ...held.value, asOfMs };
        return;
      }
      held.value = { sheet, version, asOfMs };
      if (at.value === null || !book.value?.byId.has(at.value)) goToFirst();
    });
    if (sheet !== null) await store.keepSheet({ asOfMs, sheet });
  }

  async function askPolicy(): Promise<void> {
    const answer = await hub.policy(deps.token);
    if (!answer.ok) return;
    policyDueMs = clocks.monoMs() + limits.policyEveryMs;
    policy.value = policyOf(answer.data.document, answer.data.version);
    await store.put('policy', answer.data);
  }

  async function askNotices(): Promise<void> {
    const answer = await hub.notices();
    if (!answer.ok) return;
    noticesDueMs = clocks.monoMs() + limits.noticesEveryMs;
    notices.value = answer.data.notices.filter((one) => !one.read);
  }

  async function poll(): Promise<void> {
    if (polling || stopped) return;
    polling = true;
    cancelPoll();
    try {
      if (clocks.monoMs() >= policyDueMs) await askPolicy();
      if (!sessionOver.value) {
        if (clocks.monoMs() >= placesDueMs) await askPlaces();
        await askSheet();
        if (clocks.monoMs() >= noticesDueMs) await askNotices();
      }
    } catch (error) {
      deps.onFault(error);
    } finally {
      polling = false;
    }
    const waitMs = isAway.value || sessionOver.value ? limits.awayPollMs : contractLimits.pollMs;
    if (!stopped) cancelPoll = clocks.after(waitMs, () => void poll());
  }

  function hurry(): void {
    placesDueMs = 0;
    void poll();
  }

  function tick(): void {
    if (stopped) return;
    const before = roundName.value;
    now.value = clocks.wallMs() + hubOffsetMs.value;
    if (roundName.value !== before) {
      // The next round begins: nothing of the one before is carried over.
      keys.value = { ...firstKeys };
      reasons.value = new Map();
      goToFirst();
      hurry();
    }
    clocks.after(limits.tickMs, tick);
  }

  return {
    ...{ scopes, staff: deps.staff, waiting: deps.waiting, sight: deps.sight, lateReasons: deps.lateReasons },
    ...{ places, place, scope, held, book, bed, at, shown, keys, onlyDue, how, now, times, timing, key, policy },
    ...{ isAway, sessionOver, refused, trouble, notices, pasted, found, reasons },
    press,
    choose,
    hurry,
    /** Told to the hub; when that fails, the notice is shown again. */
    async readNotice(noticeId: string): Promise<void> {
      notices.value = notices.value.filter((one) => one.noticeId !== noticeId);
      await hub.readNotice(noticeId);
    },
    /** Reads what was kept, then asks the hub. */
    async start(): Promise<void> {
      const kept = { policy: await store.get('policy'), place: await store.get('place') };
      hearClock(await store.get('hubOffset'));
      if (kept.policy !== null) policy.value = policyOf(kept.policy.document, kept.policy.version);
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
        const isThis = lateReason !== null && `${lateReason.roundDay} ${lateReason.window}` === roundName.value;
        keys.value = { ...firstKeys, at: wanted?.personId ?? null, lateReason: isThis ? lateReason.reason : null };
        if (at.value === null || !book.value?.byId.has(at.value)) goToFirst();
      });
      clocks.after(limits.tickMs, tick);
      await poll();
    },
    /** An own entry was answered for, or the like: the screen's counts move. */
    settled(): void {
      own.value = [...ledger.own()];
    },
    setOnlyDue(next: boolean): void {
      onlyDue.value = next;
      keepPlace();
    },
    async setScope(next: RoundKey['scope']): Promise<void> {
      if (scope.value === next) return;
      batch(() => {
        scope.value = next;
        place.value = null;
        held.value = null;
        places.value = [];
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
      cancelPoll();
      cancelExpiry();
    },
  };
}

const pasteBed = ({ row }: Bed) => ({ personId: row.personId, name: row.name });

function shownOf(book: Book | null, onlyDue: boolean, at: string | null): Bed[] {
  return book?.beds.filter((one) => !onlyDue || one.isDue || one.row.personId === at) ?? [];
}

/** Nobody when the card is two people's. */
function cardHolder(book: Book | null, cards: readonly string[]): string | null {
  const asked = new Set(cards);
  const holders = book?.beds.filter(({ row }) => row.cards.some((card) => asked.has(card))) ?? [];
  const [only, ...others] = holders;
  return only === undefined || others.length > 0 ? null : only.row.personId;
}
