// How one person stands in a round: all records of them, whoever wrote them, put in one order and judged. Nothing is overwritten: what does not
// stand is still told. Called by round-sheet.ts, the hub and the rounds page.
import type { Policy } from './policy.ts';
import type { Tenths } from './reading.ts';
import type { AbsenceReason, GateReading, RoundClass, RoundRecord, RoundSymptom } from './round.ts';
import { valueClass } from './round-value.ts';
import { type Timing, timingOf, type WindowTimes } from './round-window.ts';

export type PersonState = {
  class: RoundClass;
  tenths: Tenths | null;
  symptoms: readonly RoundSymptom[];
  absence: AbsenceReason | null;
  /** entryId of the mark, the absence or the gate's check that stands; null while missing. */
  stands: string | null;
  source: 'mark' | 'absence' | 'gate' | null;
  timing: Timing | null;
  /** It came over half an hour late without a reason. */
  reasonDue: boolean;
  /** Why a missing person is: nothing yet, only low values, or only values outside the range or the time. */
  why: 'nothing' | 'low' | 'no-value' | null;
  /** Two low values by hand: this person cannot be measured here and goes to the clinic. */
  unmeasurable: boolean;
  /** Records of others that say something else than what stands. */
  alsoBy: { entryId: string; by: string }[];
};

/**
 * `records`: this person's, in any order, repeats allowed. `undone`: entryIds that were taken back. An abnormal record stands until it is taken
 * back, whatever is entered after it: there is no best-of. Else the latest stands; a gate's reading only where no record does, unless it is abnormal.
 */
export function stateOf(
  records: readonly RoundRecord[],
  gate: readonly GateReading[],
  undone: ReadonlySet<string>,
  times: WindowTimes,
  policy: Policy,
): PersonState {
  const judged = inHubOrder(records)
    .filter((record) => !undone.has(record.entryId))
    .map((record) => ({ record, timing: timingOf(record.atMs, times), says: saysOf(record, policy) }));
  const counted = judged.filter(({ timing }) => timing !== 'before');
  const clear = counted.filter(({ says }) => says !== 'low' && says !== 'invalid');
  const standing =
    clear.findLast(({ says }) => says === 'abnormal') ??
    clear.findLast(({ says }) => says === 'symptoms') ??
    clear.at(-1);
  const atGate = [...gate]
    .filter(({ atMs }) => atMs >= times.opensMs && atMs <= times.closesMs)
    .sort((a, b) => a.atMs - b.atMs);
  const hot = atGate.findLast(({ tenths }) => valueClass(tenths, policy) === 'abnormal');
  const passed = hot ?? atGate.findLast(({ tenths }) => ['normal', 'borderline'].includes(valueClass(tenths, policy)));
  if (passed !== undefined && (standing === undefined || (hot !== undefined && standing.says !== 'abnormal'))) {
    const says = valueClass(passed.tenths, policy);
    return {
      ...nothing,
      class: says === 'abnormal' || says === 'borderline' ? says : 'normal',
      tenths: passed.tenths,
      stands: passed.entryId,
      source: 'gate',
      timing: 'inside',
      alsoBy: clear.map(({ record: { entryId, by } }) => ({ entryId, by })),
    };
  }
  if (standing === undefined) return withoutValue(counted, judged.length > 0);
  const { record, timing, says } = standing;
  return {
    ...nothing,
    class: says === 'low' || says === 'invalid' ? 'missing' : says,
    tenths: record.is === 'mark' ? record.tenths : null,
    symptoms: record.is === 'mark' ? record.symptoms : [],
    absence: record.is === 'absence' ? record.reason : null,
    stands: record.entryId,
    source: record.is,
    timing,
    reasonDue: timing === 'very-late' && (record.lateReason ?? '') === '',
    alsoBy: clear
      .filter((other) => other.record.by !== record.by && contentOf(other.record) !== contentOf(record))
      .map(({ record: { entryId, by } }) => ({ entryId, by })),
  };
}

const nothing: PersonState = {
  class: 'missing',
  tenths: null,
  symptoms: [],
  absence: null,
  stands: null,
  source: null,
  timing: null,
  reasonDue: false,
  why: null,
  unmeasurable: false,
  alsoBy: [],
};

type Says = Exclude<RoundClass, 'missing'> | 'low' | 'invalid';

/** A low value by hand, the second of it, is `unmeasurable`: the clinic's, not normal. */
function withoutValue(
  counted: readonly { record: RoundRecord; timing: Timing; says: Says }[],
  any: boolean,
): PersonState {
  const low = counted.filter(({ says }) => says === 'low');
  const last = low.at(-1);
  if (last === undefined) return { ...nothing, why: any ? 'no-value' : 'nothing' };
  if (low.filter(({ record }) => record.is === 'mark' && record.byHand).length < 2) return { ...nothing, why: 'low' };
  const { record, timing } = last;
  return {
    ...nothing,
    class: 'abnormal',
    tenths: record.is === 'mark' ? record.tenths : null,
    stands: record.entryId,
    source: 'mark',
    timing,
    reasonDue: timing === 'very-late' && (record.lateReason ?? '') === '',
    unmeasurable: true,
  };
}

/**
 * Order at the hub; what is not there yet comes last. A writer's own order is `seq` whatever arrived first (a fever travels before
 * what was entered before it), so an earlier one holds a later one back. The same for everybody who has the same records.
 */
export function inHubOrder(records: readonly RoundRecord[]): RoundRecord[] {
  const known = new Map<string, RoundRecord>();
  for (const record of records) {
    // The hub's copy tells when it came in; the tablet's own does not.
    const before = known.get(record.entryId);
    if (before === undefined || before.receivedMs === null) known.set(record.entryId, record);
  }
  const last = new Map<string, number>();
  return [...known.values()]
    .sort((a, b) => a.seq - b.seq)
    .map((record) => {
      const atMs = Math.max(record.receivedMs ?? Infinity, last.get(record.writerId) ?? 0);
      last.set(record.writerId, atMs);
      return { record, atMs };
    })
    .sort((a, b) =>
      a.atMs !== b.atMs
        ? a.atMs - b.atMs
        : a.record.writerId === b.record.writerId
          ? a.record.seq - b.record.seq
          : a.record.writerId < b.record.writerId
            ? -1
            : 1,
    )
    .map(({ record }) => record);
}

function saysOf(record: RoundRecord, policy: Policy): Says {
  if (record.is === 'absence') return 'absent';
  const value = record.tenths === null ? 'invalid' : valueClass(record.tenths, policy);
  if (value === 'abnormal') return 'abnormal';
  return record.symptoms.length > 0 ? 'symptoms' : value;
}

function contentOf(record: RoundRecord): string {
  return record.is === 'absence' ? record.reason : `${record.tenths} ${[...record.symptoms].sort().join()}`;
}
