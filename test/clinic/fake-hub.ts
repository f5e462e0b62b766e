// A scripted hub behind a fake `fetch` with feeds that tests write to, drop or leave silent. Runs in Node and in a page.
import type { Referral } from '../../src/contracts/clinic.ts';
import type { FeedEvent } from '../../src/contracts/downlink.ts';
import type { Region } from '../../src/contracts/region.ts';
import type { UnmeasuredRow } from '../../src/contracts/unmeasured.ts';

type Feed = { cursor: string; write(text: string): void; end(): void; ended: boolean };

export class FakeHub {
  referrals = new Map<string, Referral>();
  hubNowMs: () => number;
  signedIn = true;
  up = true;
  feeds: Feed[] = [];
  asked: string[] = [];
  bodies: unknown[] = [];
  /** Runs before a transition is judged: "another nurse was quicker". */
  beforeTransition: () => void = () => {};
  feedStatus = 200;
  /** Newest first. */
  unmeasured: UnmeasuredRow[] = [];
  unmeasuredStatus = 200;
  /** The office's list for the travel question. */
  regions: Region[] = [];
  private serial = 0;

  constructor(hubNowMs: () => number, ...cases: Referral[]) {
    this.hubNowMs = hubNowMs;
    for (const one of cases) this.referrals.set(one.caseId, one);
  }

  get live(): Feed | undefined {
    return this.feeds.findLast((feed) => !feed.ended);
  }

  send(event: FeedEvent): void {
    this.serial += 1;
    this.live?.write(`id: c${this.serial}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  /** A new or changed case, told on the feed as the hub does. */
  tell(referral: Referral, rings = true): void {
    this.referrals.set(referral.caseId, referral);
    this.send({ topic: 'referral', caseId: referral.caseId, version: referral.version, rings });
  }

  /** Somebody passed unmeasured, told on the feed as the hub does. */
  tellUnmeasured(row: UnmeasuredRow): void {
    this.unmeasured.unshift(row);
    const { entryId, station, cause, times, atWallMs } = row;
    this.send({ topic: 'unmeasured', entryId, station: station.id, cause, times, atWallMs });
  }

  fetch: typeof fetch = async (input, init) => {
    const path = String(input);
    const method = init?.method ?? 'GET';
    this.asked.push(`${method} ${path}`);
    if (!this.up) throw new TypeError('Failed to fetch');
    const body = init?.body ? (JSON.parse(String(init.body)) as Record<string, unknown>) : {};
    if (init?.body) this.bodies.push(body);
    if (path === '/hub/session') return this.session(method, body);
    if (path === '/hub/session/password') {
      const known = body.present === null || body.present === 'secret';
      return known
        ? json(200, {})
        : refuse(
            401,
            'wrong-password',
            '现在的密码不对，请重新输入。',
            'The present password is wrong: enter it again.',
          );
    }
    if (!this.signedIn) return refuse(401, 'signed-out', '请先登录。', 'Sign in first.');
    if (path === '/hub/referrals') {
      return json(200, {
        contract: 1,
        hubNowMs: this.hubNowMs(),
        cursor: `c${this.serial}`,
        referrals: [...this.referrals.values()],
      });
    }
    if (path === '/hub/unmeasured') {
      if (this.unmeasuredStatus !== 200)
        return refuse(this.unmeasuredStatus, 'trouble', '服务器出错。', 'Server trouble.');
      return json(200, { contract: 1, hubNowMs: this.hubNowMs(), unmeasured: this.unmeasured });
    }
    if (path === '/hub/notices') {
      const phones = {
        hotline: '',
        psychology: '',
        psychologyLink: '',
        security: '',
        dutyOffice: '',
        studentAffairs: '',
      };
      return json(200, { contract: 1, notices: [], phones, regions: this.regions });
    }
    if (path.startsWith('/hub/feed')) return this.feed(path, init?.signal ?? null);
    const match = /^\/hub\/referrals\/([0-9a-f-]+)(\/transition)?$/.exec(path);
    const referral = match?.[1] ? this.referrals.get(match[1]) : undefined;
    if (!referral) return refuse(404, 'unknown-case', '没有这张处置单。', 'No such case.');
    return match?.[2] ? this.transition(referral.caseId, body) : json(200, { contract: 1, referral });
  };

  private session(method: string, body: Record<string, unknown>): Response {
    if (method === 'DELETE') this.signedIn = false;
    if (method === 'POST') {
      if (body.password !== 'secret')
        return refuse(
          401,
          'wrong-password',
          '姓名或密码不对，请重新输入。',
          'Name or password is wrong: enter them again.',
        );
      this.signedIn = true;
    }
    const staff = this.signedIn ? { staffId: 's-1', name: '陈医生', role: 'nurse' } : null;
    return json(200, { contract: 1, hubNowMs: this.hubNowMs(), staff });
  }

  private transition(caseId: string, body: Record<string, unknown>): Response {
    this.beforeTransition();
    const now = this.referrals.get(caseId);
    if (!now) return refuse(404, 'unknown-case', '没有这张处置单。', 'No such case.');
    if (body.version !== now.version) return json(409, { contract: 1, referral: now });
    const at = this.hubNowMs();
    const next: Referral = { ...now, version: now.version + 1, state: body.to as Referral['state'] };
    if (body.to === 'acknowledged')
      Object.assign(next, { how: body.how, acknowledgedBy: '陈医生', acknowledgedAtMs: at });
    if (body.to === 'arrived') next.arrivedAtMs = at;
    if (body.to === 're-measured') {
      next.reMeasured = {
        atMs: at,
        centiCelsius: body.centiCelsius as number,
        site: body.site as 'axillary',
        symptoms: body.symptoms as [],
        listedRegion: body.listedRegion === true,
      };
    }
    if (body.to === 'closed') Object.assign(next, { disposition: body.disposition, closedAtMs: at });
    this.referrals.set(caseId, next);
    return json(200, { contract: 1, referral: next });
  }

  private feed(path: string, signal: AbortSignal | null): Response {
    if (this.feedStatus !== 200) return refuse(this.feedStatus, 'cursor', '游标无效。', 'Unknown cursor.');
    let control: ReadableStreamDefaultController<Uint8Array> | null = null;
    const stream = new ReadableStream<Uint8Array>({
      start: (given) => {
        control = given;
      },
    });
    const feed: Feed = {
      cursor: new URL(path, 'http://hub').searchParams.get('cursor') ?? '',
      ended: false,
      write: (text) => {
        if (!feed.ended) control?.enqueue(new TextEncoder().encode(text));
      },
      end: () => {
        if (!feed.ended) {
          feed.ended = true;
          control?.close();
        }
      },
    };
    signal?.addEventListener('abort', () => {
      feed.ended = true;
    });
    this.feeds.push(feed);
    return new Response(stream, { status: 200, headers: { 'content-type': 'text/event-stream' } });
  }
}

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}

function refuse(status: number, code: string, zh: string, en: string): Response {
  return json(status, { error: { code, zh, en } });
}
