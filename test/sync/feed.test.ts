// The live feed and the downlink against a scripted network: resumed, watched, fetched whole, never half applied.
import { beforeEach, describe, expect, it } from 'vitest';
import type { DownlinkAnswer, FeedEvent, RosterRow } from '../../src/contracts/downlink.ts';
import { createDownlink, limits as downlinkLimits, type Word } from '../../src/sync/downlink.ts';
import { createFeed, limits } from '../../src/sync/feed.ts';
import { createSseParser, limits as sseLimits } from '../../src/sync/sse.ts';
import { type FakeClocks, fakeClocks, settled } from '../kit/fake-clocks.ts';

describe('sse', () => {
  it.each([
    ['\n'],
    ['\r\n'],
    ['\r'],
  ])('reads events whatever the line end (%j) and wherever the pieces are cut', (end) => {
    const text = ['id: c1', 'data: {"a":1}', '', ': comment', 'data: x', 'data:y', '', 'data: z'].join(end) + end;
    for (let cut = 1; cut < text.length; cut++) {
      const parse = createSseParser();
      const events = [...parse(text.slice(0, cut)), ...parse(text.slice(cut))];
      expect(events).toEqual([
        { id: 'c1', data: '{"a":1}' },
        { id: 'c1', data: 'x\ny' },
      ]);
    }
  });

  it('a line or an event without end is refused, not kept', () => {
    expect(() => createSseParser()('x'.repeat(sseLimits.eventChars + 1))).toThrow(RangeError);
    const parse = createSseParser();
    expect(() => {
      for (let i = 0; i < 100; i++) parse(`data: ${'x'.repeat(1_000)}\n`);
    }).toThrow(RangeError);
  });
});

describe('feed', () => {
  let clocks: FakeClocks;
  let asked: string[];
  let heard: [FeedEvent, string | null][];
  let lost: string[];
  let faults: unknown[];
  let push: (text: string) => void;
  let close: () => void;
  let opened: number;
  beforeEach(() => {
    clocks = fakeClocks();
    asked = [];
    heard = [];
    lost = [];
    faults = [];
    opened = 0;
  });
  const utf8 = new TextEncoder();
  function stream(signal: AbortSignal | null | undefined): Response {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        push = (text) => controller.enqueue(utf8.encode(text));
        close = () => controller.close();
        signal?.addEventListener('abort', () => controller.error(new DOMException('x', 'AbortError')), { once: true });
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
  }
  function feedOn(answer: (signal: AbortSignal | null | undefined) => Response, random = () => 0.5) {
    let cursor: string | null = null;
    const feed = createFeed({
      clocks,
      random,
      fetch: async (url, init) => {
        asked.push(String(url));
        return answer(init?.signal);
      },
      cursor: () => cursor,
      async onEvent(event, at) {
        heard.push([event, at]);
        cursor = at;
      },
      onOpen: () => void opened++,
      onLost: (why) => lost.push(why),
      onFault: (error) => faults.push(error),
    });
    feed.start();
    return feed;
  }
  const told = (n: number) => `id: c${n}\ndata: {"topic":"policy","version":${n}}\n\n`;
  /** Streams answer over the event loop, not over promises alone. */
  const turns = async () => {
    for (let i = 0; i < 5; i++) await new Promise((done) => setImmediate(done));
    await settled();
  };

  it('hears events, and after a break resumes from the last one', async () => {
    const feed = feedOn(stream);
    await turns();
    push(told(1) + told(2));
    await turns();
    close();
    await turns();
    await clocks.pass(1_000);
    expect(heard.map(([, at]) => at)).toEqual(['c1', 'c2']);
    expect(asked).toEqual(['/hub/feed', '/hub/feed?cursor=c2']);
    expect(opened).toBe(2);
    feed.stop();
  });

  it('two and a half heartbeats of silence end the line, and it is opened anew', async () => {
    const feed = feedOn(stream);
    await turns();
    await clocks.pass(limits.silenceMs - 1);
    await turns();
    expect(lost).toEqual([]);
    await clocks.pass(1);
    await turns();
    expect(lost).toEqual(['away']);
    await clocks.pass(1_000);
    expect(asked).toHaveLength(2);
    feed.stop();
  });

  it('a heartbeat keeps the line', async () => {
    const feed = feedOn(stream);
    await turns();
    for (let i = 0; i < 5; i++) {
      await clocks.pass(10_000);
      push('data: {"topic":"heartbeat","hubNowMs":1}\n\n');
      await turns();
    }
    expect(lost).toEqual([]);
    expect(heard).toHaveLength(5);
    feed.stop();
  });

  it.each<[string, () => Response, string]>([
    ['a captive portal with 200', () => new Response('<html>'), 'away'],
    ['a gateway that lost the hub', () => new Response('', { status: 502 }), 'away'],
    ['a hub that does not know this station', () => new Response('', { status: 401 }), 'not-enrolled'],
  ])('%s is no feed: %s', async (_name, answer, why) => {
    const feed = feedOn(answer, () => 0.999);
    await clocks.pass(60_000);
    expect(new Set(lost)).toEqual(new Set([why]));
    expect(opened).toBe(0);
    expect(asked.length).toBeLessThan(12);
    feed.stop();
  });

  it('an event that it cannot read is passed over', async () => {
    const feed = feedOn(stream);
    await turns();
    push(`data: {"topic":"of-later"}\n\ndata: no json\n\n${told(7)}`);
    await turns();
    expect(heard.map(([, at]) => at)).toEqual(['c7']);
    expect(faults).toEqual([]);
    feed.stop();
  });
});

