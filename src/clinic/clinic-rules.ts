// What the clinic board reads out of a referral: how loud, how late, what comes next, what may be chosen. Pure; called by
// board-state, alarm and the cards. The hub decides the same again before it writes.
import type { Referral } from '../contracts/clinic.ts';
import type { ReferralState } from '../contracts/downlink.ts';
import { defaultPolicy } from '../domain/policy.ts';
import { type Tenths, tenthsOf } from '../domain/reading.ts';
import { transit } from '../domain/referral.ts';

/** Timers of ux.md (Clinic board) and lines of protocol.md (Referral). Milliseconds; tenths of a degree. */
export const limits = {
  overdueMs: { raised: 120_000, acknowledged: 900_000, arrived: 600_000, 're-measured': 1_800_000 },
  feverTenths: 373,
  urgentTenths: 380,
  lowTenths: 350,
  contactMinTenths: 340,
  contactMaxTenths: 420,
  orderDays: 14,
  orderDaysMax: 60,
} as const;

export type OpenState = Exclude<ReferralState, 'closed'>;
export const openStates = ['raised', 'acknowledged', 'arrived', 're-measured'] as const satisfies readonly OpenState[];

/** Hub clock when the present state began; waiting is counted from here. */
export function stateSinceMs(referral: Referral): number {
  switch (referral.state) {
    case 'raised':
      return referral.receivedAtMs;
    case 'acknowledged':
      return referral.acknowledgedAtMs ?? referral.receivedAtMs;
    case 'arrived':
      return referral.arrivedAtMs ?? referral.receivedAtMs;
    case 're-measured':
      return referral.reMeasured?.atMs ?? referral.receivedAtMs;
    case 'closed':
      return referral.closedAtMs ?? referral.receivedAtMs;
    default:
      return referral.state satisfies never;
  }
}

/** True when this state has lasted longer than it may; `hubNowMs` is the hub's clock. */
export function isOverdue(referral: Referral, hubNowMs: number): boolean {
  return referral.state !== 'closed' && hubNowMs - stateSinceMs(referral) >= limits.overdueMs[referral.state];
}

/** A value of 38.0 or more at the gate, or a second high one, by contact or at a gate where the first bars: loud from the first moment. */
export function isUrgent(referral: Referral): boolean {
  return (
    referral.reason === 'urgent' ||
    referral.reason === 'referral-open' ||
    (referral.shownTenths ?? 0) >= limits.urgentTenths ||
    referral.evidence.some((reading) => tenthsOf(reading.centiCelsius) >= limits.feverTenths)
  );
}

/** A contact reading in the normal range has come: what was quiet does not become loud by waiting alone. */
export function hasNormalContact(referral: Referral): boolean {
  return referral.evidence.some((reading) => {
    const tenths = tenthsOf(reading.centiCelsius);
    return reading.method === 'contact' && tenths >= limits.lowTenths && tenths < limits.feverTenths;
  });
}

type Disposition = NonNullable<Referral['disposition']>;

/** True for the dispositions that begin an order of so many days. */
export function isOrdered(disposition: Disposition): boolean {
  return disposition === 'observed' || disposition === 'home';
}

/**
 * Whether a case may end this way, by the table that the hub decides with (at the default policy; the hub has the one in
 * force and the last word). An order needs a person who is known.
 */
export function mayClose(referral: Referral, disposition: Disposition): boolean {
  if (isOrdered(disposition) && referral.person === null) return false;
  return transit(referral, { to: 'closed', disposition }, defaultPolicy).ok;
}

/** A case closed as refused or not reached goes on when the person comes after all. */
export function mayArrive(referral: Referral): boolean {
  return transit(referral, { to: 'arrived' }, defaultPolicy).ok;
}

/** Three typed digits as tenths ('364' -> 364), null unless they are a body temperature of 34.0 to 42.0. */
export function typedTenths(digits: string): Tenths | null {
  if (!/^\d{3}$/.test(digits)) return null;
  const tenths = Number(digits);
  return tenths >= limits.contactMinTenths && tenths <= limits.contactMaxTenths ? tenths : null;
}

/** First character and a star: the way a name stands on a screen that others can see. */
export function maskedName(name: string): string {
  return `${Array.from(name)[0] ?? ''}*`;
}

/** Elapsed time as m:ss, from one hour on h:mm:ss; never negative. */
export function elapsedText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Wall clock of the campus (UTC+8, no daylight saving) as HH:MM:SS, whatever zone the machine is in. */
export function campusClockText(wallMs: number): string {
  return new Date(wallMs + 8 * 3_600_000).toISOString().slice(11, 19);
}

/** Number of the campus day, for "closed today". */
export function campusDayNumber(wallMs: number): number {
  return Math.floor((wallMs + 8 * 3_600_000) / 86_400_000);
}
