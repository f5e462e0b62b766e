// Recomputes past verdicts from what their `check` entries hold, under another policy. Pure; called by rehearse --entries.
import { checkEntry } from '../../src/contracts/entry.ts';
import type { CheckBody, StoredReading } from '../../src/domain/entry.ts';
import { type GateCase, judge, type Measured, type Outcome } from '../../src/domain/gate-policy.ts';
import { endWithout, inRange, readingFrom, windowOf } from '../../src/domain/measure.ts';
import type { PersonFacts } from '../../src/domain/order.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { type Sample, type Site, type Tenths, tenthsOf, textOfTenths } from '../../src/domain/reading.ts';
import { sensorTroubles } from '../../src/domain/verdict.ts';

export type Recomputed =
  /** Not a check: nothing was decided there. */
  | { kind: 'other' }
  | { kind: 'bad'; error: string }
  /** The verdict does not rest on a reading, or the entry is too old to hold what is needed. */
  | { kind: 'kept'; why: 'no-reading-decides' | 'not-held' }
  | { kind: 'same' }
  | {
      kind: 'changed';
      line: {
        entryId: string | null;
        was: string;
        reasonWas: string;
        now: string;
        reasonNow: string;
        shownC: string | null;
      };
    };

/** `text` is one line: an envelope, an entry with its id beside a `body`, or an entry's body as it is. */
export function recomputeLine(text: string, policy: Policy): Recomputed {
  const found = entryOf(text);
  if (found === null) return { kind: 'bad', error: 'The line is neither an entry nor an envelope with one.' };
  if (found.kind !== 'check') return { kind: 'other' };
  const parsed = checkEntry.safeParse(found.entry);
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join('.') ?? '';
    return { kind: 'bad', error: `The check entry does not fit its schema${place === '' ? '' : ` at ${place}`}.` };
  }
  const now = recompute(parsed.data, policy);
  if (now === 'no-reading-decides' || now === 'not-held') return { kind: 'kept', why: now };
  const { verdict, reason } = parsed.data;
  if (now.verdict === verdict && now.reason === reason) return { kind: 'same' };
  const shownC = now.shownTenths === null ? null : textOfTenths(now.shownTenths);
  const line = {
    entryId: found.entryId,
    was: verdict,
    reasonWas: reason,
    now: now.verdict,
    reasonNow: now.reason,
    shownC,
  };
  return { kind: 'changed', line };
}

type Now = Pick<Outcome, 'verdict' | 'reason'> & { shownTenths: Tenths | null };

/** What this decision would be; facts about the person that the entry does not hold stay as they were. */
export function recompute(entry: CheckBody, policy: Policy): Now | 'no-reading-decides' | 'not-held' {
  const restsOnReading =
    entry.direction === 'in' &&
    entry.verdict !== 'deny' &&
    entry.verdict !== 'trouble' &&
    !(sensorTroubles as readonly string[]).includes(entry.reason);
  if (!restsOnReading) return 'no-reading-decides';
  // A value that governed stands last; so does one that was stale, or typed and out of range. Else the last is an older try.
  const hasValue = entry.shownTenths !== null || entry.reason === 'stale' || entry.reason === 'invalid';
  const stored = entry.ended ?? (hasValue ? entry.readings.at(-1) : undefined);
  // A measurement that brought no value at all is the same under every policy.
  if (stored === undefined)
    return entry.reason === 'no-reading' && entry.tapAgeMs !== undefined ? as(entry) : 'not-held';
  const measured = measuredOf(entry, stored, policy);
  const earlier = entry.readings.filter((reading) => reading !== stored);
  const given = gateCase(entry, policy, measured, memoryOf(earlier, policy));
  const outcome = judge(given);
  if (outcome === null) return 'not-held';
  const shownTenths = measured.kind === 'value' ? measured.tenths : null;
  if (outcome.verdict !== 'admit') {
    // The guard said that no contact thermometer was at hand: a low value stays unmeasurable.
    const unmeasurable = outcome.reason === 'low' && entry.reason === 'unmeasurable';
    return unmeasurable ? as(entry) : { verdict: outcome.verdict, reason: outcome.reason, shownTenths };
  }
  // Rows 8 and 9 look at the person, not at the value: what they said stands.
  const saidOfPerson = entry.verdict === 'hold' || entry.reason === 'symptoms' || entry.reason === 'region';
  if (saidOfPerson) return { verdict: entry.verdict, reason: entry.reason, shownTenths };
  if (entry.personId === null) return { verdict: 'hold', reason: 'unknown-card', shownTenths };
  return { verdict: outcome.verdict, reason: outcome.reason, shownTenths };
}

