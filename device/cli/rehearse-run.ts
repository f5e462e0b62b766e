// Runs a scenario through the lane that the gate itself uses, and says what it would have done. Called by rehearse and tests.
import { createLane, type LaneContext, type RehearsedEvent, rehearsedStep } from '../../src/domain/passage.ts';
import { type Reading, type Sample, type Site, textOfTenths } from '../../src/domain/reading.ts';
import type { Decision, Reason, Verdict } from '../../src/domain/verdict.ts';
import { centiOf, type Scenario, type ScenarioEvent, scenarioOf } from './rehearse-scenario.ts';

/** Samples of one event lie in this span before it; time runs on for `afterMs` behind the last event. */
const timing = { spanMs: 600, afterMs: 6_000 } as const;

export type RehearsedVerdict = {
  atMs: number;
  card: string | null;
  verdict: Verdict;
  reason: Reason;
  /** Tenths as text, null where nothing valid governed. */
  shownC: string | null;
  /** Only there when a case is raised. */
  case?: true;
};
export type RehearsedLine = { name: string; verdicts: RehearsedVerdict[] } | { name: string | null; error: string };

/** One line in, one line out; never throws for what a line holds. */
export function rehearseLine(text: string): RehearsedLine {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return { name: null, error: 'The line is not JSON; write one scenario a line.' };
  }
  try {
    const scenario = scenarioOf(line);
    return { name: scenario.name, verdicts: rehearse(scenario) };
  } catch (error) {
    if (error instanceof RangeError) return { name: nameOf(line), error: error.message };
    throw error;
  }
}

/** What the gate decides in this scenario, each decision once, at its instant. */
export function rehearse(scenario: Scenario): RehearsedVerdict[] {
  const context = contextOf(scenario);
  const moments = scenario.events.map(laneEventOf);
  const last = moments.at(-1);
  if (last !== undefined) moments.push({ kind: 'tick', atMs: last.atMs + timing.afterMs });
  const verdicts: RehearsedVerdict[] = [];
  let lane = createLane();
  for (const moment of moments) {
    const stepped = rehearsedStep(lane, moment, context);
    lane = stepped.lane;
    for (const effect of stepped.effects) if (effect.do === 'decide') verdicts.push(printed(effect.decision));
  }
  return verdicts;
}

function nameOf(line: unknown): string | null {
  return typeof line === 'object' && line !== null && 'name' in line && typeof line.name === 'string'
    ? line.name
    : null;
}

function contextOf({ policy, direction, campus, ambientTenths, baselineTenths, people }: Scenario): LaneContext {
  const sites: Site[] = ['forehead', 'wrist', 'neck', 'ear', 'axillary', 'oral'];
  return {
    policy,
    direction,
    campus,
    ambientTenths,
    baselineTenths: baselineTenths === null ? {} : Object.fromEntries(sites.map((site) => [site, baselineTenths])),
    factsOf: (card) => people.get(card) ?? null,
  };
}

function printed({ atMs, card, verdict, reason, shownTenths, raisesCase }: Decision): RehearsedVerdict {
  const shownC = shownTenths === null ? null : textOfTenths(shownTenths);
  return { atMs, card, verdict, reason, shownC, ...(raisesCase ? { case: true } : {}) };
}

/** A scenario's event as an event of the lane. */
function laneEventOf(event: ScenarioEvent, index: number): RehearsedEvent {
  const { atMs } = event;
  if ('tap' in event) return { kind: 'tap', atMs, card: event.tap };
  if ('answers' in event) return { kind: 'answers', atMs, answer: event.answers, ...named(event.card) };
  if ('sensor' in event) return { kind: 'sensor', atMs, sensor: event.sensor === 'lost' ? 'device-lost' : 'ready' };
  if ('contactC' in event) {
    const reading = contactReading(event.contactC, event.site ?? 'axillary', atMs);
    return { kind: 'reading', atMs, reading, ...named(event.card) };
  }
  if ('samplesC' in event) {
    const { samplesC, site = 'forehead' } = event;
    const samples = samplesC.map((degreesC, i) =>
      sampleOf(degreesC, site, atMs - timing.spanMs + (timing.spanMs * (i + 1)) / samplesC.length),
    );
    return { kind: 'measurement', atMs, samples, ...named(event.card) };
  }
  // A jump of the wall clock moves nothing: the lane only knows the monotonic one.
  return 'clockJumpMs' in event ? { kind: 'tick', atMs } : neverEvent(event, index);
}

function neverEvent(event: never, index: number): never {
  throw new Error(`event ${index} has no kind: ${JSON.stringify(event)}`);
}

function named(card: string | undefined): { card?: string } {
  return card === undefined ? {} : { card };
}

function sampleOf(degreesC: number, site: Site, atMs: number): Sample {
  const centiCelsius = centiOf(degreesC);
  const mode = site === 'wrist' ? 'wrist' : 'forehead';
  return {
    atMs,
    centiCelsius,
    rawCentiCelsius: centiCelsius,
    ambientCentiCelsius: null,
    offsetCentiCelsius: 0,
    site,
    mode,
    deviceId: 'rehearsed',
  };
}

function contactReading(degreesC: number, site: Site, atMs: number): Reading {
  const sample: Sample = { ...sampleOf(degreesC, site, atMs), mode: 'contact' };
  return {
    centiCelsius: sample.centiCelsius,
    site,
    mode: 'contact',
    method: 'contact',
    manual: true,
    typedBy: 'rehearsal',
    endedAtMs: atMs,
    samples: [sample],
  };
}
