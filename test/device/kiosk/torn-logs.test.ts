// The cut on a real folder: only the page's own logs, the cut bytes kept, a second look finds nothing.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cutTornLogs, limits } from '../../../device/kiosk/torn-logs.ts';
import { makeLog } from './made-log.ts';

let dir: string;
let database: string;
const keep = () => join(dir, 'torn');

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mengang-torn-'));
  database = join(dir, 'profile', 'Default', 'IndexedDB', 'http_localhost_7411.indexeddb.leveldb');
  mkdirSync(database, { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const cut = (nowMs = 5) => cutTornLogs(join(dir, 'profile'), keep(), nowMs);

it('cuts a torn log, keeps what it cut, and finds nothing the second time', async () => {
  const log = makeLog([100, 40_000, 50]);
  const tail = Buffer.alloc(70_000, 7);
  const path = join(database, '000003.log');
  writeFileSync(path, Buffer.concat([log.bytes, tail]));
  const [done] = await cut();
  expect(done).toMatchObject({ path, bytes: tail.length, damagedBlocks: 0 });
  expect(readFileSync(path).equals(log.bytes)).toBe(true);
  expect(readFileSync(done?.kept ?? '').equals(tail)).toBe(true);
  expect(await cut()).toEqual([]);
});

it('leaves sound logs, other files and other folders of the profile as they are', async () => {
  const torn = makeLog([100]).bytes.subarray(0, 50);
  writeFileSync(join(database, '000003.log'), makeLog([100]).bytes);
  writeFileSync(join(database, 'MANIFEST-000001'), torn);
  writeFileSync(join(database, '000005.ldb'), torn);
  const elsewhere = join(dir, 'profile', 'Default', 'Local Storage', 'leveldb');
  mkdirSync(elsewhere, { recursive: true });
  writeFileSync(join(elsewhere, '000003.log'), torn);
  expect(await cut()).toEqual([]);
  for (const path of [join(database, 'MANIFEST-000001'), join(database, '000005.ldb'), join(elsewhere, '000003.log')])
    expect(readFileSync(path).equals(torn)).toBe(true);
});

it('says of a log that is damaged further up that it was left', async () => {
  const bytes = makeLog([50, 40_000, 60]).bytes;
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  writeFileSync(join(database, '000003.log'), bytes);
  expect(await cut()).toMatchObject([{ bytes: 0, kept: null }]);
  expect(readFileSync(join(database, '000003.log')).equals(bytes)).toBe(true);
});

it('has nothing to do without a profile', async () => {
  rmSync(join(dir, 'profile'), { recursive: true });
  expect(await cut()).toEqual([]);
});

it('keeps the newest cut bytes only', async () => {
  for (let n = 0; n < limits.kept + 3; n++) {
    writeFileSync(join(database, '000003.log'), Buffer.from([1, 2, 3, n]));
    await cut(n);
  }
  const kept = readdirSync(keep()).sort();
  expect(kept.length).toBe(limits.kept);
  expect(readFileSync(join(keep(), kept.at(-1) ?? ''))).toEqual(Buffer.from([1, 2, 3, limits.kept + 2]));
});
