// The keyboard of a dorm round as a pure machine: which key does what to which bed. It knows no clock, no screen and no store;
// what is to be done comes out as data. Called by the rounds controller.
import { type Reading, tenthsOf } from '../domain/reading.ts';

export const limits = {
  /** A fourth digit is a slip that must be seen, not swallowed. */
  typed: 4,
} as const;

export type Judged = 'invalid' | 'low' | 'normal' | 'borderline' | 'fever' | 'urgent';
export type AbsenceKey = 'leave' | 'not-in-room' | 'at-clinic';
export type Panel = 'none' | 'find' | 'symptoms' | 'refer' | 'late' | 'close' | 'paste' | 'found' | 'keys';

export type KeyBed = { personId: string; room: string };
/** What the machine looks up; it is given anew with each key. */
export type KeyFacts = {
  /** The beds that are shown, in the order of the walk. */
  beds: readonly KeyBed[];
  /** Still to be measured: not measured, not absent. */
  isDue(personId: string): boolean;
  /** With the filter on, the next bed is the next one due; without it, the next of the walk. */
  onlyDue: boolean;
  /** `byHand`: typed, or by contact. */
  judge(tenths: number, byHand: boolean): Judged;
  /** Who has the one card that is called so ('uid:HEX', 'printed:DIGITS'). */
  byCard(cards: readonly string[]): string | null;
  /** The round is over for so long that an entry needs a reason. */
  needsReason: boolean;
  /** Own entry that is undone next; null when there is none. */
  undo: { entryId: string; personId: string } | null;
  /** Fevers of this round without a second reading, oldest first. */
  secondDue: readonly string[];
  symptoms: readonly string[];
  lateReasons: readonly string[];
};

export type KeyState = {
  /** personId of the bed at hand; null in an empty building. */
  at: string | null;
  typed: string;
  /** What is shown as typed came from the tablet's thermometer; null when somebody typed it. */
  reading: Reading | null;
  /** The value being typed is the second, contact reading of the bed at hand. */
  isSecond: boolean;
  panel: Panel;
  /** Chosen in the panel of symptoms. */
  chosen: readonly string[];
  lateReason: string | null;
  /** The key that waits for the reason, and the panel it was pressed in. */
  held: { input: KeyInput; panel: Panel } | null;
  /** Counts refusals, so that each one shakes; `why` is told beside the value until the next key. */
  refusals: number;
  why: Refused | null;
};
export type Refused =
  | 'digits'
  | 'range'
  | 'low'
  | 'card'
  | 'nobody'
  | 'nothing-to-undo'
  | 'no-second'
  | 'reason'
  | 'contact-only'
  | 'covered'
  | 'old';

export type KeyInput =
  | { on: 'digit'; digit: string }
  /** 'a' is the first of the late reasons. */
  | { on: 'letter'; letter: string }
  | { on: 'enter' }
  | { on: 'back' }
  | { on: 'escape' }
  | { on: 'move'; to: 'up' | 'down' | 'left' | 'right' }
  | { on: 'go'; personId: string }
  | { on: 'open'; panel: Panel }
  | { on: 'absent'; reason: AbsenceKey }
  | { on: 'choose'; symptom: string }
  | { on: 'reason'; reason: string }
  | { on: 'second' }
  /** The one act of the panel that is open: enter what was pasted, close the round, keep who was found. */
  | { on: 'confirm' }
  | { on: 'undo' }
  | { on: 'card'; cards: readonly string[] }
  /** From the thermometer: shown for the bed at hand, entered by Enter. */
  | { on: 'reading'; reading: Reading }
  /** A reading has waited for Enter too long. */
  | { on: 'expire' };

export type KeyEffect =
  /** `reading`: from the thermometer; without it the value was typed. */
  | { do: 'mark'; personId: string; tenths: number; reading?: Reading }
  | { do: 'second'; personId: string; tenths: number; reading?: Reading }
  | { do: 'absence'; personId: string; reason: AbsenceKey }
  | { do: 'symptoms'; personId: string; symptoms: readonly string[] }
  | { do: 'undo'; entryId: string }
  | { do: 'confirm'; panel: Panel }
  | { do: 'tone'; tone: 'tick' | 'again' | 'refer' };

export type Step = { state: KeyState; effects: readonly KeyEffect[] };

export const firstKeys: KeyState = {
  ...{ at: null, typed: '', reading: null, isSecond: false, panel: 'none', chosen: [], lateReason: null, held: null },
  ...{ refusals: 0, why: null },
};

