// The auditor finds what an insider did to an export that a real hub made from real uploads: each misdeed names its entry.
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditExport } from '../../hub/audit.ts';
import { type HeadsBook, headsBook } from '../../hub/audit-heads.ts';
import type { AuditReport } from '../../hub/audit-report.ts';
import { writeExport } from '../../hub/export.ts';
import { makeHead } from '../../hub/heads.ts';
import { headsFileLines, headsFileOf } from '../../hub/heads-file.ts';
import { makePairing } from '../../hub/pairing.ts';
import type { ExportLine } from '../../src/contracts/evidence.ts';
import { addDays, campusDay } from '../../src/domain/campus-day.ts';
import { hashOf } from '../../src/domain/chain.ts';
import { batchText } from '../../src/domain/evidence.ts';
import { checkBody, startTestHub, type TestHub, TestWriter } from '../kit/hub.ts';
import { enrolRequestOf, newTestKey, signatureOf, type TestKey } from '../kit/signing.ts';

let t: TestHub;
let folder: string;
let days: { from: string; to: string };
let honest: ExportLine[];
let book: HeadsBook;
let first: { key: TestKey; writer: TestWriter; stationId: string };
let second: { writer: TestWriter };
let third: Awaited<ReturnType<typeof enrolled>>;

async function enrolled(name: string) {
  const key = newTestKey();
  const place = { name, campus: 'beijing', code: null };
  const { code } = await makePairing(t.hub.ledger, place, 'test', t.clock.nowMs());
  const answer = await t.call('hub/station/enrol', { body: enrolRequestOf(key, code, name) });
  const { station, token } = answer.body as { station: { id: string }; token: string };
  return { key, token, stationId: station.id, writer: new TestWriter(station.id) };
}

async function send(by: Awaited<ReturnType<typeof enrolled>>, count: number) {
  await sendAll(by, by.writer.admissions(count));
}

async function sendAll(by: Awaited<ReturnType<typeof enrolled>>, entries: readonly unknown[]) {
  const body = { contract: 1, writerId: by.writer.writerId, receiptedSeq: 0, epoch: null, entries };
  const headers = { 'mengang-signature': signatureOf(by.key, by.stationId, body) };
  const answer = await t.call('hub/entries', { token: by.token, body, headers });
  expect(answer.status).toBe(200);
}

async function exported(of = days): Promise<ExportLine[]> {
  const lines: ExportLine[] = [];
  await writeExport(t.hub.pool, of, t.clock.nowMs(), async (line) => void lines.push(JSON.parse(line)));
  return lines;
}

beforeAll(async () => {
  t = await startTestHub();
  folder = join(t.stateDir, 'heads');
  const north = await enrolled('North');
  const south = await enrolled('South');
  third = await enrolled('East');
  for (const count of [4, 3]) await send(north, count);
  await send(south, 5);
  await makeHead(t.hub.pool, folder, t.clock.nowMs(), 'now');
  await send(north, 2);
  await send(south, 2);
  await makeHead(t.hub.pool, folder, t.clock.nowMs(), 'now');
  await send(third, 4);
  await makeHead(t.hub.pool, folder, t.clock.nowMs(), 'now');
  await send(north, 3);
  const today = campusDay(t.clock.nowMs());
  days = { from: addDays(today, -1), to: today };
  honest = await exported();
  book = headsBook(null);
  for await (const line of headsFileLines(headsFileOf(folder))) if (line !== null) book.take(line);
  [first, second] = [north, south];
}, 60_000);
afterAll(() => t.stop());

/** The insider writes the end anew too: nothing but the content may give the deed away. */
async function audit(lines: readonly ExportLine[], heads: HeadsBook | null = null): Promise<AuditReport> {
  const { createHash } = await import('node:crypto');
  const body = lines.filter(({ kind }) => kind !== 'end').map((line) => JSON.stringify(line));
  const sha256 = createHash('sha256')
    .update(body.map((line) => `${line}\n`).join(''))
    .digest('hex');
  const entries = lines.filter(({ kind }) => kind === 'entry').length;
  async function* all() {
    yield* body;
    yield JSON.stringify({ kind: 'end', lines: body.length, entries, sha256 });
  }
  return auditExport(all(), heads);
}

