// Notices and telephone numbers at a real hub: published by the office, fetched by gates, read by people, taken down.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { downlinkAnswer } from '../../src/contracts/downlink.ts';
import { noticesAnswer, officeNoticesAnswer } from '../../src/contracts/notice.ts';
import { addDays, campusDay, dayMs } from '../../src/domain/campus-day.ts';
import { readFeed, startTestHub, type TestHub } from '../kit/hub.ts';

let hub: TestHub;
let office: string;
let nurse: string;
let guard: string;
beforeAll(async () => {
  hub = await startTestHub();
  [office, nurse, guard] = [await hub.signIn('office'), await hub.signIn('nurse'), await hub.signIn('guard')];
});
afterAll(() => hub?.stop());

const today = () => campusDay(hub.clock.nowMs());
const notice = (given: object = {}) => ({
  zh: { title: '进校请戴口罩', text: '进入校园请全程佩戴口罩。' },
  en: { title: 'Wear a mask', text: 'Wear a mask on campus at all times.' },
  audience: 'both',
  untilDay: addDays(today(), 3),
  ...given,
});
const publish = async (given: object = {}) => hub.call('hub/office/notices', { cookie: office, body: notice(given) });
const idOf = (answer: { body: unknown }) => (answer.body as { noticeId: string }).noticeId;
const gateSees = async () => {
  const answer = await hub.call('hub/downlink?rosterVersion=0', { token: hub.station.token });
  return downlinkAnswer.parse(answer.body);
};
const roundsSee = async (cookie: string) =>
  noticesAnswer.parse((await hub.call('hub/notices', { cookie })).body).notices;
const listed = async () => officeNoticesAnswer.parse((await hub.call('hub/office/notices', { cookie: office })).body);

it('hands a notice to gates and rounds by its audience, tells the feed, and counts who has it', async () => {
  const events = await readFeed(
    hub.url,
    { token: hub.station.token },
    (seen) => seen.some(({ event }) => event.topic === 'notices'),
    async () => void (await publish()),
  );
  expect(events.map(({ event }) => event.topic)).toContain('notices');
  await publish({ audience: 'gates', zh: { title: '仅门岗', text: '北门 22 时关闭。' }, en: null });
  await publish({ audience: 'rounds', zh: { title: '仅查寝', text: '今晚早测提前。' } });
  expect((await gateSees()).notices?.map(({ zh }) => zh.title)).toEqual(['仅门岗', '进校请戴口罩']);
  expect((await gateSees()).notices?.[0]?.en).toBeNull();
  const seen = await roundsSee(nurse);
  expect(seen.map(({ zh, read }) => [zh.title, read])).toEqual([
    ['仅查寝', false],
    ['进校请戴口罩', false],
  ]);
  for (let i = 0; i < 2; i++)
    expect((await hub.call(`hub/notices/${seen[1]?.noticeId}/read`, { cookie: nurse, method: 'POST' })).status).toBe(
      200,
    );
  expect((await roundsSee(nurse)).map(({ read }) => read)).toEqual([false, true]);
  expect((await roundsSee(guard)).map(({ read }) => read)).toEqual([false, false]);
  const { notices, stations } = await listed();
  expect(stations).toBe(1);
  expect(notices.map(({ zh, gates, readers }) => [zh.title, gates, readers])).toEqual([
    ['仅查寝', 0, 0],
    ['仅门岗', 1, 0],
    ['进校请戴口罩', 1, 1],
  ]);
});

it('ends on its last campus day at 24:00, or when it is taken down', async () => {
  const short = idOf(await publish({ untilDay: today(), zh: { title: '今天', text: '仅今天。' } }));
  const long = idOf(await publish({ zh: { title: '以后', text: '三天。' } }));
  const titles = async () => (await gateSees()).notices?.map(({ zh }) => zh.title);
  expect(await titles()).toContain('今天');
  hub.clock.addMs(dayMs);
  // Sessions are shorter than a day.
  [office, nurse] = [await hub.signIn('office'), await hub.signIn('nurse')];
  expect(await titles()).not.toContain('今天');
  expect(await titles()).toContain('以后');
  for (let i = 0; i < 2; i++)
    expect((await hub.call(`hub/office/notices/${long}/end`, { cookie: office, method: 'POST' })).status).toBe(200);
  expect(await titles()).not.toContain('以后');
  const rows = await hub.hub.pool.query("select bytes from entries where kind = 'notice' order by seq");
  const bodies = rows.rows.map(({ bytes }) => JSON.parse(bytes));
  expect(bodies.filter(({ noticeId }) => noticeId === long).map(({ change }) => change)).toEqual(['publish', 'end']);
  expect(bodies.some(({ noticeId }) => noticeId === short)).toBe(true);
  expect(JSON.stringify(bodies)).not.toContain('仅今天');
});

it('refuses a day in the past, a stranger, a link that is no https address, and an unknown notice', async () => {
  expect((await publish({ untilDay: addDays(today(), -1) })).status).toBe(422);
  expect((await publish({ zh: { title: '', text: 'x' } })).status).toBe(400);
  expect((await hub.call('hub/office/notices', { cookie: nurse, body: notice() })).status).toBe(403);
  expect((await hub.call('hub/notices')).status).toBe(401);
  expect((await hub.call('hub/notices/nonsense/read', { cookie: nurse, method: 'POST' })).status).toBe(404);
  const phones = {
    ...{ hotline: '010-5555 1234', psychology: '8199', psychologyLink: 'https://xl.example.edu.cn' },
    ...{ security: '8110', dutyOffice: '8000', studentAffairs: '8200' },
  };
  const was = officeNoticesAnswer.parse((await hub.call('hub/office/notices', { cookie: office })).body).phones;
  const put = (to: object) =>
    hub.call('hub/office/phones', { cookie: office, method: 'PUT', body: { phones: to, was } });
  expect((await put({ ...phones, psychologyLink: 'javascript:alert(1)' })).status).toBe(400);
  expect((await put(phones)).status).toBe(200);
  expect((await gateSees()).phones).toEqual(phones);
  // Somebody who still had the empty numbers on the screen.
  expect((await put({ ...phones, hotline: '120' })).body).toMatchObject({ error: { code: 'list-moved' } });
  expect((await gateSees()).phones).toEqual(phones);
});
