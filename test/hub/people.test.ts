// People at a real hub: found by letters, changed with questions due, cards lost and given out, orders with companions, and deltas that
// stay small with 50,000 on the roster.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bar, downlinkAnswer } from '../../src/contracts/downlink.ts';
import { ordersAnswer, peopleAnswer, personAnswer } from '../../src/contracts/people.ts';
import { addDays, campusDay, dayMs } from '../../src/domain/campus-day.ts';
import { readFeed, startTestHub, type TestHub } from '../kit/hub.ts';

let hub: TestHub;
let office: string;
let nurse: string;
let guard: string;
beforeAll(async () => {
  hub = await startTestHub();
  [office, nurse, guard] = [await hub.signIn('office'), await hub.signIn('nurse'), await hub.signIn('guard')];
  const csv = [
    'personId,name,category,unit,room,uid,presence',
    '2019001,张三,本科生,计算机学院,3-402,01AA,away',
    '2019002,张思远,本科生,环境学院,3-403,02AA,',
    '2019003,Li Ming,留学生,环境学院,,03AA,',
    '1001,欧阳修,教职工,后勤处,,04AA;05AA,',
    '9001,100%_\\,家属,家属区,,,',
  ].join('\n');
  expect((await hub.call('hub/roster/import', { cookie: office, raw: csv })).status).toBe(200);
});
afterAll(() => hub?.stop());

const today = () => campusDay(hub.clock.nowMs());
const find = async (q: string, after = '') =>
  peopleAnswer.parse((await hub.call(`hub/people?q=${encodeURIComponent(q)}&after=${after}`, { cookie: office })).body);
const sheet = async (id: string, cookie = office) =>
  personAnswer.parse((await hub.call(`hub/people/sheet?id=${encodeURIComponent(id)}`, { cookie })).body);
const put = async (id: string, body: object, version?: number) =>
  hub.call('hub/people/sheet', {
    ...{ cookie: office, method: 'PUT' },
    body: { personId: id, version: version ?? (await sheet(id)).person.version, ...body },
  });
const post = (path: string, body: object, cookie = office) => hub.call(`hub/${path}`, { cookie, body });
const down = async (version = 0) =>
  downlinkAnswer.parse((await hub.call(`hub/downlink?rosterVersion=${version}`, { token: hub.station.token })).body);
const barOf = async (id: string): Promise<Bar | undefined> =>
  (await down()).bars.find(({ personId }) => personId === id);
const entriesOf = async (kind: string) => {
  const rows = await hub.hub.pool.query('select bytes from entries where kind = $1 order by received_ms, seq', [kind]);
  return rows.rows.map(({ bytes }) => JSON.parse(bytes));
};

describe('finding people', () => {
  it.each([
    ['zs', ['2019001', '2019002']],
    ['ZSAN', []],
    ['ZSY', ['2019002']],
    ['zhangs', ['2019001', '2019002']],
    ['zhang san', ['2019001']],
    ['oyx', ['1001']],
    ['张', ['2019001', '2019002']],
    ['思', ['2019002']],
    ['li m', ['2019003']],
    ['2019', ['2019001', '2019002', '2019003']],
    ['１００１', ['1001']],
    ['%_\\', ['9001']],
    ['_', ['9001']],
    ["' or 1=1 --", []],
  ])('%s finds %j', async (q, ids) => expect((await find(q)).people.map(({ personId }) => personId)).toEqual(ids));

  it('writes down whom it showed to whom, and nothing else does', async () => {
    await find('oyx');
    await sheet('1001');
    const rows = await hub.hub.pool.query(
      "select what, target from reads where what in ('people', 'person') order by at_ms",
    );
    expect(rows.rows.slice(-2)).toEqual([
      { what: 'people', target: '1001' },
      { what: 'person', target: '1001' },
    ]);
  });

  it('is for who may: a guard finds nobody, an unknown number is 404, an empty question 400', async () => {
    expect((await hub.call('hub/people?q=zs', { cookie: guard })).status).toBe(403);
    expect((await hub.call('hub/people?q=zs')).status).toBe(401);
    expect((await hub.call('hub/people?q=%20', { cookie: office })).status).toBe(400);
    expect((await hub.call('hub/people/sheet?id=nobody', { cookie: office })).status).toBe(404);
    expect((await hub.call('hub/people/sheet?id=%00', { cookie: office })).status).toBe(404);
  });
});