const copy = () => structuredClone(honest);
const isEntry = (line: ExportLine, writer: string, seq: number) =>
  line.kind === 'entry' && line.writer === writer && line.seq === seq;
function at(lines: readonly ExportLine[], writer: string, seq: number) {
  const index = lines.findIndex((line) => isEntry(line, writer, seq));
  const line = lines[index];
  if (line?.kind !== 'entry') throw new Error('no such entry');
  return { index, line };
}

test('an honest export holds, with and without heads from elsewhere, and says what lies behind the last head', async () => {
  const alone = await audit(honest);
  expect(alone.faults).toEqual([]);
  // Besides what the three stations sent, the hub's own: its start, three pairing codes and three enrolments.
  expect(alone).toMatchObject({ entries: 30, writers: 4, signatures: 7, heads: 4, afterHeads: 3, loose: 0 });
  expect((await audit(honest, book)).faults).toEqual([]);
  for (const name of ['North', 'South', 'token']) expect(JSON.stringify(honest)).not.toContain(name);
});

test('a row deleted is named', async () => {
  const lines = copy();
  const writer = first.writer.writerId;
  lines.splice(at(lines, writer, 3).index, 1);
  expect((await audit(lines)).faults).toMatchObject([{ kind: 'missing', writer, seq: 3, toSeq: 3 }]);
});

test('a row changed is named', async () => {
  const lines = copy();
  const { line } = at(lines, first.writer.writerId, 3);
  line.bytes = line.bytes.replace('"shownTenths":365', '"shownTenths":366');
  const { writer, seq, entryId } = line;
  expect((await audit(lines)).faults).toMatchObject([{ kind: 'changed', writer, seq, entryId }]);
});

test('a row inserted is named, in the middle and at the end', async () => {
  const writer = first.writer.writerId;
  for (const after of [3, 12]) {
    const lines = copy();
    const { index, line } = at(lines, writer, after);
    const entryId = '01900000-0000-7000-8000-000000000001';
    const seq = after + 1;
    lines.splice(index + 1, 0, { ...line, seq, entryId, hash: hashOf(line.hash, line.bytes) });
    const told = lines.find((one) => one.kind === 'writer' && one.writer === writer);
    if (after === 12 && told?.kind === 'writer') Object.assign(told, { to: 13, top: 13, watermark: 13 });
    const { faults } = await audit(lines);
    const named = faults.filter((fault) => fault.seq === seq && fault.entryId === entryId);
    expect(named.map(({ kind }) => kind)).toEqual([after === 12 ? 'unsigned' : 'signed-other']);
  }
});

test('two rows swapped are named', async () => {
  const lines = copy();
  const writer = first.writer.writerId;
  const [a, b] = [at(lines, writer, 2), at(lines, writer, 3)];
  [lines[a.index], lines[b.index]] = [
    { ...b.line, seq: 2 },
    { ...a.line, seq: 3 },
  ];
  const { faults } = await audit(lines);
  expect(faults.filter(({ kind }) => kind === 'changed').map(({ seq }) => seq)).toEqual([2, 3, 4]);
  const moved = copy();
  [moved[a.index], moved[b.index]] = [b.line, a.line];
  expect((await audit(moved)).faults).toMatchObject([
    { kind: 'missing', seq: 2 },
    { kind: 'order', seq: 2, entryId: a.line.entryId },
  ]);
});

test('a tail cut is named, also when signatures and counts went with it: the head remembers', async () => {
  const writer = first.writer.writerId;
  const lines = copy().filter((line) => !('writer' in line && 'seq' in line && line.writer === writer && line.seq > 7));
  const told = lines.find((line) => line.kind === 'writer' && line.writer === writer);
  if (told?.kind === 'writer') Object.assign(told, { to: 7, top: 7, watermark: 7 });
  expect((await audit(lines)).faults).toMatchObject([{ kind: 'tail-cut', writer, seq: 8, toSeq: 9 }]);
});

