// One decision of a lane: puts what is known into the table, keeps what follows from its answer. Called by passage-begin,
// passage-measure and passage-answers.
import { type Outcome as Judged, judge, type Measured } from './gate-policy.ts';
import { inRange } from './measure.ts';
import type { Answer } from './passage.ts';
import { appended, barNow, closePassage, type Draft, limits, type OpenPassage, type Outcome } from './passage-state.ts';
import { countTry, forgetTries, leaveOff, triesKeyOf } from './passage-tries.ts';
import type { GatePolicy } from './policy.ts';
import { type Reading, tenthsOf } from './reading.ts';

/** Asks the table about this passage; null = nothing to decide yet. Bars and facts are looked up anew each time. */
export function askTable(
  draft: Draft,
  passage: OpenPassage,
  measured: Measured,
  answer: Answer | null = null,
): Judged | null {
  const { context } = draft;
  const facts = context.factsOf(passage.card);
  if (facts !== null) passage.personId = facts.personId;
  const site = measured.kind === 'value' ? measured.site : null;
  return judge({
    policy: context.policy,
    direction: context.direction,
    campus: context.campus,
    ambientTenths: context.ambientTenths,
    baselineTenths: site === null ? null : (context.baselineTenths[site] ?? null),
    facts,
    bar: barNow(draft, passage.card, facts),
    sensor: draft.sensor,
    measured,
    tries: passage.tries,
    lowSites: passage.lowSites,
    contactLows: passage.contactLows,
    confirmSite: passage.confirmSite,
    released: passage.released,
    answer: answer ?? (passage.answeredClear ? 'clear' : null),
  });
}

export function measuredValue(reading: Reading, passed: boolean): Measured {
  const { site, method, manual } = reading;
  return { kind: 'value', tenths: tenthsOf(reading.centiCelsius), site, method, manual, passed };
}

/** A measurement of this passage came to its end: one try, one decision. */
export function decideOn(draft: Draft, passage: OpenPassage, outcome: Outcome, atMs: number): void {
  const reading = outcome.kind === 'reading' ? outcome.reading : (outcome.allHigh ?? outcome.reading);
  const method = reading?.method ?? 'infrared';
  if (reading !== null) {
    const kept: Reading =
      outcome.kind === 'ended' && outcome.reason === 'stale' ? { ...reading, stale: true } : reading;
    passage.readings = appended(passage.readings, kept, limits.readingsPerPassage);
  }
  if (method === 'infrared') countTry(draft, passage, atMs);
  const decides = outcome.kind === 'reading' ? outcome.reading : outcome.allHigh;
  const measured: Measured =
    decides !== null
      ? measuredValue(decides, false)
      : {
          kind: 'ended',
          reason: outcome.kind === 'ended' ? outcome.reason : 'no-reading',
          method,
          manual: reading?.manual ?? false,
        };
  const judged = askTable(draft, passage, measured);
  const ended = outcome.kind === 'ended' && decides === null ? (outcome.last ?? null) : null;
  if (judged !== null) settle(draft, passage, judged, decides, atMs, ended);
}

