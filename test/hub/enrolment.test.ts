// Stations enrol by pairing code, sign what they upload, own their writers, and can be revoked: over a real hub.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePairing } from '../../hub/pairing.ts';
import { checkBody, startTestHub, type TestHub, type TestStation, TestWriter } from '../kit/hub.ts';
import { enrolRequestOf, newTestKey, signatureOf, type TestKey } from '../kit/signing.ts';

let t: TestHub;
beforeAll(async () => {
  t = await startTestHub();
});
afterAll(() => t.stop());

let places = 0;
const newPlace = () => `Lane ${++places}`;
const codeFor = async (name: string) =>
  (await makePairing(t.hub.ledger, { name, campus: 'beijing', code: null }, 'test', t.clock.nowMs())).code;
const ask = (key: TestKey, code: string, name: string, campus?: string) =>
  t.call('hub/station/enrol', { body: enrolRequestOf(key, code, name, campus) });
const codeOf = (answer: { body: unknown }) => (answer.body as { error: { code: string } }).error.code;

test('a tablet, which has no configuration, is told its place by the code', async () => {
  const name = newPlace();
  const body = { ...enrolRequestOf(newTestKey(), await codeFor(name), name), place: null };
  const answer = await t.call('hub/station/enrol', { body });
  expect(answer).toMatchObject({ status: 200, body: { station: { name, campus: 'beijing' } } });
});

async function enrolled(name = newPlace()): Promise<{ station: TestStation; key: TestKey }> {
  const key = newTestKey();
  const answer = await ask(key, await codeFor(name), name);
  expect(answer.status).toBe(200);
  const { station, token } = answer.body as { station: { id: string; campus: string }; token: string };
  return { station: { id: station.id, token, campus: station.campus }, key };
}

function send(station: TestStation, writer: TestWriter, entries: readonly unknown[], signature: string | null) {
  const body = { contract: 1, writerId: writer.writerId, receiptedSeq: 0, epoch: null, entries };
  const headers = signature === null ? {} : { 'mengang-signature': signature };
  return t.call('hub/entries', { token: station.token, body, headers });
}
const signed = (by: { station: TestStation; key: TestKey }, writer: TestWriter, entries: readonly unknown[]) =>
  signatureOf(by.key, by.station.id, { writerId: writer.writerId, epoch: null, entries });

test('a code is ten digits, is stored hashed, opens once, and a lost answer may be asked for again by the same key', async () => {
  const name = newPlace();
  const code = await codeFor(name);
  expect(code).toMatch(/^\d{10}$/);
  const stored = await t.hub.pool.query('select * from pairings');
  expect(JSON.stringify(stored.rows)).not.toContain(code);
  const key = newTestKey();
  const first = await ask(key, code, name);
  const again = await ask(key, code, name);
  expect([first.status, again.status]).toEqual([200, 200]);
  const id = (answer: { body: unknown }) => (answer.body as { station: { id: string } }).station.id;
  expect(id(again)).toBe(id(first));
  const other = await ask(newTestKey(), code, name);
  expect([other.status, codeOf(other)]).toEqual([403, 'pairing-wrong']);
});

test('a code lasts ten minutes', async () => {
  const name = newPlace();
  const code = await codeFor(name);
  t.clock.addMs(600_001);
  expect(codeOf(await ask(newTestKey(), code, name))).toBe('pairing-wrong');
});

test('a code is bound to its place, and a key that was not shown to be held is refused', async () => {
  const name = newPlace();
  const code = await codeFor(name);
  const key = newTestKey();
  expect(codeOf(await ask(key, code, 'Another lane'))).toBe('pairing-place');
  expect(codeOf(await ask(key, code, name, 'guangzhou'))).toBe('pairing-place');
  const stolen = { ...enrolRequestOf(key, code, name), publicKey: newTestKey().publicKey };
  expect(codeOf(await t.call('hub/station/enrol', { body: stolen }))).toBe('signature-wrong');
  expect((await ask(key, code, name)).status).toBe(200);
});

