// Samples, readings and the ends of measurements on their way to the passage they belong to. Called by passage.
import { endWithout, inRange, readingFrom, windowOf } from './measure.ts';
import { decideOn, tellFeverOfBarred } from './passage-decide.ts';
import { noteFace } from './passage-pairing.ts';
import {
  appended,
  type Draft,
  limits,
  type OpenPassage,
  type Outcome,
  passageOfCard,
  targetOf,
  wasReferredHere,
} from './passage-state.ts';
import { type Reading, type Sample, tenthsOf } from './reading.ts';

/** One value of a live thermometer. Values of a sensor that is not ready are nobody's. */
export function takeSample(draft: Draft, sample: Sample, card: string | undefined, atMs: number): void {
  if (draft.sensor !== 'ready') return;
  const { policy } = draft.context;
  if (belongsToSettledFace(draft, sample, card, policy.windowMs)) return;
  const owner = ownerOf(draft, card);
  keepSample(draft, owner, sample);
  const window = windowOf(samplesOf(draft, owner), sample.atMs, policy);
  const reading = readingFrom(window, policy);
  if (reading === null) return;
  draft.samples = draft.samples.filter((one) => !window.includes(one.sample));
  handOver(draft, owner, { kind: 'reading', reading }, atMs);
}

/**
 * A reading by itself. A typed value is judged at once; a live one out of range is a wall until the measurement ends, and by contact a
 * thermometer that lies on the table.
 */
export function takeReading(draft: Draft, reading: Reading, card: string | undefined, atMs: number): void {
  const { policy } = draft.context;
  const isLive = reading.method === 'infrared' && !reading.manual;
  const owner = ownerOf(draft, card);
  const sample = reading.samples.at(-1);
  if (isLive && draft.sensor !== 'ready') return;
  if (isLive && sample !== undefined && belongsToSettledFace(draft, sample, card, policy.silentMs)) return;
  if (inRange(reading.centiCelsius, policy)) handOver(draft, owner, { kind: 'reading', reading }, atMs);
  else if (reading.manual) handOver(draft, owner, { kind: 'ended', reason: 'invalid', reading, allHigh: null }, atMs);
  else if (isLive && sample !== undefined) keepSample(draft, owner, sample);
}

/** A closed measurement is judged as a whole: one reading or one end, at most one try, and it leaves nothing behind. */
export function takeMeasurement(
  draft: Draft,
  samples: readonly Sample[],
  card: string | undefined,
  atMs: number,
): void {
  if (draft.sensor !== 'ready') return;
  const { policy } = draft.context;
  const alive = samples.filter((sample) => sample.atMs >= draft.readySinceMs);
  const window = windowOf(alive, atMs, policy);
  const reading = readingFrom(window, policy);
  const { reason, allHigh, last } = endWithout(window, policy);
  // Too few samples before a card say nothing about who taps next.
  if (reading === null && reason === 'no-reading' && targetOf(draft, card) === null) return;
  handOver(
    draft,
    ownerOf(draft, card),
    reading !== null ? { kind: 'reading', reading } : { kind: 'ended', reason, reading: null, allHigh, last },
    atMs,
  );
  draft.settled = null;
}

/** The measurement of a passage ran out of time: it ends once, with what its last window says. */
export function endMeasurement(draft: Draft, passage: OpenPassage, atMs: number): void {
  const window = windowOf(samplesOf(draft, passage.card), atMs, draft.context.policy);
  const ended = endWithout(window, draft.context.policy);
  receive(draft, passage, { kind: 'ended', reading: null, ...ended }, ended.allHigh, atMs);
}

function handOver(draft: Draft, owner: string | null, outcome: Outcome, atMs: number): void {
  const reading = outcome.kind === 'reading' ? outcome.reading : outcome.allHigh;
  const passage = owner === null ? barredBeside(draft, reading) : passageOfCard(draft, owner);
  if (passage !== null) {
    noteFace(draft, passage, outcome);
    receive(draft, passage, outcome, reading, atMs);
  } else if (owner !== null && reading?.method === 'contact' && wasReferredHere(draft, owner, null)) {
    const personId = draft.context.factsOf(owner)?.personId ?? null;
    draft.effects.push({ do: 'evidence', card: owner, personId, reading, atMs });
  } else {
    const endedAtMs = reading?.endedAtMs ?? atMs;
    const young = draft.unpaired.filter((one) => atMs - one.endedAtMs <= draft.context.policy.staleMs);
    draft.unpaired = appended(young, { owner, outcome, endedAtMs }, limits.unpaired);
  }
}

/** A contact reading takes longer than a measurement on the lane: it is still the barred person's, unless a card came since. */
function barredBeside(draft: Draft, reading: Reading | null): OpenPassage | null {
  if (reading?.method !== 'contact') return null;
  return draft.open.find((one) => one.phase === 'barred' && one.number === draft.lastOnLane) ?? null;
}

function receive(draft: Draft, passage: OpenPassage, outcome: Outcome, reading: Reading | null, atMs: number): void {
  const isFever = reading !== null && tenthsOf(reading.centiCelsius) >= draft.context.policy.feverTenths;
  switch (passage.phase) {
    case 'measuring':
    case 'awaiting':
      decideOn(draft, passage, outcome, atMs);
      break;
    case 'asking':
    case 'identifying':
      // What was asked for here is an answer, not a reading; only a fever changes anything.
      if (isFever) decideOn(draft, passage, outcome, atMs);
      break;
    case 'barred':
      if (reading !== null) tellFeverOfBarred(draft, passage, reading, atMs);
      break;
    case 'referred':
      if (reading === null) break;
      if (reading.method === 'contact') {
        const { card, personId } = passage;
        draft.effects.push({ do: 'evidence', card, personId, reading, atMs });
      } else if (passage.measureEndsMs !== null) tellFeverOfBarred(draft, passage, reading, atMs);
      break;
    default:
      passage.phase satisfies never;
  }
}

/** After a reading the face still stands there; its further values are no second try (until the stream breaks off). */
function belongsToSettledFace(draft: Draft, sample: Sample, card: string | undefined, breakMs: number): boolean {
  const { settled } = draft;
  if (settled === null || (card !== undefined && card !== settled.card)) return false;
  const goesOn =
    settled.site === sample.site &&
    (settled.deviceId === null || settled.deviceId === sample.deviceId) &&
    sample.atMs - settled.lastAtMs <= breakMs;
  if (!goesOn) {
    draft.settled = null;
    return false;
  }
  // A wall between two faces breaks the stream: only a body keeps it going.
  if (inRange(sample.centiCelsius, draft.context.policy)) draft.settled = { ...settled, lastAtMs: sample.atMs };
  return true;
}

function ownerOf(draft: Draft, card: string | undefined): string | null {
  return card ?? targetOf(draft, undefined)?.card ?? null;
}

function samplesOf(draft: Draft, owner: string | null): Sample[] {
  return draft.samples.filter((one) => one.owner === owner).map((one) => one.sample);
}

function keepSample(draft: Draft, owner: string | null, sample: Sample): void {
  const young = draft.samples.filter((one) => sample.atMs - one.sample.atMs <= 2 * draft.context.policy.windowMs);
  draft.samples = appended(young, { owner, sample }, limits.samples);
}
