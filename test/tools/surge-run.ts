// One morning at a gate in virtual time: Poisson arrivals, one shared queue before two lanes, the project's own passage code on
// each, and a guard who measures again aside with a hand-held thermometer. Called by surge.ts and its test.
import { createLane, type Lane, type LaneContext, step } from '../../src/domain/passage.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import type { Reading, Sample } from '../../src/domain/reading.ts';

export const limits = {
  arrivals: 600,
  spanMs: 900_000,
  lanes: 2,
  /** From the tap to the last sample of the reading: what a walking person needs. */
  serviceMs: 2_500,
  /** How long the guard needs with one person aside. */
  asideMs: 12_000,
} as const;

export type Morning = {
  /** Milliseconds from joining the queue to the tap, of everybody. */
  waits: number[];
  /** From joining the queue to the admission, of those who were measured again. */
  again: number[];
  admitted: number;
  /** Passages that had to give up the lane to somebody else's second reading: must be 0. */
  disturbed: number;
};

const context: LaneContext = {
  policy: defaultPolicy,
  direction: 'in',
  campus: 'open',
  ambientTenths: 220,
  baselineTenths: {},
  factsOf: (card) => ({
    personId: card,
    order: null,
    orderDay: null,
    caseOpen: false,
    presence: 'on-campus',
    questionsDue: false,
    passesClosedCampus: true,
  }),
};

const sampleAt = (atMs: number, centiCelsius: number): Sample => ({
  atMs,
  centiCelsius,
  rawCentiCelsius: centiCelsius,
  ambientCentiCelsius: 2_200,
  offsetCentiCelsius: 0,
  site: 'forehead',
  mode: 'forehead',
  deviceId: 'thermometer-1',
});

/** 36.4 at the wrist, typed by the guard. */
const handheldAt = (atMs: number): Reading => {
  const sample: Sample = { ...sampleAt(atMs, 3_640), site: 'wrist', mode: 'wrist', deviceId: 'keypad' };
  const { centiCelsius, site, mode } = sample;
  return {
    centiCelsius,
    site,
    mode,
    method: 'infrared',
    manual: true,
    typedBy: 'guard',
    endedAtMs: atMs,
    samples: [sample],
  };
};

/** Deterministic for a `random`. `againShare` of the people read too low at first (a cold forehead). */
export function morning(random: () => number, againShare: number): Morning {
  const result: Morning = { waits: [], again: [], admitted: 0, disturbed: 0 };
  const lanes = Array.from({ length: limits.lanes }, () => ({ lane: createLane(), freeMs: 0, guardMs: 0 }));
  type Aside = { card: string; arrivedMs: number; dueMs: number; on: (typeof lanes)[number] };
  const aside: Aside[] = [];
  const feed = (on: (typeof lanes)[number], event: Parameters<typeof step>[1]) => {
    const stepped = step(on.lane, event, context);
    on.lane = stepped.lane;
    return stepped.effects.flatMap((effect) => (effect.do === 'decide' ? [effect.decision] : []));
  };
  const holderOf = (lane: Lane) => lane.open.find((one) => one.number === lane.holder)?.card ?? null;
  /** Second readings that fall due before `untilMs` on this lane's side table. */
  const readAside = (on: (typeof lanes)[number], untilMs: number) => {
    for (const one of aside.filter((each) => each.on === on && each.dueMs <= untilMs)) {
      aside.splice(aside.indexOf(one), 1);
      const before = holderOf(on.lane);
      const [verdict] = feed(on, { kind: 'reading', atMs: one.dueMs, reading: handheldAt(one.dueMs), card: one.card });
      if (before !== one.card && holderOf(on.lane) !== before) result.disturbed++;
      if (verdict?.verdict !== 'admit') throw new Error(`aside: ${verdict?.verdict} ${verdict?.reason}`);
      result.admitted++;
      result.again.push(one.dueMs - one.arrivedMs);
    }
  };

  let arrivedMs = 0;
  for (let n = 1; n <= limits.arrivals; n++) {
    arrivedMs += -Math.log(1 - random()) * (limits.spanMs / limits.arrivals);
    const on = lanes.reduce((best, one) => (one.freeMs < best.freeMs ? one : best));
    const tapMs = Math.max(arrivedMs, on.freeMs);
    result.waits.push(tapMs - arrivedMs);
    const card = `card-${n}`;
    const isLow = random() < againShare;
    readAside(on, tapMs);
    feed(on, { kind: 'tap', atMs: tapMs, card });
    let told = null;
    for (const beforeMs of [900, 600, 300, 0]) {
      const atMs = tapMs + limits.serviceMs - beforeMs;
      readAside(on, atMs);
      told = feed(on, { kind: 'sample', atMs, sample: sampleAt(atMs, isLow ? 3_420 : 3_650) }).at(-1) ?? told;
    }
    on.freeMs = tapMs + limits.serviceMs;
    if (told?.card !== card) throw new Error(`${card}: no verdict`);
    if (told.verdict === 'admit') result.admitted++;
    else {
      on.guardMs = Math.max(on.guardMs, on.freeMs) + limits.asideMs;
      aside.push({ card, arrivedMs, dueMs: on.guardMs, on });
    }
  }
  for (const on of lanes) readAside(on, Number.POSITIVE_INFINITY);
  return result;
}

/** The value that 95 of 100 do not exceed. */
export function p95(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? 0;
}
