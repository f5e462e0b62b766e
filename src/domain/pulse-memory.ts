// What the bridge remembers of the entries in its journal to take its last look: who was held, what was decided, who rides in
// which vehicle. Pure; filled by the bridge after each sync, read by may-pulse.
import type { CheckBody, Entry, OverrideBody, VisitorBody } from './entry.ts';
import { type HoldReason, holdReasons } from './verdict.ts';

export const limits = { passages: 512, overrides: 256, checks: 512, signatures: 64, signatureMs: 600_000 } as const;

export type Held = { reason: HoldReason; rosterVersion: number };

export type PulseMemory = {
  /** The last row-8 hold of a passage. */
  held: ReadonlyMap<string, Held>;
  /** By passageId: a visitor's approved registration. */
  visitors: ReadonlyMap<string, VisitorBody>;
  /** By entryId: overrides that let somebody in and bear the names they need. */
  overrides: ReadonlyMap<string, OverrideBody>;
  /** By entryId: checks of people in vehicles that would have opened by themselves. */
  riders: ReadonlyMap<string, { passageId: string; vehicleId: string }>;
  /** Vehicles in which somebody was referred or denied. */
  stopped: ReadonlySet<string>;
  /** Second persons who proved themselves by their PIN here, newest last. */
  signatures: readonly { staffId: string; passageId: string; atMs: number }[];
};

export const emptyMemory: PulseMemory = {
  held: new Map(),
  visitors: new Map(),
  overrides: new Map(),
  riders: new Map(),
  stopped: new Set(),
  signatures: [],
};

/** A second person's PIN was right for this passage, at `atMs` of the bridge's monotonic clock. */
export function rememberSignature(memory: PulseMemory, staffId: string, passageId: string, atMs: number): PulseMemory {
  return { ...memory, signatures: [...memory.signatures, { staffId, passageId, atMs }].slice(-limits.signatures) };
}

/** Takes up an entry that is in the journal. `opensAlone`: this check passes every rule but that of its vehicle. */
export function rememberEntry(
  memory: PulseMemory,
  entryId: string,
  entry: Entry,
  around: { signedIn: readonly string[]; nowMs: number; opensAlone: boolean },
): PulseMemory {
  switch (entry.kind) {
    case 'check':
      return rememberCheck(memory, entryId, entry, around.opensAlone);
    case 'override':
      return entry.allow && isSigned(memory, entry, around)
        ? { ...memory, overrides: kept(memory.overrides, entryId, entry, limits.overrides) }
        : memory;
    case 'visitor': {
      const { passageId, approval, approvedBy: by } = entry;
      const approved =
        approval === 'hub' ? by !== null : approval === 'guard' && hasSigned(memory, by, passageId, entry.by, around);
      return approved ? { ...memory, visitors: kept(memory.visitors, passageId, entry, limits.passages) } : memory;
    }
    default:
      return memory;
  }
}

function rememberCheck(memory: PulseMemory, entryId: string, entry: CheckBody, opensAlone: boolean): PulseMemory {
  const { verdict, reason, passageId, rosterVersion, vehicleId } = entry;
  const held = holdReasons.find((one) => one === reason);
  const holds = verdict === 'hold' && held !== undefined;
  return {
    ...memory,
    held: holds ? kept(memory.held, passageId, { reason: held, rosterVersion }, limits.passages) : memory.held,
    riders:
      opensAlone && vehicleId !== undefined
        ? kept(memory.riders, entryId, { passageId, vehicleId }, limits.checks)
        : memory.riders,
    stopped:
      vehicleId !== undefined && (verdict === 'refer' || verdict === 'deny')
        ? new Set([...memory.stopped, vehicleId].slice(-limits.passages))
        : memory.stopped,
  };
}

/** A decision of the hub is the hub's to prove; one by telephone needs the guard on duty and another who gave a PIN here. */
function isSigned(memory: PulseMemory, entry: OverrideBody, around: { signedIn: readonly string[]; nowMs: number }) {
  if (entry.how === 'hub') return entry.decisionId !== null;
  return entry.note.trim() !== '' && hasSigned(memory, entry.second, entry.passageId, entry.by, around);
}

function hasSigned(
  { signatures }: PulseMemory,
  second: string | null,
  passageId: string,
  first: string | null,
  { signedIn, nowMs }: { signedIn: readonly string[]; nowMs: number },
): boolean {
  if (first === null || second === null || second === first || !signedIn.includes(first)) return false;
  return signatures.some(
    (one) => one.staffId === second && one.passageId === passageId && nowMs - one.atMs <= limits.signatureMs,
  );
}

/** The newest `max` of a map, this one the last. */
function kept<Value>(map: ReadonlyMap<string, Value>, key: string, value: Value, max: number): Map<string, Value> {
  return new Map([...[...map].filter(([other]) => other !== key), [key, value] as const].slice(-max));
}
