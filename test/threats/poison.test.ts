// One poison row in a batch: what no database or no chain can hold is set aside raw, is seen by the office, and never holds up
// the rows around it. And a roster full of formulas.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openApiDocument } from '../../hub/openapi.ts';
import { genesisHash, hashOf } from '../../src/domain/chain.ts';
import { isWellFormed } from '../../src/domain/utf8.ts';
import { uuidV7 } from '../../src/domain/uuid.ts';
import { startTestHub, type TestHub, TestWriter } from '../kit/hub.ts';

let t: TestHub;
beforeAll(async () => {
  t = await startTestHub();
});
afterAll(() => t?.stop());

const bytesWith = (w: TestWriter, by: string) => {
  const head = `"day":"2020-09-13","hubOffsetMs":0,"kind":"manual-opening","monoMs":5,"onDuty":null,"reason":"x"`;
  return `{"by":${by},${head},"station":"${w.stationId}","v":1,"wallMs":1600000000000}`;
};

test.each<[string, string]>([
  ['an escaped NUL', '"a\\u0000b"'],
  ['a raw NUL', '"a\u0000b"'],
  ['an escaped lone surrogate', '"a\\ud800b"'],
  ['a raw lone surrogate', '"a\ud800b"'],
  ['a raw lone low surrogate at the end', '"a\udfff"'],
  ['a key that poisons prototypes', '"a","__proto__":{"verdict":"admit"}'],
  ['a hundred thousand brackets', `${'['.repeat(100_000)}`],
])('%s in one row of 300: that row is set aside and shown, 299 are stored, the next batch goes on', async (_what, by) => {
  const w = new TestWriter(t.station.id);
  const entries: unknown[] = w.admissions(150);
  const bytes = bytesWith(w, by);
  // Its hash follows, as that of a station whose store went mad: the bytes alone are wrong (no hash is defined over half a character).
  const before = (entries[149] as { hash: string }).hash ?? genesisHash(w.writerId);
  const poison = {
    entryId: uuidV7(Date.now(), randomBytes(10)),
    writerId: w.writerId,
    seq: 151,
    hash: isWellFormed(bytes) ? hashOf(before, bytes) : 'c'.repeat(64),
    bytes,
  };
  const after = chainBehind(w, poison, 149);
  const answer = await t.upload(t.station, w, [...entries, poison, ...after]);
  const counts = new Map<string, number>();
  for (const { status } of answer.results) counts.set(status, (counts.get(status) ?? 0) + 1);
  expect(Object.fromEntries(counts)).toEqual({ stored: 299, 'set-aside': 1 });
  expect(answer.results[150]).toMatchObject({ seq: 151, status: 'set-aside' });
  expect(answer.watermark).toBe(300);
  const office = await t.signIn('office');
  const shown = (await t.call('hub/faults', { cookie: office })).body as { faults: unknown[] };
  expect(shown.faults).toContainEqual(expect.objectContaining({ writerId: w.writerId, seq: 151 }));
  const again = await t.upload(t.station, w, [poison]);
  expect(again.results[0]?.status).toBe('set-aside');
  expect(({} as Record<string, unknown>).verdict).toBeUndefined();
});

/** `count` admissions that follow on an entry which the writer itself did not make. */
function chainBehind(w: TestWriter, last: { seq: number; hash: string }, count: number) {
  let { seq, hash } = last;
  return Array.from({ length: count }, () => {
    const bytes = bytesWith(w, `"guard ${seq}"`);
    hash = hashOf(hash, bytes);
    seq += 1;
    return { entryId: uuidV7(Date.now(), randomBytes(10)), writerId: w.writerId, seq, hash, bytes };
  });
}

test('a roster of formulas, quotes and line breaks is text: previewed as JSON, handed down letter by letter, run by nobody', async () => {
  const admin = await t.signIn('admin');
  const names = [
    "=cmd|' /C calc'!A0",
    '+1+1',
    '-2',
    '@SUM(A1:A9)',
    '=HYPERLINK("http://evil.example")',
    'a\nb',
    '<img src=x onerror=alert(1)>',
  ];
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const csv = [
    'personId,name,category,unit,room,card,uid,presence',
    ...names.map((name, at) => `F${at},${cell(name)},student,u,,${900 + at},,`),
  ];
  const preview = await t.call('hub/roster/preview', { cookie: admin, raw: csv.join('\n') });
  expect(preview.headers.get('content-type')).toContain('application/json');
  expect(preview.headers.get('x-content-type-options')).toBe('nosniff');
  const done = await t.call('hub/roster/import?acceptValidRows=yes', { cookie: admin, raw: csv.join('\n') });
  expect(done.status).toBe(200);
  const { roster } = (await t.call('hub/downlink?rosterVersion=0', { token: t.station.token })).body as {
    roster: { people: { personId: string; name: string }[] };
  };
  for (const { personId, name } of roster.people) expect(name).toBe(names[Number(personId.slice(1))]);
  expect(roster.people.length).toBeGreaterThanOrEqual(6);
});

test('what the office takes away as a table is text: no cell of it is a formula', async () => {
  const office = await t.signIn('office');
  const body = { change: 'begin', personId: '@1', order: 'watch', days: 14, reason: '=HYPERLINK("http://x")' };
  await t.hub.pool.query(
    `insert into people (person_id, name, category, unit, presence, version) values ('@1', '+1+1', 'x', '-2', 'on-campus', 0)
     on conflict do nothing`,
  );
  expect((await t.call('hub/orders', { cookie: office, body })).status).toBe(200);
  const table = await t.call('hub/office/orders.csv', { cookie: office });
  expect(table.headers.get('content-disposition')).toMatch(/^attachment; filename="orders-[\w-]+\.csv"$/);
  const cells = String(table.body).split('\r\n')[1]?.split(',') ?? [];
  expect(cells.slice(0, 3)).toEqual([`"'@1"`, `"'+1+1"`, `"'-2"`]);
  expect(String(table.body)).toContain(`"'=HYPERLINK(""http://x"")"`);
});

test('no other answer of the hub is a spreadsheet', () => {
  const { paths } = openApiDocument() as { paths: Record<string, Record<string, { responses: unknown }>> };
  const answers = Object.values(paths).flatMap((methods) =>
    Object.values(methods).map(({ responses }) => JSON.stringify(responses)),
  );
  expect(answers.length).toBeGreaterThan(15);
  expect(answers.filter((text) => /csv|spreadsheet|excel/.test(text))).toEqual([]);
});
