import { describe, expect, it } from 'vitest';
import {
  advance,
  type BoardEvent,
  closedToday,
  columnsOf,
  connectionOf,
  emptyBoard,
} from '../../src/clinic/board-state.ts';
import { aCase, hubStart } from './case.ts';

const nurse = { staffId: 's-1', name: '陈医生', role: 'nurse' };
const after = (...events: BoardEvent[]) => events.reduce(advance, emptyBoard);
const timed: BoardEvent = { type: 'hub-time', hubNowMs: hubStart, atMs: 0 };

it('an older answer never replaces a newer card', () => {
  const state = after(
    { type: 'answered', referral: aCase(1, { version: 3, state: 'arrived' }) },
    { type: 'referral', referral: aCase(1, { version: 2 }), rings: false },
  );
  expect(state.referrals.get(aCase(1).caseId)?.state).toBe('arrived');
  const reloaded = advance(state, { type: 'snapshot', referrals: [aCase(1)] });
  expect(reloaded.referrals.get(aCase(1).caseId)?.version).toBe(3);
});

it('a snapshot removes what the hub no longer shows', () => {
  expect(
    after({ type: 'snapshot', referrals: [aCase(1), aCase(2)] }, { type: 'snapshot', referrals: [aCase(2)] }).referrals
      .size,
  ).toBe(1);
});

it('an expired session keeps the board, signing out forgets it', () => {
  const open = after({ type: 'session', staff: nurse }, { type: 'snapshot', referrals: [aCase(1)] });
  const expired = advance(open, { type: 'expired' });
  expect([expired.session, expired.referrals.size]).toEqual(['expired', 1]);
  expect(advance(expired, { type: 'session', staff: nurse }).referrals.size).toBe(1);
  expect(advance(open, { type: 'session', staff: null }).referrals.size).toBe(0);
});

it('the second nurse sees who was quicker', () => {
  const theirs = aCase(1, { version: 2, state: 'acknowledged', acknowledgedBy: '陈医生', how: 'nurse-comes' });
  const state = after(
    { type: 'snapshot', referrals: [aCase(1)] },
    { type: 'asked', caseId: aCase(1).caseId },
    { type: 'taken', caseId: aCase(1).caseId, referral: theirs },
  );
  expect(state.notices.get(aCase(1).caseId)).toEqual({ kind: 'taken', by: '陈医生', state: 'acknowledged' });
  expect(state.busy.size).toBe(0);
  expect(state.referrals.get(aCase(1).caseId)?.state).toBe('acknowledged');
});

it('columns show the overdue first, then who has waited longest', () => {
  const state = after(timed, {
    type: 'snapshot',
    referrals: [
      aCase(1, { receivedAtMs: hubStart + 100_000 }),
      aCase(2, { receivedAtMs: hubStart + 50_000 }),
      aCase(3, { receivedAtMs: hubStart }),
      aCase(4, { state: 'arrived', arrivedAtMs: hubStart }),
    ],
  });
  const columns = columnsOf(state, 130_000);
  expect(columns.map((column) => column.cards.map((one) => one.caseNo))).toEqual([
    ['G01-0003', 'G01-0002', 'G01-0001'],
    [],
    ['G01-0004'],
    [],
  ]);
});

it('closed cases of another campus day leave the drawer', () => {
  const midnight = Date.UTC(2026, 10, 24, 16);
  const state = after(
    { type: 'hub-time', hubNowMs: midnight, atMs: 0 },
    {
      type: 'snapshot',
      referrals: [
        aCase(1, { state: 'closed', closedAtMs: midnight - 1 }),
        aCase(2, { state: 'closed', closedAtMs: midnight }),
      ],
    },
  );
  expect(closedToday(state, 1).map((one) => one.caseNo)).toEqual(['G01-0002']);
});

describe('the connection line tells the truth', () => {
  const live = after(timed, { type: 'link', connected: true });
  it.each([
    [0, 'live'],
    [25_000, 'live'],
    [25_001, 'stale'],
    [120_000, 'stale'],
    [120_001, 'dark'],
  ])('%i ms after the last word of the hub: %s, whatever the socket says', (now, expected) =>
    expect(connectionOf(live, now).state).toBe(expected));
  it('a lost line says so at once', () =>
    expect(connectionOf(advance(live, { type: 'link', connected: false }), 1_000).state).toBe('reconnecting'));
  it('the banner shows the hub’s clock at the last word', () =>
    expect(connectionOf(live, 60_000).heardHubMs).toBe(hubStart));
});
