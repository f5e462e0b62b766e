// The state of a round as signals: what was chosen, what the hub told, what this tablet entered, and what follows from them. Called by the
// rounds controller, which hands it to its parts.
import { computed, signal } from '@preact/signals';
import type { NoticesAnswer } from '../contracts/notice.ts';
import type { RoundSheet, RoundsAnswer } from '../contracts/rounds.ts';
import { defaultPolicy, type Policy } from '../domain/policy.ts';
import type { MissingReason, RoundKey, RoundScope } from '../domain/round.ts';
import { roundAt, type Timing, timingOf, type WindowTimes, windowTimes } from '../domain/round-window.ts';
import type { Sentence } from '../ui/desk/failure.ts';
import type { Pasted } from './pasted-column.ts';
import { type Bed, type Book, makeBook } from './round-book.ts';
import { firstKeys, type KeyState } from './round-keys.ts';
import type { How } from './round-writer.ts';
import type { Staff } from './rounds-hub.ts';
import { scopesOf } from './scopes.ts';
import type { Own, TabletLedger } from './tablet-ledger.ts';

export type Place = RoundsAnswer['places'][number];
export type Found = { room: string; note: string; tenths: number | null };
export type Trouble = 'no-room';
/** A sheet of the hub; `asOfMs`: when it was last heard to hold, by this tablet's clock. */
export type Held = { sheet: RoundSheet; version: string | null; asOfMs: number };

export type RoundSignals = ReturnType<typeof createRoundSignals>;

/** `nowMs`: the wall clock at the start; the controller moves it on, corrected to the hub's. */
export function createRoundSignals(deps: {
  ledger: Pick<TabletLedger, 'own' | 'isUnsent'>;
  staff: Staff;
  nowMs: number;
}) {
  const { ledger, staff } = deps;
  /** The kinds of round that this person does; the first is where a round begins. */
  const scopes = scopesOf(staff.role);
  const policy = signal<Policy>(defaultPolicy);
  const now = signal(deps.nowMs);
  const scope = signal<RoundScope>(scopes[0] ?? 'building');
  const place = signal<string | null>(null);
  const places = signal<readonly Place[]>([]);
  /** The hub has answered that nothing is this person's: no building or class of theirs, or nobody in it on the roster. */
  const noPlaces = signal(false);
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

  /** Which round it is now, as text: signals compare by identity. */
  const roundName = computed(() => {
    const windows = scope.value === 'class' ? (['morning'] as const) : (['early', 'late'] as const);
    const { roundDay, window } = roundAt(now.value, windows, policy.value);
    return `${roundDay} ${window}`;
  });
  const key = computed<RoundKey | null>(() => {
    if (place.value === null) return null;
    return { ...parted(roundName.value), scope: scope.value, place: place.value };
  });
  const times = computed<WindowTimes>(() => {
    const { roundDay, window } = parted(roundName.value);
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
      staffName: (staffId) => (staffId === staff.staffId ? staff.name : staffId),
      times: times.value,
      policy: policy.value,
    });
  });
  const at = computed(() => keys.value.at);
  const bed = computed<Bed | null>(() => (at.value === null ? null : (book.value?.byId.get(at.value) ?? null)));
  const shown = computed<Bed[]>(
    () => book.value?.beds.filter((one) => !onlyDue.value || one.isDue || one.row.personId === at.value) ?? [],
  );

  /** To the first bed that is due when nobody, or somebody who is not there, is at hand. */
  function goToFirst(): void {
    const here = book.value;
    if (here === null) return;
    const stays = at.value !== null && here.byId.has(at.value) && (here.byId.get(at.value)?.isDue ?? false);
    if (stays) return;
    const first = here.beds.find((one) => one.isDue) ?? here.beds[0];
    if (first !== undefined && keys.value.typed === '') keys.value = { ...keys.value, at: first.row.personId };
  }

  return {
    ...{
      scopes,
      policy,
      now,
      scope,
      place,
      places,
      noPlaces,
      held,
      own,
      keys,
      onlyDue,
      how,
      isAway,
      sessionOver,
      refused,
    },
    ...{ trouble, notices, pasted, found, reasons, roundName, key, times, timing, book, at, bed, shown, goToFirst },
  };
}

function parted(roundName: string): Pick<RoundKey, 'roundDay' | 'window'> {
  const [roundDay = '', window = 'early'] = roundName.split(' ') as [string, RoundKey['window']];
  return { roundDay, window };
}