test('five tries, also when they come at once, also after the hub was started anew', async () => {
  const own = await startTestHub();
  const nowMs = own.clock.nowMs();
  const { code } = await makePairing(own.hub.ledger, { name: 'Gate', campus: 'beijing', code: null }, 'test', nowMs);
  const wrong = String((Number(code) + 1) % 10 ** 10).padStart(10, '0');
  const guess = (hub: TestHub, text: string) =>
    hub.call('hub/station/enrol', { body: enrolRequestOf(newTestKey(), text, 'Gate') });
  try {
    const four = await Promise.all([1, 2, 3, 4].map(() => guess(own, wrong)));
    expect(four.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    await own.hub.stop();
    const next = await startTestHub({ stateDir: own.stateDir });
    try {
      expect((await guess(next, wrong)).status).toBe(403);
      expect(codeOf(await guess(next, code))).toBe('pairing-wrong');
      const tries = await next.hub.pool.query('select tries from pairings');
      expect(tries.rows).toEqual([{ tries: 5 }]);
    } finally {
      await next.stop();
    }
  } finally {
    await own.stop();
  }
});

test('administrators make codes and revoke, others do not', async () => {
  const admin = await t.signIn('admin');
  const made = await t.call('hub/office/pairing', { cookie: admin, body: { name: newPlace(), campus: 'beijing' } });
  expect(made.status).toBe(200);
  expect((made.body as { code: string }).code).toMatch(/^\d{10}$/);
  const office = await t.signIn('office');
  const refused = await t.call('hub/office/pairing', { cookie: office, body: { name: 'x', campus: 'beijing' } });
  expect([refused.status, codeOf(refused)]).toEqual([403, 'role-missing']);
  const foreign = { cookie: admin, body: { name: 'x', campus: 'b' }, headers: { origin: 'http://evil.example' } };
  expect(codeOf(await t.call('hub/office/pairing', foreign))).toBe('origin-foreign');
});

test('a signed batch is stored with its signature; a repeat is a duplicate and adds nothing', async () => {
  const by = await enrolled();
  const writer = new TestWriter(by.station.id);
  const entries = writer.admissions(3);
  const signature = signed(by, writer, entries);
  const first = await send(by.station, writer, entries, signature);
  const replayed = await send(by.station, writer, entries, signature);
  const statuses = (answer: { body: unknown }) =>
    (answer.body as { results: { status: string }[] }).results.map(({ status }) => status);
  expect([statuses(first), statuses(replayed)]).toEqual([
    ['stored', 'stored', 'stored'],
    ['duplicate', 'duplicate', 'duplicate'],
  ]);
  const kept = await t.hub.pool.query('select seq, hash, holding from batch_signatures where writer_id = $1', [
    writer.writerId,
  ]);
  expect(kept.rows).toEqual([{ seq: 3, hash: entries[2]?.hash, holding: 'held' }]);
});

test('once a key is on record, a missing, forged or foreign signature stores nothing', async () => {
  const by = await enrolled();
  const other = await enrolled();
  const writer = new TestWriter(by.station.id);
  const entries = writer.admissions(2);
  const good = signed(by, writer, entries);
  const cases: [string | null, string][] = [
    [null, 'signature-missing'],
    [signed({ ...by, key: other.key }, writer, entries), 'key-foreign'],
    [signed({ ...by, station: other.station }, writer, entries), 'signature-wrong'],
    [signed(by, writer, entries.slice(0, 1)), 'signature-wrong'],
    [good.replace(' held ', ' passed-on '), 'signature-wrong'],
    [good.slice(0, -4), 'signature-wrong'],
  ];
  for (const [signature, code] of cases) {
    const answer = await send(by.station, writer, entries, signature);
    expect([answer.status, codeOf(answer)]).toEqual([403, code]);
  }
  const rows = await t.hub.pool.query('select 1 from entries where writer_id = $1', [writer.writerId]);
  expect(rows.rowCount).toBe(0);
  expect((await send(by.station, writer, entries, good)).status).toBe(200);
});

test('a station with a token alone goes on unsigned, and its first signed batch puts its key on record', async () => {
  const station = await t.addStation();
  const writer = new TestWriter(station.id);
  expect((await send(station, writer, writer.admissions(1), null)).status).toBe(200);
  const office = await t.signIn('office');
  const keyIdOf = async () => {
    const { body } = await t.call('hub/office/station-keys', { cookie: office });
    const { stations } = body as { stations: { stationId: string; keyId: string | null; keySource: string }[] };
    return stations.find(({ stationId }) => stationId === station.id);
  };
  expect(await keyIdOf()).toMatchObject({ keyId: null });
  const by = { station, key: newTestKey() };
  const entries = writer.admissions(1);
  expect((await send(station, writer, entries, signed(by, writer, entries))).status).toBe(200);
  expect(await keyIdOf()).toMatchObject({ keySource: 'first-contact' });
  expect(codeOf(await send(station, writer, writer.admissions(1), null))).toBe('signature-missing');
});

test('another enrolled station cannot occupy a place of a writer that was signed; what it sends is kept for the office', async () => {
  const by = await enrolled();
  const rogue = await enrolled();
  const writer = new TestWriter(by.station.id);
  const [one, two] = writer.admissions(2);
  await send(by.station, writer, [one], signed(by, writer, [one]));
  const forged = await send(rogue.station, writer, [two], signed(rogue, writer, [two]));
  expect(forged.body).toMatchObject({ watermark: 1, results: [{ status: 'set-aside', reason: 'foreign', seq: 2 }] });
  const mine = await send(by.station, writer, [two], signed(by, writer, [two]));
  expect(mine.body).toMatchObject({ watermark: 2, results: [{ status: 'stored' }] });
  const aside = await t.hub.pool.query('select seq, reason, station_id from set_aside where writer_id = $1', [
    writer.writerId,
  ]);
  expect(aside.rows).toEqual([{ seq: 0, reason: 'foreign', station_id: rogue.station.id }]);
});

test("a station cannot occupy a place of the hub's own writer", async () => {
  const by = await enrolled();
  await t.hub.ledger.exclusive(async (_tx, books) => {
    books.append({ kind: 'policy', version: 1, by: 'test', document: '{}' });
  });
  const own = await t.hub.pool.query<{ writer_id: string; top_seq: number }>(
    "select writer_id, top_seq from writers where station_id like 'hub-%'",
  );
  const { writer_id: writerId = '', top_seq: top = 0 } = own.rows[0] ?? {};
  const stray = new TestWriter(by.station.id).write(checkBody({}));
  const entries = [{ ...stray, writerId, seq: top + 1 }];
  const body = { contract: 1, writerId, receiptedSeq: 0, epoch: null, entries };
  const headers = { 'mengang-signature': signatureOf(by.key, by.station.id, body) };
  const answer = await t.call('hub/entries', { token: by.station.token, body, headers });
  expect(answer.body).toMatchObject({ watermark: top, results: [{ status: 'set-aside', reason: 'foreign' }] });
});

test('a revoked station is refused with 403 and its key opens no door again', async () => {
  const by = await enrolled();
  const writer = new TestWriter(by.station.id);
  const admin = await t.signIn('admin');
  expect((await t.call(`hub/office/stations/${by.station.id}/revoke`, { cookie: admin, body: {} })).status).toBe(200);
  const entries = writer.admissions(1);
  const answer = await send(by.station, writer, entries, signed(by, writer, entries));
  expect([answer.status, codeOf(answer)]).toEqual([403, 'station-revoked']);
  const name = newPlace();
  expect(codeOf(await ask(by.key, await codeFor(name), name))).toBe('key-ended');
  expect(codeOf(await t.call('hub/office/stations/st-none/revoke', { cookie: admin, body: {} }))).toBe(
    'station-missing',
  );
});
