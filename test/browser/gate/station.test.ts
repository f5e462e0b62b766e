// The station in a real Chromium over a real IndexedDB, with a bridge and a hub in memory: reload, lost store, hub away.
import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyChain } from '../../../src/domain/chain.ts';
import type { Entry } from '../../../src/domain/entry.ts';
import { createStation, type RunningStation } from '../../../src/gate/station.ts';
import { takePageLock } from '../../../src/store/page-lock.ts';
import { pageClocks } from '../../../src/sync/timers.ts';
import { type FakeBridge, fakeBridge } from '../../kit/fake-bridge.ts';
import { type FakeHub, fakeHub } from '../../kit/fake-hub.ts';
import { checkBody, feverBody, readingOf } from '../../kit/some-entries.ts';

let bridge: FakeBridge;
let hub: FakeHub;
let name = '';
let count = 0;
let running: RunningStation[] = [];
let faults: unknown[] = [];

beforeEach(() => {
  name = `station-${++count}`;
  bridge = fakeBridge(pageClocks);
  hub = fakeHub();
  hub.people = [1, 2].map((n) => ({
    personId: `p-${n}`,
    name: `N${n}`,
    category: 'student',
    unit: 'u',
    room: null,
    cards: [`uid:0${n}`, `printed:00${n}`],
    presence: 'on-campus',
    questionsDue: false,
    closedIn: true,
    closedOut: false,
    contact: 'x',
    gone: false,
  }));
  faults = [];
});
afterEach(async () => {
  for (const one of running) one.stop();
  running = [];
  await deleteDB(name);
});

async function start(): Promise<RunningStation> {
  const station = await createStation({
    fetch: (input, init) => hub.fetch(input, init),
    connect: (on) => bridge.connect(on),
    clocks: pageClocks,
    random: () => 0.01,
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    lock: await takePageLock(name, pageClocks.after),
    databaseName: name,
    onFault: (error) => faults.push(error),
  });
  running.push(station);
  return station;
}
function stop(station: RunningStation): void {
  station.stop();
  running = running.filter((one) => one !== station);
}
const ready = (station: RunningStation) =>
  expect
    .poll(
      () => station.state().bridge === 'online' && station.state().roster.ready && station.state().queue.count === 0,
    )
    .toBe(true);
const kinds = () => hub.rows.map((row) => (JSON.parse(row.bytes) as Entry).kind);

