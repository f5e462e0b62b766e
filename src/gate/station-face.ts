// What the gate's screens read of the station, with what stands there before anything is known. Called by the station.
import { gateDefaults } from '../domain/policy.ts';
import { noCounts } from '../domain/shift.ts';
import type { SaveState, Station, StationNow } from './station-types.ts';

export const limits = { listeners: 16 } as const;

export type StationFace = Pick<Station, 'state' | 'onChange'> & { set(change: Partial<StationNow>): void };

export function createFace(): StationFace {
  let now: StationNow = {
    info: null,
    bridge: 'connecting',
    devices: [],
    guards: [],
    signedIn: null,
    posts: { duty: null, prevention: null },
    shiftCounts: noCounts(),
    phones: null,
    regions: [],
    hub: { state: 'away', lastSeenWallMs: null, offsetMs: null },
    queue: { count: 0, oldestWallMs: null },
    roster: { version: 0, people: 0, asOfWallMs: null, ready: false },
    policy: gateDefaults,
    campus: 'open',
    clinic: { name: '', phone: '' },
    notices: [],
    cases: new Map(),
    storage: { state: 'ok', code: null },
    clockUnsure: false,
    todayCount: 0,
  };
  const listeners = new Set<() => void>();
  return {
    state: () => now,
    onChange: (listener) => subscribe(listeners, listener),
    set(change) {
      const before: Partial<Record<string, unknown>> = now;
      if (!Object.entries(change).some(([key, value]) => before[key] !== value)) return;
      now = { ...now, ...change };
      for (const listener of listeners) listener();
    },
  };
}

/** Answers how to stop. */
export function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  if (listeners.size >= limits.listeners) throw new RangeError(`more than ${limits.listeners} listeners`);
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A second page: shows that it is one, and neither records nor listens. */
export function notRecorded(
  { state, onChange }: StationFace,
  release: () => void,
): Station & { hurry(): void; stop(): void } {
  const none = Promise.resolve<SaveState>('none');
  const nothing = (): void => {};
  const nobody = (): null => null;
  return {
    state,
    onChange,
    factsOf: nobody,
    personOf: nobody,
    personById: nobody,
    isLost: () => false,
    onTap: () => nothing,
    onSample: () => nothing,
    onGuardCard: () => nothing,
    stampPrinted: nothing,
    record: () => ({ entryId: '', caseNo: null, first: none, final: none, pulse: Promise.resolve(null) }),
    signIn: async () => ({ error: 'no-bridge', retryInMs: 0 }),
    signOut: nothing,
    countersign: async () => ({ error: 'no-bridge', retryInMs: 0 }),
    slipOf: async () => null,
    find: () => [],
    factsOfPerson: nobody,
    onTold: () => nothing,
    keepVisitor: async () => undefined,
    reconnect: nothing,
    setBusy: nothing,
    uploadNow: nothing,
    hurry: nothing,
    stop: release,
  };
}