function as({ verdict, reason, shownTenths }: CheckBody): Now {
  return { verdict, reason, shownTenths };
}

/** The stored samples, judged as one closed measurement; a single, typed or contact value is a reading by itself. */
function measuredOf(entry: CheckBody, stored: StoredReading, policy: Policy): Measured {
  const { method, manual, site } = stored;
  const value = (centi: number): Measured => ({
    kind: 'value',
    tenths: tenthsOf(centi),
    site,
    method,
    manual,
    passed: false,
  });
  const ended = (reason: 'invalid' | 'unstable' | 'no-reading' | 'stale'): Measured => ({
    kind: 'ended',
    reason,
    method,
    manual,
  });
  if (entry.reason !== 'invalid' && wasStale(entry, stored, policy)) return ended('stale');
  const isSingle = entry.ended === undefined && (manual || method === 'contact' || stored.samples.length <= 1);
  if (isSingle) return inRange(stored.centiCelsius, policy) ? value(stored.centiCelsius) : ended('invalid');
  const samples = samplesOf(stored);
  const window = windowOf(samples, samples.at(-1)?.atMs ?? 0, policy);
  const reading = readingFrom(window, policy);
  if (reading !== null) return value(reading.centiCelsius);
  const end = endWithout(window, policy);
  return end.allHigh === null ? ended(end.reason) : value(end.allHigh.centiCelsius);
}

/** A reading that was there before the card is decided on at the tap: then its age at the decision is its age at the tap. */
function wasStale(entry: CheckBody, stored: StoredReading, policy: Policy): boolean {
  const isFirst = entry.reason === 'stale' || entry.tapAgeMs === 0;
  return isFirst && stored.ageMs > policy.freshMs;
}

function samplesOf(stored: StoredReading): Sample[] {
  const { site, mode, deviceId, offsetCentiCelsius } = stored;
  return stored.samples.map(([ageMs, rawCentiCelsius, centiCelsius, ambientCentiCelsius]) => ({
    ...{ atMs: -ageMs, centiCelsius, rawCentiCelsius, ambientCentiCelsius, offsetCentiCelsius, site, mode, deviceId },
  }));
}

/** What the readings before this one leave behind: low sites, low contact readings, a first high value. */
function memoryOf(earlier: readonly StoredReading[], policy: Policy) {
  const lowSites: Site[] = [];
  let contactLows = 0;
  let confirmSite: Site | null = null;
  for (const { centiCelsius, method, site, stale } of earlier) {
    const tenths = tenthsOf(centiCelsius);
    if (stale === true || !inRange(centiCelsius, policy)) continue;
    if (tenths < policy.lowTenths && method === 'contact') contactLows += 1;
    else if (tenths < policy.lowTenths && !lowSites.includes(site)) lowSites.push(site);
    if (tenths >= policy.feverTenths) confirmSite ??= site;
  }
  return { lowSites, contactLows, confirmSite };
}

function gateCase(entry: CheckBody, policy: Policy, measured: Measured, memory: ReturnType<typeof memoryOf>): GateCase {
  const facts: PersonFacts = {
    personId: entry.personId ?? '',
    order: null,
    orderDay: null,
    caseOpen: false,
    presence: 'on-campus',
    questionsDue: false,
    passesClosedCampus: false,
  };
  return {
    ...{ policy, direction: entry.direction, campus: 'open', facts, bar: null, sensor: 'ready', measured },
    ...{ ambientTenths: entry.ambientTenths, baselineTenths: entry.baselineTenths, tries: entry.tries, answer: null },
    ...{ ...memory, released: [] },
  };
}

/** The entry in a line, and its id where the line names one. */
function entryOf(text: string): { entryId: string | null; kind: unknown; entry: unknown } | null {
  const line = jsonOf(text);
  if (!isRecord(line)) return null;
  const entryId = typeof line.entryId === 'string' ? line.entryId : null;
  const inner = typeof line.bytes === 'string' ? jsonOf(line.bytes) : (line.body ?? line.entry ?? line);
  if (!isRecord(inner) || typeof inner.kind !== 'string') return null;
  const { entryId: innerId, ...entry } = inner;
  const id = entryId ?? (typeof innerId === 'string' ? innerId : null);
  return { entryId: id, kind: inner.kind, entry };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
