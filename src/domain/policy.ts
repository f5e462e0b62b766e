// The measuring policy: every number that turns a temperature into a verdict, versioned, handed out by the hub.
// docs/policy.md lists the keys with their bounds; src/contracts/policy.ts parses the document into this.
import type { CentiCelsius, Tenths } from './reading.ts';

/** What a lane measures and decides by. */
export type GatePolicy = {
  /** Number of the policy document; stored in every check entry. 0 is the built-in default. */
  version: number;
  feverTenths: Tenths;
  urgentTenths: Tenths;
  /** Below this is `low`. */
  lowTenths: Tenths;
  /** From this up to below fever is `borderline`. */
  borderlineTenths: Tenths;
  rangeMinTenths: Tenths;
  rangeMaxTenths: Tenths;
  spreadCenti: CentiCelsius;
  windowMs: number;
  windowSamplesMin: number;
  measureMs: number;
  /** Reading first: oldest last sample that still pairs with a tap. */
  freshMs: number;
  /** Reading first: up to here `stale`, older is ignored. */
  staleMs: number;
  /** Card first: the reading must end within this of the tap. */
  pairMs: number;
  sameCardTapMs: number;
  sameCardAfterVerdictMs: number;
  chipMs: number;
  triesMax: number;
  triesWindowMs: number;
  ambientMinTenths: Tenths;
  ambientMaxTenths: Tenths;
  ambientUnknownMs: number;
  riseTenths: Tenths;
  riseWithoutBaselineTenths: Tenths;
  baselineMs: number;
  baselineReadingsMin: number;
  silentMs: number;
  confirmHigh: boolean;
};

/** Beside it, what bridges check their instruments by, and what the hub and the rounds go by. */
export type Policy = GatePolicy & {
  /** From the power-on that the operator entered to the first infrared verdict. */
  warmUpMs: number;
  /** Shift check: the largest difference of infrared and contact that passes. */
  shiftDifferenceTenths: Tenths;
  /** Slope check: rise of the output for a rise of 100 of the targets. */
  slopeMinPercent: number;
  slopeMaxPercent: number;
  /** Targets of a slope check lie at least this far apart. */
  slopeApartTenths: Tenths;
  /** Samples of one measurement of a check. */
  checkSamples: number;
  /** Identical readings in a row from which on it is shown. */
  sameValueReadings: number;
  /** Cards in a row, each within fastCardsMs of the one before, from which on it is shown. */
  fastCards: number;
  fastCardsMs: number;
  driftShownTenths: Tenths;
  driftAlarmTenths: Tenths;
  /** Windows of the dorm rounds and of the morning check by class, in minutes of the campus day. */
  roundEarlyFromMinute: number;
  roundEarlyToMinute: number;
  roundLateFromMinute: number;
  roundLateToMinute: number;
  roundMorningFromMinute: number;
  roundMorningToMinute: number;
};

/** Defaults of protocol.md. */
export const gateDefaults: GatePolicy = {
  version: 0,
  feverTenths: 373,
  urgentTenths: 380,
  lowTenths: 350,
  borderlineTenths: 370,
  rangeMinTenths: 340,
  rangeMaxTenths: 420,
  spreadCenti: 30,
  windowMs: 1_000,
  windowSamplesMin: 3,
  measureMs: 5_000,
  freshMs: 2_000,
  staleMs: 5_000,
  pairMs: 5_000,
  sameCardTapMs: 300,
  sameCardAfterVerdictMs: 3_000,
  chipMs: 600_000,
  triesMax: 3,
  triesWindowMs: 1_800_000,
  ambientMinTenths: 160,
  ambientMaxTenths: 350,
  ambientUnknownMs: 300_000,
  riseTenths: 8,
  riseWithoutBaselineTenths: 360,
  baselineMs: 1_800_000,
  baselineReadingsMin: 10,
  silentMs: 2_000,
  confirmHigh: false,
};

export const defaultPolicy: Policy = {
  ...gateDefaults,
  warmUpMs: 1_800_000,
  shiftDifferenceTenths: 5,
  slopeMinPercent: 80,
  slopeMaxPercent: 120,
  slopeApartTenths: 30,
  checkSamples: 10,
  sameValueReadings: 8,
  fastCards: 5,
  fastCardsMs: 1_000,
  driftShownTenths: 3,
  driftAlarmTenths: 5,
  roundEarlyFromMinute: 390,
  roundEarlyToMinute: 510,
  roundLateFromMinute: 1_200,
  roundLateToMinute: 1_350,
  roundMorningFromMinute: 450,
  roundMorningToMinute: 570,
};