/** Keeps and hands out a decision. `governing` is the valid reading that it rests on, null without one. */
export function settle(
  draft: Draft,
  passage: OpenPassage,
  judged: Judged,
  governing: Reading | null,
  atMs: number,
  ended: Reading | null = null,
): void {
  const { policy } = draft.context;
  const { verdict, reason } = judged;
  if (verdict === 'again' && governing !== null) rememberWhy(draft, passage, governing);
  passage.governing = governing ?? passage.governing;
  passage.next = judged.next;
  passage.verdict = verdict;
  passage.reason = reason;
  passage.measureEndsMs = null;
  passage.sinceMs = atMs;
  passage.expiresAtMs = atMs + policy.chipMs;
  const isHigh = governing !== null && tenthsOf(governing.centiCelsius) >= policy.feverTenths;
  const raisesCase = verdict === 'refer' || (verdict === 'deny' && judged.row === 1 && isHigh);
  if (raisesCase) passage.feverTold = true;
  announce(draft, passage, { ...judged, raisesCase }, governing, atMs, ended);
  switch (verdict) {
    case 'admit':
      closePassage(draft, passage);
      forgetTries(draft, triesKeyOf(passage));
      break;
    case 'refer':
      passage.phase = 'referred';
      draft.referred = appended(
        draft.referred.filter((known) => known.card !== passage.card),
        { card: passage.card, personId: passage.personId, seenOpen: false },
        limits.rememberedReferrals,
      );
      break;
    case 'hold':
      passage.phase = judged.row === 9 ? 'asking' : 'identifying';
      break;
    case 'again':
      leaveOff(draft, passage, atMs);
      passage.phase = 'awaiting';
      break;
    case 'trouble':
      passage.phase = 'awaiting';
      break;
    case 'deny':
      if (judged.row !== 1) {
        closePassage(draft, passage);
        break;
      }
      // The barred are measured all the same: their fever is listened for as long as a measurement lasts.
      passage.measureEndsMs = atMs + measureSpanMs(policy);
      if (passage.phase !== 'referred') passage.phase = 'barred';
      break;
    default:
      verdict satisfies never;
  }
}

/** A barred person's fever is still a fever: the deny is told once more and raises a case. */
export function tellFeverOfBarred(draft: Draft, passage: OpenPassage, reading: Reading, atMs: number): void {
  const isFever =
    tenthsOf(reading.centiCelsius) >= draft.context.policy.feverTenths &&
    inRange(reading.centiCelsius, draft.context.policy);
  if (!isFever || passage.feverTold) return;
  const judged = askTable(draft, passage, { kind: 'nothing' });
  if (judged === null || judged.row !== 1) return;
  passage.readings = appended(passage.readings, reading, limits.readingsPerPassage);
  settle(draft, passage, judged, reading, atMs);
}

/** How long a card-first measurement lasts: the reading must end within pairMs of the tap, and no measurement outlasts measureMs. */
export function measureSpanMs(policy: GatePolicy): number {
  return Math.min(policy.measureMs, policy.pairMs);
}

function announce(
  draft: Draft,
  passage: OpenPassage,
  judged: Judged & { raisesCase: boolean },
  governing: Reading | null,
  atMs: number,
  ended: Reading | null,
): void {
  const { verdict, reason } = judged;
  const showsNothing = verdict === 'trouble' || verdict === 'deny' || governing === null;
  draft.last = {
    atMs,
    passage: passage.number,
    card: passage.card,
    personId: passage.personId,
    verdict,
    reason,
    shownTenths: showsNothing ? null : tenthsOf(governing.centiCelsius),
    raisesCase: judged.raisesCase,
    governing,
    ...(ended && { ended }),
    readings: [...passage.readings],
    tries: passage.tries,
    lowSites: [...passage.lowSites],
    next: judged.next,
    tappedAtMs: passage.tappedAtMs,
  };
  draft.effects.push({ do: 'decide', decision: draft.last });
  draft.verdicts = appended(
    draft.verdicts.filter((known) => known.card !== passage.card),
    { card: passage.card, atMs, verdict },
    limits.rememberedTaps,
  );
}

/** What the next reading of this passage must be judged by: where it was low, where a first high value was taken. */
function rememberWhy(draft: Draft, passage: OpenPassage, governing: Reading): void {
  const { policy } = draft.context;
  const tenths = tenthsOf(governing.centiCelsius);
  if (tenths < policy.lowTenths && governing.method === 'contact') passage.contactLows += 1;
  else if (tenths < policy.lowTenths && !passage.lowSites.includes(governing.site)) {
    passage.lowSites = [...passage.lowSites, governing.site];
  }
  if (tenths >= policy.feverTenths && passage.confirmSite === null) passage.confirmSite = governing.site;
}
