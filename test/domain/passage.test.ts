// The lane with live signals: streams, effects, views, deadlines, and what `rehearse` has no words for.
import { describe, expect, test } from 'vitest';
import { laneView, type RehearsedEvent, rehearsedStep, wakeAtMs } from '../../src/domain/passage.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { contactAt, contextWith, person, Rig, sampleAt, singleAt } from './passage-kit.ts';

const people = { a: person(), b: person({ personId: 'p-b' }), c: person({ personId: 'p-c' }) };
const rig = (change: Parameters<typeof contextWith>[1] = {}, who: Parameters<typeof contextWith>[0] = people) =>
  new Rig(contextWith(who, change));

describe('a live stream', () => {
  test('one face is one try, however long it stays', () => {
    const lane = rig();
    lane.tap(0);
    lane.stream(200, 8_000, 3_450);
    expect(lane.told).toEqual(['600 a again low']);
  });
  test('a wall between two faces begins the next try', () => {
    const lane = rig();
    lane.tap(0);
    lane.stream(200, 1_000, 3_450);
    lane.stream(1_200, 3_000, 2_500);
    lane.stream(3_200, 4_400, 3_650);
    expect(lane.told).toEqual(['600 a again low', '4200 a again low']);
  });
  test('a wall burns no try while the passage waits for the next reading', () => {
    const lane = rig();
    lane.tap(0);
    lane.stream(200, 20_000, 2_400);
    expect(lane.told).toEqual(['5000 a again invalid']);
  });
  test('the face of who was admitted is not the reading of who taps next', () => {
    const lane = rig();
    lane.tap(0);
    lane.stream(200, 2_400, 3_650);
    lane.tap(2_500, 'b');
    lane.tick(9_000);
    expect(lane.told).toEqual(['600 a admit normal', '7500 b again no-reading']);
  });
  test('who is measured before the tap pairs, and stays fresh while standing there', () => {
    const lane = rig();
    lane.stream(0, 9_000, 3_650);
    lane.tap(9_100);
    expect(lane.told).toEqual(['9100 a admit normal']);
  });
  test('touching the chip or the card asks for another try at once', () => {
    const lane = rig();
    lane.tap(0);
    lane.stream(200, 1_000, 3_450);
    lane.feed({ kind: 'resume', atMs: 1_100, card: 'a' });
    lane.stream(1_200, 1_600, 3_750);
    expect(lane.told).toEqual(['600 a again low', '1600 a refer fever']);
  });
  test('a sample serves one reading: another try needs three new ones', () => {
    const lane = rig();
    lane.tap(0);
    lane.stream(200, 600, 3_450);
    lane.feed({ kind: 'resume', atMs: 650, card: 'a' });
    lane.stream(700, 900, 3_450, 100);
    expect(lane.told).toEqual(['600 a again low', '900 a again low']);
    expect(lane.decisions[1]?.governing?.samples.map((sample) => sample.atMs)).toEqual([700, 800, 900]);
  });
  test('samples of two sites or two devices never make one reading', () => {
    const lane = rig();
    lane.tap(0);
    const feed = (atMs: number, site: 'forehead' | 'wrist') =>
      lane.feed({ kind: 'sample', atMs, sample: sampleAt(atMs, 3_650, site) });
    feed(200, 'forehead');
    feed(400, 'wrist');
    feed(600, 'forehead');
    feed(800, 'wrist');
    expect(lane.told).toEqual([]);
    feed(1_000, 'wrist');
    expect(lane.told).toEqual(['1000 a admit normal']);
  });
  test('samples further apart than the window are no reading', () => {
    const lane = rig();
    lane.tap(0);
    for (const atMs of [500, 1_001, 1_502, 2_003]) lane.feed({ kind: 'sample', atMs, sample: sampleAt(atMs, 3_650) });
    expect(lane.told).toEqual([]);
    lane.feed({ kind: 'sample', atMs: 2_502, sample: sampleAt(2_502, 3_650) });
    expect(lane.told).toEqual(['2502 a admit normal']);
  });
});

