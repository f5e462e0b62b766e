// What a contact at the barrier tells: passed, forced, tailgated, held open; one row a boundary.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type FeedbackEffect,
  type FeedbackInput,
  type FeedbackRules,
  feedback,
  feedbackDueMs,
  initialFeedback,
  limits,
} from '../../src/domain/passage-feedback.ts';

const leaf: FeedbackRules = { contact: 'leaf', admitMs: 10_000, heldOpenMs: 15_000 };
const turnstile: FeedbackRules = { ...leaf, contact: 'passage' };
type Row = [at: number, what: 'open' | 'shut' | 'admit' | 'tick' | 'lost'];

const inputOf = ([atMs, what]: Row): FeedbackInput => {
  if (what === 'open' || what === 'shut') return { is: 'contact', active: what === 'open', atMs };
  return { is: what === 'admit' ? 'admitted' : what, atMs };
};
/** Effects as 'ms: what', behind a contact that was seen shut at 0. */
function run(rules: FeedbackRules, rows: readonly Row[], first: readonly Row[] = [[0, 'shut']]): string[] {
  let state = initialFeedback;
  const told: string[] = [];
  for (const row of [...first, ...rows]) {
    const step = feedback(state, inputOf(row), rules);
    state = step.state;
    told.push(...step.effects.map((effect) => `${row[0]}: ${wordOf(effect)}`));
  }
  return told;
}
const wordOf = (effect: FeedbackEffect) =>
  effect.do === 'unmeasured' ? effect.cause : effect.do === 'held-open' ? `held ${effect.openMs}` : effect.do;

describe('a leaf', () => {
  test.each<[string, Row[], string[]]>([
    [
      'admitted, opened, shut: passed',
      [
        [1_000, 'admit'],
        [2_000, 'open'],
        [4_000, 'shut'],
      ],
      ['4000: passed'],
    ],
    [
      'opened without an admission: forced, at once',
      [
        [2_000, 'open'],
        [4_000, 'shut'],
      ],
      ['2000: forced'],
    ],
    [
      'just inside the time of the admission',
      [
        [1_000, 'admit'],
        [10_999, 'open'],
      ],
      [],
    ],
    [
      'at its end',
      [
        [1_000, 'admit'],
        [11_000, 'open'],
      ],
      ['11000: forced'],
    ],
    [
      'one admission, two openings: the second person followed',
      [
        [1_000, 'admit'],
        [2_000, 'open'],
        [3_000, 'shut'],
        [3_301, 'open'],
      ],
      ['3000: passed', '3301: tailgated'],
    ],
    [
      'later than the window it is forced',
      [
        [1_000, 'admit'],
        [2_000, 'open'],
        [3_000, 'shut'],
        [13_001, 'open'],
      ],
      ['3000: passed', '13001: forced'],
    ],
    [
      'a contact that bounces is one opening',
      [
        [1_000, 'admit'],
        [2_000, 'open'],
        [2_010, 'shut'],
        [2_310, 'open'],
        [2_320, 'shut'],
      ],
      ['2010: passed', '2320: passed'],
    ],
    [
      'two admissions, two openings',
      [
        [1_000, 'admit'],
        [1_100, 'admit'],
        [2_000, 'open'],
        [3_000, 'shut'],
        [4_000, 'open'],
        [5_000, 'shut'],
      ],
      ['3000: passed', '5000: passed'],
    ],
    [
      'open for just less than it may',
      [
        [1_000, 'admit'],
        [2_000, 'open'],
        [16_999, 'tick'],
      ],
      [],
    ],
    [
      'open for as long',
      [
        [1_000, 'admit'],
        [2_000, 'open'],
        [17_000, 'tick'],
        [60_000, 'tick'],
        [61_000, 'shut'],
      ],
      ['17000: held 15000', '61000: passed'],
    ],
    [
      'held open and nobody ticked: told when it shuts',
      [
        [1_000, 'admit'],
        [2_000, 'open'],
        [20_000, 'shut'],
      ],
      ['20000: held 18000', '20000: passed'],
    ],
    [
      'an admission meanwhile gives it time anew',
      [
        [1_000, 'admit'],
        [2_000, 'open'],
        [10_000, 'admit'],
        [24_999, 'tick'],
        [25_000, 'tick'],
      ],
      ['25000: held 23000'],
    ],
    [
      'an admission through an open leaf is used up',
      [
        [1_000, 'admit'],
        [2_000, 'open'],
        [2_500, 'admit'],
        [3_000, 'shut'],
        [4_000, 'open'],
      ],
      ['3000: passed', '4000: tailgated'],
    ],
    [
      'forced and left open: both',
      [
        [2_000, 'open'],
        [17_000, 'tick'],
      ],
      ['2000: forced', '17000: held 15000'],
    ],
    [
      'lost and found open: not forced',
      [
        [2_000, 'lost'],
        [3_000, 'open'],
        [4_000, 'shut'],
        [6_000, 'open'],
      ],
      ['6000: forced'],
    ],
    [
      'lost and found open, and stays so',
      [
        [2_000, 'lost'],
        [3_000, 'open'],
        [18_000, 'tick'],
      ],
      ['18000: held 15000'],
    ],
  ])('%s', (_name, rows, expected) => {
    expect(run(leaf, rows)).toEqual(expected);
  });

  test('found open at the start is not forced', () => {
    expect(
      run(
        leaf,
        [
          [1_000, 'open'],
          [2_000, 'shut'],
        ],
        [],
      ),
    ).toEqual([]);
  });
});

