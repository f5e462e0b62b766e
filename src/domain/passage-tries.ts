// How a person was measured lately, at this gate and at the others: tries, and what the next reading must be judged by. Called by
// passage, passage-decide and passage-begin.
import type { LaneEvent } from './passage.ts';
import { appended, type Draft, limits, type OpenPassage, type Tried } from './passage-state.ts';

/** Reasons to be measured again behind which only a contact reading helps; a low one when it is not the first. */
const wantsContact = ['low', 'rise', 'contact-due'];

/** Tries belong to the person, whatever became of the passages in which they were made. */
export function countTry(draft: Draft, passage: OpenPassage, atMs: number): void {
  const known = triedBy(draft, triesKeyOf(passage), atMs);
  passage.tries = keep(draft, { ...known, atMs: [...known.atMs, atMs] });
}

/** Somebody comes (back) to the lane: with the tries of the policy's window, and as long as a chip lives with what they left off at. */
export function goOn(draft: Draft, passage: OpenPassage, atMs: number): void {
  const known = triedBy(draft, triesKeyOf(passage), atMs);
  passage.tries = known.atMs.length;
  if (atMs - known.leftMs > draft.context.policy.chipMs) return;
  passage.lowSites = [...new Set([...passage.lowSites, ...known.lowSites])];
  passage.contactLows = Math.max(passage.contactLows, known.contactLows);
  passage.confirmSite ??= known.confirmSite;
  passage.next ??= known.next;
}

/** This measurement is not finished: whoever leaves here goes on with it, at this gate or at the next. */
export function leaveOff(draft: Draft, passage: OpenPassage, atMs: number): void {
  const { lowSites, contactLows, confirmSite, next } = passage;
  keep(draft, { ...triedBy(draft, triesKeyOf(passage), atMs), leftMs: atMs, lowSites, contactLows, confirmSite, next });
}

/** What another gate has just told; told twice it is the same. */
export function takeElsewhere(draft: Draft, event: Extract<LaneEvent, { kind: 'elsewhere' }>, atMs: number): void {
  const { sinceMs, last } = event;
  const key = `person ${event.personId}`;
  if (last === null) {
    forgetTries(draft, key);
    return;
  }
  const known = triedBy(draft, key, atMs);
  const { reason, byContact, site } = last;
  const lowAt = reason === 'low' && !byContact ? site : null;
  const asksElsewhere = reason === 'confirm-high' || (lowAt !== null && known.lowSites.every((one) => one === lowAt));
  keep(draft, {
    key,
    // That gate knew of ours as well: its count is the whole, and what we lack was made by then.
    atMs: [...Array<number>(Math.max(0, event.tries - known.atMs.length)).fill(sinceMs), ...known.atMs],
    leftMs: sinceMs,
    lowSites: lowAt === null ? known.lowSites : [...new Set([...known.lowSites, lowAt])],
    contactLows: reason === 'low' && byContact ? 1 : known.contactLows,
    confirmSite: reason === 'confirm-high' ? site : known.confirmSite,
    next: asksElsewhere ? 'another-site' : byContact || wantsContact.includes(reason) ? 'contact' : 'same',
  });
}

export function forgetTries(draft: Draft, key: string): void {
  draft.tries = draft.tries.filter((known) => known.key !== key);
}

export function triesKeyOf(passage: OpenPassage): string {
  return passage.personId === null ? `card ${passage.card}` : `person ${passage.personId}`;
}

function triedBy(draft: Draft, key: string, atMs: number): Tried {
  const known = draft.tries.find((one) => one.key === key) ?? {
    ...{ key, atMs: [], leftMs: Number.NEGATIVE_INFINITY },
    ...{ lowSites: [], contactLows: 0, confirmSite: null, next: null },
  };
  return { ...known, atMs: known.atMs.filter((at) => at > atMs - draft.context.policy.triesWindowMs) };
}

/** Answers how many tries are kept. */
function keep(draft: Draft, tried: Tried): number {
  forgetTries(draft, tried.key);
  const atMs = tried.atMs.slice(-limits.triesPerPerson);
  draft.tries = appended(draft.tries, { ...tried, atMs }, limits.rememberedTries);
  return atMs.length;
}
