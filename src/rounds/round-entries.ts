// What a key did becomes entries: written to the tablet's ledger at once and in order, with the sound that belongs to it. Called by the
// rounds controller.
import { storedReadingOf } from '../domain/check-body.ts';
import type { Reading } from '../domain/reading.ts';
import { type RoundSymptom, roundSymptoms } from '../domain/round.ts';
import { valueClass } from '../domain/round-value.ts';
import type { Clocks } from '../sync/timers.ts';
import type { Tone } from '../ui/tones.ts';
import type { KeyEffect, Panel } from './round-keys.ts';
import type { RoundSignals } from './round-signals.ts';
import {
  absenceBody,
  type Context,
  closeBody,
  foundBody,
  markBody,
  secondBody,
  symptomsBody,
  undoBody,
  type Wanted,
} from './round-writer.ts';
import type { TabletLedger } from './tablet-ledger.ts';

export type RoundEntries = { act(effect: KeyEffect): void };

export function createRoundEntries(deps: {
  round: RoundSignals;
  ledger: Pick<TabletLedger, 'own' | 'write'>;
  clocks: Pick<Clocks, 'monoMs'>;
  staffId: string;
  sound(tone: Tone): void;
  onFault(error: unknown): void;
}): RoundEntries {
  const { round, ledger, clocks, sound } = deps;
  const { book, policy, found, pasted, reasons } = round;
  const bedOf = (personId: string) => book.value?.byId.get(personId);
  const evidenceOf = (reading: Reading | undefined) => reading && storedReadingOf(reading, clocks.monoMs());

  function context(): Context | null {
    const key = round.key.value;
    if (key === null) return null;
    const lateReason = round.timing.value === 'very-late' ? round.keys.value.lateReason : null;
    return { key, by: deps.staffId, policy: policy.value, lateReason, how: round.how.value };
  }

  function write({ body, raisesCase }: Wanted): void {
    const written = ledger.write(body, raisesCase);
    round.own.value = [...ledger.own()];
    if (written === null) {
      round.trouble.value = 'no-room';
      sound('fault');
      return;
    }
    written.saved
      .then((isSaved) => {
        // The line in red stands as long as the store refuses; it tries again by itself.
        if (!isSaved) sound('fault');
      })
      .catch(deps.onFault);
  }

  function act(effect: KeyEffect): void {
    if (effect.do === 'tone') {
      sound(effect.tone);
      return;
    }
    const with_ = context();
    if (with_ === null) return;
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

  function confirm(panel: Panel, with_: Context): void {
    if (panel === 'paste') enterPasted(with_);
    if (panel === 'found') {
      write(foundBody(found.value, with_));
      const isHot = found.value.tenths !== null && valueClass(found.value.tenths, policy.value) === 'abnormal';
      sound(isHot ? 'refer' : 'tick');
      found.value = { room: '', note: '', tenths: null };
    }
    if (panel === 'close' && book.value !== null) {
      const missing = book.value.beds
        .filter((one) => one.isDue)
        .map(({ row: { personId } }) => ({ personId, reason: reasons.value.get(personId) ?? ('unknown' as const) }));
      write(closeBody(book.value.figures, missing, with_));
      sound('tick');
    }
  }

  function enterPasted(with_: Context): void {
    let isHot = false;
    for (const { personId, tenths, state } of pasted.value?.rows ?? []) {
      if (state !== 'good' || personId === null || tenths === null) continue;
      const one = bedOf(personId);
      if (one === undefined || valueClass(tenths, policy.value) === 'invalid') continue;
      const wanted = markBody(one, tenths, with_);
      isHot ||= wanted.raisesCase;
      write(wanted);
    }
    pasted.value = null;
    sound(isHot ? 'refer' : 'tick');
    round.goToFirst();
  }

  return { act };
}
