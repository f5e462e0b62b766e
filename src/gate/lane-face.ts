// The domain's lane as the view needs it: who holds it, who stepped aside. Pure; called by the controller after each step.
import type { Lane } from '../domain/passage.ts';
import type { LaneFace } from './gate-view.ts';

/** `isAside`: the verdict of who holds the lane was put aside, so they wait beside it like the others. */
export function laneFaceOf(lane: Lane, isAside: boolean): LaneFace {
  const holder = lane.open.find((passage) => passage.number === lane.holder) ?? null;
  return {
    phase: holder === null ? 'idle' : holder.phase === 'measuring' ? 'open' : 'done',
    card: holder?.card ?? null,
    passage: holder?.number ?? null,
    sinceMs: holder?.sinceMs ?? 0,
    nextWaits: lane.waiting !== null,
    chips: lane.open
      // A barred person is turned back, not waited for.
      .filter(
        ({ number, phase }) => phase !== 'barred' && (number !== lane.holder || (isAside && phase !== 'measuring')),
      )
      .map(({ card, number, verdict, reason, sinceMs }) => ({ card, passage: number, verdict, reason, sinceMs })),
  };
}
