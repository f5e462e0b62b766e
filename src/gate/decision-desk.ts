// Turns the lane's effects into entries: records each decision, evidence and leaving, paints a verdict when its first copy is
// durable, and follows the second copy and the pulse. Called by the gate controller.
import { checkBodyOf, storedReadingOf } from '../domain/check-body.ts';
import type { CardNumber, CheckBody } from '../domain/entry.ts';
import type { Direction, LaneEffect } from '../domain/passage.ts';
import type { Reading, Site, Tenths } from '../domain/reading.ts';
import type { Decision, Verdict } from '../domain/verdict.ts';
import type { Tone } from '../ui/tones.ts';
import type { Shown } from './gate-view.ts';
import type { GuestDesk } from './guest-types.ts';
import type { Station } from './station-types.ts';

export const limits = { pulseWithinMs: 1_000, remembered: 256 } as const;

/** What surrounded a decision, read at the instant of the step that made it. */
export type Around = {
  direction: Direction;
  ambientTenths: Tenths | null;
  baselineTenths: Partial<Record<Site, Tenths>>;
};

type Parts = {
  station: Station;
  wallNow(): number;
  newId(): string;
  sound(tone: Tone): void;
  numberOf(card: string | null): CardNumber | null;
  /** What a check bears beside its decision: how somebody without a card came here, and by whose word. */
  marksOf(card: string, passage: number, passageId: string): Partial<CheckBody>;
  /** The pulse of a vehicle, after its last occupant. */
  ride: GuestDesk['ride'];
  /** Whether this verdict may still take the screen when its copy is there: nobody else is on the lane by now. */
  mayPaint(shown: Shown): boolean;
  /** After every change of what is shown. */
  onPainted(shown: Shown): void;
  /** After a change that does not take the screen. */
  onChange(): void;
};

export type DecisionDesk = {
  /** What is on the screen; the controller takes it away. */
  shown: Shown | null;
  /** Decisions whose first copy is awaited: the newest one's card, null when there is none. */
  readonly saving: { card: string | null; sinceMs: number } | null;
  decide(decision: Decision, around: Around, now: number): void;
  evidence(effect: Extract<LaneEffect, { do: 'evidence' }>): void;
  left(effect: Extract<LaneEffect, { do: 'left' }>): void;
  /** The admission was a mistake: the same passage is referred. Answers the case's entryId. */
  takeBack(admitted: Shown, around: Around): string;
  /** Id under which this passage is stored. */
  passageIdOf(passage: number): string;
  /** The last verdict of this passage, to be shown again. */
  shownOf(passage: number): Shown | null;
  /** Case that this card raised here. */
  caseOf(card: string | null): { entryId: string; caseNo: string | null } | null;
};

const tones: Record<Verdict, Tone> = {
  admit: 'admit',
  again: 'again',
  refer: 'refer',
  deny: 'deny',
  hold: 'again',
  trouble: 'fault',
};

/** Keeps the newest entries of a map that is filled for ever. */
function remember<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > limits.remembered && !oldest.done) map.delete(oldest.value);
}

