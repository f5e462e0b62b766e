// One round of one building or class as the screen shows it: the hub's sheet and what this tablet entered, put together by the
// domain's rules, so that two tablets with the same records show the same. Pure; called by the controller.
import type { RoundSheet, SheetRecord, SheetRow } from '../contracts/rounds.ts';
import type { Policy } from '../domain/policy.ts';
import { tenthsOf } from '../domain/reading.ts';
import type { RoundFigures, RoundKey, RoundRecord, RoundScope } from '../domain/round.ts';
import { figuresOf, isExpected, percentDone } from '../domain/round-sheet.ts';
import { type PersonState, stateOf } from '../domain/round-state.ts';
import { valueClass } from '../domain/round-value.ts';
import type { WindowTimes } from '../domain/round-window.ts';
import type { Own } from './tablet-ledger.ts';

export const limits = {
  undo: 20,
  /** Stands for the receipt of own records that have none: after all others, in the order in which they were entered. */
  afterAllMs: 9e15,
} as const;

export type Glyph = 'done' | 'due' | 'alert' | 'absent' | 'away';
export type Bed = {
  row: SheetRow;
  /** Of the round: a class has people where a building has rooms with beds. */
  scope: RoundScope;
  state: PersonState;
  expected: boolean;
  isDue: boolean;
  glyph: Glyph;
  /** Something of it lies on this tablet alone. */
  isUnsent: boolean;
  /** Everything that was entered and not taken back, oldest first. */
  records: readonly Told[];
};
export type Told = { entryId: string; by: string; atMs: number; record: RoundRecord };
/** `room` is what one tile stands for: a room, in a class one person. */
export type Group = { title: 'first' | 'floor' | 'class'; floor: string; rooms: { room: string; beds: Bed[] }[] };
export type Book = {
  beds: Bed[];
  byId: ReadonlyMap<string, Bed>;
  figures: RoundFigures;
  percent: number;
  groups: Group[];
  /** Fevers entered on this tablet without a second, contact reading, oldest first: personId and the entry that raised the case. */
  secondDue: { personId: string; caseId: string }[];
  /** What Ctrl+Z takes back next: the newest own record of this round, at most 20 back. */
  undo: { entryId: string; personId: string } | null;
  /** Closings of this round, oldest first; `isUnsent`: on this tablet alone. */
  closings: { entryId: string; by: string; atMs: number; missing: number; isUnsent: boolean }[];
  /** How many were found who are not on the roster. */
  found: number;
  /** People with own records who are no longer on the sheet: they moved. */
  moved: number;
};

export function makeBook(given: {
  rows: readonly SheetRow[];
  /** What the hub told of this very round; null when it has not yet. */
  sheet: Pick<RoundSheet, 'closings' | 'found'> | null;
  key: RoundKey;
  own: readonly Own[];
  isUnsent(entryId: string): boolean;
  staffName(staffId: string): string;
  times: WindowTimes;
  policy: Policy;
}): Book {
  const { rows, key, times, policy } = given;
  const mine = given.own.filter(({ entry }) => isOfRound(entry, key));
  const undone = new Set(mine.flatMap(({ entry }) => (entry.kind === 'round-undo' ? [entry.undoes] : [])));
  const ownRecords = new Map<string, RoundRecord[]>();
  // Several writers of this tablet (one a page load) may be waiting: their order is that of the tablet, not of their ids.
  for (const [index, one] of mine.entries()) {
    const record = recordOf(one, limits.afterAllMs + index);
    if (record !== null) ownRecords.set(record.personId, [...(ownRecords.get(record.personId) ?? []), record]);
  }
  for (const row of rows) for (const record of row.records) if (record.undone) undone.add(record.entryId);

  const beds = rows.map((row): Bed => {
    const own = ownRecords.get(row.personId) ?? [];
    const hub = row.records.map((record) => fromHub(record, row.personId));
    const known = new Set(hub.map((record) => record.entryId));
    const all = [...hub, ...own.filter((record) => !known.has(record.entryId))];
    const state = stateOf(all, row.gate, undone, times, policy);
    const expected = isExpected(row.excuse, state);
    const names = new Map(row.records.map((record) => [record.by.staffId, record.by.name]));
    return {
      row,
      scope: key.scope,
      state,
      expected,
      isDue: expected && state.class === 'missing',
      glyph: glyphOf(state, expected),
      isUnsent: own.some((record) => given.isUnsent(record.entryId)),
      records: all
        .filter((record) => !undone.has(record.entryId))
        .map((record) => ({
          entryId: record.entryId,
          by: names.get(record.by) ?? given.staffName(record.by),
          atMs: record.atMs,
          record,
        })),
    };
  });
  const byId = new Map(beds.map((bed) => [bed.row.personId, bed]));
  const figures = figuresOf(beds.filter((bed) => bed.expected).map((bed) => bed.state.class));
  return {
    beds,
    byId,
    figures,
    percent: percentDone(figures),
    groups: groupsOf(beds),
    secondDue: secondDueOf(mine, undone, policy),
    undo: undoOf(mine, undone),
    closings: closingsOf(given, mine),
    found: new Set([
      ...(given.sheet?.found ?? []).filter((one) => !one.undone).map((one) => one.entryId),
      ...mine.filter(({ entry }) => entry.kind === 'found-unregistered').map(({ envelope }) => envelope.entryId),
    ]).size,
    moved: [...ownRecords.keys()].filter((personId) => !byId.has(personId)).length,
  };
}

