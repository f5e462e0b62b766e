// Rows of rounds as they are read for sheets and overviews: marks, gate readings, closings, who was found. Called by round-sheets.ts and
// round-campus.ts.
import {
  limits as contractLimits,
  type RoundClosing,
  type RoundSheet,
  type SheetRecord,
} from '../src/contracts/rounds.ts';
import type { Policy } from '../src/domain/policy.ts';
import type {
  AbsenceReason,
  GateReading,
  MissingReason,
  RoundFigures,
  RoundKey,
  RoundRecord,
  RoundScope,
  RoundSymptom,
  RoundWindow,
} from '../src/domain/round.ts';
import { valueClass } from '../src/domain/round-value.ts';
import { limits as windowLimits } from '../src/domain/round-window.ts';
import type { Db } from './database.ts';
import { limits as gateLimits } from './round-marks.ts';

/** `lookBackMs`: as long as readings of gates are kept. */
export const limits = { lookBackMs: gateLimits.gateDays * 86_400_000, closings: 5_000 } as const;

type Who = { staffId: string; name: string };

export type MarkRow = {
  entry_id: string;
  writer_id: string;
  seq: number;
  person_id: string;
  kind: 'round-mark' | 'absence';
  tenths: number | null;
  by_hand: boolean;
  symptoms: RoundSymptom[];
  reason: AbsenceReason | null;
  note: string;
  until_day: string | null;
  late_reason: string | null;
  by_staff: string;
  by_name: string | null;
  at_ms: number;
  received_ms: number;
  undone: boolean;
};

/** Of these people, or of everybody: by day, window and person, whatever place they were entered under: marks go with who moved. */
export async function marksOf(
  db: Db,
  of: { roundDay: string; window: RoundWindow },
  personIds: readonly string[] | null,
): Promise<MarkRow[]> {
  const rows = await db.query<MarkRow>(
    `select m.entry_id, m.writer_id, m.seq, m.person_id, m.kind, m.tenths, m.by_hand, m.symptoms, m.reason, m.note, m.until_day,
       m.late_reason, m.by_staff, s.name as by_name, m.at_ms, m.received_ms,
       u.undoes is not null as undone
     from round_marks m left join staff s on s.staff_id = m.by_staff
       left join (select distinct undoes from round_undos where round_day = $2 and round_window = $3) u on u.undoes = m.entry_id
     where ($1::text[] is null or m.person_id = any ($1)) and m.person_id is not null and m.round_day = $2 and m.round_window = $3
     order by m.received_ms, m.writer_id, m.seq`,
    [personIds, of.roundDay, of.window],
  );
  return rows.rows;
}

export async function gateOf(
  db: Db,
  personIds: readonly string[] | null,
  fromMs: number,
  toMs: number,
): Promise<(GateReading & { personId: string })[]> {
  const rows = await db.query<GateReading & { personId: string }>(
    `select g.entry_id as "entryId", g.person_id as "personId", coalesce(s.name, g.station_id) as station, g.at_ms as "atMs", g.tenths
     from gate_readings g left join stations s on s.station_id = g.station_id
     where ($1::text[] is null or g.person_id = any ($1)) and g.at_ms between $2 and $3 order by g.at_ms, g.entry_id`,
    [personIds, fromMs, toMs],
  );
  return rows.rows;
}

/** Whose last reading before this round was borderline; a low one is no reading. Marks of the grace before the window are the round's own. */
export async function lookedOf(
  db: Db,
  personIds: readonly string[],
  opensMs: number,
  policy: Policy,
): Promise<Set<string>> {
  const rows = await db.query<{ person_id: string; tenths: number }>(
    `select distinct on (person_id) person_id, tenths from (
       select person_id, tenths, at_ms from round_marks m where person_id = any ($1::text[]) and at_ms >= $2 and at_ms < $3
         and not exists (select 1 from round_undos u where u.undoes = m.entry_id)
       union all select person_id, tenths, at_ms from gate_readings where person_id = any ($1::text[]) and at_ms >= $2 and at_ms < $4) r
     where tenths between $5 and $6 order by person_id, at_ms desc`,
    [
      ...[personIds, opensMs - limits.lookBackMs, opensMs - windowLimits.graceMs, opensMs],
      ...[policy.lowTenths, policy.rangeMaxTenths],
    ],
  );
  return new Set(
    rows.rows.filter(({ tenths }) => valueClass(tenths, policy) === 'borderline').map((row) => row.person_id),
  );
}

/** Newest first, and why the newest says that each is missing. */
export async function closingsOf(db: Db, key: RoundKey, closesMs: number) {
  const rows = await db.query<CloseRow>(
    `select c.entry_id, c.figures, c.missing, c.late_reason, c.by_staff, s.name as by_name, c.at_ms
     from round_closes c left join staff s on s.staff_id = c.by_staff
     where round_day = $1 and round_window = $2 and scope = $3 and place = $4
     order by c.received_ms desc, c.writer_id, c.seq desc limit $5`,
    [...placeOf(key), contractLimits.closings],
  );
  return {
    closings: rows.rows.map((row) => closingOf(row, closesMs)),
    missing: reasonsOf(rows.rows[0]),
  };
}

