// The list of regions as the office types it: one a line, the English name behind a bar. Called by RegionsForm.
import { limits, type Region } from '../contracts/region.ts';
import { namePattern } from '../contracts/region-request.ts';

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
