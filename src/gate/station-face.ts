// The signals that the gate's screens read, with what they show before anything is known. Called by the station.
import { signal } from '@preact/signals';
import { defaultPolicy, type Policy } from '../domain/policy.ts';
import type { SaveState, Station } from './station-types.ts';

type ValueOf<K extends keyof Station> = Station[K] extends { readonly value: infer T } ? T : never;

export function stationFace() {
  return {
    info: signal<ValueOf<'info'>>(null),
    bridge: signal<ValueOf<'bridge'>>('connecting'),
    devices: signal<ValueOf<'devices'>>([]),
    guards: signal<ValueOf<'guards'>>([]),
    signedIn: signal<ValueOf<'signedIn'>>(null),
    hub: signal<ValueOf<'hub'>>({ state: 'away', lastSeenWallMs: null, offsetMs: null }),
    queue: signal<ValueOf<'queue'>>({ count: 0, oldestWallMs: null }),
    roster: signal<ValueOf<'roster'>>({ version: 0, people: 0, asOfWallMs: null, ready: false }),
    policy: signal<Policy>(defaultPolicy),
    campus: signal<ValueOf<'campus'>>('open'),
    clinic: signal<ValueOf<'clinic'>>({ name: '', phone: '' }),
    cases: signal<ValueOf<'cases'>>(new Map()),
    storage: signal<ValueOf<'storage'>>({ state: 'ok', code: null }),
    clockUnsure: signal(false),
    todayCount: signal(0),
  };
}

/** A second page: shows that it is one, and neither records nor listens. */
export function notRecorded(
  face: ReturnType<typeof stationFace>,
  release: () => void,
): Station & { hurry(): void; stop(): void } {
  const none = Promise.resolve<SaveState>('none');
  const nothing = (): void => {};
  return {
    ...face,
    factsOf: () => null,
    personOf: () => null,
    personById: () => null,
    onTap: () => nothing,
    onSample: () => nothing,
    stampPrinted: nothing,
    record: () => ({ entryId: '', caseNo: null, first: none, final: none, pulse: Promise.resolve(null) }),
    signIn: async () => ({ error: 'no-bridge', retryInMs: 0 }),
    signOut: nothing,
    reconnect: nothing,
    setBusy: nothing,
    uploadNow: nothing,
    hurry: nothing,
    stop: release,
  };
}
