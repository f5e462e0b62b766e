// The policy as people write it becomes the domain's: every key arrives, in its unit.
import { describe, expect, it } from 'vitest';
import { gateDocument, gatePolicyOf, policyDocument, policyOf } from '../../src/contracts/policy.ts';
import { defaultPolicy, gateDefaults } from '../../src/domain/policy.ts';

const everything = {
  feverC: 37.4,
  urgentC: 38.2,
  lowC: 35.1,
  borderlineC: 37.1,
  rangeMinC: 33.5,
  rangeMaxC: 42.5,
  spreadC: 0.29,
  windowMs: 900,
  windowSamplesMin: 4,
  measureMs: 6_000,
  freshMs: 1_900,
  staleMs: 4_000,
  pairMs: 4_500,
  sameCardTapMs: 310,
  sameCardAfterVerdictMs: 3_100,
  chipMs: 700_000,
  triesMax: 2,
  triesWindowMs: 900_000,
  ambientMinC: 15.5,
  ambientMaxC: 36.5,
  ambientUnknownMs: 200_000,
  riseC: 0.9,
  riseWithoutBaselineC: 36.1,
  baselineMs: 900_000,
  baselineReadingsMin: 11,
  silentMs: 1_500,
  confirmHigh: 'on',
  warmUpMs: 1_200_000,
  shiftDifferenceC: 0.4,
  slopeMinPercent: 85,
  slopeMaxPercent: 115,
  slopeApartC: 2.5,
  checkSamples: 12,
  sameValueReadings: 9,
  fastCards: 6,
  fastCardsMs: 900,
  driftShownC: 0.2,
  driftAlarmC: 0.6,
  roundEarlyFromMinute: 400,
  roundEarlyToMinute: 500,
  roundLateFromMinute: 1_210,
  roundLateToMinute: 1_340,
  roundMorningFromMinute: 460,
  roundMorningToMinute: 560,
};

describe('the policy', () => {
  it('is the default where the document says nothing', () => {
    expect(policyOf({}, 7)).toEqual({ ...defaultPolicy, version: 7 });
    expect(policyOf({ feverC: undefined }, 7).feverTenths).toBe(defaultPolicy.feverTenths);
  });

  it('takes every key in its unit', () => {
    expect(policyOf(policyDocument.parse(everything), 3)).toEqual({
      version: 3,
      feverTenths: 374,
      urgentTenths: 382,
      lowTenths: 351,
      borderlineTenths: 371,
      rangeMinTenths: 335,
      rangeMaxTenths: 425,
      spreadCenti: 29,
      windowMs: 900,
      windowSamplesMin: 4,
      measureMs: 6_000,
      freshMs: 1_900,
      staleMs: 4_000,
      pairMs: 4_500,
      sameCardTapMs: 310,
      sameCardAfterVerdictMs: 3_100,
      chipMs: 700_000,
      triesMax: 2,
      triesWindowMs: 900_000,
      ambientMinTenths: 155,
      ambientMaxTenths: 365,
      ambientUnknownMs: 200_000,
      riseTenths: 9,
      riseWithoutBaselineTenths: 361,
      baselineMs: 900_000,
      baselineReadingsMin: 11,
      silentMs: 1_500,
      confirmHigh: true,
      warmUpMs: 1_200_000,
      shiftDifferenceTenths: 4,
      slopeMinPercent: 85,
      slopeMaxPercent: 115,
      slopeApartTenths: 25,
      checkSamples: 12,
      sameValueReadings: 9,
      fastCards: 6,
      fastCardsMs: 900,
      driftShownTenths: 2,
      driftAlarmTenths: 6,
      roundEarlyFromMinute: 400,
      roundEarlyToMinute: 500,
      roundLateFromMinute: 1_210,
      roundLateToMinute: 1_340,
      roundMorningFromMinute: 460,
      roundMorningToMinute: 560,
    });
    expect(policyOf({ confirmHigh: 'off' }, 1).confirmHigh).toBe(false);
  });

  it('is refused when its degrees or its freshness contradict each other', () => {
    expect(() => policyOf({ feverC: 37.9, urgentC: 37.5 }, 1)).toThrow('must hold');
    expect(() => policyOf({ freshMs: 2_000, staleMs: 1_000 }, 1)).toThrow('must hold');
  });

  it('says the same to a gate, which passes over what its lane does not go by', () => {
    const whole: Record<string, unknown> = policyOf(policyDocument.parse(everything), 3);
    const kept = Object.fromEntries(Object.keys(gateDefaults).map((key) => [key, whole[key]]));
    expect(gatePolicyOf(gateDocument.parse(everything), 3)).toEqual(kept);
    expect(gatePolicyOf({}, 7)).toEqual({ ...gateDefaults, version: 7 });
    expect(gateDocument.safeParse({ feverC: 36 }).success).toBe(false);
    expect(gateDocument.safeParse({ feverC: 37.25 }).success).toBe(false);
    expect(() => gatePolicyOf({ feverC: 37.9, urgentC: 37.5 }, 1)).toThrow('must hold');
    expect(() => gatePolicyOf({ freshMs: 2_000, staleMs: 1_000 }, 1)).toThrow('must hold');
  });
});
