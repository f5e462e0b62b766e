// How often a person was measured by infrared lately. Called by passage-decide and passage-begin.
import { appended, type Draft, limits, type OpenPassage } from './passage-state.ts';

/** Tries belong to the person, whatever became of the passages in which they were made. */
export function countTry(draft: Draft, passage: OpenPassage, atMs: number): void {
  const key = triesKeyOf(passage);
  const known = draft.tries.find((one) => one.key === key)?.atMs ?? [];
  const recent = known.filter((at) => at > atMs - draft.context.policy.triesWindowMs);
  const tries = appended(recent, atMs, limits.triesPerPerson);
  passage.tries = tries.length;
  draft.tries = appended(
    draft.tries.filter((one) => one.key !== key),
    { key, atMs: tries },
    limits.rememberedTries,
  );
}

/** Tries of this person within the policy's window, for a passage that begins. */
export function triesSoFar(draft: Draft, passage: OpenPassage, atMs: number): number {
  const known = draft.tries.find((one) => one.key === triesKeyOf(passage))?.atMs ?? [];
  return known.filter((at) => at > atMs - draft.context.policy.triesWindowMs).length;
}

export function triesKeyOf(passage: OpenPassage): string {
  return passage.personId === null ? `card ${passage.card}` : `person ${passage.personId}`;
}
