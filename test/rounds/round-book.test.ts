// The sheet that a tablet shows: the hub's records and its own put together, each counted once, nothing lost between them.
import { describe, expect, it } from 'vitest';
import type { SheetRecord, SheetRow } from '../../src/contracts/rounds.ts';
import type { Entry, EntryBody } from '../../src/domain/entry.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { typedReading } from '../../src/domain/round-value.ts';
import { windowTimes } from '../../src/domain/round-window.ts';
import { makeBook } from '../../src/rounds/round-book.ts';
import {
  type Context,
  closeBody,
  lowsOf,
  markBody,
  secondBody,
  symptomsBody,
  undoBody,
} from '../../src/rounds/round-writer.ts';
import { whatText, whoText } from '../../src/rounds/show.ts';
import type { Own } from '../../src/rounds/tablet-ledger.ts';

const key = { roundDay: '2026-11-24', window: 'early', scope: 'building', place: '梅园' } as const;
const times = windowTimes(key.roundDay, key.window, defaultPolicy);
const context: Context = { key, by: 's1', policy: defaultPolicy, lateReason: null, how: 'infrared' };
const writerId = 'aaaaaaaa-0000-4000-8000-000000000001';
const idOf = (seq: number) => `00000000-0000-7000-8000-${String(seq).padStart(12, '0')}`;

function row(n: number, given: Partial<SheetRow> = {}): SheetRow {
  return {
    ...{ personId: `p${n}`, name: `测试${n}`, pinyin: '', category: '', unit: '', contact: '', cards: [], floor: '4' },
    ...{ room: '401', bed: String(n), expected: true, excuse: null, watchDay: null, looked: false, caseOpen: false },
    state: {
      ...{ class: 'missing', tenths: null, source: null, stands: null, timing: null, reasonDue: false },
      ...{ unmeasurable: false, alsoBy: [] },
    },
    ...{ records: [], gate: [] },
    ...given,
  };
}
let seq = 0;
function own(body: EntryBody): Own {
  seq++;
  const head = {
    v: 1 as const,
    station: 'st',
    wallMs: times.opensMs + seq,
    monoMs: 0,
    hubOffsetMs: 0,
    day: key.roundDay,
  };
  return {
    envelope: { entryId: idOf(seq), writerId, seq },
    entry: { ...head, onDuty: 's1', ...body } as Entry,
    atMs: times.opensMs + seq,
  };
}
const bookOf = (
  rows: readonly SheetRow[],
  entries: readonly Own[],
  unsent: readonly string[] = [],
  of: Context['key'] = key,
) =>
  makeBook({
    ...{ rows, sheet: { closings: [], found: [] }, key: of, own: entries, times, policy: defaultPolicy },
    isUnsent: (id) => unsent.includes(id),
    staffName: (id) => `name of ${id}`,
  });
const bedOf = (rows: readonly SheetRow[], n: number) => {
  const bed = bookOf(rows, []).byId.get(`p${n}`);
  if (bed === undefined) throw new Error('no bed');
  return bed;
};
const told = (one: Own, given: Partial<SheetRecord> = {}): SheetRecord => ({
  ...{
    ...one.envelope,
    receivedMs: times.opensMs + 5_000,
    atMs: one.atMs,
    by: { staffId: 's1', name: 'Anna' },
    is: 'mark',
  },
  ...{
    tenths: 364,
    byHand: true,
    symptoms: [],
    reason: null,
    note: '',
    untilDay: null,
    lateReason: null,
    undone: false,
  },
  ...given,
});