describe('presence, whereabouts and leave', () => {
  it('grants return: the gate lets the card pass and asks the questions; the entry names who did it, no name', async () => {
    const before = (await down()).roster.version;
    expect((await put('2019001', { presence: 'granted' })).status).toBe(200);
    const { people, full } = (await down(before)).roster;
    expect(full).toBe(false);
    expect(people).toMatchObject([{ personId: '2019001', presence: 'granted', questionsDue: true }]);
    const change = (await entriesOf('person-change')).at(-1);
    expect(change).toMatchObject({ personId: '2019001', changes: { presence: 'granted', questionsDue: true } });
    expect(change.by).toMatch(/^sf-/);
    expect(JSON.stringify(change)).not.toContain('张三');
  });

  it('keeps whereabouts with their days; one through Hubei is asked; crossed days and an old sheet are refused', async () => {
    const old = (await sheet('2019002')).person.version;
    const where = { code: 'through-hubei', since: '2020-02-20', until: '2020-02-22' };
    expect((await put('2019002', { where }, old)).status).toBe(200);
    expect((await sheet('2019002')).person).toMatchObject({ where, questionsDue: true });
    expect((await put('2019002', { homeOnCampus: true }, old)).status).toBe(409);
    expect((await put('2019002', { where: { ...where, until: '2020-02-01' } })).status).toBe(422);
    expect((await put('2019002', { where: { ...where, code: 'moon' } })).status).toBe(400);
    expect((await put('2019003', { homeOnCampus: true })).status).toBe(200);
    expect((await down()).roster.people.find(({ personId }) => personId === '2019003')?.closedIn).toBe(true);
  });

  it('approves leave and takes it back', async () => {
    const leave = {
      change: 'approve',
      personId: '2019002',
      fromDay: today(),
      toDay: addDays(today(), 3),
      reason: '回家',
    };
    expect((await post('people/leaves', leave)).status).toBe(200);
    const [row] = (await sheet('2019002')).person.leaves;
    expect(row).toMatchObject({ fromDay: today(), reason: '回家' });
    expect((await post('people/leaves', { ...leave, toDay: addDays(today(), -1) })).status).toBe(422);
    for (let i = 0; i < 2; i++)
      expect(
        (await post('people/leaves', { change: 'cancel', personId: '2019002', leaveId: row?.leaveId })).status,
      ).toBe(200);
    expect((await sheet('2019002')).person.leaves).toEqual([]);
    const told = (await entriesOf('person-change')).map(({ changes }) => changes.leave).filter(Boolean);
    expect(told).toEqual(['approved', 'cancelled']);
  });
});

describe('cards', () => {
  it('a lost card leaves its person at every gate within a delta, and no import brings it back', async () => {
    const before = (await down()).roster.version;
    const [card] = (await sheet('1001')).person.cards;
    expect(card?.tail).toBe('04AA');
    const events = await readFeed(
      hub.url,
      { token: hub.station.token },
      (seen) => seen.some(({ event }) => event.topic === 'roster' && event.version > before),
      async () => {
        const done = await post('people/cards', { change: 'lost', personId: '1001', ref: card?.ref });
        expect(done.status).toBe(200);
      },
    );
    expect(events.length).toBeGreaterThan(0);
    const [row] = (await down(before)).roster.people;
    expect(row).toMatchObject({ personId: '1001', cards: ['uid:05AA'], lost: ['uid:04AA'] });
    const csv = 'personId,name,category,unit,uid\n1001,欧阳修,教职工,后勤处,04AA;05AA\n2,某人,x,y,zz';
    expect((await hub.call('hub/roster/import?acceptValidRows=yes', { cookie: office, raw: csv })).status).toBe(200);
    expect((await sheet('1001')).person.cards.map(({ tail }) => tail)).toEqual(['05AA']);
    expect((await sheet('1001')).person.lost.map(({ tail }) => tail)).toEqual(['04AA']);
    const told = (await entriesOf('person-change')).at(-1);
    expect(told.changes).toEqual({ card: 'lost', tail: '04AA' });
  });

  it('gives a new one to one person at a time, and takes a found one back', async () => {
    const issue = (personId: string, number: string) =>
      post('people/cards', { change: 'issue', personId, kind: 'uid', number });
    expect((await issue('1001', '06:bb')).status).toBe(200);
    expect((await issue('1001', '06BB')).status).toBe(200);
    expect((await issue('2019002', '06bb')).body).toMatchObject({ error: { code: 'person-card-taken' } });
    expect((await issue('2019002', '04AA')).body).toMatchObject({ error: { code: 'card-lost' } });
    expect((await issue('2019002', 'XYZ')).body).toMatchObject({ error: { code: 'card-unreadable' } });
    const [lost] = (await sheet('1001')).person.lost;
    expect((await post('people/cards', { change: 'found', personId: '1001', ref: lost?.ref })).status).toBe(200);
    expect((await sheet('1001')).person.cards.map(({ tail }) => tail)).toEqual(['05AA', '06BB', '04AA']);
    expect((await post('people/cards', { change: 'lost', personId: '1001', ref: '0'.repeat(64) })).status).toBe(404);
    expect((await post('people/cards', { change: 'lost', personId: '1001', ref: lost?.ref }, nurse)).status).toBe(403);
  });
});

