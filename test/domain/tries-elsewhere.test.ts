// A measurement that another gate could not finish goes on here, not anew: its tries, the site that was low, what helps next.
import { describe, expect, test } from 'vitest';
import type { LaneEvent } from '../../src/domain/passage.ts';
import { contactAt, contextWith, person, Rig } from './passage-kit.ts';

type Elsewhere = Extract<LaneEvent, { kind: 'elsewhere' }>;
const people = { a: person() };
const rig = () => new Rig(contextWith(people, {}));
const told = (atMs: number, change: Partial<Elsewhere> = {}): Elsewhere => ({
  ...{ kind: 'elsewhere', atMs, personId: 'p-a', sinceMs: atMs, tries: 1 },
  last: { reason: 'low', byContact: false, site: 'forehead' },
  ...change,
});

describe('at the next gate', () => {
  test('the site that was low stays low, and counts as a try', () => {
    const lane = rig();
    lane.feed(told(0));
    lane.tap(1_000);
    lane.stream(1_200, 1_600, 3_650);
    expect(lane.told).toEqual(['1600 a again low']);
    expect(lane.decisions[0]).toMatchObject({ tries: 2, lowSites: ['forehead'], next: 'contact' });
  });

  test('another site and a contact reading admit, as they would have there', () => {
    const lane = rig();
    lane.feed(told(0));
    lane.tap(1_000);
    lane.feed({ kind: 'reading', atMs: 2_000, reading: contactAt(2_000, 3_650) });
    expect(lane.told).toEqual(['2000 a admit normal']);
  });

  test('three tries anywhere leave the contact thermometer alone', () => {
    const lane = rig();
    lane.feed(told(0, { tries: 3, last: { reason: 'contact-due', byContact: false, site: null } }));
    lane.tap(1_000);
    lane.stream(1_200, 1_600, 3_650);
    expect(lane.told).toEqual(['1600 a again contact-due']);
  });

  test('told twice it is one try; what was finished there begins anew', () => {
    const lane = rig();
    lane.feed(told(0));
    lane.feed(told(100, { sinceMs: 0 }));
    lane.tap(1_000);
    expect(lane.lane.open[0]?.tries).toBe(1);
    lane.feed({ kind: 'leave', atMs: 2_000, card: 'a' });
    lane.feed(told(3_000, { last: null }));
    lane.tap(9_000);
    lane.stream(9_200, 9_600, 3_650);
    expect(lane.told).toEqual(['9600 a admit normal']);
  });

  test('a second low contact reading is unmeasurable, wherever the first was', () => {
    const lane = rig();
    lane.feed(told(0, { tries: 0, last: { reason: 'low', byContact: true, site: 'axillary' } }));
    lane.tap(1_000);
    lane.feed({ kind: 'reading', atMs: 2_000, reading: contactAt(2_000, 3_450) });
    expect(lane.told).toEqual(['2000 a refer unmeasurable']);
  });

  test('what it was is forgotten with the chip there, the tries with their window', () => {
    const lane = rig();
    lane.feed(told(600_100, { sinceMs: 0 }));
    lane.tap(600_200);
    expect(lane.lane.open[0]).toMatchObject({ tries: 1, lowSites: [], next: null });
    lane.feed({ kind: 'leave', atMs: 601_000, card: 'a' });
    lane.tap(1_800_100);
    expect(lane.lane.open[0]).toMatchObject({ tries: 0 });
  });
});

test('whoever left here within the ten minutes of a chip goes on with what was low', () => {
  const lane = rig();
  lane.tap(0);
  lane.stream(200, 600, 3_450);
  lane.feed({ kind: 'leave', atMs: 2_000, card: 'a' });
  lane.tap(60_000);
  lane.stream(60_200, 60_600, 3_650);
  expect(lane.told).toEqual(['600 a again low', '60600 a again low']);
});

test('a first high value that must be confirmed is confirmed at another site, at any gate', () => {
  const lane = new Rig(contextWith(people, { policy: { ...contextWith(people).policy, confirmHigh: true } }));
  lane.feed(told(0, { last: { reason: 'confirm-high', byContact: false, site: 'forehead' } }));
  lane.tap(1_000);
  lane.stream(1_200, 1_600, 3_650);
  expect(lane.told).toEqual(['1600 a again confirm-high']);
});
