// People whom a card does not settle, through the controller: what is recorded, what opens, what never does.
import { describe, expect, it } from 'vitest';
import type { EntryBody } from '../../src/domain/entry.ts';
import { createGuestDesk } from '../../src/gate/visitors/guest-desk.ts';
import { createFakeStation, factsOf, wang } from '../kit/fake-station.ts';
import { createGateRig } from '../kit/gate-rig.ts';

const normal = [3_650, 3_650, 3_660];
const fever = [3_750, 3_750, 3_750];
const details = {
  name: '王先生',
  phone: '13800000000',
  hostUnit: '后勤处',
  purpose: 'repair',
  expiresDay: '2026-11-24',
};

function rigWith(facts: Parameters<typeof factsOf>[1] = {}) {
  const rig = createGateRig(createFakeStation());
  rig.station.people.set('010063E9AE', { row: { ...wang, search: '9269436 996 1' }, facts: factsOf(wang, facts) });
  rig.station.set({ signedIn: { staffId: 's-1', name: '赵师傅' } });
  const bodies = () => rig.station.calls.map(({ body }) => body);
  const kinds = () => bodies().map((body) => (body.kind === 'check' ? `${body.verdict} ${body.reason}` : body.kind));
  const last = <Kind extends EntryBody['kind']>(kind: Kind) =>
    bodies()
      .filter((body): body is Extract<EntryBody, { kind: Kind }> => body.kind === kind)
      .at(-1);
  const opened = () => rig.station.calls.filter(({ open }) => open !== undefined).map(({ body }) => body.kind);
  const card = () => rig.controller.model().card;
  const vehicleStripes = () => rig.controller.model().stripes.filter(({ key }) => key.startsWith('stripe.vehicle'));
  return { ...rig, guests: rig.controller.guests(createGuestDesk), bodies, kinds, last, opened, card, vehicleStripes };
}

describe('a forgotten card', () => {
  it('begins the passage of the person who was found, and names who searched', async () => {
    const rig = rigWith();
    rig.guests.startPerson('p-1', null);
    await rig.settle();
    expect(rig.screen()).toMatchObject({ name: 'card', who: { name: '王小明' } });
    await rig.measure(...normal);
    expect(rig.last('check')).toMatchObject({
      verdict: 'admit',
      personId: 'p-1',
      card: null,
      by: 'search',
      searchedBy: 's-1',
    });
    expect(rig.opened()).toEqual(['check']);
  });

  it('obeys an order as a card does, and does nothing while nobody is signed in', async () => {
    const rig = rigWith({ order: 'isolation' });
    rig.guests.startPerson('p-1', null);
    await rig.settle();
    expect(rig.kinds()).toEqual(['deny order-isolation']);
    const nobody = rigWith();
    nobody.station.set({ signedIn: null });
    nobody.guests.startPerson('p-1', null);
    await nobody.settle();
    expect(nobody.screen()).toEqual({ name: 'idle' });
  });

  it('tells whose an unknown card is, on the same reading', async () => {
    const rig = rigWith();
    await rig.tap('AABB');
    await rig.measure(...normal);
    expect(rig.kinds()).toEqual(['hold unknown-card']);
    rig.guests.startPerson('p-1', rig.card());
    await rig.settle();
    expect(rig.kinds()).toEqual(['hold unknown-card', 'admit normal']);
    expect(rig.last('check')).toMatchObject({ personId: 'p-1', card: { uid: 'AABB' }, by: 'search' });
  });
});

