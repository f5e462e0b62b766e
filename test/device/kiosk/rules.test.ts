// When the page counts as stopped, how soon it comes back, and which Chromium may open its profile.
import { describe, expect, it } from 'vitest';
import { doubtOf, judgeStamp, type Stamp } from '../../../device/kiosk/stamp.ts';
import { createRestarts, createWatch, limits } from '../../../device/kiosk/watch.ts';

describe('the watch', () => {
  const up = { connected: true, lastHeardMs: 200 };
  it.each([
    ['just under', limits.quietMs - 1, 'quiet'],
    ['at', limits.quietMs, 'stopped'],
  ])('calls a page stopped that was up and has been quiet for %s 15 s', (_name, quietMs, expected) => {
    const watch = createWatch(0);
    expect(watch.hear(up, 100_000)).toBe('well');
    expect(watch.hear({ connected: true, lastHeardMs: limits.heardMs }, 110_000)).toBe('well');
    expect(watch.hear({ connected: true, lastHeardMs: limits.heardMs + 1 }, 120_000)).toBe('quiet');
    expect(watch.hear({ connected: true, lastHeardMs: 20_000 }, 120_000 + quietMs)).toBe(expected);
  });
  it('never calls it stopped for a bridge that does not answer, and counts anew when it is back', () => {
    const watch = createWatch(0);
    watch.hear({ connected: false, lastHeardMs: null }, 90_000);
    expect(watch.hear(null, 500_000)).toBe('unknown');
    expect(watch.hear({ connected: false, lastHeardMs: null }, 900_000)).toBe('quiet');
    expect(watch.hear({ connected: false, lastHeardMs: null }, 900_000 + limits.quietMs)).toBe('stopped');
  });
  it('gives a starting page a minute, also when an earlier one was heard before', () => {
    for (const lastHeardMs of [null, 1_030_000]) {
      const watch = createWatch(1_000_000);
      const heard = (atMs: number) => ({
        connected: false,
        lastHeardMs: lastHeardMs === null ? null : lastHeardMs + atMs - 1_000_000,
      });
      expect(watch.hear(heard(1_000_100), 1_000_100)).toBe('quiet');
      expect(watch.hear(heard(1_059_999), 1_059_999)).toBe('quiet');
      expect(watch.hear(heard(1_060_000), 1_060_000)).toBe('stopped');
    }
  });
});

describe('restarts', () => {
  it('come at once after a good while, ever later in a row, and at most twelve an hour', () => {
    const restarts = createRestarts(() => 0.5);
    const starts: number[] = [];
    let nowMs = 10_000;
    const bounded: boolean[] = [];
    for (let n = 0; n < 40; n++) {
      const next = restarts.next(nowMs);
      bounded.push(next.bounded);
      nowMs += next.waitMs;
      starts.push(nowMs);
    }
    expect((starts[0] ?? 0) - 10_000).toBeLessThan(1_000);
    for (const start of starts)
      expect(starts.filter((at) => at >= start && at < start + limits.hourMs).length).toBeLessThanOrEqual(12);
    expect(bounded.slice(0, 12)).toEqual(Array(12).fill(false));
    expect(bounded[12]).toBe(true);
    expect(restarts.next(nowMs + limits.wellMs * 10).waitMs).toBeLessThan(1_000);
  });
});

describe('another Chromium', () => {
  const stamp: Stamp = { version: '156.0.1.1', flags: 'a', alone: false };
  it.each([
    ['the same', stamp, { version: '156.0.1.1', flags: 'a' }, true, 'start'],
    ['a newer version', stamp, { version: '156.0.1.2', flags: 'a' }, true, 'version'],
    ['other flags', stamp, { version: '156.0.1.1', flags: 'b' }, true, 'flags'],
    ['no stamp, no profile', null, { version: '1.1.1.1', flags: 'a' }, false, 'start'],
    ['no stamp beside a profile', null, { version: '1.1.1.1', flags: 'a' }, true, 'unknown'],
    ['an unreadable stamp', 'unreadable', { version: '1.1.1.1', flags: 'a' }, false, 'unknown'],
  ] as const)('%s', (_name, before, now, hasProfile, expected) => {
    const judged = judgeStamp(before, now, hasProfile);
    expect(judged.may === 'start' ? 'start' : judged.what).toBe(expected);
  });
  it.each([
    ['all is at the hub', stamp, { unsent: 0, unjournaled: 0 }, null],
    ['one entry is not', stamp, { unsent: 1, unjournaled: 0 }, 'unsent'],
    ['the hub is away', stamp, { unsent: null, unjournaled: 0 }, 'hub-away'],
    ['the bridge is away', stamp, null, 'bridge-away'],
    ['the page has more than the journal', stamp, { unsent: 0, unjournaled: 1 }, 'alone'],
    ['the page was last seen without the bridge', { ...stamp, alone: true }, { unsent: 0, unjournaled: 0 }, 'alone'],
    ['nobody knows', null, { unsent: 0, unjournaled: 0 }, 'alone'],
    ['nobody can read it', 'unreadable', { unsent: 0, unjournaled: 0 }, 'alone'],
  ] as const)('%s', (_name, before, standing, expected) => {
    expect(doubtOf(before, standing)).toBe(expected);
  });
});