describe('single readings', () => {
  test('a query-mode value decides by itself; out of range it is a wall until the measurement ends', () => {
    const lane = rig();
    lane.tap(0);
    lane.feed({ kind: 'reading', atMs: 500, reading: singleAt(500, 2_000) });
    expect(lane.told).toEqual([]);
    lane.feed({ kind: 'reading', atMs: 900, reading: singleAt(900, 3_650) });
    expect(lane.told).toEqual(['900 a admit normal']);
    const other = rig();
    other.tap(0);
    other.feed({ kind: 'reading', atMs: 4_500, reading: singleAt(4_500, 2_000) });
    other.feed({ kind: 'tick', atMs: 5_000 });
    expect(other.told).toEqual(['5000 a again invalid']);
  });
  test('a hand-held infrared value counts although the fixed sensor is lost, and is marked manual', () => {
    const lane = rig();
    lane.feed({ kind: 'sensor', atMs: 0, sensor: 'device-lost' });
    lane.tap(100);
    lane.feed({ kind: 'reading', atMs: 4_000, reading: singleAt(4_000, 3_650, { manual: true, typedBy: 'guard-1' }) });
    expect(lane.told).toEqual(['100 a trouble device-lost', '4000 a admit normal']);
    expect(lane.decisions[1]?.governing?.manual).toBe(true);
    expect(lane.decisions[1]?.tries).toBe(1);
  });
  test('what was typed before the tap counts although the fixed sensor is lost, and what is out of range says so', () => {
    const told = (reading: ReturnType<typeof singleAt>) => {
      const lane = rig();
      lane.feed({ kind: 'sensor', atMs: 0, sensor: 'device-lost' });
      lane.feed({ kind: 'reading', atMs: 100, reading });
      lane.tap(1_000);
      return lane.told;
    };
    expect(told(singleAt(100, 3_650, { manual: true, typedBy: 'guard-1' }))).toEqual(['1000 a admit normal']);
    expect(told(contactAt(100, 3_300))).toEqual(['1000 a again invalid']);
  });
  test('a contact thermometer on a cable decides with its value; out of range it lies on the table', () => {
    const lane = rig();
    lane.feed({ kind: 'sensor', atMs: 0, sensor: 'device-lost' });
    lane.tap(100);
    const live = { site: 'axillary', mode: 'contact', method: 'contact' } as const;
    lane.feed({ kind: 'reading', atMs: 3_000, reading: singleAt(3_000, 2_300, live) });
    lane.feed({ kind: 'reading', atMs: 9_000, reading: singleAt(9_000, 3_650, live) });
    expect(lane.told).toEqual(['100 a trouble device-lost', '9000 a admit normal']);
  });
  test.each([
    'device-silent',
    'device-warm-up',
    'device-barred',
    'no-offset',
  ] as const)('%s is told at the tap', (sensor) => {
    const lane = rig();
    lane.feed({ kind: 'sensor', atMs: 0, sensor });
    lane.tap(100);
    expect(lane.told).toEqual([`100 a trouble ${sensor}`]);
  });
});

describe('a barred person', () => {
  test('whose window is uneven but all fever raises a case when the measurement ends', () => {
    const lane = rig({}, { a: person({ order: 'isolation' }) });
    lane.tap(0);
    for (const [atMs, centiCelsius] of [
      [4_200, 3_740],
      [4_500, 3_790],
      [4_800, 3_830],
    ] as const)
      lane.feed({ kind: 'sample', atMs, sample: sampleAt(atMs, centiCelsius) });
    lane.tick(20_000);
    expect(lane.decisions.map(({ atMs, reason, raisesCase }) => [atMs, reason, raisesCase])).toEqual([
      [0, 'order-isolation', false],
      [5_000, 'order-isolation', true],
    ]);
    expect(laneView(lane.lane, 20_000).holder).toBeNull();
  });
});

