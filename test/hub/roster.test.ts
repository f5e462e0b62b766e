// Roster files: what is read, what is refused, and that a broken file changes nothing.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { limits, readRoster } from '../../hub/roster-csv.ts';
import type { DownlinkAnswer } from '../../src/contracts/downlink.ts';
import { type RosterPreview, rosterPreview } from '../../src/contracts/people.ts';
import { checkBody, startTestHub, type TestHub, TestWriter } from '../kit/hub.ts';

let t: TestHub;
let admin: string;
beforeAll(async () => {
  t = await startTestHub();
  admin = await t.signIn('admin');
});
afterAll(() => t?.stop());

/** 学号,姓名,类别 / 1,张三,本科生 in GB18030. */
const gb18030 = Buffer.from('d1a7bac52cd0d5c3fb2cc0e0b1f00a312cd5c5c8fd2cb1bebfc6c9fa0a', 'hex');
const head = 'personId,name,category,unit,room,card,uid,presence';
const send = (path: string, csv: string | Buffer) =>
  t.call(`hub/roster/${path}`, { cookie: admin, raw: new Blob([typeof csv === 'string' ? csv : new Uint8Array(csv)]) });
const down = async (version = 0) =>
  ((await t.call(`hub/downlink?rosterVersion=${version}`, { token: t.station.token })).body as DownlinkAnswer).roster;

test('GB18030, UTF-8 and UTF-8 with a BOM say the same; Chinese headings are known', () => {
  const text = '学号,姓名,类别\n1,张三,本科生\n';
  const expected = [expect.objectContaining({ personId: '1', name: '张三', category: '本科生' })];
  expect(readRoster(gb18030)).toMatchObject({ encoding: 'gb18030', errors: [], people: expected });
  expect(readRoster(Buffer.from(text))).toMatchObject({ encoding: 'utf-8', errors: [], people: expected });
  expect(readRoster(Buffer.from(`\ufeff${text}`))).toMatchObject({ encoding: 'utf-8', errors: [], people: expected });
});

test('every documented Chinese heading lands in its column', () => {
  const csv =
    '学号,姓名,类别,单位,宿舍,卡面号,卡号UID,在校状态,所在地,旅居史,校内居住,辅导员或班主任,接待人,随行人员\n7,李四,研究生,环境学院,3-101,0006547886,01:00:63:e9:ae,获准返校,北京,无,否,周老师 8202,王处,李五\n';
  expect(readRoster(Buffer.from(csv))).toMatchObject({
    errors: [],
    people: [
      {
        personId: '7',
        name: '李四',
        category: '研究生',
        unit: '环境学院',
        room: '3-101',
        cards: ['uid:010063E9AE', 'printed:0006547886'],
        presence: 'granted',
        whereabouts: '北京',
        travel: '无',
        homeOnCampus: false,
        contact: '周老师 8202',
        host: '王处',
        companions: '李五',
        closedIn: true,
        closedOut: false,
      },
    ],
  });
});

test.each<[string, string, number]>([
  ['an empty name', '1,,student,,,,,', 2],
  ['a card in scientific notation', '1,A,student,,,6.55E+06,,', 2],
  ['a UID that is no hex', '1,A,student,,,,XYZ,', 2],
  ['an unknown presence', '1,A,student,,,,,maybe', 2],
  ['too few cells', '1,A', 2],
  ['a name of 201 characters', `1,${'x'.repeat(201)},student,,,,,`, 2],
  ['nine cards', `1,A,student,,,${Array.from({ length: 9 }, (_, i) => i).join(';')},,`, 2],
  ['a person twice', '1,A,student,,,,,\n1,B,student,,,,,', 3],
  ['a card twice', '1,A,student,,,9,,\n\n2,B,student,,,9,,', 4],
])('%s is an error of its line', (_name, rows, line) => {
  const file = readRoster(Buffer.from(`${head}\n${rows}\n`));
  expect(file.errors.map((error) => error.line)).toContain(line);
  expect(file.broken).toBe(false);
});

test.each<[string, Uint8Array]>([
  ['nothing', Buffer.from('')],
  ['headings without anybody', Buffer.from(`${head}\n`)],
  ['no heading for the name', Buffer.from('personId,category\n1,x\n')],
  ['a heading twice', Buffer.from('personId,name,category,name\n1,a,b,c\n')],
  ['an open quote', Buffer.from(`${head}\n1,"A,student\n`)],
  ['a picture', Buffer.from('89504e470d0a1a0a0000000dff', 'hex')],
  ['41 columns', Buffer.from(`${head},${Array.from({ length: 33 }, (_, i) => `x${i}`).join(',')}\n`)],
  ['more rows than the limit', Buffer.from(`${head}\n${'1,A,student,,,,,\n'.repeat(limits.rows + 1)}`)],
])('%s is refused as a whole with a reason', (_name, bytes) => {
  const file = readRoster(bytes);
  expect(file.broken).toBe(true);
  expect(file.errors[0]?.zh).toMatch(/\p{Script=Han}/u);
});

