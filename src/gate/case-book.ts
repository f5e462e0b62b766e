// The cases that this station raised and that are still open: barred here at once, told on by the clinic, kept over a reload.
// Called by the station.
import type { Bar, FeedEvent } from '../contracts/downlink.ts';
import type { CheckMark } from '../contracts/envelope.ts';
import type { Entry } from '../domain/entry.ts';
import type { LocalCase } from '../store/local-case.ts';

export const limits = {
  cases: 1_000,
  /** A case without a person that came back from the journal is taken up again only this long after it was raised. */
  namelessMs: 12 * 3_600_000,
} as const;

type CaseEvent = Extract<FeedEvent, { topic: 'case' }>;
export type CaseBook = {
  all(): ReadonlyMap<string, LocalCase>;
  openFor(personId: string): boolean;
  add(value: LocalCase): void;
  /** Takes up what the clinic said; answers the case as it now stands, 'closed', or null when it is not ours or old news. */
  hear(event: CaseEvent): LocalCase | 'closed' | null;
  /** Receipts came: answers the cases that changed. */
  delivered(entryIds: readonly string[]): LocalCase[];
  /** Drops delivered cases whose person the hub no longer bars (it tells all bars). Answers the ids. */
  reconcile(bars: ReadonlyMap<string, Bar>, deliveredBefore: ReadonlySet<string>): string[];
};

export function createCaseBook(onChange: (cases: ReadonlyMap<string, LocalCase>) => void): CaseBook {
  let cases = new Map<string, LocalCase>();

  function change(next: Map<string, LocalCase>): void {
    cases = next;
    onChange(cases);
  }
  function put(value: LocalCase): void {
    change(new Map(cases).set(value.caseId, value));
  }
  function drop(caseId: string): void {
    const next = new Map(cases);
    next.delete(caseId);
    change(next);
  }

  return {
    all: () => cases,
    openFor: (personId) => [...cases.values()].some((one) => one.personId === personId),
    add(value) {
      if (cases.has(value.caseId)) return;
      // Only what the hub has already received may make room: it bars the person by itself.
      const oldest = [...cases.values()].find((one) => one.delivered);
      if (cases.size >= limits.cases && oldest !== undefined) drop(oldest.caseId);
      put(value);
    },
    hear(event) {
      const known = cases.get(event.caseId);
      if (known === undefined || event.version < known.version) return null;
      if (event.state === 'closed') {
        drop(event.caseId);
        return 'closed';
      }
      const next: LocalCase = { ...known, ...event, delivered: true };
      put(next);
      return next;
    },
    delivered(entryIds) {
      const changed = entryIds.flatMap((id) => {
        const known = cases.get(id);
        return known === undefined || known.delivered ? [] : [{ ...known, delivered: true }];
      });
      for (const one of changed) put(one);
      return changed;
    },
    reconcile(bars, deliveredBefore) {
      const closed = [...cases.values()].filter(
        (one) =>
          one.personId !== null && deliveredBefore.has(one.caseId) && (bars.get(one.personId)?.caseId ?? null) === null,
      );
      for (const one of closed) drop(one.caseId);
      return closed.map((one) => one.caseId);
    },
  };
}

/** The case that a check raises; null for every other entry. */
export function caseOf(entry: Entry | CheckMark, entryId: string): LocalCase | null {
  if (entry.kind !== 'check' || !entry.raisesCase) return null;
  return {
    topic: 'case',
    caseId: entryId,
    station: entry.station,
    state: 'raised',
    how: null,
    by: null,
    disposition: null,
    version: 0,
    delivered: false,
    caseNo: entry.caseNo ?? '',
    card: entry.card,
    personId: entry.personId,
    wallMs: entry.wallMs,
  };
}
