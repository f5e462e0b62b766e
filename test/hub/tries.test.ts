// A measurement that one gate could not finish: told at once to the gates of every campus but its own, and its end as well.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { limits, toldOf } from '../../hub/tries.ts';
import { policyDocument } from '../../src/contracts/policy.ts';
import type { CheckBody } from '../../src/domain/entry.ts';
import { checkBody, feverBody, readFeed, startTestHub, type TestHub, TestWriter } from '../kit/hub.ts';
import { readingOf } from '../kit/some-entries.ts';

let t: TestHub;
beforeAll(async () => {
  t = await startTestHub();
});
afterAll(() => t?.stop());

const check = (change: Partial<CheckBody>): CheckBody =>
  checkBody({ personId: 'p-1', readings: [readingOf()], tries: 1, ...change });
const again = { verdict: 'again', reason: 'low', shownTenths: 345 } as const;

test('reaches the other stations and not its own', async () => {
  const other = await t.addStation('zhuhai');
  const writer = new TestWriter(t.station.id);
  const wallMs = t.clock.nowMs() - 2_000;
  const isDone: Parameters<typeof readFeed>[2] = (seen) => seen.some(({ event }) => event.topic === 'bar');
  const upload = () =>
    t.upload(t.station, writer, [
      writer.write(check(again), { wallMs }),
      writer.write(check({ personId: 'p-2' }), { wallMs }),
      writer.write(check({ tries: 2 }), { wallMs: wallMs + 1_000 }),
      writer.write(feverBody('p-3')),
    ]);
  let others: Awaited<ReturnType<typeof readFeed>> = [];
  const own = await readFeed(t.url, { token: t.station.token }, isDone, async () => {
    others = await readFeed(t.url, { token: other.token }, isDone, async () => void (await upload()));
  });
  const measured = (seen: typeof own) => seen.flatMap(({ event }) => (event.topic === 'measurement' ? [event] : []));
  expect(measured(own)).toEqual([]);
  expect(measured(others)).toEqual([
    {
      ...{ topic: 'measurement', personId: 'p-1', hubMs: wallMs, tries: 1 },
      last: { reason: 'low', byContact: false, site: 'forehead' },
    },
    { topic: 'measurement', personId: 'p-1', hubMs: wallMs + 1_000, tries: 2, last: null },
  ]);
});

test('is told only while it matters, and only of somebody who is known', () => {
  const writer = new TestWriter(t.station.id);
  const nowMs = 1_790_000_000_000;
  const told = (body: CheckBody, wallMs = nowMs) => toldOf(JSON.parse(writer.write(body, { wallMs }).bytes), nowMs);
  expect(told(check({ ...again, reason: 'no-reading', readings: [] }))?.last).toEqual({
    ...{ reason: 'no-reading', byContact: false, site: null },
  });
  expect(
    told(check({ ...again, readings: [readingOf({ method: 'contact', site: 'axillary' })], tries: 0 }))?.last,
  ).toEqual({
    ...{ reason: 'low', byContact: true, site: 'axillary' },
  });
  expect(told(check(again), nowMs - limits.toldMs - 1)).toBeNull();
  expect(told(check({ ...again, personId: null }))).toBeNull();
  expect(told(check({}))).toBeNull();
  expect(told(check({ tries: 0, readings: [readingOf({ method: 'contact' })] }))).toBeNull();
  expect(told(check({ tries: 1, readings: [readingOf({ method: 'contact' })] }))).toMatchObject({ last: null });
});

test('is told for as long as any policy may remember a try', () => {
  const windowMs = policyDocument.shape.triesWindowMs;
  expect([limits.toldMs, limits.toldMs + 1].map((ms) => windowMs.safeParse(ms).success)).toEqual([true, false]);
});
