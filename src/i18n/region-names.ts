// Regions in a row on a screen. Called by the gate's questions and the clinic's sheet.
import type { Language } from './define.ts';

/** 'A · B · C' in one language, never parted before a dot; a region without an English name is told in Chinese. */
export function regionNames(regions: readonly Readonly<Record<Language, string>>[], which: Language): string {
  return regions.map((one) => one[which] || one.zh).join('\u00a0· ');
}
