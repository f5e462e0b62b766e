// Joins the two copies of an entry into what the screen may say of it. Called by the recorder.
import type { After } from '../sync/timers.ts';
import type { SaveState } from './station-types.ts';

/** reliability.md: a copy that is not there after this long counts as missing. */
export const limits = { copyMs: 5_000 } as const;

/**
 * `first`: as soon as one copy is durable, or both have failed, or 5 s; `final`: as soon as both have spoken, or 5 s.
 * Neither promise rejects: a copy that failed is false.
 */
export function joinCopies(
  page: Promise<boolean>,
  journal: Promise<boolean>,
  after: After,
): { first: Promise<SaveState>; final: Promise<SaveState> } {
  const copies: { page: boolean | null; journal: boolean | null } = { page: null, journal: null };
  const state = (): SaveState => {
    if (copies.page === true) return copies.journal === true ? 'saved' : 'page-only';
    return copies.journal === true ? 'journal-only' : 'none';
  };
  let tellFirst = (_: SaveState): void => {};
  let tellFinal = (_: SaveState): void => {};
  const first = new Promise<SaveState>((done) => {
    tellFirst = done;
  });
  const final = new Promise<SaveState>((done) => {
    tellFinal = done;
  });
  const cancel = after(limits.copyMs, () => {
    tellFirst(state());
    tellFinal(state());
  });
  const hear = (which: 'page' | 'journal') => (durable: boolean) => {
    copies[which] = durable;
    const both = copies.page !== null && copies.journal !== null;
    if (durable || both) tellFirst(state());
    if (!both) return;
    cancel();
    tellFinal(state());
  };
  page.then(hear('page'));
  journal.then(hear('journal'));
  return { first, final };
}
