// How a passage gets onto the lane: taps and their repeats, the waiting card, chips that come back, a reading that was there
// before the card. Called by passage.
import type { Outcome as Judged } from './gate-policy.ts';
import { askTable, decideOn, measuredValue, measureSpanMs, settle, tellFeverOfBarred } from './passage-decide.ts';
import { adopt, settleFace } from './passage-pairing.ts';
import {
  appended,
  barNow,
  closePassage,
  type Draft,
  holderOf,
  leftEffect,
  limits,
  type OpenPassage,
  type Outcome,
  passageOfCard,
} from './passage-state.ts';
import { goOn } from './passage-tries.ts';
import { tenthsOf } from './reading.ts';

/** A frame of the reader. Frames that follow within sameCardTapMs of the last are the same tap. */
export function takeTap(draft: Draft, card: string, atMs: number): void {
  const { policy } = draft.context;
  const before = draft.taps.find((tap) => tap.card === card);
  draft.taps = appended(
    draft.taps.filter((tap) => tap.card !== card),
    { card, atMs },
    limits.rememberedTaps,
  );
  if (before !== undefined && atMs - before.atMs <= policy.sameCardTapMs) return;
  const told = draft.verdicts.find((known) => known.card === card);
  if (told !== undefined && told.verdict !== 'again' && atMs - told.atMs <= policy.sameCardAfterVerdictMs) return;
  comeToLane(draft, card, atMs);
}

/** Takes the lane, or waits behind the one who is being measured; at most one waits. */
export function comeToLane(draft: Draft, card: string, atMs: number): void {
  const holder = holderOf(draft);
  if (holder?.phase === 'measuring') {
    if (holder.card === card || draft.waiting !== null) return;
    draft.waiting = { card, atMs };
    draft.effects.push({ do: 'greet', card, atMs });
    return;
  }
  draft.effects.push({ do: 'greet', card, atMs });
  begin(draft, card, atMs);
}

/** The waiting card's turn comes when the passage before it has its verdict, or is gone. */
export function promoteWaiting(draft: Draft, atMs: number): void {
  if (draft.waiting === null || holderOf(draft)?.phase === 'measuring') return;
  const { card } = draft.waiting;
  draft.waiting = null;
  begin(draft, card, atMs);
}

function begin(draft: Draft, card: string, atMs: number): void {
  const found = adopt(draft, card, atMs);
  const passage = comeBack(draft, card) ?? openNew(draft, card, atMs);
  draft.holder = passage.number;
  draft.lastOnLane = passage.number;
  passage.sinceMs = atMs;
  passage.expiresAtMs = atMs + draft.context.policy.chipMs;
  goOn(draft, passage, atMs);
  if (passage.phase === 'asking' || passage.phase === 'identifying') {
    lookAgain(draft, passage, found, atMs);
    return;
  }
  const atTap = askTable(draft, passage, { kind: 'nothing' });
  if (atTap?.row === 1) denyAtTap(draft, passage, atTap, found, atMs);
  // What is found without a sensor was typed, or taken by contact: it came from another instrument.
  else if (atTap !== null && !(atTap.row === 2 && (found !== null || passage.next === 'contact'))) {
    settle(draft, passage, atTap, null, atMs);
  } else if (found !== null) {
    settleFace(draft, passage, found);
    decideOn(draft, passage, found, atMs);
  } else if (passage.next === 'contact') passage.phase = 'awaiting';
  else startMeasuring(draft, passage, atMs);
}

/** The open passage of this card; one that only stood for a bar is over when the bar is lifted. */
function comeBack(draft: Draft, card: string): OpenPassage | null {
  const known = passageOfCard(draft, card);
  if (known === null || (known.phase !== 'referred' && known.phase !== 'barred')) return known;
  if (barNow(draft, card, draft.context.factsOf(card)) !== null) return known;
  closePassage(draft, known);
  return null;
}

function denyAtTap(draft: Draft, passage: OpenPassage, judged: Judged, found: Outcome | null, atMs: number): void {
  passage.feverTold = false;
  settle(draft, passage, judged, null, atMs);
  const reading = found?.kind === 'reading' ? found.reading : (found?.allHigh ?? null);
  if (reading !== null) tellFeverOfBarred(draft, passage, reading, atMs);
}

/** A held person came back: the same reading may now lead elsewhere (identified, leave granted, a new order). */
function lookAgain(draft: Draft, passage: OpenPassage, found: Outcome | null, atMs: number): void {
  if (found?.kind === 'reading' && tenthsOf(found.reading.centiCelsius) >= draft.context.policy.feverTenths) {
    decideOn(draft, passage, found, atMs);
    return;
  }
  const { governing } = passage;
  const judged = askTable(draft, passage, governing === null ? { kind: 'nothing' } : measuredValue(governing, true));
  if (judged === null || (judged.verdict === passage.verdict && judged.reason === passage.reason)) return;
  settle(draft, passage, judged, governing, atMs);
}

function startMeasuring(draft: Draft, passage: OpenPassage, atMs: number): void {
  passage.phase = 'measuring';
  passage.measureEndsMs = atMs + measureSpanMs(draft.context.policy);
}

function openNew(draft: Draft, card: string, atMs: number): OpenPassage {
  const passage: OpenPassage = {
    number: draft.nextNumber,
    card,
    personId: draft.context.factsOf(card)?.personId ?? null,
    tappedAtMs: atMs,
    phase: 'awaiting',
    sinceMs: atMs,
    measureEndsMs: null,
    expiresAtMs: atMs + draft.context.policy.chipMs,
    readings: [],
    governing: null,
    tries: 0,
    lowSites: [],
    contactLows: 0,
    confirmSite: null,
    answeredClear: false,
    released: [],
    next: null,
    verdict: null,
    reason: null,
    feverTold: false,
  };
  draft.nextNumber += 1;
  const oldest = draft.open.length >= limits.openPassages ? draft.open[0] : undefined;
  if (oldest !== undefined) {
    closePassage(draft, oldest);
    if (oldest.phase !== 'barred' && oldest.phase !== 'referred') draft.effects.push(leftEffect(oldest, atMs));
  }
  draft.open = [...draft.open, passage];
  return passage;
}
