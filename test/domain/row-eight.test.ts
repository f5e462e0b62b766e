// Named decisions on what row 8 holds, in a passage: they touch that row and no other.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderKind } from '../../src/domain/order.ts';
import type { LaneContext, LaneEvent, PersonFacts } from '../../src/domain/passage.ts';
import { holdReasons } from '../../src/domain/verdict.ts';
import { contextWith, person, Rig, singleAt } from './passage-kit.ts';

function measured(people: { [card: string]: PersonFacts }, change: Partial<LaneContext> = {}, centi = 3_650): Rig {
  const rig = new Rig(contextWith(people, change));
  rig.tap(1_000);
  rig.feed({ kind: 'reading', atMs: 1_500, reading: singleAt(1_500, centi) });
  return rig;
}
const decided = (reason: (typeof holdReasons)[number], allow = true): LaneEvent => ({
  kind: 'decided',
  atMs: 9_000,
  card: 'a',
  reason,
  allow,
});

describe('a named decision on row 8', () => {
  it.each([
    ['return-not-granted', measured({ a: person({ presence: 'away' }) })],
    ['campus-closed', measured({ a: person() }, { campus: 'closed' })],
  ] as const)('lets in who was held for %s, on the same reading', (reason, rig) => {
    expect(rig.told.at(-1)).toBe(`1500 a hold ${reason}`);
    rig.feed(decided(reason));
    rig.feed({ kind: 'answers', atMs: 9_000, card: 'a', answer: 'clear' });
    expect(rig.told.at(-1)).toBe('9000 a admit normal');
    expect(rig.decisions.at(-1)?.shownTenths).toBe(365);
  });

  it('turns back who was not let in, and the passage is over', () => {
    const rig = measured({ a: person({ presence: 'away' }) });
    rig.feed(decided('return-not-granted', false));
    expect(rig.told.at(-1)).toBe('9000 a deny return-not-granted');
    expect(rig.decisions.at(-1)?.raisesCase).toBe(false);
    expect(rig.lane.open).toEqual([]);
  });

  it('releases one reason at a time: a closed campus still holds who may return', () => {
    const rig = measured({ a: person({ presence: 'away' }) }, { campus: 'closed' });
    rig.feed(decided('return-not-granted'));
    expect(rig.told.at(-1)).toBe('9000 a hold campus-closed');
    rig.feed(decided('campus-closed'));
    expect(rig.told.at(-1)).toBe('9000 a hold questions-due');
  });

  it('goes on to the questions: of who was away, whatever the roster says, and of somebody whom nobody knows', () => {
    for (const questionsDue of [true, false]) {
      const rig = measured({ a: person({ presence: 'away', questionsDue }) });
      rig.feed(decided('return-not-granted'));
      expect(rig.told.at(-1)).toBe('9000 a hold questions-due');
    }
    const unknown = measured({});
    unknown.feed(decided('unknown-card'));
    expect(unknown.told.at(-1)).toBe('9000 a hold questions-due');
    unknown.feed({ kind: 'answers', atMs: 9_500, card: 'a', answer: 'region' });
    expect(unknown.told.at(-1)).toBe('9500 a refer region');
  });

  it('an order or a case that came meanwhile denies all the same', () => {
    const facts = person({ presence: 'away' });
    const people = { a: facts };
    const rig = measured(people);
    facts.caseOpen = true;
    rig.feed(decided('return-not-granted'));
    expect(rig.told.at(-1)).toBe('9000 a deny referral-open');
  });

  it('another reason than the one that holds, or another passage, changes nothing', () => {
    const rig = measured({ a: person({ presence: 'away' }) });
    expect(rig.feed(decided('campus-closed'))).toEqual([]);
    expect(rig.feed({ ...decided('return-not-granted'), card: 'b' } as LaneEvent)).toEqual([]);
    expect(measured({ a: person() }, {}, 3_730).feed(decided('unknown-card'))).toEqual([]);
  });

  it('is forgotten with its passage', () => {
    const rig = measured({ a: person({ presence: 'away' }) });
    rig.feed(decided('return-not-granted'));
    rig.feed({ kind: 'leave', atMs: 12_000, card: 'a' });
    rig.tap(20_000);
    rig.feed({ kind: 'reading', atMs: 20_500, reading: singleAt(20_500, 3_650) });
    expect(rig.told.at(-1)).toBe('20500 a hold return-not-granted');
  });

  it('no sequence of decisions, readings and answers admits past rows 1 to 7', () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant('tap' as const), card: fc.constantFrom('a', 'b') }),
      fc.record({
        kind: fc.constant('reading' as const),
        centi: fc.constantFrom(3_350, 3_450, 3_650, 3_720, 3_730, 3_900),
      }),
      fc.record({ kind: fc.constant('contact' as const), centi: fc.constantFrom(3_450, 3_650, 3_740) }),
      fc.record({
        kind: fc.constant('decided' as const),
        reason: fc.constantFrom(...holdReasons),
        allow: fc.boolean(),
      }),
      fc.record({ kind: fc.constant('answers' as const), answer: fc.constantFrom('clear', 'symptom', 'region') }),
      fc.record({ kind: fc.constant('sensor' as const), sensor: fc.constantFrom('ready', 'device-lost') }),
      fc.record({
        kind: fc.constant('bar' as const),
        order: fc.constantFrom<OrderKind | null>('isolation', 'home', null),
      }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), fc.boolean(), fc.boolean(), (events, away, closed) => {
        const facts = person({ presence: away ? 'away' : 'on-campus' });
        const rig = new Rig(contextWith({ a: facts }, closed ? { campus: 'closed' } : {}));
        let atMs = 0;
        let ready = true;
        const referred = new Set<string>();
        for (const one of events) {
          atMs += 700;
          const before = rig.effects.length;
          if (one.kind === 'bar') facts.order = one.order;
          else if (one.kind === 'tap') rig.tap(atMs, one.card);
          else if (one.kind === 'reading') rig.feed({ kind: 'reading', atMs, reading: singleAt(atMs, one.centi) });
          else if (one.kind === 'contact') {
            const reading = singleAt(atMs, one.centi, { site: 'axillary', mode: 'contact', method: 'contact' });
            rig.feed({ kind: 'reading', atMs, reading });
          } else if (one.kind === 'decided') rig.feed({ ...one, atMs, card: 'a' } as LaneEvent);
          else if (one.kind === 'answers') rig.feed({ kind: 'answers', atMs, answer: one.answer as 'clear' });
          else {
            ready = one.sensor === 'ready';
            rig.feed({ kind: 'sensor', atMs, sensor: one.sensor as 'ready' });
          }
          const last = rig.effects.slice(before).at(-1);
          if (last?.do !== 'decide') continue;
          const { verdict, card, governing, shownTenths } = last.decision;
          if (verdict === 'refer' && card !== null) referred.add(card);
          if (verdict !== 'admit') continue;
          expect(card === 'a' ? facts.order : null).toBeNull();
          expect(referred.has(card ?? '')).toBe(false);
          expect(governing).not.toBeNull();
          expect(shownTenths).toBeGreaterThanOrEqual(350);
          expect(shownTenths).toBeLessThan(373);
          if (one.kind === 'reading') expect(ready).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });
});