describe('a turnstile that pulses for each person', () => {
  test.each<[string, Row[], string[]]>([
    [
      'one admission, one pulse: passed at the pulse',
      [
        [1_000, 'admit'],
        [2_000, 'open'],
        [2_100, 'shut'],
      ],
      ['2000: passed'],
    ],
    [
      'a second pulse: tailgated',
      [
        [1_000, 'admit'],
        [2_000, 'open'],
        [2_100, 'shut'],
        [3_000, 'open'],
      ],
      ['2000: passed', '3000: tailgated'],
    ],
    [
      'a pulse out of nothing: forced',
      [
        [2_000, 'open'],
        [2_100, 'shut'],
      ],
      ['2000: forced'],
    ],
    [
      'two admitted, two pulses',
      [
        [1_000, 'admit'],
        [1_500, 'admit'],
        [2_000, 'open'],
        [2_100, 'shut'],
        [3_000, 'open'],
      ],
      ['2000: passed', '3000: passed'],
    ],
    [
      'an admission during a pulse is for the next person',
      [
        [1_000, 'admit'],
        [2_000, 'open'],
        [2_050, 'admit'],
        [2_100, 'shut'],
        [3_000, 'open'],
      ],
      ['2000: passed', '3000: passed'],
    ],
  ])('%s', (_name, rows, expected) => {
    expect(run(turnstile, rows)).toEqual(expected);
  });
});

const steps = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.constantFrom('open', 'shut', 'admit', 'tick', 'lost')),
  { maxLength: 60 },
);
test.each([
  leaf,
  turnstile,
])('whatever comes: bounded, never more passed than admitted, a tick only while it is open ($contact)', (rules) => {
  fc.assert(
    fc.property(steps, (rows) => {
      let state = initialFeedback;
      let atMs = 0;
      let admitted = 0;
      let passed = 0;
      for (const [afterMs, what] of rows) {
        atMs += afterMs;
        const wasDueMs = feedbackDueMs(state, rules);
        const { state: next, effects } = feedback(state, inputOf([atMs, what]), rules);
        state = next;
        if (what === 'admit') admitted += 1;
        // A leaf that bounces ends its one passage more than once: bounces are not persons.
        passed += rules.contact === 'passage' ? effects.filter((effect) => effect.do === 'passed').length : 0;
        expect(passed).toBeLessThanOrEqual(admitted);
        expect(state.admissionsUntilMs.length).toBeLessThanOrEqual(limits.admissionsMax);
        if (effects.some((effect) => effect.do === 'held-open')) expect(wasDueMs ?? Infinity).toBeLessThanOrEqual(atMs);
        if (state.is !== 'open') expect(feedbackDueMs(state, rules)).toBeNull();
      }
    }),
  );
});
