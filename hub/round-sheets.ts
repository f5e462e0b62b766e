// Sheets of rounds: read from the rows of all writers, judged by the domain's rules, and held for the pages that poll. Called by the
// routes of rounds and by round-overview.ts.
import { createHash } from 'node:crypto';
import type { RoundClosing, RoundSheet, SheetRecord, SheetRow } from '../src/contracts/rounds.ts';
import { limits as contractLimits } from '../src/contracts/rounds.ts';
import type {
  AbsenceReason,
  GateReading,
  MissingReason,
  RoundFigures,
  RoundKey,
  RoundRecord,
  RoundSymptom,
} from '../src/domain/round.ts';
import { bySheetOrder, figuresOf, isComplete, isExpected } from '../src/domain/round-sheet.ts';
import { stateOf } from '../src/domain/round-state.ts';
import { limits as windowLimits, windowTimes } from '../src/domain/round-window.ts';
import type { Db, Pool } from './database.ts';
import { policyNow } from './policy.ts';
import { type Buildings, buildingsNow, type Member, membersOf } from './round-people.ts';

/** `heldMs`: a sheet is read anew at the latest then, for what its own marks do not tell (gates, orders, who moved). */
export const limits = { sheets: 60, heldMs: 10_000, lookBackMs: 86_400_000 } as const;

type Who = { staffId: string; name: string };
export type Sheet = Omit<RoundSheet, 'people' | 'next'> & {
  version: string;
  rows: SheetRow[];
  members: ReadonlyMap<string, Member>;
  missingReasons: ReadonlyMap<string, MissingReason>;
};
type Held = { stamp: string; atMs: number; sheet: Sheet };

export type Sheets = {
  buildings(): Promise<Buildings>;
  /** `maxAgeMs`: how old a sheet may be whose own marks have not changed. */
  sheetOf(key: RoundKey, maxAgeMs?: number): Promise<Sheet>;
};

/** One for a hub process. `monoMs`: its monotonic clock. */
export function makeSheets(pool: Pool, monoMs: () => number): Sheets {
  const held = new Map<string, Held>();
  const making = new Map<string, Promise<Sheet>>();
  let known: Buildings | null = null;

  async function buildings(): Promise<Buildings> {
    known = await buildingsNow(pool, known);
    return known;
  }

  async function make(key: RoundKey, name: string, maxAgeMs: number): Promise<Sheet> {
    const stamp = await stampOf(pool, key);
    const there = held.get(name);
    if (there?.stamp === stamp && monoMs() - there.atMs <= maxAgeMs) return there.sheet;
    const atMs = monoMs();
    const sheet = await readSheet(pool, key, await buildings());
    held.delete(name);
    held.set(name, { stamp, atMs, sheet });
    const oldest = held.keys().next();
    if (held.size > limits.sheets && !oldest.done) held.delete(oldest.value);
    return sheet;
  }

  return {
    buildings,
    sheetOf(key, maxAgeMs = limits.heldMs) {
      const name = JSON.stringify([key.roundDay, key.window, key.scope, key.place]);
      // Pages that ask at the same time wait for one reading.
      const running = making.get(name);
      if (running !== undefined) return running;
      const made = make(key, name, maxAgeMs).finally(() => making.delete(name));
      making.set(name, made);
      return made;
    },
  };
}

/** Changes with every mark, undo and closing of this place, with the roster and with the policy. */
async function stampOf(db: Db, key: RoundKey): Promise<string> {
  const here = 'round_day = $1 and round_window = $2 and scope = $3 and place = $4';
  const rows = await db.query<{ stamp: string }>(
    `select concat_ws('.', roster_version, policy_version, (select count(*) from round_marks where ${here}),
       (select count(*) from round_undos where ${here}), (select count(*) from round_closes where ${here})) as stamp from meta`,
    placeOf(key),
  );
  return rows.rows[0]?.stamp ?? '';
}

async function readSheet(db: Db, key: RoundKey, buildings: Buildings): Promise<Sheet> {
  const { policy } = await policyNow(db);
  const times = windowTimes(key.roundDay, key.window, policy);
  const members = await membersOf(db, key, buildings);
  const ids = members.map(({ personId }) => personId);
  const marks = await marksOf(db, key, ids);
  const gate = await gateOf(db, ids, times.opensMs, times.closesMs);
  const looked = await lookedOf(
    db,
    ids,
    times.opensMs - windowLimits.graceMs,
    policy.borderlineTenths,
    policy.feverTenths,
  );
  const { closings, missing } = await closingsOf(db, key, times.closesMs);
  const found = await foundOf(db, key);
  const marksBy = groupBy(marks, (mark) => mark.person_id);
  const gateBy = groupBy(gate, (reading) => reading.personId);

  const rows = members.map((member): SheetRow => {
    const own = marksBy.get(member.personId) ?? [];
    const seen = gateBy.get(member.personId) ?? [];
    const undone = new Set(own.filter((mark) => mark.undone).map((mark) => mark.entry_id));
    const state = stateOf(own.map(recordOf), seen, undone, times, policy);
    const names = new Map(own.map((mark) => [mark.entry_id, whoOf(mark)]));
    return {
      personId: member.personId,
      name: member.name,
      pinyin: member.pinyin,
      category: member.category,
      unit: member.unit,
      contact: member.contact,
      cards: member.cards,
      floor: member.floor,
      room: member.room,
      bed: member.bed,
      expected: isExpected(member.excuse, state),
      excuse: member.excuse,
      watchDay: member.watchDay,
      looked: looked.has(member.personId),
      caseOpen: member.caseOpen,
      state: {
        class: state.class,
        tenths: state.tenths,
        source: state.source,
        stands: state.stands,
        timing: state.timing,
        reasonDue: state.reasonDue,
        unmeasurable: state.unmeasurable,
        alsoBy: state.alsoBy.map(({ entryId, by }) => names.get(entryId) ?? { staffId: by, name: by }),
      },
      records: own.slice(-contractLimits.marks).map(shownRecord),
      gate: seen
        .slice(-contractLimits.marks)
        .map(({ entryId, station, atMs, tenths }) => ({ entryId, station, atMs, tenths })),
    };
  });
  rows.sort(bySheetOrder);
  const figures: RoundFigures = figuresOf(rows.filter((row) => row.expected).map((row) => row.state.class));
  const { roundDay, window, scope, place } = key;
  const shown = {
    roundDay,
    window,
    scope,
    place,
    ...times,
    figures,
    complete: isComplete(figures),
    closings,
    found,
    rows,
  };
  const version = createHash('sha256').update(JSON.stringify(shown)).digest('hex').slice(0, 24);
  return {
    ...shown,
    version,
    members: new Map(members.map((member) => [member.personId, member])),
    missingReasons: missing,
  };
}

