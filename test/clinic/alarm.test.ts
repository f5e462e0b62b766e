import { describe, expect, it } from 'vitest';
import { alarmOf, ringDue } from '../../src/clinic/alarm.ts';
import { advance, type BoardState, emptyBoard } from '../../src/clinic/board-state.ts';
import type { Referral } from '../../src/contracts/clinic.ts';
import { aCase, contactReading, hubStart } from './case.ts';

/** A board whose monotonic 0 is `hubStart`, with these cases on it. */
function board(...cases: Referral[]): BoardState {
  const timed = advance(emptyBoard, { type: 'hub-time', hubNowMs: hubStart, atMs: 0 });
  return advance(timed, { type: 'snapshot', referrals: cases });
}

/** All rings between two instants, asked every half second as the controller does. */
function rings(start: BoardState, fromMs: number, toMs: number) {
  let state = start;
  const heard: [number, string][] = [];
  for (let now = fromMs; now <= toMs; now += 500) {
    const due = ringDue(state, now);
    if (!due) continue;
    heard.push([now, due.ring]);
    state = advance(state, { type: 'rang', ...due, atMs: now });
  }
  return heard;
}

describe('how loud a case is', () => {
  it.each<[string, Partial<Referral>, number, string]>([
    ['37.3 rings quietly', { shownTenths: 373 }, 0, 'quiet-once'],
    ['37.9 rings quietly', { shownTenths: 379 }, 0, 'quiet-once'],
    ['38.0 rings loudly', { shownTenths: 380, reason: 'urgent' }, 0, 'loud'],
    ['a symptom rings quietly', { shownTenths: 365, reason: 'symptoms' }, 0, 'quiet-once'],
    ["a barred person's 38.5 rings loudly", { shownTenths: 385, reason: 'order-isolation' }, 0, 'loud'],
    ['so does a fever of somebody whose case is open', { shownTenths: 374, reason: 'referral-open' }, 0, 'loud'],
    ['a second high value rings loudly', { evidence: [contactReading(3725)] }, 0, 'loud'],
    ['37.5 just under two minutes is quiet', {}, 119_999, 'quiet-once'],
    ['37.5 at two minutes is loud', {}, 120_000, 'loud'],
    ['a normal contact reading keeps 37.5 quiet', { evidence: [contactReading(3724)] }, 120_000, 'quiet-once'],
    ['a low contact reading does not', { evidence: [contactReading(3490)] }, 120_000, 'loud'],
    [
      'a normal contact reading does not quieten 38.0',
      { shownTenths: 380, evidence: [contactReading(3640)] },
      0,
      'loud',
    ],
    ['late rings loudly once', { late: true }, 0, 'loud-once'],
    ['an acknowledged case rings nothing', { state: 'acknowledged', shownTenths: 391 }, 0, 'none'],
  ])('%s', (_name, change, afterMs, alarm) => expect(alarmOf(aCase(1, change), hubStart + afterMs)).toBe(alarm));
});

it('37.5 rings quietly once, then loudly every 5 s from two minutes on', () => {
  expect(rings(board(aCase(1)), 0, 131_000)).toEqual([
    [0, 'quiet'],
    [120_000, 'loud'],
    [125_000, 'loud'],
    [130_000, 'loud'],
  ]);
});

it('38.0 rings loudly every 15 s, after two minutes every 5 s', () => {
  const times = rings(board(aCase(1, { shownTenths: 380 })), 0, 131_000);
  expect(times.map(([at]) => at)).toEqual([
    0, 15_000, 30_000, 45_000, 60_000, 75_000, 90_000, 105_000, 120_000, 125_000, 130_000,
  ]);
  expect(times.every(([, ring]) => ring === 'loud')).toBe(true);
});

it('a late case rings loudly once and never again', () => {
  expect(rings(board(aCase(1, { late: true, shownTenths: 391 })), 0, 300_000)).toEqual([[0, 'loud']]);
});

it('acknowledging silences', () => {
  let state = board(aCase(1, { shownTenths: 380 }));
  state = advance(state, { type: 'rang', ring: 'loud', caseIds: [aCase(1).caseId], atMs: 0 });
  state = advance(state, {
    type: 'answered',
    referral: aCase(1, { version: 2, state: 'acknowledged', acknowledgedAtMs: hubStart }),
  });
  expect(rings(state, 500, 60_000)).toEqual([]);
});

it('muting silences ten minutes, not a moment more, and forgets nothing', () => {
  const muted = advance(board(aCase(1)), { type: 'mute', by: '陈医生', atMs: 0 });
  expect(rings(muted, 0, 599_500)).toEqual([]);
  expect(rings(muted, 599_500, 600_000)).toEqual([[600_000, 'loud']]);
});

it('a repeat that must not ring rings nothing, but is loud when nobody answers', () => {
  const state = advance(board(), { type: 'referral', referral: aCase(1), rings: false });
  expect(rings(state, 0, 121_000)).toEqual([[120_000, 'loud']]);
});

it('two urgent cases never ring over each other', () => {
  let state = board(aCase(1, { shownTenths: 380 }));
  state = advance(state, { type: 'rang', ring: 'loud', caseIds: [aCase(1).caseId], atMs: 0 });
  state = advance(state, { type: 'referral', referral: aCase(2, { shownTenths: 385 }), rings: true });
  expect(rings(state, 500, 10_000)).toEqual([[5_000, 'loud']]);
});

it('no bell before the hub has told the time', () => {
  expect(ringDue(advance(emptyBoard, { type: 'snapshot', referrals: [aCase(1)] }), 0)).toBeNull();
});
