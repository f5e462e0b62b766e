// The words of a round: dorm rounds twice a day and the morning check by class (protocol.md, Dorm rounds). Called by every other
// round-*.ts, by the hub and by the rounds page.
import type { StoredReading } from './entry.ts';
import type { Tenths } from './reading.ts';

export const roundWindows = ['early', 'late', 'morning'] as const;
/** `early` and `late`: the dorm rounds; `morning`: the check by class. */
export type RoundWindow = (typeof roundWindows)[number];

export const roundScopes = ['building', 'class'] as const;
export type RoundScope = (typeof roundScopes)[number];

/** One round: a window of a campus day in one building or class. */
export type RoundKey = { roundDay: string; window: RoundWindow; scope: RoundScope; place: string };

export const roundSymptoms = ['fever', 'dry-cough', 'fatigue', 'breathlessness', 'fever-medicine'] as const;
export type RoundSymptom = (typeof roundSymptoms)[number];

export const absenceReasons = ['leave', 'not-in-room', 'at-clinic', 'other'] as const;
export type AbsenceReason = (typeof absenceReasons)[number];

/** Why somebody is still missing when the round is closed. */
export const missingReasons = ['unknown', 'no-answer', 'out', 'refused', 'other'] as const;
export type MissingReason = (typeof missingReasons)[number];

/** Why a resident is not expected: on another list of that day, away, or on leave that was approved before. */
export const excuses = ['away', 'leave', 'isolation', 'home', 'hospital'] as const;
export type Excuse = (typeof excuses)[number];

/** Everybody expected is in exactly one of these. */
export const roundClasses = ['normal', 'borderline', 'abnormal', 'symptoms', 'absent', 'missing'] as const;
export type RoundClass = (typeof roundClasses)[number];

/** Bodies of entries. `by` is the staffId of who did it; a room is told as it stood then. */
export type RoundMarkBody = RoundKey & {
  kind: 'round-mark';
  personId: string;
  room: string | null;
  /** null: symptoms alone. */
  reading: StoredReading | null;
  symptoms: RoundSymptom[];
  lateReason: string | null;
  policyVersion: number;
  /** To say on the telephone when this raises a case; null otherwise, or where the tablet numbers none. */
  caseNo: string | null;
  by: string;
};
export type AbsenceBody = RoundKey & {
  kind: 'absence';
  personId: string;
  reason: AbsenceReason;
  /** Leave that goes on: the last campus day of it; null = this round alone. */
  untilDay: string | null;
  note: string;
  lateReason: string | null;
  by: string;
};
/** Takes back one entry of this round; both stay in the books. */
export type RoundUndoBody = RoundKey & { kind: 'round-undo'; undoes: string; personId: string | null; by: string };
export type FoundUnregisteredBody = RoundKey & {
  kind: 'found-unregistered';
  room: string;
  note: string;
  reading: StoredReading | null;
  symptoms: RoundSymptom[];
  by: string;
};
export type RoundFigures = {
  expected: number;
  measured: number;
  normal: number;
  borderline: number;
  abnormal: number;
  symptoms: number;
  absent: number;
  missing: number;
};
export type RoundCloseBody = RoundKey & {
  kind: 'round-close';
  figures: RoundFigures;
  missing: { personId: string; reason: MissingReason }[];
  lateReason: string | null;
  by: string;
};

/** A mark or an absence as the rules look at it, wherever it lies: in the tablet's own store or at the hub. */
export type RoundRecord = {
  entryId: string;
  writerId: string;
  seq: number;
  personId: string;
  /** Hub clock at receipt; null = not there yet, and so after all that are. */
  receivedMs: number | null;
  /** Wall clock at birth, corrected by the station's offset to the hub. */
  atMs: number;
  by: string;
  lateReason: string | null;
} & (
  | {
      is: 'mark';
      tenths: Tenths | null;
      /** A contact reading, or one that a person typed: the second low one says that this person cannot be measured here. */
      byHand: boolean;
      symptoms: readonly RoundSymptom[];
    }
  | { is: 'absence'; reason: AbsenceReason; note: string }
);

/** A reading at a gate inside the window. */
export type GateReading = { entryId: string; station: string; atMs: number; tenths: Tenths };
