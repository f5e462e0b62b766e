// Instants and spans as the tab about this post writes them: the campus's clock, and one number with its unit. Called by PostPanel and
// its parts.
import { campusDay, campusOffsetMs } from '../../domain/campus-day.ts';
import { postTexts } from '../../i18n/settings-post.ts';

const { t } = postTexts;

/** '07:45' of the campus. */
export function timeOfDay(wallMs: number): string {
  return new Date(wallMs + campusOffsetMs).toISOString().slice(11, 16);
}

/** '2026-03-01 07:45' of the campus. */
export function dateTime(wallMs: number): string {
  return `${campusDay(wallMs)} ${timeOfDay(wallMs)}`;
}

/** '40 秒', '12 分钟', '30 小时', '3 天': the largest unit that leaves at least two of it, or one of seconds. */
export function span(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return t('seconds', { n: seconds });
  if (seconds < 7_200) return t('minutes', { n: Math.round(seconds / 60) });
  if (seconds < 172_800) return t('hours', { n: Math.round(seconds / 3_600) });
  return t('days', { n: Math.round(seconds / 86_400) });
}
