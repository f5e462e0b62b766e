// From an offered entry to a pulse, in this order and no other: journal, sync, last look, deadline, pulse. Called by bridge-page.
import { limits as stream } from '../src/contracts/device-stream.ts';
import { entry as entrySchema } from '../src/contracts/entry.ts';
import { canonicalJson } from '../src/domain/canonical-json.ts';
import type { Entry, Envelope } from '../src/domain/entry.ts';
import { mayPulse, type PulseBounds } from '../src/domain/may-pulse.ts';
import type { Verdict } from '../src/domain/verdict.ts';
import type { Barrier, PulseOutcome } from './bridge-barrier.ts';
import type { Clock } from './clock.ts';
import type { AppendAnswer } from './journal.ts';

export type Pulse = { outcome: PulseOutcome | 'refused'; reason: string };
export type Admission = { answer: AppendAnswer; pulse: Pulse | null };

export type AdmissionParts = {
  append: (envelope: Envelope) => Promise<AppendAnswer>;
  /** An entry that is new to the journal and can be read. */
  onStored?: (entry: Entry, entryId: string) => void;
  /** null when no barrier is configured. */
  barrier: Barrier | null;
  bounds: () => PulseBounds;
  stationId: string;
  clock: Clock;
  /** The barrier was told to open, or may have been. */
  onPulse?: () => void;
  /** A new check is in the journal, and its pulse, if any, is on its way. */
  onVerdict?: (verdict: Verdict) => void;
};

/**
 * Appends `envelope`; when `notAfterMs` (bridge's clock, at most 1 s ahead) is given, pulses the barrier if the entry is new and
 * may open it. `told` hears the journal's answer before the pulse, since the page waits for it.
 */
export async function admit(
  parts: AdmissionParts,
  envelope: Envelope,
  notAfterMs: number | null,
  told: (answer: AppendAnswer) => void,
): Promise<Admission> {
  const latestMs = parts.clock.nowMs() + stream.pulseDeadlineMs;
  const answer = await parts.append(envelope);
  told(answer);
  const entry = answer === 'stored' ? entryOf(envelope.bytes) : null;
  if (entry !== null) parts.onStored?.(entry, envelope.entryId);
  const pulsing = notAfterMs === null ? null : pulseFor(parts, entry, answer, Math.min(notAfterMs, latestMs));
  // Behind the pulse on the same line: the barrier comes first.
  if (entry?.kind === 'check' && entry.station === parts.stationId) parts.onVerdict?.(entry.verdict);
  return { answer, pulse: await pulsing };
}

async function pulseFor(
  parts: AdmissionParts,
  entry: Entry | null,
  answer: AppendAnswer,
  notAfterMs: number,
): Promise<Pulse> {
  const refused = (reason: string): Pulse => ({ outcome: 'refused', reason });
  if (answer === 'duplicate') return refused('the journal had this entry already');
  if (answer !== 'stored') return refused(`not in the journal: ${answer}`);
  if (entry === null) return refused('the entry cannot be read');
  if (entry.station !== parts.stationId) return refused('the entry is of another station');
  const allowed = mayPulse(entry, parts.bounds());
  if (allowed !== true) return refused(allowed);
  if (parts.barrier === null) return { outcome: 'barrier-offline', reason: 'no barrier is configured' };
  const outcome = await parts.barrier.pulse(notAfterMs);
  if (outcome === 'sent' || outcome === 'failed') parts.onPulse?.();
  return { outcome, reason: outcome };
}

/** The entry in these bytes, or null unless they are exactly its canonical form: what is judged must be what is stored. */
function entryOf(bytes: string): Entry | null {
  try {
    const parsed = entrySchema.safeParse(JSON.parse(bytes));
    return parsed.success && canonicalJson(parsed.data) === bytes ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}
