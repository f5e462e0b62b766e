// When an order ends, by a clock that may be unsure: which campus days today can be, and what an order then says. Called by the
// gate before every verdict; pure.
import { addDays, campusDay, dayDifference } from './campus-day.ts';
import type { OrderKind } from './order.ts';

export const limits = {
  /** 200 ppm: twice what a cheap quartz drifts since the hub was heard. */
  driftPer: 5_000,
  /** Own choice: a minute beside the hub is no clock to sign times with. */
  unsureMs: 60_000,
  /** Never: the bound of a clock of which nothing is known. */
  firstDay: '0001-01-01',
  lastDay: '9999-12-31',
} as const;

/** What a station knows of the time. */
export type ClockSight = {
  /** Its own wall clock, milliseconds since 1970. */
  wallMs: number;
  /** Hub clock minus wall clock, corrected for jumps; null before the hub was heard since the start. */
  hubOffsetMs: number | null;
  /** Monotonic milliseconds since the hub was heard. */
  heardAgoMs: number;
  /** The wall clock jumped against the monotonic one since then: which of both is right cannot be told. */
  jumped: boolean;
  /** The latest time of the hub that was ever heard; the true time is not before it. Null without one. */
  floorMs: number | null;
};

/** Today is one of these campus days, both included; `likely` is the one that is shown. */
export type DayRange = { from: string; to: string; likely: string };

/**
 * One day by a clock that is set by the hub (two within its drift around midnight). By a wall clock alone, today may be any day
 * since the hub was last heard, up to the day after the one that it shows; a wall clock before that is no clock.
 */
export function possibleDays(clock: ClockSight): DayRange {
  const { wallMs, hubOffsetMs, floorMs } = clock;
  if (hubOffsetMs !== null && !clock.jumped) {
    const atMs = wallMs + hubOffsetMs;
    const slackMs = Math.floor(clock.heardAgoMs / limits.driftPer);
    return { from: campusDay(atMs - slackMs), to: campusDay(atMs + slackMs), likely: campusDay(atMs) };
  }
  const isPlausible = floorMs === null || wallMs >= floorMs;
  const shown = campusDay(isPlausible ? wallMs : (floorMs ?? wallMs));
  return {
    from: floorMs === null ? limits.firstDay : campusDay(floorMs),
    to: isPlausible ? addDays(shown, 1) : limits.lastDay,
    likely: shown,
  };
}

/** `unsure`: whether its last day is over cannot be told, and it bars meanwhile. `due-for-release`: isolation that bars until a nurse signs. */
export type OrderEnd = 'in-force' | 'due-for-release' | 'ended' | 'unsure';
export type KnownOrder = {
  kind: OrderKind;
  /** Campus day D, not counted; null from a hub that does not tell it. */
  beginDay: string | null;
  /** Last campus day; null = until the clinic ends it. */
  untilDay: string | null;
  /** Day n as the hub told it, for an order without `beginDay`. */
  orderDay: number | null;
};

/** What an order says today: home observation and watch end at 24:00 of their last day, isolation waits for a nurse, hospital has no day. */
export function orderEndOn(order: KnownOrder, days: DayRange): OrderEnd {
  const { kind, untilDay } = order;
  if (untilDay === null || kind === 'hospital' || days.to <= untilDay) return 'in-force';
  if (days.from <= untilDay) return 'unsure';
  return kind === 'isolation' ? 'due-for-release' : 'ended';
}

/** Day n of the order on the likely day, from 1; null where no days are counted. */
export function dayOfOrderOn(order: KnownOrder, days: DayRange): number | null {
  if (order.kind === 'hospital') return null;
  if (order.beginDay === null) return order.orderDay;
  return Math.max(1, dayDifference(order.beginDay, days.likely));
}
