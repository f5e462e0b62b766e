// What the bridge tells the kiosk: when it last heard the page, and what of the page the hub has not answered for.
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bridgeAt } from '../../../device/kiosk/bridge-talk.ts';
import { type UploadRequest, uploadRequest } from '../../../src/contracts/upload.ts';
import type { Envelope } from '../../../src/domain/entry.ts';
import { freePort } from '../../kit/programs.ts';
import { admission, type HubCall, type Page, pageWriter, type Rig, raw, startRig } from '../bridge-kit.ts';

let rig: Rig;
let page: Page | null = null;
const writerId = 'cccccccc-0000-4000-8000-000000000003';
/** Seqs that the hub has, and how it answers for what it is sent. */
let atHub: Set<number>;
let status: string;
let uploads: UploadRequest[];

beforeEach(async () => {
  rig = await startRig(await freePort());
  [atHub, status, uploads] = [new Set(), 'stored', []];
  rig.onHub(answerAsHub);
});
afterEach(async () => {
  page?.close();
  page = null;
  await rig.stop();
});

function answerAsHub(call: HubCall, response: ServerResponse): void {
  if (call.url !== '/hub/entries') return void response.writeHead(503).end();
  const request = uploadRequest.parse(JSON.parse(call.body)) as UploadRequest;
  const isPages = request.writerId === writerId;
  if (isPages) uploads.push(request);
  const results = request.entries.map(({ entryId, seq }) => ({ entryId, seq, status }));
  if (isPages && status !== 'set-aside') for (const { seq } of request.entries) atHub.add(seq);
  let watermark = 0;
  while (isPages && atHub.has(watermark + 1)) watermark += 1;
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ contract: 1, epoch: 'e1', hubNowMs: 1, watermark, results }));
}

async function journal(count: number): Promise<Envelope[]> {
  const write = pageWriter(writerId);
  const opened = await rig.page();
  page = opened;
  const entries = Array.from({ length: count }, () => write(admission()));
  for (const envelope of entries) {
    opened.send({ type: 'append', envelope, open: null });
    await opened.next('journaled', ({ entryId }) => entryId === envelope.entryId);
  }
  return entries;
}

it('brings what the hub lacks, in order and signed, and says that nothing is left', async () => {
  const entries = await journal(5);
  atHub = new Set([1, 2]);
  expect(await bridgeAt(rig.port).settle()).toEqual({ unsent: 0, unjournaled: 0 });
  expect(uploads.map((one) => one.entries.map(({ seq }) => seq))).toEqual([[], [3, 4, 5]]);
  expect(uploads[1]?.entries).toEqual(entries.slice(2));
  expect(uploads.every(({ receiptedSeq, epoch }) => receiptedSeq === 0 && epoch === null)).toBe(true);
  const signed = rig.hubCalls.filter(({ url, headers }) => url === '/hub/entries' && headers['mengang-signature']);
  expect(signed.length).toBe(rig.hubCalls.filter(({ url }) => url === '/hub/entries').length);
});

it('counts what was set aside as answered for', async () => {
  await journal(2);
  status = 'set-aside';
  expect(await bridgeAt(rig.port).settle()).toEqual({ unsent: 0, unjournaled: 0 });
});

it('does not know when the hub is away, refuses, or answers for nothing', async () => {
  await journal(2);
  rig.onHub((_call, response) => void response.writeHead(503).end());
  expect(await bridgeAt(rig.port).settle()).toEqual({ unsent: null, unjournaled: 0 });
  rig.onHub((_call, response) => void response.writeHead(200).end('<html>sign in to the wireless network</html>'));
  expect(await bridgeAt(rig.port).settle()).toEqual({ unsent: null, unjournaled: 0 });
  rig.onHub((_call, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ contract: 1, epoch: 'e1', hubNowMs: 1, watermark: 1, results: [] }));
  });
  expect(await bridgeAt(rig.port).settle()).toEqual({ unsent: 1, unjournaled: 0 });
});

it('says how much the page has that the journal does not', async () => {
  await journal(2);
  page?.send({ type: 'hello', contract: 1, writer: { writerId, seq: 7, hash: '0'.repeat(64) } });
  const talk = bridgeAt(rig.port);
  await expect.poll(async () => (await talk.health())?.unjournaled).toBe(5);
  expect(await talk.settle()).toEqual({ unsent: 0, unjournaled: 5 });
});

it('tells when the page was last heard; pongs of its browser do not count', async () => {
  const talk = bridgeAt(rig.port);
  expect(await talk.health()).toEqual({ connected: false, lastHeardMs: null, unjournaled: 0 });
  const opened = await rig.page();
  page = opened;
  await expect.poll(async () => (await talk.health())?.lastHeardMs).not.toBeNull();
  const before = (await talk.health())?.lastHeardMs ?? 0;
  opened.socket.pong();
  opened.socket.ping();
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect((await talk.health())?.lastHeardMs).toBeGreaterThanOrEqual(before + 390);
  opened.send({ type: 'ping', id: 1 });
  await opened.next('pong');
  expect((await talk.health())?.lastHeardMs).toBeLessThan(before + 390);
  opened.close();
  await expect.poll(async () => (await talk.health())?.connected).toBe(false);
});

it('answers no other site, no other host and no GET', async () => {
  const own = { Host: `localhost:${rig.port}` };
  const knock = async (headers: Record<string, string>, method = 'POST') =>
    (await raw(rig.port, '/kiosk/settle', headers, method)).status;
  expect(await knock({ ...own, Origin: rig.origin })).toBe(200);
  expect(await knock(own)).toBe(403);
  expect(await knock({ ...own, Origin: 'null' })).toBe(403);
  expect(await knock({ ...own, Origin: 'http://evil.example' })).toBe(403);
  expect(await knock({ ...own, Origin: rig.origin, 'Sec-Fetch-Site': 'cross-site' })).toBe(403);
  expect(await knock({ Host: 'evil.example', Origin: rig.origin })).toBe(421);
  expect(await knock({ ...own, Origin: rig.origin }, 'GET')).toBe(405);
});

it('gives no health where nobody listens', async () => {
  const talk = bridgeAt(await freePort());
  expect([await talk.health(), await talk.settle()]).toEqual([null, null]);
});