function closingsOf(
  given: Pick<Parameters<typeof makeBook>[0], 'sheet' | 'isUnsent' | 'staffName'>,
  mine: readonly Own[],
) {
  const told = (given.sheet?.closings ?? []).map(({ entryId, by, atMs, missing }) => ({
    ...{ entryId, by: by.name, atMs, missing, isUnsent: false },
  }));
  const known = new Set(told.map((one) => one.entryId));
  const own = mine.flatMap(({ envelope: { entryId }, entry, atMs }) =>
    entry.kind === 'round-close' && !known.has(entryId)
      ? [
          {
            entryId,
            by: given.staffName(entry.by),
            atMs,
            missing: entry.missing.length,
            isUnsent: given.isUnsent(entryId),
          },
        ]
      : [],
  );
  return [...told, ...own].sort((a, b) => a.atMs - b.atMs);
}

type RoundEntry = Extract<Own['entry'], RoundKey>;
function isOfRound(entry: Own['entry'], key: RoundKey): boolean {
  // A second reading names its case, which only this round's marks are looked up by.
  if (entry.kind === 'contact-reading') return true;
  if (!('roundDay' in entry)) return false;
  const { roundDay, window, scope, place }: RoundEntry = entry;
  return roundDay === key.roundDay && window === key.window && scope === key.scope && place === key.place;
}

/** Null for what says nothing of one person's standing. */
export function recordOf({ envelope, entry, atMs }: Own, receivedMs: number): RoundRecord | null {
  if (entry.kind !== 'round-mark' && entry.kind !== 'absence') return null;
  const { personId, by, lateReason } = entry;
  const common = { ...envelope, personId, receivedMs, atMs, by, lateReason };
  if (entry.kind === 'absence') return { ...common, is: 'absence', reason: entry.reason, note: entry.note };
  const { reading, symptoms } = entry;
  return {
    ...common,
    is: 'mark',
    tenths: reading === null ? null : tenthsOf(reading.centiCelsius),
    byHand: reading !== null && (reading.manual || reading.method === 'contact'),
    symptoms,
  };
}

function fromHub(record: SheetRecord, personId: string): RoundRecord {
  const { entryId, writerId, seq, receivedMs, atMs, lateReason } = record;
  const common = { entryId, writerId, seq, personId, receivedMs, atMs, by: record.by.staffId, lateReason };
  if (record.is === 'mark') {
    return { ...common, is: 'mark', tenths: record.tenths, byHand: record.byHand, symptoms: record.symptoms };
  }
  return { ...common, is: 'absence', reason: record.reason ?? 'other', note: record.note };
}

function glyphOf(state: PersonState, expected: boolean): Glyph {
  switch (state.class) {
    case 'normal':
    case 'borderline':
      return 'done';
    case 'abnormal':
    case 'symptoms':
      return 'alert';
    case 'absent':
      return 'absent';
    case 'missing':
      return expected ? 'due' : 'away';
    default:
      return state.class satisfies never;
  }
}

/** Who comes first (under watch, or borderline before) in a group of their own, then floor by floor or the class; the order is the hub's. */
function groupsOf(beds: readonly Bed[]): Group[] {
  const groups: Group[] = [];
  for (const bed of beds) {
    const title = isFirst(bed) ? 'first' : bed.scope === 'class' ? 'class' : 'floor';
    const floor = title === 'floor' ? bed.row.floor : '';
    let group = groups.find((one) => one.title === title && one.floor === floor);
    if (group === undefined) {
      group = { title, floor, rooms: [] };
      groups.push(group);
    }
    const name = tileOf(bed);
    const room = group.rooms.find((one) => one.room === name);
    if (room === undefined) group.rooms.push({ room: name, beds: [bed] });
    else room.beds.push(bed);
  }
  return groups;
}

/** What the arrows to the sides step over, and one tile shows. */
export function tileOf({ row, scope }: Pick<Bed, 'row' | 'scope'>): string {
  return scope === 'class' ? row.personId : row.room;
}

export function isFirst({ row }: Pick<Bed, 'row'>): boolean {
  return row.watchDay !== null || row.looked;
}

function secondDueOf(mine: readonly Own[], undone: ReadonlySet<string>, policy: Policy): Book['secondDue'] {
  const answered = new Set(mine.flatMap(({ entry }) => (entry.kind === 'contact-reading' ? [entry.caseId] : [])));
  return mine.flatMap(({ envelope, entry }) => {
    if (entry.kind !== 'round-mark' || entry.reading === null) return [];
    if (undone.has(envelope.entryId) || answered.has(envelope.entryId)) return [];
    const isHigh = valueClass(tenthsOf(entry.reading.centiCelsius), policy) === 'abnormal';
    return isHigh ? [{ personId: entry.personId, caseId: envelope.entryId }] : [];
  });
}

function undoOf(mine: readonly Own[], undone: ReadonlySet<string>): Book['undo'] {
  const last = mine.filter(({ entry }) => entry.kind === 'round-mark' || entry.kind === 'absence').slice(-limits.undo);
  const newest = last.findLast(({ envelope }) => !undone.has(envelope.entryId));
  if (newest === undefined || !('personId' in newest.entry) || newest.entry.personId === null) return null;
  return { entryId: newest.envelope.entryId, personId: newest.entry.personId };
}