describe('effects beside decisions', () => {
  test('a contact reading after a referral is evidence, for the chip too and after its end', () => {
    const lane = rig();
    lane.tap(0);
    lane.stream(200, 600, 3_760);
    lane.feed({ kind: 'reading', atMs: 5_000, reading: contactAt(5_000, 3_690) });
    lane.tap(6_000, 'b');
    lane.feed({ kind: 'reading', atMs: 6_500, reading: contactAt(6_500, 3_800), card: 'a' });
    lane.tick(1_000_000);
    lane.feed({ kind: 'reading', atMs: 1_000_500, reading: contactAt(1_000_500, 3_700), card: 'a' });
    const evidence = lane.effects.filter((effect) => effect.do === 'evidence');
    expect(evidence.map((effect) => [effect.atMs, effect.card, effect.personId])).toEqual([
      [5_000, 'a', 'p-a'],
      [6_500, 'a', 'p-a'],
      [1_000_500, 'a', 'p-a'],
    ]);
    expect(lane.told).toEqual(['600 a refer fever', '11000 b again no-reading']);
  });
  test('the referred are barred by person, and free again when the clinic closed the case', () => {
    const two = { a: person(), a2: person() };
    const lane = rig({}, two);
    lane.tap(0);
    lane.stream(200, 600, 3_760);
    lane.tap(5_000, 'a2');
    expect(lane.told.at(-1)).toBe('5000 a2 deny referral-open');
    lane.context = contextWith({ a: person({ caseOpen: true }), a2: person({ caseOpen: true }) });
    lane.tap(20_000);
    expect(lane.told.at(-1)).toBe('20000 a deny referral-open');
    lane.context = contextWith(two);
    lane.tap(40_000);
    lane.stream(40_200, 40_600, 3_650);
    expect(lane.told.at(-1)).toBe('40600 a admit normal');
  });
  test('who comes back after the case was closed begins a new passage with a measurement of its own', () => {
    const lane = rig();
    lane.tap(0);
    lane.stream(200, 600, 3_760);
    lane.context = contextWith({ a: person({ caseOpen: true }) });
    lane.tap(5_000);
    lane.context = contextWith({ a: person() });
    lane.tap(10_000);
    expect(lane.told.slice(0, 2)).toEqual(['600 a refer fever', '5000 a deny referral-open']);
    expect(laneView(lane.lane, 10_000).holder).toMatchObject({ phase: 'measuring', passage: 2 });
  });
  test('case-closed lifts the bar of a card that the roster does not know', () => {
    const lane = rig({}, {});
    lane.tap(0, 'z');
    lane.stream(200, 600, 3_760);
    lane.feed({ kind: 'case-closed', atMs: 9_000, card: 'z' });
    lane.tap(10_000, 'z');
    lane.stream(10_200, 10_600, 3_650);
    expect(lane.told.at(-1)).toBe('10600 z hold unknown-card');
  });
  test('refusing denies, and the one who waited is next', () => {
    const lane = rig();
    lane.tap(0);
    lane.tap(500, 'b');
    lane.feed({ kind: 'refuse', atMs: 1_000 });
    lane.stream(1_200, 1_600, 3_650);
    expect(lane.told).toEqual(['1000 a deny refused', '1600 b admit normal']);
    expect(lane.decisions[0]?.raisesCase).toBe(false);
  });
  test('leaving before the end is an effect with the readings, and keeps the tries', () => {
    const lane = rig();
    lane.tap(0);
    lane.stream(200, 600, 3_450);
    lane.feed({ kind: 'leave', atMs: 2_000, card: 'a' });
    expect(lane.effects.at(-1)).toMatchObject({
      do: 'left',
      card: 'a',
      personId: 'p-a',
      readings: [{ centiCelsius: 3_450 }],
    });
    lane.tap(9_000);
    lane.stream(9_200, 9_600, 3_450);
    expect(lane.decisions.at(-1)?.tries).toBe(2);
  });
  test('a chip that nobody came back to is left, once', () => {
    const lane = rig();
    lane.tap(0);
    lane.stream(200, 600, 3_450);
    lane.tick(600_600);
    lane.tick(700_000);
    expect(lane.effects.filter((effect) => effect.do === 'left')).toHaveLength(1);
    expect(wakeAtMs(lane.lane)).toBeNull();
  });
  test('no contact thermometer makes a low passage unmeasurable', () => {
    const lane = rig();
    lane.tap(0);
    lane.stream(200, 600, 3_450);
    lane.feed({ kind: 'no-contact', atMs: 3_000 });
    expect(lane.told).toEqual(['600 a again low', '3000 a refer unmeasurable']);
    const healthy = rig();
    healthy.tap(0);
    healthy.feed({ kind: 'no-contact', atMs: 300 });
    expect(healthy.told).toEqual([]);
  });
  test('a guard refers for a cough alone, and asks again after a held answer only when something changed', () => {
    const lane = rig();
    lane.tap(0);
    lane.feed({ kind: 'answers', atMs: 300, answer: 'symptom' });
    expect(lane.told).toEqual(['300 a refer symptoms']);
  });
  test('greets once for a tap that counts, not for its repeats', () => {
    const lane = rig();
    for (const atMs of [0, 100, 200, 500]) lane.tap(atMs);
    lane.tap(600, 'b');
    lane.tap(700, 'c');
    expect(lane.effects.filter((effect) => effect.do === 'greet').map((effect) => effect.card)).toEqual(['a', 'b']);
  });
});