test('a writer missing is named', async () => {
  const writer = second.writer.writerId;
  const lines = copy().filter((line) => !('writer' in line && line.writer === writer));
  expect((await audit(lines)).faults).toMatchObject([{ kind: 'writer-missing', writer, seq: 1, toSeq: 7 }]);
});

test('a head replaced is named: edited, and signed anew by another key', async () => {
  const lines = copy();
  const head = lines.findLast((line) => line.kind === 'head');
  if (head?.kind !== 'head') throw new Error('no head');
  head.note = head.note.replace(`\n${head.size}\n`, `\n${head.size - 1}\n`);
  expect((await audit(lines)).faults).toContainEqual(expect.objectContaining({ kind: 'head', what: `${head.log} 4` }));
  const own = await startTestHub();
  try {
    const made = await makeHead(own.hub.pool, join(own.stateDir, 'heads'), own.clock.nowMs(), 'now');
    const forged = copy();
    const place = forged.findLastIndex((line) => line.kind === 'head');
    const before = forged[place];
    if (made === null || before?.kind !== 'head') throw new Error('no head');
    forged[place] = { ...before, note: made.note, vkey: made.vkey };
    const kinds = (await audit(forged, book)).faults.map(({ kind, what }) => `${kind} ${what}`);
    expect(kinds).toContain(`head ${before.log} 4`);
  } finally {
    await own.stop();
  }
});

test('a signature by another key is named, even when that key is put on record as the station’s own', async () => {
  const writer = first.writer.writerId;
  const other = newTestKey();
  const lines = copy();
  const signature = lines.find((line) => line.kind === 'signature' && line.writer === writer && line.seq === 7);
  if (signature?.kind !== 'signature') throw new Error('no signature');
  const { station, epoch, seq, hash, holding } = signature;
  signature.signature = other.sign(batchText({ station, epoch, writer, end: { seq, hash }, holding }));
  expect((await audit(lines)).faults).toMatchObject([{ kind: 'signature', writer, seq: 7 }]);
  const key = lines.find((line) => line.kind === 'key' && line.station === station);
  if (key?.kind !== 'key') throw new Error('no key');
  key.publicKey = other.publicKey;
  expect((await audit(lines)).faults).toContainEqual(expect.objectContaining({ kind: 'key', what: key.keyId }));
});

test('a key put on record as that of another station is named, also when it has signed nothing else', async () => {
  const lines = copy().filter((line) => !('writer' in line && line.writer === third.writer.writerId));
  const key = lines.find((line) => line.kind === 'key' && line.station === third.stationId);
  if (key?.kind !== 'key') throw new Error('no key');
  key.station = first.stationId;
  const writer = first.writer.writerId;
  const { line } = at(lines, writer, 12);
  const before = at(lines, writer, 11).line.hash;
  line.bytes = line.bytes.replace('"shownTenths":365', '"shownTenths":366');
  line.hash = hashOf(before, line.bytes);
  const signature = lines.find((one) => one.kind === 'signature' && one.writer === writer && one.seq === 12);
  if (signature?.kind !== 'signature') throw new Error('no signature');
  const { station, epoch, seq, holding } = signature;
  const text = batchText({ station, epoch, writer, end: { seq, hash: line.hash }, holding });
  Object.assign(signature, { hash: line.hash, keyId: key.keyId, signature: third.key.sign(text) });
  expect((await audit(lines)).faults).toContainEqual(expect.objectContaining({ kind: 'key', what: key.keyId }));
});

test('a signature that came after the end of its key is named', async () => {
  const lines = copy();
  const key = lines.find((line) => line.kind === 'key' && line.station === third.stationId);
  if (key?.kind !== 'key') throw new Error('no key');
  key.endedMs = key.createdMs - 120_000;
  const writer = third.writer.writerId;
  expect((await audit(lines)).faults).toContainEqual(expect.objectContaining({ kind: 'signature', writer, seq: 4 }));
});

