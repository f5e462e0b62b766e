// The measuring policy: every number that turns a temperature into a verdict, versioned, handed out by the hub.
// docs/policy.md lists the keys with their bounds; src/contracts/policy.ts parses the document into this.
import type { CentiCelsius, Tenths } from './reading.ts';

export type Policy = {
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

/** Defaults of protocol.md. */
export const defaultPolicy: Policy = {
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
