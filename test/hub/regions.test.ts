// The office's list of regions at a real hub: stored as a whole, told to gates and clinic, an entry of the hub's own, refused when it
// is out of bounds or comes from somebody else.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { downlinkAnswer } from '../../src/contracts/downlink.ts';
import { noticesAnswer, officeNoticesAnswer } from '../../src/contracts/notice.ts';
import { limits } from '../../src/contracts/region.ts';
import { canonicalJson } from '../../src/domain/canonical-json.ts';
import { readFeed, startTestHub, type TestHub } from '../kit/hub.ts';

let hub: TestHub;
let office: string;
let nurse: string;
beforeAll(async () => {
  hub = await startTestHub();
  [office, nurse] = [await hub.signIn('office'), await hub.signIn('nurse')];
});
afterAll(() => hub?.stop());

const put = async (regions: unknown, cookie = office, was?: unknown) =>
  hub.call('hub/office/regions', { cookie, method: 'PUT', body: { regions, was: was ?? (await gateSees()) } });
const gateSees = async () =>
  downlinkAnswer.parse((await hub.call('hub/downlink?rosterVersion=0', { token: hub.station.token })).body).regions;
const list = [
  { zh: '武汉', en: 'Wuhan' },
  { zh: '境外 某地', en: '' },
];
const names = (count: number, chars = 4) =>
  Array.from({ length: count }, (_, n) => ({ zh: String(n).padStart(chars, '省'), en: '' }));

it('is empty at first, stands at gates, office and clinic within a hint of the feed, and is an entry', async () => {
  expect(await gateSees()).toEqual([]);
  const events = await readFeed(
    hub.url,
    { token: hub.station.token },
    (seen) => seen.some(({ event }) => event.topic === 'notices'),
    async () => expect((await put(list)).body).toEqual({ contract: 1, regions: list }),
  );
  expect(events.map(({ event }) => event.topic)).toContain('notices');
  expect(await gateSees()).toEqual(list);
  const asOffice = await hub.call('hub/office/notices', { cookie: office });
  expect(officeNoticesAnswer.parse(asOffice.body).regions).toEqual(list);
  expect(noticesAnswer.parse((await hub.call('hub/notices', { cookie: nurse })).body).regions).toEqual(list);
  expect((await put([])).status).toBe(200);
  expect(await gateSees()).toEqual([]);
  const rows = await hub.hub.pool.query<{ bytes: string }>(
    "select bytes from entries where kind = 'regions' order by seq",
  );
  const told = rows.rows.map(({ bytes }) => JSON.parse(bytes));
  expect(told.map(({ document }) => document)).toEqual([canonicalJson(list), '[]']);
  expect(told[0].by).toBeTruthy();
});

it('takes as many and as long names as it may, and an entry holds them', async () => {
  const most = names(limits.regions, limits.nameChars).map(({ zh }) => ({ zh, en: `${zh.slice(0, 39)}x` }));
  expect((await put(most)).status).toBe(200);
  expect(await gateSees()).toEqual(most);
});

it.each([
  ['one too many', names(limits.regions + 1)],
  ['a name too long', names(1, limits.nameChars + 1)],
  ['an English name too long', [{ zh: '武汉', en: 'x'.repeat(limits.nameChars + 1) }]],
  ['an empty name', [{ zh: '', en: 'Wuhan' }]],
  ['a blank at the end', [{ zh: '武汉 ', en: '' }]],
  ['a bar', [{ zh: '武汉|黄冈', en: '' }]],
  ['a character that no database stores', [{ zh: '武\u0000汉', en: '' }]],
  ['a character that turns the line around', [{ zh: '武汉', en: 'Wu\u202ehan' }]],
  ['half a character', [{ zh: '\ud800', en: '' }]],
  ['a name twice', [...list, { zh: '武汉', en: '' }]],
  ['no English field', [{ zh: '武汉' }]],
  ['no list', null],
])('refuses %s and keeps what stood there', async (_what, regions) => {
  const before = await gateSees();
  expect([(await put(regions)).status, await gateSees()]).toEqual([400, before]);
});

it('is not overwritten by somebody who had not seen the last change', async () => {
  await put([]);
  const [first, second] = await Promise.all([put(list, office, []), put([{ zh: '温州', en: '' }], office, [])]);
  const kept = first.status === 200 ? list : [{ zh: '温州', en: '' }];
  expect([first.status, second.status].sort()).toEqual([200, 409]);
  expect((first.status === 200 ? second : first).body).toMatchObject({ error: { code: 'list-moved' } });
  expect(await gateSees()).toEqual(kept);
});

it('is changed by office and administrator alone', async () => {
  for (const role of ['nurse', 'student-affairs', 'auditor', 'security'] as const) {
    const refused = await put(list, await hub.signIn(role));
    expect([refused.status, refused.body]).toMatchObject([
      403,
      { error: { code: 'role-missing', details: ['regions.change'] } },
    ]);
  }
  expect((await put(list, await hub.signIn('admin'))).status).toBe(200);
});