describe('station', () => {
  it('a check is saved in both places, pulsed by the bridge, and its receipt empties the queue', async () => {
    const station = await start();
    await ready(station);
    const recorded = station.record(checkBody(), { notAfterMs: performance.now() + 1_000 });
    expect(await recorded.final).toBe('saved');
    expect(await recorded.pulse).toBe('sent');
    await expect.poll(() => station.state().queue.count).toBe(0);
    expect(kinds()).toEqual(['writer-start', 'check']);
    expect(station.state().todayCount).toBe(1);
    expect(station.state().hub.state).toBe('online');
    expect(station.state().policy.version).toBe(3);
    expect(faults).toEqual([]);
  });

  it('facts come from the roster by either number; two different people are nobody', async () => {
    const station = await start();
    await ready(station);
    expect(station.factsOf({ uid: '01', printed: null })).toMatchObject({
      personId: 'p-1',
      caseOpen: false,
      order: null,
    });
    expect(station.factsOf({ uid: null, printed: '002' })?.personId).toBe('p-2');
    expect(station.factsOf({ uid: '01', printed: '001' })?.personId).toBe('p-1');
    expect(station.factsOf({ uid: '01', printed: '002' })).toBeNull();
    expect(station.factsOf({ uid: '09', printed: null })).toBeNull();
  });

  it('whoever was referred is barred at once, over a reload with everything away, until the clinic closes the case', async () => {
    let station = await start();
    await ready(station);
    const recorded = station.record(feverBody());
    expect(recorded.caseNo).toBe('G01-0001');
    expect(station.factsOf({ uid: '01', printed: null })?.caseOpen).toBe(true);
    await recorded.final;
    await expect.poll(() => station.state().cases.get(recorded.entryId)?.delivered).toBe(true);
    hub.bars = [{ personId: 'p-1', order: null, orderDay: null, untilDay: null, caseId: recorded.entryId }];
    hub.up = false;
    bridge.up = false;
    stop(station);
    station = await start();
    expect(station.factsOf({ uid: '01', printed: null })?.caseOpen).toBe(true);
    expect(station.state().cases.get(recorded.entryId)).toMatchObject({ caseNo: 'G01-0001', delivered: true });
    hub.up = true;
    station.hurry();
    await expect.poll(() => station.state().hub.state).toBe('online');
    const word = {
      topic: 'case',
      caseId: recorded.entryId,
      station: 's',
      how: null,
      by: 'nurse',
      disposition: null,
    } as const;
    await expect.poll(() => hub.cursors.length).toBe(2);
    hub.tell({ ...word, state: 'acknowledged', how: 'nurse-comes', version: 2 });
    await expect.poll(() => station.state().cases.get(recorded.entryId)?.state).toBe('acknowledged');
    hub.bars = [];
    hub.tell({ topic: 'bar', personId: 'p-1', bar: null });
    hub.tell({ ...word, state: 'closed', disposition: 'cleared', version: 4 });
    await expect.poll(() => station.factsOf({ uid: '01', printed: null })?.caseOpen).toBe(false);
  });

  it('with the hub away 60 entries wait, are counted, and reach it once each and in order', async () => {
    const station = await start();
    await ready(station);
    hub.up = false;
    for (let i = 0; i < 60; i++) await station.record(checkBody()).final;
    expect(station.state().queue.count).toBe(60);
    expect(station.state().queue.oldestWallMs).toBeGreaterThan(Date.now() - 60_000);
    hub.up = true;
    station.uploadNow();
    await expect.poll(() => station.state().queue.count).toBe(0);
    expect(hub.rows.map((row) => row.seq)).toEqual(Array.from({ length: 61 }, (_, i) => i + 1));
    expect(verifyChain(hub.rows)).toBeNull();
    expect(hub.answered.every((status) => status === 'stored')).toBe(true);
  });

  it('a deleted store is taken back from the journal: the unsent reach the hub once, and case numbers go on', async () => {
    let station = await start();
    await ready(station);
    hub.up = false;
    for (let i = 0; i < 80; i++) await station.record(checkBody()).final;
    const fever = station.record(feverBody({ personId: 'p-2' }));
    await fever.final;
    for (let i = 81; i < 150; i++) await station.record(checkBody()).final;
    stop(station);
    await deleteDB(name);
    hub.up = true;
    // As the hub does as soon as it has the fever: what it bars no longer, it has closed.
    hub.bars = [{ personId: 'p-2', order: null, orderDay: null, untilDay: null, caseId: fever.entryId }];
    station = await start();
    await expect.poll(() => station.state().storage).toEqual({ state: 'restored', code: 'E-55' });
    await expect.poll(() => station.state().queue.count).toBe(0);
    expect(kinds().filter((kind) => kind === 'check')).toHaveLength(150);
    const start2 = hub.rows
      .map((row): Entry => JSON.parse(row.bytes))
      .find((one) => one.kind === 'writer-start' && one.cause === 'store-lost');
    expect(start2).toMatchObject({ before: [...bridge.journal.keys()][0] });
    expect(new Set(hub.rows.map((row) => row.entryId)).size).toBe(hub.rows.length);
    expect(station.factsOf({ uid: '02', printed: null })?.caseOpen).toBe(true);
    const again = station.record(feverBody());
    expect(again.caseNo).toBe('G01-0002');
    expect(await again.final).toBe('saved');
  });

  it('a reload goes on with the same writer and counts on; nothing is sent twice', async () => {
    let station = await start();
    await ready(station);
    await station.record(checkBody()).final;
    await expect.poll(() => station.state().queue.count).toBe(0);
    stop(station);
    station = await start();
    await ready(station);
    expect(station.state().todayCount).toBe(1);
    await station.record(checkBody()).final;
    await expect.poll(() => hub.rows.length).toBe(3);
    expect(new Set(hub.rows.map((row) => row.writerId)).size).toBe(1);
    expect(hub.answered).toEqual(['stored', 'stored', 'stored']);
    expect(verifyChain([...bridge.journal.values()][0] ?? [])).toBeNull();
  });

  it('a measurement left off goes on after a reload with everything away, and after a lost store', async () => {
    let station = await start();
    await ready(station);
    await station.record(checkBody({ personId: 'p-2' })).final;
    await station.record(checkBody({ verdict: 'again', reason: 'low', tries: 2, readings: [readingOf()] })).final;
    const left = { topic: 'measurement', personId: 'p-1', tries: 2 };
    const told: unknown[] = [];
    hub.up = false;
    bridge.up = false;
    stop(station);
    station = await start();
    station.onTold((event) => told.push(event));
    const last = { reason: 'low', byContact: false, site: 'forehead' };
    expect(told).toMatchObject([{ ...left, last }]);
    expect(told).toMatchObject([{ hubMs: expect.toSatisfy((ms: number) => Math.abs(ms - Date.now()) < 60_000) }]);
    stop(station);

    await deleteDB(name);
    told.length = 0;
    bridge.up = true;
    station = await start();
    station.onTold((event) => told.push(event));
    await expect.poll(() => told.length).toBe(1);
    expect(told).toMatchObject([{ ...left, last }]);
    expect(faults).toEqual([]);
  });

  it('details of a visitor that were kept while the hub was away reach it after a restart, once, with no room opened', async () => {
    let station = await start();
    await ready(station);
    hub.up = false;
    const details = { visitorId: crypto.randomUUID(), name: '王先生', phone: '13800000000', hostUnit: '后勤处' };
    await station.keepVisitor({ ...details, purpose: 'repair', expiresDay: '2026-11-24' });
    stop(station);
    station = await start();
    expect(hub.visitors).toEqual([]);
    hub.up = true;
    station.hurry();
    await expect.poll(() => hub.visitors.map(({ visitorId }) => visitorId)).toEqual([details.visitorId]);
    station.hurry();
    await ready(station);
    expect(hub.visitors).toHaveLength(1);
    expect(faults).toEqual([]);
  });

  it('a second page says so and records nothing', async () => {
    await start();
    const second = await start();
    expect(second.state().storage.state).toBe('second-page');
    expect(await second.record(checkBody()).first).toBe('none');
    expect(bridge.connections).toBeLessThanOrEqual(1);
  });

  it('the list of regions comes with the hub’s hint, outlives a reload with everything away, and ends when the office empties it', async () => {
    const list = [
      { zh: '武汉', en: 'Wuhan' },
      { zh: '黄冈', en: '' },
    ];
    let station = await start();
    await ready(station);
    expect(station.state().regions).toEqual([]);
    hub.regions = list;
    await expect.poll(() => hub.cursors.length).toBe(1);
    hub.tell({ topic: 'notices' });
    await expect.poll(() => station.state().regions).toEqual(list);
    await new Promise((done) => setTimeout(done, 100));
    hub.up = false;
    bridge.up = false;
    stop(station);
    station = await start();
    expect(station.state().regions).toEqual(list);
    hub.regions = [];
    hub.up = true;
    station.hurry();
    await expect.poll(() => station.state().regions).toEqual([]);
  });

  it('with the hub away since the start it decides with the last it knew', async () => {
    let station = await start();
    await ready(station);
    hub.tell({
      topic: 'bar',
      personId: 'p-2',
      bar: { personId: 'p-2', order: 'isolation', orderDay: 3, untilDay: null, caseId: null },
    });
    hub.tell({ topic: 'campus', mode: 'closed' });
    await expect.poll(() => station.state().campus).toBe('closed');
    await new Promise((done) => setTimeout(done, 100));
    stop(station);
    hub.up = false;
    station = await start();
    expect(station.factsOf({ uid: '02', printed: null })).toMatchObject({ order: 'isolation', orderDay: 3 });
    expect(station.state().campus).toBe('closed');
    expect(station.state().clinic).toEqual({ name: 'Clinic', phone: '010-1' });
    expect(station.state().roster).toMatchObject({ version: 1, people: 2, ready: true });
  });

  it("what the page's own store cannot keep is in the journal and still reaches the hub", async () => {
    const station = await start();
    await ready(station);
    const add = IDBObjectStore.prototype.add;
    IDBObjectStore.prototype.add = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    try {
      const recorded = station.record(feverBody());
      expect(await recorded.final).toBe('journal-only');
      expect(station.state().storage).toEqual({ state: 'failing', code: 'E-52' });
      await expect.poll(() => kinds().at(-1)).toBe('check');
    } finally {
      IDBObjectStore.prototype.add = add;
    }
    expect(await station.record(checkBody()).final).toBe('saved');
    await expect.poll(() => station.state().storage.state).toBe('ok');
    await expect.poll(() => hub.rows.length).toBe(3);
  });
});
