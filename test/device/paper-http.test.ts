// Rows of paper at the bridge: all or none, once, marked with when and by whom, and told apart when the disk must wait.
import { describe, expect, it } from 'vitest';
import { limits, paperRoutes } from '../../device/paper-http.ts';
import { paperRequest } from '../../src/contracts/settings.ts';
import type { EntryBody } from '../../src/domain/entry.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';

const nowMs = 1_600_000_000_000;
const row = {
  atWallMs: nowMs - 3_600_000,
  number: '0004711',
  tenths: 365,
  method: 'infrared',
  result: 'passed',
} as const;
const batchId = '00000000-0000-4000-8000-000000000001';

function start(isStored = true) {
  const written: EntryBody[] = [];
  let ids = 0;
  const [route] = paperRoutes({
    writer: { write: (body) => void written.push(body), settled: async () => isStored },
    policy: () => defaultPolicy,
    station: { code: 'G03', direction: 'in' },
    wallMs: () => nowMs,
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
  });
  const post = async (body: object) => {
    const by = { staffId: 'g1', name: 'Guard' };
    const read = paperRequest.parse(body);
    return route?.answer({ by, body: read, query: new URLSearchParams(), leftMs: 1 });
  };
  return { written, post };
}

describe('rows of paper', () => {
  it('become checks that say when it was and who typed it; a fever raises a case with a number', async () => {
    const { written, post } = start();
    const answer = await post({ batchId, rows: [row, { ...row, tenths: 381 }] });
    expect(answer).toEqual({ status: 200, body: { saved: 2, cases: 1 } });
    expect(written).toMatchObject([
      {
        kind: 'check',
        verdict: 'admit',
        personId: null,
        card: { printed: '0004711' },
        paper: { atWallMs: row.atWallMs, typedBy: 'g1' },
      },
      {
        kind: 'check',
        verdict: 'refer',
        reason: 'urgent',
        caseNo: 'G03-P00002',
        readings: [{ manual: true, typedBy: 'g1' }],
      },
    ]);
  });

  it('are written once, however often the batch comes', async () => {
    const { written, post } = start();
    const first = await post({ batchId, rows: [row] });
    expect(await post({ batchId, rows: [row] })).toEqual(first);
    expect(written).toHaveLength(1);
  });

  it('are refused as a whole when one lies ahead or too far back', async () => {
    const { written, post } = start();
    for (const atWallMs of [nowMs + 1, nowMs - limits.agoMs - 1])
      expect(await post({ batchId, rows: [row, { ...row, atWallMs }] })).toMatchObject({
        status: 422,
        code: 'paper-time',
      });
    expect(written).toEqual([]);
    expect(await post({ batchId, rows: [{ ...row, atWallMs: nowMs - limits.agoMs }] })).toMatchObject({ status: 200 });
  });

  it('say so when the journal has them not yet', async () => {
    expect(await start(false).post({ batchId, rows: [row] })).toMatchObject({ status: 503, code: 'paper-waits' });
  });

  it('do not take what a sheet cannot say', () => {
    const bad = [{ tenths: 339 }, { tenths: 421 }, { number: '' }, { number: '<b>' }, { result: 'admit' }, { more: 1 }];
    for (const change of bad)
      expect(paperRequest.safeParse({ batchId, rows: [{ ...row, ...change }] }).success).toBe(false);
    expect(paperRequest.safeParse({ batchId, rows: [] }).success).toBe(false);
    expect(paperRequest.safeParse({ batchId, rows: Array(26).fill(row) }).success).toBe(false);
  });
});
