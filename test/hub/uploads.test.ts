// What an upload promises: one row an entry, an honest answer for each, a watermark that never passes a gap.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DownlinkAnswer } from '../../src/contracts/downlink.ts';
import type { UploadAnswer } from '../../src/contracts/upload.ts';
import { genesisHash, hashOf } from '../../src/domain/chain.ts';
import { checkBody, feverBody, startTestHub, type TestHub, TestWriter } from '../kit/hub.ts';

let t: TestHub;
beforeAll(async () => {
  t = await startTestHub();
});
afterAll(() => t?.stop());

const writer = () => new TestWriter(t.station.id);
const statuses = (answer: UploadAnswer) => answer.results.map(({ status }) => status);
const rowsOf = async (writerId: string) =>
  (
    await t.hub.pool.query<{ seq: number; entry_id: string; hash: string; bytes: string }>(
      'select seq, entry_id, hash, bytes from entries where writer_id = $1 order by seq',
      [writerId],
    )
  ).rows;

test('a batch is stored byte for byte, in order, and the watermark is its end', async () => {
  const w = writer();
  const entries = w.admissions(5);
  const answer = await t.upload(t.station, w, entries);
  expect(statuses(answer)).toEqual(Array(5).fill('stored'));
  expect(answer.watermark).toBe(5);
  expect((await rowsOf(w.writerId)).map(({ bytes, hash }) => ({ bytes, hash }))).toEqual(
    entries.map(({ bytes, hash }) => ({ bytes, hash })),
  );
});

test('the same batch again, after a lost answer, is answered duplicate and adds no row', async () => {
  const w = writer();
  const entries = w.admissions(3);
  await t.upload(t.station, w, entries);
  const again = await t.upload(t.station, w, entries);
  expect(statuses(again)).toEqual(['duplicate', 'duplicate', 'duplicate']);
  expect(again.watermark).toBe(3);
  expect(await rowsOf(w.writerId)).toHaveLength(3);
});

test('the same batch sent twelve times at once is stored once', async () => {
  const w = writer();
  const entries = w.admissions(50);
  const answers = await Promise.all(Array.from({ length: 12 }, () => t.upload(t.station, w, entries)));
  expect(answers.flatMap(statuses).filter((status) => status === 'stored')).toHaveLength(50);
  expect(answers.flatMap(statuses).filter((status) => status === 'duplicate')).toHaveLength(550);
  expect(answers.map(({ watermark }) => watermark)).toEqual(Array(12).fill(50));
  expect(await rowsOf(w.writerId)).toHaveLength(50);
});

test('batches in reverse, interleaved and with gaps give the same rows and the right watermark', async () => {
  const [a, b] = [writer(), writer()];
  const [ea, eb] = [a.admissions(9), b.admissions(6)];
  expect((await t.upload(t.station, a, ea.slice(6))).watermark).toBe(0);
  expect((await t.upload(t.station, b, [eb[5], eb[0], eb[3]])).watermark).toBe(1);
  expect((await t.upload(t.station, a, ea.slice(0, 3))).watermark).toBe(3);
  expect((await t.upload(t.station, b, [eb[2], eb[1], eb[0]])).watermark).toBe(4);
  expect((await t.upload(t.station, a, ea.slice(3, 6))).watermark).toBe(9);
  expect((await t.upload(t.station, b, [eb[4]])).watermark).toBe(6);
  expect((await rowsOf(a.writerId)).map(({ hash }) => hash)).toEqual(ea.map(({ hash }) => hash));
  expect((await rowsOf(b.writerId)).map(({ hash }) => hash)).toEqual(eb.map(({ hash }) => hash));
  expect(
    (await t.hub.pool.query('select 1 from chain_faults where writer_id = any($1)', [[a.writerId, b.writerId]]))
      .rowCount,
  ).toBe(0);
});

test('the same place with other bytes is a conflict: both are kept and the first stays', async () => {
  const w = writer();
  const first = w.write(checkBody({}));
  await t.upload(t.station, w, [first]);
  const bytes = first.bytes.replace('"shownTenths":365', '"shownTenths":366');
  const other = { ...first, bytes };
  const answer = await t.upload(t.station, w, [{ ...other, hash: hashOf(genesisHash(w.writerId), bytes) }]);
  expect(statuses(answer)).toEqual(['conflict']);
  expect((await rowsOf(w.writerId)).map((row) => row.bytes)).toEqual([first.bytes]);
  const kept = await t.hub.pool.query<{ raw: Buffer }>('select raw from conflicts where writer_id = $1', [w.writerId]);
  expect(kept.rows.map(({ raw }) => JSON.parse(raw.toString('utf8')).bytes)).toEqual([bytes]);
  // The one that is stored is still a duplicate, and the chain goes on behind it.
  expect(statuses(await t.upload(t.station, w, [first, w.write(checkBody({}))]))).toEqual(['duplicate', 'stored']);
});

