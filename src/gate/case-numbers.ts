// Case numbers to say on the telephone ('G03-0147') and today's count, never used twice over restarts. Called by the station.
import { counted, noCounts, type ShiftCounts } from '../domain/shift.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Counters } from '../store/page-state.ts';

/** A check as far as it is counted; `sinceWallMs`: when whoever is on duty came. */
export type Counted = { raises: boolean; verdict: Verdict; sinceWallMs: number | null };

export type CaseNumbers = {
  /** Counts one check of `day`; with `raises`, takes the next number. The counters are to be stored with the entry. */
  next(day: string, check: Counted, code: string): { caseNo: string | null; counters: Counters };
  /** Verdicts since whoever is on duty came. */
  shift(sinceWallMs: number | null): ShiftCounts;
  today(day: string): number;
  /** A number that came back from the journal was used. */
  seen(caseNo: string): void;
  /** Nothing more will come back: from here the counter is known. */
  settle(): void;
};

/** `wallMs` seeds the number while the counter is not known (a lost store, the journal not read yet). */
export function createCaseNumbers(stored: Counters | null, wallMs: () => number): CaseNumbers {
  let counters: Counters = stored ?? { day: '1970-01-01', today: 0, caseNo: null };
  let recovered = 0;
  /** Another shift begins at nothing. */
  const shift = (sinceWallMs: number | null): ShiftCounts =>
    counters.shift?.sinceWallMs === sinceWallMs ? counters.shift.counts : noCounts();

  return {
    shift,
    next(day, { raises, verdict, sinceWallMs }, code) {
      const today = counters.day === day ? counters.today + 1 : 1;
      const last = counters.caseNo;
      // Minutes stand in for a counter that is not known: far apart from the low numbers that were used before.
      const number = last === null ? 5_000 + (Math.floor(wallMs() / 60_000) % 5_000) : last + 1;
      const shiftNow = { sinceWallMs, counts: counted(shift(sinceWallMs), verdict) };
      counters = { day, today, caseNo: raises ? Math.max(number, recovered + 1) : last, shift: shiftNow };
      const caseNo = raises ? `${code}-${String(counters.caseNo).padStart(4, '0')}` : null;
      return { caseNo, counters };
    },
    today: (day) => (counters.day === day ? counters.today : 0),
    seen(caseNo) {
      const number = Number(/-(\d{4,9})$/.exec(caseNo)?.[1] ?? 0);
      recovered = Math.max(recovered, number);
      if (counters.caseNo !== null) counters = { ...counters, caseNo: Math.max(counters.caseNo, recovered) };
    },
    settle() {
      counters = { ...counters, caseNo: Math.max(counters.caseNo ?? 0, recovered) };
    },
  };
}
