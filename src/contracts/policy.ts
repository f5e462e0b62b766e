// The policy document as people write it (degrees with decimals), its bounds, and its translation into the domain's
// integers. Used by the hub (store), the gate (downlink, its own part alone) and `rehearse`.
import * as z from 'zod/mini';
import { defaultPolicy, type GatePolicy, gateDefaults, type Policy } from '../domain/policy.ts';
import type { Same } from './kit.ts';

/** A number of degrees with at most `digits` decimals inside [min, max]. */
const degrees = (min: number, max: number, digits: 1 | 2) =>
  z.optional(
    z.number().check(
      z.gte(min),
      z.lte(max),
      z.refine((value) => Math.abs(value * 10 ** digits - Math.round(value * 10 ** digits)) < 1e-6),
    ),
  );
const whole = (min: number, max: number) => z.optional(z.int().check(z.gte(min), z.lte(max)));

const gateKeys = {
  feverC: degrees(37, 38, 1),
  urgentC: degrees(37.5, 39.5, 1),
  lowC: degrees(34, 36, 1),
  borderlineC: degrees(36.5, 37.9, 1),
  rangeMinC: degrees(30, 35, 1),
  rangeMaxC: degrees(40, 45, 1),
  spreadC: degrees(0.05, 1, 2),
  windowMs: whole(300, 2_000),
  windowSamplesMin: whole(3, 16),
  measureMs: whole(2_000, 10_000),
  freshMs: whole(500, 5_000),
  staleMs: whole(1_000, 10_000),
  pairMs: whole(1_000, 10_000),
  sameCardTapMs: whole(100, 1_000),
  sameCardAfterVerdictMs: whole(500, 10_000),
  chipMs: whole(60_000, 1_800_000),
  triesMax: whole(1, 5),
  triesWindowMs: whole(300_000, 7_200_000),
  ambientMinC: degrees(10, 20, 1),
  ambientMaxC: degrees(30, 45, 1),
  ambientUnknownMs: whole(60_000, 900_000),
  riseC: degrees(0.3, 2, 1),
  riseWithoutBaselineC: degrees(35, 37.2, 1),
  baselineMs: whole(300_000, 7_200_000),
  baselineReadingsMin: whole(5, 100),
  silentMs: whole(1_000, 2_000),
  confirmHigh: z.optional(z.enum(['on', 'off'])),
};

/** Unknown keys are refused: a misspelt key must not silently leave a default in force. */
export const policyDocument = z.strictObject({
  ...gateKeys,
  warmUpMs: whole(600_000, 7_200_000),
  shiftDifferenceC: degrees(0.2, 1, 1),
  slopeMinPercent: whole(60, 95),
  slopeMaxPercent: whole(105, 140),
  slopeApartC: degrees(2, 6, 1),
  checkSamples: whole(5, 50),
  sameValueReadings: whole(4, 50),
  fastCards: whole(3, 20),
  fastCardsMs: whole(300, 3_000),
  driftShownC: degrees(0.1, 1, 1),
  driftAlarmC: degrees(0.2, 2, 1),
  roundEarlyFromMinute: whole(240, 720),
  roundEarlyToMinute: whole(240, 780),
  roundLateFromMinute: whole(960, 1_380),
  roundLateToMinute: whole(960, 1_439),
  roundMorningFromMinute: whole(360, 720),
  roundMorningToMinute: whole(360, 780),
});
export type PolicyDocument = z.infer<typeof policyDocument>;

/** What a gate reads of a document that the hub has held against all of it. */
export const gateDocument = z.object(gateKeys);
export type GateDocument = z.infer<typeof gateDocument>;

/** What a key of the document is called in the domain. */
type DomainName<Key extends string> = Key extends 'spreadC'
  ? 'spreadCenti'
  : Key extends `${infer Name}C`
    ? `${Name}Tenths`
    : Key;
const pin: Same<DomainName<keyof PolicyDocument>, Exclude<keyof Policy, 'version'>> = true;
void pin;

/** 'feverC', 37.3 -> 'feverTenths', 373; whole numbers and milliseconds keep name and value. */
function domainOf(key: string, value: number | 'on' | 'off'): [name: string, value: number | boolean] {
  if (typeof value === 'string') return [key, value === 'on'];
  if (key === 'spreadC') return ['spreadCenti', Math.round(value * 100)];
  return key.endsWith('C') ? [`${key.slice(0, -1)}Tenths`, Math.round(value * 10)] : [key, value];
}

function read(document: PolicyDocument) {
  return Object.fromEntries(
    Object.entries(document).flatMap(([key, value]) => (value === undefined ? [] : [domainOf(key, value)])),
  );
}

/** Policy of a gate from its part of a document. Throws as `policyOf` does. */
export function gatePolicyOf(document: GateDocument, version: number): GatePolicy {
  return inOrder({ ...gateDefaults, ...read(document), version });
}

/** Policy from a parsed document. Cross-field bounds (low < borderline <= fever < urgent) throw a RangeError with the rule. */
export function policyOf(document: PolicyDocument, version: number): Policy {
  const policy = inOrder<Policy>({ ...defaultPolicy, ...read(document), version });
  if (policy.driftShownTenths > policy.driftAlarmTenths) {
    throw new RangeError('driftShownC <= driftAlarmC must hold');
  }
  if (
    policy.roundEarlyFromMinute >= policy.roundEarlyToMinute ||
    policy.roundLateFromMinute >= policy.roundLateToMinute ||
    policy.roundMorningFromMinute >= policy.roundMorningToMinute
  ) {
    throw new RangeError('round...FromMinute < round...ToMinute must hold');
  }
  return policy;
}

function inOrder<P extends GatePolicy>(policy: P): P {
  const ordered = [
    policy.rangeMinTenths,
    policy.lowTenths,
    policy.borderlineTenths,
    policy.feverTenths,
    policy.urgentTenths,
    policy.rangeMaxTenths,
  ];
  if (ordered.some((value, index) => index > 0 && value < (ordered[index - 1] ?? value))) {
    throw new RangeError('rangeMinC <= lowC <= borderlineC <= feverC <= urgentC <= rangeMaxC must hold');
  }
  if (policy.freshMs > policy.staleMs) throw new RangeError('freshMs <= staleMs must hold');
  return policy;
}
