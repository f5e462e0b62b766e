// Rounds under any records: everybody is in one class, the sum holds, and two writers lose nothing whatever arrives first.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { absenceReasons, type GateReading, type RoundRecord, roundClasses } from '../../src/domain/round.ts';
import { figuresOf } from '../../src/domain/round-sheet.ts';
import { inHubOrder, stateOf } from '../../src/domain/round-state.ts';
import { timingOf, windowTimes } from '../../src/domain/round-window.ts';

const times = windowTimes('2020-03-02', 'early', defaultPolicy);
const instant = fc.integer({ min: times.opensMs - 3_600_000, max: times.reasonFromMs + 3_600_000 });
const tenths = fc.oneof(fc.integer({ min: 330, max: 430 }), fc.constant(364), fc.constant(null));

/** Records of several people by two writers, each with its own gapless sequence, received in any order. */
const records = fc
  .array(
    fc.record({
      person: fc.integer({ min: 0, max: 5 }),
      writer: fc.integer({ min: 0, max: 1 }),
      atMs: instant,
      receivedMs: fc.option(instant),
      tenths,
      byHand: fc.boolean(),
      symptom: fc.boolean(),
      absence: fc.option(fc.constantFrom(...absenceReasons)),
      undone: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((rows) => {
    const seqs = [0, 0];
    return rows.map((row, i) => {
      const seq = (seqs[row.writer] ?? 0) + 1;
      seqs[row.writer] = seq;
      const head = {
        entryId: `e${i}`,
        writerId: `w${row.writer}`,
        seq,
        personId: `p${row.person}`,
        receivedMs: row.receivedMs,
        atMs: row.atMs,
        by: `m${row.writer}`,
        lateReason: null,
      };
      const record: RoundRecord =
        row.absence === null
          ? { ...head, is: 'mark', tenths: row.tenths, byHand: row.byHand, symptoms: row.symptom ? ['fatigue'] : [] }
          : { ...head, is: 'absence', reason: row.absence, note: '' };
      return { record, undone: row.undone };
    });
  });
const gates = fc.array(
  fc.record({
    entryId: fc.uuid(),
    station: fc.constant('st'),
    atMs: instant,
    tenths: fc.integer({ min: 330, max: 430 }),
  }),
  { maxLength: 4 },
);

const stand = (rows: readonly RoundRecord[], gate: readonly GateReading[], undone: ReadonlySet<string>) =>
  stateOf(rows, gate, undone, times, defaultPolicy);

test('everybody expected is in exactly one class, and the sums hold', () => {
  fc.assert(
    fc.property(records, gates, (rows, gate) => {
      const undone = new Set(rows.filter((row) => row.undone).map(({ record }) => record.entryId));
      const states = Array.from({ length: 6 }, (_, person) =>
        stand(
          rows.map(({ record }) => record).filter(({ personId }) => personId === `p${person}`),
          gate,
          undone,
        ),
      );
      for (const state of states) expect(roundClasses).toContain(state.class);
      const figures = figuresOf(states.map((state) => state.class));
      expect(figures.expected).toBe(6);
      expect(figures.measured + figures.absent + figures.missing).toBe(6);
      expect(figures.normal + figures.borderline + figures.abnormal + figures.symptoms).toBe(figures.measured);
    }),
  );
});

test('the order of arrival never changes how somebody stands, nor does a repeat', () => {
  fc.assert(
    fc.property(
      records.chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))),
      gates,
      ([rows, shuffled], gate) => {
        const undone = new Set(rows.filter((row) => row.undone).map(({ record }) => record.entryId));
        const one = rows.map(({ record }) => record);
        const other = shuffled.map(({ record }) => record);
        expect(stand([...other, ...other], gate, undone)).toEqual(stand(one, gate, undone));
        expect(inHubOrder(other)).toEqual(inHubOrder(one));
        expect(new Set(inHubOrder(other))).toEqual(new Set(one));
      },
    ),
  );
});

test('whoever has a sound record of either writer in time is not missing', () => {
  fc.assert(
    fc.property(records, (rows) => {
      const kept = rows.map(({ record }) => record);
      const sound = kept.some(
        (record) =>
          timingOf(record.atMs, times) !== 'before' &&
          (record.is === 'absence' || (record.tenths !== null && record.tenths >= 350 && record.tenths <= 420)),
      );
      if (sound) expect(stand(kept, [], new Set()).class).not.toBe('missing');
    }),
  );
});

test('a fever in time stands until it is taken back', () => {
  fc.assert(
    fc.property(records, gates, (rows, gate) => {
      const kept = rows.filter((row) => !row.undone).map(({ record }) => record);
      const undone = new Set(rows.filter((row) => row.undone).map(({ record }) => record.entryId));
      const fever = kept.some(
        (record) =>
          record.is === 'mark' &&
          timingOf(record.atMs, times) !== 'before' &&
          record.tenths !== null &&
          record.tenths >= 373 &&
          record.tenths <= 420,
      );
      if (fever)
        expect(
          stand(
            rows.map(({ record }) => record),
            gate,
            undone,
          ).class,
        ).toBe('abnormal');
    }),
  );
});
