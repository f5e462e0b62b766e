// How instants stand in the tables of desks, by the campus's clock (Asia/Shanghai). Called by the components of such pages.

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

const minutes = new Intl.DateTimeFormat('sv-SE', { ...campus, hour: two, minute: two });

/** '10:00' */
export function shortClock(atMs: number): string {
  return minutes.format(atMs);
}