describe('held people', () => {
  test('leave that was granted meanwhile admits on the same reading', () => {
    const lane = rig({}, { a: person({ presence: 'away' }) });
    lane.tap(0);
    lane.stream(200, 600, 3_650);
    lane.tap(5_000);
    expect(lane.told).toEqual(['600 a hold return-not-granted']);
    lane.context = contextWith({ a: person({ presence: 'granted' }) });
    lane.tap(9_000);
    expect(lane.told).toEqual(['600 a hold return-not-granted', '9000 a admit normal']);
  });
  test('an order that came meanwhile denies in spite of clear answers', () => {
    const lane = rig({}, { a: person({ questionsDue: true }) });
    lane.tap(0);
    lane.stream(200, 600, 3_650);
    lane.context = contextWith({ a: person({ questionsDue: true, order: 'isolation' }) });
    lane.feed({ kind: 'answers', atMs: 2_000, answer: 'clear' });
    expect(lane.told).toEqual(['600 a hold questions-due', '2000 a deny order-isolation']);
  });
  test('an order that came during the measurement denies at the reading', () => {
    const lane = rig();
    lane.tap(0);
    lane.context = contextWith({ a: person({ caseOpen: true }) });
    lane.stream(200, 600, 3_760);
    expect(lane.told).toEqual(['600 a deny referral-open']);
    expect(lane.decisions[0]?.raisesCase).toBe(true);
  });
});

describe('what screens and timers see', () => {
  test('holder, waiting, chips and the next deadline follow the lane', () => {
    const lane = rig();
    expect(laneView(lane.lane, 0)).toEqual({ holder: null, waiting: null, chips: [], last: null });
    expect(wakeAtMs(lane.lane)).toBeNull();
    lane.tap(0);
    lane.tap(400, 'b');
    expect(laneView(lane.lane, 400)).toMatchObject({
      holder: { card: 'a', phase: 'measuring', tries: 0 },
      waiting: 'b',
    });
    expect(wakeAtMs(lane.lane)).toBe(5_000);
    lane.stream(600, 1_000, 3_450);
    const view = laneView(lane.lane, 1_000);
    expect(view.holder).toMatchObject({ card: 'b', phase: 'measuring', sinceMs: 1_000 });
    expect(view.chips).toMatchObject([
      { card: 'a', reason: 'low', tries: 1, next: 'another-site', expiresAtMs: 601_000 },
    ]);
    expect(laneView(lane.lane, 601_001).chips).toEqual([]);
    lane.stream(1_200, 1_600, 3_650);
    lane.feed({ kind: 'resume', atMs: 4_000, card: 'a' });
    expect(laneView(lane.lane, 4_000).holder).toMatchObject({
      card: 'a',
      phase: 'measuring',
      tries: 1,
      lowSites: ['forehead'],
    });
  });
  test('questions show as asking', () => {
    const lane = rig({}, { a: person({ questionsDue: true }) });
    lane.tap(0);
    lane.stream(200, 600, 3_650);
    expect(laneView(lane.lane, 600).holder?.phase).toBe('asking');
  });
  test('a step leaves the lane it was given as it was', () => {
    const lane = rig();
    lane.tap(0);
    lane.stream(200, 600, 3_450);
    const before = JSON.stringify(lane.lane);
    const events: RehearsedEvent[] = [
      { kind: 'tap', atMs: 900, card: 'b' },
      { kind: 'resume', atMs: 900, card: 'a' },
      { kind: 'tick', atMs: 900_000 },
      { kind: 'leave', atMs: 900 },
      { kind: 'sensor', atMs: 900, sensor: 'device-lost' },
    ];
    for (const event of events) rehearsedStep(lane.lane, event, lane.context);
    expect(JSON.stringify(lane.lane)).toBe(before);
  });
  test('a bridge that is late fires each deadline at its own instant', () => {
    const lane = rig();
    lane.tap(0);
    lane.tap(1_000, 'b');
    lane.tick(30_000);
    expect(lane.told).toEqual(['5000 a again no-reading', '10000 b again no-reading']);
  });
});

test('a policy of one try asks for contact after the first', () => {
  const lane = rig({ policy: { ...defaultPolicy, triesMax: 1 } });
  lane.tap(0);
  lane.stream(200, 600, 3_450);
  expect(lane.told).toEqual(['600 a again contact-due']);
});
