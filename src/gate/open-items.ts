// What the present shift would leave to the next: counts, open cases, whoever waits, devices in trouble. Pure; called by GateScreen.
import { limits } from '../domain/shift.ts';
import type { GateModel, OpenItems } from './model.ts';
import type { StationNow } from './station-types.ts';

export function openItems(station: StationNow, chips: GateModel['chips']): OpenItems {
  const cases = [...station.cases.values()]
    .filter(({ state }) => state === 'raised' || state === 'acknowledged')
    .map(({ caseId, caseNo }) => ({ caseId, caseNo }));
  return {
    sinceWallMs: station.posts.duty?.sinceWallMs ?? null,
    counts: station.shiftCounts,
    cases,
    casesMax: limits.cases,
    waiting: chips.filter(({ kind }) => kind !== 'refer').length,
    devices: [...new Set(station.devices.flatMap(({ code }) => (code === null ? [] : [code])))],
  };
}