describe('a visitor', () => {
  it('is measured first, approved by a second guard, asked the questions, and then goes', async () => {
    const rig = rigWith();
    const visitor = rig.guests.startVisitor(null) ?? '';
    await rig.measure(...normal);
    expect(rig.kinds()).toEqual(['hold unknown-card']);
    await rig.guests.registerVisitor(visitor, details, 's-2');
    await rig.settle();
    expect(rig.kinds()).toEqual(['hold unknown-card', 'visitor', 'hold questions-due']);
    expect(rig.last('visitor')).toMatchObject({ approval: 'guard', approvedBy: 's-2', by: 's-1', hostUnit: '后勤处' });
    rig.controller.acts.answer('clear', visitor);
    await rig.settle();
    expect(rig.last('check')).toMatchObject({
      verdict: 'admit',
      personId: null,
      visitorId: rig.last('visitor')?.visitorId,
    });
    expect(rig.last('check')?.passageId).toBe(rig.last('visitor')?.passageId);
    expect(rig.station.kept).toEqual([{ ...details, visitorId: rig.last('visitor')?.visitorId }]);
    expect(JSON.stringify(rig.bodies())).not.toContain('王先生');
    expect(JSON.stringify(rig.bodies())).not.toContain('13800000000');
  });

  it('waits for the answer of the hub, which may come before the reading', async () => {
    const rig = rigWith();
    const visitor = rig.guests.startVisitor(null) ?? '';
    await rig.settle();
    await rig.guests.registerVisitor(visitor, details, null);
    expect(rig.last('visitor')).toMatchObject({ approval: 'asked', approvedBy: null });
    const event = {
      topic: 'decision',
      station: 'st-1',
      reason: 'visitor',
      decisionId: 'd',
      by: 's-9',
      byName: '保卫',
    } as const;
    rig.station.tell({ ...event, passageId: rig.guests.passageIdOf(visitor) ?? '', allow: true });
    await rig.measure(...normal);
    expect(rig.last('visitor')).toMatchObject({ approval: 'hub', approvedBy: 's-9' });
    expect(rig.kinds().at(-1)).toBe('hold questions-due');
    rig.controller.acts.answer('region', visitor);
    await rig.settle();
    expect(rig.kinds().at(-1)).toBe('refer region');
    expect(rig.opened()).toEqual([]);
  });

  it('is turned back when the hub refuses, also before the reading', async () => {
    for (const early of [true, false]) {
      const rig = rigWith();
      const visitor = rig.guests.startVisitor(null) ?? '';
      await rig.settle();
      await rig.guests.registerVisitor(visitor, details, null);
      const passageId = rig.guests.passageIdOf(visitor) ?? '';
      if (!early) await rig.measure(...normal);
      expect(rig.screen().name === 'hold' && rig.screen()).toEqual(
        early ? false : expect.objectContaining({ asked: true }),
      );
      rig.station.tell({
        topic: 'decision',
        station: 'st-1',
        reason: 'visitor',
        decisionId: 'd',
        by: 's-9',
        byName: '',
        passageId,
        allow: false,
      });
      if (early) await rig.measure(...normal);
      await rig.settle();
      expect(rig.kinds().at(-1)).toBe('deny unknown-card');
      expect(rig.opened()).toEqual([]);
    }
  });

  it('with a fever is referred, registered or not', async () => {
    const rig = rigWith();
    rig.guests.startVisitor(null);
    await rig.measure(...fever);
    expect(rig.kinds()).toEqual(['refer fever']);
  });
});

describe('who is held', () => {
  const held = async () => {
    const rig = rigWith({ presence: 'away' });
    await rig.tap();
    await rig.measure(...normal);
    expect(rig.kinds()).toEqual(['hold return-not-granted']);
    return rig;
  };

  it('goes after a decision by telephone that two people signed, with its override in the entry', async () => {
    const rig = await held();
    rig.guests.decide(rig.card() ?? '', { allow: true, decidedBy: '李老师', second: 's-2', note: 'papers' });
    rig.controller.acts.answer('clear', rig.card());
    await rig.settle();
    expect(rig.kinds()).toEqual(['hold return-not-granted', 'override', 'hold questions-due', 'admit normal']);
    expect(rig.last('override')).toMatchObject({
      reason: 'return-not-granted',
      by: 's-1',
      second: 's-2',
      decidedBy: '李老师',
      how: 'telephone',
    });
    expect(rig.last('check')?.overrideId).toBe(rig.station.calls[1]?.entryId);
  });

  it('goes or is turned back by a decision of the hub; a repeat changes nothing', async () => {
    for (const allow of [true, false]) {
      const rig = await held();
      const passageId = rig.guests.passageIdOf(rig.card() ?? '') ?? '';
      const event = {
        topic: 'decision',
        station: 'st-1',
        decisionId: 'd',
        by: 's-9',
        byName: '',
        passageId,
        allow,
      } as const;
      rig.station.tell({ ...event, reason: 'campus-closed' });
      await rig.settle();
      expect(rig.kinds()).toHaveLength(1);
      for (let i = 0; i < 2; i++) rig.station.tell({ ...event, reason: 'return-not-granted' });
      await rig.settle();
      expect(rig.kinds()).toEqual([
        'hold return-not-granted',
        'override',
        allow ? 'hold questions-due' : 'deny return-not-granted',
      ]);
      expect(rig.last('override')).toMatchObject({ how: 'hub', decisionId: 'd', decidedBy: 's-9' });
    }
  });

  it('goes on by a decision of the hub at a gate where nobody ever opened the room', async () => {
    const rig = createGateRig(createFakeStation());
    rig.station.people.set('010063E9AE', { row: wang, facts: factsOf(wang, { presence: 'away' }) });
    await rig.tap();
    await rig.measure(...normal);
    const held = rig.station.calls[0]?.body;
    const passageId = held?.kind === 'check' ? held.passageId : '';
    const said = { topic: 'decision', station: 'st-1', decisionId: 'd', by: 's-9', byName: '', passageId } as const;
    rig.station.tell({ ...said, reason: 'visitor', allow: true });
    rig.station.tell({ ...said, reason: 'return-not-granted', allow: true });
    await rig.settle();
    expect(rig.screen()).toMatchObject({ name: 'hold', kind: 'questions' });
    expect(rig.station.calls.map(({ body }) => body.kind)).toEqual(['check', 'override', 'check']);
    expect(rig.station.calls[2]?.body).toMatchObject({ overrideId: rig.station.calls[1]?.entryId });
  });

  it('no decision touches a fever', async () => {
    const rig = rigWith({ presence: 'away' });
    await rig.tap();
    await rig.measure(...fever);
    rig.guests.decide(rig.card() ?? '', { allow: true, decidedBy: 'x', second: 's-2', note: 'y' });
    await rig.settle();
    expect(rig.kinds()).toEqual(['refer fever']);
  });
});