test('a preview tells the difference and changes nothing; the import does it; the gates get a delta', async () => {
  const first = `${head}\n1,A,student,u,,100,,\n2,B,student,u,,200,,\n3,C,student,u,,300,,away\n`;
  expect((await send('preview', first)).body).toMatchObject({ rows: 3, joined: 3, changed: 0, left: 0, faulty: 0 });
  expect((await down()).people).toEqual([]);
  const done = (await send('import', first)).body as { version: number };
  expect((await down()).people.map(({ personId }) => personId)).toEqual(['1', '2', '3']);

  // 1 stays, 2 leaves and its card goes to 4, 3 may come back and is asked the questions.
  const second = `${head}\n1,A,student,u,,100,,\n4,D,student,u,,200,,\n3,C,student,u,,300,,granted\n`;
  expect((await send('preview', second)).body).toMatchObject({ joined: 1, changed: 1, left: 1 });
  expect((await send('import', second)).status).toBe(200);
  const delta = await down(done.version);
  expect(delta.full).toBe(false);
  expect(delta.people.map(({ personId, gone, cards, questionsDue }) => [personId, gone, cards, questionsDue])).toEqual([
    ['2', true, [], false],
    ['3', false, ['printed:300'], true],
    ['4', false, ['printed:200'], false],
  ]);
  expect((await down()).people.map(({ personId }) => personId)).toEqual(['1', '3', '4']);
  expect((await down(delta.version)).people).toEqual([]);
});

test('who is back by the file is asked, and an admission of before the file is no answer', async () => {
  const before = (await down()).people.map(({ personId }) => personId);
  const file = (presence: string) =>
    Buffer.from(`${head}\n1,A,student,u,,100,,\n3,C,student,u,,300,,granted\n4,D,student,u,,200,,${presence}\n`);
  expect(before).toEqual(['1', '3', '4']);
  await send('import', file('away'));
  await send('import', file('on-campus'));
  const due = async () =>
    (await down()).people.flatMap(({ personId, questionsDue }) => (questionsDue ? [personId] : []));
  expect(await due()).toEqual(['3', '4']);
  const writer = new TestWriter(t.station.id);
  const rosterVersion = (await down()).version;
  const admitted = (personId: string, wallMs: number) =>
    writer.write(checkBody({ personId, rosterVersion }), { wallMs });
  await t.upload(t.station, writer, [
    admitted('3', t.clock.nowMs() - 3_600_000),
    admitted('4', t.clock.nowMs() + 1_000),
  ]);
  expect(await due()).toEqual(['3']);
});

test('a file with a faulty row changes nothing unless its valid rows are accepted, and then nobody leaves', async () => {
  const before = await down();
  const faulty = `${head}\n1,A2,student,u,,100,,\n9,,student,u,,,,\n`;
  const refused = await send('import', faulty);
  expect([refused.status, refused.body]).toEqual([
    422,
    { error: expect.objectContaining({ code: 'roster-errors', details: [expect.stringMatching(/^3: /)] }) },
  ]);
  expect(await down()).toEqual(before);
  expect((await send('import?acceptValidRows=yes', faulty)).body).toMatchObject({ changed: 1, left: 0, faulty: 1 });
  expect((await down()).people.map(({ name }) => name)).toEqual(['A2', 'C', 'D']);
});

test('a card of somebody who stays, given to others beside a faulty row, is an error of each of their lines', async () => {
  const before = await down();
  // 3 and 4 are not in the file and stay, since a faulty row may have been theirs; their cards are not given away.
  const taken = `${head}\n7,E,student,u,,200,,\n9,,student,u,,,,\n8,F,student,u,,300,,\n`;
  expect((await send('preview', taken)).body).toMatchObject({
    joined: 0,
    faulty: 3,
    errors: expect.arrayContaining([2, 3, 4].map((line) => expect.objectContaining({ line }))),
  });
  expect(await down()).toEqual(before);
});

test('a file that is no roster, sent by a nurse or too large changes nothing', async () => {
  const before = await down();
  expect((await send('import', 'hello')).body).toMatchObject({ error: { code: 'roster-unreadable' } });
  const nurse = await t.signIn('nurse');
  expect((await t.call('hub/roster/import', { cookie: nurse, raw: head })).status).toBe(403);
  expect((await send('import', Buffer.alloc(limits.bytes + 1))).status).toBe(413);
  // Far too large is read to its end: the office sees the sentence, not a broken connection, and the next call works.
  expect((await send('import', Buffer.alloc(60_000_000))).status).toBe(413);
  expect((await send('preview', `${head}\n`)).status).toBeLessThan(500);
  expect(await down()).toEqual(before);
});

