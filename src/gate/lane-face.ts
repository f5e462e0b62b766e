// The domain's lane as the view needs it: who holds it, who stepped aside. Pure; called by the controller after each step.
import type { Lane } from '../domain/passage.ts';
import type { LaneFace } from './gate-view.ts';

export function laneFaceOf(lane: Lane): LaneFace {
  const holder = lane.open.find((passage) => passage.number === lane.holder) ?? null;
  return {
    phase: holder === null ? 'idle' : holder.phase === 'measuring' ? 'open' : 'done',
    card: holder?.card ?? null,
    passage: holder?.number ?? null,
    sinceMs: holder?.sinceMs ?? 0,
    nextWaits: lane.waiting !== null,
    chips: lane.open
      // A barred person is turned back, not waited for.
      .filter((passage) => passage.number !== lane.holder && passage.phase !== 'barred')
      .map(({ card, number, verdict, reason, sinceMs }) => ({ card, passage: number, verdict, reason, sinceMs })),
  };
}