test('a beginning cut off is named where a head is older than the writer, or lies in what was cut', async () => {
  const cut = (lines: ExportLine[], writer: string, from: number): ExportLine[] => {
    const before = at(lines, writer, from - 1).line.hash;
    const told = lines.find((line) => line.kind === 'writer' && line.writer === writer);
    if (told?.kind === 'writer') Object.assign(told, { from, before });
    return lines.filter((line) => !('writer' in line && 'seq' in line && line.writer === writer && line.seq < from));
  };
  const today = await exported({ from: days.to, to: days.to });
  expect((await audit(today)).faults).toEqual([]);
  const young = third.writer.writerId;
  expect((await audit(cut(structuredClone(today), young, 3))).faults).toMatchObject([
    { kind: 'missing', writer: young, seq: 1, toSeq: 2 },
  ]);
  const { writerId } = first.writer;
  expect((await audit(cut(copy(), writerId, 9))).faults).toMatchObject([
    { kind: 'missing', writer: writerId, seq: 8, toSeq: 8 },
  ]);
});

test('an entry that gave its place to something set aside is named, whatever hash that claims', async () => {
  const { writerId: writer } = first.writer;
  for (const seq of [3, 9, 12])
    for (const hash of [at(honest, writer, seq).line.hash, null]) {
      const lines = copy();
      const { index, line } = at(lines, writer, seq);
      const raw = Buffer.from('"lost"');
      const { createHash } = await import('node:crypto');
      const rawSha256 = createHash('sha256').update(raw).digest('hex');
      const aside = { ...{ kind: 'aside' as const, writer, seq, entryId: line.entryId, hash }, why: 'set-aside hash' };
      const { station, receivedMs } = line;
      lines.splice(index, 1);
      const place = lines.findIndex((one) => one.kind === 'entry' && one.writer === writer);
      lines.splice(place, 0, { ...aside, station, receivedMs, rawSha256, raw: raw.toString('base64') });
      expect((await audit(lines)).faults).toContainEqual(expect.objectContaining({ kind: 'changed', writer, seq }));
    }
});

test('what an older hub set aside holds its place in the chain, also where a batch ended with it', async () => {
  const west = await enrolled('West');
  const known = west.writer.admissions(1);
  const unknown = west.writer.write(checkBody({}), { kind: 'check-of-tomorrow' } as never);
  await sendAll(west, [...known, unknown]);
  await send(west, 1);
  await send(west, 2);
  const report = await audit(await exported());
  expect(report).toMatchObject({ faults: [], asides: 1 });
});

test('an insider who edits a row in the database and makes every later hash anew is found by signature and head', async () => {
  const writer = second.writer.writerId;
  const client = new pg.Client({ connectionString: await t.ownerUrl() });
  await client.connect();
  try {
    await client.query('begin');
    await client.query('alter table entries disable trigger entries_stay');
    const rows = await client.query<{ seq: number; hash: string; bytes: string }>(
      'select seq, hash, bytes from entries where writer_id = $1 order by seq',
      [writer],
    );
    let before = rows.rows[1]?.hash ?? '';
    for (const row of rows.rows.slice(2)) {
      const bytes = row.seq === 3 ? row.bytes.replace('"shownTenths":365', '"shownTenths":361') : row.bytes;
      before = hashOf(before, bytes);
      await client.query('update entries set bytes = $3, hash = $4 where writer_id = $1 and seq = $2', [
        writer,
        row.seq,
        bytes,
        before,
      ]);
    }
    await client.query('alter table entries enable trigger entries_stay');
    await client.query('commit');
  } finally {
    await client.end();
  }
  const { faults } = await audit(await exported());
  expect(faults.map(({ kind, seq }) => `${kind} ${seq}`)).toEqual([
    'head-other 5',
    'signed-other 5',
    'head-other 7',
    'signed-other 7',
  ]);
});

test('a torn line in the file of heads does no harm: what it said is written again', async () => {
  const path = headsFileOf(folder);
  await appendFile(path, '{"kind":"leaf","lo');
  await makeHead(t.hub.pool, folder, t.clock.nowMs(), 'now');
  const last = (await readFile(path, 'utf8')).trimEnd().split('\n').at(-1) ?? '';
  expect(JSON.parse(last)).toMatchObject({ kind: 'head', number: 5 });
  const again = headsBook(null);
  for await (const line of headsFileLines(path)) if (line !== null) again.take(line);
  expect([again.faults, again.heads.size]).toEqual([[], 5]);
});
