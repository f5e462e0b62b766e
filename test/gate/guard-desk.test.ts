// What a guard does beside the lane: taking back an admission, reporting, nobody at the duty post, what a shift leaves.
import { describe, expect, it } from 'vitest';
import { readHandKeys } from '../../src/domain/hand-keys.ts';
import { createCaseNumbers } from '../../src/gate/case-numbers.ts';
import { limits as viewLimits } from '../../src/gate/gate-view.ts';
import { handAct } from '../../src/gate/hand-keys.ts';
import { openItems } from '../../src/gate/open-items.ts';
import { modelOf } from '../kit/gate-models.ts';
import { createGateRig } from '../kit/gate-rig.ts';

async function admitted() {
  const rig = createGateRig();
  await rig.tap();
  await rig.measure(3_650, 3_650, 3_650);
  expect(rig.screen().name).toBe('admit');
  return rig;
}

describe('taking back an admission', () => {
  it('refers the same passage without a pulse, once', async () => {
    const rig = await admitted();
    const [check] = rig.station.calls;
    rig.controller.acts.undo();
    rig.controller.acts.undo();
    await rig.settle();
    expect(rig.station.calls).toHaveLength(2);
    const back = rig.station.calls[1];
    expect(back?.open).toBeUndefined();
    expect(back?.body).toEqual({
      ...check?.body,
      verdict: 'refer',
      reason: 'wrong-admission',
      raisesCase: true,
    });
    expect(rig.tones.at(-1)).toBe('refer');
    expect(rig.controller.model().undoMs).toBeNull();
    expect(rig.screen().name).not.toBe('admit');
  });

  it('is possible for ten seconds, also after the screen went on, and not a moment longer', async () => {
    const rig = await admitted();
    const first = rig.controller.model().undoMs ?? 0;
    expect(first).toBeGreaterThan(9_000);
    await rig.pass(first - 1);
    expect(rig.screen().name).toBe('idle');
    expect(rig.controller.model().undoMs).toBe(1);
    await rig.pass(2);
    expect(rig.controller.model().undoMs).toBeNull();
    rig.controller.acts.undo();
    expect(rig.station.calls).toHaveLength(1);
    expect(viewLimits.undoMs).toBe(10_000);
  });

  it('is not offered for an admission that was not saved', async () => {
    const rig = createGateRig();
    rig.station.answer = { first: 'none', final: 'none', pulse: 'refused' };
    await rig.tap();
    await rig.measure(3_650, 3_650, 3_650);
    expect(rig.screen().name).toBe('not-saved');
    expect(rig.controller.model().undoMs).toBeNull();
  });
});

describe('a report', () => {
  it('is a tick when it is saved and the fault tone when it is not', async () => {
    const rig = createGateRig();
    const body = { kind: 'supplies-short', item: 'mask', by: null } as const;
    expect(await rig.controller.report(body)).toBe('saved');
    rig.station.answer = { first: 'none', final: 'none', pulse: 'refused' };
    expect(await rig.controller.report(body)).toBe('none');
    await rig.settle();
    expect(rig.tones).toEqual(['tick', 'fault']);
  });
});

describe('nobody at the duty post', () => {
  it('is a stripe; the lane works on', async () => {
    const rig = await admitted();
    const keys = () => rig.controller.model().stripes.map(({ key }) => key);
    expect(keys()).toContain('shift.nobody');
    rig.station.set({ posts: { duty: { staffId: 's-1', name: '赵师傅', sinceWallMs: 1 }, prevention: null } });
    expect(keys()).not.toContain('shift.nobody');
    expect(rig.controller.model().header.onDuty).toBe('赵师傅');
  });
});

describe('the counts of a shift', () => {
  const check = (verdict: 'admit' | 'refer', sinceWallMs: number | null) =>
    ({ raises: verdict === 'refer', verdict, sinceWallMs }) as const;

  it('go on over a reload and begin anew with the next shift', () => {
    const first = createCaseNumbers({ day: '2020-03-01', today: 4, caseNo: 146 }, () => 0);
    first.next('2020-03-01', check('admit', 7), 'G03');
    const { counters } = first.next('2020-03-01', check('refer', 7), 'G03');
    const again = createCaseNumbers(counters, () => 0);
    expect(again.shift(7)).toMatchObject({ admit: 1, refer: 1 });
    again.next('2020-03-02', check('admit', 7), 'G03');
    expect(again.shift(7)).toMatchObject({ admit: 2, refer: 1 });
    expect(again.shift(8)).toMatchObject({ admit: 0, refer: 0 });
    again.next('2020-03-02', check('admit', 8), 'G03');
    expect(again.shift(8)).toMatchObject({ admit: 1 });
  });

  it('leave open only the cases that nobody has fetched', () => {
    const rig = createGateRig();
    const one = (caseId: string, state: 'raised' | 'acknowledged' | 'arrived') =>
      [
        caseId,
        {
          ...{ topic: 'case', caseId, station: 's', state, how: null, by: null, disposition: null, version: 1 },
          ...{ delivered: true, caseNo: caseId, card: null, personId: null, wallMs: 0 },
        },
      ] as const;
    rig.station.set({
      cases: new Map(
        [one('a', 'raised'), one('b', 'acknowledged'), one('c', 'arrived')].map(([id, it]) => [
          id,
          { ...it, topic: 'case' as const },
        ]),
      ),
    });
    expect(openItems(rig.station.state(), []).cases.map(({ caseId }) => caseId)).toEqual(['a', 'b']);
  });
});

describe('the two keys', () => {
  it('are the defaults unless two different codes are kept', () => {
    expect(readHandKeys(null)).toEqual(['NumpadEnter', 'NumpadAdd']);
    expect(readHandKeys('F9 F9')).toEqual(['NumpadEnter', 'NumpadAdd']);
    expect(readHandKeys('F9 F10 F11')).toEqual(['NumpadEnter', 'NumpadAdd']);
    expect(readHandKeys('F9 F10')).toEqual(['F9', 'F10']);
  });

  it('have nothing to do on a calm screen without chips', () => {
    expect(handAct(modelOf('idle'), 'acknowledge')).toBeNull();
    expect(handAct(modelOf('idle'), 'next')).toBeNull();
  });
});

describe('a referral that was handed over', () => {
  it('is not brought back by the samples that go on', async () => {
    const rig = createGateRig();
    await rig.tap();
    await rig.measure(3_780, 3_780, 3_780);
    expect(rig.screen().name).toBe('refer');
    rig.controller.acts.dismiss();
    await rig.measure(3_780, 3_780, 3_780, 2_200, 2_200);
    expect(rig.screen().name).toBe('idle');
  });
});
