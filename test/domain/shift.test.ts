// The rosters' rules, and what a row of paper becomes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayPulse } from '../../src/domain/may-pulse.ts';
import { paperCheck, paperResults, ruledPaper } from '../../src/domain/paper.ts';
import { defaultPolicy as policy } from '../../src/domain/policy.ts';
import { counted, isShiftOver, limits, noCounts, notTaken } from '../../src/domain/shift.ts';
import { verdicts } from '../../src/domain/verdict.ts';

describe('a shift', () => {
  it('ends by itself at twelve hours, and a clock that was set back ends nobody’s', () => {
    expect(isShiftOver(0, limits.shiftMs - 1)).toBe(false);
    expect(isShiftOver(0, limits.shiftMs)).toBe(true);
    expect(isShiftOver(limits.shiftMs, 0)).toBe(false);
  });

  it('counts every verdict once', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...verdicts)), (seen) => {
        const counts = seen.reduce(counted, noCounts());
        for (const verdict of verdicts) expect(counts[verdict]).toBe(seen.filter((one) => one === verdict).length);
      }),
    );
  });

  it('is handed over only when each open case was taken', () => {
    expect(notTaken(['a', 'b'], new Set(['b', 'c']))).toEqual(['a']);
    expect(notTaken([], new Set())).toEqual([]);
  });
});

describe('a row of paper', () => {
  it.each([
    [349, 'passed', 'again', 'low', false],
    [350, 'passed', 'admit', 'normal', false],
    [369, 'passed', 'admit', 'normal', false],
    [370, 'passed', 'admit', 'borderline', false],
    [372, 'passed', 'admit', 'borderline', false],
    [373, 'passed', 'refer', 'fever', true],
    [380, 'turned-back', 'refer', 'urgent', true],
    [365, 'turned-back', 'deny', 'refused', false],
    [365, 'aside', 'hold', 'unknown-card', false],
  ] as const)('of %d tenths that "%s" is %s, %s', (tenths, result, verdict, reason, raisesCase) => {
    expect(ruledPaper({ tenths, result }, policy)).toEqual({ verdict, reason, raisesCase });
  });

  it('opens no barrier, whatever stands on it and however young it is', () => {
    const bounds = { direction: 'in', signedIn: ['sf-1'] } as const;
    const head = {
      v: 1,
      station: 's',
      wallMs: 0,
      monoMs: 0,
      hubOffsetMs: null,
      day: '2026-01-01',
      onDuty: null,
    } as const;
    fc.assert(
      fc.property(
        fc.integer({ min: 340, max: 420 }),
        fc.constantFrom('infrared' as const, 'contact' as const),
        fc.constantFrom(...paperResults),
        fc.constantFrom('in' as const, 'out' as const),
        (tenths, method, result, direction) => {
          const body = paperCheck(
            { atWallMs: 0, number: '1', tenths, method, result },
            { nowWallMs: 0, typedBy: 'sf-1', passageId: 'p', direction, caseNo: 'x' },
            policy,
          );
          expect(mayPulse({ ...head, ...body }, { ...bounds, direction })).not.toBe(true);
          expect(body.raisesCase).toBe(tenths >= policy.feverTenths);
        },
      ),
    );
  });
});
