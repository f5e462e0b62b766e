// From what a key did to the entry that says so. Pure; called by the controller.

import type { EntryBody, StoredReading } from '../domain/entry.ts';
import type { Policy } from '../domain/policy.ts';
import type { AbsenceReason, MissingReason, RoundFigures, RoundKey, RoundSymptom } from '../domain/round.ts';
import { raiseOf } from '../domain/round-raise.ts';
import { typedReading, valueClass } from '../domain/round-value.ts';
import type { Bed } from './round-book.ts';

export type How = 'infrared' | 'contact';
export type Context = {
  key: RoundKey;
  by: string;
  policy: Policy;
  lateReason: string | null;
  /** What the manager measures with. */
  how: How;
};

export type Wanted = { body: EntryBody; raisesCase: boolean };

const readingOf = (tenths: number, { by, how }: Pick<Context, 'by' | 'how'>) =>
  typedReading(tenths, by, { site: how === 'contact' ? 'axillary' : 'forehead', method: how });

/** Low values by hand of this person that stand: the second one says that they cannot be measured here. */
export function lowsOf(bed: Bed, policy: Policy): number {
  return bed.records.filter(
    ({ record }) =>
      record.is === 'mark' && record.byHand && record.tenths !== null && valueClass(record.tenths, policy) === 'low',
  ).length;
}

/** `measured`: from the tablet's thermometer, as evidence; without it the value was typed. */
export function markBody(bed: Bed, tenths: number, context: Context, measured?: StoredReading): Wanted {
  const { key, by, policy, lateReason } = context;
  const reading = measured ?? readingOf(tenths, context);
  const body: EntryBody = {
    ...key,
    ...{
      kind: 'round-mark',
      personId: bed.row.personId,
      room: bed.row.room,
      symptoms: [],
      lateReason,
      caseNo: null,
      by,
    },
    reading,
    policyVersion: policy.version,
  };
  const byHand = reading.manual || reading.method === 'contact';
  const raised = raiseOf({ tenths, byHand, symptoms: [] }, lowsOf(bed, policy), policy);
  return { body, raisesCase: raised !== null };
}

export function symptomsBody(bed: Bed, symptoms: readonly RoundSymptom[], context: Context): Wanted {
  const { key, by, policy, lateReason } = context;
  const body: EntryBody = {
    ...key,
    ...{
      kind: 'round-mark',
      personId: bed.row.personId,
      room: bed.row.room,
      reading: null,
      lateReason,
      caseNo: null,
      by,
    },
    symptoms: [...symptoms],
    policyVersion: policy.version,
  };
  return { body, raisesCase: true };
}

export function absenceBody(bed: Bed, reason: AbsenceReason, { key, by, lateReason }: Context): Wanted {
  const { personId } = bed.row;
  return {
    body: { ...key, kind: 'absence', personId, reason, untilDay: null, note: '', lateReason, by },
    raisesCase: false,
  };
}

/** The second reading is evidence of the case, always by contact; it travels as fast as the fever did. */
export function secondBody(
  personId: string,
  caseId: string,
  tenths: number,
  { by }: Context,
  measured?: StoredReading,
): Wanted {
  const reading = measured ?? readingOf(tenths, { by, how: 'contact' });
  return { body: { kind: 'contact-reading', caseId, personId, reading }, raisesCase: true };
}

export function undoBody(undoes: string, personId: string, { key, by }: Context): Wanted {
  return { body: { ...key, kind: 'round-undo', undoes, personId, by }, raisesCase: false };
}

export function foundBody(found: { room: string; note: string; tenths: number | null }, context: Context): Wanted {
  const { key, by } = context;
  const reading = found.tenths === null ? null : readingOf(found.tenths, context);
  const { room, note } = found;
  return {
    body: { ...key, kind: 'found-unregistered', room, note, reading, symptoms: [], by },
    raisesCase: found.tenths !== null && valueClass(found.tenths, context.policy) === 'abnormal',
  };
}

export function closeBody(
  figures: RoundFigures,
  missing: readonly { personId: string; reason: MissingReason }[],
  { key, by, lateReason }: Context,
): Wanted {
  return { body: { ...key, kind: 'round-close', figures, missing: [...missing], lateReason, by }, raisesCase: false };
}
