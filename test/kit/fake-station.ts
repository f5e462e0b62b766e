// A station without stores, bridge or hub: what stands there can be set, every call is kept, every answer is given by the test.
import type { DeviceStatus } from '../../src/contracts/device-stream.ts';
import type { RosterRow } from '../../src/contracts/downlink.ts';
import type { VisitorDetails } from '../../src/contracts/hold.ts';
import type { CardNumber, EntryBody } from '../../src/domain/entry.ts';
import type { PersonFacts } from '../../src/domain/order.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { noCounts } from '../../src/domain/shift.ts';
import { createFace, type StationFace } from '../../src/gate/station-face.ts';
import type {
  GateSample,
  GateTap,
  HubTold,
  PulseOutcome,
  Recorded,
  SaveState,
  Station,
} from '../../src/gate/station-types.ts';

type Deferred<T> = { promise: Promise<T>; settle(value: T): void };

function deferred<T>(): Deferred<T> {
  let settle: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}

export type RecordCall = {
  body: EntryBody;
  open: { notAfterMs: number } | undefined;
  entryId: string;
  first: Deferred<SaveState>;
  final: Deferred<SaveState>;
  pulse: Deferred<PulseOutcome | null>;
};

export const thermometer: DeviceStatus = {
  deviceId: 'thermometer-1',
  role: 'thermometer',
  profile: 'gy-mcu90614',
  state: 'online',
  sinceMs: 0,
  code: null,
  sensor: 'ready',
  site: 'forehead',
  mode: 'forehead',
};
export const reader: DeviceStatus = {
  ...thermometer,
  deviceId: 'reader-1',
  role: 'reader',
  profile: 'rdm6300',
  sensor: null,
  site: null,
  mode: null,
};
export const barrier: DeviceStatus = { ...reader, deviceId: 'barrier-1', role: 'barrier', profile: 'lcus' };

export const wang: RosterRow = {
  personId: 'p-1',
  name: '王小明',
  category: 'student',
  unit: '计算机学院',
  room: '3-402',
  cards: ['uid:010063E9AE'],
  presence: 'on-campus',
  questionsDue: false,
  closedIn: true,
  closedOut: false,
  contact: '李老师 13800000000',
  gone: false,
};

export type FakeStation = Station &
  StationFace & {
    calls: RecordCall[];
    /** Answers of coming `record` calls; 'wait' leaves the three promises to the test. */
    answer: { first: SaveState; final: SaveState; pulse: PulseOutcome } | 'wait';
    people: Map<string, { row: RosterRow; facts: PersonFacts }>;
    tap(tap: GateTap): void;
    guardCard(staffId: string): void;
    sample(sample: Partial<GateSample> & { atMs: number; centiCelsius: number | null }): void;
    busy: boolean[];
    stamped: string[];
    /** UID of a card that is reported as lost. */
    lost: string | null;
    reconnected: string[];
    /** Visitors' details that were kept, second persons' PINs that were right (the PIN is 1357), text of every slip. */
    kept: VisitorDetails[];
    countersigned: string[];
    slip: string | null;
    tell(event: HubTold): void;
  };

export function factsOf(row: RosterRow, more: Partial<PersonFacts> = {}): PersonFacts {
  return {
    personId: row.personId,
    order: null,
    orderDay: null,
    caseOpen: false,
    presence: row.presence,
    questionsDue: row.questionsDue,
    passesClosedCampus: row.closedIn,
    ...more,
  };
}