test('50,000 people are imported and handed down in pages of 5,000, each person once', async () => {
  const rows = Array.from(
    { length: 50_000 },
    (_, i) => `${String(i).padStart(6, '0')},Name,student,unit,room,${i},${(0x1_0000_0000 + i).toString(16)},`,
  );
  const started = performance.now();
  expect((await send('import', `${head}\n${rows.join('\n')}\n`)).body).toMatchObject({ rows: 50_000, faulty: 0 });
  const ids = new Set<string>();
  let after = '';
  let pages = 0;
  const pagesFrom = performance.now();
  do {
    const { roster } = (
      await t.call(`hub/downlink?rosterVersion=0&after=${encodeURIComponent(after)}`, { token: t.station.token })
    ).body as DownlinkAnswer;
    for (const { personId } of roster.people) ids.add(personId);
    expect(roster.people.length).toBeLessThanOrEqual(5_000);
    after = roster.next ?? '';
    pages++;
  } while (after !== '');
  expect([ids.size, pages]).toEqual([50_000, 11]);
  // Eleven pages are read; 50,000 rows are checked and written. A page that walked over those before it would cost more than all of that.
  expect(performance.now() - pagesFrom).toBeLessThan(pagesFrom - started);
});

test('a preview names who joined, left, moved and has other cards; an import that would do something else is refused', async () => {
  const first = `${head}\n71,甲,student,u,3-101,7100,,\n72,乙,student,u,3-102,7200,,\n73,丙,student,u,,7300,,\n`;
  expect((await send('import', first)).status).toBe(200);
  const second = `${head}\n71,甲,student,u,4-201,7100,,\n72,乙,student,u,3-102,7201,,\n74,丁,student,v,,,,\n`;
  const seen = (await send('preview', second)).body as RosterPreview;
  expect(rosterPreview.parse(seen)).toMatchObject({
    joined: 1,
    left: 1,
    changed: 2,
    moved: 1,
    cards: 1,
    broken: false,
  });
  expect(seen.lists).toEqual({
    joined: [{ personId: '74', name: '丁', from: '', to: 'v' }],
    left: [{ personId: '73', name: '丙', from: 'u', to: '' }],
    moved: [{ personId: '71', name: '甲', from: 'u · 3-101', to: 'u · 4-201' }],
    cards: [{ personId: '72', name: '乙', from: '…7200', to: '…7201' }],
  });
  const office = await t.signIn('office');
  const import2 = () =>
    t.call(`hub/roster/import?fingerprint=${seen.fingerprint}`, { cookie: office, raw: new Blob([second]) });
  expect((await send('import', `${first}75,戊,student,u,,,,\n`)).status).toBe(200);
  expect((await import2()).body).toMatchObject({ error: { code: 'roster-moved' } });
  expect((await send('import', first)).status).toBe(200);
  expect((await import2()).status).toBe(200);
});

test('a hostile file is text: formulas and tags are told as they stand, hidden characters are errors of their line', async () => {
  const csv = `${head}\n81,"=HYPERLINK(""http://x"")",student,<script>alert(1)</script>,,,,\n82,\u202eevil,student,u,,,,\n83,__proto__,constructor,u,,,,\n`;
  const seen = (await send('preview', csv)).body as RosterPreview;
  expect(seen.lists.joined.map(({ name, to }) => [name, to])).toEqual([
    ['=HYPERLINK("http://x")', '<script>alert(1)</script>'],
    ['__proto__', 'u'],
  ]);
  expect(seen.errors).toEqual([expect.objectContaining({ line: 3 })]);
  expect(((await send('preview', '<html>')).body as RosterPreview).broken).toBe(true);
});

test('50,000 rows are previewed and imported', async () => {
  const rows = Array.from(
    { length: 50_000 },
    (_, i) => `L${i},张${i},本科生,计算机学院,3-${i},,${(i + 16_777_216).toString(16)},`,
  );
  const csv = `${head}\n${rows.join('\n')}\n`;
  const startMs = performance.now();
  expect(((await send('preview', csv)).body as RosterPreview).joined).toBe(50_000);
  const previewedMs = performance.now();
  expect((await send('import', csv)).status).toBe(200);
  console.info(
    `50,000 rows: preview ${Math.round(previewedMs - startMs)} ms, import ${Math.round(performance.now() - previewedMs)} ms`,
  );
});
