// Cases that outlived the lane (a reload, a chip that expired): as chips, and as the referred screen. Pure; called by the
// gate controller.
import type { Lane } from '../domain/passage.ts';
import type { LaneFace, Shown } from './gate-view.ts';
import { cardKeyOf } from './signals-in.ts';
import type { StationNow } from './station-types.ts';

type Cases = StationNow['cases'];
type Case = Cases extends ReadonlyMap<string, infer One> ? One : never;

/** Open cases of this station that no passage of the lane speaks for, and that nobody has handed over yet. */
export function waitingCases(
  cases: Cases,
  lane: Lane,
  handedOver: ReadonlySet<string>,
  nowMs: number,
  wallMs: number,
  /** The case that a passage raised. */
  entryIdOf: (card: string) => string | null,
): LaneFace['chips'][number][] {
  return [...cases].flatMap(([entryId, one]) => {
    const card = (one.card && cardKeyOf(one.card)) ?? `case:${entryId}`;
    const hasPassage = lane.open.some((passage) => passage.card === card || entryIdOf(passage.card) === entryId);
    const isGone = one.state === 'arrived' || one.state === 're-measured' || one.state === 'closed';
    if (hasPassage || isGone || handedOver.has(entryId)) return [];
    return [
      {
        card,
        passage: 0,
        verdict: 'refer',
        reason: 'referral-open',
        sinceMs: nowMs - Math.max(0, wallMs - one.wallMs),
      },
    ];
  });
}

/** The referred screen of such a case; its readings lie in the entry and at the clinic, not here. */
export function reopened(one: Case, card: string, atMs: number): Shown {
  return {
    decision: {
      atMs,
      passage: 0,
      card,
      personId: one.personId,
      verdict: 'refer',
      reason: 'referral-open',
      shownTenths: null,
      raisesCase: true,
      governing: null,
      readings: [],
      tries: 0,
      lowSites: [],
      next: 'contact',
      tappedAtMs: null,
    },
    entryId: one.caseId,
    caseNo: one.caseNo,
    saved: 'saved',
    pulse: null,
    wallMs: one.wallMs,
  };
}