export function createDecisionDesk(parts: Parts): DecisionDesk {
  const { station } = parts;
  let shown: Shown | null = null;
  let saving: DecisionDesk['saving'] = null;
  const passageIds = new Map<number, string>();
  const byPassage = new Map<number, Shown>();
  const raisedBy = new Map<string, { entryId: string; caseNo: string | null }>();

  const passageIdOf = (passage: number) => {
    const id = passageIds.get(passage) ?? parts.newId();
    remember(passageIds, passage, id);
    return id;
  };

  /** Follows one decision's copies; the newest words replace what stands, older verdicts never come back over newer ones. */
  function change(entryId: string, passage: number, next: Partial<Pick<Shown, 'saved' | 'pulse'>>): Shown | null {
    const known = byPassage.get(passage);
    if (known?.entryId !== entryId) return null;
    const changed = { ...known, ...next };
    remember(byPassage, passage, changed);
    if (shown?.entryId === entryId) shown = changed;
    return changed;
  }

  function bodyOf(decision: Decision, around: Around): CheckBody {
    const card = parts.numberOf(decision.card);
    const passageId = passageIdOf(decision.passage);
    const body = checkBodyOf(decision, {
      passageId,
      card,
      // The station numbers its cases.
      caseNo: null,
      policyVersion: station.state().policy.version,
      ambientTenths: around.ambientTenths,
      baselineTenths: decision.governing === null ? null : (around.baselineTenths[decision.governing.site] ?? null),
      rosterVersion: station.state().roster.version,
      orderDay: card === null ? null : (station.factsOf(card)?.orderDay ?? null),
      direction: around.direction,
    });
    return decision.card === null ? body : { ...body, ...parts.marksOf(decision.card, decision.passage, passageId) };
  }

  function decide(decision: Decision, around: Around, now: number): void {
    const body = bodyOf(decision, around);
    const rides = body.vehicleId !== undefined;
    const wallMs = parts.wallNow();
    const admits = decision.verdict === 'admit';
    const recorded = station.record(
      body,
      admits && !rides ? { notAfterMs: Math.floor(now + limits.pulseWithinMs) } : undefined,
    );
    const { entryId, caseNo } = recorded;
    const pulsed = rides ? parts.ride(body.passageId, decision.verdict, entryId) : recorded.pulse;
    if (decision.raisesCase && decision.card !== null) remember(raisedBy, decision.card, { entryId, caseNo });
    remember(byPassage, decision.passage, { decision, entryId, caseNo, saved: 'pending', pulse: null, wallMs });
    const mine = { card: decision.card, sinceMs: now };
    saving = mine;
    void recorded.first.then((saved) => {
      if (saving === mine) saving = null;
      const known = change(entryId, decision.passage, { saved }) ?? {
        decision,
        entryId,
        caseNo,
        saved,
        pulse: null,
        wallMs,
      };
      // What was not saved must be seen, whoever stands there.
      if (saved !== 'none' && !parts.mayPaint(known)) return parts.onChange();
      shown = known;
      parts.sound(saved === 'none' ? 'fault' : tones[decision.verdict]);
      parts.onPainted(known);
      void recorded.final.then((final) => {
        const changed = saved === 'none' ? null : change(entryId, decision.passage, { saved: final });
        if (changed !== null && shown?.entryId === entryId) parts.onPainted(changed);
      });
      void pulsed.then((pulse) => {
        const changed = change(entryId, decision.passage, { pulse });
        if (changed === null || pulse === null || pulse === 'sent') return;
        // The person was told to go and nothing opened: the words come back even after the screen went on.
        if (shown === null && parts.mayPaint(changed)) shown = changed;
        if (shown?.entryId === entryId) parts.onPainted(changed);
      });
    });
  }

  function takeBack({ decision }: Shown, around: Around): string {
    const body = bodyOf({ ...decision, verdict: 'refer', reason: 'wrong-admission', raisesCase: true }, around);
    const { entryId, caseNo, first } = station.record(body);
    if (decision.card !== null) remember(raisedBy, decision.card, { entryId, caseNo });
    void first.then((saved) => parts.sound(saved === 'none' ? 'fault' : 'refer'));
    return entryId;
  }

  /** A case of this page's life, or one that came back with the station after a reload. */
  function caseOf(card: string | null): { entryId: string; caseNo: string | null } | null {
    if (card === null) return null;
    // A case without a card that came back after a reload.
    const back = card.startsWith('case:') ? station.state().cases.get(card.slice(5)) : undefined;
    if (back !== undefined) return { entryId: back.caseId, caseNo: back.caseNo };
    const raised = raisedBy.get(card);
    if (raised !== undefined) return raised;
    const number = parts.numberOf(card);
    for (const [entryId, one] of station.state().cases) {
      const same =
        number !== null && one.card !== null && (one.card.uid ?? one.card.printed) === (number.uid ?? number.printed);
      if (same) return { entryId, caseNo: one.caseNo };
    }
    return null;
  }

  function recordEvidence(caseId: string, personId: string | null, reading: Reading, atMs: number): void {
    const recorded = station.record({
      kind: 'contact-reading',
      caseId,
      personId,
      reading: storedReadingOf(reading, atMs),
    });
    void recorded.first.then((saved) => parts.sound(saved === 'none' ? 'fault' : 'tick'));
  }

  return {
    get shown() {
      return shown;
    },
    set shown(next) {
      shown = next;
    },
    get saving() {
      return saving;
    },
    decide,
    takeBack,
    passageIdOf,
    caseOf,
    shownOf: (passage) => byPassage.get(passage) ?? null,
    evidence({ card, personId, reading, atMs }) {
      const raised = caseOf(card);
      // A lane adds evidence only to a case it raised itself.
      if (raised === null) throw new Error('evidence for a card without a case');
      recordEvidence(raised.entryId, personId, reading, atMs);
    },
    left({ card, personId, passage, readings, atMs }) {
      station.record({
        kind: 'left',
        passageId: passageIdOf(passage),
        personId,
        card: parts.numberOf(card),
        readings: readings.map((reading) => storedReadingOf(reading, atMs)),
      });
    },
  };
}
