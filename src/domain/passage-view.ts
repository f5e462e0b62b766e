// What a screen needs of a lane, derived and nothing kept. Called by the gate's controller after each step.
import { holderOf, type Lane, type OpenPassage } from './passage-state.ts';
import type { Site } from './reading.ts';
import type { Decision, NextMeasure, Reason } from './verdict.ts';

export type LaneHolder = {
  card: string;
  passage: number;
  phase: 'measuring' | 'asking' | 'awaiting-reading';
  sinceMs: number;
  tries: number;
  lowSites: Site[];
  next: NextMeasure | null;
};

/** Somebody who steps aside: to be measured again, identified or handed over. */
export type LaneChip = {
  card: string;
  passage: number;
  reason: Reason;
  sinceMs: number;
  expiresAtMs: number;
  tries: number;
  next: NextMeasure | null;
};

export type LaneView = { holder: LaneHolder | null; waiting: string | null; chips: LaneChip[]; last: Decision | null };

/** `nowMs`: the clock of the lane; chips that have expired by then are left out, oldest first. */
export function laneView(lane: Lane, nowMs: number): LaneView {
  const holder = holderOf(lane);
  return {
    holder: holder === null ? null : asHolder(holder),
    waiting: lane.waiting?.card ?? null,
    chips: lane.open.filter((one) => one.number !== lane.holder && one.expiresAtMs >= nowMs).flatMap(asChip),
    last: lane.last,
  };
}

const shownPhase = { measuring: 'measuring', asking: 'asking', awaiting: 'awaiting-reading' } as const;

/** Who is identified, referred or barred is told by `last`; the lane waits for nothing of theirs. */
function asHolder({ card, number, phase, sinceMs, tries, lowSites, next }: OpenPassage): LaneHolder | null {
  if (phase === 'identifying' || phase === 'referred' || phase === 'barred') return null;
  return { card, passage: number, phase: shownPhase[phase], sinceMs, tries, lowSites: [...lowSites], next };
}

function asChip({ card, number, phase, reason, sinceMs, expiresAtMs, tries, next }: OpenPassage): LaneChip[] {
  if (phase === 'barred' || reason === null) return [];
  return [{ card, passage: number, reason, sinceMs, expiresAtMs, tries, next }];
}