describe('own entries and the hub’s', () => {
  const rows = [row(1), row(2)];

  it('an entry counts at once, and once: also when the hub tells it back', () => {
    const mark = own(markBody(bedOf(rows, 1), 364, context).body);
    const before = bookOf(rows, [mark], [mark.envelope.entryId]);
    expect(before.figures).toMatchObject({ expected: 2, measured: 1, missing: 1 });
    expect(before.byId.get('p1')).toMatchObject({ isUnsent: true, isDue: false, glyph: 'done' });
    const after = bookOf([row(1, { records: [told(mark)] }), row(2)], [mark]);
    expect(after.byId.get('p1')?.records).toHaveLength(1);
    expect(after.byId.get('p1')?.records[0]?.by).toBe('Anna');
    expect(after.figures).toEqual(before.figures);
  });

  it('what was taken back counts no more, and the next undo is the one before; twenty at most', () => {
    const first = own(markBody(bedOf(rows, 1), 364, context).body);
    const second = own(markBody(bedOf(rows, 2), 365, context).body);
    const undo = own(undoBody(second.envelope.entryId, 'p2', context).body);
    const book = bookOf(rows, [first, second, undo]);
    expect(book.figures.missing).toBe(1);
    expect(book.undo).toEqual({ entryId: first.envelope.entryId, personId: 'p1' });
    const many = Array.from({ length: 25 }, () => own(markBody(bedOf(rows, 1), 364, context).body));
    const undone = many.slice(5).map((one) => own(undoBody(one.envelope.entryId, 'p1', context).body));
    expect(bookOf(rows, [...many, ...undone]).undo).toBeNull();
  });

  it('what was entered after a reload stands over what was before, whatever the writers are called', () => {
    const before = own(markBody(bedOf(rows, 1), 369, context).body);
    const after = own(markBody(bedOf(rows, 1), 364, context).body);
    const other = {
      ...after,
      envelope: { ...after.envelope, writerId: '00000000-0000-4000-8000-000000000000', seq: 2 },
    };
    expect(bookOf(rows, [before, other]).byId.get('p1')?.state.tenths).toBe(364);
  });

  it('another round’s entries, and another building’s, count for nothing here', () => {
    const other = own(markBody(bedOf(rows, 1), 364, { ...context, key: { ...key, window: 'late' } }).body);
    const there = own(markBody(bedOf(rows, 1), 364, { ...context, key: { ...key, place: '竹园' } }).body);
    expect(bookOf(rows, [other, there]).figures.missing).toBe(2);
  });

  it('a fever waits for its second reading until one names its case', () => {
    const { body, raisesCase } = markBody(bedOf(rows, 1), 376, context);
    expect(raisesCase).toBe(true);
    const mark = own(body);
    expect(bookOf(rows, [mark]).secondDue).toEqual([{ personId: 'p1', caseId: mark.envelope.entryId }]);
    const second = own(secondBody('p1', mark.envelope.entryId, 378, context).body);
    expect(bookOf(rows, [mark, second]).secondDue).toEqual([]);
  });

  it('the second low value by hand, and a symptom, raise a case', () => {
    const low = own(markBody(bedOf(rows, 1), 349, context).body);
    const bed = bookOf(rows, [low]).byId.get('p1');
    if (bed === undefined) throw new Error('no bed');
    expect([bed.isDue, lowsOf(bed, defaultPolicy)]).toEqual([true, 1]);
    expect(markBody(bed, 348, context).raisesCase).toBe(true);
    expect(symptomsBody(bed, ['dry-cough'], context)).toMatchObject({ raisesCase: true, body: { reading: null } });
  });

  it('a value of the thermometer keeps its source, and a low one of it is not one by hand', () => {
    const measured = {
      ...typedReading(349, 's1', { site: 'forehead', method: 'infrared' }),
      manual: false,
      typedBy: null,
    };
    const { body, raisesCase } = markBody(bedOf(rows, 1), 349, context, { ...measured, deviceId: 'thermometer-1' });
    expect([body, raisesCase]).toMatchObject([{ reading: { manual: false, deviceId: 'thermometer-1' } }, false]);
    const bed = bookOf(rows, [own(body)]).byId.get('p1');
    if (bed === undefined) throw new Error('no bed');
    expect([bed.isDue, lowsOf(bed, defaultPolicy)]).toEqual([true, 0]);
    const again = markBody(bed, 349, context, measured);
    expect(again.raisesCase).toBe(false);
    expect(bed.records.map(({ record }) => whatText(record, 'building'))).toEqual(['34.9（测温仪）']);
    const fever = markBody(bed, 376, context, { ...measured, centiCelsius: 3760 });
    expect(fever.raisesCase).toBe(true);
  });

  it('who comes first stands in a group of their own; who moved away is told; a closing is kept', () => {
    const watched = [row(3, { watchDay: 2 }), ...rows];
    expect(bookOf(watched, []).groups.map(({ title, rooms }) => [title, rooms.length])).toEqual([
      ['first', 1],
      ['floor', 1],
    ]);
    const gone = own(markBody(bedOf(watched, 3), 364, context).body);
    expect(bookOf(rows, [gone]).moved).toBe(1);
    const closing = own(closeBody(bookOf(rows, []).figures, [{ personId: 'p1', reason: 'out' }], context).body);
    expect(bookOf(rows, [closing]).closings).toMatchObject([{ by: 'name of s1', missing: 1, isUnsent: false }]);
  });

  it('in a class each person is a tile of their own: the same room of two buildings is not one', () => {
    const of = { ...key, window: 'morning', scope: 'class', place: '甲班' } as const;
    const members = [1, 2, 3].map((n) => row(n, { floor: '', room: '401', bed: null, looked: n === 3 }));
    const { groups, beds } = bookOf([...members.slice(2), ...members.slice(0, 2)], [], [], of);
    expect(groups.map(({ title, rooms }) => [title, rooms.map(({ room }) => room)])).toEqual([
      ['first', ['p3']],
      ['class', ['p1', 'p2']],
    ]);
    expect(beds.map(whoText)).toEqual(['p3 测试3', 'p1 测试1', 'p2 测试2']);
  });
});