describe('orders of the office', () => {
  const list = async (which = 'in-force') =>
    ordersAnswer.parse((await hub.call(`hub/office/orders?list=${which}`, { cookie: office })).body);

  it('bars a person and their companions as rows of one order, all or none', async () => {
    const order = { change: 'begin', personId: '1001', order: 'home', days: 14, reason: '返京' };
    expect((await post('orders', { ...order, companions: ['2019003', 'nobody'] })).status).toBe(404);
    expect(await barOf('1001')).toBeUndefined();
    expect((await post('orders', { ...order, companions: ['2019003', '1001'] })).status).toBe(200);
    const bars = [await barOf('1001'), await barOf('2019003')];
    for (const bar of bars)
      expect(bar).toMatchObject({ order: 'home', orderDay: 1, beginDay: today(), untilDay: addDays(today(), 14) });
    const { orders } = await list();
    const lead = orders.find(({ personId }) => personId === '1001');
    expect(orders.find(({ personId }) => personId === '2019003')?.leadOrderId).toBe(lead?.orderId);
    expect((await entriesOf('order')).slice(-1)).toMatchObject([{ personId: '2019003', lead: lead?.orderId }]);
    expect((await post('orders', { ...order, change: 'end', companions: ['2019003'] })).status).toBe(200);
    expect([await barOf('1001'), await barOf('2019003')]).toEqual([undefined, undefined]);
    expect((await sheet('2019003')).person.questionsDue).toBe(true);
  });

  it('begins isolation, which only a nurse ends; it is due for release after its last day and bars all the same', async () => {
    const order = { change: 'begin', personId: '2019003', order: 'isolation', days: 1, reason: '途经湖北' };
    expect((await post('orders', order)).status).toBe(200);
    expect((await post('orders', { ...order, change: 'end' })).body).toMatchObject({ error: { code: 'order-nurse' } });
    hub.clock.addMs(dayMs);
    [office, nurse] = [await hub.signIn('office'), await hub.signIn('nurse')];
    expect((await list('ending')).orders).toMatchObject([{ personId: '2019003', due: false, orderDay: 1 }]);
    hub.clock.addMs(dayMs);
    [office, nurse] = [await hub.signIn('office'), await hub.signIn('nurse')];
    const due = await list('due');
    expect(due.counts).toMatchObject({ due: 1, ending: 0 });
    expect(due.orders).toMatchObject([{ personId: '2019003', due: true, orderDay: 2 }]);
    expect(await barOf('2019003')).toMatchObject({ order: 'isolation' });
    expect((await sheet('2019003', nurse)).orders).toHaveLength(1);
    expect((await post('orders', { ...order, change: 'end', reason: '期满' }, nurse)).status).toBe(200);
    expect(await barOf('2019003')).toBeUndefined();
    expect((await list('due')).orders).toEqual([]);
  });
});

describe('50,000 people', () => {
  it('a lost card is a delta of one row; a page of search comes at once', async () => {
    await hub.hub.pool.query(
      `insert into people (person_id, name, category, unit, presence, version, name_keys, cards)
       select 'B' || lpad(n::text, 6, '0'), '王' || n, '本科生', '计算机学院', 'on-campus', (select roster_version from meta), 'w wang',
         array['uid:' || upper(lpad(to_hex(n + 1048576), 8, '0'))] from generate_series(1, 50000) n`,
    );
    await hub.hub.pool.query(
      `insert into cards (card_key, person_id) select cards[1], person_id from people where person_id like 'B%'`,
    );
    const before = (await down()).roster.version;
    const startMs = performance.now();
    const found = await find('w');
    console.info(`a page of 50,000 in ${Math.round(performance.now() - startMs)} ms`);
    expect(found.people).toHaveLength(20);
    expect((await find('w', found.next ?? '')).people[0]?.personId).toBe('B000021');
    const [card] = (await sheet('B025000')).person.cards;
    expect((await post('people/cards', { change: 'lost', personId: 'B025000', ref: card?.ref })).status).toBe(200);
    const answer = await hub.call(`hub/downlink?rosterVersion=${before}`, { token: hub.station.token });
    const { roster } = downlinkAnswer.parse(answer.body);
    expect(roster.people.map(({ personId }) => personId)).toEqual(['B025000']);
    const bytes = JSON.stringify(roster).length;
    console.info(`delta of one lost card among 50,000: ${bytes} bytes`);
    expect(bytes).toBeLessThan(1_000);
  });
});
