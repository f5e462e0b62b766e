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
import { startTestHub, type TestHub, TestWriter } from '../kit/hub.ts';
import { enrolRequestOf, newTestKey, signatureOf, type TestKey } from '../kit/signing.ts';

let t: TestHub;
let folder: string;
let days: { from: string; to: string };
let honest: ExportLine[];
let book: HeadsBook;
let first: { key: TestKey; writer: TestWriter; stationId: string };
let second: { writer: TestWriter };

async function enrolled(name: string) {
  const key = newTestKey();
  const place = { name, campus: 'beijing', code: null };
  const { code } = await makePairing(t.hub.ledger, place, 'test', t.clock.nowMs());
  const answer = await t.call('hub/station/enrol', { body: enrolRequestOf(key, code, name) });
  const { station, token } = answer.body as { station: { id: string }; token: string };
  return { key, token, stationId: station.id, writer: new TestWriter(station.id) };
}

async function send(by: Awaited<ReturnType<typeof enrolled>>, count: number) {
  const entries = by.writer.admissions(count);
  const body = { contract: 1, writerId: by.writer.writerId, receiptedSeq: 0, epoch: null, entries };
  const headers = { 'mengang-signature': signatureOf(by.key, by.stationId, body) };
  const answer = await t.call('hub/entries', { token: by.token, body, headers });
  expect(answer.status).toBe(200);
}

async function exported(): Promise<ExportLine[]> {
  const lines: ExportLine[] = [];
  await writeExport(t.hub.pool, days, t.clock.nowMs(), async (line) => void lines.push(JSON.parse(line)));
  return lines;
}

beforeAll(async () => {
  t = await startTestHub();
  folder = join(t.stateDir, 'heads');
  const north = await enrolled('North');
  const south = await enrolled('South');
  for (const count of [4, 3]) await send(north, count);
  await send(south, 5);
  await makeHead(t.hub.pool, folder, t.clock.nowMs(), 'now');
  await send(north, 2);
  await send(south, 2);
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
  // Besides what the two stations sent, the hub's own: its start, two pairing codes and two enrolments.
  expect(alone).toMatchObject({ entries: 24, writers: 3, signatures: 6, heads: 3, afterHeads: 3, loose: 0 });
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
  expect((await audit(lines)).faults).toContainEqual(expect.objectContaining({ kind: 'head', what: `${head.log} 3` }));
  const own = await startTestHub();
  try {
    const made = await makeHead(own.hub.pool, join(own.stateDir, 'heads'), own.clock.nowMs(), 'now');
    const forged = copy();
    const place = forged.findLastIndex((line) => line.kind === 'head');
    const before = forged[place];
    if (made === null || before?.kind !== 'head') throw new Error('no head');
    forged[place] = { ...before, note: made.note, vkey: made.vkey };
    const kinds = (await audit(forged, book)).faults.map(({ kind, what }) => `${kind} ${what}`);
    expect(kinds).toContain(`head ${before.log} 3`);
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
  expect(JSON.parse(last)).toMatchObject({ kind: 'head', number: 4 });
  const again = headsBook(null);
  for await (const line of headsFileLines(path)) if (line !== null) again.take(line);
  expect([again.faults, again.heads.size]).toEqual([[], 4]);
});