/** The newest closing of every place of one round. */
export async function allClosingsOf(
  db: Db,
  of: { roundDay: string; window: RoundWindow; scope: RoundScope },
  closesMs: number,
): Promise<Map<string, { closing: RoundClosing; missingReasons: Map<string, MissingReason> }>> {
  const rows = await db.query<CloseRow & { place: string }>(
    `select distinct on (place) place, c.entry_id, c.figures, c.missing, c.late_reason, c.by_staff, s.name as by_name, c.at_ms
     from round_closes c left join staff s on s.staff_id = c.by_staff
     where round_day = $1 and round_window = $2 and scope = $3
     order by place, c.received_ms desc, c.writer_id, c.seq desc limit $4`,
    [of.roundDay, of.window, of.scope, limits.closings],
  );
  return new Map(
    rows.rows.map((row) => [row.place, { closing: closingOf(row, closesMs), missingReasons: reasonsOf(row) }]),
  );
}

function closingOf(row: CloseRow, closesMs: number): RoundClosing {
  return {
    ...{
      entryId: row.entry_id,
      by: whoOf(row),
      atMs: row.at_ms,
      late: row.at_ms > closesMs,
      lateReason: row.late_reason,
    },
    ...{ figures: row.figures, missing: row.missing.length },
  };
}

function reasonsOf(row: CloseRow | undefined): Map<string, MissingReason> {
  return new Map((row?.missing ?? []).map(({ personId, reason }) => [personId, reason]));
}
type CloseRow = {
  entry_id: string;
  figures: RoundFigures;
  missing: { personId: string; reason: MissingReason }[];
  late_reason: string | null;
  by_staff: string;
  by_name: string | null;
  at_ms: number;
};

export async function foundOf(db: Db, key: RoundKey): Promise<RoundSheet['found']> {
  const rows = await db.query<
    Pick<MarkRow, 'entry_id' | 'note' | 'tenths' | 'by_staff' | 'by_name' | 'at_ms' | 'undone'> & {
      room: string | null;
    }
  >(
    `select m.entry_id, m.room, m.note, m.tenths, m.by_staff, s.name as by_name, m.at_ms,
       exists (select 1 from round_undos u where u.undoes = m.entry_id) as undone
     from round_marks m left join staff s on s.staff_id = m.by_staff
     where round_day = $1 and round_window = $2 and scope = $3 and place = $4 and kind = 'found-unregistered'
     order by m.received_ms, m.writer_id, m.seq limit $5`,
    [...placeOf(key), contractLimits.found],
  );
  return rows.rows.map((row) => ({
    ...{ entryId: row.entry_id, room: row.room ?? '', note: row.note, tenths: row.tenths },
    ...{ by: whoOf(row), atMs: row.at_ms, undone: row.undone },
  }));
}

export function placeOf(key: RoundKey): string[] {
  return [key.roundDay, key.window, key.scope, key.place];
}

/** Somebody who is no staff of this hub is told by the id that the entry names. */
export function whoOf(row: { by_staff: string; by_name: string | null }): Who {
  return { staffId: row.by_staff, name: row.by_name ?? row.by_staff };
}

export function recordOf(row: MarkRow): RoundRecord {
  const head = {
    entryId: row.entry_id,
    writerId: row.writer_id,
    seq: row.seq,
    personId: row.person_id,
    receivedMs: row.received_ms,
    atMs: row.at_ms,
    by: row.by_staff,
    lateReason: row.late_reason,
  };
  return row.kind === 'absence'
    ? { ...head, is: 'absence', reason: row.reason ?? 'other', note: row.note }
    : { ...head, is: 'mark', tenths: row.tenths, byHand: row.by_hand, symptoms: row.symptoms };
}

export function shownRecord(row: MarkRow): SheetRecord {
  return {
    ...{
      entryId: row.entry_id,
      writerId: row.writer_id,
      seq: row.seq,
      receivedMs: row.received_ms,
      atMs: row.at_ms,
      by: whoOf(row),
    },
    ...{
      is: row.kind === 'absence' ? 'absence' : 'mark',
      tenths: row.tenths,
      byHand: row.by_hand,
      symptoms: row.symptoms,
    },
    ...{ reason: row.reason, note: row.note, untilDay: row.until_day, lateReason: row.late_reason, undone: row.undone },
  };
}

export function groupBy<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const there = groups.get(nameOf(item));
    if (there === undefined) groups.set(nameOf(item), [item]);
    else there.push(item);
  }
  return groups;
}
