// How instants and temperatures stand in the office's tables; instants by the campus's clock (Asia/Shanghai). Called by the components.

const campus = { timeZone: 'Asia/Shanghai', hourCycle: 'h23' } as const;
const two = '2-digit';
const full = new Intl.DateTimeFormat('sv-SE', {
  ...campus,
  ...{ year: 'numeric', month: two, day: two, hour: two, minute: two, second: two },
});
const clock = new Intl.DateTimeFormat('sv-SE', { ...campus, hour: two, minute: two, second: two });

/** '2020-03-01 10:00:00' */
export function timeText(atMs: number): string {
  return full.format(atMs);
}

/** '10:00:00' */
export function clockText(atMs: number): string {
  return clock.format(atMs);
}

/** Hundredths of a degree Celsius as '36.52 ℃'. */
export function degrees(centi: number): string {
  return `${(centi / 100).toFixed(2)} ℃`;
}

/** A difference in tenths of a degree as '+0.3 ℃'. */
export function tenthsText(tenths: number): string {
  return `${tenths > 0 ? '+' : ''}${(tenths / 10).toFixed(1)} ℃`;
}

const minutes = new Intl.DateTimeFormat('sv-SE', { ...campus, hour: two, minute: two });

/** '10:00' */
export function shortClock(atMs: number): string {
  return minutes.format(atMs);
}
