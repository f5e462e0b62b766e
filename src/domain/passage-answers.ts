// What people say and do at the gate beside measuring: answers, refusing, leaving, no contact thermometer, a sensor that
// comes and goes, deadlines. Called by passage.

import type { Answer } from './passage.ts';
import { askTable, measuredValue, settle } from './passage-decide.ts';
import { endMeasurement } from './passage-measure.ts';
import { closePassage, type Draft, holderOf, leftEffect, limits, type OpenPassage, targetOf } from './passage-state.ts';
import type { HoldReason, SensorState } from './verdict.ts';

/** Answers to the questions of row 9. A symptom or a listed region refers at any moment: a guard may refer anyone earlier. */
export function takeAnswer(draft: Draft, answer: Answer, card: string | undefined, atMs: number): void {
  const passage = targetOf(draft, card);
  if (passage === null || passage.phase === 'referred' || passage.phase === 'barred') return;
  const { governing } = passage;
  if (answer !== 'clear') {
    const bar = askTable(draft, passage, { kind: 'nothing' });
    if (bar?.row === 1) settle(draft, passage, bar, null, atMs);
    else {
      const reason = answer === 'symptom' ? 'symptoms' : 'region';
      settle(draft, passage, { row: 9, verdict: 'refer', reason, next: 'contact' }, heldReading(passage), atMs);
    }
    return;
  }
  passage.answeredClear = true;
  if (passage.phase !== 'asking' || governing === null) return;
  const judged = askTable(draft, passage, measuredValue(governing, true), answer);
  if (judged !== null) settle(draft, passage, judged, governing, atMs);
}

/** A held passage rests on its reading; while one is still being measured there is none to show. */
function heldReading(passage: OpenPassage) {
  return passage.phase === 'asking' || passage.phase === 'identifying' ? passage.governing : null;
}

/** No contact thermometer at hand: who needs one cannot be measured here. */
export function takeNoContact(draft: Draft, card: string | undefined, atMs: number): void {
  const passage = targetOf(draft, card);
  if (passage === null || (passage.phase !== 'awaiting' && passage.phase !== 'measuring')) return;
  if (passage.next !== 'contact' && passage.lowSites.length === 0) return;
  const bar = askTable(draft, passage, { kind: 'nothing' });
  const judged =
    bar?.row === 1 ? bar : ({ row: 5, verdict: 'refer', reason: 'unmeasurable', next: 'contact' } as const);
  settle(draft, passage, judged, bar?.row === 1 ? null : passage.governing, atMs);
}

/**
 * A named decision on what row 8 holds. It touches that row alone: an order that came meanwhile still denies, questions are
 * still asked, and a passage that anything else stops stays as it is.
 */
export function takeDecided(draft: Draft, reason: HoldReason, allow: boolean, card: string, atMs: number): void {
  const passage = targetOf(draft, card);
  if (passage === null || passage.phase !== 'identifying' || passage.reason !== reason) return;
  const { governing } = passage;
  if (allow) passage.released = [...passage.released, reason];
  const judged = askTable(draft, passage, governing === null ? { kind: 'nothing' } : measuredValue(governing, true));
  if (judged === null) return;
  if (allow || judged.row < 8) settle(draft, passage, judged, governing, atMs);
  else settle(draft, passage, { row: 8, verdict: 'deny', reason, next: null }, null, atMs);
}

export function takeRefusal(draft: Draft, card: string | undefined, atMs: number): void {
  const passage = targetOf(draft, card);
  if (passage === null || passage.phase === 'referred') return;
  settle(draft, passage, { row: 0, verdict: 'deny', reason: 'refused', next: null }, null, atMs);
}

/** Left before the end: the tries and an open case stay. */
export function takeLeaving(draft: Draft, card: string | undefined, atMs: number): void {
  if (card !== undefined && draft.waiting?.card === card) draft.waiting = null;
  const passage = targetOf(draft, card);
  if (passage === null) return;
  closePassage(draft, passage);
  draft.effects.push(leftEffect(passage, atMs));
}

export function takeCaseClosed(draft: Draft, card: string): void {
  const personId = draft.context.factsOf(card)?.personId ?? null;
  const isTheirs = (one: { card: string; personId: string | null }) =>
    one.card === card || (personId !== null && one.personId === personId);
  draft.referred = draft.referred.filter((one) => !isTheirs(one));
  for (const passage of draft.open) if (passage.phase === 'referred' && isTheirs(passage)) closePassage(draft, passage);
}

/** A sensor that is lost while somebody needs it is told at once; nothing it said before is used any more. */
export function takeSensor(draft: Draft, sensor: SensorState, atMs: number): void {
  const wasReady = draft.sensor === 'ready';
  draft.sensor = sensor;
  if (sensor === 'ready' && !wasReady) draft.readySinceMs = atMs;
  if (sensor === 'ready' || !wasReady) return;
  draft.samples = [];
  draft.settled = null;
  draft.unpaired = draft.unpaired.filter(
    ({ outcome: { reading } }) => reading !== null && (reading.method === 'contact' || reading.manual),
  );
  const holder = holderOf(draft);
  if (holder === null || (holder.phase !== 'measuring' && holder.phase !== 'awaiting')) return;
  if (holder.next === 'contact') return;
  const judged = askTable(draft, holder, { kind: 'nothing' });
  if (judged !== null) settle(draft, holder, judged, null, atMs);
}

/** The next instant at which something of this passage falls due. */
export function deadlineOf(passage: OpenPassage): number {
  return Math.min(passage.measureEndsMs ?? passage.expiresAtMs, passage.expiresAtMs);
}

/** Fires what fell due before `untilMs` (and at it, if `inclusive`), each at its own instant. */
export function fireDeadlines(draft: Draft, untilMs: number, inclusive: boolean, after: (atMs: number) => void): void {
  for (let fired = 0; fired < limits.deadlinesPerStep; fired++) {
    const next = draft.open.reduce<OpenPassage | null>(
      (soonest, one) => (soonest === null || deadlineOf(one) < deadlineOf(soonest) ? one : soonest),
      null,
    );
    if (next === null) return;
    const dueMs = deadlineOf(next);
    if (dueMs > untilMs || (dueMs === untilMs && !inclusive)) return;
    fire(draft, next, dueMs);
    after(dueMs);
  }
}

function fire(draft: Draft, passage: OpenPassage, dueMs: number): void {
  switch (passage.phase) {
    case 'measuring':
      endMeasurement(draft, passage, dueMs);
      return;
    case 'barred':
    case 'referred':
      if (passage.measureEndsMs === null) closePassage(draft, passage);
      else endMeasurement(draft, passage, dueMs);
      // The lane of the barred is free again; a contact reading may still find the person beside it.
      if (passage.phase === 'barred' && draft.holder === passage.number) draft.holder = null;
      passage.measureEndsMs = null;
      return;
    case 'awaiting':
    case 'asking':
    case 'identifying':
      closePassage(draft, passage);
      draft.effects.push(leftEffect(passage, dueMs));
      return;
    default:
      passage.phase satisfies never;
  }
}
