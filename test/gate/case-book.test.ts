// Open cases, their numbers and the clocks of a station: barred until the clinic says otherwise, no number twice, jumps seen.

import { describe, expect, it } from 'vitest';
import type { Bar } from '../../src/contracts/downlink.ts';
import { limits as clockLimits } from '../../src/domain/order-day.ts';
import { caseOf, createCaseBook } from '../../src/gate/case-book.ts';
import { createCaseNumbers } from '../../src/gate/case-numbers.ts';
import { createClockWatch, limits } from '../../src/gate/clock-watch.ts';
import { checkOf } from '../../src/gate/read-back.ts';
import type { LocalCase } from '../../src/store/local-case.ts';
import { fakeClocks } from '../kit/fake-clocks.ts';
import { chainOf, writerA } from '../kit/some-entries.ts';

function aCase(change: Partial<LocalCase> = {}): LocalCase {
  const [fever] = chainOf(writerA, 1, [1]);
  const entry = fever === undefined ? null : checkOf(fever);
  const raised = entry === null || fever === undefined ? null : caseOf(entry, fever.entryId);
  if (raised === null) throw new Error('no case');
  return { ...raised, ...change };
}
const word = (one: LocalCase, change: object) => ({
  topic: 'case' as const,
  caseId: one.caseId,
  station: one.station,
  state: 'acknowledged' as const,
  how: null,
  by: null,
  disposition: null,
  version: 2,
  ...change,
});
const bars = (...list: Bar[]) => new Map(list.map((bar) => [bar.personId, bar]));

const check = (raises: boolean) => ({ raises, verdict: raises ? 'refer' : 'admit', sinceWallMs: null }) as const;

describe('case book', () => {
  it('a check that raises a case makes one, and no other entry does', () => {
    expect(aCase()).toMatchObject({
      state: 'raised',
      delivered: false,
      personId: 'p-1',
      caseNo: 'G01-0001',
      version: 0,
    });
    const [admitted] = chainOf(writerA, 1);
    const entry = admitted === undefined ? null : checkOf(admitted);
    expect(entry && caseOf(entry, 'x')).toBeNull();
  });

  it('an older word of the clinic does not undo a newer one', () => {
    const book = createCaseBook(() => {});
    const one = aCase();
    book.add(one);
    book.hear(word(one, { state: 'arrived', version: 3 }));
    expect(book.hear(word(one, { state: 'acknowledged', version: 2 }))).toBeNull();
    expect(book.all().get(one.caseId)?.state).toBe('arrived');
  });

  it('a case that the hub has not received stays open, whatever bars the hub tells', () => {
    const book = createCaseBook(() => {});
    const one = aCase();
    book.add(one);
    expect(book.reconcile(bars(), new Set())).toEqual([]);
    expect(book.openFor('p-1')).toBe(true);
    // Delivered after the hub was asked: its answer may be older than the case.
    book.delivered([one.caseId]);
    expect(book.reconcile(bars(), new Set())).toEqual([]);
    expect(book.openFor('p-1')).toBe(true);
  });

  it('a delivered case ends when the hub no longer bars the person, and not before', () => {
    const book = createCaseBook(() => {});
    const one = aCase({ delivered: true });
    book.add(one);
    const barred: Bar = { personId: 'p-1', order: null, orderDay: null, untilDay: null, caseId: one.caseId };
    expect(book.reconcile(bars(barred), new Set([one.caseId]))).toEqual([]);
    expect(book.reconcile(bars(), new Set([one.caseId]))).toEqual([one.caseId]);
    expect(book.openFor('p-1')).toBe(false);
  });

  it('a closed case of one visit leaves another open case of the same person', () => {
    const book = createCaseBook(() => {});
    const one = aCase();
    const two = aCase({ caseId: '22222222-2222-7222-8222-222222222222' });
    book.add(one);
    book.add(two);
    expect(book.hear(word(one, { state: 'closed', disposition: 'cleared', version: 4 }))).toBe('closed');
    expect(book.openFor('p-1')).toBe(true);
  });
});

describe('case numbers', () => {
  it('count on over a restart and over midnight, never twice', () => {
    const first = createCaseNumbers({ day: '2020-03-01', today: 4, caseNo: 146 }, () => 0);
    const one = first.next('2020-03-01', check(true), 'G03');
    expect(one.caseNo).toBe('G03-0147');
    expect(first.next('2020-03-01', check(false), 'G03').caseNo).toBeNull();
    expect(first.today('2020-03-01')).toBe(6);
    const again = createCaseNumbers(one.counters, () => 0);
    expect(again.next('2020-03-02', check(true), 'G03').caseNo).toBe('G03-0148');
    expect(again.today('2020-03-02')).toBe(1);
    expect(again.today('2020-03-03')).toBe(0);
  });

  it('with a lost store they go on behind what came back from the journal', () => {
    const numbers = createCaseNumbers(null, () => 0);
    numbers.seen('G03-0147');
    numbers.seen('G03-0012');
    numbers.settle();
    expect(numbers.next('2020-03-01', check(true), 'G03').caseNo).toBe('G03-0148');
  });

  it('while nothing is known they start far from the low numbers', () => {
    const numbers = createCaseNumbers(null, () => 60_000 * 17);
    expect(numbers.next('2020-03-01', check(true), 'G03').caseNo).toBe('G03-5017');
    expect(numbers.next('2020-03-01', check(true), 'G03').caseNo).toBe('G03-5018');
  });
});

describe('clock watch', () => {
  it.each([
    [limits.jumpMs, null],
    [limits.jumpMs + 1, limits.jumpMs + 1],
    [-3_600_000, -3_600_000],
  ])('a step of %i ms is told as %s, once', (step, told) => {
    const clocks = fakeClocks();
    const watch = createClockWatch(clocks);
    clocks.jump(step);
    expect(watch.look()).toBe(told);
    if (told !== null) expect(watch.look()).toBeNull();
  });

  it('time that simply goes by is no jump', async () => {
    const clocks = fakeClocks();
    const watch = createClockWatch(clocks);
    await clocks.pass(86_400_000);
    expect(watch.look()).toBeNull();
  });

  it('the offset to the hub follows a jump, and a large one is unsure', () => {
    const clocks = fakeClocks();
    const watch = createClockWatch(clocks);
    watch.hearHub(40);
    expect(watch.unsure()).toBe(false);
    clocks.jump(-3_600_000);
    watch.look();
    expect(watch.hubOffsetMs()).toBe(3_600_040);
    expect(watch.unsure()).toBe(true);
    watch.hearHub(clockLimits.unsureMs);
    expect(watch.unsure()).toBe(false);
  });

  it('a clock without battery is unsure before any hub', () => {
    expect(createClockWatch(fakeClocks(1_000)).unsure()).toBe(true);
  });
});
