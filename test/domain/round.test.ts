// Rules of rounds by tables: windows, the keypad, where people live, how one stands, what raises a case.
import { expect, test } from 'vitest';
import { startOfDayMs } from '../../src/domain/campus-day.ts';
import { dwellingOf } from '../../src/domain/dwelling.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import type { GateReading, RoundRecord } from '../../src/domain/round.ts';
import { raiseOf } from '../../src/domain/round-raise.ts';
import {
  byClassOrder,
  bySheetOrder,
  excuseOf,
  figuresOf,
  isComplete,
  isExpected,
  percentDone,
} from '../../src/domain/round-sheet.ts';
import { stateOf } from '../../src/domain/round-state.ts';
import { keypadTenths, typedReading, valueClass } from '../../src/domain/round-value.ts';
import { roundAt, timingOf, windowTimes } from '../../src/domain/round-window.ts';

const day = '2020-03-02';
const at = (clock: string, of = day) => {
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
  return startOfDayMs(of) + ((hours * 60 + minutes) * 60 + seconds) * 1_000;
};
const early = windowTimes(day, 'early', defaultPolicy);
let n = 0;
const mark = (
  given: Partial<RoundRecord> & { tenths?: number | null; symptoms?: never[] | ['fatigue'] },
): RoundRecord =>
  ({
    is: 'mark',
    entryId: `e${++n}`,
    writerId: 'w1',
    seq: n,
    personId: 'p1',
    receivedMs: at('07:00') + n,
    atMs: at('07:00'),
    by: 'anna',
    lateReason: null,
    tenths: 364,
    byHand: true,
    symptoms: [],
    ...given,
  }) as RoundRecord;
const absence = (given: Partial<RoundRecord> = {}): RoundRecord =>
  ({ ...mark({}), is: 'absence', reason: 'not-in-room', note: '', ...given }) as RoundRecord;
const stand = (records: RoundRecord[], gate: GateReading[] = [], undone: string[] = []) =>
  stateOf(records, gate, new Set(undone), early, defaultPolicy);
const gate = (tenths: number, clock: string): GateReading => ({
  entryId: `g${++n}`,
  station: 'st',
  atMs: at(clock),
  tenths,
});

test('windows are campus hours, and lateness has its boundaries', () => {
  expect(early).toEqual({ opensMs: at('06:30'), closesMs: at('08:30'), reasonFromMs: at('09:00') });
  expect(windowTimes(day, 'late', defaultPolicy).closesMs).toBe(at('22:30'));
  const rows: [string, string][] = [
    ['05:59:59', 'before'],
    ['06:00', 'inside'],
    ['06:30', 'inside'],
    ['08:30', 'inside'],
    ['08:30:01', 'late'],
    ['09:00', 'late'],
    ['09:00:01', 'very-late'],
  ];
  for (const [clock, timing] of rows) expect([clock, timingOf(at(clock), early)]).toEqual([clock, timing]);
});

test('the round of now is the one that runs, else the last that ended', () => {
  const rows: [string, string, string][] = [
    ['05:59', '2020-03-01', 'late'],
    ['06:00', day, 'early'],
    ['12:00', day, 'early'],
    ['19:29', day, 'early'],
    ['19:30', day, 'late'],
    ['23:59', day, 'late'],
  ];
  for (const [clock, roundDay, window] of rows)
    expect([clock, roundAt(at(clock), ['early', 'late'], defaultPolicy)]).toEqual([clock, { roundDay, window }]);
  expect(roundAt(at('03:00'), ['morning'], defaultPolicy)).toEqual({ roundDay: '2020-03-01', window: 'morning' });
});

test('three digits are a value; two, four, and what is out of range are none', () => {
  const rows: [string, number | null][] = [
    ['364', 364],
    ['36.4', 364],
    [' 373 ', 373],
    ['340', 340],
    ['420', 420],
    ['339', null],
    ['421', null],
    ['36', null],
    ['3644', null],
    ['36.', null],
    ['', null],
    ['abc', null],
    ['3６4', null],
  ];
  for (const [typed, tenths] of rows) expect([typed, keypadTenths(typed, defaultPolicy)]).toEqual([typed, tenths]);
  const classes = [339, 340, 349, 350, 369, 370, 372, 373, 420, 421].map((tenths) => valueClass(tenths, defaultPolicy));
  expect(classes).toEqual([
    'invalid',
    'low',
    'low',
    'normal',
    'normal',
    'borderline',
    'borderline',
    'abnormal',
    'abnormal',
    'invalid',
  ]);
  expect(typedReading(364, 'anna', { site: 'forehead', method: 'infrared' })).toMatchObject({
    centiCelsius: 3640,
    manual: true,
    typedBy: 'anna',
  });
});