/** One key. Nothing is ever dropped in silence: a key without effect here has none on screen either. */
export function pressed(state: KeyState, input: KeyInput, facts: KeyFacts): Step {
  switch (input.on) {
    case 'digit':
      return digit(state, input.digit, facts);
    case 'letter': {
      const reason = state.panel === 'late' ? facts.lateReasons[input.letter.charCodeAt(0) - 97] : undefined;
      return reason === undefined ? still(state) : pressed(state, { on: 'reason', reason }, facts);
    }
    case 'enter':
      return enter(state, facts);
    case 'back':
      return still({
        ...state,
        typed: state.reading === null ? state.typed.slice(0, -1) : '',
        reading: null,
        why: null,
      });
    case 'escape':
      return still(gone(state, state.at));
    case 'move':
      return still(gone(state, moved(state, input.to, facts)));
    case 'go':
      return still(gone(state, input.personId));
    case 'open':
      return still({ ...state, panel: input.panel, typed: '', reading: null, chosen: [], held: null, why: null });
    case 'absent':
      return withReason(state, input, facts, (at) => [{ do: 'absence', personId: at, reason: input.reason }]);
    case 'choose':
      return still({ ...state, chosen: toggled(state.chosen, input.symptom) });
    case 'reason': {
      const { held } = state;
      const known = { ...state, lateReason: input.reason, panel: held?.panel ?? 'none', held: null };
      return held === null ? still(known) : pressed(known, held.input, facts);
    }
    case 'second': {
      const due = facts.secondDue.find((one) => one === state.at) ?? facts.secondDue[0];
      if (due === undefined) return refused(state, 'no-second');
      return still({ ...gone(state, due), isSecond: true });
    }
    case 'confirm': {
      const { panel } = state;
      const asked = askedFor(state, input, facts);
      return asked ?? { state: { ...state, panel: 'none' }, effects: [{ do: 'confirm', panel }] };
    }
    case 'undo': {
      if (facts.undo === null) return refused(state, 'nothing-to-undo');
      const { entryId, personId } = facts.undo;
      return { state: gone(state, personId), effects: [{ do: 'undo', entryId }, tick] };
    }
    case 'card': {
      const personId = facts.byCard(input.cards);
      if (personId === null) return refused({ ...state, typed: '', reading: null }, 'card');
      return { state: gone(state, personId), effects: [tick] };
    }
    case 'reading':
      return measured(state, input.reading, facts);
    case 'expire':
      return state.reading === null ? still(state) : refused({ ...state, typed: '', reading: null }, 'old');
    default:
      return input satisfies never;
  }
}

const tick: KeyEffect = { do: 'tone', tone: 'tick' };

function still(state: KeyState): Step {
  return { state, effects: [] };
}

/** Shakes and sounds; what was typed stays, so that it can be seen. */
function refused(state: KeyState, why: Refused): Step {
  return { state: { ...state, refusals: state.refusals + 1, why }, effects: [{ do: 'tone', tone: 'again' }] };
}

/** To another bed; an unfinished value is not carried along. */
function gone(state: KeyState, personId: string | null): KeyState {
  const rest = { isSecond: false, panel: 'none', chosen: [], held: null, why: null } as const;
  return { ...state, at: personId, typed: '', reading: null, ...rest };
}

function digit(state: KeyState, key: string, facts: KeyFacts): Step {
  if (state.panel === 'symptoms' || state.panel === 'refer') {
    const symptom = facts.symptoms[Number(key) - 1];
    return symptom === undefined ? still(state) : pressed(state, { on: 'choose', symptom }, facts);
  }
  // Not by digits: who types on without looking would choose one by the next bed's value.
  if (state.panel === 'late') return refused(state, 'reason');
  // After a refused value the next digit begins a new one: nobody has to clear by hand.
  const begins = state.reading !== null || (state.why !== null && state.why !== 'nobody');
  const before = begins ? '' : state.typed;
  if (before.length >= limits.typed) return refused(state, 'digits');
  return still({ ...state, typed: before + key, reading: null, why: null });
}

/** Never entered by itself: who is at hand may not be who stands before the thermometer. */
function measured(state: KeyState, reading: Reading, facts: KeyFacts): Step {
  if (state.panel !== 'none') return refused(state, 'covered');
  if (state.at === null) return refused(state, 'nobody');
  if (state.isSecond && reading.method !== 'contact') return refused(state, 'contact-only');
  const tenths = tenthsOf(reading.centiCelsius);
  if (facts.judge(tenths, isByHand(reading)) === 'invalid') {
    return refused({ ...state, typed: '', reading: null }, 'range');
  }
  return still({ ...state, typed: String(tenths), reading, why: null });
}

