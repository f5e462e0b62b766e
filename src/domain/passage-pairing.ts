// A reading that was there before the card: which one a tap takes over, and whether it is still fresh. Called by passage-begin and passage-measure.
import type { Draft, OpenPassage, Outcome, Unpaired } from './passage-state.ts';
import { tenthsOf } from './reading.ts';

/** Takes over what nobody owned: samples go on into this measurement, a reading that is young enough is handed out. */
export function adopt(draft: Draft, card: string, atMs: number): Outcome | null {
  const { policy } = draft.context;
  const mine = (owner: string | null) => owner === null || owner === card;
  const candidates = draft.unpaired.filter((one) => mine(one.owner) && atMs - one.endedAtMs <= policy.staleMs);
  draft.unpaired = draft.unpaired.filter((one) => !mine(one.owner));
  draft.samples = draft.samples.map((one) => (one.owner === null ? { ...one, owner: card } : one));
  draft.settled = null;
  const fresh = candidates.filter((one) => atMs - one.endedAtMs <= policy.freshMs);
  // The first valid reading above the line refers, whatever came after it.
  const high = fresh.find((one) => isFever(one, policy.feverTenths));
  const chosen = high ?? fresh.at(-1) ?? candidates.at(-1);
  if (chosen === undefined) return null;
  const { outcome } = chosen;
  if (fresh.includes(chosen)) return outcome;
  // Range and spread are told before age; a window that is all fever stands for a reading, and grows stale like one.
  if (outcome.kind === 'ended' && outcome.allHigh === null) return outcome;
  const reading = outcome.kind === 'ended' ? outcome.allHigh : outcome.reading;
  return { kind: 'ended', reason: 'stale', reading, allHigh: null };
}

function isFever({ outcome }: Unpaired, feverTenths: number): boolean {
  const reading = outcome.kind === 'reading' ? outcome.reading : outcome.allHigh;
  return reading !== null && tenthsOf(reading.centiCelsius) >= feverTenths;
}

/** The face of a reading that was there before the card: what it goes on saying is no second try. */
export function settleFace(draft: Draft, passage: OpenPassage, found: Outcome): void {
  const goesOn = draft.samples.map(({ sample }) => sample.atMs);
  if (noteFace(draft, passage, found, goesOn)) {
    draft.samples = draft.samples.filter((one) => one.owner !== passage.card);
  }
}

/** Whose face the fixed sensor has read; `laterMs`: values that it gave since. */
export function noteFace(
  draft: Draft,
  { card }: OpenPassage,
  outcome: Outcome,
  laterMs: readonly number[] = [],
): boolean {
  if (outcome.kind !== 'reading' || outcome.reading.method !== 'infrared' || outcome.reading.manual) return false;
  const { site, endedAtMs, samples } = outcome.reading;
  const deviceId = samples[0]?.deviceId ?? null;
  draft.settled = { card, site, deviceId, lastAtMs: Math.max(endedAtMs, ...laterMs) };
  return true;
}