test('a room is parted into building, floor, room and bed', () => {
  const rows: [string, string, string, string, string | null][] = [
    ['3 号楼 402', '3 号楼', '4', '402', null],
    ['3号楼 402-3', '3号楼', '4', '402', '3'],
    ['3号楼402室3床', '3号楼', '4', '402', '3'],
    ['3-402', '3', '4', '402', null],
    ['竹苑 2-1-101', '竹苑 2', '1', '1-101', null],
    ['紫荆 12 号楼-1103-2', '紫荆 12 号楼', '11', '1103', '2'],
    ['A 座 B201', 'A 座', '2', 'B201', null],
    ['402', '-', '4', '402', null],
    ['教工家属区', '教工家属区', '', '', null],
  ];
  for (const [text, building, floor, room, bed] of rows)
    expect([text, dwellingOf(text)]).toEqual([text, { building, floor, room, bed }]);
});

test('nobody is normal by a low value: the first is asked again, the second by hand goes to the clinic', () => {
  expect(stand([])).toMatchObject({ class: 'missing', why: 'nothing' });
  expect(stand([mark({ tenths: 349 })])).toMatchObject({ class: 'missing', why: 'low', unmeasurable: false });
  expect(stand([mark({ tenths: 349 }), mark({ tenths: 342 })])).toMatchObject({
    class: 'abnormal',
    unmeasurable: true,
  });
  expect(stand([mark({ tenths: 349, byHand: false } as never), mark({ tenths: 342 })])).toMatchObject({
    class: 'missing',
    why: 'low',
  });
  expect(stand([mark({ tenths: 349 }), mark({ tenths: 363 })])).toMatchObject({ class: 'normal', tenths: 363 });
  expect(stand([mark({ tenths: 339 })])).toMatchObject({ class: 'missing', why: 'no-value' });
});

test('the latest record stands, a differing one of somebody else is told, and a fever is not typed away', () => {
  const first = mark({ by: 'anna', tenths: 364 });
  const second = mark({ by: 'ben', tenths: 366 });
  expect(stand([second, first])).toMatchObject({ tenths: 366, alsoBy: [{ entryId: first.entryId, by: 'anna' }] });
  expect(stand([first, mark({ by: 'ben', tenths: 364 })]).alsoBy).toEqual([]);
  const fever = mark({ tenths: 373 });
  expect(stand([fever, mark({ tenths: 364 })])).toMatchObject({ class: 'abnormal', stands: fever.entryId });
  expect(stand([fever, mark({ tenths: 364 })], [], [fever.entryId])).toMatchObject({ class: 'normal', tenths: 364 });
  expect(stand([mark({ symptoms: ['fatigue'] }), absence()])).toMatchObject({ class: 'symptoms' });
  expect(stand([first, absence()])).toMatchObject({ class: 'absent', absence: 'not-in-room' });
});

test('what arrived out of order stands in the order in which its writer wrote it', () => {
  const one = mark({ writerId: 'w1', seq: 501, receivedMs: at('07:30'), tenths: 361 });
  const two = mark({ writerId: 'w1', seq: 502, receivedMs: at('07:10'), tenths: 362 });
  const other = mark({ writerId: 'w2', seq: 1, receivedMs: at('07:20'), tenths: 363, by: 'ben' });
  for (const records of [
    [one, two, other],
    [other, two, one],
    [two, other, one],
  ])
    expect(stand(records)).toMatchObject({ tenths: 362 });
  const unsent = mark({ writerId: 'w3', seq: 1, receivedMs: null, tenths: 365, by: 'ben' });
  expect(stand([unsent, one, two, other])).toMatchObject({ tenths: 365 });
});