test('the same id under another place is a conflict that occupies its place, and the chain goes on behind it', async () => {
  const [a, b] = [writer(), writer()];
  const first = a.write(checkBody({}));
  await t.upload(t.station, a, [first]);
  const thief = { ...b.write(checkBody({})), entryId: first.entryId };
  const next = b.write(checkBody({}));
  expect(statuses(await t.upload(t.station, b, [thief]))).toEqual(['conflict']);
  const answer = await t.upload(t.station, b, [thief, next]);
  expect(statuses(answer)).toEqual(['conflict', 'stored']);
  expect(answer.watermark).toBe(2);
});

test.each<[string, (w: TestWriter) => unknown, string]>([
  ['an unknown kind', (w) => w.write(checkBody({}), { kind: 'dance' } as never), 'schema'],
  ['an unknown member', (w) => w.write({ ...checkBody({}), surprise: 1 } as never), 'schema'],
  ['another station in its bytes', (w) => w.write(checkBody({}), { station: 'st-000000000000' }), 'station'],
  [
    'text that no database can hold',
    (w) => w.write({ kind: 'manual-opening', by: 'a\u0000b', reason: 'x' }),
    'characters',
  ],
  ['bytes that are no JSON', (w) => ({ ...w.write(checkBody({})), bytes: '{"v":' }), 'json'],
  [
    'bytes that are not canonical',
    (w) => {
      const e = w.write(checkBody({}));
      return { ...e, bytes: ` ${e.bytes}` };
    },
    'canonical',
  ],
  ['a hash that does not follow', (w) => ({ ...w.write(checkBody({})), hash: 'a'.repeat(64) }), 'hash'],
  [
    'no hash at all',
    (w) => {
      const { hash: _, ...rest } = w.write(checkBody({}));
      return rest;
    },
    'envelope',
  ],
])('%s is set aside raw, occupies its place, and does not hold up the next', async (_name, make, reason) => {
  const w = writer();
  const bad = make(w);
  const next = w.write(checkBody({}));
  const answer = await t.upload(t.station, w, [bad, next]);
  expect(answer.results.map(({ status, reason: why }) => why ?? status)).toEqual([
    reason,
    reason === 'hash' || reason === 'envelope' ? expect.any(String) : 'stored',
  ]);
  const kept = await t.hub.pool.query<{ raw: Buffer }>(
    'select raw from set_aside where writer_id = $1 and reason = $2',
    [w.writerId, reason],
  );
  expect(JSON.parse(kept.rows[0]?.raw.toString('utf8') ?? 'null')).toEqual(bad);
  expect(answer.watermark).toBe(2);
  expect((await t.upload(t.station, w, [bad])).results[0]?.status).toBe('set-aside');
});

test('rubbish without a place is answered too and nothing behind it is lost', async () => {
  const w = writer();
  const answer = await t.upload(t.station, w, [null, 7, 'x', { seq: -1 }, w.write(checkBody({}))]);
  expect(statuses(answer)).toEqual(['set-aside', 'set-aside', 'set-aside', 'set-aside', 'stored']);
  expect(answer.watermark).toBe(1);
});

test('an entry that came before its neighbour is flagged when the neighbour shows the chain to be broken', async () => {
  const w = writer();
  const [first, second] = [w.write(checkBody({})), w.write(checkBody({}))];
  const forged = { ...second, hash: 'b'.repeat(64) };
  expect(statuses(await t.upload(t.station, w, [forged]))).toEqual(['stored']);
  expect(statuses(await t.upload(t.station, w, [first]))).toEqual(['stored']);
  const faults = await t.hub.pool.query<{ seq: number }>('select seq from chain_faults where writer_id = $1', [
    w.writerId,
  ]);
  expect(faults.rows).toEqual([{ seq: 2 }]);
  expect(statuses(await t.upload(t.station, w, [forged]))).toEqual(['duplicate']);
  const admin = await t.signIn('admin');
  const shown = (await t.call('hub/faults', { cookie: admin })).body as {
    faults: { kind: string; writerId: string }[];
  };
  expect(shown.faults).toContainEqual(expect.objectContaining({ kind: 'chain', writerId: w.writerId, seq: 2 }));
});

test('entries are append-only: the database refuses to change or delete one', async () => {
  for (const sql of ["update entries set bytes = ''", 'delete from entries', 'truncate entries']) {
    await expect(t.hub.pool.query(sql)).rejects.toThrow('permission denied');
    await expect(t.asOwner(sql)).rejects.toThrow('append-only');
  }
});

test('a new epoch that a station’s receipts began gives everybody the whole roster: lost versions are used again', async () => {
  const w = writer();
  const { epoch } = await t.upload(t.station, w, w.admissions(1));
  await t.hub.pool.query('update meta set roster_version = 100');
  const roster = async () =>
    ((await t.call('hub/downlink?rosterVersion=100', { token: t.station.token })).body as DownlinkAnswer).roster;
  expect((await roster()).full).toBe(false);
  // Put back by other means than --restore, and changed as often since as had been lost.
  expect((await t.upload(t.station, w, [], { receiptedSeq: 7, epoch })).epoch).not.toBe(epoch);
  const { full, version } = await roster();
  expect([full, version > 100]).toEqual([true, true]);
});

