// What the hub tells of rounds: places with their figures, the sheet of one place, who is missing, and closings. Used by the hub, the rounds
// page and the office page. Entries of rounds stand in entry.ts.
import * as z from 'zod/mini';
import {
  absenceReasons,
  excuses,
  missingReasons,
  roundClasses,
  roundScopes,
  roundSymptoms,
  roundWindows,
} from '../domain/round.ts';
import { cardKey } from './downlink.ts';
import { contract, count, day, int, limits as kit, ms, name, tenths, text, uuid } from './kit.ts';

/** `people`: rows of one answer of a sheet; `places`, `missing`, `closings`: rows of theirs. `pollMs`: how often a page asks. */
export const limits = {
  people: 2_000,
  places: 500,
  missing: 5_000,
  closings: 500,
  marks: 32,
  found: 200,
  pollMs: 2_000,
} as const;

export const roundWindow = z.enum(roundWindows);
export const roundScope = z.enum(roundScopes);
export const roundClass = z.enum(roundClasses);
export const roundSymptom = z.enum(roundSymptoms);
export const absenceReason = z.enum(absenceReasons);
export const missingReason = z.enum(missingReasons);
export const timing = z.enum(['before', 'inside', 'late', 'very-late']);

const figureShape = {
  expected: count,
  measured: count,
  normal: count,
  borderline: count,
  abnormal: count,
  symptoms: count,
  absent: count,
  missing: count,
};
export const roundFigures = z.object(figureShape);
const who = z.object({ staffId: name, name: text });
const times = { opensMs: ms, closesMs: ms, reasonFromMs: ms };

/** One closing; `late`: it came after the window. `figures` and `missing` are as the one who closed saw them. */
export const roundClosing = z.object({
  entryId: uuid,
  by: who,
  atMs: ms,
  late: z.boolean(),
  lateReason: z.nullable(text),
  figures: roundFigures,
  missing: count,
});
export type RoundClosing = z.infer<typeof roundClosing>;

/** GET /hub/rounds?day=&window=&scope=: the places of my scope, worst first. */
export const roundsAnswer = z.object({
  contract,
  hubNowMs: ms,
  roundDay: day,
  window: roundWindow,
  scope: roundScope,
  ...times,
  places: z
    .array(
      z.object({
        place: text,
        figures: roundFigures,
        /** Percent accounted for, rounded down. */
        percent: int.check(z.gte(0), z.lte(100)),
        /** The newest closing, if any. */
        closing: z.nullable(roundClosing),
        /** The window is over and nobody has closed it. */
        overdue: z.boolean(),
      }),
    )
    .check(z.maxLength(limits.places)),
});
export type RoundsAnswer = z.infer<typeof roundsAnswer>;

/** A record of a person in this round, whoever entered it; what was taken back is told too. */
export const sheetRecord = z.object({
  entryId: uuid,
  writerId: uuid,
  seq: count,
  receivedMs: ms,
  atMs: ms,
  by: who,
  is: z.enum(['mark', 'absence']),
  tenths: z.nullable(tenths),
  byHand: z.boolean(),
  symptoms: z.array(roundSymptom),
  reason: z.nullable(absenceReason),
  note: text,
  untilDay: z.nullable(day),
  lateReason: z.nullable(text),
  undone: z.boolean(),
});
export type SheetRecord = z.infer<typeof sheetRecord>;

export const sheetRow = z.object({
  personId: name,
  name,
  /** Lower-case pinyin for finding: 'zhang san', then its initials 'zs'; empty for a name without Chinese characters. */
  pinyin: text,
  category: text,
  unit: text,
  contact: text,
  /** For a card tapped at the tablet, 'uid:HEX' or 'printed:DIGITS'; never logged. */
  cards: z.array(cardKey).check(z.maxLength(kit.cardsPerPerson)),
  floor: text,
  /** In a class the whole dwelling as the roster writes it, empty for who lives outside; `floor` and `bed` are then empty. */
  room: text,
  bed: z.nullable(text),
  expected: z.boolean(),
  excuse: z.nullable(z.enum(excuses)),
  /** Day n of 14 of a watch mark; null without one. */
  watchDay: z.nullable(int),
  /** Borderline in the round before: ask first. */
  looked: z.boolean(),
  caseOpen: z.boolean(),
  /** As the hub judges it by `stateOf`; a page with records of its own not yet sent judges anew. */
  state: z.object({
    class: roundClass,
    tenths: z.nullable(tenths),
    source: z.nullable(z.enum(['mark', 'absence', 'gate'])),
    stands: z.nullable(uuid),
    timing: z.nullable(timing),
    reasonDue: z.boolean(),
    unmeasurable: z.boolean(),
    /** Also entered by, with something else. */
    alsoBy: z.array(who),
  }),
  /** Oldest first, the newest `limits.marks`. */
  records: z.array(sheetRecord).check(z.maxLength(limits.marks)),
  /** Readings at gates inside the window, newest last. */
  gate: z.array(z.object({ entryId: uuid, station: text, atMs: ms, tenths })),
});
export type SheetRow = z.infer<typeof sheetRow>;

export const foundRow = z.object({
  entryId: uuid,
  room: text,
  note: text,
  tenths: z.nullable(tenths),
  by: who,
  atMs: ms,
  undone: z.boolean(),
});

export const roundSheet = z.object({
  roundDay: day,
  window: roundWindow,
  scope: roundScope,
  place: text,
  ...times,
  figures: roundFigures,
  complete: z.boolean(),
  closings: z.array(roundClosing).check(z.maxLength(limits.closings)),
  found: z.array(foundRow).check(z.maxLength(limits.found)),
  /** Returners under watch first, then by floor, room and bed, in a class by number. */
  people: z.array(sheetRow).check(z.maxLength(limits.people)),
  /** Pass as `from` for the rest; null on the last page. */
  next: z.nullable(count),
});
export type RoundSheet = z.infer<typeof roundSheet>;

/** GET /hub/rounds/sheet?building=|class=&day=&window=&from=&since=: `sheet` is null when nothing changed since the version `since`. */
export const sheetAnswer = z.object({ contract, hubNowMs: ms, version: name, sheet: z.nullable(roundSheet) });
export type SheetAnswer = z.infer<typeof sheetAnswer>;

const groupShape = { name: text, expected: count, missing: count };

/** GET /hub/rounds/missing?day=&window=&scope=: for logistics and the leading group. */
export const missingAnswer = z.object({
  contract,
  hubNowMs: ms,
  roundDay: day,
  window: roundWindow,
  scope: roundScope,
  ...times,
  figures: roundFigures,
  byUnit: z.array(z.object(groupShape)).check(z.maxLength(limits.places)),
  byPlace: z
    .array(z.object({ ...groupShape, closing: z.nullable(roundClosing), overdue: z.boolean() }))
    .check(z.maxLength(limits.places)),
  /** By place and room, at most `limits.missing`; `figures.missing` counts them all. */
  people: z
    .array(
      z.object({
        personId: name,
        name,
        unit: text,
        contact: text,
        place: text,
        room: text,
        bed: z.nullable(text),
        /** As told at the closing; null before it. */
        reason: z.nullable(missingReason),
      }),
    )
    .check(z.maxLength(limits.missing)),
});
export type MissingAnswer = z.infer<typeof missingAnswer>;
