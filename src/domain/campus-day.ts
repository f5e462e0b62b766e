// The campus day: Asia/Shanghai, UTC+8 all year, whatever the machine's zone. Called by writers, orders and reports.

export const campusOffsetMs = 8 * 3_600_000;
export const dayMs = 86_400_000;

/** Campus day of a wall-clock instant (ms since 1970), 'YYYY-MM-DD'. Throws outside the years 0001 to 9999. */
export function campusDay(wallMs: number): string {
  return textOf(Math.floor((wallMs + campusOffsetMs) / dayMs));
}

/** `day` plus `days` (may be negative). Throws on a day that is not in the calendar. */
export function addDays(day: string, days: number): string {
  return textOf(numberOf(day) + days);
}

/** Whole days from `from` to `to`: 1 when `to` is the day after. */
export function dayDifference(from: string, to: string): number {
  return numberOf(to) - numberOf(from);
}

/** First instant of the campus day, ms since 1970. */
export function startOfDayMs(day: string): number {
  return numberOf(day) * dayMs - campusOffsetMs;
}

/** 24:00 of the campus day: the first instant that no longer belongs to it, ms since 1970. */
export function endOfDayMs(day: string): number {
  return startOfDayMs(day) + dayMs;
}

/** 24:00 of D+n with D (the day of `wallMs`) not counted: when an order of n days ends (protocol.md, Referral). */
export function endOfOrderMs(wallMs: number, days: number): number {
  return endOfDayMs(addDays(campusDay(wallMs), days));
}

/** Last campus day of an order of `days` days that began at `wallMs`: D+n. */
export function lastDayOfOrder(wallMs: number, days: number): string {
  return addDays(campusDay(wallMs), days);
}

function textOf(dayNumber: number): string {
  const date = new Date(dayNumber * dayMs);
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) throw new RangeError('a campus day lies in the years 0001 to 9999');
  return date.toISOString().slice(0, 10);
}

function numberOf(day: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  const dayNumber = ms / dayMs;
  if (!Number.isSafeInteger(dayNumber) || textOf(dayNumber) !== day)
    throw new RangeError(`${day} is no day of the calendar`);
  return dayNumber;
}