test('a reading at a gate inside the window counts where nobody entered one, and its fever always', () => {
  expect(stand([], [gate(364, '07:12')])).toMatchObject({ class: 'normal', source: 'gate', timing: 'inside' });
  expect(stand([], [gate(364, '06:29:59')])).toMatchObject({ class: 'missing' });
  expect(stand([], [gate(364, '08:30:01')])).toMatchObject({ class: 'missing' });
  expect(stand([], [gate(349, '07:12')])).toMatchObject({ class: 'missing' });
  expect(stand([mark({ tenths: 370 })], [gate(364, '07:12')])).toMatchObject({ class: 'borderline', source: 'mark' });
  expect(stand([mark({ tenths: 364 })], [gate(376, '07:12')])).toMatchObject({ class: 'abnormal', source: 'gate' });
  expect(stand([absence()], [gate(364, '07:12')])).toMatchObject({ class: 'absent' });
});

test('an entry after the window is kept and marked late; after half an hour more it needs a reason', () => {
  expect(stand([mark({ atMs: at('08:31') })])).toMatchObject({ class: 'normal', timing: 'late', reasonDue: false });
  expect(stand([mark({ atMs: at('09:01') })])).toMatchObject({ timing: 'very-late', reasonDue: true });
  expect(stand([mark({ atMs: at('09:01'), lateReason: '停电' })])).toMatchObject({ reasonDue: false });
  expect(stand([mark({ atMs: at('05:00') })])).toMatchObject({ class: 'missing', why: 'no-value' });
});

test('who is isolated, in hospital, away or on leave is not expected, unless measured here all the same', () => {
  const person = { presence: 'on-campus', order: null, onLeave: false } as const;
  expect(excuseOf(person)).toBeNull();
  expect(excuseOf({ ...person, order: 'watch' })).toBeNull();
  expect(excuseOf({ ...person, order: 'isolation' })).toBe('isolation');
  expect(excuseOf({ ...person, presence: 'granted' })).toBe('away');
  expect(excuseOf({ ...person, onLeave: true })).toBe('leave');
  expect(isExpected('leave', { class: 'missing', source: null })).toBe(false);
  expect(isExpected('leave', { class: 'normal', source: 'mark' })).toBe(true);
  expect(isExpected('away', { class: 'normal', source: 'gate' })).toBe(false);
});

test('a round is complete at 100 % alone', () => {
  const all = figuresOf(Array.from({ length: 320 }, (): 'normal' => 'normal'));
  expect([isComplete(all), percentDone(all)]).toEqual([true, 100]);
  const one = figuresOf([...Array.from({ length: 319 }, (): 'normal' => 'normal'), 'missing']);
  expect([isComplete(one), percentDone(one)]).toEqual([false, 99]);
});

test('returners under watch come first, then yesterday’s borderline, then rooms as people read them', () => {
  const row = (personId: string, watchDay: number | null, looked: boolean, floor: string, room: string) => ({
    personId,
    watchDay,
    looked,
    floor,
    room,
    bed: null,
  });
  const sorted = [
    row('a', null, false, '10', '1002'),
    row('b', null, false, '2', '202'),
    row('c', null, true, '9', '901'),
    row('d', 9, false, '9', '902'),
    row('e', 3, false, '9', '903'),
  ];
  const order = (by: typeof bySheetOrder) => [...sorted].sort(by).map(({ personId }) => personId);
  expect(order(bySheetOrder).join('')).toBe('edcba');
  // The list of a class goes by number, wherever its members live.
  expect(order(byClassOrder).join('')).toBe('edcab');
});

test('a fever, a symptom and the second low value by hand raise a case', () => {
  const raise = (tenths: number | null, symptoms: ['fatigue'] | [] = [], lows = 0, byHand = true) =>
    raiseOf({ tenths, byHand, symptoms }, lows, defaultPolicy);
  expect([raise(372), raise(373), raise(379), raise(380)]).toEqual([null, 'fever', 'fever', 'urgent']);
  expect([raise(null, ['fatigue']), raise(364, ['fatigue']), raise(373, ['fatigue'])]).toEqual([
    'symptoms',
    'symptoms',
    'fever',
  ]);
  expect([raise(345), raise(345, [], 1), raise(345, [], 1, false)]).toEqual([null, 'unmeasurable', null]);
});