function isByHand(reading: Reading | null): boolean {
  return reading === null || reading.manual || reading.method === 'contact';
}

function enter(state: KeyState, facts: KeyFacts): Step {
  const { at, typed, reading, panel, chosen } = state;
  if (panel === 'symptoms' || panel === 'refer') {
    if (chosen.length === 0) return refused(state, 'nobody');
    return withReason(state, { on: 'enter' }, facts, (here) => [
      { do: 'symptoms', personId: here, symptoms: chosen },
      { do: 'tone', tone: 'refer' },
    ]);
  }
  if (panel === 'late') return refused(state, 'reason');
  if (panel === 'paste') return pressed(state, { on: 'confirm' }, facts);
  if (panel !== 'none') return still(state);
  if (at === null) return refused(state, 'nobody');
  if (!/^\d{3}$/.test(typed)) return refused(state, 'digits');
  const tenths = Number(typed);
  const judged = facts.judge(tenths, isByHand(reading));
  const value = { tenths, ...(reading === null ? {} : { reading }) };
  if (judged === 'invalid') return refused(state, 'range');
  if (state.isSecond) {
    return { state: next(state, facts), effects: [{ do: 'second', personId: at, ...value }, tick] };
  }
  return withReason(
    state,
    { on: 'enter' },
    facts,
    (here) => {
      const tone = judged === 'fever' || judged === 'urgent' ? 'refer' : judged === 'low' ? 'again' : 'tick';
      return [
        { do: 'mark', personId: here, ...value },
        { do: 'tone', tone },
      ];
    },
    judged === 'low',
  );
}

/** Does it for the bed at hand and goes on; asks for the reason of a late entry first. `stays`: the bed is asked again. */
function withReason(
  state: KeyState,
  input: KeyInput,
  facts: KeyFacts,
  effects: (at: string) => KeyEffect[],
  stays = false,
): Step {
  const { at } = state;
  if (at === null) return refused(state, 'nobody');
  const asked = askedFor(state, input, facts);
  if (asked !== null) return asked;
  if (stays) {
    // A reading serves once: the next Enter wants another.
    const kept = state.reading === null ? state : { ...state, typed: '', reading: null };
    const low = { ...kept, refusals: state.refusals + 1, why: 'low' as const };
    return { state: low, effects: effects(at) };
  }
  return { state: next(state, facts), effects: effects(at) };
}

/** Half an hour after the window: the reason is asked first, and the key waits for it. Null when it is known or not needed. */
function askedFor(state: KeyState, input: KeyInput, facts: KeyFacts): Step | null {
  if (!facts.needsReason || state.lateReason !== null) return null;
  const asked = { ...state, panel: 'late' as const, held: { input, panel: state.panel } };
  return { state: asked, effects: [{ do: 'tone', tone: 'again' }] };
}

/** The bed after this one: with the filter the next that is due, from the top again after the last; else the next of the walk. */
function next(state: KeyState, facts: KeyFacts): KeyState {
  const { beds, onlyDue } = facts;
  const here = beds.findIndex((bed) => bed.personId === state.at);
  if (!onlyDue) return gone(state, beds[here + 1]?.personId ?? state.at);
  const round = [...beds.slice(here + 1), ...beds.slice(0, Math.max(0, here))];
  return gone(state, round.find((bed) => facts.isDue(bed.personId))?.personId ?? state.at);
}

function moved(state: KeyState, to: 'up' | 'down' | 'left' | 'right', { beds }: KeyFacts): string | null {
  const here = beds.findIndex((bed) => bed.personId === state.at);
  if (here === -1) return beds[0]?.personId ?? state.at;
  if (to === 'up' || to === 'down') return beds[here + (to === 'up' ? -1 : 1)]?.personId ?? state.at;
  const room = beds[here]?.room;
  if (to === 'right') return beds.slice(here).find((bed) => bed.room !== room)?.personId ?? state.at;
  const before = beds.slice(0, here).findLast((bed) => bed.room !== room)?.room;
  return (
    beds.find((bed) => bed.room === before)?.personId ?? beds.find((bed) => bed.room === room)?.personId ?? state.at
  );
}

function toggled(list: readonly string[], item: string): readonly string[] {
  return list.includes(item) ? list.filter((one) => one !== item) : [...list, item];
}