type MarkRow = {
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

/** By day, window and person, whatever place they were entered under: marks go with who moved. */
async function marksOf(db: Db, key: RoundKey, personIds: readonly string[]): Promise<MarkRow[]> {
  const rows = await db.query<MarkRow>(
    `select m.entry_id, m.writer_id, m.seq, m.person_id, m.kind, m.tenths, m.by_hand, m.symptoms, m.reason, m.note, m.until_day,
       m.late_reason, m.by_staff, s.name as by_name, m.at_ms, m.received_ms,
       exists (select 1 from round_undos u where u.undoes = m.entry_id) as undone
     from round_marks m left join staff s on s.staff_id = m.by_staff
     where m.person_id = any ($1::text[]) and m.round_day = $2 and m.round_window = $3
     order by m.received_ms, m.writer_id, m.seq`,
    [personIds, key.roundDay, key.window],
  );
  return rows.rows;
}

async function gateOf(
  db: Db,
  personIds: readonly string[],
  fromMs: number,
  toMs: number,
): Promise<(GateReading & { personId: string })[]> {
  const rows = await db.query<GateReading & { personId: string }>(
    `select g.entry_id as "entryId", g.person_id as "personId", coalesce(s.name, g.station_id) as station, g.at_ms as "atMs", g.tenths
     from gate_readings g left join stations s on s.station_id = g.station_id
     where g.person_id = any ($1::text[]) and g.at_ms between $2 and $3 order by g.at_ms, g.entry_id`,
    [personIds, fromMs, toMs],
  );
  return rows.rows;
}

/** Whose last reading of the day before this round was borderline. */
async function lookedOf(
  db: Db,
  personIds: readonly string[],
  beforeMs: number,
  from: number,
  below: number,
): Promise<Set<string>> {
  const rows = await db.query<{ person_id: string; tenths: number }>(
    `select distinct on (person_id) person_id, tenths from (
       select person_id, tenths, at_ms from round_marks m where person_id = any ($1::text[]) and at_ms >= $2 and at_ms < $3 and tenths is not null
         and not exists (select 1 from round_undos u where u.undoes = m.entry_id)
       union all select person_id, tenths, at_ms from gate_readings where person_id = any ($1::text[]) and at_ms >= $2 and at_ms < $3) r
     order by person_id, at_ms desc`,
    [personIds, beforeMs - limits.lookBackMs, beforeMs],
  );
  return new Set(rows.rows.filter(({ tenths }) => tenths >= from && tenths < below).map((row) => row.person_id));
}

/** Newest first, and why the newest says that each is missing. */
async function closingsOf(db: Db, key: RoundKey, closesMs: number) {
  const rows = await db.query<CloseRow>(
    `select c.entry_id, c.figures, c.missing, c.late_reason, c.by_staff, s.name as by_name, c.at_ms
     from round_closes c left join staff s on s.staff_id = c.by_staff
     where round_day = $1 and round_window = $2 and scope = $3 and place = $4
     order by c.received_ms desc, c.writer_id, c.seq desc limit $5`,
    [...placeOf(key), contractLimits.closings],
  );
  const closings = rows.rows.map((row): RoundClosing => {
    const late = row.at_ms > closesMs;
    return {
      ...{ entryId: row.entry_id, by: whoOf(row), atMs: row.at_ms, late, lateReason: row.late_reason },
      ...{ figures: row.figures, missing: row.missing.length },
    };
  });
  return {
    closings,
    missing: new Map((rows.rows[0]?.missing ?? []).map(({ personId, reason }) => [personId, reason])),
  };
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

async function foundOf(db: Db, key: RoundKey): Promise<RoundSheet['found']> {
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

function placeOf(key: RoundKey): string[] {
  return [key.roundDay, key.window, key.scope, key.place];
}

/** Somebody who is no staff of this hub is told by the id that the entry names. */
function whoOf(row: { by_staff: string; by_name: string | null }): Who {
  return { staffId: row.by_staff, name: row.by_name ?? row.by_staff };
}

function recordOf(row: MarkRow): RoundRecord {
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

function shownRecord(row: MarkRow): SheetRecord {
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

function groupBy<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const there = groups.get(nameOf(item));
    if (there === undefined) groups.set(nameOf(item), [item]);
    else there.push(item);
  }
  return groups;
}
