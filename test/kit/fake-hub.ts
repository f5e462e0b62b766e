// A hub behind the page's fetch, in memory: one row an entry, one downlink, one feed; switches for being away.
import type { Bar, FeedEvent, RosterRow } from '../../src/contracts/downlink.ts';
import type { VisitorDetails } from '../../src/contracts/hold.ts';
import type { Region } from '../../src/contracts/region.ts';
import type { UploadRequest } from '../../src/contracts/upload.ts';
import type { Envelope } from '../../src/domain/entry.ts';

export type FakeHub = {
  fetch: typeof fetch;
  up: boolean;
  rows: Envelope[];
  /** Statuses in the order of their answers. */
  answered: string[];
  people: RosterRow[];
  bars: Bar[];
  mode: 'open' | 'closed';
  /** Undefined: a hub that has no such list. */
  regions: Region[] | undefined;
  policy: { version: number; document: Record<string, unknown> };
  /** Details of visitors that it took. */
  visitors: VisitorDetails[];
  tell(event: FeedEvent): void;
  cursors: (string | null)[];
};

export function fakeHub(): FakeHub {
  let feeds: ReadableStreamDefaultController<Uint8Array>[] = [];
  let events = 0;
  const utf8 = new TextEncoder();
  const hub: FakeHub = {
    up: true,
    rows: [],
    answered: [],
    people: [],
    bars: [],
    mode: 'open',
    regions: undefined,
    policy: { version: 3, document: { feverC: 37.3 } },
    visitors: [],
    cursors: [],
    tell(event) {
      events++;
      for (const feed of feeds) feed.enqueue(utf8.encode(`id: c${events}\ndata: ${JSON.stringify(event)}\n\n`));
    },
    async fetch(input, init) {
      const url = new URL(String(input), 'http://hub.test');
      if (!hub.up) return Response.json({ error: { code: 'hub-away', zh: 'x', en: 'x' } }, { status: 502 });
      if (url.pathname === '/hub/entries') return store(JSON.parse(String(init?.body)));
      if (url.pathname === '/hub/downlink') return downlink(Number(url.searchParams.get('rosterVersion')));
      if (url.pathname === '/hub/visitors') {
        const { visitors } = JSON.parse(String(init?.body)) as { visitors: VisitorDetails[] };
        hub.visitors.push(...visitors);
        return Response.json({ contract: 1, received: visitors.map(({ visitorId }) => visitorId) });
      }
      hub.cursors.push(url.searchParams.get('cursor'));
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          feeds.push(controller);
          init?.signal?.addEventListener('abort', () => {
            feeds = feeds.filter((one) => one !== controller);
            controller.error(new DOMException('aborted', 'AbortError'));
          });
        },
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    },
  };

  function store(request: UploadRequest): Response {
    const results = request.entries.map((entry) => {
      const known = hub.rows.find((row) => row.writerId === entry.writerId && row.seq === entry.seq);
      if (known === undefined) hub.rows.push(entry);
      const status = known === undefined ? 'stored' : known.hash === entry.hash ? 'duplicate' : 'conflict';
      hub.answered.push(status);
      return { entryId: entry.entryId, seq: entry.seq, status };
    });
    return Response.json({ contract: 1, epoch: 'e1', hubNowMs: Date.now(), watermark: 0, results });
  }

  function downlink(version: number): Response {
    return Response.json({
      contract: 1,
      epoch: 'e1',
      hubNowMs: Date.now(),
      clinic: { name: 'Clinic', phone: '010-1' },
      campus: { mode: hub.mode },
      regions: hub.regions,
      policy: hub.policy,
      bars: hub.bars,
      roster: { version: 1, full: version === 0, people: version === 0 ? hub.people : [], next: null },
    });
  }
  return hub;
}
