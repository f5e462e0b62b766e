// The gate's own normal: what healthy foreheads read here lately, without identities. Called by the gate's controller.
import type { GatePolicy } from './policy.ts';
import { type CentiCelsius, type Reading, type Site, type Tenths, tenthsOf } from './reading.ts';

/** The newest readings of each site are enough; older ones make room. */
export const limits = { readingsPerSite: 256 } as const;

/** Normal readings of one site, oldest first. */
export type NormalReading = { atMs: number; site: Site; centiCelsius: CentiCelsius };
export type BaselineMemory = readonly NormalReading[];

/** Adds the reading of an infrared admission with reason `normal`; typed and contact readings make no baseline. */
export function rememberNormal(memory: BaselineMemory, reading: Reading, policy: GatePolicy): BaselineMemory {
  if (reading.method !== 'infrared' || reading.manual) return memory;
  const { site, endedAtMs: atMs, centiCelsius } = reading;
  const young = memory.filter((one) => one.atMs > atMs - policy.baselineMs);
  const others = young.filter((one) => one.site !== site);
  const same = young.filter((one) => one.site === site).slice(1 - limits.readingsPerSite);
  return [...others, ...same, { atMs, site, centiCelsius }];
}

/**
 * Mean of the normal readings at each site within policy.baselineMs before `nowMs`, lowest and highest dropped, in tenths.
 * A site with fewer than policy.baselineReadingsMin has none. Integer arithmetic; the mean is rounded half up.
 */
export function baselineAt(memory: BaselineMemory, nowMs: number, policy: GatePolicy): Partial<Record<Site, Tenths>> {
  const bySite = new Map<Site, CentiCelsius[]>();
  for (const { atMs, site, centiCelsius } of memory) {
    if (atMs <= nowMs - policy.baselineMs || atMs > nowMs) continue;
    bySite.set(site, [...(bySite.get(site) ?? []), centiCelsius]);
  }
  const baseline: Partial<Record<Site, Tenths>> = {};
  for (const [site, values] of bySite) {
    if (values.length < policy.baselineReadingsMin) continue;
    const kept = [...values].sort((a, b) => a - b).slice(1, -1);
    const sum = kept.reduce((total, value) => total + value, 0);
    baseline[site] = tenthsOf(Math.floor((2 * sum + kept.length) / (2 * kept.length)));
  }
  return baseline;
}
