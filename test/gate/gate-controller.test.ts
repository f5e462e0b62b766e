// The controller on a fake station: what is recorded, what is painted when, what opens the barrier.
import { describe, expect, it } from 'vitest';
import { createFakeStation, factsOf, thermometer, wang } from '../kit/fake-station.ts';
import { createGateRig, wallStartMs } from '../kit/gate-rig.ts';

const normal = [3_650, 3_650, 3_660];
const fever = [3_750, 3_750, 3_750];
const low = [3_490, 3_490, 3_490];

describe('the gate controller', () => {
  it('shows the name at the tap and asks to stand still', async () => {
    const rig = createGateRig();
    await rig.tap();
    expect(rig.screen()).toMatchObject({ name: 'card', who: { name: '王小明', category: 'student' } });
    expect(rig.tones).toEqual(['tick']);
    await rig.pass(1_000);
    expect(rig.screen()).toMatchObject({ name: 'measuring', handheld: false });
    await rig.pass(2_500);
    expect(rig.screen()).toMatchObject({ name: 'measuring', handheld: true });
  });

  it('admits on a normal reading, asks for one pulse within a second, and goes back to idle by itself', async () => {
    const rig = createGateRig();
    await rig.tap();
    await rig.measure(...normal);
    expect(rig.station.calls).toHaveLength(1);
    const call = rig.station.calls[0];
    expect(call?.body).toMatchObject({
      kind: 'check',
      verdict: 'admit',
      reason: 'normal',
      shownTenths: 365,
      personId: 'p-1',
      card: { uid: '010063E9AE', printed: null },
    });
    expect((call?.open?.notAfterMs ?? Number.POSITIVE_INFINITY) - rig.now()).toBeLessThanOrEqual(1_000);
    expect(rig.screen()).toMatchObject({ name: 'admit', shown: '36.5' });
    expect(rig.controller.model().saved).toBe('saved');
    expect(rig.tones.at(-1)).toBe('admit');
    await rig.pass(1_600);
    expect(rig.screen()).toEqual({ name: 'idle' });
  });

  it('takes nothing from an instrument that may not judge, whatever another one may', async () => {
    const rig = createGateRig();
    const barred = { ...thermometer, deviceId: 'thermometer-2', sensor: 'device-barred' } as const;
    rig.station.set({ devices: [thermometer, barred] });
    await rig.tap();
    for (const centiCelsius of normal) {
      await rig.pass(200);
      rig.station.sample({ atMs: rig.now(), centiCelsius, deviceId: 'thermometer-2' });
    }
    await rig.settle();
    expect(rig.station.calls).toEqual([]);
    await rig.measure(...normal);
    expect(rig.station.calls[0]?.body).toMatchObject({ verdict: 'admit', tries: 1 });
  });

  it('paints no verdict before the first copy is durable', async () => {
    const rig = createGateRig();
    rig.station.answer = 'wait';
    await rig.tap();
    await rig.measure(...normal);
    expect(rig.screen().name).toBe('measuring');
    expect(rig.tones).not.toContain('admit');
    const call = rig.station.calls[0];
    call?.first.settle('page-only');
    await rig.settle();
    expect(rig.screen().name).toBe('admit');
    expect(rig.controller.model().saved).toBe('page-only');
    call?.final.settle('saved');
    await rig.settle();
    expect(rig.controller.model().saved).toBe('saved');
  });

  it('says NOT saved, loudly and in place of the verdict, when no copy was made', async () => {
    const rig = createGateRig();
    rig.station.answer = { first: 'none', final: 'none', pulse: 'no-bridge' };
    await rig.tap();
    await rig.measure(...normal);
    expect(rig.screen()).toMatchObject({ name: 'not-saved', secret: { name: '王小明', shown: '36.5' } });
    expect(rig.tones.at(-1)).toBe('fault');
    await rig.pass(60_000);
    expect(rig.screen().name).toBe('not-saved');
    rig.controller.acts.dismiss();
    expect(rig.screen().name).toBe('idle');
  });

  it('keeps an admission on the screen with the words to open by hand when the pulse failed', async () => {
    const rig = createGateRig();
    rig.station.answer = { first: 'saved', final: 'saved', pulse: 'barrier-offline' };
    await rig.tap();
    await rig.measure(...normal);
    expect(rig.controller.model().stripes).toContainEqual({
      tone: 'amber',
      key: 'stripe.pulse',
      params: { code: 'E-31' },
    });
    await rig.pass(3_000);
    expect(rig.screen().name).toBe('admit');
  });

  it('says how many records wait, and since when, while the hub is away', async () => {
    const rig = createGateRig();
    rig.station.set({ hub: { state: 'away', lastSeenWallMs: wallStartMs, offsetMs: 0 } });
    rig.station.set({ queue: { count: 128, oldestWallMs: wallStartMs - 3_600_000 } });
    await rig.pass(50_000);
    expect(rig.controller.model().stripes).toContainEqual({
      tone: 'dark',
      key: 'stripe.offline',
      params: expect.objectContaining({ n: 128, waitsMs: 3_660_000 }),
    });
  });

  it('refers a fever without a pulse and without a name on the public face', async () => {
    const rig = createGateRig();
    await rig.tap();
    await rig.measure(...fever);
    expect(rig.station.calls[0]?.open).toBeUndefined();
    expect(rig.station.calls[0]?.body).toMatchObject({ verdict: 'refer', raisesCase: true });
    const screen = rig.screen();
    expect(screen).toMatchObject({ name: 'refer', caseNo: 'G03-0001' });
    const { secret: _secret, ...face } = screen as Extract<typeof screen, { name: 'refer' }>;
    expect(JSON.stringify(face)).not.toMatch(/王|37/);
    expect(rig.tones.at(-1)).toBe('refer');
  });

  it('tells live what the clinic said, and the telephone while the hub is away', async () => {
    const rig = createGateRig();
    rig.station.set({ hub: { state: 'away', lastSeenWallMs: null, offsetMs: null } });
    await rig.tap();
    await rig.measure(...fever);
    expect(rig.screen()).toMatchObject({ name: 'refer', caseState: 'undelivered', phone: '8120' });
    const caseId = rig.station.calls[0]?.entryId ?? '';
    rig.station.set({ hub: { state: 'online', lastSeenWallMs: 0, offsetMs: 0 } });
    const one = {
      topic: 'case',
      caseId,
      station: 'st-1',
      state: 'acknowledged',
      how: 'nurse-comes',
      by: null,
      disposition: null,
      version: 1,
      delivered: true,
      caseNo: 'G03-0001',
      card: { uid: '010063E9AE', printed: null },
      personId: 'p-1',
      wallMs: 0,
    } as const;
    rig.station.set({ cases: new Map([[caseId, one]]) });
    expect(rig.screen()).toMatchObject({ caseState: 'acknowledged', how: 'nurse-comes' });
  });

  it('collapses the referred to a chip at the next card, and brings the screen back when the chip is touched', async () => {
    const rig = createGateRig();
    const second = { ...wang, personId: 'p-2', name: '李华', cards: ['uid:0A'] };
    rig.station.people.set('0A', { row: second, facts: factsOf(second) });
    await rig.tap();
    await rig.measure(...fever);
    await rig.pass(500);
    await rig.tap('0A');
    expect(rig.screen()).toMatchObject({ name: 'card', who: { name: '李华' } });
    expect(rig.controller.model().chips).toMatchObject([{ kind: 'refer', mark: 'G03-0001' }]);
    await rig.pass(6_000);
    rig.controller.acts.retry('uid:010063E9AE');
    await rig.settle();
    expect(rig.screen()).toMatchObject({ name: 'refer', caseNo: 'G03-0001' });
    rig.controller.acts.dismiss();
    expect(rig.controller.model().chips.filter((chip) => chip.kind === 'refer')).toEqual([]);
  });

  it.each([
    'refer',
    'deny',
    'hold',
  ])('%s stays put aside while the thermometer goes on; who is held waits as a chip', async (verdict) => {
    const rig = createGateRig();
    if (verdict === 'deny')
      rig.station.people.set('010063E9AE', { row: wang, facts: { ...factsOf(wang), caseOpen: true } });
    const card = verdict === 'hold' ? '0BADCA4D00' : '010063E9AE';
    await rig.tap(card);
    await rig.measure(...(verdict === 'refer' ? fever : normal));
    await rig.pass(500);
    expect(rig.screen().name).toBe(verdict);
    rig.controller.acts.dismiss();
    for (let times = 0; times < 5; times++) {
      await rig.measure(2_200, 2_200, 2_200);
      expect(rig.screen().name).not.toBe(verdict);
    }
    const marks = rig.controller.model().chips.map((chip) => chip.kind);
    expect(marks).toEqual(verdict === 'hold' ? ['hold'] : []);
    if (verdict !== 'hold') return;
    rig.controller.acts.retry(rig.controller.model().chips[0]?.card ?? null);
    expect(rig.screen().name).toBe('hold');
  });

  it('shows the verdict of who was measured for a moment although the next card waits', async () => {
    const rig = createGateRig();
    const second = { ...wang, personId: 'p-2', name: '李华', cards: ['uid:0A'] };
    rig.station.people.set('0A', { row: second, facts: factsOf(second) });
    await rig.tap();
    await rig.pass(100);
    await rig.tap('0A');
    await rig.pass(1_000);
    expect(rig.screen()).toMatchObject({ name: 'measuring', nextWaits: true });
    await rig.measure(...normal);
    expect(rig.screen()).toMatchObject({ name: 'admit', who: { name: '王小明' } });
    await rig.pass(1_300);
    expect(rig.screen()).toMatchObject({ name: 'measuring', who: { name: '李华' } });
  });

  it('measures again after a low reading and keeps the tries of the passage', async () => {
    const rig = createGateRig();
    await rig.tap();
    await rig.measure(...low);
    expect(rig.screen()).toMatchObject({ name: 'again', tries: 1, next: 'another-site' });
    expect(rig.controller.model().reason).toBe('low');
    rig.controller.acts.retry('uid:010063E9AE');
    await rig.settle();
    expect(rig.screen().name).toBe('card');
  });

  it('goes on with what another gate could not finish, as old as it is by the hub', async () => {
    const rig = createGateRig();
    const hub = { state: 'online', lastSeenWallMs: wallStartMs, offsetMs: 5_000 } as const;
    rig.station.set({ hub });
    const last = { reason: 'low', byContact: false, site: 'forehead' } as const;
    rig.station.tell({ topic: 'measurement', personId: 'p-1', hubMs: wallStartMs + 5_000 - 60_000, tries: 1, last });
    await rig.tap();
    await rig.measure(...normal);
    expect(rig.station.calls[0]?.body).toMatchObject({ verdict: 'again', reason: 'low', tries: 2 });
    // Ten minutes there are ten minutes here: only the tries are left of an older one.
    const old = createGateRig();
    old.station.set({ hub });
    old.station.tell({ topic: 'measurement', personId: 'p-1', hubMs: wallStartMs + 5_000 - 601_000, tries: 1, last });
    await old.tap();
    await old.measure(...normal);
    expect(old.station.calls[0]?.body).toMatchObject({ verdict: 'admit', tries: 2 });
  });

  it('writes who left, and is idle again', async () => {
    const rig = createGateRig();
    await rig.tap();
    await rig.measure(...low);
    rig.controller.acts.leave('uid:010063E9AE');
    await rig.settle();
    expect(rig.station.calls.map((call) => call.body.kind)).toEqual(['check', 'left']);
    expect(rig.screen().name).toBe('idle');
  });

  it('denies who is barred at the tap, privately, without a pulse', async () => {
    const rig = createGateRig();
    rig.station.people.set('010063E9AE', { row: wang, facts: factsOf(wang, { order: 'isolation' }) });
    await rig.tap();
    expect(rig.screen()).toMatchObject({ name: 'deny', secret: { reason: 'order-isolation' } });
    expect(rig.station.calls[0]?.open).toBeUndefined();
    expect(rig.tones.at(-1)).toBe('deny');
  });

  it('holds an unknown card after its measurement and shows only the tail of its number', async () => {
    const rig = createGateRig();
    await rig.tap('00FFB2C3');
    await rig.measure(...normal);
    expect(rig.screen()).toMatchObject({ name: 'hold', kind: 'unknown', cardTail: 'B2C3', regions: [] });
  });

  it('asks the questions that are due and admits on the same reading when all are answered no', async () => {
    const rig = createGateRig();
    rig.station.people.set('010063E9AE', { row: wang, facts: factsOf(wang, { questionsDue: true }) });
    await rig.tap();
    await rig.measure(...normal);
    expect(rig.screen()).toMatchObject({ name: 'hold', kind: 'questions', regions: [] });
    rig.station.set({ regions: [{ zh: '武汉', en: 'Wuhan' }] });
    expect(rig.screen()).toMatchObject({ kind: 'questions', regions: [{ zh: '武汉' }] });
    rig.controller.acts.answer('clear', 'uid:010063E9AE');
    await rig.settle();
    expect(rig.screen()).toMatchObject({ name: 'admit', shown: '36.5' });
    expect(rig.station.calls.at(-1)?.open).toBeDefined();
  });

  it('turns device trouble on at once when the sensor is lost in mid-passage, and never shows the last value', async () => {
    const rig = createGateRig();
    await rig.tap();
    await rig.measure(3_650);
    rig.station.set({ devices: [{ ...thermometer, state: 'absent', code: 'E-21', sensor: 'device-lost' }] });
    await rig.settle();
    expect(rig.screen()).toMatchObject({ name: 'trouble', fault: 'thermometer', code: 'E-21' });
    expect(rig.station.calls.at(-1)?.body).toMatchObject({
      verdict: 'trouble',
      reason: 'device-lost',
      shownTenths: null,
    });
  });

  it('asks for no card before its bridge has been heard', async () => {
    const rig = createGateRig();
    rig.station.set({ bridge: 'connecting' });
    await rig.settle();
    expect(rig.screen()).toEqual({ name: 'start' });
    rig.station.set({ bridge: 'online' });
    await rig.settle();
    expect(rig.screen().name).toBe('idle');
  });

  it('starts without a tone when bridge and devices answer in time, and sounds when they do not', async () => {
    const well = createGateRig();
    well.station.set({ bridge: 'lost' });
    await well.pass(800);
    well.station.set({ bridge: 'online' });
    await well.pass(20_000);
    expect(well.tones).toEqual([]);
    const ill = createGateRig();
    ill.station.set({ bridge: 'lost' });
    await ill.pass(2_400);
    expect(ill.tones).toEqual([]);
    await ill.pass(200);
    expect(ill.tones).toEqual(['fault']);
  });

  it('counts the seconds of a trouble while nobody is there, sounds once, and is idle when it is over', async () => {
    const rig = createGateRig();
    rig.station.set({ bridge: 'lost' });
    await rig.pass(12_000);
    expect(rig.screen()).toMatchObject({ name: 'trouble', fault: 'bridge', code: 'E-40', forMs: 12_000 });
    expect(rig.tones).toEqual(['fault']);
    rig.station.set({ bridge: 'online' });
    await rig.settle();
    expect(rig.screen().name).toBe('idle');
  });

  it('takes a typed value only under the name of who is signed in', async () => {
    const rig = createGateRig();
    rig.station.set({ devices: [{ ...thermometer, state: 'absent', code: 'E-21', sensor: 'device-lost' }] });
    await rig.settle();
    await rig.tap();
    expect(rig.screen().name).toBe('trouble');
    const typed = { tenths: 364, site: 'axillary', method: 'contact', card: 'uid:010063E9AE' } as const;
    rig.controller.typed(typed);
    await rig.settle();
    expect(rig.station.calls).toHaveLength(1);
    rig.station.set({ signedIn: { staffId: 's-1', name: '赵师傅' } });
    rig.controller.typed(typed);
    await rig.settle();
    expect(rig.screen()).toMatchObject({ name: 'admit', shown: '36.4' });
    expect(rig.station.calls.at(-1)?.body).toMatchObject({
      readings: [{ manual: true, typedBy: 's-1', deviceId: 'keypad' }],
    });
  });

  it('adds a contact reading after a referral as evidence, and the verdict stays', async () => {
    const rig = createGateRig();
    rig.station.set({ signedIn: { staffId: 's-1', name: '赵师傅' } });
    await rig.tap();
    await rig.measure(...fever);
    rig.controller.typed({ tenths: 368, site: 'axillary', method: 'contact', card: 'uid:010063E9AE' });
    await rig.settle();
    expect(rig.station.calls.at(-1)?.body).toMatchObject({
      kind: 'contact-reading',
      caseId: rig.station.calls[0]?.entryId,
      reading: { centiCelsius: 3_680 },
    });
    expect(rig.screen().name).toBe('refer');
  });

  it('opens by hand only for who is signed in, with the reason in the entry', async () => {
    const rig = createGateRig();
    expect(await rig.controller.openByHand('ambulance')).toBeNull();
    expect(rig.station.calls).toHaveLength(0);
    rig.station.set({ signedIn: { staffId: 's-1', name: '赵师傅' } });
    expect(await rig.controller.openByHand('ambulance')).toBe('sent');
    expect(rig.station.calls[0]?.body).toEqual({ kind: 'manual-opening', by: 's-1', reason: 'ambulance' });
  });

  it('lets who leaves through an out lane go without a number', async () => {
    const station = createFakeStation();
    station.set({
      info: {
        id: 'st-1',
        code: 'G03',
        name: '北门',
        campus: 'beijing',
        direction: 'out',
        simulated: false,
      },
    });
    const rig = createGateRig(station);
    await rig.tap();
    expect(rig.screen()).toMatchObject({ name: 'admit', shown: null });
  });

  it('tells the uploader when somebody is at the gate and when nobody is', async () => {
    const rig = createGateRig();
    await rig.tap();
    expect(rig.station.busy.at(-1)).toBe(true);
    await rig.measure(...normal);
    await rig.pass(3_000);
    expect(rig.station.busy.at(-1)).toBe(false);
    expect(rig.controller.idleForMs()).toBeGreaterThan(1_000);
  });

  it('shows an open case after a reload as a chip, and its screen when touched', async () => {
    const rig = createGateRig();
    const one = {
      topic: 'case',
      caseId: 'c-1',
      station: 'st-1',
      state: 'raised',
      how: null,
      by: null,
      disposition: null,
      version: 1,
      delivered: true,
      caseNo: 'G03-0009',
      card: { uid: '010063E9AE', printed: null },
      personId: 'p-1',
      wallMs: 0,
    } as const;
    rig.station.set({ cases: new Map([['c-1', one]]) });
    expect(rig.controller.model().chips).toMatchObject([{ kind: 'refer', mark: 'G03-0009' }]);
    rig.controller.acts.retry('uid:010063E9AE');
    expect(rig.screen()).toMatchObject({ name: 'refer', caseNo: 'G03-0009', caseState: 'raised' });
  });
});
