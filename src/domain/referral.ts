// The life of a case as one table: state x action -> next state, or why not; and what a disposition does to orders and
// bars. Called by the hub's transitions.
import type { CentiCelsius, Tenths } from './reading.ts';
import { tenthsOf } from './reading.ts';

export const limits = { orderDaysDefault: 14, lateMs: 900_000 } as const;

export type ReferralState = 'raised' | 'acknowledged' | 'arrived' | 're-measured' | 'closed';
export type Disposition = 'cleared' | 'observed' | 'hospital' | 'home' | 'refused' | 'not-reached';

export type ReMeasured = {
  centiCelsius: CentiCelsius;
  site: 'axillary' | 'oral' | 'ear' | 'forehead';
  symptoms: readonly string[];
  listedRegion: boolean;
};

/** What the table looks at. */
export type CaseFacts = { state: ReferralState; disposition: Disposition | null; reMeasured: ReMeasured | null };

export type ReferralAction =
  | { to: 'acknowledged' }
  | { to: 'arrived' }
  | { to: 're-measured' }
  | { to: 'closed'; disposition: Disposition; days?: number | undefined };

export type TransitionRefusal =
  | 'not-now'
  | 'not-re-measured'
  | 'not-axillary'
  | 'not-normal'
  | 'has-symptom'
  | 'listed-region';

export type NewOrder = { kind: 'isolation' | 'home' | 'hospital'; days: number | null };

export type Transition =
  | {
      ok: true;
      next: ReferralState;
      disposition: Disposition | null;
      /** The case itself still stops the person at every gate (an order of its own may do so beside it). */
      bars: boolean;
      order: NewOrder | null;
    }
  | { ok: false; reason: TransitionRefusal };

const dispositionsBy: Record<ReferralState, readonly Disposition[]> = {
  raised: [],
  acknowledged: ['hospital', 'refused', 'not-reached'],
  arrived: ['cleared', 'observed', 'hospital', 'home', 'refused', 'not-reached'],
  're-measured': ['cleared', 'observed', 'hospital', 'home', 'refused', 'not-reached'],
  closed: [],
};

const stepsBy: Record<ReferralState, readonly ReferralState[]> = {
  raised: ['acknowledged'],
  acknowledged: ['arrived'],
  arrived: ['re-measured'],
  're-measured': ['re-measured'],
  closed: [],
};

/**
 * What `action` makes of a case. `feverTenths` and `lowTenths` are those of the policy in force: *cleared* needs a reading
 * inside [lowTenths, feverTenths). A case closed as refused or not reached goes on when the person arrives after all.
 */
export function transit(
  facts: CaseFacts,
  action: ReferralAction,
  policy: { feverTenths: Tenths; lowTenths: Tenths },
): Transition {
  if (action.to === 'closed') return close(facts, action, policy);
  const comesAfterAll = facts.state === 'closed' && keepsBar(facts.disposition) && action.to === 'arrived';
  if (!comesAfterAll && !stepsBy[facts.state].includes(action.to)) return { ok: false, reason: 'not-now' };
  return { ok: true, next: action.to, disposition: null, bars: true, order: null };
}

function close(
  facts: CaseFacts,
  action: Extract<ReferralAction, { to: 'closed' }>,
  policy: { feverTenths: Tenths; lowTenths: Tenths },
): Transition {
  if (!dispositionsBy[facts.state].includes(action.disposition)) return { ok: false, reason: 'not-now' };
  const why = action.disposition === 'cleared' ? notClearable(facts.reMeasured, policy) : null;
  if (why !== null) return { ok: false, reason: why };
  return {
    ok: true,
    next: 'closed',
    disposition: action.disposition,
    bars: keepsBar(action.disposition),
    order: orderOf(action.disposition, action.days ?? limits.orderDaysDefault),
  };
}

/** Why this case cannot be cleared, null when it can (protocol.md, Referral). */
function notClearable(
  reMeasured: ReMeasured | null,
  policy: { feverTenths: Tenths; lowTenths: Tenths },
): TransitionRefusal | null {
  if (reMeasured === null) return 'not-re-measured';
  if (reMeasured.site !== 'axillary') return 'not-axillary';
  const tenths = tenthsOf(reMeasured.centiCelsius);
  if (tenths >= policy.feverTenths || tenths < policy.lowTenths) return 'not-normal';
  if (reMeasured.symptoms.length > 0) return 'has-symptom';
  return reMeasured.listedRegion ? 'listed-region' : null;
}

function keepsBar(disposition: Disposition | null): boolean {
  return disposition === 'refused' || disposition === 'not-reached';
}

function orderOf(disposition: Disposition, days: number): NewOrder | null {
  switch (disposition) {
    case 'observed':
      return { kind: 'isolation', days };
    case 'home':
      return { kind: 'home', days };
    case 'hospital':
      return { kind: 'hospital', days: null };
    case 'cleared':
    case 'refused':
    case 'not-reached':
      return null;
    default:
      return disposition satisfies never;
  }
}

/** A case that the hub receives over 15 minutes after its passage; `hubOffsetMs` (hub minus station) null = not known. */
export function isLate(receivedMs: number, wallMs: number, hubOffsetMs: number | null): boolean {
  return receivedMs - (wallMs + (hubOffsetMs ?? 0)) > limits.lateMs;
}