test('a station with receipts that the hub does not know begins a new epoch, once', async () => {
  const w = writer();
  const entries = w.admissions(4);
  const { epoch } = await t.upload(t.station, w, entries.slice(0, 2));
  expect((await t.upload(t.station, w, [], { receiptedSeq: 2, epoch })).epoch).toBe(epoch);
  const lost = await t.upload(t.station, w, entries.slice(3), { receiptedSeq: 3, epoch });
  expect(lost.epoch).not.toBe(epoch);
  expect((await t.upload(t.station, w, [], { receiptedSeq: 3, epoch })).epoch).toBe(lost.epoch);
  const again = await t.upload(t.station, w, entries, { receiptedSeq: 0, epoch: lost.epoch });
  expect(statuses(again)).toEqual(['duplicate', 'duplicate', 'stored', 'duplicate']);
  expect(again.watermark).toBe(4);
});

test('a receipt beyond a gap is no sign of a restore: referrals go first', async () => {
  const w = writer();
  const entries = w.admissions(5);
  const { epoch } = await t.upload(t.station, w, entries.slice(4));
  expect((await t.upload(t.station, w, entries.slice(0, 2), { receiptedSeq: 5, epoch })).epoch).toBe(epoch);
});

test('2,000 entries are taken, 2,001 and more than 1 MiB are refused with 413 and nothing is stored', async () => {
  const w = writer();
  const all = w.admissions(2_001);
  const small = all.map(({ entryId, writerId, seq, hash }) => ({ entryId, writerId, seq, hash, bytes: '{}' }));
  const body = { contract: 1, writerId: w.writerId, receiptedSeq: 0, epoch: null };
  expect((await t.call('hub/entries', { token: t.station.token, body: { ...body, entries: small } })).status).toBe(413);
  expect(
    (await t.call('hub/entries', { token: t.station.token, body: { ...body, entries: ['x'.repeat(1_048_576)] } }))
      .status,
  ).toBe(413);
  expect(await rowsOf(w.writerId)).toHaveLength(0);
  expect(statuses(await t.upload(t.station, w, all.slice(0, 1_500)))).toEqual(Array(1_500).fill('stored'));
});

test.each<[string, string | undefined, number, string]>([
  ['no JSON', '{', 400, 'envelope-unreadable'],
  ['no batch', '{"contract":1}', 400, 'envelope-unreadable'],
  ['another contract', '{"contract":99}', 400, 'contract-unknown'],
  ['no UTF-8', '"\ud800"', 400, 'envelope-unreadable'],
])('%s as a body is refused with one sentence in two languages', async (_name, raw, status, code) => {
  const answer = await t.call('hub/entries', { token: t.station.token, raw: raw ?? '' });
  expect(answer.status).toBe(status);
  expect(answer.body).toMatchObject({
    error: { code, zh: expect.stringMatching(/\p{Script=Han}/u), en: expect.any(String) },
  });
});

test('an unknown token, a cut one and none are refused with 401', async () => {
  for (const token of [randomBytes(32).toString('base64url'), t.station.token.slice(0, -1)]) {
    expect((await t.call('hub/entries', { token, body: {} })).status).toBe(401);
  }
  expect((await t.call('hub/entries', { body: {} })).body).toMatchObject({ error: { code: 'station-unknown' } });
});

test('a referral whose place is taken, or whose chain is broken, raises its case all the same, and once', async () => {
  const casesOf = async (entryId: string) =>
    (await t.hub.pool.query('select version from referrals where case_id = $1', [entryId])).rows;
  const w = writer();
  const twin = Object.assign(new TestWriter(t.station.id), { writerId: w.writerId });
  await t.upload(t.station, w, w.admissions(2));
  // A station that lost both copies gives the same seq again, here with a fever behind it.
  const bytes = twin.write(feverBody(null)).bytes;
  const place = { entryId: '0196f3a0-0000-7000-8000-000000000001', writerId: w.writerId, seq: 1, bytes };
  const taken = { ...place, hash: hashOf(genesisHash(w.writerId), bytes) };
  const torn = { ...place, entryId: '0196f3a0-0000-7000-8000-000000000002', seq: 3, hash: 'ab'.repeat(32) };
  for (const [entry, status] of [
    [taken, 'conflict'],
    [torn, 'set-aside'],
  ] as const) {
    for (let times = 0; times < 2; times++) {
      expect(statuses(await t.upload(t.station, w, [entry]))).toEqual([status]);
      expect(await casesOf(entry.entryId)).toEqual([{ version: 1 }]);
    }
  }
  expect((await rowsOf(w.writerId)).length).toBe(2);
});
