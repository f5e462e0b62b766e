// Drives a lane event by event, as the gate's controller does. Used by the tests of the passage.
import type { PersonFacts } from '../../src/domain/order.ts';
import {
  createLane,
  type Lane,
  type LaneContext,
  type LaneEffect,
  type RehearsedEvent,
  rehearsedStep,
} from '../../src/domain/passage.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import type { Reading, Sample, Site } from '../../src/domain/reading.ts';
import type { Decision } from '../../src/domain/verdict.ts';

export function person(change: Partial<PersonFacts> = {}): PersonFacts {
  return {
    personId: 'p-a',
    order: null,
    orderDay: null,
    caseOpen: false,
    presence: 'on-campus',
    questionsDue: false,
    passesClosedCampus: false,
    ...change,
  };
}

export function contextWith(people: { [card: string]: PersonFacts }, change: Partial<LaneContext> = {}): LaneContext {
  return {
    policy: defaultPolicy,
    direction: 'in',
    campus: 'open',
    ambientTenths: 220,
    baselineTenths: {},
    factsOf: (card) => people[card] ?? null,
    ...change,
  };
}

export function sampleAt(atMs: number, centiCelsius: number, site: Site = 'forehead'): Sample {
  return {
    atMs,
    centiCelsius,
    rawCentiCelsius: centiCelsius,
    ambientCentiCelsius: 2200,
    offsetCentiCelsius: 0,
    site,
    mode: site === 'wrist' ? 'wrist' : 'forehead',
    deviceId: 'th-1',
  };
}

export function singleAt(atMs: number, centiCelsius: number, change: Partial<Reading> = {}): Reading {
  return {
    centiCelsius,
    site: 'forehead',
    mode: 'forehead',
    method: 'infrared',
    manual: false,
    typedBy: null,
    endedAtMs: atMs,
    samples: [sampleAt(atMs, centiCelsius)],
    ...change,
  };
}

export function contactAt(atMs: number, centiCelsius: number): Reading {
  return singleAt(atMs, centiCelsius, {
    site: 'axillary',
    mode: 'contact',
    method: 'contact',
    manual: true,
    typedBy: 'guard-1',
  });
}

/** A lane with its context; remembers every effect. */
export class Rig {
  lane: Lane = createLane();
  context: LaneContext;
  readonly effects: LaneEffect[] = [];

  constructor(context: LaneContext) {
    this.context = context;
  }

  feed(event: RehearsedEvent): LaneEffect[] {
    const stepped = rehearsedStep(this.lane, event, this.context);
    this.lane = stepped.lane;
    this.effects.push(...stepped.effects);
    return stepped.effects;
  }

  tap(atMs: number, card = 'a'): void {
    this.feed({ kind: 'tap', atMs, card });
  }

  /** A stream of equal values, one each `everyMs`, from `fromMs` to `toMs` inclusive. */
  stream(fromMs: number, toMs: number, centiCelsius: number, everyMs = 200): void {
    for (let atMs = fromMs; atMs <= toMs; atMs += everyMs) {
      this.feed({ kind: 'sample', atMs, sample: sampleAt(atMs, centiCelsius) });
    }
  }

  tick(atMs: number): void {
    this.feed({ kind: 'tick', atMs });
  }

  get decisions(): Decision[] {
    return this.effects.flatMap((effect) => (effect.do === 'decide' ? [effect.decision] : []));
  }

  /** '900 a admit normal' for each decision. */
  get told(): string[] {
    return this.decisions.map(({ atMs, card, verdict, reason }) => `${atMs} ${card} ${verdict} ${reason}`);
  }
}
