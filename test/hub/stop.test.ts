// A clean stop: running feeds end, nothing hangs, and a slow reader is let go rather than kept in memory.

import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { type FeedRow, limits, startFeed } from '../../hub/feed.ts';
import { cursorOf, textOfCursor } from '../../hub/feed-cursor.ts';
import { startTestHub } from '../kit/hub.ts';

// A feed that is not ended is cut at the bound of the drain, and its text breaks off.
test('a hub with open feeds stops and ends them', async () => {
  const t = await startTestHub();
  const feed = await fetch(`${t.url}hub/feed`, { headers: { authorization: `Bearer ${t.station.token}` } });
  const text = feed.text();
  await t.stop();
  await expect(text).resolves.toBeTypeOf('string');
});

test('a feed reader that does not read is let go at its bound and comes back by its cursor', async () => {
  const t = await startTestHub();
  try {
    const feed = await startFeed(t.hub.pool, pino({ level: 'silent' }), t.clock.nowMs);
    const reader = feed.open({ kind: 'clinic', session: 's' }, null).getReader();
    await reader.read();
    const rows = Array.from(
      { length: limits.clientQueue * 3 },
      (_, i): FeedRow => ({
        process_id: 'slow',
        n: i + 1,
        audience: 'all',
        target: null,
        event: '{"topic":"roster","version":1}',
      }),
    );
    await expect.poll(() => feed.clients()).toBe(1);
    feed.publish(rows);
    expect(feed.clients()).toBe(0);
    let [count, last] = [0, ''];
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      count++;
      last = /^id: (.*)$/m.exec(new TextDecoder().decode(part.value))?.[1] ?? '';
    }
    expect(count).toBeLessThanOrEqual(limits.clientQueue + 1);
    // Its cursor is that of the last event it was given: nothing behind it counts as seen.
    expect(cursorOf(last)?.get('slow')).toBe(count);
    feed.stop();
  } finally {
    await t.stop();
  }
});

test('who was let go while catching up is read no further', async () => {
  const t = await startTestHub();
  try {
    const rows = limits.page * 6;
    await t.hub.pool.query(
      `insert into feed (process_id, n, at_ms, audience, event)
       select 'past', i, $2, 'all', '{"topic":"roster","version":1}' from generate_series(1, $1::bigint) i`,
      [rows, t.clock.nowMs()],
    );
    await t.hub.pool.query(`insert into feed_heads (process_id, n) values ('past', $1)`, [rows]);
    const feed = await startFeed(t.hub.pool, pino({ level: 'silent' }), t.clock.nowMs);
    await new Promise((resolve) => setTimeout(resolve, 600)); // the hub's own feed has read them as well
    const asked = vi.spyOn(t.hub.pool, 'query');
    feed.open({ kind: 'clinic', session: 's' }, new Map());
    await expect.poll(() => feed.clients()).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const pages = asked.mock.calls.filter(([sql]) => String(sql).includes('from feed where'));
    expect(pages.length).toBeLessThanOrEqual(3);
    feed.stop();
  } finally {
    await t.stop();
  }
});

test.each([
  '',
  'c2',
  'c1~',
  'c1~a',
  'c1~a.x',
  'c1~A.1',
  'c1~a.1~',
  `c1~${'a.1~'.repeat(30_000)}`,
])('%s is no cursor', (text) => {
  expect(cursorOf(text)).toBeNull();
});

test('a cursor comes back as it was', () => {
  const cursor = new Map([
    ['a1', 3],
    ['b2', 900_000_000_000],
  ]);
  expect(cursorOf(textOfCursor(cursor))).toEqual(cursor);
  expect(cursorOf(textOfCursor(new Map()))).toEqual(new Map());
});
