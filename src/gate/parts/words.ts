// Small helpers that turn numbers into the words of the screen: the other language, clock times, ages. Called by screens.
import { campusOffsetMs } from '../../domain/campus-day.ts';
import { type Language, langTag, language } from '../../i18n/define.ts';
import { gateTexts, t, tIn } from '../../i18n/texts.ts';

export type Key = Parameters<typeof t>[0];

const otherOf: Record<Language, Language> = { zh: 'en', en: 'zh' };

/** The same text in the language that is not in front, with its `lang`. */
export function other(key: Key, params?: Record<string, string | number>): { text: string; lang: string } {
  const which = otherOf[language.value];
  return { text: tIn(which, key, params), lang: langTag[which] };
}

/** '07:45' of a wall-clock instant, in Beijing time whatever the machine's zone; it has no daylight saving. */
export function clockText(wallMs: number): string {
  return new Date(wallMs + campusOffsetMs).toISOString().slice(11, 16);
}

/** '3 hours' for an age; whole minutes below two hours, whole hours below two days. */
export function ageText(ageMs: number): string {
  const minutes = Math.max(0, Math.floor(ageMs / 60_000));
  if (minutes < 120) return t('age.minutes', { n: minutes });
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? t('age.hours', { n: hours }) : t('age.days', { n: Math.floor(hours / 24) });
}

/** '2:05' for a timer. */
export function timerText(forMs: number): string {
  const seconds = Math.max(0, Math.floor(forMs / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Text of a reason code (a device's is that of the fault); the code itself when a newer hub sends one that this page does not know. */
export function reasonText(reason: string): string {
  return textOr(reason, `reason.${reason}`, `fault.${reason}`);
}

/** Text of a person's category; what the roster says when it is none of the known ones. */
export function categoryText(category: string): string {
  return textOr(category, `category.${category}`);
}

function textOr(otherwise: string, ...keys: string[]): string {
  const key = keys.find(gateTexts.has);
  return key === undefined ? otherwise : t(key);
}
