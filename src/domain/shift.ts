// The two duty rosters of a station, what a shift counts, and when a handover may be signed. Pure; called by the bridge, the gate
// page and its panels.
import { type Verdict, verdicts } from './verdict.ts';

export const limits = { shiftMs: 12 * 3_600_000, cases: 64, notes: 6 } as const;

/** `duty` stands at the post, `prevention` is the epidemic duty beside it (R10): one person each. */
export const rosters = ['duty', 'prevention'] as const;
export type Roster = (typeof rosters)[number];

/** What one shift tells the next, as chips: closed, so that no health data is typed into it. */
export const shiftNotes = ['quiet', 'crowded', 'dispute', 'equipment', 'supplies', 'weather'] as const;
export type ShiftNote = (typeof shiftNotes)[number];

export type ShiftCounts = Record<Verdict, number>;

export const noCounts = (): ShiftCounts => Object.fromEntries(verdicts.map((verdict) => [verdict, 0])) as ShiftCounts;

export function counted(counts: ShiftCounts, verdict: Verdict): ShiftCounts {
  return { ...counts, [verdict]: counts[verdict] + 1 };
}

/** A sign-off that was forgotten closes by itself. A clock that was set back closes nobody's shift early. */
export function isShiftOver(sinceWallMs: number, nowWallMs: number): boolean {
  return nowWallMs - sinceWallMs >= limits.shiftMs;
}

/** Open cases that nobody has taken over yet: with one left, the handover is not signed. */
export function notTaken(open: readonly string[], taken: ReadonlySet<string>): string[] {
  return open.filter((caseId) => !taken.has(caseId));
}
