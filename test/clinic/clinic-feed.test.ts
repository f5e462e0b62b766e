import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { limits, openClinicFeed, SessionOver } from '../../src/clinic/clinic-feed.ts';
import type { FeedEvent } from '../../src/contracts/downlink.ts';
import { FakeHub } from './fake-hub.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});
const timers = {
  set: (run: () => void, ms: number) => setTimeout(run, ms),
  clear: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout),
};
const settle = () => vi.advanceTimersByTimeAsync(0);
const beat = (n: number): FeedEvent => ({ topic: 'heartbeat', hubNowMs: n });

function rig(random = 0.5) {
  const hub = new FakeHub(() => 1);
  const heard: FeedEvent[] = [];
  const links: boolean[] = [];
  const calls = { snapshots: 0, expired: 0, failEvents: 0 };
  const feed = openClinicFeed(
    { fetch: hub.fetch, timers, random: () => random },
    {
      snapshot: async () => {
        calls.snapshots += 1;
        return 'start';
      },
      event: async (event) => {
        if (calls.failEvents > 0) {
          calls.failEvents -= 1;
          throw new Error('card not to be had');
        }
        heard.push(event);
      },
      link: (connected) => links.push(connected),
      expired: () => {
        calls.expired += 1;
      },
    },
  );
  return { hub, heard, links, calls, feed };
}

describe('the clinic feed', () => {
  it('loads the board once, then streams from its cursor', async () => {
    const { hub, heard, links, calls, feed } = rig();
    await settle();
    expect(hub.feeds.map((one) => one.cursor)).toEqual(['start']);
    hub.send(beat(5));
    await settle();
    expect([heard, links, calls.snapshots]).toEqual([[beat(5)], [true], 1]);
    feed.stop();
  });

  it('resumes from the last event’s cursor and misses none', async () => {
    const { hub, calls, feed } = rig();
    await settle();
    hub.send(beat(5));
    await settle();
    hub.live?.end();
    await vi.advanceTimersByTimeAsync(500);
    expect(hub.feeds.map((one) => one.cursor)).toEqual(['start', 'c1']);
    expect(calls.snapshots).toBe(1);
    feed.stop();
  });

  it('an event that could not be worked is asked for again', async () => {
    const { hub, heard, calls, feed } = rig();
    await settle();
    calls.failEvents = 1;
    hub.send(beat(5));
    await vi.advanceTimersByTimeAsync(500);
    expect(hub.feeds.map((one) => one.cursor)).toEqual(['start', 'start']);
    expect(heard).toEqual([]);
    feed.stop();
  });

  it('a silent line is dropped after 2.5 heartbeats, a beating one lives', async () => {
    const { hub, links, feed } = rig();
    await settle();
    for (let i = 0; i < 4; i++) {
      await vi.advanceTimersByTimeAsync(limits.silenceMs - 1);
      hub.send(beat(i));
      await settle();
    }
    expect(hub.feeds.length).toBe(1);
    await vi.advanceTimersByTimeAsync(limits.silenceMs);
    expect(links).toEqual([true, false]);
    await vi.advanceTimersByTimeAsync(500);
    expect(hub.feeds.length).toBe(2);
    feed.stop();
  });

  it('a hub that is away is asked with growing, bounded, jittered waits', async () => {
    const { hub, feed } = rig(1);
    hub.up = false;
    const start = Date.now();
    await settle();
    const at = [0];
    let seen = hub.asked.length;
    for (let ms = 0; ms < 150_000; ms += 100) {
      await vi.advanceTimersByTimeAsync(100);
      if (hub.asked.length > seen) {
        seen = hub.asked.length;
        at.push(Date.now() - start);
      }
    }
    const waits = at.slice(1).map((when, index) => when - (at[index] ?? 0));
    expect(waits.slice(0, 6)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000]);
    expect(Math.max(...waits)).toBeLessThanOrEqual(limits.retryMaxMs);
    feed.stop();
  });

  it('a nudge ends the wait', async () => {
    const { hub, feed } = rig(1);
    await settle();
    hub.live?.end();
    await settle();
    feed.nudge();
    await settle();
    expect(hub.feeds.length).toBe(2);
    feed.stop();
  });

  it('a cursor that the hub does not know begins again with the whole board', async () => {
    const { hub, calls, feed } = rig();
    hub.feedStatus = 410;
    await settle();
    hub.feedStatus = 200;
    await vi.advanceTimersByTimeAsync(500);
    expect(calls.snapshots).toBe(2);
    feed.stop();
  });

  it('the end of the session stops the feed and says so once', async () => {
    const { hub, links, calls } = rig();
    hub.signedIn = false;
    await vi.advanceTimersByTimeAsync(120_000);
    expect([calls.expired, links, hub.feeds.length]).toEqual([1, [false], 0]);
  });

  it('stopped means stopped', async () => {
    const { hub, feed } = rig();
    await settle();
    feed.stop();
    const before = hub.asked.length;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(hub.asked.length).toBe(before);
    expect(new SessionOver()).toBeInstanceOf(Error);
  });
});