/** Everything works: devices online, the hub there, one student whose card is 010063E9AE. */
export function createFakeStation(): FakeStation {
  const taps = new Set<(tap: GateTap) => void>();
  const guardCards = new Set<(staffId: string) => void>();
  const samples = new Set<(sample: GateSample) => void>();
  const told = new Set<(event: HubTold) => void>();
  const people: FakeStation['people'] = new Map([['010063E9AE', { row: wang, facts: factsOf(wang) }]]);
  const find = (card: CardNumber) => people.get(card.uid ?? '') ?? people.get(card.printed ?? '') ?? null;
  const face = createFace();
  face.set({
    info: {
      id: 'st-1',
      code: 'G03',
      name: '北门 1 号道',
      campus: 'beijing',
      direction: 'in',
      simulated: false,
    },
    bridge: 'online',
    devices: [thermometer, reader, barrier],
    guards: [
      { staffId: 's-1', name: '赵师傅' },
      { staffId: 's-2', name: '钱师傅' },
    ],
    signedIn: null,
    hub: { state: 'online', lastSeenWallMs: 0, offsetMs: 0 },
    queue: { count: 0, oldestWallMs: null },
    roster: {
      version: 7,
      people: 1,
      asOfWallMs: Date.UTC(2026, 10, 23, 23, 40),
      ready: true,
    },
    policy: { ...defaultPolicy },
    campus: 'open',
    clinic: { name: '卫生所', phone: '8120' },
    cases: new Map(),
    storage: { state: 'ok', code: null },
    clockUnsure: false,
    todayCount: 128,
  });
  const fake: FakeStation = {
    ...face,
    calls: [],
    answer: { first: 'saved', final: 'saved', pulse: 'sent' },
    people,
    busy: [],
    stamped: [],
    lost: null,
    reconnected: [],
    kept: [],
    countersigned: [],
    slip: 'MENGANG1ABCDEF',
    tell(event) {
      for (const listener of told) listener(event);
    },
    onTold(listener) {
      told.add(listener);
      return () => told.delete(listener);
    },
    async countersign(staffId, pin, passageId) {
      if (pin !== '1357') return { error: 'wrong-pin', retryInMs: 0 };
      fake.countersigned.push(`${staffId} ${passageId}`);
      return { error: null, retryInMs: 0 };
    },
    slipOf: async () => fake.slip,
    find: (digits) =>
      [...people.values()]
        .map(({ row }) => row)
        .filter((row) => row.search?.split(' ').some((key) => key.startsWith(digits))),
    factsOfPerson: (personId) => [...people.values()].find(({ row }) => row.personId === personId)?.facts ?? null,
    keepVisitor: async (details) => void fake.kept.push(details),
    factsOf: (card) => find(card)?.facts ?? null,
    personOf: (card) => find(card)?.row ?? null,
    isLost: ({ uid }) => uid === fake.lost,
    personById: (personId) => [...people.values()].find(({ row }) => row.personId === personId)?.row ?? null,
    onTap(listener) {
      taps.add(listener);
      return () => taps.delete(listener);
    },
    onSample(listener) {
      samples.add(listener);
      return () => samples.delete(listener);
    },
    stampPrinted: (printed) => fake.stamped.push(printed),
    record(body, open): Recorded {
      const number = fake.calls.length + 1;
      const call: RecordCall = {
        body,
        open,
        entryId: `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`,
        first: deferred(),
        final: deferred(),
        pulse: deferred(),
      };
      fake.calls.push(call);
      if (fake.answer !== 'wait') {
        call.first.settle(fake.answer.first);
        call.final.settle(fake.answer.final);
        call.pulse.settle(open ? fake.answer.pulse : null);
      }
      const raises = body.kind === 'check' && body.raisesCase;
      return {
        entryId: call.entryId,
        caseNo: raises ? `G03-${String(number).padStart(4, '0')}` : null,
        first: call.first.promise,
        final: call.final.promise,
        pulse: call.pulse.promise,
      };
    },
    onGuardCard(listener) {
      guardCards.add(listener);
      return () => guardCards.delete(listener);
    },
    async signIn(staffId, pin, roster) {
      const guard = fake.state().guards.find((one) => one.staffId === staffId);
      if (guard === undefined) return { error: 'unknown', retryInMs: 0 };
      if (pin !== '2580') return { error: 'wrong-pin', retryInMs: 0 };
      const posts = { ...fake.state().posts, [roster]: { ...guard, sinceWallMs: 2 } };
      // A shift begins at nothing.
      fake.set({ posts, signedIn: posts.duty ?? posts.prevention, shiftCounts: noCounts() });
      return { error: null, retryInMs: 0 };
    },
    signOut(roster) {
      const posts = { ...fake.state().posts, [roster]: null };
      fake.set({ posts, signedIn: posts.duty ?? posts.prevention });
    },
    reconnect: (deviceId) => fake.reconnected.push(deviceId),
    setBusy: (busy) => fake.busy.push(busy),
    uploadNow: () => undefined,
    guardCard(staffId) {
      for (const listener of guardCards) listener(staffId);
    },
    tap(tap) {
      for (const listener of taps) listener(tap);
    },
    sample({ atMs, centiCelsius, ...rest }) {
      const sample: GateSample = {
        atMs,
        centiCelsius,
        deviceId: 'thermometer-1',
        rawCentiCelsius: centiCelsius ?? 3_100,
        ambientCentiCelsius: 2_200,
        offsetCentiCelsius: 0,
        site: 'forehead',
        mode: 'forehead',
        single: false,
        ...rest,
      };
      for (const listener of samples) listener(sample);
    },
  };
  return fake;
}