it('a child goes with the adult: counted, tied to them, held where they are held', async () => {
  const rig = rigWith();
  expect(rig.guests.startChild()).toBe(false);
  await rig.tap();
  await rig.measure(...normal);
  for (const nth of [1, 2]) {
    await rig.pass(3_000);
    // The adult was decided on last, or a sibling was.
    if (nth === 2) await rig.tap();
    if (nth === 2) await rig.measure(...normal);
    expect(rig.guests.startChild()).toBe(true);
    await rig.measure(...normal);
    expect(rig.last('check')).toMatchObject({
      verdict: 'admit',
      child: nth,
      adultPersonId: 'p-1',
      personId: null,
      card: null,
    });
  }
});

describe('a vehicle', () => {
  it('opens once, after the last admitted; nobody in it opens for themselves', async () => {
    const rig = rigWith();
    rig.station.people.set('0A', { row: { ...wang, personId: 'p-2' }, facts: factsOf({ ...wang, personId: 'p-2' }) });
    rig.guests.startVehicle(2);
    await rig.tap();
    await rig.measure(...normal);
    expect(rig.opened()).toEqual([]);
    expect(rig.vehicleStripes()[0]).toMatchObject({ key: 'stripe.vehicle', params: { n: 1, max: 2 } });
    await rig.pass(3_100);
    await rig.tap('0A');
    await rig.measure(...normal);
    expect(rig.opened()).toEqual(['vehicle']);
    const checks = rig.station.calls.filter(({ body }) => body.kind === 'check');
    expect(rig.last('vehicle')?.occupants).toEqual(checks.map(({ entryId }) => entryId));
    expect(rig.vehicleStripes()).toEqual([]);
  });

  it('stays shut with somebody in it who was referred', async () => {
    const rig = rigWith();
    rig.station.people.set('0A', { row: { ...wang, personId: 'p-2' }, facts: factsOf({ ...wang, personId: 'p-2' }) });
    rig.guests.startVehicle(2);
    await rig.tap();
    await rig.measure(...fever);
    await rig.tap('0A');
    await rig.measure(...normal);
    expect(rig.opened()).toEqual([]);
    expect(rig.vehicleStripes()[0]).toMatchObject({ key: 'stripe.vehicleShut' });
    rig.guests.endVehicle();
    expect(rig.vehicleStripes()).toEqual([]);
  });
});

it('the clinic closes the case of a visitor: their chip is gone', async () => {
  const rig = rigWith();
  const visitor = rig.guests.startVisitor(null) ?? '';
  await rig.measure(...fever);
  const raised = rig.guests.caseOf(visitor);
  const entryId = raised?.entryId ?? '';
  const known = {
    topic: 'case',
    caseId: entryId,
    station: 'st-1',
    state: 'raised',
    how: null,
    by: null,
    disposition: null,
    version: 1,
  } as const;
  const local = { ...known, delivered: true, caseNo: raised?.caseNo ?? '', card: null, personId: null, wallMs: 0 };
  rig.station.set({ cases: new Map([[entryId, local]]) });
  await rig.tap();
  await rig.measure(...normal);
  await rig.pass(5_000);
  expect(rig.controller.model().chips.map(({ kind, card }) => [kind, card])).toEqual([['refer', visitor]]);
  rig.station.set({ cases: new Map() });
  await rig.settle();
  expect(rig.controller.model().chips).toEqual([]);
});
