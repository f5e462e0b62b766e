// When the clinic's bell rings and how: a pure question asked on every tick by clinic-controller.
import type { Referral } from '../contracts/clinic.ts';
import { type BoardState, hubNow, muteOf, type Ring } from './board-state.ts';
import { hasNormalContact, isOverdue, isUrgent } from './clinic-rules.ts';

/** Milliseconds between two loud rings: before and after a case has waited two minutes (ux.md, tones). */
export const limits = { loudEveryMs: 15_000, overdueEveryMs: 5_000 } as const;

export type RingDue = { ring: Ring; caseIds: string[] };

/** What a case asks of the bell: once quietly, loudly until acknowledged, or (received late) once loudly. */
export type Alarm = 'none' | 'quiet-once' | 'loud' | 'loud-once';

export function alarmOf(referral: Referral, hubNowMs: number): Alarm {
  if (referral.state !== 'raised') return 'none';
  if (referral.late) return 'loud-once';
  if (isUrgent(referral)) return 'loud';
  return isOverdue(referral, hubNowMs) && !hasNormalContact(referral) ? 'loud' : 'quiet-once';
}

/** The ring that is due now, the loud before the quiet; null when nothing is, or while muted. */
export function ringDue(state: BoardState, nowMs: number): RingDue | null {
  const now = hubNow(state, nowMs);
  if (now === null || muteOf(state, nowMs)) return null;
  const raised = [...state.referrals.values()].filter((referral) => referral.state === 'raised');
  const asking = (alarm: Alarm) => raised.filter((referral) => alarmOf(referral, now) === alarm);
  const unrung = (referral: Referral) => state.rung.get(referral.caseId) !== 'loud';
  const ids = (referrals: Referral[]) => referrals.map((referral) => referral.caseId);

  const loud = asking('loud');
  const once = asking('loud-once').filter(unrung);
  const everyMs = loud.some((referral) => isOverdue(referral, now)) ? limits.overdueEveryMs : limits.loudEveryMs;
  const sinceMs = state.loudAtMs === null ? Number.POSITIVE_INFINITY : nowMs - state.loudAtMs;
  if (once.length > 0 || loud.some(unrung) || (loud.length > 0 && sinceMs >= everyMs)) {
    // One ring speaks for all that wait; two loud rings never overlap.
    return sinceMs < limits.overdueEveryMs ? null : { ring: 'loud', caseIds: ids([...loud, ...once]) };
  }
  const quiet = asking('quiet-once').filter((referral) => !state.rung.has(referral.caseId));
  return quiet.length > 0 ? { ring: 'quiet', caseIds: ids(quiet) } : null;
}