describe('downlink', () => {
  const row = (n: number): RosterRow => ({
    personId: `p-${n}`,
    name: 'x',
    category: 'student',
    unit: '',
    room: null,
    cards: [],
    presence: 'on-campus',
    questionsDue: false,
    closedIn: true,
    closedOut: true,
    contact: '',
    gone: false,
  });
  const page = (change: Partial<DownlinkAnswer['roster']>): DownlinkAnswer => ({
    contract: 1,
    epoch: 'e1',
    hubNowMs: 5,
    clinic: { name: 'c', phone: '' },
    campus: { mode: 'open' },
    policy: { version: 1, document: {} },
    bars: [],
    roster: { version: 4, full: false, people: [], next: null, ...change },
  });
  let clocks: FakeClocks;
  let asked: string[];
  let calls: string[];
  let words: Word[];
  let faults: unknown[];
  beforeEach(() => {
    clocks = fakeClocks();
    asked = [];
    calls = [];
    words = [];
    faults = [];
  });
  function downlinkOn(answer: (url: string) => Response, random = () => 0.5) {
    return createDownlink({
      clocks,
      random,
      fetch: async (url) => {
        asked.push(String(url));
        return answer(String(url));
      },
      rosterVersion: () => 3,
      async applyRoster(people, done) {
        calls.push(`apply ${people.map((one) => one.personId)} ${done?.version ?? '-'}`);
      },
      async replaceRoster(people, done) {
        calls.push(`replace ${people.map((one) => one.personId)} ${done.version}`);
      },
      onAsk: () => {},
      onWord: async (word) => void words.push(word),
      onFault: (error) => faults.push(error),
    });
  }

  it('fetches all pages of a change and moves the version with the last', async () => {
    const downlink = downlinkOn((url) =>
      Response.json(url.includes('after=p-1') ? page({ people: [row(2)] }) : page({ people: [row(1)], next: 'p-1' })),
    );
    downlink.hint();
    await clocks.pass(0);
    expect(asked).toEqual(['/hub/downlink?rosterVersion=3', '/hub/downlink?rosterVersion=3&after=p-1']);
    expect(calls).toEqual(['apply p-1 -', 'apply p-2 4']);
    expect(words).toHaveLength(1);
    downlink.stop();
  });

  it('a complete roster is replaced only when all its pages are there', async () => {
    let second = false;
    const downlink = downlinkOn((url) => {
      if (!url.includes('after')) return Response.json(page({ full: true, people: [row(1)], next: 'p-1' }));
      return second ? Response.json(page({ full: true, people: [row(2)] })) : new Response('', { status: 502 });
    });
    downlink.hint();
    await clocks.pass(0);
    expect(calls).toEqual([]);
    second = true;
    await clocks.pass(1_000);
    expect(calls).toEqual(['replace p-1,p-2 4']);
    downlink.stop();
  });

  it('hints during a fetch make one more fetch, not one each', async () => {
    const downlink = downlinkOn(() => Response.json(page({})));
    for (let i = 0; i < 10; i++) downlink.hint();
    await clocks.pass(1);
    expect(asked).toHaveLength(2);
    await clocks.pass(downlinkLimits.everyMs);
    expect(asked).toHaveLength(3);
    downlink.stop();
  });

  it.each<[string, () => Response]>([
    ['HTML with 200', () => new Response('<html>')],
    [
      'a policy beyond its bounds',
      () => Response.json({ ...page({}), policy: { version: 9, document: { feverC: 39 } } }),
    ],
  ])('%s changes nothing and is asked again with a growing wait', async (_name, answer) => {
    const downlink = downlinkOn(answer, () => 0.999);
    downlink.hint();
    await clocks.pass(60_000);
    expect(calls).toEqual([]);
    expect(words).toEqual([]);
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.length).toBeLessThan(9);
    downlink.stop();
  });

  it('a hub that never ends its pages is stopped', async () => {
    const downlink = downlinkOn(() => Response.json(page({ people: [row(1)], next: 'p-1' })));
    downlink.hint();
    for (let i = 0; i < downlinkLimits.pages; i++) await settled();
    expect(asked).toHaveLength(downlinkLimits.pages);
    expect(faults).toHaveLength(1);
    downlink.stop();
  });
});
