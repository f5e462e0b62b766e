// The list of regions as the office types it: one a line, the English name behind a bar; and two offices' changes put together.
// Called by RegionsForm.

import { namePattern } from '../contracts/list-request.ts';
import { limits, type Region } from '../contracts/region.ts';

/** What stands in the way of a list; `line` counts from 1 as it was typed. */
export type RegionFault =
  | { why: 'many'; count: number }
  | { why: 'parts' | 'nameless' | 'long' | 'characters' | 'twice'; line: number; name: string };

export function linesOf(regions: readonly Region[]): string {
  return regions.map(({ zh, en }) => (en === '' ? zh : `${zh} | ${en}`)).join('\n');
}

/** The list, or the first fault. A full-width bar or a tab (two columns of a spreadsheet) part the names as well; empty lines count for nothing. */
export function readLines(typed: string): { regions: Region[] } | { fault: RegionFault } {
  const regions: Region[] = [];
  for (const [index, whole] of typed.split('\n').entries()) {
    // What is invisible comes with text copied from a chat: it is no part of a name.
    const parts = whole
      .replace(/\p{Cf}/gu, '')
      .split(/[|\uff5c\t]/)
      .map((part) => part.trim());
    const [zh = '', en = '', ...rest] = parts;
    if (parts.every((part) => part === '')) continue;
    const fault = (why: Exclude<RegionFault['why'], 'many'>) => ({ fault: { why, line: index + 1, name: zh || en } });
    if (rest.some((part) => part !== '')) return fault('parts');
    if (zh === '') return fault('nameless');
    if (zh.length > limits.nameChars || en.length > limits.nameChars) return fault('long');
    if (![zh, en || zh].every((name) => namePattern.test(name))) return fault('characters');
    if (regions.some((one) => one.zh === zh)) return fault('twice');
    regions.push({ zh, en });
  }
  return regions.length > limits.regions ? { fault: { why: 'many', count: regions.length } } : { regions };
}

/**
 * What somebody made of `begun`, carried over to the list that stands there `now`: what they took out stays out, what they wrote counts,
 * the rest is as it is now. In the order of `now`, what is new behind it.
 */
export function carriedOver(begun: readonly Region[], mine: readonly Region[], now: readonly Region[]): Region[] {
  const english = (list: readonly Region[], zh: string) => list.find((one) => one.zh === zh)?.en;
  const isOwn = ({ zh, en }: Region) => english(begun, zh) !== en;
  const kept = now.flatMap((region) => {
    const own = mine.find(({ zh }) => zh === region.zh);
    if (own === undefined) return english(begun, region.zh) === undefined ? [region] : [];
    return [isOwn(own) ? own : region];
  });
  return [...kept, ...mine.filter((region) => isOwn(region) && english(now, region.zh) === undefined)];
}
