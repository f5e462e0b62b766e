// Sheets of rounds: read from the rows of all writers, judged by the domain's rules, and held for the pages that poll. Called by the
// routes of rounds.
import { createHash } from 'node:crypto';
import type { RoundSheet, SheetRow } from '../src/contracts/rounds.ts';
import { limits as contractLimits } from '../src/contracts/rounds.ts';
import type { RoundFigures, RoundKey, RoundScope } from '../src/domain/round.ts';
import { byClassOrder, bySheetOrder, figuresOf, isComplete, isExpected } from '../src/domain/round-sheet.ts';
import { stateOf } from '../src/domain/round-state.ts';
import { windowTimes } from '../src/domain/round-window.ts';
import type { Db, Pool } from './database.ts';
import { policyNow } from './policy.ts';
import { type Buildings, buildingsNow, type Member, membersOf } from './round-people.ts';
import {
  closingsOf,
  foundOf,
  gateOf,
  groupBy,
  lookedOf,
  marksOf,
  placeOf,
  recordOf,
  shownRecord,
  whoOf,
} from './round-rows.ts';

/** `heldMs`: a sheet is read anew at the latest then, for what its own marks do not tell (gates, orders, who moved). */
export const limits = { sheets: 60, heldMs: 10_000 } as const;

export type Sheet = Omit<RoundSheet, 'people' | 'next'> & {
  version: string;
  rows: SheetRow[];
};
type Held = { stamp: string; atMs: number; sheet: Sheet };

export type Sheets = {
  sheetOf(key: RoundKey): Promise<Sheet>;
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

  async function make(key: RoundKey, name: string): Promise<Sheet> {
    const stamp = await stampOf(pool, key);
    const there = held.get(name);
    if (there?.stamp === stamp && monoMs() - there.atMs <= limits.heldMs) return there.sheet;
    const atMs = monoMs();
    const sheet = await readSheet(pool, key, await buildings());
    held.delete(name);
    held.set(name, { stamp, atMs, sheet });
    const oldest = held.keys().next();
    if (held.size > limits.sheets && !oldest.done) held.delete(oldest.value);
    return sheet;
  }

  return {
    sheetOf(key) {
      const name = JSON.stringify([key.roundDay, key.window, key.scope, key.place]);
      // Pages that ask at the same time wait for one reading.
      const running = making.get(name);
      if (running !== undefined) return running;
      const made = make(key, name).finally(() => making.delete(name));
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

/** In a building its floor, room and bed; a class lives anywhere, so there the roster's whole text stands for the room. */
function dwellingIn(scope: RoundScope, member: Member): Pick<SheetRow, 'floor' | 'room' | 'bed'> {
  if (scope === 'class') return { floor: '', room: member.roomText ?? '', bed: null };
  return { floor: member.floor, room: member.room, bed: member.bed };
}

async function readSheet(db: Db, key: RoundKey, buildings: Buildings): Promise<Sheet> {
  const { policy } = await policyNow(db);
  const times = windowTimes(key.roundDay, key.window, policy);
  const members = await membersOf(db, key, buildings);
  const ids = members.map(({ personId }) => personId);
  const marks = await marksOf(db, key, ids);
  const gate = await gateOf(db, ids, times.opensMs, times.closesMs);
  const looked = await lookedOf(db, ids, times.opensMs, policy);
  const { closings } = await closingsOf(db, key, times.closesMs);
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
      ...dwellingIn(key.scope, member),
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
  rows.sort(key.scope === 'class' ? byClassOrder : bySheetOrder);
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
  return { ...shown, version };
}
