// Named decisions on whom row 8 holds, by telephone or at the hub: writes each and lets the lane go on. Called by the gate controller;
// by telephone it is asked from the visitors' room.
import type { OverrideBody } from '../domain/entry.ts';
import type { LaneEvent } from '../domain/passage.ts';
import type { OpenPassage } from '../domain/passage-state.ts';
import { holdReasons } from '../domain/verdict.ts';
import type { HubDecision, Station } from './station-types.ts';

export type OverrideDesk = {
  /** Decides on a passage that row 8 holds; does nothing to any other. */
  override(
    passage: OpenPassage,
    given: Pick<OverrideBody, 'allow' | 'how' | 'decidedBy' | 'by' | 'second' | 'note' | 'decisionId'>,
  ): void;
  /** Somebody at the hub decided on this passage. */
  heard(event: HubDecision, passage: OpenPassage): void;
  /** entryId of the decision that this passage goes on with. */
  idOf(passage: number): string | undefined;
};

export function createOverrideDesk(parts: {
  station: Pick<Station, 'record'>;
  now(): number;
  feed(event: LaneEvent): unknown;
  passageIdOf(passage: number): string;
}): OverrideDesk {
  const entryIds = new Map<number, string>();

  /** Writes the decision first: what it releases is decided with its entry on the way to the journal. */
  const override: OverrideDesk['override'] = ({ card, number, personId, phase, reason: held }, given) => {
    const reason = holdReasons.find((one) => one === held);
    if (reason === undefined || phase !== 'identifying') return;
    const passageId = parts.passageIdOf(number);
    const { entryId } = parts.station.record({ kind: 'override', passageId, personId, reason, ...given });
    entryIds.set(number, entryId);
    parts.feed({ kind: 'decided', atMs: parts.now(), card, reason, allow: given.allow });
  };

  return {
    override,
    heard({ reason, allow, decisionId, by: decidedBy }, passage) {
      if (passage.reason !== reason) return;
      override(passage, { allow, how: 'hub', decidedBy, by: null, second: null, note: '', decisionId });
    },
    idOf: (passage) => entryIds.get(passage),
  };
}
